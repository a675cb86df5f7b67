"""The dunning policy: ladders, contact window, caps and amounts. Plain data, validated as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel, Customer, Purpose
from tactful.domain.book.invoice import Invoice, InvoiceKind
from tactful.domain.charges.rules import ChargeRules
from tactful.domain.dunning.cascade import layers_for
from tactful.domain.dunning.late_payment import LatePayment
from tactful.domain.dunning.limits import (
    WEEKDAYS,
    Amounts,
    Cap,
    ChannelCap,
    Hours,
    MinorUnits,
    Window,
    currencies,
)
from tactful.domain.dunning.packs import Pack
from tactful.domain.dunning.pay_to import PayTo
from tactful.domain.dunning.relationship import ToneRules
from tactful.domain.dunning.reply_rules import ReplyRules
from tactful.domain.dunning.stage import Ladder, Stage, StageKind
from tactful.domain.dunning.strict import Fault, Strict, refuse
from tactful.domain.sending.settle import UnknownOutcome

_A_PERSON = (Channel.PERSON,)
STANDARD_LADDER = "standard"
"""The name of the ladder in `stages`."""

_OFFICE_HOURS = Hours(start=time(9), end=time(17, 30))


def _in_order(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    faults: list[Fault] = []
    names: set[str] = set()
    for index, stage in enumerate(stages):
        if stage.name in names:
            faults.append(
                ((index, "name"), f"{stage.name} is used twice; give every stage a name of its own")
            )
        names.add(stage.name)
    for index, (earlier, later) in enumerate(pairwise(stages), start=1):
        same_kind = later.kind.contacts_the_client == earlier.kind.contacts_the_client
        if later.days < earlier.days or (later.days == earlier.days and same_kind):
            faults.append(
                ((index, "days"), f"{later.name} must come after {earlier.name}; order them by days")
            )
    messages = [(index, stage) for index, stage in enumerate(stages) if stage.kind is StageKind.MESSAGE]
    for (_, milder), (index, later) in pairwise(messages):
        if later.tone.strength < milder.tone.strength:
            faults.append(
                ((index, "tone"), f"{later.name} is milder than {milder.name} before it; tones only rise")
            )
    contacts = [index for index, stage in enumerate(stages) if stage.kind.contacts_the_client]
    for index, stage in enumerate(stages):
        if stage.repeat and index not in contacts[-1:]:
            faults.append(
                ((index, "repeat"), f"{stage.name} repeats, but only the last contact may; remove it")
            )
    refuse("Stages", faults)
    return stages


class Welcome(Strict):
    """Greets a client whose first invoice is issued on or after `clients_from`, within so many days of that.

    Before that date the business had clients already: they are not greeted when the book is first uploaded.
    """

    clients_from: date = Field(
        description="Greet clients whose first invoice was issued on this day or later"
    )
    within_days: int = Field(
        default=14, ge=1, le=60, description="and no more than so many days after that invoice was issued"
    )


class OldDebt(Strict):
    """The first contact about a debt this old and this large (minor units by currency) waits for a person."""

    older_than_days: int = Field(ge=1, le=3650, description="Days since the due date")
    over: Annotated[Mapping[str, MinorUnits], AfterValidator(currencies)] = Field(
        min_length=1, description="More than this, in minor units by currency (100000 is 1000.00)"
    )


class InvoiceRule(Strict):
    """What is special about one invoice: another ladder, or never to be chased."""

    ladder: str = Field(default="", description="The ladder it climbs")
    chase: bool = Field(default=True, description="false: it is never chased")


Stages = Annotated[tuple[Stage, ...], Field(min_length=1), AfterValidator(_in_order)]


class Terms(Strict):
    """How a client is treated: what a policy says for all, and a segment or a customer may have of its own."""

    chase: bool = Field(default=True, description="false: nobody is reminded of anything")
    ladder: str = Field(
        default=STANDARD_LADDER, description="The ladder that is climbed; standard is `stages`"
    )
    first_contact_tone: Tone = Field(
        default=Tone.NEUTRAL,
        description="The strongest tone in which a client may first hear of an invoice, however late it is",
    )
    tone_rules: ToneRules = Field(
        default_factory=ToneRules,
        description="When the payment record of a client makes a message milder or stronger, one step at most",
    )
    grace_days: int = Field(
        default=0, ge=0, le=60, description="Days after the due date before the first overdue stage"
    )
    catch_up_days: int = Field(
        default=7,
        ge=1,
        le=60,
        description="Days after a message milder than its stage, which had to be, until it is said a step stronger",
    )
    minimum_gap_days: int = Field(
        default=3, ge=1, le=60, description="At least so many days between two contacts"
    )
    cap: Cap = Field(
        default=Cap(contacts=2, days=7),
        description="At most so many contacts in so many days, on all channels",
    )
    channel_caps: tuple[ChannelCap, ...] = Field(
        default=(), description="Caps on single channels, besides `cap`"
    )
    contact_window: Window = Field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], _OFFICE_HOURS),
        description="When messages may leave, by weekday and the client's own clock; a day left out is closed",
    )
    closed_days: frozenset[date] = Field(
        default=frozenset(), description="Further days on which nothing is sent; public holidays always are"
    )
    minimum_amounts: Amounts = Field(
        default_factory=dict,
        description="Nobody is reminded of less, in minor units by currency (500 is 5.00); others have no minimum",
    )
    unknown_outcome: UnknownOutcome = Field(
        default=UnknownOutcome.ASK,
        description="When a day later nobody can tell whether a message was sent: ask a person, or skip, which counts"
        " it as a contact and goes on; it is never sent again",
    )
    approve_old_debt: OldDebt | None = Field(
        default=None, description="The first contact about a debt this old and large waits for a person"
    )
    late_payment: LatePayment = Field(
        default_factory=LatePayment,
        description="What is said of charges for late payment, and by which rules",
    )


class Override(Terms):
    """What a segment or a customer has of its own; a field that is left out keeps the policy's value."""

    @model_validator(mode="after")
    def _gives_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is different here; say what is, or remove it")
        return self

    def given(self) -> dict[str, Any]:
        """The fields that were given, by name."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}


class Policy(Terms):
    """A validated dunning policy.

    `stages` is the standard ladder and `ladders` has others by name; `ladder` says which one is climbed, and
    `ladder_by_kind` which one by invoices of a kind. Amounts are minor units by currency: `minimum_amounts` are those
    below which nobody is reminded (a currency that is not named has no minimum). `closed_days` are civil dates on
    which nothing is sent. `pay_to` says how an amount in a currency is paid: an amount that nobody can
    say how to pay is not asked for. `book_at_most_days_old` stops all chasing on older books. `segments`, `customers`
    and `invoices` have values of their own by segment, customer id and invoice number; `packs` are rules of
    jurisdictions, which can only tighten, and `charge_rules` those of late payment, by name. Raises pydantic's
    ValidationError, which lists every fault with its place.
    """

    name: str = Field(min_length=1, description="Noted on every reminder, with the version")
    version: int = Field(ge=1, description="Raise it with every change")
    stages: Stages = Field(description="The standard ladder: what happens when, in order of days")
    ladders: Mapping[str, Stages] = Field(default_factory=dict, description="Other ladders, by name")
    ladder_by_kind: Mapping[InvoiceKind, str] = Field(
        default_factory=dict, description="The ladder of invoices of a kind: standard, deposit or upfront"
    )
    further_caps: tuple[Cap, ...] = Field(default=(), description="Caps on all channels besides `cap`")
    book_at_most_days_old: int | None = Field(
        default=None,
        ge=1,
        le=365,
        description="Stop chasing when the newest upload of invoices is older, for many may have paid since",
    )
    approval_valid_days: int = Field(
        default=7, ge=1, le=60, description="How long what a person approved may still be sent"
    )
    sms_needs_consent: bool = Field(
        default=False, description="Send an SMS only to those who are known to have agreed"
    )
    collections_for_consumers: bool = Field(
        default=False, description="Whether a consumer's debt may be proposed for collections"
    )
    hold_days_after_reply: int = Field(
        default=7, ge=1, le=60, description="Days without reminders after a client has answered"
    )
    replies: ReplyRules = Field(
        default_factory=ReplyRules, description="How far replies are dealt with before a person is asked"
    )
    thanks_expire_after_days: int = Field(
        default=10, ge=1, le=60, description="Days after a payment in which the thank-you may still be sent"
    )
    thanks_channels: tuple[Channel, ...] = Field(
        default=(Channel.EMAIL, Channel.SMS),
        description="Channels of messages outside the ladder (thanks, welcome, discount); none: they are not sent",
    )
    welcome: Welcome | None = Field(default=None, description="Greet new clients with their first invoice")
    discount_notice_days: int | None = Field(
        default=None, ge=1, le=30, description="Days before a discount for early payment ends to say so once"
    )
    pay_to: Annotated[Mapping[str, PayTo], AfterValidator(currencies)] = Field(
        default_factory=dict,
        description="How to pay, by currency; an amount in another currency is not asked for",
    )
    pay_to_is_a_sample: bool = Field(
        default=False, description="true: the details are made up, and only a sandbox uses them"
    )
    segments: Mapping[str, Override] = Field(
        default_factory=dict, description="What is different for a segment of customers"
    )
    customers: Mapping[str, Override] = Field(
        default_factory=dict, description="What is different for one customer, by id; beats the segment"
    )
    invoices: Mapping[str, InvoiceRule] = Field(
        default_factory=dict, description="What is different for one invoice, by number; beats the customer"
    )
    packs: SkipJsonSchema[tuple[Pack, ...]] = Field(default=(), exclude=True)
    charge_rules: SkipJsonSchema[Mapping[str, ChargeRules]] = Field(default_factory=dict, exclude=True)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        refuse("Policy", [*self._unknown_ladders(), *self._silent_channels(), *self._repeated_packs()])
        return self

    def _unknown_ladders(self) -> Iterator[Fault]:
        known = {STANDARD_LADDER, *self.ladders}
        if STANDARD_LADDER in self.ladders:
            yield ("ladders", STANDARD_LADDER), f"{STANDARD_LADDER} is the ladder in stages; use another name"
        used: list[tuple[tuple[str, ...], str]] = [(("ladder",), self.ladder)]
        used += [(("ladder_by_kind", str(kind)), name) for kind, name in self.ladder_by_kind.items()]
        used += [(("segments", key, "ladder"), own.ladder) for key, own in self.segments.items()]
        used += [(("customers", key, "ladder"), own.ladder) for key, own in self.customers.items()]
        used += [
            (("invoices", key, "ladder"), own.ladder) for key, own in self.invoices.items() if own.ladder
        ]
        for place, name in used:
            if name not in known:
                yield place, f"there is no ladder {name!r}; name one of {', '.join(sorted(known))}"

    def _silent_channels(self) -> Iterator[Fault]:
        if Channel.PERSON in self.thanks_channels:
            yield ("thanks_channels",), "thanks are sent by themselves; name email and sms only"
        if not self.thanks_channels:
            for field in ("welcome", "discount_notice_days"):
                if getattr(self, field) is not None:
                    yield (field,), "it has no channel to be sent on; name one in thanks_channels"

    def _repeated_packs(self) -> Iterator[Fault]:
        names = [pack.name for pack in self.packs]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield ("packs", index, "name"), f"there are two packs named {name}; rename one"

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
