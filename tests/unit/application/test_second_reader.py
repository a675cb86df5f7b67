from __future__ import annotations

import pytest

from tactful.application.second_reader import Proposal, SecondReader
from tactful.domain.book.account import SuppressionReason, TaskKind
from tactful.domain.book.agreements import HoldKind
from tactful.domain.book.customer import Channel
from tactful.domain.replies.message import Incoming, Intent
from tests.support.builders import PHONE
from tests.unit.application.house import a_house


class Reader(SecondReader):
    """A second reader that always says the same."""

    def __init__(self, intent: str, words: str) -> None:
        self._proposal = Proposal(intent, words)
        self.asked: list[Incoming] = []

    def read(self, message: Incoming) -> Proposal | None:
        self.asked.append(message)
        return self._proposal


def test_a_second_reader_may_name_what_the_rules_did_not_understand() -> None:
    house = a_house()
    house.second_reader = Reader("dispute", "cat is on the mat")
    key = house.add()
    house.answer("the cat is on the mat")
    assert [hold.kind for hold in house.account(key).holds] == [HoldKind.DISPUTE]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("dispute", "not in the text"),
        ("opt_in", "cat"),
        ("promise_to_pay", "cat"),
        ("nonsense", "cat"),
        ("dispute", ""),
    ],
)
def test_a_second_reader_is_not_believed_without_words_or_beyond_what_it_may_say(
    intent: str, words: str
) -> None:
    house = a_house()
    house.second_reader = Reader(intent, words)
    house.add()
    house.answer("the cat is on the mat")
    assert house.task_kinds() == [TaskKind.READ_REPLY]


def test_a_second_reader_is_not_asked_about_what_the_rules_understood() -> None:
    house = a_house()
    house.second_reader = reader = Reader("thanks", "stop")
    account = house.account(house.add())
    house.answer("please stop texting me")
    account = house.account(account.key)
    assert reader.asked == []
    record = account.address_record(Channel.SMS, PHONE)
    assert record is not None
    assert record.suppression is not None
    assert record.suppression.reason is SuppressionReason.OPT_OUT
    assert house.entry_kinds(account.key) == [str(Intent.OPT_OUT)]
