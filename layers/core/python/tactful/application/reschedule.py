"""After the rules have changed: every account is looked at once, for it may sleep longer than the new rules say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tactful.application.ports import OwingAccounts, Round, Rounds, WorkQueue

# A crash repeats no more than one page. As many pages as a tick has time for: a million accounts take a day.
_PAGE = 1_000
_PAGES = 15


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Queues all accounts that owe something, a slice at each tick. `rules` is the fingerprint of those deployed.

    Whoever takes an account from `queue` only sets its next action anew, by the new rules: what is due then is handed
    over by a planning run, within its limits. To queue one twice is harmless.
    """

    rounds: Rounds
    accounts: OwingAccounts
    queue: WorkQueue
    rules: str

    def go_on(self) -> int:
        """Queue the next slice, if there is one; the number of accounts. Costs one read when nothing has changed.

        The tick that notices new rules only remembers them: the other functions get them within minutes, and an
        account that one of them decided by the old ones would not be looked at again. Raises StoreUnavailableError.
        """
        current = self.rounds.last_round()
        if current is None or current.rules != self.rules:
            self.rounds.note_round(Round(self.rules))
            return 0
        queued = 0
        for _ in range(_PAGES):
            if current.finished:
                break
            page = self.accounts.page(current.after, _PAGE)
            queued += self.queue.put(page.keys)
            current = replace(current, after=page.following, finished=not page.following)
            self.rounds.note_round(current)
        return queued
