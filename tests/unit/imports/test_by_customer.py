"""What a file says, put together by customer within bounded memory."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from hypothesis import given
from hypothesis import strategies as st

from tactful.domain.book.customer import Contact
from tactful.imports.by_customer import ByCustomer, Statement
from tactful.imports.statement import Described, StatedCustomer

_WHO = st.sampled_from([("1", "Acme"), ("2", "Bee"), ("3", "Acme"), ("", "Acme"), ("", " ACME"), ("", "Cid")])


def described(record: int, customer_id: str, name: str = "Acme") -> Described:
    return Described((record,), StatedCustomer(customer_id, name, (Contact(name, email="a@b.example"),)))


def added(statements: list[Statement], at_once: int) -> ByCustomer:
    by_customer = ByCustomer(at_once, BytesIO)
    for one in statements:
        by_customer.add(one)
    return by_customer


def no_file() -> IO[bytes]:
    raise AssertionError("a file was opened")


@given(st.lists(_WHO, max_size=60), st.integers(1, 9), st.integers(0, 70))
def test_everything_comes_once_wherever_one_goes_on_and_whatever_is_held_at_once(
    who: list[tuple[str, str]], at_once: int, after: int
) -> None:
    statements: list[Statement] = [described(number, *one) for number, one in enumerate(who)]
    chunks = list(added(statements, at_once).chunks())
    assert all(len(chunk) <= at_once for chunk in chunks)
    assert sorted((one for chunk in chunks for one in chunk), key=lambda one: one.records) == statements
    # Another run, with another limit, goes on behind the chunks that were taken over.
    taken, done = 0, list[Statement]()
    for chunk in chunks:
        if taken + len(chunk) <= after:
            taken, done = taken + len(chunk), done + chunk
        else:
            break
    rest = [one for chunk in added(statements, at_once + 3).chunks(taken) for one in chunk]
    assert sorted(done + rest, key=lambda one: one.records) == statements


@given(st.lists(_WHO, max_size=60), st.integers(1, 9))
def test_what_is_said_of_a_customer_comes_in_the_order_of_the_file(
    who: list[tuple[str, str]], at_once: int
) -> None:
    statements: list[Statement] = [described(number, *one) for number, one in enumerate(who)]
    found: dict[str, list[tuple[int, ...]]] = {}
    for chunk in added(statements, at_once).chunks():
        for one in chunk:
            customer = one.customer
            found.setdefault(customer.id or customer.name.strip().casefold(), []).append(one.records)
    assert all(records == sorted(records) for records in found.values())


def test_customers_in_no_order_come_together() -> None:
    statements: list[Statement] = [described(number, f"C-{number % 100}") for number in range(1_000)]
    chunks = list(added(statements, 100).chunks())
    met = [{one.customer.id for one in chunk} for chunk in chunks]
    assert sum(map(len, met)) == len(set[str]().union(*met)) == 100


def test_customers_without_an_id_come_after_all_that_have_one() -> None:
    statements: list[Statement] = [
        described(number, "" if number % 2 else f"C-{number}", f"Client {number}") for number in range(50)
    ]
    ids = [bool(one.customer.id) for chunk in added(statements, 1).chunks() for one in chunk]
    assert ids == sorted(ids, reverse=True)


def test_a_short_file_needs_no_file_on_disk() -> None:
    by_customer = ByCustomer(10, no_file)
    for number in range(10):
        by_customer.add(described(number, f"C-{number}"))
    assert [[one.records for one in chunk] for chunk in by_customer.chunks()] == [
        [(number,) for number in range(10)]
    ]


def test_the_file_on_disk_goes_away_in_the_end() -> None:
    file = BytesIO()
    with ByCustomer(1, lambda: file) as by_customer:
        by_customer.add(described(1, "1"))
        by_customer.add(described(2, "2"))
        assert file.getvalue() != b""
    assert file.closed
