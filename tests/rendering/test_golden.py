"""Every wording as it reads, in files to be read by people.

After changing words, run `UPDATE_GOLDEN=1 pytest tests/rendering/test_golden.py` and read the difference.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tactful.adapters.sample_messages import sample_messages
from tactful.domain.book.account import Account
from tactful.domain.book.contact_log import THANK_YOU, Reminder, Tone
from tactful.domain.book.customer import Channel
from tests.rendering.samples import (
    POLICY,
    WORDINGS,
    a_reminder,
    a_wording,
    an_account,
    an_account_of_all_ages,
    an_account_on_a_plan,
    asking_for_the_instalment,
    several_invoices,
)

GOLDEN = Path(__file__).parent / "golden"
# The kinds of account that are kept in every language, of all that the wording check renders.
_READ = (": one invoice", ": one instalment", ": charges", ": the rest is open")


def _same_as_golden(name: str, rendered: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(rendered, encoding="utf-8")
    assert rendered == path.read_text(encoding="utf-8")


def _both(title: str, account: Account, reminder: Reminder) -> str:
    wording = a_wording()
    sms = wording.render(account, replace(reminder, channel=Channel.SMS))
    email = wording.render(account, replace(reminder, channel=Channel.EMAIL))
    return f"=== {title}, SMS\n{sms.text}\n\n=== {title}, e-mail\nSubject: {email.subject}\n\n{email.text}"


@pytest.mark.parametrize(("stage", "tone"), WORDINGS)
def test_a_stage_reads_in_a_tone_as_it_was_approved(stage: str, tone: Tone) -> None:
    parts = [
        _both(title, account, a_reminder(account, stage, tone))
        for title, account in (("One invoice", an_account()), ("Several invoices", several_invoices()))
    ]
    _same_as_golden(f"{stage}.{tone}.txt", "\n\n".join(parts))


@pytest.mark.parametrize(("stage", "tone"), [("overdue_21", Tone.FINAL), (THANK_YOU, Tone.FRIENDLY)])
def test_the_html_of_an_email_is_as_it_was_approved(stage: str, tone: Tone) -> None:
    account = several_invoices()
    _same_as_golden(
        f"{stage}.{tone}.html", a_wording().render(account, a_reminder(account, stage, tone)).html
    )


def test_what_a_message_mentions_besides_reads_as_it_was_approved() -> None:
    one, planned, mixed = an_account(), an_account_on_a_plan(), an_account_of_all_ages()
    before = datetime(2026, 2, 10, 12, tzinfo=UTC)
    late = datetime(2026, 3, 24, 12, tzinfo=UTC)
    readings = (
        _both("A discount", one, a_reminder(one, "before_due", Tone.FRIENDLY, at=before)),
        _both("An instalment", planned, asking_for_the_instalment(planned, at=late)),
        _both("An older and a younger invoice", mixed, a_reminder(mixed, "overdue_3")),
    )
    _same_as_golden("mentions.txt", "\n\n".join(readings))


@pytest.mark.parametrize(("language", "country"), [("de", "DE"), ("en", "US"), ("es", "ES"), ("fr", "FR")])
def test_every_wording_reads_in_every_language_as_it_was_approved(language: str, country: str) -> None:
    readings: dict[str, list[str]] = {}
    for sample in sample_messages(POLICY, language, country, "USD" if country == "US" else "EUR", "§ 4"):
        if sample.title.endswith(_READ):
            words = a_wording().render(sample.account, sample.reminder)
            subject = f"Subject: {words.subject}\n\n" if words.subject else ""
            name = sample.reminder.wording or sample.reminder.stage
            said = f"=== {sample.title}, {sample.reminder.channel}\n{subject}{words.text}"
            readings.setdefault(name, []).append(said)
    folder = GOLDEN / f"{language}-{country}"
    folder.mkdir(exist_ok=True)
    for name, parts in readings.items():
        _same_as_golden(f"{folder.name}/{name}.txt", "\n\n".join(parts))
    assert {path.stem for path in folder.iterdir()} == readings.keys()


def test_there_is_no_approved_reading_of_a_wording_that_is_gone() -> None:
    known = {f"{stage}.{tone}" for stage, tone in WORDINGS} | {"mentions"}
    assert {path.stem for path in GOLDEN.iterdir() if path.is_file()} == known
