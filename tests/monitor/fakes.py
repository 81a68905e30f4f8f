"""What the tests of session, engine and station share: a told session, a keeper, a channel.

Knows the public methods of session and engine. Must not know how they decide.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from monitor.alarms.profile import Profile, default_profile
from monitor.away import time_away
from monitor.channel_messages import Acknowledge
from monitor.clock import ManualClock
from monitor.events import BadFrame, DeviceEvent, LinkDown, LinkUp, Measured, ValidFrame
from monitor.readings import BloodPressure, Quality, Reading
from monitor.recall import Past
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    SessionRow,
    Stamp,
    TransitionKept,
)
from monitor.session import Session, SessionCommand, Standing
from monitor.snapshot import AlarmView, RecordingView, SessionSnapshot
from monitor.vitals import Vital

OPENED_UTC = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before summer time begins
PROFILE: Profile = default_profile()
RECORDING = RecordingView(is_recording=True, waiting=0, lost=0, reason="")
STANDING = Standing("GE S/5", "simulated", 1.0, RECORDING)


def opened_record(session_id: str = "s1", chair: str = "Chair 1") -> SessionOpened:
    """Return the opening record of a session at a simulated GE monitor."""
    return SessionOpened(
        Stamp(session_id, 1, 0.0, OPENED_UTC),
        chair,
        "Patient A",
        "ge_s5",
        "port-1",
        True,
        2400.0,
        300.0,
        "Europe/Berlin",
        3600,
        "0.1.0",
        dict(PROFILE.raw),
    )


class Keeper:
    """A recorder that keeps all rows in a list."""

    def __init__(self) -> None:
        self.rows: list[Record] = []
        self.received_ns: list[int] = []

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        self.rows += rows
        self.received_ns.append(received_ns)

    def status(self) -> RecordingView:
        return RECORDING


class Story:
    """A session that is told what happens and ticked after it, as the engine does."""

    def __init__(self, clock: ManualClock | None = None, boot: str = "") -> None:
        self.clock = clock or ManualClock(OPENED_UTC, monotonic=5000.0)
        self.session, first = Session.open(opened_record(), PROFILE, self.clock.now(), boot=boot)
        self.rows: list[Record] = list(first)

    # ---- what happens

    def say(self, *events: DeviceEvent) -> Sequence[Record]:
        """The device says something; what that leaves behind is returned."""
        new: list[Record] = []
        for event in events:
            new += self.session.apply(event)
        new += self.session.tick(self.clock.now())
        self.rows += new
        return new

    def wait(self, seconds: float, step_s: float = 0.25) -> Sequence[Record]:
        """Nothing is said for a while, but the engine ticks."""
        new: list[Record] = []
        end = self.clock.now().monotonic + seconds
        while self.clock.now().monotonic < end - 1e-9:
            self.clock.advance(min(step_s, end - self.clock.now().monotonic))
            new += self.session.tick(self.clock.now())
        self.rows += new
        return new

    def up(self) -> Sequence[Record]:
        return self.say(LinkUp(self.clock.now()), ValidFrame(0, self.clock.now()))

    def down(self, reason: str = "cable pulled", *, is_silence: bool = False) -> Sequence[Record]:
        return self.say(LinkDown(self.clock.now(), reason, is_silence))

    def frame(self) -> Sequence[Record]:
        return self.say(ValidFrame(0, self.clock.now()))

    def bad(self, count: int = 1) -> Sequence[Record]:
        now = self.clock.now()
        return self.say(*(BadFrame(0, now, "checksum", b"\x00") for _ in range(count)))

    def read(
        self,
        vital: Vital,
        value: float | None,
        source: str = "oximeter",
        quality: Quality = Quality.OK,
    ) -> Sequence[Record]:
        now = self.clock.now()
        reading = Reading(vital, value, quality, now, source)
        return self.say(ValidFrame(0, now), Measured(0, reading))

    def pulse(self, value: float | None, source: str = "oximeter") -> Sequence[Record]:
        quality = Quality.SENSOR_OFF if value is None else Quality.OK
        return self.read(Vital.PULSE_RATE, value, source, quality)

    def pulses(self, seconds: int, value: float | None) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.pulse(value)

    def cuff(
        self,
        systolic: float,
        diastolic: float,
        mean: float | None = None,
        *,
        age_s: float | None = 0.0,
        is_stale: bool = False,
    ) -> Sequence[Record]:
        now = self.clock.now()
        pressure = BloodPressure(systolic, diastolic, mean, now, age_s, None, is_stale)
        return self.say(ValidFrame(0, now), Measured(0, pressure))

    def do(self, command: SessionCommand) -> Sequence[Record]:
        new = list(self.session.command(command, self.clock.now()))
        self.rows += new
        return new

    def acknowledge(self, rule: str = "") -> Sequence[Record]:
        return self.do(Acknowledge("s1", rule, "nurse"))

    # ---- what came of it

    @property
    def t(self) -> float:
        """Seconds on the session's timeline now."""
        return self.shown().now_s

    def shown(self) -> SessionSnapshot:
        return self.session.snapshot(self.clock.now(), STANDING)

    def alarm(self, rule: str) -> AlarmView | None:
        return next((view for view in self.shown().alarms if view.rule == rule), None)

    def state(self, rule: str) -> str:
        view = self.alarm(rule)
        return view.state.value if view else "nothing"

    def kept(self, kind: str) -> list[dict[str, object]]:
        """The details of all happenings of one kind."""
        return [row.detail for row in happenings(self.rows) if row.kind == kind]

    def seqs(self) -> list[int]:
        return [row.stamp.seq for row in self.rows]

    # ---- coming back

    def later_rows(self) -> list[SessionRow]:
        """All rows but the opening one."""
        return [row for row in self.rows if not isinstance(row, SessionOpened)]

    def killed_and_back(self, away_s: float) -> "Story":
        """The computer dies; another resumes from the rows, its monotonic clock begins anew."""
        now = self.clock.now().plus(away_s)
        return self.resumed(self.later_rows(), ManualClock(now.utc, monotonic=7.0))

    def resumed(self, rows: Sequence[SessionRow], clock: ManualClock, boot: str = "") -> "Story":
        other = object.__new__(Story)
        other.clock = clock
        away = time_away(opened_record(), rows, clock.now(), boot)
        other.session, first = Session.resume(
            Past(opened_record(), rows), PROFILE, clock.now(), away, boot
        )
        other.rows = [self.rows[0], *rows, *first]
        return other


def happenings(rows: Sequence[Record]) -> list[HappeningKept]:
    return [row for row in rows if isinstance(row, HappeningKept)]


def readings(rows: Sequence[Record]) -> list[ReadingKept]:
    return [row for row in rows if isinstance(row, ReadingKept)]


def pressures(rows: Sequence[Record]) -> list[PressureKept]:
    return [row for row in rows if isinstance(row, PressureKept)]


def transitions(rows: Sequence[Record], rule: str = "") -> list[str]:
    """Every alarm change in words: "BP-H2 high: quiet to sounding"."""
    return [
        f"{row.rule} {row.priority.word}: {row.old} to {row.new}"
        for row in rows
        if isinstance(row, TransitionKept) and rule in ("", row.rule)
    ]
