"""Packs: what the rules of a jurisdiction ask for. A pack can tighten a policy, never loosen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, model_validator

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Purpose
from tactful.domain.dunning.limits import Cap, ChannelCap, Window, common_window
from tactful.domain.dunning.stage import Stage
from tactful.domain.dunning.strict import Strict

if TYPE_CHECKING:
    from tactful.domain.dunning.policy import Policy


class Rule(Strict):
    """One rule and where it comes from. With `consumers_only` it spares clients known to be businesses."""

    source: str = Field(min_length=10)
    consumers_only: bool = False
    contact_window: Window | None = None
    minimum_gap_days: int | None = Field(default=None, ge=1, le=60)
    cap: Cap | None = None
    channel_cap: ChannelCap | None = None
    first_contact_tone: Tone | None = None
    sms_needs_consent: bool = False
    final_needs_approval: bool = False
    no_collections: bool = False

    @model_validator(mode="after")
    def _rules_something(self) -> Self:
        given = self.model_fields_set - {"source", "consumers_only"}
        if len(given) != 1:
            raise ValueError("a rule limits one thing, so that its source is clear: name exactly one limit")
        return self

    def binds(self, purpose: Purpose) -> bool:
        """Whether it holds for a client; one whose purpose is unknown may be a consumer."""
        return not self.consumers_only or purpose is not Purpose.BUSINESS

    def tightened(self, policy: Policy) -> dict[str, Any]:
        """The fields of the policy that this rule changes: each is stricter than before, or as strict."""
        if self.contact_window is not None:
            return {"contact_window": common_window(policy.contact_window, self.contact_window)}
        if self.minimum_gap_days is not None:
            return {"minimum_gap_days": max(policy.minimum_gap_days, self.minimum_gap_days)}
        if self.cap is not None:
            return {"further_caps": (*policy.further_caps, self.cap)}
        if self.channel_cap is not None:
            return {"channel_caps": (*policy.channel_caps, self.channel_cap)}
        if self.first_contact_tone is not None:
            mildest = min(policy.first_contact_tone, self.first_contact_tone, key=lambda tone: tone.strength)
            return {"first_contact_tone": mildest}
        if self.sms_needs_consent:
            return {"sms_needs_consent": True}
        if self.final_needs_approval:
            return {
                "stages": _approved(policy.stages),
                "ladders": {name: _approved(stages) for name, stages in policy.ladders.items()},
            }
        if self.no_collections:
            return {"collections_for_consumers": False}
        return {}


class Pack(Strict):
    """The rules for recipients in some countries (ISO 3166 codes); without countries, for all others."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{1,30}$")
    title: str
    countries: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = Field(min_length=1)


def packs_for(packs: Iterable[Pack], country: str) -> tuple[Pack, ...]:
    """The packs that bind a recipient in a country; those without countries bind where no other does."""
    known = tuple(packs)
    named = tuple(pack for pack in known if country in pack.countries)
    return named or tuple(pack for pack in known if not pack.countries)


def rules_for(packs: Iterable[Pack], country: str, purpose: Purpose) -> Mapping[str, tuple[Rule, ...]]:
    """The rules that bind a recipient, by pack."""
    return {
        pack.name: tuple(rule for rule in pack.rules if rule.binds(purpose))
        for pack in packs_for(packs, country)
    }


def _approved(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(
        stage.model_copy(update={"approval": True}) if stage.tone is Tone.FINAL and stage.channels else stage
        for stage in stages
    )
