"""The engine: one actor for all chairs. Its inbox takes device batches, commands and faults.

Only it touches sessions; every pass lets time pass. Must not know sockets, serial ports or SQL.
"""

import queue
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol, assert_never

from monitor.alarms.profile import Profile, profile_from
from monitor.channel_messages import (
    Acknowledge,
    ChairView,
    Command,
    EndInfusion,
    EndSession,
    OpenSession,
    StartInfusion,
)
from monitor.clock import Clock, Instant
from monitor.errors import OperatorError
from monitor.events import DeviceBatch, LinkDown, LinkUp, Measured
from monitor.records import Record, SessionOpened, SessionRow, Stamp
from monitor.session import Session, SessionCommand, Standing
from monitor.snapshot import RecordingView, SessionSnapshot
from monitor.trends import Mark, Trends

TICK_S = 0.25
APP_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair and what stands there, as the composition root knows it."""

    name: str
    driver: str
    device_title: str
    maturity: str
    port: str
    is_simulated: bool = False
    cuff_interval_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A command from somebody; ``answer`` hears a sentence when it is refused."""

    command: Command
    answer: Callable[[str], None] = lambda _sentence: None


@dataclass(frozen=True, slots=True)
class Fault:
    """A technical fault of this computer; ``text`` "" means it is mended."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The last message."""


Inbox = DeviceBatch | Ask | Fault | Stop


class Keeper(Protocol):
    """Where rows go: the recorder."""

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Take rows to keep; never waits."""

    def status(self) -> RecordingView:
        """Say whether what was put is on disk."""


@dataclass(frozen=True, slots=True)
class Published:
    """The newest picture of a session, and its chart up to ``mark``."""

    snapshot: SessionSnapshot
    trends: Trends
    mark: Mark


@dataclass(slots=True)
class _Place:
    """One chair at run time."""

    chair: Chair
    session: Session | None = None
    link: LinkUp | LinkDown | None = None


class Engine:
    """Takes messages one at a time; ``run`` is the thread, the rest also serves lockstep runs."""

    def __init__(
        self,
        clock: Clock,
        chairs: Sequence[Chair],
        profile: Profile,
        keeper: Keeper,
        *,
        publish: Callable[[Published], None] | None = None,
        decided: Callable[[int], None] = lambda _received_ns: None,
        speed: float = 1.0,
        time_zone: tuple[str, int] = ("UTC", 0),
    ) -> None:
        self.inbox: queue.Queue[Inbox] = queue.Queue()
        self._clock = clock
        self._places = {chair.name: _Place(chair) for chair in chairs}
        self._profile = profile
        self._keeper = keeper
        self._publish = publish
        self._decided = decided
        self._speed = speed
        self._time_zone = time_zone
        self._faults: dict[str, str] = {}
        self.passes = 0

    def run(self) -> None:
        """Serve the inbox until ``Stop``; a pass at least every 0.25 s of the clock."""
        while True:
            try:
                message = self.inbox.get(timeout=self._clock.real_seconds(TICK_S))
            except queue.Empty:
                self.tick()
                continue
            if isinstance(message, Stop):
                return
            self.handle(message)

    def handle(self, message: DeviceBatch | Ask | Fault) -> None:
        """Take one message and let time pass."""
        received_ns = 0
        match message:
            case DeviceBatch():
                received_ns = message.received_ns
                self._batch(message)
            case Ask():
                self._ask(message)
            case Fault():
                self._fault(message)
            case _:
                assert_never(message)
        self.tick(received_ns)

    def tick(self, received_ns: int = 0) -> None:
        """Let time pass at every chair and show what came of it."""
        now, recording = self._clock.now(), self._keeper.status()
        self._judge_recording(recording)
        for place in self._places.values():
            if place.session is not None:
                self._keep(place.session.tick(now), received_ns)
                self._show(place, now, recording)
        self.passes += 1
        if received_ns:
            self._decided(received_ns)

    def resume(self, opened: SessionOpened, rows: Sequence[SessionRow]) -> None:
        """Bring a stored open session back to its chair.

        Raises OperatorError when the chair is no longer in the settings.
        """
        place = self._place(opened.chair)
        profile = profile_from(opened.profile)
        session, first = Session.resume(opened, rows, profile, self._clock.now())
        self._seat(place, session, first)

    @property
    def chairs(self) -> tuple[ChairView, ...]:
        """The chairs as the desktop lists them."""
        return tuple(
            ChairView(place.chair.name, place.chair.device_title, place.chair.port)
            for place in self._places.values()
        )

    @property
    def has_open_session(self) -> bool:
        """Whether any chair has a session that has not ended."""
        return any(place.session is not None for place in self._places.values())

    def session_at(self, chair: str) -> Session | None:
        """Return the open session of a chair."""
        return self._places[chair].session

    # ---- inside

    def _place(self, chair: str) -> _Place:
        place = self._places.get(chair)
        if place is None:
            raise OperatorError(f"There is no chair called {chair}", "add it to the settings")
        return place

    def _batch(self, batch: DeviceBatch) -> None:
        place = self._places[batch.chair]
        for event in batch.events:
            if isinstance(event, LinkUp | LinkDown):
                place.link = event
            if place.session is not None:
                self._keep(place.session.apply(event), batch.received_ns)
                if isinstance(event, Measured):
                    # An excess and its calm repeat may arrive together; neither may hide the other.
                    self._keep(place.session.tick(self._clock.now()), batch.received_ns)

    def _ask(self, ask: Ask) -> None:
        try:
            match ask.command:
                case OpenSession():
                    self._open(ask.command)
                case StartInfusion() | EndInfusion() | EndSession() | Acknowledge():
                    self._command(ask.command)
                case _:
                    assert_never(ask.command)
        except OperatorError as refusal:
            ask.answer(str(refusal))

    def _open(self, command: OpenSession) -> None:
        place = self._place(command.chair)
        if place.session is not None:
            raise OperatorError(f"{command.chair} has a session already", "end it first")
        if not (0 <= command.planned_infusion_s < inf and 0 < command.cuff_interval_s < inf):
            raise OperatorError("These are no times for a session", "plan it anew")
        now = self._clock.now()
        session, rows = Session.open(self._opened(place.chair, command, now), self._profile, now)
        self._seat(place, session, rows)
        if place.link is not None:
            seen = (
                LinkUp(now)
                if isinstance(place.link, LinkUp)
                else LinkDown(now, place.link.reason, place.link.is_silence)
            )
            self._keep(session.apply(seen))

    def _opened(self, chair: Chair, command: OpenSession, now: Instant) -> SessionOpened:
        zone, offset_s = self._time_zone
        return SessionOpened(
            Stamp(uuid.uuid4().hex, 1, 0.0, now.utc),
            chair.name,
            command.patient,
            chair.driver,
            chair.port,
            chair.is_simulated,
            command.planned_infusion_s,
            command.cuff_interval_s,
            zone,
            offset_s,
            APP_VERSION,
            dict(self._profile.raw),
        )

    def _seat(self, place: _Place, session: Session, rows: Sequence[Record]) -> None:
        place.session = session
        for name, text in self._faults.items():
            session.fault(name, text)
        self._keep(rows)

    def _command(self, command: SessionCommand) -> None:
        now = self._clock.now()
        for place in self._places.values():
            session = place.session
            if session is not None and self._id(session) == command.session_id:
                self._keep(session.command(command, now))
                if session.is_over:
                    self._show(place, now, self._keeper.status())
                    place.session = None
                return
        raise OperatorError("That session is not open any more", "look at the list of sessions")

    @staticmethod
    def _id(session: Session) -> str:
        return session.picture.opened.stamp.session_id

    def _fault(self, fault: Fault) -> None:
        self._faults[fault.name] = fault.text
        for place in self._places.values():
            if place.session is not None:
                place.session.fault(fault.name, fault.text)

    def _judge_recording(self, recording: RecordingView) -> None:
        """Raise or end the technical alarms of the record (TECH-9), when something changed."""
        said = {
            "recording": "" if recording.is_recording else recording.reason or "reason unknown",
            "space": recording.space if recording.is_space_low else "",
        }
        for name, text in said.items():
            if self._faults.get(name) != text:
                self._fault(Fault(name, text))

    def _keep(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        if rows:
            self._keeper.put(rows, received_ns)

    def _show(self, place: _Place, now: Instant, recording: RecordingView) -> None:
        session = place.session
        if session is None or self._publish is None:
            return
        chair = place.chair
        standing = Standing(chair.device_title, chair.maturity, self._speed, recording)
        trends = session.picture.trends
        self._publish(Published(session.snapshot(now, standing), trends, trends.mark()))


def local_zone() -> tuple[str, int]:
    """Return the name of this computer's time zone and its offset from UTC in seconds."""
    local = time.localtime()
    return (local.tm_zone, local.tm_gmtoff)
