"""The local Twilio keeps Twilio's contract: its own client reads it, and its webhooks are signed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from tactful.adapters.signatures import is_from_twilio
from tests.local.http_stub import Answer, HttpStub, Request
from tests.local.twilio_server import TwilioServer
from tests.local.twilio_wire import ACCOUNT_SID, AUTH_TOKEN, ApiError, Fault, Works

SERVICE_SID = "MG" + "0" * 31 + "1"
NUMBER = "+15005550006"
OURS = "+15005550100"


@pytest.fixture
def ours() -> Iterator[HttpStub]:
    with HttpStub(lambda _: Answer(200, b"<Response></Response>", "text/xml")) as stub:
        yield stub


@pytest.fixture
def twilio() -> Iterator[TwilioServer]:
    with TwilioServer() as server:
        yield server


def a_client(server: TwilioServer) -> Client:
    client = Client(ACCOUNT_SID, AUTH_TOKEN)
    client.api.base_url = server.url
    return client


def send(
    server: TwilioServer, *, to: str = NUMBER, callback: str = "", body: str = "Just reply #K7Q2"
) -> str:
    message = a_client(server).messages.create(
        to=to, messaging_service_sid=SERVICE_SID, body=body, status_callback=callback
    )
    return str(message.sid)


def believed(stub: HttpStub, request: Request) -> bool:
    return is_from_twilio(
        public_url=stub.url,
        raw_path=request.path,
        raw_query=request.query,
        body=request.body,
        signature=request.headers.get("x-twilio-signature"),
        auth_tokens=[AUTH_TOKEN],
    )


def fields_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def test_a_created_message_reads_as_twilios(twilio: TwilioServer) -> None:
    message = a_client(twilio).messages.create(to=NUMBER, messaging_service_sid=SERVICE_SID, body="Hello")

    assert (message.status, message.num_segments, message.direction) == ("accepted", "0", "outbound-api")
    assert len(message.sid) == 34
    assert message.date_created.tzinfo is UTC
    assert a_client(twilio).messages(message.sid).fetch().body == "Hello"


def test_a_message_whose_answer_was_lost_is_found_on_the_list(twilio: TwilioServer) -> None:
    twilio.script([Fault.DROP])
    with pytest.raises(requests.ConnectionError):
        send(twilio)
    send(twilio, to="+15005550007")

    since = datetime.now(UTC) - timedelta(minutes=1)
    found = a_client(twilio).messages.list(to=NUMBER, date_sent_after=since)
    later = a_client(twilio).messages.list(to=NUMBER, date_sent_after=since + timedelta(days=1))

    assert [message.body for message in found] == ["Just reply #K7Q2"]
    assert later == []


def test_a_delivery_is_reported_in_three_signed_steps(twilio: TwilioServer, ours: HttpStub) -> None:
    sid = send(twilio, callback=f"{ours.url}/status?r=abc-def")

    assert twilio.deliver(sid) == [200, 200, 200]
    assert [fields_of(request)["MessageStatus"] for request in ours.requests] == [
        "queued",
        "sent",
        "delivered",
    ]
    assert all(believed(ours, request) for request in ours.requests)
    assert all(fields_of(request)["MessageSid"] == sid for request in ours.requests)


def test_a_message_to_an_unreachable_phone_ends_undelivered_with_its_error_code(
    twilio: TwilioServer, ours: HttpStub
) -> None:
    twilio.deliver(send(twilio, to="+15005550030", callback=f"{ours.url}/status"))

    last = fields_of(ours.requests[-1])
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")


def test_reports_come_by_themselves_if_asked_to(ours: HttpStub) -> None:
    with TwilioServer(auto_deliver=True) as server:
        send(server, callback=f"{ours.url}/status")
        server.settle()

    assert len(ours.requests) == 3


def test_what_a_client_writes_arrives_signed_with_its_blank_fields(
    twilio: TwilioServer, ours: HttpStub
) -> None:
    answer = twilio.client_says(f"{ours.url}/inbound", NUMBER, OURS, "I'll pay on Friday 🙂")

    (request,) = ours.requests
    assert answer == (200, "<Response></Response>")
    assert believed(ours, request)
    assert fields_of(request)["Body"] == "I'll pay on Friday 🙂"
    assert fields_of(request)["FromZip"] == ""


def test_after_stop_the_number_is_blocked_until_start(twilio: TwilioServer, ours: HttpStub) -> None:
    twilio.client_says(ours.url, NUMBER, OURS, " stop ")
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    twilio.client_says(ours.url, NUMBER, OURS, "START")

    assert refused.value.code == 21610
    assert send(twilio)


def test_a_script_is_played_in_order_and_then_the_api_works(twilio: TwilioServer) -> None:
    twilio.script([ApiError(429, 20429), Works.OK])
    with pytest.raises(TwilioRestException):
        send(twilio)

    assert send(twilio)
    assert send(twilio)
    assert len(twilio.posts) == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": "", "Body": "x", "MessagingServiceSid": SERVICE_SID}, 21604),
        ({"To": NUMBER, "Body": "x"}, 21603),
        ({"To": NUMBER, "Body": "", "MessagingServiceSid": SERVICE_SID}, 21602),
        ({"To": NUMBER, "Body": "x" * 1601, "MessagingServiceSid": SERVICE_SID}, 21617),
        ({"To": NUMBER, "Body": "x", "MessagingServiceSid": SERVICE_SID, "ValidityPeriod": "36001"}, 30045),
        (
            {
                "To": NUMBER,
                "Body": "x",
                "MessagingServiceSid": SERVICE_SID,
                "StatusCallback": "http://a_b.example",
            },
            21609,
        ),
    ],
)
def test_a_wrong_request_is_refused_with_twilios_code(
    twilio: TwilioServer, fields: dict[str, str], code: int
) -> None:
    url = f"{twilio.url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"

    answer = requests.post(url, data=fields, auth=(ACCOUNT_SID, AUTH_TOKEN), timeout=5)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (400, code, 400)


def test_another_process_can_steer_it(ours: HttpStub) -> None:
    command = [sys.executable, "-m", "tests.local.twilio_server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            account = (ACCOUNT_SID, AUTH_TOKEN)
            form = {"To": NUMBER, "Body": "Hi", "From": OURS, "StatusCallback": f"{ours.url}/status"}
            api = f"{url}/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
            sid = requests.post(api, data=form, auth=account, timeout=5).json()["sid"]

            delivered = requests.post(f"{url}/_control/deliver", json={}, timeout=5).json()
            wish = {"url": f"{ours.url}/inbound", "from": NUMBER, "to": OURS, "body": "Paid"}
            said = requests.post(f"{url}/_control/say", json=wish, timeout=5).json()
            messages = requests.get(f"{url}/_control/messages", timeout=5).json()
        finally:
            process.terminate()

    assert delivered == {sid: [200, 200, 200]}
    assert said == {"status": 200, "body": "<Response></Response>"}
    assert [(message["status"], message["body"]) for message in messages] == [
        ("delivered", "Hi"),
        ("received", "Paid"),
    ]
