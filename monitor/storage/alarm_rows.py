"""The alarm figures of stored sessions, without loading their readings.

Knows the tables. Must not write, nor know what the figures mean.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from monitor.alarms.changes import Change, change_from
from monitor.alarms.priority import Priority
from monitor.alarms.quality import AlarmQuality, quality_of
from monitor.alarms.silenced import KINDS
from monitor.errors import OperatorError
from monitor.recall import NOT_AS_WRITTEN
from monitor.records import HappeningKept
from monitor.snapshot import AlarmState
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.history import listed
from monitor.storage.rows import decode
from monitor.storage.stored import SessionSummary

_ONE = " AND session_id = ?"
_IN_ORDER = " ORDER BY session_id, t_s, seq"
_CHANGES = """
    SELECT session_id, t_s, rule, priority, old, new, value, text, since_s
    FROM alarm_transition WHERE new <> 'pending'
"""
_HAPPENED = f"""
    SELECT session_id, seq, t_s, utc_us, kind, detail
    FROM happening WHERE kind IN ({", ".join(repr(kind) for kind in KINDS)})
"""  # noqa: S608 - names of ours

_PRIORITY = {priority.word: priority for priority in Priority}
_STATE = {state.value: state for state in AlarmState}


def every_quality(database: Database) -> tuple[tuple[SessionSummary, AlarmQuality], ...]:
    """Return every session with its alarm figures, in the order of opening.

    Raises OperatorError when a row says no longer what it said, or the file cannot be read.
    """
    with database.reading() as connection:
        sessions = listed(connection)
        found = _qualities(connection, {each.session_id: each.last_t_s for each in sessions})
    return tuple((each, found[each.session_id]) for each in sessions)


def session_quality(database: Database, session_id: str) -> AlarmQuality:
    """Return the alarm figures of the session with this id. Raises OperatorError as above."""
    tip = schema.session_tip.c
    with database.reading() as connection:
        query = select(tip.last_t_s).where(tip.session_id == session_id)
        last_t_s = connection.execute(query).scalar()
        if last_t_s is None:
            raise OperatorError(f"There is no session {session_id}", "look at the list of sessions")
        return _qualities(connection, {session_id: last_t_s}, session_id)[session_id]


def _qualities(
    connection: Connection, last_t_s: Mapping[str, float], only: str = ""
) -> dict[str, AlarmQuality]:
    """Return the figures of these sessions, of which ``last_t_s`` is the end or last second."""
    try:
        changes, happened = _changes(connection, only), _happened(connection, only)
        return {
            session_id: quality_of(changes.get(session_id, ()), happened.get(session_id, ()), end_s)
            for session_id, end_s in last_t_s.items()
        }
    except NOT_AS_WRITTEN as cause:
        raise OperatorError(
            "An alarm row of the record cannot be read: the database is damaged",
            "run 'vigil verify', and restore a backup into a new folder",
        ) from cause


def _changes(connection: Connection, only: str) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for row in _rows(connection, _CHANGES, only):
        session_id, t_s, rule, priority, old, new, value, text, since_s = row
        change = change_from(
            t_s,
            rule,
            _PRIORITY[priority],
            _STATE[old],
            _STATE[new],
            json.loads(value),
            text,
            since_s,
        )
        found.setdefault(session_id, []).append(change)
    return found


def _happened(connection: Connection, only: str) -> dict[str, list[HappeningKept]]:
    found: dict[str, list[HappeningKept]] = {}
    for row in _rows(connection, _HAPPENED, only):
        record = decode(schema.happening, row._mapping)
        if isinstance(record, HappeningKept):
            found.setdefault(record.stamp.session_id, []).append(record)
    return found


def _rows(connection: Connection, query: str, only: str) -> Iterable[Any]:
    if only:
        return connection.exec_driver_sql(query + _ONE + _IN_ORDER, (only,))
    return connection.exec_driver_sql(query + _IN_ORDER)
