"""What the station knows of approved alarm profiles, by opening the database now and then.

Knows how it is opened beside the recorder, read-only, for one look at a time. Must not know what a
profile is for.
"""

from pathlib import Path

from monitor.errors import BugError, OperatorError
from monitor.storage.database import Database, open_database
from monitor.storage.keys import DataKey
from monitor.storage.last_resort import open_to_read
from monitor.storage.profiles import InForce, ProfileRegister


class ProfileBook:
    """Reads of one database file.

    The first look must come before anything is recorded: then it may read by the last resort a disk
    that takes nothing, which takes no locks.
    """

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path = path
        self._key = key
        self._open = open_to_read
        self._mark: object = None

    def news(self) -> InForce | None:
        """Return what was approved, None when that is as at the last look. Raises OperatorError."""
        opening, self._open = self._open, _open
        try:
            with opening(self._path, self._key) as database:
                return self._news(database)
        except (BugError, ValueError, TypeError, OSError) as cause:
            raise OperatorError(
                f"The database cannot be understood ({self._path})",
                "'vigil verify' says what was changed",
            ) from cause

    def _news(self, database: Database) -> InForce | None:
        register = ProfileRegister(database)
        mark = register.mark()
        if mark == self._mark:
            return None
        found = register.in_force()
        self._mark = mark
        return found


def _open(path: Path, key: DataKey) -> Database:
    return open_database(path, key, read_only=True)
