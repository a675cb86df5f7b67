"""Documents of the command line and of the function, from a stack's table."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tactful.domain.book.contact_log import ReminderStatus
from tactful.domain.book.customer import Channel
from tactful.entrypoints.cli import FAULT, OK, USAGE, main
from tests.handlers.world import BUCKET, KEY, World

DOCUMENT = ("document", "C-100")


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_statement_is_written_into_a_folder_and_named(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    capsys.readouterr()
    assert main([*DOCUMENT, "--kind", "statement", "--out", str(tmp_path / "new")]) == OK
    (written,) = (tmp_path / "new").iterdir()
    assert capsys.readouterr().out.strip() == str(written)
    assert written.name.startswith("statement-2026-03-16-")
    assert "Invoice INV-1" in words_in(written.read_bytes())


def test_a_final_demand_has_the_address_and_the_day_that_were_named(world: World, tmp_path: Path) -> None:
    world.import_book()
    named = [
        "--address",
        "1 High Street",
        "--address",
        "London",
        "--pay-by",
        "2026-03-30",
        "--language",
        "de",
    ]
    assert main([*DOCUMENT, "--kind", "final-demand", *named, "--out", str(tmp_path)]) == OK
    (written,) = tmp_path.iterdir()
    text = words_in(written.read_bytes())
    assert "Client Ltd 1 High Street London" in text
    assert "30. März 2026" in text.replace("\u00a0", " ")


def test_the_pack_has_every_message_that_was_sent_and_is_json_too(world: World, tmp_path: Path) -> None:
    world.send(Channel.EMAIL)
    assert main([*DOCUMENT, "--kind", "handoff", "--out", str(tmp_path)]) == OK
    facts, pdf = sorted(tmp_path.iterdir())
    assert facts.stem == pdf.stem
    (contact,) = json.loads(facts.read_text())["contacts"]
    assert (contact["stage"], contact["status"]) == ("overdue_10", ReminderStatus.ACCEPTED)
    assert "overdue_10" in words_in(pdf.read_bytes())


def test_a_document_is_ordered_and_made_by_the_function(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    world.queued()
    capsys.readouterr()
    assert main([*DOCUMENT, "--kind", "letter", "--wording", "overdue_10", "--tone", "firm", "--order"]) == OK
    assert capsys.readouterr().out == "ordered: letter of C-100\n"
    (order,) = world.queued()
    assert order == {"account": KEY, "kind": "letter", "wording": "overdue_10", "tone": "firm"}
    answer = world.run("make_documents", {"Records": [{"messageId": "1", "body": json.dumps(order)}]})
    assert answer == {"batchItemFailures": []}
    listed = world.aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"documents/{KEY}/letter/")
    assert listed["KeyCount"] == 1


def test_a_letter_that_was_paid_meanwhile_is_not_made_and_is_no_fault(world: World) -> None:
    world.import_book()
    world.replay("receive_webhooks/payment")
    assert world.replay("make_documents/final_demand") == {"batchItemFailures": []}
    assert world.aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="documents/")["KeyCount"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("document", "C-9", "--kind", "statement"), "there is no such customer"),
        ((*DOCUMENT, "--kind", "letter"), "a letter has a wording and a tone"),
        ((*DOCUMENT, "--kind", "letter", "--wording", "poem", "--tone", "firm"), "email/poem/firm.j2"),
        ((*DOCUMENT, "--kind", "statement", "--tone", "firm"), "has words of its own"),
        ((*DOCUMENT, "--kind", "statement", "--language", "fi"), "there are no words for documents in 'fi'"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    world.import_book()
    assert main([*arguments, "--out", str(tmp_path / "new")]) == FAULT
    assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_kind_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*DOCUMENT, "--kind", "poem"])
    assert ended.value.code == USAGE
    assert "statement" in capsys.readouterr().err


def test_letters_without_a_font_are_told(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.import_book()
    assert main([*DOCUMENT, "--kind", "statement", "--address", "東京", "--out", str(tmp_path)]) == OK
    assert "add a font" in capsys.readouterr().err
