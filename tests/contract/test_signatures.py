"""Nothing is believed that is not signed, and what is signed is recognised as it really arrives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.adapters.signatures import (
    is_from_twilio,
    is_payment_signed,
    payment_signature,
    reminder_of_reply,
    reply_address,
    twilio_signature,
)
from tactful.domain.book.contact_log import account_key_of, reminder_id

KEY = b"present key"
OLD_KEY = b"previous key"
TOKEN = "12345"
OLD_TOKEN = "54321"
PUBLIC_URL = "https://reminders.example.com"
PATH = "/webhooks/twilio/inbound"
URL = PUBLIC_URL + PATH
# What Twilio really sends: blank fields, a plus in the numbers, an emoji, a field that comes twice.
FIELDS = [
    ("MessageSid", "SM11111111111111111111111111111111"),
    ("From", "+15005550006"),
    ("To", "+15005550100"),
    ("Body", "Paid on Friday 🙂 100% & done"),
    ("FromZip", ""),
    ("MediaUrl", "https://api.twilio.com/b"),
    ("MediaUrl", "https://api.twilio.com/a"),
]
BODY = urlencode(FIELDS).encode()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

reminder_ids = st.builds(
    reminder_id,
    st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16),
    st.text(max_size=20),
    st.text(max_size=5),
    st.integers(1, 9),
)


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook request as it arrives, signed unless a test says otherwise."""

    path: str = PATH
    query: str = ""
    body: bytes = BODY
    signature: str | None = None
    public_url: str = PUBLIC_URL
    tokens: tuple[str, ...] = (TOKEN,)
    settings: str | None = None

    def is_believed(self) -> bool:
        return is_from_twilio(
            public_url=self.public_url,
            raw_path=self.path,
            raw_query=self.query,
            body=self.body,
            signature=self.signature,
            auth_tokens=self.tokens,
            settings=self.settings,
        )


def a_hook(*, url: str = URL, token: str = TOKEN) -> Hook:
    return Hook(signature=twilio_signature(url, FIELDS, token))


def a_json_hook(*, payload: bytes, signed_payload: bytes) -> Hook:
    query = f"bodySHA256={hashlib.sha256(signed_payload).hexdigest()}"
    return Hook(query=query, body=payload, signature=twilio_signature(f"{URL}?{query}", [], TOKEN))


@given(reminder_ids)
def test_a_reply_address_leads_back_to_its_reminder_in_any_case_of_letters(reminder: str) -> None:
    address = reply_address(reminder, "in.example.com", KEY)

    assert reminder_of_reply(address, [KEY]) == reminder
    assert reminder_of_reply(f" {address.upper()} ", [KEY]) == reminder
    assert account_key_of(reminder_of_reply(address, [KEY]))


@given(reminder_ids)
def test_a_reply_address_is_one_that_every_mail_system_takes(reminder: str) -> None:
    local = reply_address(reminder, "in.example.com", KEY).partition("@")[0]

    assert len(local) <= 64
    assert set(local) <= set("abcdefghijklmnopqrstuvwxyz0123456789+.-")


@given(reminder_ids, st.data())
def test_a_reply_address_with_one_letter_changed_belongs_to_no_reminder(
    reminder: str, data: st.DataObject
) -> None:
    local, _, domain = reply_address(reminder, "in.example.com", KEY).partition("@")
    place = data.draw(st.integers(0, len(local) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda drawn: drawn.lower() != local[place]))

    assert reminder_of_reply(f"{local[:place]}{letter}{local[place + 1 :]}@{domain}", [KEY]) == ""


@given(st.text())
def test_any_other_address_belongs_to_no_reminder(address: str) -> None:
    assert reminder_of_reply(address, [KEY]) == ""


def test_a_reply_to_an_address_made_before_the_key_changed_is_still_understood() -> None:
    reminder = reminder_id("mfrggzdfmztwq2lk", "due", "1", 1)
    address = reply_address(reminder, "in.example.com", OLD_KEY)

    assert reminder_of_reply(address, [KEY, OLD_KEY]) == reminder
    assert reminder_of_reply(address, [KEY]) == ""
    assert reminder_of_reply(reply_address(reminder, "in.example.com", b""), [b""]) == ""


def test_a_webhook_with_the_exact_url_and_all_fields_is_from_twilio() -> None:
    assert a_hook().is_believed()


def test_twilios_published_example_is_recognised() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    hook = Hook(
        public_url="https://mycompany.com",
        path="/myapp.php",
        query="foo=1&bar=2",
        body=urlencode(fields).encode(),
        signature="RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    )

    assert hook.is_believed()


def test_a_blank_field_is_part_of_what_was_signed() -> None:
    without_blank = urlencode([(name, value) for name, value in FIELDS if value]).encode()

    assert not replace(a_hook(), body=without_blank).is_believed()


def test_the_query_is_part_of_what_was_signed_exactly_as_it_came() -> None:
    query = "r=abc-def&n=a%20b"
    hook = replace(a_hook(url=f"{URL}?{query}"), query=query)

    assert hook.is_believed()
    assert not replace(hook, query="").is_believed()
    assert not replace(hook, query="n=a%20b&r=abc-def").is_believed()
    assert not replace(hook, query=unquote(query)).is_believed()


@pytest.mark.parametrize(
    "url",
    [
        f"{PUBLIC_URL}/prod{PATH}",
        f"{URL}/",
        f"https://REMINDERS.example.com{PATH}",
        f"http://reminders.example.com{PATH}",
        f"https://abc123.execute-api.eu-west-1.amazonaws.com{PATH}",
    ],
)
def test_a_webhook_signed_for_another_address_than_ours_is_not_believed(url: str) -> None:
    assert not a_hook(url=url).is_believed()


@pytest.mark.parametrize(
    ("signed_for", "public_url"),
    [
        ("https://reminders.example.com:443", PUBLIC_URL),
        (PUBLIC_URL, "https://reminders.example.com:443"),
        ("https://reminders.example.com", "https://reminders.example.com:8443"),
    ],
)
def test_a_port_may_be_in_the_signed_address_or_not(signed_for: str, public_url: str) -> None:
    hook = replace(a_hook(url=f"{signed_for}{PATH}"), public_url=public_url)

    assert hook.is_believed()


def test_a_slash_at_the_end_of_the_public_address_does_no_harm() -> None:
    assert replace(a_hook(), public_url=f"{PUBLIC_URL}/").is_believed()


def test_a_webhook_with_a_field_changed_or_added_or_repeated_is_not_believed() -> None:
    assert not replace(a_hook(), body=BODY.replace(b"Friday", b"Monday")).is_believed()
    assert not replace(a_hook(), body=BODY + b"&OptOutType=START").is_believed()
    assert not replace(a_hook(), body=BODY + b"&Body=STOP").is_believed()
    assert not replace(a_hook(), body=b"").is_believed()


def test_a_plus_that_means_a_space_is_read_as_one() -> None:
    assert b"Paid+on+Friday" in BODY
    assert not replace(a_hook(), body=BODY.replace(b"Paid+on", b"Paid%2Bon")).is_believed()


def test_a_json_body_is_believed_only_if_the_signed_query_has_its_hash() -> None:
    payload = json.dumps({"body": "STOP"}).encode()

    assert a_json_hook(payload=payload, signed_payload=payload).is_believed()
    assert not a_json_hook(payload=b'{"body":"START"}', signed_payload=payload).is_believed()


def test_a_json_body_without_a_signed_hash_is_not_believed() -> None:
    assert not Hook(body=b'{"body":"START"}', signature=twilio_signature(URL, [], TOKEN)).is_believed()


@pytest.mark.parametrize("signature", [None, "", "x", "é", "=" * 28])
def test_a_webhook_without_a_valid_signature_is_not_believed(signature: str | None) -> None:
    assert not replace(a_hook(), signature=signature).is_believed()


@given(st.binary(), st.text(), st.text(), st.text(), st.none() | st.text())
def test_no_request_however_broken_raises_or_is_believed(
    body: bytes, path: str, query: str, signature: str, settings: str | None
) -> None:
    hook = Hook(path=path, query=query, body=body, signature=signature, settings=settings)

    assert not hook.is_believed()


def test_while_auth_tokens_are_changed_the_present_and_the_previous_one_count() -> None:
    hook = replace(a_hook(token=OLD_TOKEN), tokens=(TOKEN, OLD_TOKEN))

    assert hook.is_believed()
    assert not replace(hook, tokens=(TOKEN,)).is_believed()


def test_an_empty_auth_token_proves_nothing() -> None:
    assert not replace(a_hook(token=""), tokens=("", "")).is_believed()


def test_a_signature_with_a_shared_key_counts_only_under_the_header_that_names_its_algorithm() -> None:
    text = URL + "".join(name + value for name, value in sorted(set(FIELDS)))
    signature = base64.b64encode(hmac.digest(TOKEN.encode(), text.encode(), hashlib.sha256)).decode()
    hook = replace(a_hook(), signature=signature, settings="key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")

    assert hook.is_believed()
    assert not replace(hook, settings=None).is_believed()
    assert not replace(hook, settings="key=1,algorithm=none").is_believed()


def test_a_payment_signature_is_the_hmac_of_time_and_body() -> None:
    expected = hmac.new(KEY, b"1795521600.{}", hashlib.sha256).hexdigest()

    assert payment_signature(b"{}", KEY, NOW) == f"t=1795521600,v1={expected}"


@given(st.binary(), st.binary(min_size=1), st.integers(-300, 300))
def test_a_payment_signed_within_five_minutes_is_believed(body: bytes, key: bytes, seconds: int) -> None:
    header = payment_signature(body, key, NOW + timedelta(seconds=seconds))

    assert is_payment_signed(header, body, [key], NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_payment_signed_longer_ago_or_in_the_future_is_not_believed(seconds: int) -> None:
    header = payment_signature(b"{}", KEY, NOW + timedelta(seconds=seconds))

    assert not is_payment_signed(header, b"{}", [KEY], NOW)


@given(st.binary(), st.binary())
def test_a_payment_with_another_body_is_not_believed(body: bytes, other: bytes) -> None:
    header = payment_signature(body, KEY, NOW)

    assert is_payment_signed(header, other, [KEY], NOW) == (body == other)


def test_a_payment_may_carry_several_signatures_and_keys_may_change() -> None:
    stale = payment_signature(b"{}", b"some other key", NOW)
    fresh = payment_signature(b"{}", KEY, NOW).partition(",")[2]

    assert is_payment_signed(f"{stale}, {fresh}", b"{}", [KEY], NOW)
    assert is_payment_signed(payment_signature(b"{}", OLD_KEY, NOW), b"{}", [KEY, OLD_KEY], NOW)
    assert not is_payment_signed(stale, b"{}", [KEY, OLD_KEY], NOW)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=1795521600",
        "v1=00",
        "t=1795521600,v1=",
        "t=1795521600,v1=é",
        "t=,v1=00",
        "t=-1,v1=00",
        "t=१७,v1=00",
        f"t={'9' * 5000},v1=00",
    ],
)
def test_a_broken_payment_signature_is_not_believed(header: str | None) -> None:
    assert not is_payment_signed(header, b"{}", [KEY], NOW)


def test_a_payment_signature_with_two_times_is_not_believed() -> None:
    header = payment_signature(b"{}", KEY, NOW)

    assert not is_payment_signed(f"t=1,{header}", b"{}", [KEY], NOW)


def test_an_empty_key_proves_no_payment() -> None:
    assert not is_payment_signed(payment_signature(b"{}", b"", NOW), b"{}", [b""], NOW)
