"""The reading side: which sessions there are, and one session with every row.

Knows the tables. Must not write.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select

from monitor.errors import OperatorError
from monitor.records import HappeningKept, SessionRow
from monitor.snapshot import AlarmState, Phase
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.rows import decode, decode_session, to_utc
from monitor.storage.stored import SessionSummary, StoredSession


def list_sessions(database: Database) -> tuple[SessionSummary, ...]:
    """Return every session in the order of opening. Raises OperatorError."""
    transition = schema.alarm_transition.c
    sounding = and_(
        transition.new == AlarmState.SOUNDING.value,
        transition.old != AlarmState.ACKNOWLEDGED.value,
    )
    fresh = schema.blood_pressure.c.is_stale == 0
    with database.reading() as connection:
        phases = _phases(connection)
        readings = _counts(connection, schema.reading)
        pressures = _counts(connection, schema.blood_pressure, fresh)
        alarms = _counts(connection, schema.alarm_transition, sounding)
        ends = _last_times(connection)
        rows = connection.execute(_by_opening()).mappings().all()
    return tuple(
        SessionSummary(
            session_id=row["id"],
            chair=row["chair"],
            patient=row["patient"],
            driver=row["driver"],
            is_simulated=bool(row["is_simulated"]),
            opened_utc=to_utc(row["opened_utc_us"]),
            phase=phases.get(row["id"], Phase.PREPARATION),
            last_t_s=ends.get(row["id"], row["t_s"]),
            readings=readings.get(row["id"], 0),
            pressures=pressures.get(row["id"], 0),
            alarms=alarms.get(row["id"], 0),
        )
        for row in rows
    )


def load_session(database: Database, session_id: str) -> StoredSession:
    """Return one session; ``session_id`` may be cut short as long as it fits one only.

    Raises OperatorError when none or several fit.
    """
    with database.reading() as connection:
        return _load(connection, _found(connection, session_id))


def open_sessions(database: Database) -> tuple[StoredSession, ...]:
    """Return the sessions that have not ended, in the order of opening: the ones to resume."""
    with database.reading() as connection:
        phases = _phases(connection)
        ids = [row.id for row in connection.execute(_by_opening())]
        return tuple(_load(connection, i) for i in ids if phases.get(i) is not Phase.ENDED)


def last_seq(database: Database, session_id: str) -> int:
    """Return the highest row number of a session, 0 when there is no such session."""
    with database.reading() as connection:
        opened = select(schema.session.c.seq).where(schema.session.c.id == session_id)
        found = [connection.execute(opened).scalar()]
        for table in schema.ROW_TABLES:
            last = select(func.max(table.c.seq)).where(table.c.session_id == session_id)
            found.append(connection.execute(last).scalar())
    return max(seq or 0 for seq in found)


def _by_opening() -> Any:
    return select(schema.session).order_by(schema.session.c.opened_utc_us, schema.session.c.id)


def _found(connection: Connection, beginning: str) -> str:
    if not beginning:
        raise OperatorError("An empty text names no session", "give the first characters of its id")
    column = schema.session.c.id
    fits = select(column).where(func.substr(column, 1, len(beginning)) == beginning)
    ids: list[str] = list(connection.execute(fits).scalars())
    if beginning in ids:
        return beginning
    if not ids:
        raise OperatorError(f"There is no session {beginning}", "look at the list of sessions")
    if len(ids) > 1:
        raise OperatorError(f"{len(ids)} sessions begin with {beginning}", "give more of the id")
    return ids[0]


def _load(connection: Connection, session_id: str) -> StoredSession:
    opened = select(schema.session).where(schema.session.c.id == session_id)
    rows = [row for table in schema.ROW_TABLES for row in _rows(connection, table, session_id)]
    rows.sort(key=lambda row: row.stamp.seq)
    first = connection.execute(opened).mappings().one()
    return StoredSession(decode_session(first), tuple(rows))


def _rows(connection: Connection, table: Table, session_id: str) -> list[SessionRow]:
    stored = connection.execute(select(table).where(table.c.session_id == session_id))
    return [decode(table, row) for row in stored.mappings()]


def _counts(
    connection: Connection, table: Table, only: ColumnElement[bool] | None = None
) -> dict[str, int]:
    query = select(table.c.session_id, func.count()).group_by(table.c.session_id)
    if only is not None:
        query = query.where(only)
    return {row[0]: row[1] for row in connection.execute(query)}


def _last_times(connection: Connection) -> dict[str, float]:
    ends: dict[str, float] = {}
    for table in schema.ROW_TABLES:
        query = select(table.c.session_id, func.max(table.c.t_s)).group_by(table.c.session_id)
        for session_id, t_s in connection.execute(query):
            ends[session_id] = max(t_s, ends.get(session_id, t_s))
    return ends


def _phases(connection: Connection) -> dict[str, Phase]:
    """Return the last phase that each session entered."""
    table = schema.happening
    query = select(table).where(table.c.kind == "phase").order_by(table.c.seq)
    phases: dict[str, Phase] = {}
    for row in connection.execute(query).mappings():
        entered = decode(table, row)
        if isinstance(entered, HappeningKept):
            phases[entered.stamp.session_id] = Phase(entered.detail["phase"])
    return phases
