"""What a task of each kind asks a person to do, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from tactful.domain.book.account import TaskKind

SUMMARIES: Mapping[TaskKind, str] = {
    TaskKind.NO_USABLE_ADDRESS: "No usable address: add a contact, or reach the customer another way",
    TaskKind.NO_PAY_TO_DETAILS: "Nobody can say how to pay: add pay_to details for the currency to the policy",
    TaskKind.NO_COMMON_HOURS: "No hour suits every clock the customer may have: say its time zone, or write yourself",
    TaskKind.OUTCOME_UNKNOWN: "It is not known whether this reminder was sent: ask the provider or the client",
    TaskKind.MESSAGE_REFUSED: "The message could not be sent as it was worded: see the fault",
    TaskKind.CHANNEL_MISCONFIGURED: "A provider refuses everything: mend its settings, reminders wait meanwhile",
    TaskKind.READ_REPLY: "Read and answer this reply; chasing is paused meanwhile",
    TaskKind.UNMATCHED_REPLY: "Somebody unknown wrote: find out who it is",
    TaskKind.UNMATCHED_PAYMENT: "Match this payment to an invoice by hand",
    TaskKind.COMPLAINT: "The client marked our message as spam: nothing more goes to this address",
    TaskKind.STEP_FOR_A_PERSON: "Contact the customer yourself: the policy leaves this step to a person",
    TaskKind.CALL: "Call the customer, and note what was said",
    TaskKind.LETTER: "Write a letter to the customer",
    TaskKind.APPROVAL: "Approve or decline this message: it leaves only if you approve",
    TaskKind.CREDIT_REVIEW: "Decide whether the customer still gets credit",
    TaskKind.SNAPSHOT_HELD: "See whether this list of all open invoices is true: release it, or upload a better one",
    TaskKind.SENDING_STOPPED: "Reminders stopped by themselves: see why, mend it, and resume",
    TaskKind.COLLECTIONS: "Decide whether to hand this debt to collections: everything before it was said",
}
"""A task may say it more precisely."""
