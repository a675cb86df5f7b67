from __future__ import annotations

import pytest

from tactful.domain.replies.opt_out import wants_no_messages


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop.", " Stop! ", "STOPALL", "Unsubscribe", "CANCEL", "End", "quit", "REVOKE", "OPT OUT"),
        *(
            "S T O P",
            "st0p",
            "\uff33\uff34\uff2f\uff30",
            "stop\u200b",
            "stop stop please",
            "🛑",
            "ARRÊT",
            "BAJA",
        ),
        "please don't text me any more",
        "Please don\u2019t contact me",
        "stop sending me these reminders",
        "remove me from your list",
        "Take my number off",
        "leave us alone",
        "wrong number",
        "I withdraw my consent",
        "no more messages",
    ],
)
def test_a_client_who_wants_no_messages_is_understood(text: str) -> None:
    assert wants_no_messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "I will pay on Friday",
        "We stopped trading in May",
        "I will stop by the office tomorrow",
        "Please stop the direct debit",
        "don't stop the reminders, they help",
        "cancel my order",
        "The end of the month is fine",
        "Can you send the invoice again?",
    ],
)
def test_a_client_who_writes_of_something_else_is_not_silenced(text: str) -> None:
    assert not wants_no_messages(text)
