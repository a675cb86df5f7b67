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
    TaskKind.MATCH_PAYMENT: "The client says this is paid: find the payment, or tell the client that it has not come",
    TaskKind.EXTENSION: "The client asks for more time: grant it, or agree on a day",
    TaskKind.PAYMENT_PLAN: "The client asks to pay in parts: agree on instalments",
    TaskKind.DISPUTE: "The client disputes this: settle it, then lift the hold",
    TaskKind.HARDSHIP: "The client is in difficulty: agree on a way to pay, then lift the hold",
    TaskKind.LEGAL: "A lawyer, insolvency or a court is involved: take it over; nothing more is sent",
    TaskKind.WRONG_CONTACT: "We wrote to the wrong person: find the right contact",
    TaskKind.CONTACT_CHANGE: "The client names another contact: check it, and change the contact in your books",
    TaskKind.CALL_BACK: "The client wants to be called",
    TaskKind.DISSATISFIED: "The client is not happy with us: answer in person",
    TaskKind.INVOICE_COPY: "The client wants a copy of an invoice: send it",
    TaskKind.OPTED_OUT: "The client wants no more messages: decide how to go on",
    TaskKind.OPT_IN: "The client wants messages again: only a person may lift the opt-out",
    TaskKind.PAYMENT_DISPUTED: "The client's bank takes a payment back in dispute: answer the bank, then lift the hold",
    TaskKind.COLLECTIONS: "Decide whether to hand this debt to collections: everything before it was said",
}
"""A task may say it more precisely."""
