from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from tactful.adapters.bedrock import BedrockReader
from tactful.application.second_reader import Proposal
from tactful.domain.replies.message import Incoming

MESSAGE = Incoming("sms", "the cat is on the mat", "en-GB", date(2026, 9, 9))


class Model:
    """Answers with a text, or fails."""

    def __init__(self, said: str | Exception) -> None:
        self._said = said
        self.asked: list[Mapping[str, Any]] = []

    def converse(self, **request: object) -> Mapping[str, Any]:
        self.asked.append(request)
        if isinstance(self._said, Exception):
            raise self._said
        return {"output": {"message": {"content": [{"text": self._said}]}}}


def test_a_model_is_asked_for_an_intent_and_the_words_that_show_it() -> None:
    model = Model('{"intent": "dispute", "words": "cat"}')
    assert BedrockReader(model, "some.model").read(MESSAGE) == Proposal("dispute", "cat")
    (request,) = model.asked
    assert (request["modelId"], request["inferenceConfig"]["temperature"]) == ("some.model", 0)
    assert request["messages"][0]["content"][0]["text"] == MESSAGE.text


@pytest.mark.parametrize("said", ["no json", "[]", '{"intent": "dispute"}', "", TimeoutError()])
def test_a_model_that_fails_or_talks_proposes_nothing(said: str | Exception) -> None:
    assert BedrockReader(Model(said), "some.model").read(MESSAGE) is None


def test_a_model_is_shown_no_more_of_a_message_than_people_write() -> None:
    model = Model("{}")
    BedrockReader(model, "m").read(Incoming("sms", "x" * 100_000, "en-GB", date(2026, 9, 9)))
    assert len(model.asked[0]["messages"][0]["content"][0]["text"]) == 2_000
