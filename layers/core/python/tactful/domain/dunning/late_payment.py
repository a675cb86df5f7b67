"""What a policy does about late payment."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from tactful.domain.book.contact_log import Tone
from tactful.domain.charges.late_payment import Treatment
from tactful.domain.dunning.strict import Strict


class LatePayment(Strict):
    """Whether charges are mentioned, by which rules, and from which tone on.

    `rules` name a file in templates/charges/, without its ending.
    """

    treatment: Treatment = Field(
        default=Treatment.WAIVED,
        description="waived: charges are not mentioned; warning: that they may be added; charged: how much they are",
    )
    rules: str = Field(
        default="", pattern=r"^([a-z][a-z0-9_]{0,30})?$", description="By which rules, for example uk"
    )
    from_tone: Tone = Field(default=Tone.FIRM, description="The mildest tone in which they are mentioned")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.treatment is not Treatment.WAIVED and not self.rules:
            raise ValueError("say by which rules: name a file in templates/charges/, for example uk")
        return self
