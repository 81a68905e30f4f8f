"""An immutable picture of a session for display, and what is added to its chart.

Knows plain values only, so that it can travel between processes. All times ``*_s`` are seconds on
the session's own monotonic timeline, whose zero is ``opened_utc``; UTC is for labels.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.vitals import Vital


class Phase(StrEnum):
    """Where a session is."""

    PREPARATION = "preparation"
    BASELINE = "baseline"
    INFUSION = "infusion"
    RECOVERY = "recovery"
    ENDED = "ended"


class AlarmState(StrEnum):
    """Name of a lifecycle state, in records and on the screen."""

    QUIET = "quiet"
    PENDING = "pending"
    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"
    UNSEEN = "unseen"


class LinkState(StrEnum):
    """What we know of the cable. LIVE means fresh frames with a good checksum, nothing else."""

    CONNECTING = "connecting"
    LIVE = "live"
    SILENT = "silent"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class NumericView:
    """The last value of one vital. ``value`` is None when the device marked it invalid."""

    vital: Vital
    value: float | None
    quality: Quality
    at_s: float
    source: str


@dataclass(frozen=True, slots=True)
class PressureView:
    """The last cuff reading, mmHg. ``is_stale``: shown by the device, taken at no known time."""

    systolic: float
    diastolic: float
    mean: float | None
    taken_s: float
    is_stale: bool


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm that is not quiet, worst tier of its rule. ``value`` and ``limit`` by vital name.

    ``since_s`` is the onset of the occurrence; ``until_s`` when an acknowledgement runs out.
    ``sounds_on``: when its condition ends unseen, it is still heard until acknowledged.
    """

    rule: str
    priority: Priority
    state: AlarmState
    text: str
    value: dict[str, float]
    limit: dict[str, float]
    since_s: float
    until_s: float | None = None
    sounds_on: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether it sounds and flashes now: it goes on, or it is over and latches its sound."""
        is_over = self.state is AlarmState.UNSEEN
        return self.state is AlarmState.SOUNDING or (is_over and self.sounds_on)


@dataclass(frozen=True, slots=True)
class LinkView:
    """The cable of the chair: its state, since when, and why in words for a person."""

    state: LinkState
    since_s: float
    reason: str
    bad_frames: int


@dataclass(frozen=True, slots=True)
class RecordingView:
    """Whether what is shown is also on disk.

    ``waiting`` rows are not yet committed; ``lost`` rows could not be kept; ``reason`` says why
    not recording, "" while all is well. ``space`` says how little room the disk has, "" when it
    has plenty; ``is_space_low``: that is a warning, not a note.
    """

    is_recording: bool
    waiting: int
    lost: int
    reason: str
    space: str = ""
    is_space_low: bool = False


@dataclass(frozen=True, slots=True)
class LimitView:
    """An alarm limit to draw: of which vital, at which value, above or below, how urgent."""

    vital: Vital
    value: float
    is_upper: bool
    priority: Priority
    rule: str


@dataclass(frozen=True, slots=True)
class WaitingView:
    """A session that came back after a long time: it waits to be told whether it goes on.

    ``since_s`` is when the question began and ``last_kept_utc`` the label of the last row on
    record, ``away_s`` before that; not ``is_away_known``: it may be longer. ``held`` readings wait
    with it, ``not_held`` had no room. ``obstacle`` says why it cannot go on, "" when it can.
    """

    since_s: float
    last_kept_utc: datetime
    away_s: float
    is_away_known: bool
    held: int
    not_held: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """Everything the screen shows of one session, at one moment (``now_s``).

    ``emergency`` is the id of a break-glass start that nobody has answered for yet, else "".
    ``waiting`` as long as nobody has said whether a session that came back goes on. Values from
    before ``unsure_before_s`` have an unknown age: how long the session was away is not known.
    """

    session_id: str
    chair: str
    patient: str
    device_title: str
    device_maturity: str
    is_simulated: bool
    speed: float
    opened_utc: datetime
    now_utc: datetime
    now_s: float
    phase: Phase
    infusion_started_s: float | None
    infusion_ended_s: float | None
    planned_infusion_s: float
    cuff_interval_s: float
    pressure: PressureView | None
    pulse: NumericView | None
    spo2: NumericView | None
    cuff_is_measuring: bool
    link: LinkView
    recording: RecordingView
    alarms: tuple[AlarmView, ...]
    limits: tuple[LimitView, ...]
    emergency: str = ""
    waiting: WaitingView | None = None
    unsure_before_s: float | None = None


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
