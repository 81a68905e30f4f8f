"""Compares how much of a session's chain its tip says is in the log with what the log says.

Knows ``session_tip.anchored``. Must not know what else the log holds.

A station that starts or stops anchors what has grown since (chain.anchor_all): who sets the number
high keeps it from that, and could compute the rows behind the last anchor anew.
"""

from typing import Any

from sqlalchemy import Connection

from monitor.storage.chain_check import Break, Flaw
from monitor.storage.entered_check import anchors_since
from monitor.storage.log_check import Log


def check_anchored(connection: Connection, log: Log, session_id: Any) -> Break | None:
    """Return the record of the chain's end when the log knows less, or more, of the session.

    The log may have been read before. A broken log, or one that does not know the session, is not
    judged here.
    """
    if not log.is_sound or session_id not in log.opened:
        return None
    (said,) = connection.exec_driver_sql(
        "SELECT anchored FROM session_tip WHERE session_id = ?", (session_id,)
    ).one()
    known = max((one.links for one in log.anchors.get(session_id, ())), default=0)
    if said != known:  # anchored, perhaps, after the log was read
        since = (one.links for one in anchors_since(connection, log, session_id))
        known = max(since, default=known)
    if type(said) is int and said == known:
        return None
    why = f"it says that the log knows {said} rows, and the log knows {known}"
    return Break("session_tip", str(session_id), None, Flaw.CHANGED, why)
