from __future__ import annotations

import pytest

from tactful.application.send_reminders import Outcome
from tactful.domain.book.account import Change, TaskKind
from tactful.domain.book.contact_log import Tone
from tactful.domain.book.customer import Channel
from tests.support.builders import DUE, a_contact, a_customer, a_policy, a_stage, an_account, an_invoice
from tests.unit.application.house import House


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (a_stage("step", 0, Tone.FRIENDLY) | {"kind": "call", "channels": ()}, TaskKind.CALL),
        (a_stage("step", 0, Tone.FRIENDLY) | {"kind": "letter", "channels": ()}, TaskKind.LETTER),
        (
            a_stage("step", 0, Tone.FRIENDLY) | {"kind": "credit_review", "channels": ()},
            TaskKind.CREDIT_REVIEW,
        ),
        (a_stage("step", 0, Tone.FRIENDLY) | {"kind": "collections", "channels": ()}, TaskKind.COLLECTIONS),
        (a_stage("step", 0, Tone.FRIENDLY) | {"approval": True}, TaskKind.APPROVAL),
        (a_stage("step", 0, Tone.FRIENDLY, Channel.PERSON), TaskKind.STEP_FOR_A_PERSON),
    ],
)
def test_every_step_for_a_person_opens_its_task(stage: dict[str, object], kind: TaskKind) -> None:
    house = House(policy=a_policy(stages=[stage]))
    key = house.add()
    assert house.act(key).outcome is Outcome.TASK
    ((_, task),) = house.store.list_open()
    assert task.kind is kind
    assert task.summary


def test_a_client_without_an_hour_that_is_decent_everywhere_is_a_task() -> None:
    everywhere = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London")
    house = House()
    house.calendar = type(house.calendar)(
        house.calendar.business_zone, "GB", country_zones=lambda _: everywhere
    )
    customer = a_customer(a_contact(phone=""), timezone="", country="US")
    key = house.add(an_account(an_invoice(due=DUE), customer=customer))
    house.act(key)
    assert house.task_kinds() == [TaskKind.NO_COMMON_HOURS]


def test_a_client_without_an_address_is_one_open_task_however_many_invoices_come_due() -> None:
    house = House()
    nobody = a_customer(a_contact(email="", phone=""))
    key = house.add(an_account(an_invoice("INV-1"), customer=nobody))
    assert house.act(key).outcome is Outcome.TASK
    for number in ("INV-2", "INV-3"):
        more = house.account(key).with_invoice(an_invoice(number))
        house.store.commit(house.account(key), Change(more))
        assert house.act(key).outcome is Outcome.TASK
    facts = dict(house.task(TaskKind.NO_USABLE_ADDRESS).facts)
    assert [number in facts["invoices"] for number in ("INV-1", "INV-2", "INV-3")] == [True] * 3
    assert house.act(key).reasons[-1] == "with_a_person: no_usable_address"
