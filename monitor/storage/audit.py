"""The audit log: who did what when, in one hash chain over the whole database.

Knows its table. Must not know patients: subjects and details are ids and words of ours, because
the log stays when a patient is deleted.

A row's value follows on that of the row before (hashing.py). The log also holds chain values of
sessions, so that whoever vouches for its end vouches for them too (heads.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from monitor.errors import BugError
from monitor.storage.database import Database
from monitor.storage.hashing import GENESIS, follow, leaf_of
from monitor.storage.rows import to_microseconds
from monitor.storage.schema import audit as table

LONGEST_DETAIL = 4000
_GREW = "vigil_log_grew_utc_us"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. ``actor`` is a person's id or the program, ``subject`` an id.

    ``action`` is what was done, such as ``session.exported``; ``detail`` goes into JSON.
    """

    at_utc_us: int
    actor: str
    action: str
    subject: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Logged:
    """The end of the log: how many rows it has, and the last one's value."""

    number: int
    chain: bytes


class Audit:
    """The log of one database; any number of processes may write it at the same time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(
        self, actor: str, action: str, subject: str, detail: Mapping[str, Any], at: datetime
    ) -> int:
        """Log what was done; on return it is on disk. Returns its number.

        Raises OperatorError when it cannot be written, BugError when it holds what it may not.
        """
        try:
            at_utc_us = to_microseconds(at)
        except TypeError as cause:
            raise BugError("A time without its zone cannot be logged") from cause
        with self._database.writing() as connection:
            return add(connection, Entry(at_utc_us, actor, action, subject, detail))


def end(connection: Connection) -> Logged:
    """Return where the log ends now."""
    last = select(table.c.number, table.c.chain).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return Logged(0, GENESIS) if row is None else Logged(row[0], row[1])


def add(connection: Connection, entry: Entry) -> int:
    """Log what was done in the caller's writing transaction. Raises BugError."""
    before = end(connection)
    row = {
        "number": before.number + 1,
        "at_utc_us": entry.at_utc_us,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "detail": _as_text(entry.detail),
    }
    row["chain"] = follow(before.chain, leaf_of(table, row))
    connection.execute(table.insert().values(row))
    connection.info[_GREW] = entry.at_utc_us
    return before.number + 1


def unsealed_since(connection: Connection) -> int | None:
    """Return when the last row was logged that no head vouches for yet; None when there is none.

    Knows of this connection's rows only, and is asked once: whoever asks signs (heads.py).
    """
    at_utc_us: int | None = connection.info.pop(_GREW, None)
    return at_utc_us


def _as_text(detail: Mapping[str, Any]) -> str:
    try:
        text = msgspec.json.encode(detail, order="sorted").decode()
    except (TypeError, ValueError, OverflowError) as cause:
        raise BugError("What is to be logged is no JSON") from cause
    if len(text) > LONGEST_DETAIL:
        raise BugError("What is to be logged is too long")
    return text
