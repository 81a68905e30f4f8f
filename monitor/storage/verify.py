"""Verification: recomputes every chain and signature, and names the first row that was altered.

Knows the evidence tables and what vouches for what. Must not write.

    a session's rows   by their chain; its end by session_tip and by the audit rows that hold its
                       value: when it was opened, when it ended, when a station stopped; what
                       people entered, and the end, by an audit row each
    what is erased     by the audit row that says so, and by nothing else
    audit              by its chain; its end by the signed heads
    signed_head        by the installation's public key, where it is known

Without a public key, somebody who computes everything anew, heads included, is not found. Somebody
who puts an older copy of the whole file in place is found only by a head that was printed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from monitor.errors import OperatorError
from monitor.storage import schema
from monitor.storage.chain_check import Break, Flaw, Link, diagnose, in_places, intact_links
from monitor.storage.database import Database
from monitor.storage.entered_check import check_entered
from monitor.storage.erasure_check import check_erasures, is_erased_since
from monitor.storage.form_check import check_form
from monitor.storage.hashing import hashed_columns
from monitor.storage.log_check import Log, check_log, read_log
from monitor.storage.person_check import check_people
from monitor.storage.sum_check import check_signatures, check_sum
from monitor.storage.summary import COLUMNS
from monitor.storage.version_check import check_versions


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. ``breaks`` holds the first broken row of each chain.

    ``are_signatures_checked`` is False without a public key. ``is_to_be_signed`` is False when
    nothing is signed and nothing had to be, as in a record that no station has written in since
    there are signatures. ``log_end`` is the number and value of the last audit row: what a printed
    head is compared with.
    """

    breaks: tuple[Break, ...]
    sessions: int
    rows: int
    audit_rows: int
    heads: int
    are_signatures_checked: bool
    is_to_be_signed: bool
    log_end: tuple[int, str]

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.breaks


def verify(
    database: Database,
    session: str = "",
    public_keys: Sequence[bytes] = (),
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Verdict:
    """Verify the audit log, the signed heads and all sessions, or the one whose id begins so.

    Each session is read at one moment of its own, so a station may go on writing. ``progress``
    hears how many sessions are done, of how many. Raises OperatorError when the file cannot be
    read or no one session is meant.
    """
    with _reading(database) as connection:
        log = read_log(connection)
        breaks = [*check_form(connection), *check_log(log, public_keys)]
        breaks += [*check_erasures(connection, log), *check_versions(connection, log)]
        breaks += check_people(connection, log)
        found = _session_ids(connection)
    breaks += _check_presence(log, found, session)
    wanted = [one for one in _wanted(found, session, log) if _can_be_asked_for(one)]
    rows = 0
    for done, session_id in enumerate(wanted, 1):
        with _reading(database) as connection:
            count, broken = _check_session(connection, session_id, log)
        rows += count
        breaks += [broken] if broken else []
        progress(done, len(wanted))
    return Verdict(
        tuple(breaks),
        len(wanted),
        rows,
        len(log.links),
        len(log.heads),
        bool(public_keys),
        log.is_to_be_signed,
        log.end,
    )


@contextmanager
def _reading(database: Database) -> Iterator[Connection]:
    """Give a connection that reads any text, also such as no program of ours has written."""
    with database.reading() as connection:
        raw: Any = connection.connection.driver_connection
        strict = raw.text_factory
        raw.text_factory = _any_text
        try:
            yield connection
        finally:
            raw.text_factory = strict


def _any_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


# ---- which sessions there are


def _session_ids(connection: Connection) -> Mapping[Any, str]:
    """Return each session's id with the table it is in; rows whose session has gone come last."""
    run = connection.exec_driver_sql
    found: dict[Any, str] = {
        row[0]: "session" for row in run("SELECT id FROM session ORDER BY opened_utc_us, id")
    }
    for table in (*schema.ROW_TABLES, schema.session_tip):
        orphans = run(
            f"SELECT DISTINCT session_id FROM {table.name} "  # noqa: S608 - a name of ours
            "WHERE session_id NOT IN (SELECT id FROM session)"
        )
        for row in orphans:
            found.setdefault(row[0], str(table.name))
    return found


def _check_presence(log: Log, found: Mapping[Any, str], beginning: str) -> Iterator[Break]:
    """Compare the sessions that are there with those that the log knows of."""
    for session_id in log.opened:
        gone = found.get(session_id) != "session" and session_id not in log.erased
        if gone and session_id.startswith(beginning):
            why = "the log says that it was opened, and not that it was erased"
            yield Break("session", session_id, None, Flaw.REMOVED, why)
    for session_id, table in found.items():
        if not str(session_id).startswith(beginning):
            continue
        if session_id in log.erased:
            yield Break(table, session_id, None, Flaw.INSERTED, "the log says that it was erased")
        elif session_id not in log.opened and log.is_sound:
            why = "the log does not know of this session"
            yield Break(table, str(session_id), None, Flaw.INSERTED, why)


def _wanted(found: Mapping[Any, str], beginning: str, log: Log) -> list[Any]:
    if not beginning:
        return list(found)
    if beginning in found:
        return [beginning]
    fits = [one for one in found if str(one).startswith(beginning)]
    lost = {one for one in log.opened if one.startswith(beginning)} - set(fits)
    if not fits and not lost:
        raise OperatorError(f"There is no session {beginning}", "look at the list of sessions")
    if len(fits) > 1:
        raise OperatorError(f"{len(fits)} sessions begin with {beginning}", "give more of the id")
    return fits


def _can_be_asked_for(session_id: Any) -> bool:
    """Whether an id is no broken text; a session of such an id was never opened, which is said."""
    return not isinstance(session_id, str) or session_id == session_id.encode(
        "utf-8", "replace"
    ).decode("utf-8")


# ---- one session


_COLUMNS = {table: hashed_columns(table) for table in schema.TABLES}


def _check_session(connection: Connection, session_id: Any, log: Log) -> tuple[int, Break | None]:
    """Return how many rows a session has, and its first broken one."""
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
        or check_sum(links, _said(connection, session_id), str(session_id))
        or check_signatures(links, str(session_id))
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
