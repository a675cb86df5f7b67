"""Which lines of a timeline are news: what the business is told of once a day."""

from __future__ import annotations

PROMISE = "promise"
REPLIES = frozenset(
    {
        *("auto_reply", "opt_out", "legal", "wrong_contact", "hardship", "dispute", "redirect_contact"),
        *("payment_plan_request", "extension_request", "invoice_copy_request", "payment_details_request"),
        *("promise_to_pay", "paid_claim", "call_request", "help", "question", "complaint", "thanks"),
        *("opt_in", "unknown"),
    }
)
"""What a client answered, by the primary intent: a line for each message."""
NEWS = REPLIES | {
    *(PROMISE, "promise_withdrawn", "extension", "plan", "payment", "reversal"),
    *("payment_failed", "payment_disputed", "unsubscribed"),
}
