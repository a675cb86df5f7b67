"""Every wording as it reads, in files to be read by people.

After changing words, run `UPDATE_GOLDEN=1 pytest tests/rendering/test_golden.py` and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tactful.domain.book.contact_log import THANK_YOU, Tone
from tactful.domain.book.customer import Channel
from tests.rendering.samples import WORDINGS, a_reminder, a_wording, an_account, several_invoices

GOLDEN = Path(__file__).parent / "golden"


def _same_as_golden(name: str, rendered: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(rendered, encoding="utf-8")
    assert rendered == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("stage", "tone"), WORDINGS)
def test_a_stage_reads_in_a_tone_as_it_was_approved(stage: str, tone: Tone) -> None:
    wording = a_wording()
    parts = []
    for title, account in (("One invoice", an_account()), ("Several invoices", several_invoices())):
        sms = wording.render(account, a_reminder(account, stage, tone, Channel.SMS))
        email = wording.render(account, a_reminder(account, stage, tone, Channel.EMAIL))
        parts.append(
            f"=== {title}, SMS\n{sms.text}\n\n=== {title}, e-mail\nSubject: {email.subject}\n\n{email.text}"
        )
    _same_as_golden(f"{stage}.{tone}.txt", "\n\n".join(parts))


@pytest.mark.parametrize(("stage", "tone"), [("overdue_21", Tone.FINAL), (THANK_YOU, Tone.FRIENDLY)])
def test_the_html_of_an_email_is_as_it_was_approved(stage: str, tone: Tone) -> None:
    account = several_invoices()
    _same_as_golden(
        f"{stage}.{tone}.html", a_wording().render(account, a_reminder(account, stage, tone)).html
    )


def test_there_is_no_approved_reading_of_a_wording_that_is_gone() -> None:
    known = {f"{stage}.{tone}" for stage, tone in WORDINGS}
    assert {path.stem for path in GOLDEN.iterdir()} == known
