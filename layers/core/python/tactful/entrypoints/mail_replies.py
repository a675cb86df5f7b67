"""What clients answer by e-mail: SES has put it into a bucket, and the bucket tells of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tactful.adapters.mail import Mail, UnreadableMailError, read_mail
from tactful.adapters.s3 import S3Mail
from tactful.adapters.signatures import reminder_of_reply, reply_addresses_in
from tactful.application.ports import Clock
from tactful.application.receive_reply import InboundMessage, ReceiveReply
from tactful.application.unsubscribe import Unsubscribe
from tactful.domain.book.account import SuppressionReason
from tactful.domain.book.customer import Channel
from tactful.domain.replies.message import Intent

_COMPLAINT = "feedback-report"
# A report says whom it is about near its beginning, or in the headers of the message that it returns.
_SEARCHED = 200_000


_UNPROVEN = "nothing proves that the mail comes from its sender: no signed address, no DMARC"


class Taken(StrEnum):
    """What became of an e-mail."""

    RECEIVED = "received"
    DOUBTFUL = "doubtful"
    COMPLAINT = "complaint"
    VIRUS = "virus"
    SPAM = "spam"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class MailReplies:
    """Takes e-mails one by one. `keys` sign the addresses that replies go to, and are read when first needed."""

    mails: S3Mail
    replies: ReceiveReply
    complaints: Unsubscribe
    keys: Callable[[], Iterable[bytes]]
    clock: Clock

    def take(self, bucket: str, key: str) -> tuple[Taken, Intent | None]:
        """Take an e-mail; the same one again changes nothing. Raises StoreUnavailableError: it must come again."""
        raw = self.mails.read(bucket, key)
        if raw is None:
            return Taken.GONE, None
        try:
            mail = read_mail(raw)
        except UnreadableMailError as error:
            mail = Mail("", "", (), "")
            return self._received(mail, key, "", str(error))
        keys = tuple(self.keys())
        reminder_id = next(filter(None, (reminder_of_reply(one, keys) for one in mail.recipients)), "")
        if mail.virus == "fail":
            return Taken.VIRUS, None
        if mail.report == _COMPLAINT and not _doubt(mail):
            about = next(
                filter(None, (reminder_of_reply(one, keys) for one in reply_addresses_in(raw[:_SEARCHED]))),
                "",
            )
            if about and self.complaints.unsubscribe(about, SuppressionReason.COMPLAINT):
                return Taken.COMPLAINT, None
            return self._received(mail, key, reminder_id, "a complaint about one of our e-mails")
        if mail.spam == "fail" and not reminder_id:
            return Taken.SPAM, None
        return self._received(mail, key, reminder_id, _doubt(mail))

    def _received(self, mail: Mail, key: str, reminder_id: str, doubt: str) -> tuple[Taken, Intent]:
        more = [("subject", mail.headers.get("Subject", ""))]
        if mail.attachments:
            more.append(("attachments", ", ".join(mail.attachments[:10])))
        received = self.replies.receive(
            InboundMessage(
                id=_id(mail, key),
                channel=Channel.EMAIL,
                address=mail.sender or "unknown",
                text=mail.text,
                at=self.clock.now(),
                fields=(("mail", key),),
                reminder_id=reminder_id,
                references=mail.references,
                headers=mail.headers,
                more=tuple(fact for fact in more if fact[1]),
                doubtful=doubt,
                unproven="" if reminder_id or mail.dmarc == "pass" else _UNPROVEN,
            )
        )
        return Taken.DOUBTFUL if doubt else Taken.RECEIVED, received.understood


def _doubt(mail: Mail) -> str:
    """Why a mail may not come from whom it says, or should not be believed; empty if nothing speaks against it."""
    if mail.dmarc in ("fail", "temperror", "permerror"):
        return "the mail does not prove that it comes from its sender (DMARC)"
    if mail.spam == "fail":
        return "the mail looks like spam"
    return "" if mail.sender else "the mail does not say who wrote it"


def _id(mail: Mail, key: str) -> str:
    """The same for a mail that is delivered twice; its sender's part keeps strangers from taking another's."""
    if not mail.message_id:
        return key.rpartition("/")[2]
    return hashlib.sha256(f"{mail.message_id}|{mail.sender.casefold()}".encode()).hexdigest()[:32]
