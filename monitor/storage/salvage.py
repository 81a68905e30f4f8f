"""Sessions to resume, read row by row: what is damaged is counted and holds up nothing else.

Knows what a stored row must say to be one. Must not know who resumes it, nor write.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from sqlalchemy import Connection, Table, and_, select

from monitor.errors import BugError, OperatorError
from monitor.recall import NOT_AS_WRITTEN, patient_of
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    SessionRow,
    Stamp,
)
from monitor.snapshot import Phase
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.rows import decode, decode_session
from monitor.storage.stored import StoredSession

LONGEST_S = 1e8
"""Seconds of a session's timeline: three years; a later row was not written by us."""
UNKNOWN_SEQ = 10**9
"""Above every row of a session whose rows cannot even be counted."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one session that say something, how many say nothing, and the last number."""

    rows: tuple[SessionRow, ...]
    unread: int
    last_seq: int


def open_sessions(database: Database) -> tuple[StoredSession, ...]:
    """Return the sessions that have not ended, in the order of opening: the ones to resume.

    Raises OperatorError when not even the list of sessions can be read.
    """
    with database.reading() as connection:
        session, tip = schema.session.c, schema.session_tip.c
        known = select(tip.session_id).where(tip.phase == Phase.ENDED.value)
        others = select(schema.session).where(session.id.not_in(known))
        by_opening = others.order_by(session.opened_utc_us)
        found = [dict(row) for row in connection.execute(by_opening).mappings()]
        over = _ended(connection, [row["id"] for row in found])
    return tuple(_session(database, row) for row in found if row["id"] not in over)


def _ended(connection: Connection, session_ids: Sequence[str]) -> set[str]:
    """Return those with a row that says so; one that cannot be read ends nothing.

    The end is also in session_tip: only sessions that it does not know as ended are asked for.
    """
    table = schema.happening
    of_them = table.c.session_id.in_(session_ids)
    ends = table.c.detail.contains(f'"{Phase.ENDED.value}"')
    may_end = and_(of_them, table.c.kind == "phase", ends)
    rows = connection.execute(select(table).where(may_end)).mappings()
    found = [_decoded(table, row) for row in rows]
    return {
        row.stamp.session_id
        for row in found
        if isinstance(row, HappeningKept) and row.detail.get("phase") == Phase.ENDED
    }


def _session(database: Database, row: Row) -> StoredSession:
    opened, is_whole = _opened(row)
    try:
        with database.reading() as connection:
            found = _rows(connection, str(row["id"]))
    except (OperatorError, BugError):
        found, is_whole = _Rows((), 0, UNKNOWN_SEQ), False
    problem = "" if is_whole else _unreadable(opened, found.rows)
    if problem:
        opened = _dated(opened, found.rows)
    last_seq = max(found.last_seq, opened.stamp.seq)
    return StoredSession(opened, found.rows, found.unread, last_seq, problem)


def _rows(connection: Connection, session_id: str) -> _Rows:
    read = [
        (seq, row)
        for table in schema.ROW_TABLES
        for seq, row in _of_table(connection, table, session_id)
    ]
    good = sorted((row for _, row in read if row is not None), key=lambda row: row.stamp.seq)
    last = max((seq for seq, _ in read if isinstance(seq, int)), default=0)
    return _Rows(tuple(good), len(read) - len(good), last)


def _of_table(
    connection: Connection, table: Table, session_id: str
) -> Iterator[tuple[Any, SessionRow | None]]:
    stored = connection.execute(select(table).where(table.c.session_id == session_id))
    for row in stored.mappings():
        yield row["seq"], _decoded(table, row)


def _decoded(table: Table, row: Mapping[Any, Any]) -> SessionRow | None:
    try:
        record = decode(table, row)
        return record if _says_what_it_should(record) else None
    except NOT_AS_WRITTEN:
        return None


def _says_what_it_should(row: SessionRow) -> bool:
    """Whether the numbers of a row are numbers: SQLite keeps whatever it is given."""
    if not (_is_number(row.stamp.t_s) and -1 <= row.stamp.t_s <= LONGEST_S):
        return False
    match row:
        case ReadingKept():
            return row.value is None or _is_number(row.value)
        case PressureKept():
            optional = [value for value in (row.mean, row.pulse) if value is not None]
            return all(map(_is_number, (row.systolic, row.diastolic, *optional)))
        case HappeningKept():
            return isinstance(row.detail, dict)
        case _:
            return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value)


# ---- the first row of a session


def _opened(row: Row) -> tuple[SessionOpened, bool]:
    """Return the opening record and True, or what is left of it."""
    for attempt in (row, {**row, "profile": "{}"}):
        try:
            opened = decode_session(attempt)
        except NOT_AS_WRITTEN:
            continue
        if _is_whole(opened):
            return opened, True
    return _what_is_left(row), False


def _is_whole(opened: SessionOpened) -> bool:
    numbers = (opened.stamp.t_s, opened.planned_infusion_s, opened.cuff_interval_s)
    words = (opened.chair, opened.patient, opened.driver, opened.port)
    return (
        all(map(_is_number, numbers))
        and all(isinstance(word, str) for word in words)
        and isinstance(opened.profile, dict)
    )


def _what_is_left(row: Row) -> SessionOpened:
    return SessionOpened(
        Stamp(str(row["id"]), 1, 0.0, _EPOCH),
        chair=_text(row["chair"]),
        patient=_text(row["patient"]),
        driver=_text(row["driver"]),
        port=_text(row["port"]),
        is_simulated=row["is_simulated"] == 1,
        planned_infusion_s=0.0,
        cuff_interval_s=300.0,
        time_zone="UTC",
        utc_offset_s=0,
        app_version=_text(row["app_version"]),
    )


def _dated(opened: SessionOpened, rows: Sequence[SessionRow]) -> SessionOpened:
    """Return it with the time of opening that its rows tell of."""
    if not rows:
        return opened
    first = rows[0].stamp
    utc = first.utc - timedelta(seconds=first.t_s)
    return replace(opened, stamp=replace(opened.stamp, utc=utc))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _unreadable(opened: SessionOpened, rows: Sequence[SessionRow]) -> str:
    patient = patient_of(opened, rows) or "an unknown patient"
    return f"The stored session of {patient} at {opened.chair or 'an unknown chair'} is damaged"
