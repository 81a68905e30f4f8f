"""Finds what a session's rows say happened and the audit log has no row of: the log's end was cut.

Knows which rows are logged when they are written (chain.py). Must not know what they mean.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from monitor.snapshot import Phase
from monitor.storage.chain import ADOPTED, ENDED, ENTERED
from monitor.storage.chain_check import Break, Flaw, Link
from monitor.storage.log_check import Anchor, Log, anchor_of

ACTION_OF = {str(table.name): action for table, action in ENTERED.items()}


def check_entered(
    connection: Connection, links: Sequence[Link], log: Log, session_id: Any
) -> Break | None:
    """Return the audit row that is missing for the first entry, or the end, that needs one.

    ``links`` are the session's sound chain, just read with ``connection``; the log may have been
    read before. A session that the log does not know, or a broken log, is not judged here.
    """
    if not log.is_sound or session_id not in log.opened:
        return None
    missing = _unsaid(links, log.anchors.get(session_id, ()))
    if missing:  # written, perhaps, after the log was read
        missing = _unsaid(missing, anchors_since(connection, log, session_id))
    if not missing:
        return None
    one = missing[0]
    why = f"no audit row says {_action(one)} of row {one.seq} in table {one.table}"
    return Break("audit", str(session_id), len(log.links) + 1, Flaw.REMOVED, why)


def _unsaid(links: Iterable[Link], anchors: Collection[Anchor]) -> list[Link]:
    return [
        one
        for one in links
        if (action := _action(one)) and not any(_says(said, one, action) for said in anchors)
    ]


def _says(said: Anchor, one: Link, action: str) -> bool:
    """Whether an audit row was written with this row, or with all there was before the chain."""
    is_of_it = said.action == action and (action == ENDED or said.seq == one.seq)
    return (is_of_it or said.action == ADOPTED) and said.links >= one.place


def _action(one: Link) -> str:
    """Return the action under which a row was logged when it was written, "" if it was not."""
    return ENDED if _is_end(one) else ACTION_OF.get(one.table, "")


def _is_end(one: Link) -> bool:
    if one.table != "happening" or one.values["kind"] != "phase":
        return False
    try:
        return bool(json.loads(one.values["detail"])["phase"] == Phase.ENDED)
    except (ValueError, KeyError, TypeError):  # no program of ours wrote it: its sum is wrong too
        return False


def anchors_since(connection: Connection, log: Log, session_id: Any) -> list[Anchor]:
    """Return what was logged of a session's chain after the log was read."""
    query = "SELECT number, action, detail FROM audit WHERE number > ? AND subject = ?"
    rows = connection.exec_driver_sql(query, (len(log.links), session_id))
    found = (anchor_of(row[0], row[1], row[2]) for row in rows)
    return [said for said in found if said is not None]
