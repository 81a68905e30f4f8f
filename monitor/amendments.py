"""Amendments: what a row reads after them, and which are refused; the row itself never changes.

Knows rows and their fields. Must not know storage or who may amend.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from monitor.entries import USUAL, EntryLimits, SessionEntry, checked, checked_number
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
from monitor.vitals import Vital, possible_range

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
_MEASURED: dict[type[SessionRow], frozenset[str]] = {
    ReadingKept: frozenset({"value", "quality"}),
    PressureKept: frozenset({"systolic", "diastolic", "mean", "pulse", "is_stale", "quality"}),
    TransitionKept: frozenset({"text"}),
    HappeningKept: frozenset(),
}
"""What may be amended of a row that no person entered: never what it is, whose, or when."""
_MAY_BE_NONE = ("value", "mean", "pulse")
_PRESSURES = {
    "systolic": Vital.SYSTOLIC,
    "diastolic": Vital.DIASTOLIC,
    "mean": Vital.MEAN,
    "pulse": Vital.PULSE_RATE,
}
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
    if name is None or field not in _amendable(reads):
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
    return _checked_measured(row, field, new)


def _amendable(row: SessionRow) -> frozenset[str]:
    """Return the fields that may be amended: of measured rows, what was measured alone."""
    all_fields = frozenset(one.name for one in fields(row)) - set(_FIXED)
    return _MEASURED.get(type(row), all_fields)


def _checked_measured(row: SessionRow, field: str, new: Any) -> Any:
    """Return what may stand in a measured row. Raises OperatorError for what cannot be true."""
    old = getattr(row, field)
    if new is None and field in _MAY_BE_NONE:
        return None
    if isinstance(old, bool):
        is_same_kind = isinstance(new, bool)
    else:
        is_same_kind = new is not None and isinstance(old, str) == isinstance(new, str)
    if not is_same_kind:
        raise OperatorError(f"This cannot stand for {field!r}", "enter a value of the same kind")
    if isinstance(new, bool) and isinstance(old, bool):
        return new
    if isinstance(new, str):
        return _as_kind(old, checked_text(field, new))
    return _plausible(row, field, new)


def _plausible(row: SessionRow, field: str, new: Any) -> Any:
    vital = row.vital if isinstance(row, ReadingKept) else _PRESSURES[field]
    possible = possible_range(vital)
    if checked_number(field, new) not in possible:
        raise OperatorError(
            f"No living adult has a {vital.value.replace('_', ' ')} of {new:g} {vital.unit}",
            f"enter one from {possible.low:g} to {possible.high:g}",
        )
    return new


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
