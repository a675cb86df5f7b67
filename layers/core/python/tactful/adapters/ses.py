"""E-mail through Amazon SES (API version 2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import Header
from email.utils import formataddr
from typing import Any, Protocol

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProxyConnectionError,
)
from email_validator import EmailNotValidError, validate_email

from tactful.adapters.signatures import reply_address, unsubscribe_token
from tactful.application.ports import (
    TOO_LATE,
    Accepted,
    Attachment,
    OutcomeUnknown,
    Outgoing,
    Refusal,
    Refused,
    SendOutcome,
)
from tactful.application.sending_ports import MailAccount, MailQuota

# The name of the tag that SES returns in every event about the message.
REMINDER_TAG = "reminder_id"

# Every error SendEmail is modelled to give, and those common to all AWS actions. None of them sends anything.
REFUSALS: Mapping[str, Refusal] = {
    "TooManyRequestsException": Refusal.RETRY_LATER,
    "LimitExceededException": Refusal.RETRY_LATER,
    "ThrottlingException": Refusal.RETRY_LATER,
    "Throttling": Refusal.RETRY_LATER,
    "RequestExpired": Refusal.RETRY_LATER,
    "AccountSuspendedException": Refusal.CONFIGURATION,
    "SendingPausedException": Refusal.CONFIGURATION,
    "MailFromDomainNotVerifiedException": Refusal.CONFIGURATION,
    "NotFoundException": Refusal.CONFIGURATION,
    "AccessDeniedException": Refusal.CONFIGURATION,
    "ExpiredTokenException": Refusal.CONFIGURATION,
    "IncompleteSignature": Refusal.CONFIGURATION,
    "InvalidClientTokenId": Refusal.CONFIGURATION,
    "InvalidSignatureException": Refusal.CONFIGURATION,
    "MissingAuthenticationToken": Refusal.CONFIGURATION,
    "OptInRequired": Refusal.CONFIGURATION,
    "SignatureDoesNotMatch": Refusal.CONFIGURATION,
    "UnrecognizedClientException": Refusal.CONFIGURATION,
    "BadRequestException": Refusal.MESSAGE,
    "MessageRejected": Refusal.MESSAGE,
    "ValidationException": Refusal.MESSAGE,
}

# One error name stands for several faults, which only its text tells apart: (part of the text, what it means,
# its name). A used-up day needs a person as much as a wrong setting does: it lasts for hours.
_TOLD_BY_TEXT = (
    ("daily message quota exceeded", Refusal.CONFIGURATION, "DailyQuotaExceeded"),
    ("email address is not verified", Refusal.CONFIGURATION, "EmailAddressNotVerified"),
)
_AMBIGUOUS = frozenset({"LimitExceededException", "ThrottlingException", "Throttling", "MessageRejected"})

_BY_STATUS = {401: Refusal.CONFIGURATION, 403: Refusal.CONFIGURATION, 429: Refusal.RETRY_LATER}
_REQUEST_TIMEOUT = 408

# What is raised before the first byte of the request is sent.
_BEFORE_SENDING: Mapping[type[Exception], Refusal] = {
    ConnectTimeoutError: Refusal.RETRY_LATER,
    EndpointConnectionError: Refusal.RETRY_LATER,
    ProxyConnectionError: Refusal.RETRY_LATER,
    CredentialRetrievalError: Refusal.RETRY_LATER,
    NoCredentialsError: Refusal.CONFIGURATION,
    PartialCredentialsError: Refusal.CONFIGURATION,
    NoRegionError: Refusal.CONFIGURATION,
}


class SesClient(Protocol):
    """The part of boto3's `sesv2` client that is used here."""

    def send_email(self, **request: object) -> Mapping[str, object]: ...


def ses_client(
    *, endpoint_url: str | None = None, connect_timeout: float = 3, read_timeout: float = 10
) -> SesClient:
    """A `sesv2` client that sends each request once. Timeouts are seconds.

    SES has no idempotency token, and boto3 by itself repeats a request whose answer was lost: three mails.
    """
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        # Left to itself the client puts its name together anew for every request, a quarter of what one costs, and
        # compares the request that we build with the service's model.
        user_agent="tactful",
        parameter_validation=False,
    )
    client: SesClient = boto3.client("sesv2", endpoint_url=endpoint_url, config=config)
    return client


class SesAccountClient(Protocol):
    """The part of boto3's `sesv2` client that tells of the account."""

    def get_account(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class SesAccount(MailAccount):
    """The account's sending limits (Amazon SES developer guide, "Managing your sending limits"; -1 is no limit)."""

    client: SesAccountClient

    def quota(self) -> MailQuota | None:
        try:
            account = self.client.get_account()
            quota = account["SendQuota"]
            most, sent = float(quota["Max24HourSend"]), float(quota["SentLast24Hours"])
            per_minute = int(60 * float(quota["MaxSendRate"]))
        except Exception:  # noqa: BLE001 - whatever SES does, its refusals still keep us within its limits
            return None
        if not account.get("SendingEnabled", True):
            return MailQuota(per_minute, 0)
        return MailQuota(per_minute, None if most < 0 else max(0, int(most - sent)))


@dataclass(frozen=True, slots=True)
class SesSender:
    """Sends e-mail.

    Answers go to a signed address at `reply_domain`, which SES must receive mail for; without one, to
    `from_address`. With a `public_url`, mail programs offer to unsubscribe by one click there (RFC 8058).
    """

    client: SesClient
    from_address: str
    business_name: str
    reply_key: bytes = field(repr=False)
    reply_domain: str = ""
    configuration_set: str = ""
    public_url: str = ""

    def send(self, message: Outgoing) -> SendOutcome:
        """Hand a message over exactly once. Never raises for anything SES does."""
        if refused := self._refused_by_us(message):
            return refused
        try:
            recipient = _ascii_address(message.address)
        except EmailNotValidError:
            return Refused(Refusal.ADDRESS, "invalid_address")
        try:
            sender = _ascii_address(self.from_address)
        except EmailNotValidError:
            return Refused(Refusal.CONFIGURATION, "invalid_from_address")
        request = self._request(message, sender, recipient)
        try:
            response = self.client.send_email(**request)
        except ClientError as error:
            return _refused_by_ses(error)
        except Exception as error:  # noqa: BLE001 - anything else may have happened after the message left
            return _failed(error)
        message_id = response.get("MessageId")
        if isinstance(message_id, str) and message_id:
            return Accepted(message_id)
        return OutcomeUnknown("no_message_id")

    def _headers(self, reminder_id: str) -> list[tuple[str, str]]:
        headers = [("Auto-Submitted", "auto-generated")]
        if self.public_url:
            token = unsubscribe_token(reminder_id, self.reply_key)
            headers += [
                ("List-Unsubscribe", f"<{self.public_url}/unsubscribe?t={token}>"),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ]
        return headers

    def _refused_by_us(self, message: Outgoing) -> Refused | None:
        if message.latest <= message.now:
            return Refused(Refusal.RETRY_LATER, TOO_LATE)
        # Refused, not cleaned: a name that smuggles a header line is a fault somebody has to see.
        if _has_control_characters(self.business_name):
            return Refused(Refusal.CONFIGURATION, "control_characters_in_business_name")
        if _has_control_characters(message.words.subject):
            return Refused(Refusal.MESSAGE, "control_characters_in_header")
        return None

    def _request(self, message: Outgoing, sender: str, recipient: str) -> dict[str, object]:
        words = message.words
        body = {"Text": _utf8(words.text)} | ({"Html": _utf8(words.html)} if words.html else {})
        reply_to = sender
        if self.reply_domain:
            reply_to = reply_address(message.reminder_id, self.reply_domain, self.reply_key)
        request: dict[str, object] = {
            "FromEmailAddress": _mailbox(self.business_name, sender),
            "Destination": {"ToAddresses": [recipient]},
            "ReplyToAddresses": [reply_to],
            "Content": {
                "Simple": {
                    "Subject": _utf8(words.subject),
                    "Body": body,
                    "Headers": [
                        {"Name": name, "Value": value} for name, value in self._headers(message.reminder_id)
                    ],
                }
                | _attached(words.attachments)
            },
            "EmailTags": [{"Name": REMINDER_TAG, "Value": message.reminder_id}],
        }
        if self.configuration_set:
            request["ConfigurationSetName"] = self.configuration_set
        return request


def _attached(attachments: tuple[Attachment, ...]) -> dict[str, object]:
    """The files of a message, as SendEmail takes them in a simple message."""
    files = [
        {
            "RawContent": file.content,
            "FileName": file.name,
            "ContentType": file.media_type,
            "ContentDisposition": "INLINE" if file.content_id else "ATTACHMENT",
            "ContentTransferEncoding": "BASE64",
        }
        | ({"ContentId": file.content_id} if file.content_id else {})
        for file in attachments
    ]
    return {"Attachments": files} if files else {}


def _refused_by_ses(error: ClientError) -> SendOutcome:
    fault = error.response.get("Error", {})
    code = str(fault.get("Code") or "Unknown")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    client_fault = 400 <= status < 500 and status != _REQUEST_TIMEOUT  # noqa: PLR2004 - HTTP's own classes
    if not client_fault:
        return OutcomeUnknown(code)
    if code in _AMBIGUOUS:
        text = str(fault.get("Message", "")).lower()
        for part, refusal, name in _TOLD_BY_TEXT:
            if part in text:
                return Refused(refusal, name)
    return Refused(REFUSALS.get(code) or _BY_STATUS.get(status, Refusal.MESSAGE), code)


def _failed(error: Exception) -> SendOutcome:
    code = type(error).__name__
    for kind, refusal in _BEFORE_SENDING.items():
        if isinstance(error, kind):
            return Refused(refusal, code)
    return OutcomeUnknown(code)


def _ascii_address(address: str) -> str:
    """The address as SES takes it: an ASCII local part, the domain in Punycode. Raises EmailNotValidError."""
    checked = validate_email(
        address, allow_smtputf8=False, check_deliverability=False, globally_deliverable=False
    )
    return checked.ascii_email or address


def _mailbox(name: str, address: str) -> str:
    if name.isascii():
        return formataddr((name, address))
    # A long name becomes several encoded words (RFC 2047 allows 75 characters each) on one line.
    return f"{Header(name, 'utf-8').encode(linesep='')} <{address}>"


def _has_control_characters(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text)


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}
