"""The database as a recording process opens it: made, encrypted and migrated where need be.

Knows which faults of it pass. Must not know what is recorded, or what a screen says.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from monitor.errors import OperatorError
from monitor.storage.connection import NotOursError, library
from monitor.storage.database import Database, NewerError, open_database
from monitor.storage.keys import DataKey
from monitor.storage.plain_to_encrypted import settle
from monitor.storage.presence import note_database, require_database


class Opening:
    """Opens the database of a folder that this process holds; to be called again after a fault.

    A plain database is encrypted first, once. ``tell`` hears what a person should know of that.
    """

    def __init__(self, path: Path, key: DataKey, tell: Callable[[str], None]) -> None:
        self._path = path
        self._key = key
        self._tell = tell
        self._is_settled = False
        self._settling = threading.Lock()

    def __call__(self) -> Database:
        """Open it to write. Raises OperatorError."""
        require_database(self._path)
        with self._settling:
            if not self._is_settled:
                self._settle()
                self._is_settled = True
        database = open_database(self._path, self._key)
        note_database(self._path)
        return database

    def fault_at_start(self) -> OperatorError | None:
        """Open and close it; return the fault that may pass, such as a full disk.

        Raises OperatorError for one that does not: then it makes no sense to begin.
        """
        library()
        require_database(self._path)
        try:
            self().close()
        except (NotOursError, NewerError):
            raise
        except OperatorError as fault:
            return fault
        return None

    def _settle(self) -> None:
        try:
            for sentence in settle(self._path, self._key):
                self._tell(sentence)
        except OSError as cause:
            raise OperatorError(
                f"The data folder {self._path.parent} cannot be written ({cause.strerror})",
                "check that it is yours and the disk is not full",
            ) from cause
