from __future__ import annotations

from datetime import date, timedelta

from tactful.adapters.memory import MemorySender
from tactful.adapters.memory_digest import MemoryDayBook, MemoryDigestDesk
from tactful.adapters.report_wording import DIGEST, JinjaReportWording
from tactful.application.digest import Broken, MakeDigest
from tactful.application.ports import Accepted
from tactful.application.send_digest import SendDigest
from tests.rendering.samples import TEMPLATES
from tests.support.builders import DUE, a_contact, a_customer, an_account, an_invoice, money
from tests.unit.application.house import House, a_house, sent_by

TUESDAY = DUE + timedelta(days=1)


def making(house: House) -> MakeDigest:
    return MakeDigest(house.events(), MemoryDayBook(house.store), house.health, house.store)


def two_clients(house: House) -> list[str]:
    return [
        house.add(
            an_account(
                an_invoice(f"INV-{number}"),
                customer=a_customer(
                    a_contact(email=f"{number}@x.example", phone=f"+44163296000{number}"),
                    customer_id=f"C-{number}",
                ),
            )
        )
        for number in (1, 2)
    ]


def test_a_digest_counts_what_was_sent_answered_promised_and_paid_on_the_day() -> None:
    house = a_house()
    two_clients(house)
    house.tick()
    house.guard.flush()
    house.answer("I will pay on Friday", address="+441632960001")
    house.answer("this is wrong, we never ordered it", address="+441632960002", message_id="SM-2")
    house.pay(30_00, number="INV-2")
    digest = making(house).of(DUE)
    assert digest.sent == {"email": 2}
    assert digest.answered == {"dispute": 1, "promise_to_pay": 1}
    assert (digest.promised, digest.received) == ({"GBP": money(100_00)}, {"GBP": money(30_00)})
    assert digest.tasks == {"dispute": (1, 0, 0)}
    assert making(house).of(TUESDAY).answered == {}


def test_a_promise_is_told_as_broken_on_the_day_after_its_own_and_not_if_it_was_kept() -> None:
    house = a_house()
    two_clients(house)
    house.answer("I will pay tomorrow", address="+441632960001")
    house.answer("I will pay tomorrow", address="+441632960002", message_id="SM-2")
    house.clock.advance(timedelta(hours=20))
    house.pay(100_00, number="INV-2")
    house.clock.advance(timedelta(days=1))
    assert making(house).of(DUE).broken == ()
    assert making(house).of(TUESDAY).broken == (Broken("Client Ltd", ("INV-1",), "GBP 100.00"),)


def test_tasks_are_counted_by_how_long_they_have_been_open() -> None:
    house = a_house()
    two_clients(house)
    house.answer("the dog is on the mat", address="+441632960001")
    house.clock.advance(timedelta(days=3))
    house.answer("the cat is on the mat", address="+441632960002", message_id="SM-2")
    today = house.calendar.today(house.clock.now())
    assert making(house).of(today).tasks == {"read_reply": (1, 1, 0)}
    assert making(house).of(today + timedelta(days=30)).tasks == {"read_reply": (0, 0, 2)}


def test_the_digest_of_yesterday_is_sent_once_and_only_if_something_happened() -> None:
    house = a_house()
    wording = JinjaReportWording(TEMPLATES, "Acme Ltd", DIGEST)
    sending = SendDigest(making(house), MemoryDigestDesk(), house.email, wording, "office@acme.example")
    assert sending.send() is None
    house.add()
    house.answer("I will pay on Friday")
    house.clock.advance(timedelta(days=1))
    assert isinstance(sending.send(), Accepted)
    assert sending.send() is None
    (message,) = sent_by(house.email)
    assert message.address == "office@acme.example"
    assert message.words.subject == f"Invoices on {DUE}: 0 sent, 1 answered"
    assert "Promise to pay               1" in message.words.text
    assert "GBP 100.00" in message.words.html


def test_nobody_is_told_without_an_address() -> None:
    house = a_house()
    house.add()
    house.answer("I will pay on Friday")
    house.clock.advance(timedelta(days=1))
    wording = JinjaReportWording(TEMPLATES, "Acme Ltd", DIGEST)
    assert SendDigest(making(house), MemoryDigestDesk(), MemorySender(), wording).send() is None


def test_the_json_of_a_digest_has_every_number() -> None:
    house = a_house()
    house.add()
    house.answer("please call me")
    assert making(house).of(date(2026, 3, 2)).as_json()["tasks"] == {
        "call_back": {"today": 1, "this week": 0, "older": 0}
    }
