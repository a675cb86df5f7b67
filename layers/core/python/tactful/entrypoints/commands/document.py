"""`tactful document`: a statement, a letter or the hand-off pack of a customer, as PDF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tactful.entrypoints.commands.inputs import day

if TYPE_CHECKING:
    from tactful.application.documents import DocumentOrder

_FINE = 0
# By the names of tactful.application.documents.DocumentKind.
_KINDS = ("statement", "final-demand", "letter", "handoff")
_TONES = ("friendly", "neutral", "firm", "final")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `document` to a command line."""
    parser = commands.add_parser(
        "document",
        help="a statement, a letter or the hand-off pack of a customer, as PDF",
        description="Make a document from the stack's table, here, or order it from the stack. Nothing is sent (but "
        "with --email), and nothing is noted: after a letter was sent, note it with `tactful contact --how letter`.",
    )
    parser.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    parser.add_argument("--kind", choices=_KINDS, required=True, help="which document")
    parser.add_argument(
        "--wording", default="", metavar="NAME", help="of a letter: the stage whose words it has"
    )
    parser.add_argument("--tone", choices=_TONES, help="of a letter: its tone")
    parser.add_argument(
        "--address",
        action="append",
        default=[],
        metavar="LINE",
        help="a line of the customer's postal address, which the book does not know; may be repeated",
    )
    parser.add_argument(
        "--pay-by", type=day, metavar="DATE", help="of a letter: the day it asks to be paid by"
    )
    parser.add_argument(
        "--language", default="", metavar="TAG", help="BCP 47, for example de (the customer's)"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--out", type=Path, default=Path("build/documents"), metavar="DIR", help="where to (build/documents)"
    )
    where.add_argument(
        "--email",
        action="store_true",
        help="a statement: keep it in the document bucket, and e-mail it to the client",
    )
    where.add_argument("--order", action="store_true", help="let the stack make it, into its document bucket")
    parser.set_defaults(run=make_document)


def make_document(arguments: argparse.Namespace) -> int:
    """Make or order the document, and print what was done."""
    order = _order(arguments)
    if arguments.email:
        from tactful.console import send_statement

        sys.stdout.write(f"the statement goes to {send_statement().send(order)} with the next run\n")
        return _FINE
    if arguments.order:
        from tactful.console import document_orders

        document_orders().put(order)
        sys.stdout.write(f"ordered: {order.kind} of {arguments.customer}\n")
        return _FINE
    from tactful.console import make_documents

    made = make_documents().make(order)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for file in made:
        written = arguments.out / f"{order.kind}-{Path(file.key).name}"
        written.write_bytes(file.content)
        sys.stdout.write(f"{written}\n")
        if file.unshown:
            sys.stderr.write(
                f"NOTE: {file.unshown}: add a font that has these letters to templates/overlay/letter/fonts/\n"
            )
    return _FINE


def _order(arguments: argparse.Namespace) -> DocumentOrder:
    from tactful.application.documents import DocumentKind, DocumentOrder
    from tactful.domain.book.contact_log import Tone
    from tactful.domain.book.customer import account_key

    return DocumentOrder(
        account_key=account_key(arguments.customer),
        kind=DocumentKind(arguments.kind),
        wording=arguments.wording,
        tone=Tone(arguments.tone) if arguments.tone else None,
        language=arguments.language,
        address=tuple(arguments.address),
        pay_by=arguments.pay_by,
    )
