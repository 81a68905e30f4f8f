"""The register of people and the log, opened for one errand at a time.

Knows that both lie in the station's database, which is opened beside it and never migrated here.
Must not know screens.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from monitor.accounts.administration import Staff
from monitor.accounts.events import AccountEvent
from monitor.errors import OperatorError
from monitor.storage.database import open_database
from monitor.storage.keys import DataKey
from monitor.storage.people import PeopleRegister, log_event


@dataclass(frozen=True, slots=True)
class Book:
    """Who works here, and the log of what they did. All raise OperatorError when the disk fails."""

    staff: Staff
    has_people: Callable[[], bool]
    log: Callable[[AccountEvent], object]


OpenBook = Callable[[], AbstractContextManager[Book]]


def book_of(path: Path, key: DataKey | None) -> OpenBook:
    """Return the way to open the book of a data folder's database, if its key is known.

    For one errand each: what a station does to the file in between (migration, restored backup)
    is then never met by an old connection.
    """

    @contextlib.contextmanager
    def opened() -> Iterator[Book]:
        if key is None:
            raise OperatorError(
                "This window has no key to the accounts",
                "close it and start Vigil from a terminal, or with --passphrase-file",
            )
        open_database(path, key, read_only=True).close()  # refuses what only a station may mend
        with open_database(path, key) as database:
            register = PeopleRegister(database)
            yield Book(
                register, lambda: bool(register.people()), lambda event: log_event(database, event)
            )

    return opened
