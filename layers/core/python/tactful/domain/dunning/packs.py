"""Packs: what the rules of a jurisdiction ask for. A pack can tighten a policy, never loosen it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Purpose
from tactful.domain.dunning.limits import Cap, ChannelCap, Window, common_window
from tactful.domain.dunning.stage import Stage
from tactful.domain.dunning.strict import Fault, Strict, refuse

if TYPE_CHECKING:
    from tactful.domain.dunning.policy import Policy


class Basis(StrEnum):
    """Whether a rule is asked for by law, or is what a careful business does where the law leaves room."""

    LAW = "law"
    PRACTICE = "practice"


class Rule(Strict):
    """One rule and where it comes from. With `consumers_only` it spares clients known to be businesses."""

    source: str = Field(
        min_length=10, description="The law or practice it comes from, so that it can be checked"
    )
    basis: Basis = Field(
        default=Basis.PRACTICE, description="law, or practice: careful where the law leaves room"
    )
    consumers_only: bool = Field(
        default=False, description="Spare clients who are known to be businesses (purpose: business)"
    )
    contact_window: Window | None = Field(
        default=None,
        description="Hours by weekday outside which nobody may be contacted; a day left out is closed",
    )
    minimum_gap_days: int | None = Field(
        default=None, ge=1, le=60, description="At least so many days between two contacts"
    )
    cap: Cap | None = Field(
        default=None, description="At most so many contacts in so many days, on all channels"
    )
    channel_cap: ChannelCap | None = Field(
        default=None, description="At most so many contacts in so many days on one channel"
    )
    first_contact_tone: Tone | None = Field(
        default=None, description="The strongest tone in which a client may first hear of an invoice"
    )
    sms_needs_consent: Literal[True] | None = Field(
        default=None, description="Send an SMS only to those who are known to have agreed"
    )
    final_needs_approval: Literal[True] | None = Field(
        default=None, description="Every message in the tone final waits for a person"
    )
    no_collections: Literal[True] | None = Field(
        default=None, description="Consumers are not proposed for collections"
    )

    @model_validator(mode="after")
    def _rules_one_thing(self) -> Self:
        given = [name for name in LIMITS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "a rule limits one thing, so that its source is clear; name exactly one of "
                + ", ".join(LIMITS)
            )
        return self

    @property
    def limit(self) -> str:
        """The name of the one thing it limits."""
        return next(name for name in LIMITS if getattr(self, name) is not None)

    def binds(self, purpose: Purpose) -> bool:
        """Whether it holds for a client; one whose purpose is unknown may be a consumer."""
        return not self.consumers_only or purpose is not Purpose.BUSINESS

    def tightened(self, policy: Policy) -> Mapping[str, Any]:
        """The fields of the policy that this rule changes: each is stricter than before, or as strict."""
        return _TIGHTEN[self.limit](policy, getattr(self, self.limit))


def _approved(policy: Policy, _: Literal[True]) -> Mapping[str, Any]:
    def wait(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        return tuple(
            stage.model_copy(update={"approval": True})
            if stage.tone is Tone.FINAL and stage.channels
            else stage
            for stage in stages
        )

    return {
        "stages": wait(policy.stages),
        "ladders": {name: wait(stages) for name, stages in policy.ladders.items()},
    }


_TIGHTEN: Mapping[str, Callable[[Policy, Any], Mapping[str, Any]]] = {
    "contact_window": lambda policy, window: {"contact_window": common_window(policy.contact_window, window)},
    "minimum_gap_days": lambda policy, days: {"minimum_gap_days": max(policy.minimum_gap_days, days)},
    "cap": lambda policy, cap: {"further_caps": _and(policy.further_caps, cap, policy.caps)},
    "channel_cap": lambda policy, cap: {
        "channel_caps": _and(
            policy.channel_caps, cap, [own for own in policy.channel_caps if own.channel is cap.channel]
        )
    },
    "first_contact_tone": lambda policy, tone: {
        "first_contact_tone": min(policy.first_contact_tone, tone, key=lambda known: known.strength)
    },
    "sms_needs_consent": lambda *_: {"sms_needs_consent": True},
    "final_needs_approval": _approved,
    "no_collections": lambda *_: {"collections_for_consumers": False},
}


LIMITS = tuple(_TIGHTEN)
"""What a rule may limit: fields of a rule, of which it has exactly one."""


def _and(caps: tuple[Cap, ...], cap: Cap, rivals: Iterable[Cap]) -> tuple[Cap, ...]:
    """The caps with one more, unless it could never bind beside its rivals."""
    implied = any(rival.contacts <= cap.contacts and rival.days >= cap.days for rival in rivals)
    return caps if implied else (*caps, cap)


# What people write for a country, and what its ISO 3166 code is.
_NOT_A_CODE = {
    "UK": "the United Kingdom is GB",
    "EL": "Greece is GR",
    "EU": "name the member states one by one",
}


class Pack(Strict):
    """The rules for recipients in some countries (ISO 3166 codes); without countries, for all others."""

    name: str = Field(
        pattern=r"^[a-z][a-z0-9_]{1,30}$", description="What the pack is called in explanations"
    )
    title: str = Field(min_length=1, description="Whom it protects, in plain words")
    countries: frozenset[str] = Field(
        default=frozenset(),
        description="ISO 3166 codes of two letters. Left out: every country that no other pack names",
    )
    rules: tuple[Rule, ...] = Field(min_length=1, description="What holds there, each with its source")

    @field_validator("countries")
    @classmethod
    def _known(cls, countries: frozenset[str]) -> frozenset[str]:
        faults: list[Fault] = [
            ((), f"{code!r} is no country: {_NOT_A_CODE.get(code, 'write ISO 3166 codes such as US')}")
            for code in sorted(countries)
            if code in _NOT_A_CODE or not (len(code) == len("US") and code.isascii() and code.isupper())
        ]
        refuse("Pack", faults)
        return countries


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
