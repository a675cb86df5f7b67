"""Who owes, and how they may be reached."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from tactful.domain.book.imported import Imported


class Channel(StrEnum):
    """How a contact is made. PERSON means that somebody of the business does it."""

    EMAIL = "email"
    SMS = "sms"
    PERSON = "person"


class Role(StrEnum):
    """What a contact is for at the customer."""

    BILLING = "billing"
    ESCALATION = "escalation"
    OWNER = "owner"


class Purpose(StrEnum):
    """What the customer buys for. The law protects a person who buys for the household more than a business."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at the customer. `phone` is E.164; an empty string means that there is none.

    `sms_consent` says whether this person agreed to be written to by SMS; None where nobody noted it.
    """

    name: str
    role: Role = Role.BILLING
    email: str = ""
    phone: str = ""
    sms_consent: bool | None = None

    def address(self, channel: Channel) -> str:
        """The address to use on a channel, or an empty string."""
        return {Channel.EMAIL: self.email, Channel.SMS: self.phone}.get(channel, "")


@dataclass(frozen=True, slots=True)
class Customer:
    """Who owes. `timezone` is an IANA name, `country` an ISO 3166 code and `region` the part of an ISO 3166-2 code
    after the country's ("BY", "CA", "SCT"); empty means unknown.

    `stated_at` is when the file that said so was uploaded (UTC). `imported` is no part of who it is: it is kept for
    undoing an import.
    """

    id: str
    name: str
    contacts: tuple[Contact, ...] = ()
    country: str = ""
    timezone: str = ""
    language: str = ""
    segment: str = ""
    stated_at: datetime | None = None
    region: str = ""
    purpose: Purpose = Purpose.UNKNOWN
    imported: Imported[Customer] | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        return account_key(self.id)

    def addresses(self) -> tuple[tuple[Channel, str], ...]:
        """The addresses of all contacts, each once as it is written, in the order of the contacts."""
        pairs = (
            pair
            for contact in self.contacts
            for pair in ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone))
            if pair[1]
        )
        return tuple(dict.fromkeys(pairs))


@lru_cache(maxsize=2**16)
def account_key(customer_id: str) -> str:
    """An opaque, stable key for an account: it may stand in URLs, tags and logs, where a customer's id may not.

    80 bits of SHA-256 in lower-case base 32: two of a million customers share one with a chance below 1e-12.
    """
    return b32encode(hashlib.sha256(customer_id.encode()).digest()[:10]).decode().lower()
