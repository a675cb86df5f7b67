"""`python -m tests.demo [--invoices FILE] [--customers FILE]`: see `make demo`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from tactful.adapters.holidays_calendar import public_holidays
from tactful.adapters.policy_file import load_policy
from tactful.adapters.whereabouts import zones_of_country, zones_of_phone
from tactful.domain.book.customer import Channel
from tactful.domain.dunning.calendar import Calendar
from tactful.domain.dunning.decide import decide
from tests.demo.book import Book, BookError, read_book
from tests.demo.checks import faults
from tests.demo.people import DemoError
from tests.demo.play import Play
from tests.demo.report import Outcome, show, summary
from tests.local import ministack, stack
from tests.local.ministack import ROOT, LocalAwsError
from tests.local.twilio_server import TwilioServer

FOLDER = ROOT / "build/demo"
BUSINESS_ZONE = "Europe/London"
BUSINESS_COUNTRY = "GB"
# Without a terminal there is no width to fit into.
_PIPED_WIDTH = 120
FROM_ADDRESS = "billing@harbour-lane.example"


def main() -> int:
    """Run the demo. Exit code 0 if nothing is off, 1 if something is, 2 if a file cannot be used."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--invoices", type=Path)
    parser.add_argument("--customers", type=Path)
    arguments = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH)
    began = time.monotonic()

    def say(text: str) -> None:
        console.print(f"[dim]{time.monotonic() - began:5.0f} s[/dim]  {text}", highlight=False)

    try:
        book = read_book(arguments.invoices, arguments.customers)
    except (BookError, OSError, ValueError) as error:
        console.print(f"[red]{error}[/red]")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with TwilioServer(account_sid="AC" + "0" * 32, auth_token="demo-token") as twilio:
            outcome = _play(book, twilio, say, began)
    except (DemoError, LocalAwsError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    show(outcome, console)
    target = FOLDER / "summary.json"
    target.write_text(json.dumps(summary(outcome), indent=2))
    console.print(f"{target.relative_to(ROOT)} has all of it.")
    return 1 if outcome.faults else 0


def _play(book: Book, twilio: TwilioServer, say: Callable[[str], None], began: float) -> Outcome:
    say("starting a local AWS with IAM enforced")
    aws = ministack.start(FOLDER / "local")
    try:
        say("building the stack (sam build)")
        stack.build(aws)
        say("deploying the stack (sam deploy)")
        deployed = stack.deploy(
            aws,
            {
                "FromAddress": FROM_ADDRESS,
                "BusinessName": "Harbour Lane Supplies",
                "Timezone": BUSINESS_ZONE,
                "Country": BUSINESS_COUNTRY,
                "ReplyDomain": "reply.harbour-lane.example",
                "TwilioBaseUrl": twilio.url,
                "TwilioMessagingServiceSid": "MG" + "0" * 32,
            },
        )
        deployed.verify_sender(FROM_ADDRESS)
        deployed.set_twilio_secret(account_sid=twilio.account_sid, auth_token=twilio.auth_token)
        say(f"playing 45 days from {book.starts:%A %d %B %Y}")
        policy = load_policy(ROOT / "templates/policies/standard.yaml")
        calendar = Calendar(
            ZoneInfo(BUSINESS_ZONE),
            BUSINESS_COUNTRY,
            public_holidays,
            country_zones=zones_of_country,
            phone_zones=zones_of_phone,
        )
        play = Play(deployed, twilio, book, policy, calendar, say)
        snapshot = play.run()
        accounts = play.peek.accounts()
        provider_counts = {
            Channel.EMAIL: len(aws.emails()),
            Channel.SMS: sum(message.direction != "inbound" for message in twilio.messages.values()),
        }
        found = faults(snapshot, accounts, policy, calendar, provider_counts, deployed.dead_letters())
        return Outcome(
            snapshot=snapshot,
            accounts=accounts,
            decisions={key: decide(account, policy, calendar, play.now) for key, account in accounts.items()},
            parts=play.people.parts,
            told=tuple(play.people.told),
            faults=tuple(found),
            ticks=play.ticks,
            seconds=time.monotonic() - began,
        )
    finally:
        ministack.stop(aws)


if __name__ == "__main__":
    sys.exit(main())
