from __future__ import annotations

from datetime import timedelta

from tactful.adapters.dynamodb.lookups import DynamoInbox
from tactful.adapters.dynamodb.table import Table
from tests.contract.store_support import NOW, Stores

FIELDS = (("From", "+447700900123"), ("Body", "STOP"), ("Body", ""))


def test_a_message_is_kept_as_it_came(stores: Stores) -> None:
    stores.inbox.keep("sms", "SM1", FIELDS, NOW)
    assert stores.kept("sms", "SM1") == FIELDS


def test_the_same_message_again_changes_nothing(stores: Stores) -> None:
    stores.inbox.keep("sms", "SM1", FIELDS, NOW)
    stores.inbox.keep("sms", "SM1", (("Body", "other"),), NOW + timedelta(days=1))
    assert stores.kept("sms", "SM1") == FIELDS


def test_the_same_id_from_another_source_is_another_message(stores: Stores) -> None:
    stores.inbox.keep("sms", "1", FIELDS, NOW)
    stores.inbox.keep("email", "1", (("Body", "other"),), NOW)
    assert stores.kept("sms", "1") == FIELDS


def test_a_message_is_forgotten_after_400_days(table: Table) -> None:
    DynamoInbox(table).keep("sms", "SM1", FIELDS, NOW)
    item = table.get("INBOUND#sms#SM1", "INBOUND")
    assert item is not None
    assert item["expires_at"] == (NOW + timedelta(days=400)).timestamp()
