"""What people enter in a running session, as the desktop says it to the station.

Knows frozen messages only; entries.py says what is refused. Times ``at_s`` are on the session's
timeline, None means now; ``by`` is who enters it in words, ``by_id`` their account's id.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class IdentifyPatient:
    """The patient at the chair is this one. ``patient`` is the name to show (patients.label)."""

    session_id: str
    patient_id: str
    patient: str
    course_id: str = ""
    reason: str = ""
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EnterEvent:
    """Something happened to the patient."""

    session_id: str
    code: str
    text: str = ""
    at_s: float | None = None
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EnterDose:
    """A drug was given. ``waste`` is in ``unit`` too."""

    session_id: str
    drug: str
    route: str
    amount: float
    unit: str = "mg"
    weight_kg: float | None = None
    lot: str = ""
    waste: float | None = None
    witness: str = ""
    at_s: float | None = None
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EnterScale:
    """A scale was rated; ``detail`` holds its items by name, where they are kept."""

    session_id: str
    name: str
    total: float
    detail: dict[str, float] = field(default_factory=dict)
    at_s: float | None = None
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EnterNote:
    """Somebody writes something down."""

    session_id: str
    text: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class AmendEntry:
    """A field of what was entered in row ``seq`` should read ``new``."""

    session_id: str
    seq: int
    field: str
    new: str | float | None
    reason: str
    by: str = ""
    by_id: str = ""


EntryCommand = IdentifyPatient | EnterEvent | EnterDose | EnterScale | EnterNote | AmendEntry
"""What becomes a row."""
