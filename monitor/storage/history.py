"""The reading side: which sessions there are, and one session with every row.

Knows the tables. Must not write.
"""

from typing import Any

from sqlalchemy import Connection, Table, func, select

from monitor.errors import OperatorError
from monitor.recall import NOT_AS_WRITTEN
from monitor.records import SessionRow
from monitor.snapshot import Phase
from monitor.storage import schema
from monitor.storage.database import Database
from monitor.storage.rows import decode, decode_session, to_utc
from monitor.storage.stored import SessionSummary, StoredSession
from monitor.storage.summary import COLUMNS

_LISTED = f"""
    SELECT session.id, chair, coalesce(tip.patient, session.patient) AS patient, driver,
        is_simulated, opened_utc_us, {", ".join(f"tip.{name}" for name in COLUMNS[:-1])},
        tip.links, tip.signed_link
    FROM session INDEXED BY ix_session_list JOIN session_tip AS tip ON tip.session_id = session.id
"""  # noqa: S608 - names of ours
_BY_OPENING = " ORDER BY opened_utc_us, session.id"


def list_sessions(database: Database, patient_id: str | None = None) -> tuple[SessionSummary, ...]:
    """Return every session, or those of one patient, in the order of opening. Raises OperatorError.

    Reads no row of any session: 10,000 sessions are listed in a tenth of a second.
    """
    with database.reading() as connection:
        return listed(connection, patient_id)


def listed(connection: Connection, patient_id: str | None = None) -> tuple[SessionSummary, ...]:
    """Return the same in the caller's transaction."""
    run = connection.exec_driver_sql
    if patient_id is None:
        rows = run(_LISTED + _BY_OPENING).all()
    else:
        query = _LISTED.replace("INDEXED BY ix_session_list", "") + " WHERE tip.patient_id = ?"
        rows = run(query + _BY_OPENING, (patient_id,)).all()
    return tuple([_summary(row) for row in rows])


def load_session(database: Database, session_id: str) -> StoredSession:
    """Return one session; ``session_id`` may be cut short as long as it fits one only.

    Raises OperatorError when none or several fit, or when its rows say no longer what they said.
    """
    with database.reading() as connection:
        found = _found(connection, session_id)
        try:
            return _load(connection, found)
        except NOT_AS_WRITTEN as cause:
            raise OperatorError(
                f"Session {found} has a row that cannot be read: the database is damaged",
                "run 'vigil verify', and restore a backup into a new folder",
            ) from cause


def last_seq(database: Database, session_id: str) -> int:
    """Return the highest row number of a session, 0 when there is no such session."""
    tip = schema.session_tip.c
    with database.reading() as connection:
        query = select(tip.last_seq).where(tip.session_id == session_id)
        return connection.execute(query).scalar() or 0


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
    rows = [row for table in schema.ROW_TABLES for row in rows_of(connection, table, session_id)]
    rows.sort(key=lambda row: row.stamp.seq)
    first = connection.execute(opened).mappings().one()
    return StoredSession(decode_session(first), tuple(rows))


def rows_of(connection: Connection, table: Table, session_id: str) -> list[SessionRow]:
    """Return a session's rows of one table, in the caller's transaction."""
    stored = connection.execute(select(table).where(table.c.session_id == session_id))
    return [decode(table, row) for row in stored.mappings()]


_PHASES = {phase.value: phase for phase in Phase}


def _summary(row: Any) -> SessionSummary:
    """Return a row of ``_LISTED``; taken apart at once, for there may be ten thousand."""
    (
        session_id, chair, patient, driver, is_simulated, opened_us, phase, last_t_s, readings,
        pressures, alarms, patient_id, course_id, _, identified_seq, links, signed_link,
    ) = row  # fmt: skip
    return SessionSummary(
        session_id,
        chair,
        patient,
        driver,
        bool(is_simulated),
        to_utc(opened_us),
        _PHASES.get(phase, Phase.PREPARATION),
        last_t_s,
        readings,
        pressures,
        alarms,
        patient_id,
        course_id,
        is_identified=identified_seq > 0,
        is_signed=signed_link > 0,
        is_amended_since=0 < signed_link < links,
    )
