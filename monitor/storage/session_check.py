"""Checks one session: its chain, and what is said of it beside the chain and in the audit log.

Knows what vouches for the end of a chain. Must not know which sessions there are (verify.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table

from monitor.storage import schema
from monitor.storage.anchored_check import check_anchored
from monitor.storage.chain_check import Break, Flaw, Link, diagnose, in_places, intact_links
from monitor.storage.entered_check import check_entered
from monitor.storage.erasure_check import is_erased_since
from monitor.storage.hashing import hashed_columns
from monitor.storage.log_check import Log
from monitor.storage.sum_check import check_signatures, check_sum
from monitor.storage.summary import COLUMNS
from monitor.storage.sweep import Swept, swept

_COLUMNS = {table: hashed_columns(table) for table in schema.TABLES}


def check_session(connection: Connection, session_id: Any, log: Log) -> tuple[int, Break | None]:
    """Return how many rows a session has, and its first broken one.

    What one sweep finds to be in order is; for anything else the careful check has the answer.
    ``connection`` reads any text. A session that was erased after the log was read has no rows.
    """
    whole = swept(connection, session_id)
    if whole is not None and _is_in_order(connection, session_id, whole, log):
        return len(whole.chains), None
    return _examined(connection, session_id, log)


def _is_in_order(connection: Connection, session_id: Any, whole: Swept, log: Log) -> bool:
    """Whether a chain that is as it was written is also what is said of it."""
    chains, anchors = whole.chains, log.anchors.get(session_id, ())
    if _tip(connection, session_id) != (len(chains) - 1, whole.last_seq, chains[-1]):
        return False
    if any(one.links >= len(chains) or chains[one.links].hex() != one.chain for one in anchors):
        return False
    try:
        is_summed = asdict(whole.sum) == dict(_said(connection, session_id))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return is_summed and not (
        check_anchored(connection, log, session_id)
        or check_entered(connection, whole.links, log, session_id)
        or check_signatures(whole.links, chains, str(session_id))
    )


def _examined(connection: Connection, session_id: Any, log: Log) -> tuple[int, Break | None]:
    """Return how many rows a session has, and its first broken one, looking at each."""
    links = in_places(list(_links(connection, session_id)))
    good = intact_links(links, first=0)
    tip = _tip(connection, session_id)
    if not links and tip is None and is_erased_since(connection, session_id, log):
        return 0, None  # since the log was read
    if good < len(links):
        return len(links), _refined(diagnose(links, good, 0, str(session_id)), good, tip)
    broken = (
        _check_end(links, tip, session_id)
        or _check_anchors(links, log, session_id)
        or check_entered(connection, links, log, session_id)
        or check_anchored(connection, log, session_id)
        or check_sum(links, _said(connection, session_id), str(session_id))
        or check_signatures(links, [one.chain for one in links], str(session_id))
    )
    return len(links), broken


def _links(connection: Connection, session_id: Any) -> Iterator[Link]:
    for table in schema.TABLES:
        names = _COLUMNS[table]
        for place, chain, *values in connection.exec_driver_sql(_QUERIES[table], (session_id,)):
            columns = dict(zip(names, values, strict=True))
            yield Link(str(table.name), "seq", place, chain, columns)


def _query(table: Table) -> str:
    columns = ", ".join(f'"{name}"' for name in _COLUMNS[table])
    place, key = ("0", "id") if table is schema.session else ("link", "session_id")
    return f"SELECT {place}, chain, {columns} FROM {table.name} WHERE {key} = ?"  # noqa: S608 - names of ours


_QUERIES = {table: _query(table) for table in schema.TABLES}

Tip = tuple[Any, Any, Any]


def _tip(connection: Connection, session_id: Any) -> Tip | None:
    query = "SELECT links, last_seq, chain FROM session_tip WHERE session_id = ?"
    row = connection.exec_driver_sql(query, (session_id,)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


_SAID = f"SELECT {', '.join(COLUMNS)} FROM session_tip WHERE session_id = ?"  # noqa: S608 - names of ours


def _said(connection: Connection, session_id: Any) -> Mapping[Any, Any]:
    return connection.exec_driver_sql(_SAID, (session_id,)).mappings().one()


def _refined(found: Break, good: int, tip: Tip | None) -> Break:
    """Tell a row that was added behind the end from one that was changed."""
    if found.flaw is not Flaw.CHANGED or tip is None or tip[0] != good - 1:
        return found
    why = "the chain ended before it"
    return Break(found.table, found.session_id, found.seq, Flaw.INSERTED, why)


def _check_end(links: Sequence[Link], tip: Tip | None, session_id: Any) -> Break | None:
    """Compare a sound chain with what is on record of its end."""
    last, here = links[-1] if links else None, str(session_id)
    if tip is None:
        why = "the record of the chain's end is missing"
        return Break("session_tip", here, None, Flaw.REMOVED, why)
    if last is None:
        return Break("session", here, None, Flaw.REMOVED, "no row of the session is left")
    end, last_seq, chain = tip
    if end == last.place and chain == last.chain and last_seq == max(one.seq for one in links):
        return None
    if type(end) is int and end > last.place:
        missing = end - last.place
        why = f"the last {missing} rows are missing, up to row {last_seq}"
        return Break("", here, last.seq + 1, Flaw.REMOVED, why)
    if type(end) is int and 0 <= end < last.place:
        added = links[end + 1]
        return Break(added.table, here, added.seq, Flaw.INSERTED, "the chain ended before it")
    why = "the record of the chain's end is not of these rows"
    return Break("session_tip", here, None, Flaw.CHANGED, why)


def _check_anchors(links: Sequence[Link], log: Log, session_id: Any) -> Break | None:
    """Compare a sound chain with the values that the log holds of it."""
    sound = 0
    for anchor in log.anchors.get(session_id, ()):
        if anchor.links >= len(links):
            why = f"audit row {anchor.number} knows {anchor.links} rows, {len(links) - 1} are left"
            return Break("", str(session_id), links[-1].seq + 1, Flaw.REMOVED, why)
        if links[anchor.links].chain.hex() != anchor.chain:
            first, last = links[sound], links[anchor.links]
            why = (
                f"the chain was computed anew: rows {first.seq} to {last.seq} do not lead to "
                f"the value in audit row {anchor.number}"
            )
            return Break(first.table, str(session_id), first.seq, Flaw.CHANGED, why)
        sound = min(anchor.links + 1, len(links) - 1)
    return None
