"""The words by which a client's intents are known, a sentence of plain text at a time.

They are for the language of people who owe money, written in a hurry: English first, with the commonest of German,
French and Spanish. `understand` weighs what several of them say together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tactful.domain.replies.cues import money, people, requests, trouble
from tactful.domain.replies.message import Intent

CUES: Mapping[Intent, re.Pattern[str]] = {
    Intent.LEGAL: trouble.LEGAL,
    Intent.WRONG_CONTACT: people.WRONG_CONTACT,
    Intent.HARDSHIP: trouble.HARDSHIP,
    Intent.DISPUTE: trouble.DISPUTE,
    Intent.REDIRECT_CONTACT: people.REDIRECT_CONTACT,
    Intent.PAYMENT_PLAN_REQUEST: money.PLAN,
    Intent.EXTENSION_REQUEST: money.EXTENSION,
    Intent.INVOICE_COPY_REQUEST: requests.COPY,
    Intent.PAYMENT_DETAILS_REQUEST: requests.DETAILS,
    Intent.CALL_REQUEST: people.CALL,
    Intent.HELP: people.HELP,
    Intent.COMPLAINT: trouble.COMPLAINT,
    Intent.OPT_IN: people.OPT_IN,
}
"""Those that stand for themselves; whether something was paid or promised takes more than one pattern."""
