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

from sqlalchemy import Connection

from monitor.errors import OperatorError
from monitor.storage import schema
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.database import Database
from monitor.storage.erasure_check import check_erasures
from monitor.storage.form_check import check_form
from monitor.storage.log_check import Log, check_log, read_log
from monitor.storage.person_check import check_people
from monitor.storage.profile_check import check_profiles
from monitor.storage.session_check import check_session
from monitor.storage.version_check import check_versions


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found. ``breaks`` holds the first broken row of each chain.

    ``are_signatures_checked`` is False without a public key. ``is_to_be_signed`` is False when
    nothing is signed and nothing had to be, as in a record that no station has written in since
    there are signatures. ``log_end`` is the number and value of the last audit row: what a printed
    head is compared with. ``unsigned_rows`` of the log stand after the last signed head.
    """

    breaks: tuple[Break, ...]
    sessions: int
    rows: int
    audit_rows: int
    heads: int
    are_signatures_checked: bool
    is_to_be_signed: bool
    log_end: tuple[int, str]
    unsigned_rows: int = 0

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
        breaks += [*check_people(connection, log), *check_profiles(connection, log)]
        found = _session_ids(connection)
    breaks += _check_presence(log, found, session)
    wanted = [one for one in _wanted(found, session, log) if _can_be_asked_for(one)]
    rows = 0
    for done, session_id in enumerate(wanted, 1):
        with _reading(database) as connection:
            count, broken = check_session(connection, session_id, log)
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
        log.unsigned_rows,
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
