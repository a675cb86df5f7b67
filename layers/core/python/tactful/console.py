"""What the command line needs of a stack, the digest and documents: built once per process, never at import."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tactful.bootstrap import client_of, clock_of, events_of, reports_of, table_of
from tactful.settings import (
    DeadLettersSettings,
    DocumentSettings,
    ImportInvoicesSettings,
    MakeDocumentsSettings,
    OrderDocumentsSettings,
    SendDigestSettings,
    Settings,
    TrackDeliverySettings,
)

if TYPE_CHECKING:
    from tactful.adapters.clock import SandboxClock
    from tactful.adapters.dead_letters import SqsDeadLetters
    from tactful.application.account_events import AccountEvents
    from tactful.application.answer_approval import AnswerApproval
    from tactful.application.by_hand import ByHand
    from tactful.application.calls import CallDesk
    from tactful.application.digest import MakeDigest
    from tactful.application.documents import DocumentArchive, DocumentOrders
    from tactful.application.import_desk import ImportDesk
    from tactful.application.make_documents import MakeDocuments
    from tactful.application.ports import TaskBoard, Timeline
    from tactful.application.resolve_task import ResolveTask
    from tactful.application.send_digest import SendDigest
    from tactful.application.send_statement import SendStatement
    from tactful.application.stop_switch import StopSwitch


@cache
def account_events() -> AccountEvents:
    """Accounts as the functions see them, for the command line."""
    return events_of(TrackDeliverySettings.from_environment())


@cache
def task_board() -> TaskBoard:
    """Open tasks, for the command line."""
    from tactful.adapters.dynamodb.lookups import DynamoTaskBoard

    return DynamoTaskBoard(table_of(TrackDeliverySettings.from_environment().table_name))


@cache
def import_desk() -> ImportDesk:
    """The imports of a stack, for the command line."""
    from tactful.adapters.dynamodb.imports import DynamoBookContents, DynamoImportRegister
    from tactful.adapters.sqs import SqsImportQueue
    from tactful.application.import_desk import ImportDesk
    from tactful.application.undo_import import UndoImport

    settings = ImportInvoicesSettings.from_environment()
    table, reports = table_of(settings.table_name), reports_of(settings)
    return ImportDesk(
        register=DynamoImportRegister(table),
        reports=reports,
        parts=reports,
        contents=DynamoBookContents(table),
        queue=SqsImportQueue(client_of("sqs"), settings.import_queue_url),
        undoing=UndoImport(events_of(settings)),
    )


@cache
def timeline() -> Timeline:
    """What happened to accounts, for the command line."""
    from tactful.adapters.dynamodb.lookups import DynamoTimeline

    return DynamoTimeline(table_of(TrackDeliverySettings.from_environment().table_name))


@cache
def answer_approval() -> AnswerApproval:
    """A person's word on messages that wait for it, for the command line."""
    from tactful.application.answer_approval import AnswerApproval

    return AnswerApproval(account_events())


@cache
def by_hand() -> ByHand:
    """What people did by hand, for the command line."""
    from tactful.application.by_hand import ByHand

    return ByHand(account_events())


@cache
def stop_switch() -> StopSwitch:
    """Stopping and resuming what is sent, for the command line."""
    from tactful.adapters.dynamodb.sending import DynamoSendingSwitch
    from tactful.application.stop_switch import StopSwitch

    settings = Settings.from_environment()
    return StopSwitch(DynamoSendingSwitch(table_of(settings.table_name)), clock_of(settings))


@cache
def make_digest() -> MakeDigest:
    """What happened on a day."""
    from tactful.adapters.dynamodb.lookups import DynamoDayBook, DynamoTaskBoard
    from tactful.adapters.dynamodb.sending import DynamoSendingHealth
    from tactful.application.digest import MakeDigest

    settings = TrackDeliverySettings.from_environment()
    table = table_of(settings.table_name)
    return MakeDigest(
        events_of(settings), DynamoDayBook(table), DynamoSendingHealth(table), DynamoTaskBoard(table)
    )


@cache
def send_digest() -> SendDigest:
    """The use case of send_digest."""
    from tactful.adapters.dynamodb.lookups import DynamoDigestDesk
    from tactful.adapters.report_wording import DIGEST, JinjaReportWording
    from tactful.adapters.ses import SesSender, ses_client
    from tactful.application.send_digest import SendDigest

    settings = SendDigestSettings.from_environment()
    # Answers go to the from-address, so there is nothing to sign.
    return SendDigest(
        making=make_digest(),
        desk=DynamoDigestDesk(table_of(settings.table_name)),
        sender=SesSender(ses_client(), settings.from_address, settings.business_name, reply_key=b""),
        wording=JinjaReportWording(settings.templates_dir, settings.business_name, DIGEST),
        address=settings.report_address,
    )


@cache
def resolve_task() -> ResolveTask:
    """What a person decides about a task."""
    from tactful.adapters.dynamodb.lookups import DynamoTaskBoard
    from tactful.application.resolve_task import ResolveTask

    settings = TrackDeliverySettings.from_environment()
    board = DynamoTaskBoard(table_of(settings.table_name))
    return ResolveTask(events_of(settings), board, board)


@cache
def call_desk() -> CallDesk:
    """Prepares calls and takes what they came to."""
    from tactful.adapters.call_scripts import JinjaCallScripts
    from tactful.adapters.dynamodb.addresses import DynamoAddressBook
    from tactful.adapters.dynamodb.lookups import DynamoTaskBoard
    from tactful.adapters.languages import Languages
    from tactful.application.calls import CallDesk

    settings = DocumentSettings.from_environment()
    events, table = events_of(settings), table_of(settings.table_name)
    board = DynamoTaskBoard(table)
    scripts = JinjaCallScripts(
        Languages(settings.templates_dir, settings.language, settings.country),
        business_name=settings.business_name,
        contact_email=settings.from_address,
        calendar=events.calendar,
    )
    return CallDesk(events, DynamoAddressBook(table), board, board, scripts)


@cache
def make_documents() -> MakeDocuments:
    """What prints documents, for make_documents and the command line."""
    from tactful.adapters.languages import Languages
    from tactful.adapters.typst_documents import TypstPress
    from tactful.application.make_documents import MakeDocuments
    from tactful.domain.documents.handoff import Creditor

    settings = DocumentSettings.from_environment()
    events = events_of(settings)
    return MakeDocuments(
        events=events,
        press=TypstPress(
            Languages(settings.templates_dir, settings.language, settings.country),
            business_name=settings.business_name,
            contact_email=settings.from_address,
            policy=events.policy,
            country=settings.country,
        ),
        creditor=Creditor(settings.business_name, settings.from_address, settings.country),
    )


@cache
def document_archive() -> DocumentArchive:
    """Where make_documents keeps what it prints."""
    from tactful.adapters.s3 import S3Documents

    return S3Documents(client_of("s3"), MakeDocumentsSettings.from_environment().document_bucket)


@cache
def send_statement() -> SendStatement:
    """Sends a statement by e-mail, for the command line."""
    from tactful.application.send_statement import SendStatement

    documents = make_documents()
    return SendStatement(documents, document_archive(), documents.events)


@cache
def document_orders() -> DocumentOrders:
    """Where documents are ordered, for the command line."""
    from tactful.adapters.sqs import SqsDocumentOrders

    settings = OrderDocumentsSettings.from_environment()
    return SqsDocumentOrders(client_of("sqs"), settings.document_queue_url)


@cache
def dead_letters() -> SqsDeadLetters:
    """The dead-letter queues, for the command line."""
    from tactful.adapters.dead_letters import Kind, SqsDeadLetters

    settings = DeadLettersSettings.from_environment()
    return SqsDeadLetters(
        client_of("sqs"),
        {
            Kind.IMPORT: settings.import_dead_letters_url,
            Kind.PLAN: settings.plan_dead_letters_url,
            Kind.SWEEP: settings.sweep_dead_letters_url,
            Kind.SEND: settings.send_dead_letters_url,
            Kind.DELIVERY: settings.delivery_dead_letters_url,
            Kind.MAIL: settings.mail_dead_letters_url,
            Kind.DIGEST: settings.digest_dead_letters_url,
            Kind.DOCUMENT: settings.document_dead_letters_url,
        },
        {
            Kind.IMPORT: settings.import_queue_url,
            Kind.SEND: settings.send_queue_url,
            Kind.DELIVERY: settings.delivery_queue_url,
            Kind.MAIL: settings.mail_queue_url,
            Kind.DOCUMENT: settings.document_queue_url,
        },
    )


@cache
def sandbox_clock() -> SandboxClock:
    """The movable clock of a sandbox stack. Raises ValueError anywhere else."""
    from tactful.adapters.clock import SandboxClock

    settings = TrackDeliverySettings.from_environment()
    if not settings.sandbox:
        raise ValueError("the clock can only be moved in a sandbox stack (parameter Sandbox)")
    return SandboxClock(table_of(settings.table_name))
