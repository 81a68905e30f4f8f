"""What a session that is to be resumed must know besides the database: rows that still wait.

Pure. Knows stored sessions and rows. Must not know why the rows are not in the database yet.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitor.records import HappeningKept, Record, SessionOpened, SessionRow
from monitor.snapshot import Phase
from monitor.storage.stored import StoredSession


def with_unsaved(
    stored: Sequence[StoredSession], waiting: Sequence[Record]
) -> tuple[StoredSession, ...]:
    """Return the open sessions with the rows that wait, in the order of opening.

    Ask the recorder for ``waiting`` before the database for ``stored``: a row that is written in
    between is then in both, which is harmless, and not in neither.
    """
    known = {session.session_id: session for session in stored}
    opened = {session.session_id: session.opened for session in stored}
    rows = {session.session_id: {row.stamp.seq: row for row in session.rows} for session in stored}
    for record in waiting:
        session_id = record.stamp.session_id
        if isinstance(record, SessionOpened):
            opened.setdefault(session_id, record)
        else:
            rows.setdefault(session_id, {}).setdefault(record.stamp.seq, record)
    sessions = [
        _session(known.get(session_id, StoredSession(one, ())), rows.get(session_id, {}))
        for session_id, one in opened.items()
    ]
    still_open = [session for session in sessions if not any(map(_is_end, session.rows))]
    return tuple(sorted(still_open, key=lambda session: session.opened.stamp.utc))


def _session(stored: StoredSession, rows: dict[int, SessionRow]) -> StoredSession:
    return replace(stored, rows=tuple(row for _, row in sorted(rows.items())))


def _is_end(row: SessionRow) -> bool:
    return (
        isinstance(row, HappeningKept)
        and row.kind == "phase"
        and row.detail["phase"] == Phase.ENDED
    )
