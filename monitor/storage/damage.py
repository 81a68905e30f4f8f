"""Looks for pages of the database that were changed under it: bit rot, a bad sector, another tool.

Knows SQLCipher's own check, which reads the whole file. Must not know who is told.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from monitor.errors import OperatorError
from monitor.storage.connection import Access, encrypted, library
from monitor.storage.keys import DataKey

log = logging.getLogger(__name__)

DAMAGED = "The database is damaged: restore a backup, and keep this file"


def damaged_pages(path: Path, key: DataKey) -> frozenset[str]:
    """Return what is wrong with which pages, none when the file is whole or cannot be read now.

    A checkpoint that overwrites a page while it is read looks like damage: only what two looks
    find alike counts. Rows that are still in the journal have check sums of their own.
    """
    first = _look(path, key)
    return first & _look(path, key) if first else first


def _look(path: Path, key: DataKey) -> frozenset[str]:
    try:
        with contextlib.closing(encrypted(key).open(path, Access.READ)) as connection:
            found = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    except (OperatorError, library().Error) as fault:
        log.info("the database was not looked through: %s", type(fault).__name__)
        return frozenset()
    return frozenset(str(row[0]) for row in found)


class DamageSearch:
    """One look at the whole file in a thread of its own; recording does not wait for it."""

    def __init__(self, path: Path, key: DataKey, tell: Callable[[str], None]) -> None:
        self._path = path
        self._key = key
        self._tell = tell
        self._thread = threading.Thread(target=self._run, name="damage", daemon=True)

    def start(self) -> None:
        """Begin; ``tell`` hears a sentence when there is damage."""
        self._thread.start()

    def join(self, timeout_s: float) -> None:
        """Wait for its end, but not for long: a search that is not over says nothing."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        pages = damaged_pages(self._path, self._key)
        if pages:
            log.error("%d pages of the database are damaged", len(pages))
            self._tell(DAMAGED)
