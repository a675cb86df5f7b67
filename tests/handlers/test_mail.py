"""E-mails of clients, as SES puts them into the bucket, through the function that takes them."""

from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any

import pytest

from tactful.adapters.signatures import reply_address
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.customer import Channel
from tests.handlers.world import BUCKET, EMAIL, LINK_KEY, PHONE, World

VERDICTS = (
    "X-SES-Spam-Verdict: {spam}\nX-SES-Virus-Verdict: {virus}\n"
    "Authentication-Results: amazonses.com;\n spf=pass; dmarc={dmarc} header.from=client.example;\n"
)


@pytest.fixture(autouse=True)
def _sent(world: World) -> None:
    """The book, and a reminder by e-mail."""
    world.send(Channel.EMAIL)


def to_us(world: World) -> str:
    return reply_address(world.reminder().id, "reply.acme.example", LINK_KEY.encode())


def a_mail(
    text: str, *, to: str, sender: str = EMAIL, message_id: str = "<m1@client.example>", **more: str
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ann Client <{sender}>", to, "Re: Invoice INV-1"
    mail["Message-ID"] = message_id
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def arrives(
    world: World,
    mail: EmailMessage | bytes,
    *,
    spam: str = "PASS",
    virus: str = "PASS",
    dmarc: str = "pass",
    key: str = "mail/one",
) -> Any:
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    seen = VERDICTS.format(spam=spam, virus=virus, dmarc=dmarc).encode() + raw
    world.aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=seen)
    note = {
        "Records": [
            {"eventTime": "2026-03-16T10:00:00Z", "s3": {"bucket": {"name": BUCKET}, "object": {"key": key}}}
        ]
    }
    return world.run("receive_email", {"Records": [{"messageId": "1", "body": json.dumps(note)}]})


def test_a_promise_by_email_is_noted_and_its_answer_is_queued(world: World) -> None:
    text = "Hi,\n\nwe will pay on Friday.\n\nBest regards\nAnn\n\nOn Mon, Acme Tools wrote:\n> Pay, or reply STOP\n"
    assert arrives(world, a_mail(text, to=to_us(world))) == {"batchItemFailures": []}
    (promise,) = world.account().promises
    assert promise.promised_date.strftime("%A") == "Friday"
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)
    assert [owed.address for owed in world.account().answers] == [EMAIL]
    assert [message["account"] for message in world.queued()] == [world.account().key]


def test_the_same_mail_under_another_key_changes_nothing_more(world: World) -> None:
    for key in ("mail/one", "mail/one", "mail/two"):
        arrives(world, a_mail("please call me", to=to_us(world)), key=key)
    assert world.tasks() == ["call_back"]


def test_a_colleague_who_answers_at_the_signed_address_is_understood_and_the_client_is_answered(
    world: World,
) -> None:
    arrives(
        world,
        a_mail("we dispute this, the goods never arrived", to=to_us(world), sender="bob@private.example"),
    )
    account = world.account()
    assert [hold.kind for hold in account.holds] == [HoldKind.DISPUTE]
    assert [owed.address for owed in account.answers] == [EMAIL]


def test_an_opt_out_of_a_colleague_silences_the_address_that_we_wrote_to(world: World) -> None:
    arrives(
        world, a_mail("please stop sending us these e-mails", to=to_us(world), sender="bob@private.example")
    )
    assert world.is_suppressed(Channel.EMAIL, EMAIL)
    assert not world.is_suppressed(Channel.SMS, PHONE)


def test_a_client_who_writes_to_us_without_the_signed_address_is_known_by_the_sender(world: World) -> None:
    arrives(world, a_mail("please call me", to="billing@acme.example"))
    assert world.tasks() == ["call_back"]


def test_an_address_that_somebody_made_up_is_not_believed(world: World) -> None:
    forged = to_us(world).replace(".", "x.", 1)
    arrives(world, a_mail("stop", to=forged, sender="eve@evil.example"))
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)
    assert world.account().holds == ()


@pytest.mark.parametrize("verdict", ["fail", "temperror"])
def test_what_fails_dmarc_changes_nothing_and_a_person_looks(world: World, verdict: str) -> None:
    arrives(world, a_mail("unsubscribe", to=to_us(world)), dmarc=verdict)
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)
    assert world.tasks() == ["unmatched_reply"]


def test_a_verdict_that_the_sender_wrote_itself_does_not_count(world: World) -> None:
    mail = a_mail("unsubscribe", to=to_us(world), Authentication_Results="amazonses.com; dmarc=pass")
    arrives(world, mail, dmarc="fail")
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)


def test_viruses_and_spam_of_nobody_we_wrote_to_are_dropped(world: World) -> None:
    arrives(world, a_mail("please call me", to=to_us(world)), virus="FAIL")
    arrives(world, a_mail("please call me", to="x@reply.acme.example"), spam="FAIL")
    assert world.tasks() == []


def test_an_automatic_answer_is_never_answered_and_changes_nothing(world: World) -> None:
    mail = a_mail("I am out of the office until 30 March.", to=to_us(world), Auto_Submitted="auto-replied")
    arrives(world, mail)
    assert (world.account().holds, world.account().answers, world.tasks()) == ((), (), [])


def test_html_alone_is_read_without_what_it_quotes(world: World) -> None:
    mail = a_mail("", to=to_us(world))
    mail.set_content(
        "<html><style>p{}</style><p>Please call&nbsp;me.</p>"
        "<div class='gmail_quote'>Acme: reply STOP to stop</div></html>",
        subtype="html",
    )
    arrives(world, mail)
    assert world.tasks() == ["call_back"]
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)


def test_a_mail_of_attachments_alone_goes_to_a_person_who_sees_their_names(world: World) -> None:
    mail = a_mail("", to=to_us(world))
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="remittance.pdf")
    mail.add_attachment(b"TNEF", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    arrives(world, mail)
    assert world.tasks() == ["read_reply"]


def test_a_complaint_report_silences_the_address_that_it_is_about(world: World) -> None:
    report = (
        "From: fbl@provider.example\nTo: abuse@acme.example\nSubject: complaint\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is a complaint.\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
        f"--b\nContent-Type: message/rfc822\n\nReply-To: {to_us(world)}\nSubject: Invoice\n\nHello\n--b--\n"
    )
    arrives(world, report.encode())
    assert world.is_suppressed(Channel.EMAIL, EMAIL)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: =?utf-8?q?=\n\n",
        b"From: a@b.example, c@d.example\nContent-Type: text/plain; charset=nonsense\n\nplease call me",
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--",
        b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2000)),
    ],
)
def test_whatever_arrives_is_taken_once_and_changes_nothing_it_does_not_say(world: World, raw: bytes) -> None:
    assert arrives(world, raw) == {"batchItemFailures": []}
    assert not world.is_suppressed(Channel.EMAIL, EMAIL)


def test_a_mail_that_is_gone_is_no_fault(world: World) -> None:
    note = {
        "Records": [
            {
                "eventTime": "2026-03-16T10:00:00Z",
                "s3": {"bucket": {"name": BUCKET}, "object": {"key": "mail/gone"}},
            }
        ]
    }
    answer = world.run("receive_email", {"Records": [{"messageId": "1", "body": json.dumps(note)}]})
    assert answer == {"batchItemFailures": []}
