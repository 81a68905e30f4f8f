"""Checks the audit log and the signed heads, and takes from the log what it knows of sessions.

Knows the two tables. Must not know sessions' rows: verify.py compares them with what is found here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection

from monitor.storage import schema
from monitor.storage.account_actions import CHANGES
from monitor.storage.chain import (
    ADOPTED,
    ANCHORED,
    ENDED,
    ENTERED,
    OPENED,
    SET,
    SIGNED,
    STATION_STOPPED,
)
from monitor.storage.chain_check import Break, Flaw, Link, diagnose, in_places, intact_links
from monitor.storage.guards import PATIENT_ERASED, SESSION_ERASED
from monitor.storage.hashing import GENESIS, hashed_columns
from monitor.storage.heads import STATEMENT, is_signed, key_id
from monitor.storage.profile_schema import APPROVED

BEGINNINGS = (OPENED, ADOPTED)
ANCHORS = (OPENED, ADOPTED, ENDED, ANCHORED, *ENTERED.values(), *SET.values())
TO_BE_SIGNED = frozenset({ENDED, SIGNED, STATION_STOPPED})
"""With these a station has signed the log since there are signatures, where there is a key."""
RELIED_ON = TO_BE_SIGNED | {SESSION_ERASED, PATIENT_ERASED, APPROVED} | CHANGES
"""Without a head over these the answer is no: one that somebody wrote himself would excuse a
session that is gone, let him in, or put limits in force. The rest is counted
(``Log.unsigned_rows``)."""


class Anchor(msgspec.Struct, frozen=True):
    """What an audit row says of a session's chain: the value of one of its links.

    ``seq`` is the number of the row that was entered, 0 where none was; ``number`` the audit row's.
    """

    links: int
    chain: str
    seq: int = 0
    number: int = 0
    action: str = ""


Head = Mapping[str, Any]


@dataclass(slots=True)
class Log:
    """The audit log as it was found; what it says of sessions comes from its sound part only."""

    links: list[Link]
    heads: list[Head]
    sound_rows: int
    opened: set[str] = field(default_factory=set)
    erased: dict[str, int] = field(default_factory=dict)
    """Sessions, with the number of the audit row that says so; patients likewise."""
    erased_patients: dict[str, int] = field(default_factory=dict)
    anchors: dict[str, list[Anchor]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_sound(self) -> bool:
        """Whether the log's own chain holds."""
        return self.sound_rows == len(self.links)

    @property
    def is_to_be_signed(self) -> bool:
        """Whether something is signed, or was logged that a station signs."""
        return bool(self.heads) or any(one.values["action"] in TO_BE_SIGNED for one in self.links)

    @property
    def unsigned_rows(self) -> int:
        """How many rows stand after the last signed head; whoever has the data key wrote them."""
        covered = self.heads[-1]["audit_number"] if self.heads else 0
        return max(0, len(self.links) - covered) if type(covered) is int else len(self.links)

    @property
    def end(self) -> tuple[int, str]:
        """The number and value of the last sound row."""
        chain = self.links[self.sound_rows - 1].chain if self.sound_rows else GENESIS
        return self.sound_rows, chain.hex()


def read_log(connection: Connection) -> Log:
    """Read log and heads, both of the same moment."""
    links = in_places(list(_links(connection)))
    log = Log(links, _heads(connection), intact_links(links, first=1))
    for one in links[: log.sound_rows]:
        _learn(log, one)
    return log


def check_log(log: Log, public_keys: Sequence[bytes]) -> Iterator[Break]:
    """Return the first broken audit row and the first broken head."""
    if not log.is_sound:
        yield diagnose(log.links, log.sound_rows, first=1)
    broken = next(_broken_heads(log, public_keys), None)
    if broken is not None:
        yield broken


def _links(connection: Connection) -> Iterator[Link]:
    names = hashed_columns(schema.audit)
    columns = ", ".join(names)
    query = f"SELECT number, chain, {columns} FROM audit"  # noqa: S608 - names of ours
    for number, chain, *values in connection.exec_driver_sql(query):
        yield Link("audit", "number", number, chain, dict(zip(names, values, strict=True)))


def _heads(connection: Connection) -> list[Head]:
    columns = (*STATEMENT, "signature")
    query = f"SELECT {', '.join(columns)} FROM signed_head ORDER BY number"  # noqa: S608 - names of ours
    return [dict(zip(columns, row, strict=True)) for row in connection.exec_driver_sql(query)]


def _learn(log: Log, one: Link) -> None:
    action, subject = one.values["action"], one.values["subject"]
    if action in BEGINNINGS:
        log.opened.add(subject)
    elif action == SESSION_ERASED:
        log.erased[subject] = one.seq
    elif action == PATIENT_ERASED:
        log.erased_patients[subject] = one.seq
    said = anchor_of(one.seq, action, one.values["detail"])
    if said is not None:
        log.anchors[subject].append(said)


def anchor_of(number: int, action: str, detail: str) -> Anchor | None:
    """Return what an audit row says of a session's chain, None when nothing."""
    if action not in ANCHORS:
        return None
    said = msgspec.json.decode(detail, type=Anchor)
    return Anchor(said.links, said.chain, said.seq, number, action)


def _broken_heads(log: Log, public_keys: Sequence[bytes]) -> Iterator[Break]:
    by_id = {key_id(key): key for key in public_keys}
    covered = 0
    for number, head in enumerate(log.heads, 1):
        if head["number"] != number:
            yield Break("signed_head", "", number, Flaw.REMOVED, "a head is missing")
            return
        if by_id and not _is_signed(head, by_id):
            why = "its signature is not this installation's"
            yield Break("signed_head", "", number, Flaw.CHANGED, why)
            return
        yield from _against_log(head, log, covered)
        covered = head["audit_number"]
    if by_id:
        yield from _unsigned(log, covered)


def _is_signed(head: Head, by_id: Mapping[str, bytes]) -> bool:
    key = by_id.get(head["key_id"])
    return key is not None and is_signed(head, key)


def _against_log(head: Head, log: Log, covered: int) -> Iterator[Break]:
    """Compare what a head vouches for with the log."""
    end, number = head["audit_number"], head["number"]
    if type(end) is not int or end < covered:
        yield Break("signed_head", "", number, Flaw.CHANGED, "it vouches for no part of the log")
    elif end > len(log.links):
        left = len(log.links)
        why = f"signed head {number} vouches for {end} rows, {left} are left"
        yield Break("audit", "", left + 1, Flaw.REMOVED, why)
    elif (
        log.sound_rows >= end
        and (log.links[end - 1].chain if end else GENESIS) != (head["audit_chain"])
    ):
        why = f"rows {covered + 1} to {end} do not lead to the value in signed head {number}"
        yield Break("audit", "", covered + 1, Flaw.CHANGED, why)


def _unsigned(log: Log, covered: int) -> Iterator[Break]:
    """Find what should be signed and is not: the heads' end was cut off, or there was no key."""
    for one in log.links[covered : log.sound_rows]:
        if one.values["action"] in RELIED_ON:
            why = f"no signed head vouches for audit row {one.seq} ({one.values['action']})"
            yield Break("signed_head", "", len(log.heads) + 1, Flaw.REMOVED, why)
            return
