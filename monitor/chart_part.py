"""What is drawn of a session as it grows: samples, cuff readings, gaps, the running list.

Knows plain values only, so that it can travel between processes. Times ``*_s`` as in snapshot.py.
"""

from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.vitals import Vital


@dataclass(frozen=True, slots=True)
class Sample:
    """One point of a continuous trend. ``value`` None is an explicit gap: no line through it."""

    vital: Vital
    t_s: float
    value: float | None


@dataclass(frozen=True, slots=True)
class CuffReading:
    """One cuff inflation on the chart, mmHg; with ``failed`` the attempt gave no value."""

    t_s: float
    systolic: float | None
    diastolic: float | None
    mean: float | None
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which nothing could be recorded; drawn and counted, never bridged."""

    from_s: float
    to_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the running list of a session. ``priority`` only for alarm lines."""

    t_s: float
    text: str
    priority: Priority | None = None


@dataclass(frozen=True, slots=True)
class ChartPart:
    """What was added to a session's chart since the last part; the first part is everything."""

    session_id: str
    is_first: bool
    samples: tuple[Sample, ...] = ()
    cuffs: tuple[CuffReading, ...] = ()
    gaps: tuple[Gap, ...] = ()
    log: tuple[LogEntry, ...] = ()
