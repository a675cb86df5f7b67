"""A month of conversation on a deployed stack: each client answers the first reminder in its own way."""

from __future__ import annotations

from email.message import EmailMessage

from tactful.adapters.signatures import reply_address
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.customer import Channel
from tests.e2e.town import Client, Town

TUESDAY = "2026-03-10T10:00:00+00:00"
WEEKS = (
    "2026-03-17T12:00:00+00:00",
    "2026-03-24T12:00:00+00:00",
    "2026-03-31T12:00:00+00:00",
    "2026-04-07T12:00:00+00:00",
)

SAID = {
    "promise": "I will pay on Friday",
    "vague": "will pay soon",
    "claim": "already paid yesterday, ref ABC123",
    "dispute": "this invoice is wrong, we never ordered that",
    "hardship": "I lost my job and cannot pay",
    "legal": "talk to my lawyer, this goes to court",
    "plan": "can I pay in three instalments?",
    "call": "please call me",
    "details": "what are your bank details?",
    "opt_out": "please stop texting me",
    "thanks": "thanks!",
}
ANSWERED = {
    "promise": "Reply CHANGE",
    "vague": "reply with a date",
    "claim": "look for your payment",
    "dispute": "looking into it",
    "hardship": "find a way",
    "plan": "Someone will read it",
    "call": "Someone will read it",
    "details": "Account number",
}
TASKS = {
    "claim": ["match_payment"],
    "dispute": ["dispute"],
    "hardship": ["hardship"],
    "legal": ["legal"],
    "plan": ["payment_plan"],
    "call": ["call_back"],
}
SILENT_FOR_A_MONTH = ("dispute", "hardship", "legal", "opt_out")


def test_a_month_of_conversation_by_sms(town: Town) -> None:
    clients = {name: town.client(due="2026-03-07", email=False) for name in SAID}
    town.at(TUESDAY)
    for client in clients.values():
        town.reminders(client, 1)
    for name, client in clients.items():
        assert town.says(client, SAID[name]) == 200
    for name, client in clients.items():
        expected = 2 if name in ANSWERED else 1
        town.reminders(client, expected)
        texts = town.texts_to(client)
        assert len(texts) == expected, (name, texts)
        if name in ANSWERED:
            assert ANSWERED[name] in texts[-1], (name, texts)
        assert town.tasks_of(client) == TASKS.get(name, []), name
    assert town.account(clients["promise"]).promises[0].promised_date.isoformat() == "2026-03-13"
    for week in WEEKS:
        town.at(week)
        town.settle()
    for name in SILENT_FOR_A_MONTH:
        assert len(town.texts_to(clients[name])) == (2 if name in ANSWERED else 1), name
    broken = town.reminders(clients["promise"], 3)[2]
    assert (str(broken.promised), broken.is_courtesy) == ("2026-03-13", False)
    for name in ("vague", "claim", "thanks", "details"):
        chased = [step for step in town.account(clients[name]).reminders if not step.is_courtesy]
        assert len(chased) > 1, name


def _writes(town: Town, client: Client, text: str, *, key: str, dmarc: str = "pass") -> None:
    """An e-mail to the signed address of the last one, as SES puts it into the bucket."""
    (secret,) = [
        town.stack.aws.client("secretsmanager").get_secret_value(SecretId=town.stack.outputs.link_secret_id)[
            "SecretString"
        ]
    ]
    reminder = [step for step in town.account(client).reminders if step.channel is Channel.EMAIL][-1]
    mail = EmailMessage()
    mail["Authentication-Results"] = f"amazonses.com; dmarc={dmarc}"
    mail["From"], mail["Subject"], mail["Message-ID"] = client.email, "Re: Invoice", f"<{key}@client.example>"
    mail["To"] = reply_address(reminder.id, "reply.acme.example", secret.encode())
    mail.set_content(text)
    town.stack.aws.client("s3").put_object(
        Bucket=town.stack.outputs.mail_bucket_name, Key=f"mail/{key}", Body=mail.as_bytes()
    )


def test_an_email_is_understood_answered_and_believed_only_from_whom_it_comes(town: Town) -> None:
    client, forged = town.client(due="2026-03-07", phone=False), town.client(due="2026-03-07", phone=False)
    town.at(TUESDAY)
    town.reminders(client, 1)
    town.reminders(forged, 1)
    _writes(town, forged, "unsubscribe", key=f"forged-{forged.customer_id}", dmarc="fail")
    _writes(town, client, "Hello,\nwe will pay on Friday.\nRegards\nAnn", key=f"promise-{client.customer_id}")
    _, answer = town.reminders(client, 2)
    assert answer.wording == "answer_promise_noted"
    assert len(town.emails_to(client)) == 2
    _writes(town, client, "we dispute this, the goods never arrived", key=f"dispute-{client.customer_id}")
    town.until(lambda: True if town.account(client).holds else None)
    assert [hold.kind for hold in town.account(client).holds] == [HoldKind.DISPUTE]
    town.until(
        lambda: True if any(task.kind == "unmatched_reply" for task in town.tasks_of_nobody()) else None
    )
    assert not town.account(forged).is_suppressed(Channel.EMAIL, forged.email)
