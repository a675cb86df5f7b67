"""The composition root: settings to adapters to use cases, built once per process and never at import."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tactful.settings import (
    ImportInvoicesSettings,
    PlanRemindersSettings,
    ReceiveEmailSettings,
    ReceiveWebhooksSettings,
    SendRemindersSettings,
    SweepOutcomesSettings,
    TrackDeliverySettings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tactful.adapters.dynamodb.table import Table
    from tactful.adapters.s3 import S3Reports
    from tactful.adapters.secrets import Secrets
    from tactful.application.account_events import AccountEvents
    from tactful.application.import_upload import ImportUpload
    from tactful.application.plan_reminders import PlanReminders
    from tactful.application.ports import Clock, MessageSender
    from tactful.application.receive_reply import ReceiveReply
    from tactful.application.reschedule import Reschedule
    from tactful.application.send_reminders import SendReminders
    from tactful.application.sending_ports import SentMessages
    from tactful.application.sweep_outcomes import SweepOutcomes
    from tactful.application.tell_admin import TellAdmin
    from tactful.application.track_delivery import TrackDelivery
    from tactful.domain.book.customer import Channel
    from tactful.entrypoints.mail_replies import MailReplies
    from tactful.entrypoints.webhooks import Webhooks
    from tactful.settings import DecidingSettings, Settings


@cache
def import_upload() -> ImportUpload:
    """The use case of import_invoices."""
    from tactful import imports
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.imports import (
        DynamoBookContents,
        DynamoCustomerDirectory,
        DynamoImportRegister,
    )
    from tactful.adapters.dynamodb.lookups import DynamoBookStatus, DynamoOwingAccounts, DynamoTaskBoard
    from tactful.adapters.fingerprint import fingerprint
    from tactful.adapters.profile_files import load_profiles
    from tactful.adapters.s3 import S3Uploads
    from tactful.adapters.sqs import SqsImportQueue
    from tactful.adapters.upload_settings import FileSettings, stack_defaults
    from tactful.application.import_snapshot import ImportSnapshot
    from tactful.application.import_upload import ImportUpload
    from tactful.application.take_statements import TakeStatements

    settings = ImportInvoicesSettings.from_environment()
    table, events = table_of(settings.table_name), events_of(settings)
    uploads, reports, tasks = S3Uploads(client_of("s3")), reports_of(settings), DynamoTaskBoard(table)
    profiles = settings.templates_dir / "profiles"
    program = fingerprint(Path(imports.__path__[0]), files="*.py")
    return ImportUpload(
        uploads=uploads,
        settings=FileSettings(uploads, stack_defaults(settings.of_uploads)),
        profiles=load_profiles(profiles),
        reports=reports,
        parts=reports,
        register=DynamoImportRegister(table),
        contents=DynamoBookContents(table),
        queue=SqsImportQueue(client_of("sqs"), settings.import_queue_url),
        taking=TakeStatements(events, DynamoAddressBook(table), DynamoCustomerDirectory(table)),
        snapshots=ImportSnapshot(events, DynamoOwingAccounts(table), tasks, tasks),
        book=DynamoBookStatus(table),
        reader=fingerprint(profiles, program),
    )


@cache
def tell_admin() -> TellAdmin:
    """What import_invoices says of a file that it has imported."""
    from tactful.adapters.report_wording import JinjaReportWording
    from tactful.adapters.ses import SesSender, ses_client
    from tactful.application.tell_admin import TellAdmin

    settings = ImportInvoicesSettings.from_environment()
    # Answers go to the from-address, so there is nothing to sign.
    sender = SesSender(ses_client(), settings.from_address, settings.business_name, reply_key=b"")
    return TellAdmin(
        sender=sender,
        wording=JinjaReportWording(settings.templates_dir, settings.business_name),
        reports=reports_of(settings),
        clock=clock_of(settings),
        address=settings.report_address,
    )


@cache
def plan_reminders() -> PlanReminders:
    """The use case of plan_reminders."""
    from tactful.adapters.dynamodb.lookups import DynamoDueIndex, DynamoTaskBoard
    from tactful.adapters.dynamodb.sending import DynamoSendingHealth, DynamoSendingSwitch
    from tactful.adapters.ses import SesAccount
    from tactful.adapters.sqs import SqsWorkQueue
    from tactful.application.plan_reminders import PlanReminders

    settings = PlanRemindersSettings.from_environment()
    table = table_of(settings.table_name)
    return PlanReminders(
        due_index=DynamoDueIndex(table),
        queue=SqsWorkQueue(client_of("sqs"), settings.send_queue_url),
        clock=clock_of(settings),
        most=settings.accounts_per_run,
        mail=SesAccount(client_of("sesv2")),
        switch=DynamoSendingSwitch(table),
        health=DynamoSendingHealth(table),
        tasks=DynamoTaskBoard(table),
        ask_above=settings.ask_above,
    )


@cache
def reschedule() -> Reschedule:
    """What plan_reminders does after the rules have changed."""
    from tactful.adapters.dynamodb.lookups import DynamoOwingAccounts, DynamoRounds
    from tactful.adapters.fingerprint import fingerprint
    from tactful.adapters.sqs import SqsWorkQueue
    from tactful.application.reschedule import Reschedule

    settings = PlanRemindersSettings.from_environment()
    table = table_of(settings.table_name)
    return Reschedule(
        rounds=DynamoRounds(table),
        accounts=DynamoOwingAccounts(table),
        queue=SqsWorkQueue(client_of("sqs"), settings.send_queue_url, only_look=True),
        rules=fingerprint(settings.templates_dir / "policies", *settings.of_deciding),
    )


@cache
def send_reminders() -> SendReminders:
    """The use case of send_reminders."""
    from secrets import token_hex

    from tactful.adapters.deferred import DeferredDocuments
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.lookups import DynamoTaskBoard
    from tactful.adapters.dynamodb.reminders import DynamoReminderDesk
    from tactful.adapters.dynamodb.sending import DynamoSendingHealth, DynamoSendingSwitch
    from tactful.adapters.jinja import JinjaWording
    from tactful.adapters.languages import Languages
    from tactful.adapters.pace import WorkersPace
    from tactful.application.attached_words import AttachedWords
    from tactful.application.guard import Guard
    from tactful.application.send_reminders import SendReminders

    settings = SendRemindersSettings.from_environment()
    table, events = table_of(settings.table_name), events_of(settings)
    wording = JinjaWording(
        Languages(settings.templates_dir, settings.language, settings.country),
        business_name=settings.business_name,
        contact_email=settings.from_address,
        policy=events.policy,
        calendar=events.calendar,
    )
    return SendReminders(
        events=events,
        desk=DynamoReminderDesk(table),
        addresses=DynamoAddressBook(table),
        tasks=DynamoTaskBoard(table),
        senders=_senders(settings),
        wording=AttachedWords(wording, DeferredDocuments(client_of, settings.document_bucket)),
        token=lambda: token_hex(4),
        pace=WorkersPace(settings.send_concurrency),
        guard=Guard(DynamoSendingSwitch(table), DynamoSendingHealth(table), events.clock),
    )


@cache
def sweep_outcomes() -> SweepOutcomes:
    """The use case of sweep_outcomes."""
    from tactful.adapters.deferred import DeferredSentMessages
    from tactful.adapters.dynamodb.lookups import DynamoUnsettled
    from tactful.application.sweep_outcomes import SweepOutcomes
    from tactful.domain.book.customer import Channel

    settings = SweepOutcomesSettings.from_environment()
    sent = DeferredSentMessages(lambda: _sent_messages(settings))
    searches = {Channel.SMS: sent} if settings.twilio_messaging_service_sid else {}
    return SweepOutcomes(events_of(settings), DynamoUnsettled(table_of(settings.table_name)), searches)


def _sent_messages(settings: SweepOutcomesSettings) -> SentMessages:
    from tactful.adapters.twilio import TwilioSentMessages, twilio_messages

    credentials = _secrets().twilio(settings.twilio_secret_id)
    base_url = settings.twilio_base_url if settings.sandbox else ""
    return TwilioSentMessages(twilio_messages(credentials, base_url=base_url))


@cache
def webhooks() -> Webhooks:
    """The use cases of receive_webhooks, behind their routes."""
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.lookups import DynamoInvoiceDirectory, DynamoTaskBoard
    from tactful.adapters.webhook_words import WebhookWords
    from tactful.application.receive_payment import ReceivePayment
    from tactful.application.unsubscribe import Unsubscribe
    from tactful.entrypoints.payment_webhooks import PaymentWebhooks
    from tactful.entrypoints.unsubscribing import Unsubscribing
    from tactful.entrypoints.webhooks import Webhooks

    settings = ReceiveWebhooksSettings.from_environment()
    words = WebhookWords(settings.templates_dir, settings.language, settings.country, settings.business_name)
    table, events = table_of(settings.table_name), events_of(settings)
    return Webhooks(
        public_url=settings.public_url,
        replies=cache(lambda: _replies(settings, events)),
        deliveries=_deliveries(settings, events),
        payments=PaymentWebhooks(
            payments=ReceivePayment(events, DynamoInvoiceDirectory(table), DynamoTaskBoard(table)),
            payment_keys=lambda: _secrets().keys(settings.payments_secret_id),
            stripe_keys=lambda: _secrets().keys(settings.stripe_secret_id),
            clock=events.clock,
        ),
        unsubscribing=Unsubscribing(
            Unsubscribe(events, DynamoAddressBook(table)),
            lambda: _secrets().keys(settings.link_secret_id),
            words.page,
        ),
        twilio_tokens=lambda: _secrets().twilio(settings.twilio_secret_id).auth_tokens,
        opt_out_words=words.opt_out,
        clock=events.clock,
    )


@cache
def mail_replies() -> MailReplies:
    """The use cases of receive_email."""
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.s3 import S3Mail
    from tactful.application.unsubscribe import Unsubscribe
    from tactful.entrypoints.mail_replies import MailReplies

    settings = ReceiveEmailSettings.from_environment()
    events = events_of(settings)
    return MailReplies(
        mails=S3Mail(client_of("s3")),
        replies=_replies(settings, events),
        complaints=Unsubscribe(events, DynamoAddressBook(table_of(settings.table_name))),
        keys=lambda: _secrets().keys(settings.link_secret_id),
        clock=events.clock,
    )


def _replies(settings: ReceiveWebhooksSettings | ReceiveEmailSettings, events: AccountEvents) -> ReceiveReply:
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.lookups import DynamoInbox, DynamoTaskBoard
    from tactful.adapters.sqs import SqsWorkQueue
    from tactful.application.receive_reply import ReceiveReply

    table = table_of(settings.table_name)
    tasks, queue = DynamoTaskBoard(table), SqsWorkQueue(client_of("sqs"), settings.send_queue_url)
    second = None
    if settings.second_reader_model:
        from tactful.adapters.bedrock import BedrockReader

        second = BedrockReader(client_of("bedrock-runtime"), settings.second_reader_model)
    return ReceiveReply(events, DynamoAddressBook(table), DynamoInbox(table), tasks, queue, second)


@cache
def track_delivery() -> TrackDelivery:
    """The use case of track_delivery."""
    settings = TrackDeliverySettings.from_environment()
    return _deliveries(settings, events_of(settings))


def _deliveries(settings: DecidingSettings, events: AccountEvents) -> TrackDelivery:
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.reminders import DynamoReminderDesk
    from tactful.adapters.dynamodb.sending import DynamoSendingHealth
    from tactful.application.track_delivery import TrackDelivery

    table = table_of(settings.table_name)
    return TrackDelivery(
        events, DynamoReminderDesk(table), DynamoAddressBook(table), DynamoSendingHealth(table)
    )


def reports_of(settings: ImportInvoicesSettings) -> S3Reports:
    """Where the reports on imports are."""
    from tactful.adapters.s3 import S3Reports

    client = client_of("s3")
    return S3Reports(client, settings.report_bucket, client.meta.region_name)


def events_of(settings: DecidingSettings) -> AccountEvents:
    """Accounts, and what is decided about them."""
    from tactful.adapters.dynamodb.accounts import DynamoAccountStore
    from tactful.adapters.holidays_calendar import public_holidays
    from tactful.adapters.policy_file import load_policy
    from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
    from tactful.application.account_events import AccountEvents
    from tactful.domain.book.customer import Channel
    from tactful.domain.dunning.calendar import Calendar

    policy = load_policy(settings.templates_dir / "policies" / "standard.yaml")
    if not settings.twilio_messaging_service_sid:
        policy = policy.without(Channel.SMS)
    return AccountEvents(
        store=DynamoAccountStore(table_of(settings.table_name)),
        policy=policy if settings.sandbox else policy.for_real_clients(),
        calendar=Calendar(
            settings.timezone,
            settings.country,
            public_holidays,
            business_region=settings.region_code,
            country_zones=zones_of_country,
            phone_zones=zones_of_phone,
        ),
        clock=clock_of(settings),
    )


def clock_of(settings: Settings) -> Clock:
    """The time, as the functions have it."""
    from tactful.adapters.clock import SandboxClock, SystemClock

    return SandboxClock(table_of(settings.table_name)) if settings.sandbox else SystemClock()


def _senders(settings: SendRemindersSettings) -> Mapping[Channel, MessageSender]:
    from tactful.adapters.dry_run import DrySender
    from tactful.adapters.ses import SesSender, ses_client
    from tactful.domain.book.customer import Channel

    if settings.dry_run:
        return {Channel.EMAIL: DrySender(), Channel.SMS: DrySender()}
    email = SesSender(
        client=ses_client(),
        from_address=settings.from_address,
        business_name=settings.business_name,
        reply_key=_secrets().keys(settings.link_secret_id)[0],
        reply_domain=settings.reply_domain,
        configuration_set=settings.configuration_set,
        public_url=settings.public_url,
    )
    return {Channel.EMAIL: email, Channel.SMS: _sms_sender(settings)}


def _sms_sender(settings: SendRemindersSettings) -> MessageSender:
    """Twilio, loaded when the first SMS is sent: its client takes longer to import than everything else."""
    from tactful.adapters.deferred import DeferredSender

    def build() -> MessageSender:
        from tactful.adapters.twilio import TwilioSender, twilio_messages

        base_url = settings.twilio_base_url if settings.sandbox else ""
        messages = twilio_messages(_secrets().twilio(settings.twilio_secret_id), base_url=base_url)
        return TwilioSender(messages, settings.twilio_messaging_service_sid, settings.public_url)

    return DeferredSender(build)


@cache
def _secrets() -> Secrets:
    from tactful.adapters.secrets import secrets_manager

    return secrets_manager(client_of("secretsmanager"))


@cache
def table_of(name: str) -> Table:
    """The stack's table."""
    from tactful.adapters.dynamodb.table import Table

    return Table(client_of("dynamodb"), name)


@cache
def client_of(service: str) -> Any:
    """A client of an AWS service, by its name in boto3.

    It does not describe this machine in a header, nor compare what we build ourselves with the service's model: either
    takes a good part of the CPU of a small request.
    """
    import boto3
    from botocore.config import Config

    make: Any = boto3.client
    return make(service, config=Config(user_agent="tactful", parameter_validation=False))
