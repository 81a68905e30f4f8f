"""Whose names were shown while somebody was looked for, on its way into the audit log.

Knows ids. One row a form, not one a key: who looked, how many they saw, and the first of them.
"""

from collections.abc import Iterable

from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.people import Actor
from monitor.clock import Clock
from monitor.patients import Patient
from ui.people.book import OpenBook
from ui.people.errands import Errands
from ui.people.journal import Journal

MOST_NAMED = 20
"""Ids that go into one row of the log."""


class Looks:
    """Gathers what a form shows. Care never waits for it: what cannot be logged is tried again."""

    def __init__(self, open_book: OpenBook, errands: Errands, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[str, None] = {}
        self._notice = ""
        self._journal = Journal(open_book, errands, self._say, clock.now().monotonic)

    def seen(self, patients: Iterable[Patient]) -> None:
        """These are on the screen now."""
        self._seen.update((patient.id, None) for patient in patients)

    def log(self, actor: Actor) -> None:
        """The form is closed: log what was seen on it, if anybody was."""
        seen, self._seen = list(self._seen), {}
        if seen:
            detail = {"shown": str(len(seen)), "patients": " ".join(seen[:MOST_NAMED])}
            now = self._clock.now().utc
            self._journal.log(AccountEvent(EventKind.PATIENT_SEARCHED, actor, now, "", detail))

    def tick(self) -> None:
        """Try again when something is left."""
        self._journal.tick(self._clock.now().monotonic)

    def take_notice(self) -> str:
        """Return what the person at the screen should be told, once."""
        notice, self._notice = self._notice, ""
        return notice

    def close(self) -> None:
        """Give the last row a moment."""
        self._journal.close()

    def _say(self, sentence: str) -> None:
        self._notice = sentence
