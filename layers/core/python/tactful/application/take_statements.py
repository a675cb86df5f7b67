"""From what a file says to accounts: whose it is, what changes, and when the account must be looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tactful.application.account_events import AccountEvents
from tactful.application.import_ports import CustomerDirectory
from tactful.application.import_report import ImportReport
from tactful.application.ports import AddressBook, StoreUnavailableError
from tactful.domain.book.account import Account, Change
from tactful.domain.book.customer import Customer, account_key
from tactful.imports.book import plain_name
from tactful.imports.statement import Described, StatedCustomer, StatedInvoice
from tactful.imports.statements import RowOutcome, Taken, take_customers, take_invoices

Statement = StatedInvoice | Described

_SHOWN_IDS = 10


class _KnownAsError(Exception):
    """The customer was opened under another id, which is the text of this."""


class _OtherCustomerError(Exception):
    """The account of that id is somebody else's."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a file's statements are taken over for.

    Nobody is reminded before an instant (UTC), when the import will be over. `is_shared` says whether the file has
    another customer of the same name; `changed` is told the keys of accounts that the import changed, `seen` each
    invoice that the file speaks of, with the key of its account (empty if nobody knows of whose it is).
    """

    report: ImportReport
    not_before: datetime
    is_shared: Callable[[StatedCustomer], bool]
    changed: Callable[[str], None]
    seen: Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class TakeStatements:
    """Takes over what files say, one commit for each customer of a chunk."""

    events: AccountEvents
    addresses: AddressBook
    directory: CustomerDirectory

    def take(self, statements: Sequence[Statement], occasion: Occasion) -> None:
        """Take over a chunk of a file. Raises StoreUnavailableError: it can be taken over again."""
        identified: dict[str, list[Statement]] = {}
        for one in statements:
            if one.customer.id:
                identified.setdefault(one.customer.id, []).append(one)
        self._take_all(identified, occasion)
        # Whoever has been opened or renamed just now is found by name already.
        nameless = [one for one in statements if not one.customer.id]
        self._take_all(self._by_name(nameless, occasion), occasion)

    def _take_all(self, found: Mapping[str, Sequence[Statement]], occasion: Occasion) -> None:
        for customer_id, stated in found.items():
            try:
                self._take(customer_id, stated, occasion)
            except StoreUnavailableError:
                raise
            except Exception as error:  # noqa: BLE001 - one customer's rows never stop the others
                # The customer may be known under another id.
                _note_seen("", stated, occasion)
                occasion.report.faults.append(error)
                for one in stated:
                    occasion.report.refuse(
                        one, f"could not be taken over ({type(error).__name__}): see the logs"
                    )

    def _by_name(self, statements: Sequence[Statement], occasion: Occasion) -> dict[str, list[Statement]]:
        """The statements by the id of the customer of that name; those that may be of several are refused.

        A customer whom nobody knows is opened with its name for an id.
        """
        names = dict.fromkeys(one.customer.name for one in statements)
        named = self.directory.named(names) if names else {}
        found: dict[str, list[Statement]] = {}
        opened: dict[str, str] = {}
        for one in statements:
            name = one.customer.name
            ids = sorted(named[name].ids)
            ids = ids or [opened.setdefault(plain_name(name), " ".join(name.split()))]
            if len(ids) == 1:
                found.setdefault(ids[0], []).append(one)
                continue
            for customer_id in ids:
                _note_seen(account_key(customer_id), [one], occasion)
            more = f" and {len(ids) - _SHOWN_IDS} more" if len(ids) > _SHOWN_IDS else ""
            occasion.report.refuse(
                one,
                f"customer_id: {len(ids)} customers are called {name!r} ({', '.join(ids[:_SHOWN_IDS])}{more}): "
                f"say which one is meant with a column of their ids",
            )
        return found

    def _take(self, customer_id: str, stated: Sequence[Statement], occasion: Occasion) -> None:
        name = stated[0].customer.name
        try:
            taken = self._applied(Customer(customer_id, name), stated, occasion)
        except _KnownAsError as known:
            taken = self._applied(Customer(str(known), name), stated, occasion)
        except _OtherCustomerError:
            why = f"customer_name: {name!r} is the id of another customer: add a column with the ids"
            taken = Taken(Account(Customer(customer_id, name)), {}, {one.records[0]: why for one in stated})
        _note_seen(taken.account.key, stated, occasion)
        for one in stated:
            record = one.records[0]
            if record in taken.rejected:
                occasion.report.refuse(one, taken.rejected[record])
            else:
                occasion.report.take(one, taken.outcomes[record])
        occasion.report.reopened += len(taken.reopened)
        occasion.report.is_outdone |= _is_stated_after(taken.account, occasion.report.upload.at)

    def _applied(self, customer: Customer, stated: Sequence[Statement], occasion: Occasion) -> Taken:
        last, was = Taken(Account(customer), {}, {}), Account(customer)

        def change(account: Account) -> Change:
            nonlocal last, was
            if account.version:
                self._check_name(account, stated[0].customer)
            else:
                self._check_opened(customer, stated[0].customer, occasion)
            last, was = self._taken(account, stated, occasion), account
            name = last.account.customer.name
            if last.account != account and not (account.version and name == account.customer.name):
                self.directory.note_name(name, customer.id)
            return Change(last.account, entries=last.entries)

        import_id = occasion.report.upload.id
        after = self.events.apply(customer.key, change, new=customer, not_before=occasion.not_before)
        if after is not None:
            self._link(after, [one for one in stated if one.records[0] in last.outcomes])
            occasion.report.know(is_new=not was.version, is_changed=after.customer != was.customer)
            if _is_changed_by(after, import_id):
                occasion.changed(after.key)
        return replace(last, outcomes=_first_outcomes(last, stated, was, import_id))

    def _check_name(self, account: Account, stated: StatedCustomer) -> None:
        """Raises _OtherCustomerError if somebody else's id happens to be the name of a customer without one."""
        if stated.id or plain_name(account.customer.name) == plain_name(stated.name):
            return
        if account.customer.id not in self.directory.named([stated.name])[stated.name].ids:
            raise _OtherCustomerError(account.customer.id)

    def _check_opened(self, customer: Customer, stated: StatedCustomer, occasion: Occasion) -> None:
        """Before a customer with an id is opened: raises _KnownAsError if it was opened by its name alone before.

        That takes exactly one account of the name, opened without an id and not found to have one since, and a file
        that has no other customer of that name.
        """
        if not stated.id or stated.id != customer.id:
            return
        known = self.directory.known_as(stated.id)
        if known:
            raise _KnownAsError(known)
        named = self.directory.named([stated.name])[stated.name]
        if len(named.ids) != 1 or named.ids <= named.claimed:
            return
        (opened_as,) = named.ids
        has_no_id = opened_as != stated.id and plain_name(opened_as) == plain_name(stated.name)
        if has_no_id and not occasion.is_shared(stated):
            self.directory.claim(stated.name, opened_as, stated.id)
            raise _KnownAsError(opened_as)

    def _taken(self, account: Account, stated: Sequence[Statement], occasion: Occasion) -> Taken:
        at, import_id = occasion.report.upload.at, occasion.report.upload.id
        invoices = [one for one in stated if isinstance(one, StatedInvoice)]
        if invoices:
            return take_invoices(account, invoices, at, self.events.calendar.today, import_id)
        described = [one for one in stated if isinstance(one, Described)]
        known = account.customer if account.version else None
        return take_customers(account, known, described, at, import_id)

    def _link(self, after: Account, stated: Sequence[Statement]) -> None:
        """Remember the addresses of the contacts that were named, where they are not known to be this account's."""
        used = {
            pair
            for one in stated
            for pair in Customer(after.customer.id, "", one.customer.contacts).addresses()
        }
        linked = {
            (record.channel, record.address) for record in after.addresses if after.key in record.accounts
        }
        self.addresses.link(after.key, sorted(used - linked))


def _note_seen(account_key: str, stated: Iterable[Statement], occasion: Occasion) -> None:
    for one in stated:
        if isinstance(one, StatedInvoice):
            occasion.seen(account_key, one.number)


def _first_outcomes(
    taken: Taken, stated: Iterable[Statement], was: Account, import_id: str
) -> dict[int, RowOutcome]:
    """What became of each record, also of those that an earlier try of this import has taken over."""
    outcomes = dict(taken.outcomes)
    for one in stated:
        known = was.invoice(one.number) if isinstance(one, StatedInvoice) else None
        change = known.imported if known else None
        if change and change.id == import_id and outcomes.get(one.records[0]) is RowOutcome.UNCHANGED:
            outcomes[one.records[0]] = RowOutcome.CHANGED if change.before else RowOutcome.NEW
    return outcomes


def _is_stated_after(account: Account, at: datetime) -> bool:
    said = (account.customer.stated_at, *(invoice.last_report_at for invoice in account.invoices))
    return any(last is not None and last > at for last in said)


def _is_changed_by(account: Account, import_id: str) -> bool:
    changes = (account.customer.imported, *(invoice.imported for invoice in account.invoices))
    return any(change is not None and change.id == import_id for change in changes)
