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
    ``sounds_on``: when its condition ends unseen, it still calls until acknowledged.
    ``is_silenced``: the sound is paused or off, the picture is not. ``is_escalated``: a HIGH that
    nobody has answered for too long. ``is_own``: it is about Vigil itself, not about a patient.
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
    is_silenced: bool = False
    is_escalated: bool = False
    is_own: bool = False

    @property
    def is_calling(self) -> bool:
        """Whether it flashes now: it goes on, or it is over and latches its signals."""
        is_over = self.state is AlarmState.UNSEEN
        return self.state is AlarmState.SOUNDING or (is_over and self.sounds_on)

    @property
    def is_heard(self) -> bool:
        """Whether it sounds now."""
        return self.is_calling and not self.is_silenced


class AudioState(StrEnum):
    """Whether a session's alarms may sound (IEC 60601-1-8: AUDIO PAUSED, AUDIO OFF)."""

    ON = "on"
    PAUSED = "paused"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class AudioView:
    """The sound of a session's alarms: since when it is so, until when, by whom and why."""

    state: AudioState = AudioState.ON
    since_s: float = 0.0
    until_s: float | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AlarmOffView:
    """An alarm rule that neither sounds nor flashes in this session (ALARM OFF)."""

    rule: str
    words: str
    since_s: float
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class BaselineView:
    """The patient's values before the infusion; ``readings`` is how many cuff readings it is of."""

    systolic: float | None
    diastolic: float | None
    pulse: float | None
    spo2: float | None
    readings: int


@dataclass(frozen=True, slots=True)
class CuffPlanView:
    """When the next cuff reading is expected.

    ``interval_s`` is the plan, ``learned_s`` how often the device measures (0: not known yet);
    ``last_s`` is the last reading, or the opening without one. ``failures`` in a row since then.
    """

    interval_s: float
    learned_s: float
    last_s: float
    failures: int = 0

    @property
    def expected_s(self) -> float:
        """The second at which the next reading is expected."""
        return self.last_s + (self.learned_s or self.interval_s)

    @property
    def is_slower_than_planned(self) -> bool:
        """Whether the device measures clearly less often than the plan asks."""
        return self.learned_s > 1.2 * self.interval_s


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
    """An alarm limit to draw: of which vital, at which value, above or below, how urgent.

    ``is_inclusive``: a value at the limit is beyond it; of "above 160" only what is above.
    """

    vital: Vital
    value: float
    is_upper: bool
    priority: Priority
    rule: str
    is_inclusive: bool = True

    def is_crossed_by(self, value: float) -> bool:
        """Whether a value, as it was measured, is beyond the limit."""
        if value == self.value:
            return self.is_inclusive
        return value > self.value if self.is_upper else value < self.value


@dataclass(frozen=True, slots=True)
class LimitSettingView:
    """A limit that may be changed for this session, and ``standard``, what its profile says.

    Of a limit that counts from the baseline (``is_relative``), the number that is added to it.
    One with ``why_fixed`` is only shown: it counts for some baselines, and has no single number.
    """

    rule: str
    vital: Vital
    value: float
    standard: float
    is_upper: bool
    is_relative: bool
    priority: Priority
    why_fixed: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether it is not that of the profile."""
        return self.value != self.standard


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
    ``waiting`` as long as nobody has said whether a session that came back goes on. ``profile`` is
    the name of the alarm profile; ``is_flood``: alarms come faster than anybody can answer them;
    ``chatter``: rules that come and go. ``limit_settings`` are the limits that may be changed,
    ``limit_warnings`` says which are so wide that they are off;
    ``baseline_readings`` is how many cuff readings a baseline can be taken from so far. Values
    from before ``unsure_before_s`` have an unknown age: nobody knows how long it was away.
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
    profile: str = ""
    audio: AudioView = AudioView()
    alarms_off: tuple[AlarmOffView, ...] = ()
    baseline: BaselineView | None = None
    cuff_plan: CuffPlanView | None = None
    is_flood: bool = False
    chatter: tuple[str, ...] = ()
    limit_settings: tuple[LimitSettingView, ...] = ()
    limit_warnings: tuple[str, ...] = ()
    baseline_readings: int = 0
