"""Where approved alarm profiles are kept: every version, and which of them can be believed.

Knows the table and the log that holds a hash of each row. Must not know what the rules mean.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action, require
from monitor.alarms.approval import (
    LONGEST_REASON,
    Approved,
    by_name,
    fingerprint,
    meaning,
    proposed,
    refuse_older,
)
from monitor.alarms.profile import Profile, parse_profile, shipped_profiles
from monitor.clock import Instant
from monitor.errors import BugError, OperatorError
from monitor.storage import audit, schema
from monitor.storage.database import Database
from monitor.storage.hashing import leaf_of
from monitor.storage.profile_schema import APPROVED
from monitor.storage.rows import Values, to_microseconds, to_utc
from monitor.texts import checked_line

_table = schema.alarm_profile


class Logged(msgspec.Struct, frozen=True):
    """What an audit row says of an approval: a hash of the text, the row, and all it means."""

    profile: str
    version: int
    sha256: str
    leaf: str
    meaning: str

    @property
    def title(self) -> str:
        """Name and version as staff know it."""
        return f"{self.profile} v{self.version}"


@dataclass(frozen=True, slots=True)
class InForce:
    """The newest good version of each approved name, and what is wrong with the others.

    ``texts`` are all approved ones, older versions too. A fault is a sentence without full stop.
    """

    profiles: tuple[Profile, ...] = ()
    texts: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()


class ProfileRegister:
    """The approved profiles of a clinic. Every method raises OperatorError when the disk fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def approve(self, text: str, source: str, by: Actor, reason: str, now: Instant) -> Approved:
        """Put a new version in force, and log who did and why.

        ``source`` names the file in what is refused. Raises OperatorError, and keeps nothing then.
        """
        require(by.role, Action.EDIT_PROFILE)
        profile = proposed(text, source)
        why = checked_line("reason", reason, LONGEST_REASON)
        with self._database.writing() as connection:
            refuse_older(profile, _latest(connection))
            number = connection.execute(select(func.coalesce(func.max(_table.c.number), 0)))
            row = {
                "number": number.scalar_one() + 1,
                "name": profile.name,
                "version": profile.version,
                "text": text,
                "approved_by": by.by,
                "by_id": by.user_id,
                "at_utc_us": to_microseconds(now.utc),
                "reason": why,
            }
            connection.execute(_table.insert().values(row))
            _log(connection, row, meaning(profile))
        return _approved(row)

    def history(self, name: str = "") -> tuple[Approved, ...]:
        """Return every approved version as the table has it, of one name or all, oldest first."""
        query = select(_table).order_by(_table.c.number)
        if name:
            query = query.where(_table.c.name == name)
        with self._database.reading() as connection:
            return tuple(_approved(row) for row in connection.execute(query).mappings())

    def in_force(self) -> InForce:
        """Return what the log says was approved, as far as the rows still say the same.

        A version that is gone, altered or cannot be read leaves the last good one before it.
        """
        with _reading(self._database) as connection:
            rows = {row["number"]: dict(row) for row in connection.execute(_all()).mappings()}
            logged = _logged(connection)
        return _in_force(logged, rows)

    def mark(self) -> tuple[int, int]:
        """Return something that differs when another version was approved; cheap to ask."""
        counted = select(func.count(), func.coalesce(func.max(_table.c.number), 0))
        with self._database.reading() as connection:
            count, last = connection.execute(counted.select_from(_table)).one()
        return int(count), int(last)


# ---- approving


def _latest(connection: Connection) -> dict[str, int]:
    query = select(_table.c.name, func.max(_table.c.version)).group_by(_table.c.name)
    return {row[0]: row[1] for row in connection.execute(query)}


def _log(connection: Connection, row: Values, means: str) -> None:
    said = Logged(
        row["name"], row["version"], fingerprint(row["text"]), leaf_of(_table, row).hex(), means
    )
    entry = audit.Entry(
        row["at_utc_us"], row["by_id"], APPROVED, str(row["number"]), msgspec.structs.asdict(said)
    )
    audit.add(connection, entry)


def _approved(row: Mapping[Any, Any]) -> Approved:
    fields = {name: row[name] for name in Approved.__slots__ if name != "at"}
    try:
        return Approved(at=to_utc(row["at_utc_us"]), **fields)
    except (TypeError, ValueError, OverflowError) as cause:
        raise OperatorError(
            "The alarm profiles cannot be understood", "'vigil verify' says what was changed"
        ) from cause


# ---- believing


def row_leaf(row: Values) -> str:
    """Return the hash of a row; empty when it holds what no row of ours can."""
    try:
        return leaf_of(_table, row).hex()
    except BugError:
        return ""


def _in_force(logged: Mapping[int, Logged], rows: Mapping[Any, Values]) -> InForce:
    texts: set[str] = set()
    good: dict[str, Profile] = {}
    faults: dict[str, list[str]] = defaultdict(list)
    for number, said in logged.items():
        try:
            profile = _believed(said, rows.get(number))
        except OperatorError as fault:
            faults[said.profile].append(fault.what)
            continue
        good[said.profile], faults[said.profile] = profile, []
        texts.add(rows[number]["text"])
        if meaning(profile) != said.meaning:
            faults[said.profile] = [
                f"{profile.title} says something else than when it was approved"
            ]
    strange = sorted(str(number) for number in rows.keys() - logged.keys())
    unknown = [f"nobody approved row {number} of the alarm profiles" for number in strange]
    said_wrong = [_fallen_back(name, wrong, good) for name, wrong in faults.items() if wrong]
    return InForce(tuple(good.values()), frozenset(texts), (*said_wrong, *unknown))


def _believed(said: Logged, row: Values | None) -> Profile:
    """Return the profile of a row that is as it was approved. Raises OperatorError."""
    if row is None:
        raise OperatorError(f"{said.title} was approved and is gone", "restore a backup")
    if row_leaf(row) != said.leaf:
        raise OperatorError(f"{said.title} was altered since it was approved", "restore a backup")
    return parse_profile(row["text"], said.title)


def _fallen_back(name: str, wrong: Sequence[str], good: Mapping[str, Profile]) -> str:
    stays = good.get(name) or by_name(shipped_profiles()).get(name)
    return f"{wrong[-1]}; {stays.title} stays in force" if stays else f"{wrong[-1]}; it is off"


def _all() -> Any:
    return select(_table).order_by(_table.c.number)


def _logged(connection: Connection) -> dict[int, Logged]:
    """Return what the log says of each row; one that cannot be read is for 'vigil verify'."""
    found: dict[int, Logged] = {}
    log = schema.audit.c
    query = select(log.subject, log.detail).where(log.action == APPROVED).order_by(log.number)
    for subject, detail in connection.execute(query):
        try:
            found[int(subject)] = msgspec.json.decode(detail, type=Logged)
        except (ValueError, TypeError, msgspec.MsgspecError):
            continue
    return found


@contextmanager
def _reading(database: Database) -> Iterator[Connection]:
    """Give a connection that reads any text, also such as no program of ours has written."""
    with database.reading() as connection:
        raw: Any = connection.connection.driver_connection
        strict = raw.text_factory
        raw.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        try:
            yield connection
        finally:
            raw.text_factory = strict
