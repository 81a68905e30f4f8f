"""The patient form as values to show: find somebody, or add them, and see both identifiers.

Knows the form's four pages and their words. Must not know Qt, or where patients are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from monitor.patients import Course, Details, Duplicate, Patient
from ui.view_models.typed import is_enough, is_like_date

UNKNOWN_PATIENT = "Not identified"
"""The patient of a session that was started without asking anything; no patient is called so."""
DEFAULT_MINUTES = 40
HURRY = "F2 starts at once, without identifying; Ctrl+I names the patient later."
GOES_ON = "Esc leaves it for later; the session goes on."


class Page(StrEnum):
    """What the form shows."""

    FIND = "find"
    NEW = "new"
    ALIKE = "alike"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the form is for: to start at a free chair, or to name who sits in ``session_id``.

    ``profiles`` are the alarm profiles to start with, by title, the clinic's standard first.
    """

    chair: str
    session_id: str = ""
    profiles: tuple[str, ...] = ()

    @property
    def is_start(self) -> bool:
        """Whether a session is to be started."""
        return not self.session_id


# ---- where the form is


@dataclass(frozen=True, slots=True)
class Find:
    """``hits`` are those of ``found_for``; ``wants_one``: Enter came before the answer."""

    text: str = ""
    found_for: str = ""
    hits: tuple[Patient, ...] = ()
    marked: int = 0
    wants_one: bool = False
    fault: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the hits are those of what is typed now."""
        return self.text == self.found_for


@dataclass(frozen=True, slots=True)
class New:
    """A patient who is not registered yet; ``faults`` by field."""

    typed: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody who may be the new patient is registered already."""

    new: New
    details: Details
    found: tuple[Duplicate, ...]
    marked: int = 0
    fault: str = ""
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class Confirm:
    """One patient, to be compared with the person in the chair."""

    patient: Patient
    course: Course | None = None
    note: str = ""
    is_busy: bool = True
    minutes: str = str(DEFAULT_MINUTES)
    fault: str = ""
    profile: int = 0
    """Which of the alarm profiles; the first is the standard."""


State = Find | New | Alike | Confirm
NEW_FIELDS = {
    "family_name": "Family name",
    "given_name": "Given name",
    "date_of_birth": "Date of birth",
    "clinic_number": "Clinic number (medical record)",
}
EXAMPLES = {"date_of_birth": "1980-03-31 or 31.3.1980"}


# ---- what is to be seen


@dataclass(frozen=True, slots=True)
class Row:
    """One person in a list: the name, both identifiers, and why they are shown."""

    name: str
    identifiers: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PatientView:
    """The form as it is to be shown.

    ``fill`` is what stands in the lines when the page opens. ``turn`` changes whenever the cursor
    is to go to the line ``focus``. ``second`` is what F4 does, "" for nothing.
    """

    page: Page
    title: str
    text: str
    told: str
    action: str
    second: str
    back: str
    focus: str
    turn: int
    fill: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    marked: int = 0
    who: Row | None = None
    asks_minutes: bool = False
    is_busy: bool = False


def row_of(details: Details, reason: str = "") -> Row:
    """Return a patient's line of a list."""
    names = ", ".join(name for name in (details.family_name, details.given_name) if name)
    born = f"born {details.date_of_birth.isoformat()}" if details.date_of_birth else ""
    number = f"no. {details.clinic_number}" if details.clinic_number else ""
    return Row(names, " · ".join(part for part in (born, number) if part), reason)


def patient_view(state: State, purpose: Purpose, turn: int) -> PatientView:
    """Return the form as it is to be shown."""
    match state:
        case Find():
            return _find(state, purpose, turn)
        case New():
            return _new(state, turn)
        case Alike():
            return _alike(state, turn)
        case Confirm():
            return _confirm(state, purpose, turn)
        case _:
            assert_never(state)


def has_profiles(purpose: Purpose) -> bool:
    """Whether a session is to be started and there is more than one alarm profile to choose."""
    return purpose.is_start and len(purpose.profiles) > 1


def profile_of(state: Confirm, purpose: Purpose) -> str:
    """Return the title of the chosen alarm profile, "" while none is known."""
    return purpose.profiles[state.profile] if state.profile < len(purpose.profiles) else ""


def first_fault(faults: Mapping[str, str]) -> str:
    """Return the first line that has a fault, else the first line."""
    return next((name for name in NEW_FIELDS if name in faults), "family_name")


def prefilled(text: str) -> dict[str, str]:
    """Return the lines of a new patient who was looked for in vain."""
    plain = text.strip()
    if any(map(str.isdecimal, plain)):
        return {"date_of_birth" if is_like_date(plain) else "clinic_number": plain}
    family, _, given = plain.partition(",")
    return {"family_name": family.strip(), "given_name": given.strip()}


def _find(state: Find, purpose: Purpose, turn: int) -> PatientView:
    at = purpose.chair
    title = f"New session at {at}: who is it?" if purpose.is_start else f"Who is it at {at}?"
    return PatientView(
        Page.FIND,
        title,
        "Name, clinic number or date of birth:",
        _find_told(state, purpose),
        "Choose" if state.hits else "",
        "New patient",
        "Cancel" if purpose.is_start else "Later",
        "search",
        turn,
        fill={"search": state.text},
        rows=tuple(row_of(one.details) for one in state.hits),
        marked=state.marked,
    )


def _find_told(state: Find, purpose: Purpose) -> str:
    hint = HURRY if purpose.is_start else GOES_ON
    if state.fault:
        return f"{state.fault}. {hint}"
    if not is_enough(state.text):
        return hint
    if not state.is_current:
        return "Looking …"
    return "" if state.hits else f"Nobody is registered by that: F4 adds a new patient. {hint}"


def _new(state: New, turn: int) -> PatientView:
    return PatientView(
        Page.NEW,
        "New patient",
        "The family name, and the date of birth or the clinic number, better both.",
        "One moment …" if state.is_busy else state.fault,
        "Save",
        "",
        "Back",
        first_fault(state.faults),
        turn,
        fill=state.typed,
        faults=state.faults,
        is_busy=state.is_busy,
    )


def _alike(state: Alike, turn: int) -> PatientView:
    named = row_of(state.details)
    return PatientView(
        Page.ALIKE,
        "Is it one of these?",
        f"You typed {named.name} · {named.identifiers}. Registered already:",
        "One moment …" if state.is_busy else state.fault,
        "Yes, this one",
        "None of them: save as new",
        "Back",
        "rows",
        turn,
        rows=tuple(row_of(one.patient.details, one.reason) for one in state.found),
        marked=state.marked,
        is_busy=state.is_busy,
    )


def _confirm(state: Confirm, purpose: Purpose, turn: int) -> PatientView:
    course = f"Course: {state.course.details.title}" if state.course else ""
    limits = f"Alarm limits: {profile_of(state, purpose)}" if has_profiles(purpose) else ""
    told = " · ".join(part for part in (state.note or course, limits) if part)
    return PatientView(
        Page.CONFIRM,
        f"Is this the patient at {purpose.chair}?",
        "Ask the patient for name and date of birth, or read the wristband.",
        "One moment …" if state.is_busy else told,
        "Start the session" if purpose.is_start else "Yes, this is the patient",
        "Other alarm limits" if has_profiles(purpose) else "",
        "Another patient",
        "minutes",
        turn,
        fill={"minutes": state.minutes},
        faults={"minutes": state.fault} if state.fault else {},
        who=row_of(state.patient.details),
        asks_minutes=purpose.is_start,
        is_busy=state.is_busy,
    )
