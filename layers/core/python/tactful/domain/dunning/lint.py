"""What may be wrong with a policy although it is valid: a look at the whole, before clients get to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from tactful.domain.book.answers import AnswerKind
from tactful.domain.book.contact_log import PART_PAYMENT, THANK_YOU, Tone
from tactful.domain.book.customer import Channel, Customer
from tactful.domain.book.money import Money, digits_of
from tactful.domain.dunning.finding import Finding, Level, note, warning
from tactful.domain.dunning.ladder_lint import Place, ladder_findings
from tactful.domain.dunning.limits import Cap, ChannelCap, Hours
from tactful.domain.dunning.policy import STANDARD_LADDER, OldDebt, Policy
from tactful.domain.dunning.relationship import Relationship, ToneRules
from tactful.domain.dunning.stage import BROKEN_PROMISE, DISCOUNT, PLAN_MISSED, WELCOME, Stage, StageKind
from tactful.domain.sending.state import SENT_ON

HasWords = Callable[[Channel, str, Tone], bool]
"""Whether there are words for a channel, a wording and a tone."""

# A window shorter than this leaves hardly an hour in which all of a day's messages can leave.
_SHORTEST_MINUTES = 60


def lint(
    policy: Policy, customers: Sequence[Customer] | None = None, has_words: HasWords | None = None
) -> tuple[Finding, ...]:
    """Everything worth a look, warnings first. `customers` and `has_words` allow more to be found."""
    found = [*ladder_findings(policy), *_policy_findings(policy)]
    if customers is not None:
        found += _customer_findings(policy, customers)
    if has_words is not None:
        found += _missing_words(policy, has_words)
    return tuple(sorted(found, key=lambda finding: finding.level is not Level.WARNING))


def _policy_findings(policy: Policy) -> Iterator[Finding]:
    yield from _unused_ladders(policy)
    yield from _caps(policy)
    yield from _hours(policy)
    yield from _amounts(policy)
    yield from _looser_overrides(policy)
    if policy.pay_to_is_a_sample:
        yield warning(
            ("pay_to_is_a_sample",),
            "pay_to is still the sample: outside a sandbox nothing is asked for",
            "write your own details into pay_to and remove this line",
        )
    if policy.book_at_most_days_old is None:
        yield note(
            (),
            "nothing stops chasing when uploads of invoices cease: who has paid since is chased all the same",
            "set book_at_most_days_old",
        )
    if not policy.packs:
        yield note(
            (),
            "no packs: the rules of no country are applied",
            "keep the folder packs/ beside the policy file",
        )


def _unused_ladders(policy: Policy) -> Iterator[Finding]:
    overrides = [*policy.segments.values(), *policy.customers.values()]
    used = {policy.ladder, *policy.ladder_by_kind.values()}
    used |= {override.ladder for override in overrides}
    used |= {rule.ladder for rule in policy.invoices.values()}
    for name in policy.ladders:
        if name not in used:
            yield note(("ladders", name), f"no invoice climbs the ladder {name}", "use it, or remove it")
    if STANDARD_LADDER not in used:
        yield note(("stages",), "no invoice climbs the standard ladder", "set ladder: standard for some")


def _caps(policy: Policy) -> Iterator[Finding]:
    places: list[tuple[Place, Cap]] = [(("cap",), policy.cap)]
    places += [(("further_caps", index), cap) for index, cap in enumerate(policy.further_caps)]
    places += [(("channel_caps", index), cap) for index, cap in enumerate(policy.channel_caps)]
    for place, cap in places:
        gap = policy.minimum_gap_days
        if cap.contacts >= ceil(cap.days / gap):
            yield note(
                place,
                f"the cap of {cap} never counts: a gap of {gap} days allows no more anyway",
                "lower contacts, or remove the cap",
            )
        elif cap.contacts == 1 and not isinstance(cap, ChannelCap) and cap.days > gap:
            yield note(
                place,
                f"the cap of {cap} is stricter than the gap of {gap} days, which never counts",
                f"say what is meant: minimum_gap_days: {cap.days}",
            )


def _hours(policy: Policy) -> Iterator[Finding]:
    for day, hours in policy.contact_window.items():
        minutes = _minutes(hours.end) - _minutes(hours.start)
        if minutes < _SHORTEST_MINUTES:
            said = f"the window of {day} is open for {minutes} minutes only"
            yield warning(("contact_window", day), said, "write hours such as 09:00-17:30")
    for place, own in _treatments(policy):
        for pack in policy.packs:
            someone = Customer("", "", country=min(pack.countries, default=""))
            if own.contact_window and not own.for_customer(someone).contact_window:
                yield warning(
                    (*place, "contact_window"),
                    f"has no hour in common with the pack {pack.name}: its clients are never contacted",
                    "widen the window, or look at the pack",
                )


def _treatments(policy: Policy) -> Iterator[tuple[Place, Policy]]:
    """The policy as it is for those without an override, and for those with one, before the packs."""
    yield (), policy.changed(segments={}, customers={})
    for field, overrides in (("segments", policy.segments), ("customers", policy.customers)):
        for key, override in overrides.items():
            if "contact_window" in override.given():
                changed = policy.changed(contact_window=override.contact_window, segments={}, customers={})
                yield (field, key), changed


def _amounts(policy: Policy) -> Iterator[Finding]:
    places: list[tuple[Place, Mapping[str, int]]] = [(("minimum_amounts",), policy.minimum_amounts)]
    places += [
        (("segments", key, "minimum_amounts"), own.minimum_amounts) for key, own in policy.segments.items()
    ]
    places += [
        (("customers", key, "minimum_amounts"), own.minimum_amounts) for key, own in policy.customers.items()
    ]
    for place, amounts in places:
        for currency, minor in amounts.items():
            if 0 < minor < 10 ** digits_of(currency):
                yield warning(
                    (*place, currency),
                    f"the minimum is {Money(minor, currency)}: amounts are in minor units (cents, pence)",
                    f"{minor} whole {currency} are {minor * 10 ** digits_of(currency)}",
                )
    for currency in sorted(set(policy.minimum_amounts) - set(policy.pay_to)):
        yield warning(
            ("minimum_amounts", currency),
            f"{currency} has a minimum, but nobody can say how to pay in it: it is never asked for",
            f"add {currency} to pay_to",
        )
    if policy.approve_old_debt is not None:
        for currency in sorted(set(policy.pay_to) - set(policy.approve_old_debt.over)):
            yield note(
                ("approve_old_debt", "over"),
                f"old debts in {currency} need no approval, whatever their size",
                f"add {currency}, if that is not meant",
            )


def _looser_overrides(policy: Policy) -> Iterator[Finding]:
    for field, overrides in (("segments", policy.segments), ("customers", policy.customers)):
        for key, override in overrides.items():
            for name, value in override.given().items():
                looser = _LOOSER.get(name)
                if looser is not None and looser(getattr(policy, name), value):
                    yield warning(
                        (field, key, name),
                        f"is less careful than the policy's {name}",
                        "fine if these clients have agreed to it",
                    )


def _is_wider(window: Mapping[str, Hours], own: Mapping[str, Hours]) -> bool:
    return any(day not in window or window[day].common(hours) != hours for day, hours in own.items())


def _lets_more_through(cap: Cap, own: Cap) -> bool:
    return own.contacts > cap.contacts or own.days < cap.days


def _lacks_a_cap(caps: Sequence[ChannelCap], own: Sequence[ChannelCap]) -> bool:
    return any(
        not any(mine.channel is cap.channel and not _lets_more_through(cap, mine) for mine in own)
        for cap in caps
    )


def _is_harsher(rules: ToneRules, own: ToneRules) -> bool:
    given = [kind for kind in Relationship if kind in own.model_fields_set]
    return any(own.step(kind) > rules.step(kind) for kind in given)


def _approves_less(old: OldDebt | None, own: OldDebt) -> bool:
    return old is not None and (
        own.older_than_days > old.older_than_days
        or any(currency not in own.over or own.over[currency] > minor for currency, minor in old.over.items())
    )


# By field, whether a value of its own is less careful with the client than the policy's.
_LOOSER: Mapping[str, Callable[[Any, Any], bool]] = {
    "chase": lambda above, own: own and not above,
    "first_contact_tone": lambda above, own: own.strength > above.strength,
    "tone_rules": _is_harsher,
    "catch_up_days": lambda above, own: own < above,
    "grace_days": lambda above, own: own < above,
    "minimum_gap_days": lambda above, own: own < above,
    "cap": _lets_more_through,
    "channel_caps": _lacks_a_cap,
    "contact_window": _is_wider,
    "minimum_amounts": lambda above, own: any(
        minor < above.get(currency, 0) for currency, minor in own.items()
    ),
    "approve_old_debt": _approves_less,
}


def _customer_findings(policy: Policy, customers: Sequence[Customer]) -> Iterator[Finding]:
    if not customers:
        return
    contacts = [contact for customer in customers for contact in customer.contacts]
    segments = {customer.segment for customer in customers}
    ids = {customer.id for customer in customers}
    for segment in policy.segments:
        if segment not in segments:
            yield warning(("segments", segment), "no customer is in this segment", "correct its spelling")
    for customer_id in policy.customers:
        if customer_id not in ids:
            yield warning(("customers", customer_id), "no customer has this id", "correct its spelling")
    roles = {contact.role for contact in contacts}
    reachable = {
        channel
        for channel in Channel
        for contact in contacts
        if contact.address(channel) or channel is Channel.PERSON
    }
    for place, stage in _stages(policy):
        for channel in stage.channels:
            if channel not in reachable:
                said = f"no contact can be reached by {channel}"
                yield warning(
                    (*place, "channels"), said, "add addresses to the customers file, or another channel"
                )
        if stage.kind.contacts_the_client and stage.role not in roles:
            said = f"no contact has the role {stage.role}: others are contacted instead"
            yield note((*place, "role"), said, "add such contacts to the customers file")
    yield from _consents(policy, customers)


def _consents(policy: Policy, customers: Sequence[Customer]) -> Iterator[Finding]:
    uses_sms = any(Channel.SMS in stage.channels for _, stage in _stages(policy))
    asked = [customer for customer in customers if policy.for_customer(customer).sms_needs_consent]
    phones = [contact for customer in asked for contact in customer.contacts if contact.phone]
    agreed = [contact for contact in phones if contact.sms_consent]
    if uses_sms and phones and not agreed:
        yield warning(
            ("sms_needs_consent",),
            f"an SMS needs consent for {len(asked)} of {len(customers)} customers, and none is noted: they get none",
            "add the column sms_consent to the customers file",
        )


def _missing_words(policy: Policy, has_words: HasWords) -> Iterator[Finding]:
    for place, stage in _stages(policy):
        if stage.kind is StageKind.MESSAGE:
            # A record or a broken promise may make it a step stronger, but never final if it is not.
            highest = stage.tone if stage.tone in (Tone.FIRM, Tone.FINAL) else stage.tone.stronger()
            tones = [tone for tone in Tone if tone.strength <= highest.strength]
            yield from _without_words(place, stage.wording or stage.name, stage.channels, tones, has_words)
    for wording in (BROKEN_PROMISE, PLAN_MISSED):
        yield from _without_words(("stages",), wording, SENT_ON, list(Tone), has_words)
    outside = (
        (THANK_YOU, "thanks_channels", True),
        (PART_PAYMENT, "thanks_channels", True),
        (WELCOME, "welcome", policy.welcome is not None),
    )
    for wording, field, is_sent in (
        *outside,
        (DISCOUNT, "discount_notice_days", policy.discount_notice_days),
    ):
        if is_sent:
            yield from _without_words((field,), wording, policy.thanks_channels, [Tone.FRIENDLY], has_words)
    if policy.replies.answers:
        for kind in AnswerKind:
            wording = f"answer_{kind}"
            yield from _without_words(
                ("replies", "answers"), wording, kind.channels, [Tone.FRIENDLY], has_words
            )


def _without_words(
    place: Place, wording: str, channels: Sequence[Channel], tones: Sequence[Tone], has_words: HasWords
) -> Iterator[Finding]:
    for channel in channels:
        missing = [
            tone for tone in tones if channel is not Channel.PERSON and not has_words(channel, wording, tone)
        ]
        if missing:
            yield warning(
                place,
                f"there are no words for {wording} by {channel} ({', '.join(missing)}): it becomes a task",
                f"write them in templates/words/<language>/{channel}/{wording}/, or name other words in wording",
            )


def _stages(policy: Policy) -> Iterator[tuple[Place, Stage]]:
    for index, stage in enumerate(policy.stages):
        yield ("stages", index), stage
    for name, stages in policy.ladders.items():
        for index, stage in enumerate(stages):
            yield ("ladders", name, index), stage


def _minutes(at: Any) -> int:
    return int(at.hour) * 60 + int(at.minute)
