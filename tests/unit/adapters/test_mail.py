from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters.mail import UnreadableMailError, read_mail

HEADERS = b"From: Ann <ann@client.example>\nTo: reply@acme.example\n"


def html(body: str) -> bytes:
    return HEADERS + b"Content-Type: text/html; charset=utf-8\n\n" + body.encode()


def test_a_mail_says_who_wrote_what_and_to_what_it_is_an_answer() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = (
        "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} <z@b.example>",
        "a@b.example",
        "c@d.example",
    )
    mail["Subject"], mail["Message-ID"] = "\N{EURO SIGN} 5", "<one@b.example>"
    mail["In-Reply-To"], mail["References"] = (
        "<two@eu-west-1.amazonses.com>",
        "<three@x.example> <two@x.example>",
    )
    mail.set_content("Hello\n")
    mail.add_alternative("<p>Hello</p>", subtype="html")
    read = read_mail(mail.as_bytes())
    assert (read.sender, read.recipients) == ("z@b.example", ("a@b.example", "c@d.example"))
    assert (read.message_id, read.references) == ("one", ("two", "three"))
    assert (read.text.strip(), read.headers["Subject"]) == ("Hello", "\N{EURO SIGN} 5")


def test_a_mail_with_two_senders_has_none_that_could_be_believed() -> None:
    assert read_mail(b"From: a@b.example, c@d.example\n\nstop").sender == ""


def test_the_words_of_html_are_its_lines_without_quotes_and_code() -> None:
    page = (
        "<style>b{}</style><p>Dear&nbsp;all,<br>we will <b>pay</b></p><ul><li>soon</li></ul>"
        "<blockquote>reply STOP</blockquote><script>stop()</script>"
    )
    assert [line for line in read_mail(html(page)).text.splitlines() if line] == [
        "Dear all,",
        "we will pay",
        "soon",
    ]


def test_outlook_puts_what_it_quotes_below_a_line() -> None:
    page = '<div>ok</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: us</div><div>reply STOP</div>'
    assert read_mail(html(page)).text.strip() == "ok"


def test_a_forwarded_mail_inside_is_an_attachment_and_not_what_the_client_says() -> None:
    inner, outer = EmailMessage(), EmailMessage()
    inner.set_content("unsubscribe")
    outer["From"] = "a@b.example"
    outer.set_content("see below")
    outer.add_attachment(inner)
    read = read_mail(outer.as_bytes())
    assert read.text.strip() == "see below"
    assert read.attachments == ("message/rfc822",)


def test_letters_are_read_in_the_charset_that_is_named_or_as_well_as_can_be() -> None:
    for charset in ("iso-8859-1", "no-such-charset", "utf-8"):
        raw = (
            HEADERS
            + f"Content-Type: text/plain; charset={charset}\n\n".encode()
            + "caf\xe9".encode("latin-1")
        )
        assert read_mail(raw).text.startswith("caf")


def test_a_body_of_a_million_letters_and_a_page_nested_without_end_are_cut_short() -> None:
    assert len(read_mail(HEADERS + b"\n" + b"x" * 1_000_000).text) == 200_000
    assert len(read_mail(html("<div>" * 40_000 + "stop")).text) <= 200_000


def test_thousands_of_parts_are_not_all_looked_at() -> None:
    parts = b"".join(b"--b\nContent-Type: application/pdf\n\nx\n" for _ in range(5_000))
    raw = HEADERS + b"Content-Type: multipart/mixed; boundary=b\n\n" + parts + b"--b--"
    assert len(read_mail(raw).attachments) <= 100


def test_a_verdict_in_the_sender_s_address_does_not_count() -> None:
    for said, verdict in (
        ("spf=pass smtp.mailfrom=<dmarc=pass@evil.example>; dmarc=fail header.from=b.example", "fail"),
        ("spf=pass; dmarc=pass header.from=b.example", "pass"),
        ("spf=none", ""),
    ):
        assert (
            read_mail(f"Authentication-Results: amazonses.com; {said}\n".encode() + HEADERS + b"\nx").dmarc
            == verdict
        )


def test_a_page_that_no_parser_takes_is_refused_and_one_of_quotes_alone_is_read_quickly() -> None:
    with suppress(UnreadableMailError):
        read_mail(html("<![x]>STOP"))
    assert read_mail(html("ok" + "<blockquote>" * 16_000 + "reply STOP")).text == "ok"


def test_parts_within_parts_without_end_are_refused() -> None:
    raw = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(300))
    with pytest.raises(UnreadableMailError, match="parts within parts"):
        read_mail(raw)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail_or_are_refused(raw: bytes) -> None:
    with suppress(UnreadableMailError):
        read_mail(raw)
    with suppress(UnreadableMailError):
        read_mail(HEADERS + b"Content-Type: " + raw)


@given(st.text(max_size=200))
def test_any_page_has_words(body: str) -> None:
    read_mail(html(body.encode(errors="replace").decode()))
