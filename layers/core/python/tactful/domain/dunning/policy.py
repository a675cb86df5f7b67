"""The dunning policy: ladders, contact window, caps and amounts. Plain data, validated as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Customer, Purpose
from tactful.domain.book.invoice import Invoice, InvoiceKind
from tactful.domain.dunning.cascade import layers_for
from tactful.domain.dunning.limits import WEEKDAYS, Amounts, Cap, ChannelCap, Hours, Window, currencies
from tactful.domain.dunning.packs import Pack
from tactful.domain.dunning.relationship import ToneRules
from tactful.domain.dunning.stage import Ladder, Stage, StageKind
from tactful.domain.dunning.strict import Strict

_A_PERSON = (Channel.PERSON,)
STANDARD_LADDER = "standard"
"""The name of the ladder in `stages`."""


def _in_order(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    names = [stage.name for stage in stages]
    if len(set(names)) != len(names):
        raise ValueError("every stage needs a name of its own")
    for earlier, later in pairwise(stages):
        if later.days < earlier.days or (
            later.days == earlier.days and later.kind.contacts_the_client == earlier.kind.contacts_the_client
        ):
            raise ValueError(f"{later.name} must come after {earlier.name}; order them by days")
    messages = [stage for stage in stages if stage.kind is StageKind.MESSAGE]
    for milder, later in pairwise(messages):
        if later.tone.strength < milder.tone.strength:
            raise ValueError(f"{later.name} is milder than {milder.name} before it")
    contacts = [stage for stage in stages if stage.kind.contacts_the_client]
    for stage in contacts[:-1] + [s for s in stages if not s.kind.contacts_the_client]:
        if stage.repeat:
            raise ValueError(f"{stage.name} repeats, but only the last contact may")
    return stages


class Welcome(Strict):
    """Greets a client whose first invoice is issued on or after `clients_from`, within so many days of that.

    Before that date the business had clients already: they are not greeted when the book is first uploaded.
    """

    clients_from: date
    within_days: int = Field(default=14, ge=1, le=60)


class OldDebt(Strict):
    """The first contact about a debt this old and this large (minor units by currency) waits for a person."""

    older_than_days: int = Field(ge=1, le=3650)
    over: Annotated[
        Mapping[str, Annotated[int, Field(ge=0, strict=True)]],
        AfterValidator(currencies),
        Field(min_length=1),
    ]


class InvoiceRule(Strict):
    """What is special about one invoice: another ladder, or never to be chased."""

    ladder: str = ""
    chase: bool = True


Stages = Annotated[tuple[Stage, ...], Field(min_length=1), AfterValidator(_in_order)]


class Override(Strict):
    """What a segment or a customer has of its own; a field that is left out keeps the policy's value."""

    chase: bool | None = None
    ladder: str | None = None
    first_contact_tone: Tone | None = None
    tone_rules: ToneRules | None = None
    grace_days: int | None = Field(default=None, ge=0, le=60)
    minimum_gap_days: int | None = Field(default=None, ge=1, le=60)
    cap: Cap | None = None
    channel_caps: tuple[ChannelCap, ...] | None = None
    contact_window: Window | None = None
    closed_days: frozenset[date] | None = None
    minimum_amounts: Amounts | None = None
    approve_old_debt: OldDebt | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        return {
            name: getattr(self, name) for name in type(self).model_fields if getattr(self, name) is not None
        }


class Policy(Strict):
    """A validated dunning policy.

    `stages` is the standard ladder and `ladders` has others by name; `ladder` says which one is climbed, and
    `ladder_by_kind` which one by invoices of a kind. Amounts are minor units by currency: `minimum_amounts` are those
    below which nobody is reminded (a currency that is not named has no minimum). `closed_days` are civil dates on
    which nothing is sent. `pay_to` says, line by line, how an amount in a currency is paid: an amount that nobody can
    say how to pay is not asked for. `book_at_most_days_old` stops all chasing on older books. `segments`, `customers`
    and `invoices` have values of their own by segment, customer id and invoice number; `packs` are rules of
    jurisdictions, which can only tighten. Raises pydantic's ValidationError, which lists every fault with its place.
    """

    name: str
    version: int = Field(ge=1)
    chase: bool = True
    stages: Stages
    ladders: Mapping[str, Stages] = Field(default_factory=dict)
    ladder: str = STANDARD_LADDER
    ladder_by_kind: Mapping[InvoiceKind, str] = Field(default_factory=dict)
    first_contact_tone: Tone
    tone_rules: ToneRules = Field(default_factory=ToneRules)
    grace_days: int = Field(default=0, ge=0, le=60)
    minimum_gap_days: int = Field(ge=1, le=60)
    cap: Cap
    further_caps: tuple[Cap, ...] = ()
    channel_caps: tuple[ChannelCap, ...] = ()
    contact_window: Window
    closed_days: frozenset[date] = frozenset()
    minimum_amounts: Amounts = Field(default_factory=dict)
    book_at_most_days_old: int | None = Field(default=None, ge=1, le=365)
    approve_old_debt: OldDebt | None = None
    approval_valid_days: int = Field(default=7, ge=1, le=60)
    sms_needs_consent: bool = False
    collections_for_consumers: bool = False
    hold_days_after_reply: int = Field(ge=1, le=60)
    thanks_expire_after_days: int = Field(ge=1, le=60)
    thanks_channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
    welcome: Welcome | None = None
    discount_notice_days: int | None = Field(default=None, ge=1, le=30)
    pay_to: Annotated[
        Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]], AfterValidator(currencies)
    ] = Field(default_factory=dict)
    pay_to_is_a_sample: bool = False
    segments: Mapping[str, Override] = Field(default_factory=dict)
    customers: Mapping[str, Override] = Field(default_factory=dict)
    invoices: Mapping[str, InvoiceRule] = Field(default_factory=dict)
    packs: tuple[Pack, ...] = Field(default=(), exclude=True)

    @model_validator(mode="after")
    def _known_ladders(self) -> Self:
        known = {STANDARD_LADDER, *self.ladders}
        if STANDARD_LADDER in self.ladders:
            raise ValueError(f"ladders: {STANDARD_LADDER} is the one in stages: use another name")
        used = {
            "ladder": self.ladder,
            **{f"ladder_by_kind.{kind}": name for kind, name in self.ladder_by_kind.items()},
            **{f"segments.{key}.ladder": o.ladder for key, o in self.segments.items() if o.ladder},
            **{f"customers.{key}.ladder": o.ladder for key, o in self.customers.items() if o.ladder},
            **{f"invoices.{key}.ladder": rule.ladder for key, rule in self.invoices.items() if rule.ladder},
        }
        for place, name in used.items():
            if name not in known:
                raise ValueError(
                    f"{place}: there is no ladder {name!r}; name one of {', '.join(sorted(known))}"
                )
        return self

    def changed(self, **values: Any) -> Policy:
        """A policy with other values, which have been validated already."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_construct(**(fields | values))

    def for_customer(self, customer: Customer, home_country: str = "") -> Policy:
        """The policy as it holds for one customer; `home_country` counts where the customer's is not known."""
        if not self.segments and not self.customers and not self.packs:
            return self
        country = customer.country or home_country
        own = customer.id if customer.id in self.customers else ""
        segment = customer.segment if customer.segment in self.segments else ""
        key = (own, segment, country, customer.purpose)
        known = self._by_customer.get(key)
        if known is None:
            known = self
            for layer in layers_for(self, customer, country):
                known = known.changed(**layer.values)
            known = known.changed(segments={}, customers={}, packs=())
            self._by_customer[key] = known
        return known

    @cached_property
    def _by_customer(self) -> dict[tuple[str, str, str, Purpose], Policy]:
        return {}

    def for_real_clients(self) -> Policy:
        """The policy as it may face real clients: made-up bank details are worse than none."""
        return self.changed(pay_to={}) if self.pay_to_is_a_sample else self

    def without(self, channel: Channel) -> Policy:
        """The policy of a business that has no provider for a channel; a stage with no other asks a person."""
        return self.changed(
            stages=_without(self.stages, channel),
            ladders={name: _without(stages, channel) for name, stages in self.ladders.items()},
            thanks_channels=tuple(c for c in self.thanks_channels if c is not channel),
        )

    @property
    def label(self) -> str:
        """How a reminder names the policy that decided it."""
        return f"{self.name}/{self.version}"

    @cached_property
    def caps(self) -> tuple[Cap, ...]:
        """All caps over every channel: each must allow a contact."""
        return (self.cap, *self.further_caps)

    @cached_property
    def windows(self) -> tuple[Hours | None, ...]:
        """The window of each weekday, Monday first; None is closed."""
        return tuple(self.contact_window.get(day) for day in WEEKDAYS)

    def ladder_for(self, invoice: Invoice) -> Ladder:
        """The ladder that an invoice climbs: its own, else that of its kind, else the customer's."""
        rule = self.invoices.get(invoice.number) if self.invoices else None
        if rule is not None and rule.ladder:
            return self._ladders[rule.ladder]
        if self.ladder_by_kind and invoice.kind in self.ladder_by_kind:
            return self._ladders[self.ladder_by_kind[invoice.kind]]
        return self._ladders[self.ladder]

    @cached_property
    def _ladders(self) -> Mapping[str, Ladder]:
        stages = {STANDARD_LADDER: self.stages, **self.ladders}
        return {name: Ladder.of(name, steps, self.grace_days) for name, steps in stages.items()}


def _without(stages: tuple[Stage, ...], channel: Channel) -> tuple[Stage, ...]:
    return tuple(
        stage.model_copy(
            update={"channels": tuple(c for c in stage.channels if c is not channel) or _A_PERSON}
        )
        if stage.channels
        else stage
        for stage in stages
    )
