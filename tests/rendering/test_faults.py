"""A wording that cannot be sent is refused, and the refusal names the template and the fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tactful.application.ports import WordingError
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tests.rendering.samples import TEMPLATES, a_reminder, a_wording, an_account, an_invoice


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))


def refusal(templates: Path, channel: Channel = Channel.EMAIL, *, business: str = "Acme Ltd") -> str:
    account = an_account()
    with pytest.raises(WordingError) as caught:
        a_wording(business, templates=templates).render(account, a_reminder(account, channel=channel))
    return str(caught.value)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_missing_template_is_named(templates: Path) -> None:
    (templates / "words/en/email/overdue_3/neutral.j2").unlink()
    assert refusal(templates) == (
        "email/overdue_3/neutral.j2: there is no such template in the client's language or yours; add it"
    )


def test_a_missing_layout_is_named(templates: Path) -> None:
    (templates / "sms/layout.txt.j2").unlink()
    assert refusal(templates, Channel.SMS) == "sms/layout.txt.j2: there is no such template; add it"


def test_a_stage_of_a_persons_own_policy_without_wording_is_named(templates: Path) -> None:
    account = an_account()
    with pytest.raises(WordingError, match=r"^email/overdue_45/firm\.j2: there is no such template"):
        a_wording(templates=templates).render(account, a_reminder(account, "overdue_45", Tone.FIRM))


@pytest.mark.parametrize(
    ("mistake", "fault"),
    [
        ("{{ custmer_name }}", "words/en/email/overdue_3/neutral.j2, line 6: 'custmer_name' is undefined"),
        ("{{ earliest.colour }}", "words/en/email/overdue_3/neutral.j2, line 6: "),
        ("{{ 1 / 0 }}", "words/en/email/overdue_3/neutral.j2, line 6: division by zero"),
        ("{{ count + business }}", "words/en/email/overdue_3/neutral.j2, line 6: unsupported operand"),
        ("{{ business.__class__ }}", "words/en/email/overdue_3/neutral.j2, line 6: "),
        ("{% if count %}", "words/en/email/overdue_3/neutral.j2, line 9: "),
        ("{% include 'phrase.j2' %}", "phrase.j2: there is no such template; add it"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(templates: Path, mistake: str, fault: str) -> None:
    edit(templates / "words/en/email/overdue_3/neutral.j2", "Our records show", mistake)
    assert refusal(templates).startswith(fault)


def test_an_email_without_a_block_of_its_layout_is_refused(templates: Path) -> None:
    edit(templates / "words/en/email/overdue_3/neutral.j2", "{% block closing %}", "{% block ending %}")
    assert "closing" in refusal(templates)


def test_an_email_without_a_subject_is_refused(templates: Path) -> None:
    (templates / "email/subject.txt.j2").write_text("\n", encoding="utf-8")
    assert refusal(templates) == "email/overdue_3/neutral.j2: the subject is empty; give it words"


def test_a_template_cannot_read_a_file_outside_of_its_folder(templates: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    edit(templates / "words/en/email/overdue_3/neutral.j2", "Our records show", "{% include '../secret' %}")
    assert "there is no such template" in refusal(templates)


@pytest.mark.parametrize("letter", ["山", "🙂"])
def test_an_sms_wording_with_a_letter_that_has_no_plain_spelling_is_refused(
    templates: Path, letter: str
) -> None:
    edit(templates / "words/en/phrases.j2", "Questions?", f"Questions{letter}")
    fault = f"sms/overdue_3/neutral.txt.j2: {letter} cannot be sent by SMS; use plain letters and signs"
    assert refusal(templates, Channel.SMS) == fault


@pytest.mark.parametrize(("letter", "plain"), [("’", "'"), ("—", "-"), ("ą", "a"), ("ê", "e"), ("€", "EUR")])
def test_an_sms_wording_is_spelled_in_letters_that_do_not_double_its_price(
    templates: Path, letter: str, plain: str
) -> None:
    edit(templates / "words/en/phrases.j2", "Questions?", f"Questions{letter}")
    account = an_account()
    words = a_wording(templates=templates).render(account, a_reminder(account, channel=Channel.SMS))
    assert f"Questions{plain} Just reply." in words.text


def test_an_sms_wording_of_more_than_two_segments_is_refused(templates: Path) -> None:
    edit(templates / "words/en/phrases.j2", "Questions?", "Questions? " + "Really, do ask. " * 15)
    assert "3 segments, 2 are allowed; shorten it" in refusal(templates, Channel.SMS)


def test_an_sms_wording_without_a_way_to_opt_out_is_refused(templates: Path) -> None:
    edit(templates / "words/en/phrases.j2", "Reply STOP to opt out", "")
    assert "does not say how to opt out" in refusal(templates, Channel.SMS)


def test_a_business_whose_name_cannot_be_spelled_in_an_sms_is_told_so() -> None:
    assert refusal(TEMPLATES, Channel.SMS, business="Ромашка") == (
        "the business's name cannot be spelled in an SMS; give it in Latin letters"
    )


def test_nothing_is_asked_for_in_a_currency_that_nobody_can_say_how_to_pay() -> None:
    account = an_account(an_invoice(currency="CHF"))
    with pytest.raises(WordingError, match="pay_to does not say how CHF is paid"):
        a_wording().render(account, a_reminder(account))


def test_a_step_for_a_person_has_no_wording() -> None:
    account = an_account()
    with pytest.raises(WordingError, match="channel person has no wording"):
        a_wording().render(account, a_reminder(account, channel=Channel.PERSON))
