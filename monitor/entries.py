"""What people enter in a session: the row that comes of it, and what is refused and why.

Knows plausible numbers and lengths. Must not know storage, screens or who may do it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, nan
from typing import Any, TypeVar, assert_never

from monitor.entry_messages import (
    EnterDose,
    EnterEvent,
    EnterNote,
    EnterScale,
    IdentifyPatient,
)
from monitor.errors import OperatorError
from monitor.records import DoseKept, EventKept, IdentificationKept, NoteKept, ScaleKept, Stamp
from monitor.texts import LONGEST_TEXT, checked_line, checked_text

LONGEST_WORD = 200
LONGEST_PATIENT = 500
"""Names, date of birth and number in one line (patients.py)."""
MOST_ITEMS = 64
AHEAD_S = 1.0
"""The desktop's idea of now may be a little ahead of the station's."""

SessionEntry = IdentificationKept | EventKept | DoseKept | ScaleKept | NoteKept
"""What is entered while a session runs, and can be amended."""
NewEntry = IdentifyPatient | EnterEvent | EnterDose | EnterScale | EnterNote
Timed = TypeVar("Timed", EventKept, DoseKept, ScaleKept)


class Unit(StrEnum):
    """What a dose is counted in."""

    G = "g"
    MG = "mg"
    MCG = "mcg"
    ML = "mL"


_IN_MG = {Unit.G: 1000.0, Unit.MG: 1.0, Unit.MCG: 0.001}

SCALES = {
    "MOAA/S": (0.0, 5.0),
    "CADSS": (0.0, 92.0),
    "CADSS-6": (0.0, 24.0),
    "Aldrete": (0.0, 10.0),
    "PADSS": (0.0, 10.0),
    "Dissociation": (0.0, 10.0),
}
"""Least and greatest total of the scales we know (clinical brief, 3.6); others are taken as is."""


@dataclass(frozen=True, slots=True)
class EntryLimits:
    """What no entry may exceed: slips of the finger, not medical advice.

    A single dose of ketamine is some 35 mg into a vein and 200 mg by mouth (clinical brief, 3.4);
    500 mg is above any of them and below a slipped zero. Other drugs reach grams.
    """

    least_weight_kg: float = 20.0
    greatest_weight_kg: float = 400.0
    ketamine_mg: float = 500.0
    other_mg: float = 10_000.0
    volume_ml: float = 2_000.0


USUAL = EntryLimits()


def entry(command: NewEntry, stamp: Stamp, limits: EntryLimits = USUAL) -> SessionEntry:
    """Return the row that a command leaves behind. Raises OperatorError when it is refused."""
    return checked(_entry(command, stamp), limits)


def checked(row: SessionEntry, limits: EntryLimits = USUAL) -> SessionEntry:
    """Return the row with its texts cleaned. Raises OperatorError for what cannot be true."""
    row = replace(row, by=_line("name of who enters it", row.by, 300, may_be_empty=True))
    match row:
        case IdentificationKept():
            return _identification(row)
        case EventKept():
            row = replace(row, code=_line("event", row.code), text=_text("text", row.text))
            return _in_time(row)
        case DoseKept():
            return _in_time(_dose(row, limits))
        case ScaleKept():
            return _in_time(_scale(row))
        case NoteKept():
            return replace(row, text=_text("note", row.text, may_be_empty=False))
        case _:
            assert_never(row)


def _entry(command: NewEntry, stamp: Stamp) -> SessionEntry:
    by = (command.by, command.by_id)
    match command:
        case IdentifyPatient(_, patient_id, patient, course_id, reason):
            return IdentificationKept(stamp, patient_id, course_id or None, patient, reason, *by)
        case EnterEvent(_, code, text):
            return EventKept(stamp, code, text, _when(command.at_s, stamp), *by)
        case EnterDose(_, drug, route, amount, unit, weight_kg, lot, waste, witness, at_s):
            given = (drug, route, amount, unit, weight_kg, lot, waste, witness)
            return DoseKept(stamp, *given, _when(at_s, stamp), *by)
        case EnterScale(_, name, total, detail, at_s):
            return ScaleKept(stamp, name, total, detail, _when(at_s, stamp), *by)
        case EnterNote(_, text):
            return NoteKept(stamp, text, *by)
        case _:
            assert_never(command)


def _when(at_s: float | None, stamp: Stamp) -> float:
    return stamp.t_s if at_s is None else at_s


# ---- what is refused


def _identification(row: IdentificationKept) -> IdentificationKept:
    course_id = row.course_id
    return replace(
        row,
        patient_id=_line("patient's id", row.patient_id),
        course_id=None if course_id is None else _line("course's id", course_id),
        patient=_line("patient's name", row.patient, LONGEST_PATIENT),
        reason=_text("reason", row.reason),
    )


def _dose(row: DoseKept, limits: EntryLimits) -> DoseKept:
    row = replace(
        row,
        drug=_line("drug", row.drug),
        route=_line("route", row.route),
        lot=_line("lot", row.lot, may_be_empty=True),
        witness=_line("witness", row.witness, may_be_empty=True),
    )
    _check_amount(row, limits)
    if row.weight_kg is not None:
        least, greatest = limits.least_weight_kg, limits.greatest_weight_kg
        _check_range("weight", row.weight_kg, least, greatest, " kg")
    if row.waste is not None:
        _check_range("wasted amount", row.waste, 0.0, limits.volume_ml * 1000.0, "")
        if row.waste > 0 and not row.witness:
            raise OperatorError("The waste has no witness", "name who saw it thrown away")
    return row


def _check_amount(row: DoseKept, limits: EntryLimits) -> None:
    if row.unit not in tuple(Unit):
        raise OperatorError(
            f"The dose has the unit {str(row.unit)[:20]!r}", f"use one of {', '.join(Unit)}"
        )
    unit, amount = Unit(row.unit), checked_number("dose", row.amount)
    if amount <= 0:
        raise OperatorError("The dose is not above 0", "enter what was given")
    if unit is Unit.ML:
        _check_ceiling(amount, limits.volume_ml, "mL", amount)
    else:
        is_ketamine = "ketamin" in row.drug.casefold()
        ceiling = limits.ketamine_mg if is_ketamine else limits.other_mg
        _check_ceiling(amount * _IN_MG[unit], ceiling, "mg", amount)


def _check_ceiling(amount: float, ceiling: float, unit: str, typed: float) -> None:
    if amount > ceiling:
        raise OperatorError(
            f"A dose of {typed:g} is above {ceiling:g} {unit}", "check the number and its unit"
        )


def _scale(row: ScaleKept) -> ScaleKept:
    row = replace(row, name=_line("scale", row.name))
    least, greatest = SCALES.get(row.name, (-1e6, 1e6))
    _check_range(f"total of {row.name}", row.total, least, greatest, "")
    if not isinstance(row.detail, dict) or len(row.detail) > MOST_ITEMS:
        raise OperatorError(f"The scale has more than {MOST_ITEMS} items", "enter its total only")
    items = {
        _line("item", name): checked_number(f"item {name}", row.detail[name]) for name in row.detail
    }
    return replace(row, detail=items)


def _in_time(row: Timed) -> Timed:
    at_s = checked_number("time", row.at_s)
    if at_s < 0:
        raise OperatorError("The time is before the session", "enter one within the session")
    if at_s > row.stamp.t_s + AHEAD_S:
        raise OperatorError("The time is in the future", "enter when it happened")
    return row


def _check_range(what: str, value: Any, least: float, greatest: float, unit: str) -> None:
    number = checked_number(what, value)
    if not least <= number <= greatest:
        raise OperatorError(
            f"The {what} is {number:g}{unit}",
            f"enter one from {least:g} to {greatest:g}{unit}",
        )


def checked_number(what: str, value: Any) -> float:
    """Return a finite number as one. Raises OperatorError for anything else."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        number = float(value) if is_number else nan
    except OverflowError:  # an integer of hundreds of digits
        number = nan
    if not isfinite(number):
        raise OperatorError(f"The {what} is no number", "enter it in digits")
    return number


def _line(what: str, text: Any, longest: int = LONGEST_WORD, *, may_be_empty: bool = False) -> str:
    return checked_line(what, _string(what, text), longest, may_be_empty=may_be_empty)


def _text(what: str, text: Any, *, may_be_empty: bool = True) -> str:
    return checked_text(what, _string(what, text), LONGEST_TEXT, may_be_empty=may_be_empty)


def _string(what: str, text: Any) -> str:
    if not isinstance(text, str):
        raise OperatorError(f"The {what} is no text", "write it in words")
    return text
