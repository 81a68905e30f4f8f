"""What a session leaves behind: one frozen row per fact, numbered within its session.

Knows what is kept, not how. The storage room turns these into tables and back.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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

    ``since_s``, ``until_s`` and ``ended_s`` are the new state's own times, for resuming it.
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

    ``kind`` is one of: phase, link, gap, notice, cuff, bad_frames, clock, resumed.
    """

    stamp: Stamp
    kind: str
    detail: dict[str, Any]


SessionRow = ReadingKept | PressureKept | TransitionKept | HappeningKept
Record = SessionOpened | SessionRow

URGENT = (SessionOpened, PressureKept, TransitionKept, HappeningKept)
"""Rows that are committed at once; the others within a second."""
