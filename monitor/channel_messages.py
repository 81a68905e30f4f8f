"""What the desktop and the station say to each other.

Knows frozen messages only; channel.py carries them. Times as in snapshot.py.
"""

from dataclasses import dataclass, field

from monitor.snapshot import ChartPart, SessionSnapshot

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

    ``showing``: ids of the sessions whose newest picture is on the screen.
    """

    sound_fault: str
    showing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The desktop closes on purpose: do not start it again. ``stop_station``: and stop as well."""

    stop_station: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session at a chair."""

    chair: str
    patient: str
    planned_infusion_s: float = 2400.0
    cuff_interval_s: float = 300.0


@dataclass(frozen=True, slots=True)
class StartInfusion:
    """The infusion runs from now."""

    session_id: str


@dataclass(frozen=True, slots=True)
class EndInfusion:
    """The infusion is over; recovery begins."""

    session_id: str


@dataclass(frozen=True, slots=True)
class EndSession:
    """The patient leaves."""

    session_id: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Silence what sounds now; ``rule`` "" means every sounding alarm of the session."""

    session_id: str
    rule: str = ""
    by: str = ""


Command = OpenSession | StartInfusion | EndInfusion | EndSession | Acknowledge
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
class StationAlive:
    """The station's heartbeat, twice a second: its chairs, free or not, and who watches."""

    pid: int
    chairs: tuple[ChairView, ...]
    desktops: tuple[DesktopView, ...] = ()


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
