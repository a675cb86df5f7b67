"""What each function is told by its environment: one frozen model per function, built once, never at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class SettingsError(ValueError):
    """The environment lacks something or holds something wrong; the message lists the variables."""


def _zone(value: object) -> object:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not an IANA time zone such as Europe/London") from None
    return value


class Settings(BaseModel):
    """What every function is told. `sandbox` lets the clock be moved."""

    # A function is told one of these models: the others need not be built.
    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True, defer_build=True)

    table_name: str
    sandbox: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the fields' upper-case names. Raises SettingsError naming every variable that is wrong."""
        given = os.environ if environment is None else environment
        values = {name: given[name.upper()] for name in cls.model_fields if name.upper() in given}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            faults = (f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
            raise SettingsError("; ".join(faults)) from error


class DecidingSettings(Settings):
    """What it takes to decide: where the business is, its policy and wording, and whether it sends SMS.

    `region_code` is what follows the country in an ISO 3166-2 code.
    """

    timezone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    country: str = ""
    region_code: str = ""
    templates_dir: Path
    twilio_messaging_service_sid: str = ""


class ImportInvoicesSettings(DecidingSettings):
    """Where reports go and who is told of them, and what holds for files that do not say so themselves.

    The latter are the settings of uploads as an admin writes them, empty for none.
    """

    report_bucket: str
    import_queue_url: str
    from_address: str
    business_name: str
    report_address: str = ""
    currency: str = ""
    date_order: str = ""
    terms_days: str = ""
    import_profile: str = ""

    @property
    def of_uploads(self) -> Mapping[str, str]:
        """The settings of uploads, by the names that an upload may give them itself."""
        return {
            "currency": self.currency,
            "date_order": self.date_order,
            "terms_days": self.terms_days,
            "profile": self.import_profile,
            "country": self.country,
        }


class PlanRemindersSettings(DecidingSettings):
    """Where due accounts are queued, at most how many by one run, and what the rules are.

    A person is asked before more than `ask_above` clients are written to in a day, if that is unusual.

    After a change of the rules every account is looked at.
    """

    send_queue_url: str
    accounts_per_run: Annotated[int, Field(ge=1)]
    ask_above: Annotated[int, Field(ge=1)]

    @property
    def of_deciding(self) -> tuple[object, ...]:
        """The settings that change what is decided."""
        sends_sms = bool(self.twilio_messaging_service_sid)
        return self.timezone, self.country, self.region_code, self.sandbox, sends_sms


class SendRemindersSettings(DecidingSettings):
    """Who writes, through which providers, and where answers go; how many do so at the same time.

    In a `dry_run` nothing is handed to a provider. `language` is the business's own (BCP 47).
    """

    language: str = "en"
    from_address: str
    business_name: str
    reply_domain: str = ""
    configuration_set: str
    public_url: str
    twilio_base_url: str = ""
    twilio_secret_id: str
    link_secret_id: str
    send_concurrency: Annotated[int, Field(ge=1)]
    document_bucket: str = ""
    dry_run: bool = False


class SweepOutcomesSettings(DecidingSettings):
    """Where SMS are looked for."""

    twilio_base_url: str = ""
    twilio_secret_id: str


class ReceiveWebhooksSettings(DecidingSettings):
    """The URL that was given to Twilio, and the secrets that webhooks are signed with; where answers are queued.

    `language` is the business's own (BCP 47).
    """

    language: str = "en"
    public_url: str
    send_queue_url: str
    business_name: str
    link_secret_id: str
    stripe_secret_id: str
    second_reader_model: str = ""
    twilio_secret_id: str
    payments_secret_id: str


class ReceiveEmailSettings(DecidingSettings):
    """Where answers are queued, and the secret that reply addresses are signed with."""

    send_queue_url: str
    link_secret_id: str
    second_reader_model: str = ""


class TrackDeliverySettings(DecidingSettings):
    """Only what is needed to schedule the next action."""


class SendDigestSettings(DecidingSettings):
    """Who writes the digest, and to whom."""

    from_address: str
    business_name: str
    report_address: str = ""


class DocumentSettings(DecidingSettings):
    """In whose name is printed, and called. `language` is the business's own (BCP 47)."""

    language: str = "en"
    from_address: str
    business_name: str


class MakeDocumentsSettings(DocumentSettings):
    """Where documents are kept."""

    document_bucket: str


class OrderDocumentsSettings(Settings):
    """Where documents are ordered."""

    document_queue_url: str


class DeadLettersSettings(Settings):
    """The queues that functions read from, and those of what they gave up on: the command line's, by the outputs."""

    import_queue_url: str
    send_queue_url: str
    delivery_queue_url: str
    mail_queue_url: str
    document_queue_url: str
    import_dead_letters_url: str
    plan_dead_letters_url: str
    sweep_dead_letters_url: str
    send_dead_letters_url: str
    delivery_dead_letters_url: str
    mail_dead_letters_url: str
    digest_dead_letters_url: str
    document_dead_letters_url: str
