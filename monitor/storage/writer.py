"""Rows into the database file: whole batches, and never into a file that is not the known one.

Knows the database and how a row becomes one. Must not know threads, time or what waits.
"""

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Table

from monitor.errors import BugError, OperatorError
from monitor.records import Record
from monitor.storage import chain
from monitor.storage.database import Database
from monitor.storage.heads import Signer
from monitor.storage.rows import Values, encode
from monitor.storage.schema import TABLES

log = logging.getLogger(__name__)


def append(database: Database, records: Sequence[Record], signer: Signer | None = None) -> None:
    """Write records in one transaction; those already there stay as they are.

    On return they are on disk, as the next links of their sessions' chains; the end of a session
    is signed. Raises OperatorError when the disk or another program stands in
    the way, BugError when a record is at fault; nothing was written then.
    """
    by_table: dict[Table, list[Values]] = {table: [] for table in TABLES}
    for record in records:
        table, values = encode(record)
        by_table[table].append(values)
    try:
        with database.writing() as connection:
            chain.keep(connection, by_table, signer)
    except (OverflowError, UnicodeEncodeError) as cause:
        raise BugError("A row holds what the database cannot") from cause


class Writer:
    """The database as the recorder sees it: opened when needed, closed after every fault."""

    def __init__(self, open_database: Callable[[], Database], signer: Signer | None = None) -> None:
        self._open_database = open_database
        self._signer = signer
        self._database: Database | None = None
        self._file: tuple[Path, os.stat_result] | None = None

    def store(self, records: Sequence[Record]) -> int:
        """Write records; return how many were refused for good, so that one holds up no other.

        With no records only the file is opened. Raises OperatorError.
        """
        database = self._ready()
        try:
            if records:
                append(database, records, self._signer)
        except BugError:
            if len(records) > 1:
                half = len(records) // 2
                return self.store(records[:half]) + self.store(records[half:])
            log.exception("a row cannot be stored: %s", type(records[0]).__name__)
            return 1
        return 0

    def close(self) -> None:
        """Close the file; after a fault a fresh connection is the surest."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _ready(self) -> Database:
        """Return the open database; one whose file has gone is never replaced by an empty one."""
        if self._file is not None and _is_another(*self._file):
            log.warning("the database file was replaced by another")
            self.close()
        if self._database is None:
            self._database = self._open_database()
            self._file = (self._database.path, self._database.path.stat())
        return self._database


def _is_another(path: Path, known: os.stat_result) -> bool:
    """Say whether the path leads to another file now: rows for the old one would be lost."""
    try:
        return not os.path.samestat(path.stat(), known)
    except OSError as cause:
        what, what_to_do = f"The database {path} has gone", "put its disk or file back"
        raise OperatorError(what, what_to_do) from cause
