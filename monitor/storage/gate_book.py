"""What the station's gate reads: accounts, patients and their courses, by opening the database.

Knows how it is opened beside the recorder, read-only, for one look at a time. Must not know who may
do what.
"""

import contextlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from monitor.accounts.people import Person
from monitor.errors import BugError, OperatorError
from monitor.patients import Patient
from monitor.storage.courses import CourseRegister
from monitor.storage.database import Database, open_database
from monitor.storage.keys import DataKey
from monitor.storage.last_resort import open_to_read
from monitor.storage.patients import PatientRegister
from monitor.storage.people import PeopleRegister


class GateBook:
    """Reads of one database file. Every method raises OperatorError when it cannot be read.

    Also when another program wrote what we do not understand: the station must not end by that.
    """

    def __init__(
        self, path: Path, key: DataKey, is_recording: Callable[[], bool] = lambda: True
    ) -> None:
        self._path = path
        self._key = key
        self._is_recording = is_recording
        self._was_read = False

    def people(self) -> Collection[Person]:
        """Return all accounts.

        On a disk that takes nothing a station that has just started reads them by the last resort,
        once: that takes no locks, so it may not be done beside a recorder that writes.
        """
        is_last_resort = not self._was_read and not self._is_recording()
        with self._opened(open_to_read if is_last_resort else _open) as database:
            found = PeopleRegister(database).people()
        self._was_read = True
        return found

    def patient(self, patient_id: str) -> tuple[Patient | None, Collection[str]]:
        """Return a patient, None when there is none, and the ids of the patient's courses."""
        with self._opened(_open) as database:
            found = PatientRegister(database).known(patient_id)
            courses = CourseRegister(database).of(patient_id) if found is not None else ()
            return found, [course.id for course in courses]

    @contextlib.contextmanager
    def _opened(self, opening: Callable[[Path, DataKey], Database]) -> Iterator[Database]:
        try:
            with opening(self._path, self._key) as database:
                yield database
        except (BugError, ArithmeticError, LookupError, ValueError, TypeError, OSError) as cause:
            raise OperatorError(
                f"The database cannot be understood ({self._path})",
                "'vigil verify' says what was changed",
            ) from cause


def _open(path: Path, key: DataKey) -> Database:
    return open_database(path, key, read_only=True)
