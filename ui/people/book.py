"""The registers of people and patients and the log, opened for one errand at a time.

Knows that all lie in the station's database, which is opened beside it and never migrated here.
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
from monitor.storage.courses import CourseRegister
from monitor.storage.database import open_database
from monitor.storage.keys import DataKey
from monitor.storage.patients import PatientRegister
from monitor.storage.people import PeopleRegister, log_event
from monitor.storage.signed import open_signed


@dataclass(frozen=True, slots=True)
class Book:
    """Who works here, who is treated, and the log of what was done.

    All raise OperatorError when the disk fails.
    """

    staff: Staff
    has_people: Callable[[], bool]
    log: Callable[[AccountEvent], object]
    patients: PatientRegister


@dataclass(frozen=True, slots=True)
class Register:
    """Who is treated, to look into only. Raises OperatorError when the disk fails."""

    patients: PatientRegister
    courses: CourseRegister


OpenBook = Callable[[], AbstractContextManager[Book]]
OpenRegister = Callable[[], AbstractContextManager[Register]]


def book_of(path: Path, key: DataKey | None) -> OpenBook:
    """Return the way to open the book of a data folder's database, if its key is known.

    For one errand each: what a station does to the file in between (migration, restored backup)
    is then never met by an old connection.
    """

    @contextlib.contextmanager
    def opened() -> Iterator[Book]:
        known = _required(key)
        open_database(path, known, read_only=True).close()  # refuses what only a station may mend
        with open_signed(path, known) as database:
            register = PeopleRegister(database)
            yield Book(
                register,
                lambda: bool(register.people()),
                lambda event: log_event(database, event),
                PatientRegister(database),
            )

    return opened


def register_of(path: Path, key: DataKey | None) -> OpenRegister:
    """Return the way to look who is treated: nothing is written, and no signing key is fetched."""

    @contextlib.contextmanager
    def opened() -> Iterator[Register]:
        with open_database(path, _required(key), read_only=True) as database:
            yield Register(PatientRegister(database), CourseRegister(database))

    return opened


def _required(key: DataKey | None) -> DataKey:
    if key is None:
        raise OperatorError(
            "This window has no key to the accounts",
            "close it and start Vigil from a terminal, or with --passphrase-file",
        )
    return key
