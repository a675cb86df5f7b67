from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tactful.adapters.aws_errors import CANCELLATIONS, DYNAMODB, S3, SQS, classified
from tactful.adapters.dynamodb.addresses import DynamoAddressBook
from tactful.adapters.dynamodb.table import NOT_THERE, IfRefused, Table, Write
from tactful.adapters.ses import REFUSALS
from tactful.application.ports import AlreadyRecordedError, ConflictError, StoreUnavailableError
from tactful.domain.book.account import Suppression, SuppressionReason
from tactful.domain.book.customer import Channel
from tests.contract.store_support import NOW
from tests.local.ministack import ROOT

PROGRAM = ROOT / "layers/core/python/tactful"
# Of what else is asked for, any error means the same: the quota cannot be told, the secret cannot be read.
TABLES: Mapping[str, Collection[str]] = {"dynamodb": DYNAMODB, "sqs": SQS, "s3": S3, "sesv2": {*REFUSALS}}
ALL_THE_SAME = {"GetAccount"}


def _used() -> list[tuple[str, str]]:
    """Every operation of a service by whose name the program calls something."""
    texts = (path.read_text() for path in PROGRAM.rglob("*.py"))
    called = {name for text in texts for name in re.findall(r"client\.(\w+)\(", text)}
    session = botocore.session.get_session()
    return sorted(
        (service, operation)
        for service in TABLES
        for operation in session.get_service_model(service).operation_names
        if xform_name(operation) in called and operation not in ALL_THE_SAME
    )


def test_what_is_asked_of_each_service_is_found_in_the_program() -> None:
    assert {
        ("dynamodb", "BatchExecuteStatement"),
        ("dynamodb", "TransactWriteItems"),
        ("s3", "GetObject"),
        ("sesv2", "SendEmail"),
        ("sqs", "ReceiveMessage"),
    } <= set(_used())


@pytest.mark.parametrize(("service", "operation"), _used())
def test_every_error_an_operation_is_modelled_to_give_is_classified(service: str, operation: str) -> None:
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    assert {shape.name for shape in model.error_shapes} - set(TABLES[service]) == set()


def test_every_reason_to_cancel_a_transaction_that_the_service_documents_is_classified() -> None:
    model = botocore.session.get_session().get_service_model("dynamodb")
    text = model.shape_for("TransactionCanceledException").documentation
    documented = {part.split("</p>")[0].strip() for part in text.split("Code: ")[1:]}
    documented = {part.removeprefix("<code>").removesuffix("</code>") for part in documented}
    assert {"ConditionalCheckFailed", "TransactionConflict"} <= documented
    assert documented - {"None"} - CANCELLATIONS.keys() == set()


def _error(code: str, status: int = 400, reasons: Sequence[str] = ()) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": "a@b.example"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(response, "PutItem")


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (_error("ConditionalCheckFailedException"), ConflictError),
        (_error("TransactionConflictException"), ConflictError),
        (_error("ThrottlingException"), StoreUnavailableError),
        (_error("ProvisionedThroughputExceededException"), StoreUnavailableError),
        (_error("SomethingNew", 503), StoreUnavailableError),
        (_error("SomethingNew"), ClientError),
        (_error("AccessDeniedException"), ClientError),
        (_error("ResourceNotFoundException"), ClientError),
        (ConnectTimeoutError(endpoint_url="x"), StoreUnavailableError),
        (ReadTimeoutError(endpoint_url="x"), StoreUnavailableError),
    ],
    ids=str,
)
def test_an_error_is_raised_as_what_it_means(error: Exception, raised: type[Exception]) -> None:
    with pytest.raises(raised) as caught, classified(DYNAMODB):
        raise error
    if raised is not ClientError:
        assert "a@b.example" not in str(caught.value)


class _Cancelling:
    """A client that cancels the first transaction for these reasons, one an action, and does the next."""

    def __init__(self, *codes: str) -> None:
        self._codes = codes
        self.transactions: list[int] = []

    def transact_write_items(self, *, TransactItems: list[object]) -> None:  # noqa: N803 (boto3's)
        self.transactions.append(len(TransactItems))
        if len(self.transactions) == 1:
            raise _error("TransactionCanceledException", reasons=self._codes)


PROFILE = Write({"pk": "a", "sk": "ACCOUNT"}, NOT_THERE)
ENTRY = Write({"pk": "a", "sk": "TIMELINE#1"}, NOT_THERE, if_refused=IfRefused.RECORDED)
TASK = Write({"pk": "a", "sk": "TASK#1"}, NOT_THERE, if_refused=IfRefused.LEAVE_IT)


@pytest.mark.parametrize(
    ("codes", "raised"),
    [
        (("ConditionalCheckFailed", "None", "None"), ConflictError),
        (("None", "ConditionalCheckFailed", "None"), AlreadyRecordedError),
        (("ConditionalCheckFailed", "ConditionalCheckFailed", "None"), AlreadyRecordedError),
        (("ConditionalCheckFailed", "None", "ConditionalCheckFailed"), ConflictError),
        (("TransactionConflict", "None", "None"), ConflictError),
        (("None", "None", "TransactionConflict"), ConflictError),
        (("TransactionConflict", "None", "ConditionalCheckFailed"), ConflictError),
        (("ThrottlingError", "None", "None"), StoreUnavailableError),
        (("ProvisionedThroughputExceeded", "None", "ConditionalCheckFailed"), StoreUnavailableError),
        (("None", "ValidationError", "None"), ClientError),
        (("None", "ANewReason", "None"), ClientError),
    ],
)
def test_a_cancelled_transaction_is_raised_as_what_its_reasons_mean(
    codes: tuple[str, ...], raised: type[Exception]
) -> None:
    client = _Cancelling(*codes)
    with pytest.raises(raised):
        Table(client, "t").transact([PROFILE, ENTRY, TASK])  # type: ignore[arg-type]
    assert client.transactions == [3]


def test_a_transaction_that_only_met_an_open_task_goes_through_without_it() -> None:
    client = _Cancelling("None", "None", "ConditionalCheckFailed")
    Table(client, "t").transact([PROFILE, ENTRY, TASK])  # type: ignore[arg-type]
    assert client.transactions == [3, 2]


class _Busy:
    """A client that answers batches with one item at a time, or none at all."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self.written: list[object] = []

    def batch_get_item(self, *, RequestItems: Mapping[str, Mapping[str, list[object]]]) -> object:  # noqa: N803 (boto3's)
        keys = RequestItems["t"]["Keys"]
        done, left = keys[: self._at_once], keys[self._at_once :]
        return {"Responses": {"t": done}, "UnprocessedKeys": {"t": {"Keys": left}} if left else {}}

    def batch_write_item(self, *, RequestItems: Mapping[str, list[object]]) -> object:  # noqa: N803 (boto3's)
        self.written += RequestItems["t"][: self._at_once]
        left = RequestItems["t"][self._at_once :]
        return {"UnprocessedItems": {"t": left} if left else {}}


def test_a_batch_that_is_answered_in_parts_is_read_whole() -> None:
    keys = [("a", "1"), ("a", "2"), ("a", "3")]
    assert list(Table(_Busy(1), "t").get_many(keys)) == keys  # type: ignore[arg-type]


def test_a_batch_that_stays_unanswered_is_tried_again_later() -> None:
    with pytest.raises(StoreUnavailableError, match="2 items were not read"):
        Table(_Busy(0), "t").get_many([("a", "1"), ("a", "2")])  # type: ignore[arg-type]


def test_a_batch_that_is_written_in_parts_is_written_whole() -> None:
    client = _Busy(10)
    Table(client, "t").put_many({"pk": f"{number}", "sk": "1"} for number in range(50))  # type: ignore[arg-type]
    assert len(client.written) == 50


def test_a_batch_that_stays_unwritten_is_tried_again_later() -> None:
    with pytest.raises(StoreUnavailableError, match="1 items were not written"):
        Table(_Busy(0), "t").put_many([{"pk": "a", "sk": "1"}])  # type: ignore[arg-type]


class _Contended:
    """A client whose item a transaction holds for so many requests."""

    def __init__(self, requests: int) -> None:
        self._left = requests

    def update_item(self, **request: Any) -> Any:
        if self._left:
            self._left -= 1
            raise _error("TransactionConflictException")
        return {"Attributes": request["Key"]}


def test_an_opt_out_is_not_lost_to_a_transaction_on_the_address() -> None:
    suppression = Suppression(SuppressionReason.OPT_OUT, NOW)
    book = DynamoAddressBook(Table(_Contended(3), "t"))  # type: ignore[arg-type]
    assert book.suppress(Channel.SMS, "+442079460102", suppression).channel is Channel.SMS
    with pytest.raises(StoreUnavailableError):
        DynamoAddressBook(Table(_Contended(99), "t")).suppress(Channel.SMS, "+442079460102", suppression)  # type: ignore[arg-type]
