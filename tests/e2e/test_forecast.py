"""The forecast of a book, and what the deployed stack does about the same book, day after day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import unified_diff
from functools import partial
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from tactful.adapters.holidays_calendar import public_holidays
from tactful.adapters.policy_file import load_policy
from tactful.adapters.profile_files import load_profiles
from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
from tactful.domain.book.account import Account, TaskKind
from tactful.domain.book.contact_log import Reminder, ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.forecast import ForecastFault, forecast
from tactful.imports.book import read_book
from tactful.imports.upload_settings import UploadSettings
from tests.demo.people import ses_event
from tests.demo.snapshot import Peek
from tests.e2e.forecast_book import CUSTOMERS, INVOICES, STARTS
from tests.e2e.town import Town
from tests.local.ministack import ROOT
from tests.local.stack import SANDBOX_PARAMETERS

pytestmark = pytest.mark.xdist_group("deployed")

DAYS = 60
ENDS = STARTS + timedelta(days=DAYS)
A_WEEK = timedelta(days=7)
# As often as the template's schedule ticks.
A_TICK = timedelta(minutes=15)
CALENDAR = Calendar(
    ZoneInfo(SANDBOX_PARAMETERS["Timezone"]),
    SANDBOX_PARAMETERS["Country"],
    public_holidays,
    country_zones=zones_of_country,
    phone_zones=zones_of_phone,
)


def _message(account: Account, reminder: Reminder) -> str:
    day = reminder.at.astimezone(CALENDAR.zones_of(account.customer)[0]).date()
    step = f"{reminder.stage} {reminder.occurrence} {reminder.tone}"
    about = ", ".join(f"{line.number} {line.amount}" for line in reminder.invoices)
    return f"{account.customer.id} {day} {step} {reminder.channel} {reminder.address}: {about}"


def _task(account: Account, kind: TaskKind, stage: str, occurrence: str) -> str:
    return f"{account.customer.id} {kind} {stage} {occurrence}"


def _foretold() -> tuple[list[str], list[str]]:
    """The messages and the tasks that are forecast, a line each."""
    settings = UploadSettings(country=SANDBOX_PARAMETERS["Country"])
    profiles = load_profiles(ROOT / "templates/profiles")
    book = read_book(BytesIO(INVOICES.encode()), BytesIO(CUSTOMERS.encode()), STARTS, settings, profiles)
    assert [fault.record for fault in book.faults] == [11]
    policy = load_policy(ROOT / "templates/policies/standard.yaml")
    messages, tasks = [], []
    for row in forecast(book.accounts, policy, CALENDAR, STARTS, ENDS):
        assert not isinstance(row, ForecastFault), row
        if row.task:
            tasks.append(_task(row.account, row.task, row.reminder.stage, row.reminder.occurrence))
        else:
            messages.append(_message(row.account, row.reminder))
    return sorted(messages), sorted(tasks)


def _done(peek: Peek, accounts: Iterable[Account]) -> tuple[list[str], list[str]]:
    """The messages that were sent and the tasks that were opened, a line each."""
    owners = {account.key: account for account in accounts}
    messages = [
        _message(account, reminder)
        for account in owners.values()
        for reminder in account.reminders
        if reminder.channel is not Channel.PERSON
    ]
    tasks = []
    for key, task in peek.snapshot().tasks:
        if key in owners:
            facts = dict(task.facts)
            tasks.append(_task(owners[key], task.kind, facts["stage"], facts["occurrence"]))
    return sorted(messages), sorted(tasks)


def _play(town: Town, peek: Peek) -> None:
    """Let the stack do what is due, tick by tick; every message arrives, and nobody pays or answers.

    The invoices are uploaded again on every Monday at 07:30 (UTC), in the contact window of some and not of others.
    """
    uploading = STARTS + timedelta(hours=19, minutes=30)
    while (due := min(peek.next_due() or ENDS, uploading)) < ENDS:
        if due == uploading:
            town.move_to(uploading.isoformat())
            town.upload(f"invoices/forecast-{uploading.date()}.csv", INVOICES)
            uploading += A_WEEK
        else:
            _act(town, peek, due + (STARTS - due) % A_TICK)


def _act(town: Town, peek: Peek, now: datetime) -> None:
    keys = peek.due(now)
    town.at(now.isoformat())
    for key in keys:
        account = town.until(partial(_acted_on, peek, key, now))
        for reminder in _waiting(account):
            if reminder.channel is Channel.EMAIL:
                town.stack.report_delivery(ses_event(reminder, "Delivery", now))
            else:
                assert town.twilio.deliver(reminder.provider_id) == [204, 204, 204]
    for key in keys:
        town.until(partial(_has_news_of_all, peek, key))


def _acted_on(peek: Peek, key: str, now: datetime) -> Account | None:
    account = peek.account(key)
    is_claimed = any(reminder.status is ReminderStatus.CLAIMED for reminder in account.reminders)
    is_due = account.next_action_at is not None and account.next_action_at <= now
    return None if is_claimed or is_due else account


def _waiting(account: Account) -> list[Reminder]:
    return [reminder for reminder in account.reminders if reminder.status is ReminderStatus.ACCEPTED]


def _has_news_of_all(peek: Peek, key: str) -> bool | None:
    return True if not _waiting(peek.account(key)) else None


def _difference(foretold: list[str], done: list[str]) -> str:
    """What only one of them says, a line each."""
    return "".join(f"{line}\n" for line in unified_diff(foretold, done, "forecast", "sandbox", "", "", 0, ""))


def test_forecast_and_the_deployed_sandbox_send_identical_reminders_over_60_days(town: Town) -> None:
    foretold, foretold_tasks = _foretold()
    peek = Peek(town.stack)
    town.move_to(STARTS.isoformat())
    town.upload("customers/forecast.csv", CUSTOMERS)
    town.upload("invoices/forecast.csv", INVOICES)
    everybody = {line.split(",")[1] for line in INVOICES.splitlines()[1:]}
    _play(town, peek)
    accounts = [account for account in peek.accounts().values() if account.customer.id in everybody]
    sent, tasks = _done(peek, accounts)
    assert {line.split()[0] for line in (*sent, *tasks)} == everybody
    difference = _difference(foretold, sent) + _difference(foretold_tasks, tasks)
    assert not difference, f"\n{difference}"
    # What the table says was sent is what the providers were given.
    own = {address for account in accounts for _, address in account.customer.addresses()}
    given = [to for email in town.stack.aws.emails() for to in email["To"]]
    given += [form["To"] for form in town.twilio.posts]
    recorded = Counter(line.split(":")[0].split()[-1] for line in sent)
    assert Counter(to for to in given if to in own) == recorded
