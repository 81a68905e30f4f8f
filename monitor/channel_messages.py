"""What the desktop and the station say to each other.

Knows frozen messages only; channel.py carries them. Times as in snapshot.py.
"""

from dataclasses import dataclass, field

from monitor.alarms.priority import Priority
from monitor.chart_part import ChartPart
from monitor.entry_messages import EntryCommand
from monitor.snapshot import SessionSnapshot

# ---- from the desktop to the station


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: who I am and how to start me again if I die."""

    pid: int
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DesktopAlive:
    """The desktop's heartbeat. ``sound_fault`` is "" while alarms can be heard, else why not.

    ``showing``: ids of the sessions whose newest picture is on the screen. ``voice``: the priority
    whose bursts it plays now, None while it plays none; what nobody plays the station does.
    """

    sound_fault: str
    showing: tuple[str, ...] = ()
    voice: Priority | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The desktop closes on purpose: do not start it again. ``stop_station``: and stop as well."""

    stop_station: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session at a chair.

    ``by`` here and below: who asks, for the record. ``emergency``: the id of a break-glass start,
    which nobody has answered for yet, or "". ``patient_id`` is "" while nobody knows the patient;
    ``patient`` is the name to show. ``cuff_interval_s`` 0: as often as the alarm profile plans.
    ``profile`` is the name of that profile, "" the clinic's standard.
    """

    chair: str
    patient: str
    planned_infusion_s: float = 2400.0
    cuff_interval_s: float = 0.0
    by: str = ""
    emergency: str = ""
    patient_id: str = ""
    course_id: str = ""
    by_id: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class StartInfusion:
    """The infusion runs from now."""

    session_id: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EndInfusion:
    """The infusion is over; recovery begins."""

    session_id: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EndSession:
    """The patient leaves."""

    session_id: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class ResumeSession:
    """A session that waits after a long absence goes on: the same patient is still there."""

    session_id: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class EndInterrupted:
    """A session that waits after a long absence was over when it was interrupted."""

    session_id: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class Identify:
    """Somebody who treats answers for a session that was opened without signing in."""

    session_id: str
    by: str
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Silence what sounds now; ``rule`` "" means every sounding alarm of the session.

    ``since_s`` is the onset of the occurrence that was seen, as the screen got it (``AlarmView``):
    one that began later is not acknowledged by it. None: whichever there is.
    """

    session_id: str
    rule: str = ""
    by: str = ""
    since_s: float | None = None
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class PauseAudio:
    """No sound of this session's alarms for a while (AUDIO PAUSED); a new HIGH breaks through.

    ``is_on`` False ends the pause at once.
    """

    session_id: str
    is_on: bool = True
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class SwitchAudio:
    """No sound of this session's alarms until somebody says otherwise (AUDIO OFF), and why."""

    session_id: str
    is_off: bool
    reason: str = ""
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class SwitchAlarm:
    """One alarm rule neither sounds nor flashes in this session (ALARM OFF), and why."""

    session_id: str
    rule: str
    is_off: bool
    reason: str = ""
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """A limit of an alarm rule is another one for this session; ``field`` is its vital."""

    session_id: str
    rule: str
    field: str
    new: float
    reason: str
    by: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """The values from before the infusion that relative limits count from; None: not known."""

    session_id: str
    systolic: float | None
    diastolic: float | None
    pulse: float | None = None
    spo2: float | None = None
    by: str = ""
    by_id: str = ""


Answer = ResumeSession | EndInterrupted
"""To the question whether a session that waits goes on."""
AlarmSetting = PauseAudio | SwitchAudio | SwitchAlarm | ChangeLimit | SetBaseline
"""What changes how a session's alarms behave; each is on record with who and why."""
Command = (
    OpenSession
    | StartInfusion
    | EndInfusion
    | EndSession
    | Identify
    | Acknowledge
    | AlarmSetting
    | Answer
    | EntryCommand
)
FromDesktop = Hello | DesktopAlive | Goodbye | Command


# ---- from the station to the desktop


@dataclass(frozen=True, slots=True)
class ChairView:
    """One chair of the clinic and the device that stands at it."""

    chair: str
    device_title: str
    port: str


@dataclass(frozen=True, slots=True)
class DesktopView:
    """A desktop that is connected, and the sessions it says it shows."""

    pid: int
    showing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackupState:
    """How old the newest backup that proved itself is (None: there is none), and what is wrong.

    ``fault`` is a sentence without its full stop, or "".
    """

    age_s: float | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class StationAlive:
    """The station's heartbeat, twice a second: its chairs, free or not, and who watches.

    ``backup`` is None where no backups are scheduled. ``unresumed`` says why open sessions from
    before its start are not back yet, "" when they are. ``profiles``: titles of the alarm profiles
    that a new session may have (``OpenSession.profile``), the clinic's standard first.
    """

    pid: int
    chairs: tuple[ChairView, ...]
    desktops: tuple[DesktopView, ...] = ()
    backup: BackupState | None = None
    unresumed: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionUpdate:
    """The newest picture of a session and what was added to its chart."""

    snapshot: SessionSnapshot
    chart: ChartPart


@dataclass(frozen=True, slots=True)
class Refused:
    """A command could not be done; the sentence says why."""

    sentence: str


FromStation = StationAlive | SessionUpdate | Refused
