"""Rewrites the database file after a deletion, so that no unused part of a page keeps what is gone.

Knows VACUUM and the journal. Must not know what was deleted. Nobody may record meanwhile: it takes
the write lock for as long as it lasts.

Deleted rows are overwritten with zeros (secure_delete), but copies of them may stand in the gaps
that splitting a page left; only writing every page anew is sure to leave none.
"""

import contextlib
from pathlib import Path

from sqlalchemy import select

from monitor.errors import OperatorError
from monitor.snapshot import Phase
from monitor.storage import schema
from monitor.storage.connection import Access, encrypted, library, prepare
from monitor.storage.database import Database, fault_of_the_world
from monitor.storage.keys import DataKey
from monitor.storage.refuge import SPILL_NAME


def rewrite(path: Path, key: DataKey) -> None:
    """Write every page of the database anew, and empty its journal. Raises OperatorError.

    After a failure the rows are as they were; it can be done again.
    """
    try:
        with contextlib.closing(encrypted(key).open(path, Access.WRITE)) as connection:
            prepare(connection, Access.WRITE)
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except MemoryError as cause:  # the new pages are gathered in memory, as no file may be plain
        raise OperatorError(
            "There is not enough memory to rewrite the database", "end other programs; try again"
        ) from cause
    except library().Error as cause:
        known = fault_of_the_world(path, str(cause))
        raise known or OperatorError(
            f"The database could not be rewritten ({cause})", "try again"
        ) from cause
    if busy:
        raise OperatorError("Another program reads the database", "close it, and try again")


def chair_with_open_session(database: Database) -> str:
    """Return a chair whose session has not ended, "" when there is none.

    Nobody could be watched over there before the rewriting is done: it holds the data folder.
    """
    tip, session = schema.session_tip.c, schema.session.c
    query = select(session.chair).join_from(schema.session_tip, schema.session)
    with database.reading() as connection:
        found = connection.execute(query.where(tip.phase != Phase.ENDED.value).limit(1)).scalar()
    return found or ""


def has_waiting_rows(folder: Path) -> bool:
    """Whether a recorder that died left rows in the spill: they would come after the deletion."""
    try:
        with (folder / SPILL_NAME).open("rb") as spill:
            return any(spill.read(4))  # a record begins with its length, an empty spill with zeros
    except FileNotFoundError:
        return False
    except OSError:
        return True
