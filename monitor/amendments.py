"""Amendments: what a row reads after them, and which are refused; the row itself never changes.

Knows rows and their fields. Must not know storage or who may amend.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from monitor.entries import USUAL, EntryLimits, SessionEntry, checked
from monitor.errors import OperatorError
from monitor.records import (
    AmendmentKept,
    DoseKept,
    EventKept,
    HappeningKept,
    IdentificationKept,
    NoteKept,
    PressureKept,
    ReadingKept,
    ScaleKept,
    SessionRow,
    Stamp,
    TransitionKept,
)
from monitor.texts import checked_text

ADDENDUM = "addendum"
"""The field of an amendment that adds to a session as a whole."""
SESSION = "session"
NAMES: dict[type[SessionRow], str] = {
    ReadingKept: "reading",
    PressureKept: "blood_pressure",
    TransitionKept: "alarm_transition",
    HappeningKept: "happening",
    IdentificationKept: "identification",
    EventKept: "event",
    DoseKept: "dose",
    ScaleKept: "scale",
    NoteKept: "note",
}
"""What the rows that can be amended are called in ``target_table``."""
_FIXED = ("stamp", "by", "by_id")
_PLAIN = (str, int, float, type(None))
_CHECKED = (IdentificationKept, EventKept, DoseKept, ScaleKept, NoteKept)


@dataclass(frozen=True, slots=True)
class Change:
    """What a field should read, why, and who says so in words and by the account's id."""

    field: str
    new: Any
    reason: str
    by: str
    by_id: str


def as_amended(rows: Sequence[SessionRow]) -> dict[int, SessionRow]:
    """Return every row by ``seq`` as it reads now; amendments are not among them."""
    found: dict[int, SessionRow] = {
        row.stamp.seq: row for row in rows if not isinstance(row, AmendmentKept)
    }
    for row in rows:
        if isinstance(row, AmendmentKept) and row.target_seq in found:
            found[row.target_seq] = _with(found[row.target_seq], row.field, row.new)
    return found


def amended_fields(rows: Sequence[SessionRow]) -> dict[int, set[str]]:
    """Return which fields of which rows were amended, by ``seq``: to be marked wherever shown."""
    found: dict[int, set[str]] = {}
    for row in rows:
        if isinstance(row, AmendmentKept):
            found.setdefault(row.target_seq, set()).add(row.field)
    return found


def amendment(
    reads: SessionRow, stamp: Stamp, change: Change, limits: EntryLimits = USUAL
) -> AmendmentKept:
    """Return the amendment of a row; ``reads`` is the row as it reads now.

    Raises OperatorError for a field that there is not, for a value that would have been refused in
    the first place, and without a reason.
    """
    name, field = NAMES.get(type(reads)), change.field
    if name is None or field not in {one.name for one in fields(reads)} - set(_FIXED):
        raise OperatorError(f"There is nothing called {field[:40]!r} to amend", "choose a field")
    old, new = getattr(reads, field), _checked(reads, field, change.new, limits)
    if new == old:
        raise OperatorError("The amendment changes nothing", "enter what it should read")
    why = checked_text("reason", change.reason)
    by = (change.by, change.by_id)
    return AmendmentKept(stamp, name, reads.stamp.seq, field, old, new, why, *by)


def addendum(stamp: Stamp, text: str, reason: str, by: str, by_id: str) -> AmendmentKept:
    """Return what somebody adds to a session as a whole. Raises OperatorError."""
    added, why = checked_text("addendum", text), checked_text("reason", reason)
    return AmendmentKept(stamp, SESSION, 1, ADDENDUM, None, added, why, by, by_id)


def _checked(row: SessionRow, field: str, new: Any, limits: EntryLimits) -> Any:
    if isinstance(row, _CHECKED):
        entry: SessionEntry = replace(row, **{field: new})
        return getattr(checked(entry, limits), field)
    old = getattr(row, field)
    is_same_kind = isinstance(old, str) == isinstance(new, str)
    if not (isinstance(old, _PLAIN) and isinstance(new, _PLAIN) and is_same_kind):
        raise OperatorError(f"This cannot stand for {field!r}", "enter a value of the same kind")
    return _as_kind(old, checked_text(field, new) if isinstance(new, str) else new)


def _with(row: SessionRow, field: str, new: Any) -> SessionRow:
    return replace(row, **{field: _as_kind(getattr(row, field), new)})


def _as_kind(old: Any, new: Any) -> Any:
    """Return a word as one of the words that may stand there, where these are known."""
    if not isinstance(old, StrEnum):
        return new
    try:
        return type(old)(new)
    except ValueError as cause:
        words = ", ".join(type(old))
        raise OperatorError(f"This cannot be {str(new)[:40]!r}", f"use one of {words}") from cause
