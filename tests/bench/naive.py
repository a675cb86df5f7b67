"""The obvious way to remind by e-mail, for comparison: each day scan the table, send what is due, then mark it.

It sends twice after a crash between sending and marking, loses what is marked first instead, and looks neither at
payments since the scan nor at hours, caps, opt-outs or bounces.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import boto3

from tests.bench import prices
from tests.bench.engines import engine
from tests.bench.meter import Meter, Units
from tests.bench.result import Result
from tests.bench.sending_costs import CPU_MS, DYNAMODB_MS, GB, SES_MS
from tests.bench.sending_cpu import stub_server
from tests.contract.store_support import create_table

_TABLE = "naive"
_TODAY = date(2026, 3, 16)
_BOOK, _DUE = 10_000, 200
_TEXT = "Dear client, this is to remind you that your invoice is due. Please pay it. " * 25


def measure() -> Iterator[tuple[str, Result]]:
    """One day of a book of 10,000 invoices, 200 of them due."""
    with engine() as client, stub_server() as url:
        create_table(client, _TABLE)
        for number in range(_BOOK):
            client.put_item(TableName=_TABLE, Item=_invoice(number))
        ses = boto3.client(
            "sesv2",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id="bench",
            aws_secret_access_key="bench",
        )
        meter = Meter(client)
        before = time.process_time()
        sent = _remind(meter, ses)
        seconds = time.process_time() - before
    assert sent == _DUE, sent
    used = meter.used()
    yield from _results(used, seconds)


def _results(used: Units, seconds: float) -> Iterator[tuple[str, Result]]:
    of = f"{_DUE} due in a book of {_BOOK:,} invoices"
    yield "naive_requests_per_email", Result(round(used.requests / _DUE, 2), "requests", of)
    yield "naive_wru_per_email", Result(round(used.writes / _DUE, 2), "units", of)
    yield "naive_rru_per_email", Result(round(used.reads / _DUE, 2), "units", f"{of}; grows with the book")
    lambda_seconds = (used.requests / _DUE * DYNAMODB_MS + SES_MS + CPU_MS) / 1_000
    dollars = (
        used.writes / _DUE * prices.WRITE_UNIT
        + used.reads / _DUE * prices.READ_UNIT
        + lambda_seconds * GB * prices.LAMBDA_GB_SECOND
    )
    yield (
        "naive_usd_per_1000_email",
        Result(round(1_000 * dollars, 5), "USD", "no queue, no news of delivery"),
    )
    milliseconds = seconds / _DUE * 1_000
    yield "naive_cpu_ms_per_email", Result(round(milliseconds, 2), "ms", f"{of}; the counting included")


def _remind(table: Any, ses: Any) -> int:
    sent, request = 0, {"TableName": _TABLE}
    while True:
        page = table.scan(**request)
        for invoice in page["Items"]:
            if invoice["due"]["S"] > _TODAY.isoformat() or "reminded" in invoice:
                continue
            text = f"{_TEXT} {invoice['pk']['S']}: {invoice['amount']['N']} {invoice['currency']['S']}"
            ses.send_email(
                FromEmailAddress="billing@acme.example",
                Destination={"ToAddresses": [invoice["email"]["S"]]},
                Content={"Simple": {"Subject": {"Data": "Invoice"}, "Body": {"Text": {"Data": text}}}},
            )
            table.update_item(
                TableName=_TABLE,
                Key={"pk": invoice["pk"], "sk": invoice["sk"]},
                UpdateExpression="SET reminded = :today",
                ExpressionAttributeValues={":today": {"S": _TODAY.isoformat()}},
                ReturnValues="ALL_NEW",
            )
            sent += 1
        if "LastEvaluatedKey" not in page:
            return sent
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def _invoice(number: int) -> dict[str, Any]:
    due = _TODAY + timedelta(days=-1 if number < _DUE else 1 + number % 60)
    return {
        "pk": {"S": f"INVOICE#INV-2026-{number:06d}"},
        "sk": {"S": "INVOICE"},
        "customer": {"S": f"Client {number} Ltd"},
        "contact": {"S": f"Ann {number} Clientson"},
        "email": {"S": f"ann{number}@client{number}.example"},
        "issued": {"S": (due - timedelta(days=30)).isoformat()},
        "due": {"S": due.isoformat()},
        "amount": {"N": "12000"},
        "balance": {"N": "12000"},
        "currency": {"S": "GBP"},
    }
