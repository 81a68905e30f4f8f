"""What a session leaves behind: one frozen row per fact, numbered within its session.

Knows what is kept, not how. The storage room turns these into tables and back.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.snapshot import AlarmState
from monitor.vitals import Vital


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where and when in a session: ``seq`` counts the session's rows from 1 without holes.

    ``t_s`` is on the session's timeline (see snapshot.py), ``utc`` is the wall clock's label.
    """

    session_id: str
    seq: int
    t_s: float
    utc: datetime


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A session began; enough to resume it. ``profile`` is the alarm profile in force."""

    stamp: Stamp
    chair: str
    patient: str
    driver: str
    port: str
    is_simulated: bool
    planned_infusion_s: float
    cuff_interval_s: float
    time_zone: str
    utc_offset_s: int
    app_version: str
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadingKept:
    """One value of one vital, as the device said it (``value`` None: marked invalid)."""

    stamp: Stamp
    device: str
    vital: Vital
    value: float | None
    quality: Quality
    source: str


@dataclass(frozen=True, slots=True)
class PressureKept:
    """One cuff inflation, mmHg. ``quality`` is out_of_range when no living adult can have it.

    ``taken_utc`` is None when the device does not say when it was taken; ``is_stale`` as in
    monitor.readings.BloodPressure.
    """

    stamp: Stamp
    device: str
    systolic: float
    diastolic: float
    mean: float | None
    pulse: float | None
    taken_utc: datetime | None
    is_stale: bool
    quality: Quality


@dataclass(frozen=True, slots=True)
class TransitionKept:
    """One alarm went from one state to another; ``value`` and ``limit`` as they were then.

    ``since_s``, ``until_s`` and ``ended_s`` are the new state's own times, for resuming it. Quiet
    with ``since_s``: it goes on since then, or is over and not yet seen, but is not announced,
    because a worse alarm stands for it or its rule is off.
    """

    stamp: Stamp
    rule: str
    priority: Priority
    old: AlarmState
    new: AlarmState
    value: dict[str, float]
    limit: dict[str, float]
    text: str
    by: str = ""
    since_s: float | None = None
    until_s: float | None = None
    ended_s: float | None = None


@dataclass(frozen=True, slots=True)
class HappeningKept:
    """Anything else: phase changes, link up and down, gaps, notices, failed cuffs, clock steps.

    ``kind`` is one of: audio, alarm_off, baseline, device_clock (how the alarms are set, see
    alarm_settings.py); phase, link, gap, notice, cuff, bad_frames, clock, resumed, break_glass,
    identified; lost (so many rows could not be kept); confirmed and interrupted (what became of a
    session that waited); anchor and alive (for whoever resumes it, see away.py). A phase has ``by``
    in its detail when a person asked.
    """

    stamp: Stamp
    kind: str
    detail: dict[str, Any]


# ---- what people enter: ``by`` is who did it in words, ``by_id`` their account's id


@dataclass(frozen=True, slots=True)
class IdentificationKept:
    """The patient is this one; the last identification of a session counts.

    ``patient`` is the name shown from then on, ``reason`` why it was said so late, or anew.
    """

    stamp: Stamp
    patient_id: str
    course_id: str | None
    patient: str
    reason: str = ""
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EventKept:
    """Something happened to the patient at second ``at_s``, such as ``nausea``."""

    stamp: Stamp
    code: str
    text: str
    at_s: float
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class DoseKept:
    """A drug was given at second ``at_s``: ``amount`` in ``unit`` (entries.Unit).

    ``waste`` is what was thrown away, in the same unit, before the eyes of ``witness``.
    """

    stamp: Stamp
    drug: str
    route: str
    amount: float
    unit: str
    weight_kg: float | None
    lot: str
    waste: float | None
    witness: str
    at_s: float
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class ScaleKept:
    """A scale was rated at second ``at_s``; ``detail`` holds the items, where they are kept."""

    stamp: Stamp
    name: str
    total: float
    detail: dict[str, float]
    at_s: float
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class NoteKept:
    """Somebody wrote something down."""

    stamp: Stamp
    text: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class LimitChangeKept:
    """A field of an alarm rule got another value for this session."""

    stamp: Stamp
    rule: str
    field: str
    old: Any
    new: Any
    reason: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class AmendmentKept:
    """A field of another row should read ``new``; the row itself keeps what was written first.

    ``old`` is how it read until now. What is added to a session as a whole has the session's own
    row as its target and the field ``addendum``.
    """

    stamp: Stamp
    target_table: str
    target_seq: int
    field: str
    old: Any
    new: Any
    reason: str
    by: str = ""
    by_id: str = ""


class Meaning(StrEnum):
    """What a signature says (21 CFR 11.50)."""

    AUTHORSHIP = "authorship"
    REVIEW = "review"
    APPROVAL = "approval"
    RESPONSIBILITY = "responsibility"


@dataclass(frozen=True, slots=True)
class SignatureKept:
    """Somebody answers for the rows up to link ``covers_link`` of the session's chain.

    ``covers_chain`` is the value of that link, as hexadecimal digits.
    """

    stamp: Stamp
    meaning: Meaning
    comment: str
    covers_link: int
    covers_chain: str
    by: str = ""
    by_id: str = ""


Entry = (
    IdentificationKept
    | EventKept
    | DoseKept
    | ScaleKept
    | NoteKept
    | LimitChangeKept
    | AmendmentKept
    | SignatureKept
)
"""What people enter, not devices."""
SessionRow = ReadingKept | PressureKept | TransitionKept | HappeningKept | Entry
Record = SessionOpened | SessionRow

URGENT = (SessionOpened, PressureKept, TransitionKept, HappeningKept, *get_args(Entry))
"""Rows that are committed at once; the others within a second."""
