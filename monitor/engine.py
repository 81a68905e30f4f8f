"""The engine: one actor for all chairs. Its inbox takes device batches, commands and faults.

Only it touches sessions; every pass lets time pass. Must not know sockets, serial ports or SQL.
"""

import queue
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from monitor.alarms.profile import Profile
from monitor.channel_messages import (
    Acknowledge,
    AlarmSetting,
    ChairView,
    EndInfusion,
    EndInterrupted,
    EndSession,
    Identify,
    OpenSession,
    ResumeSession,
    StartInfusion,
)
from monitor.clock import Clock, Instant
from monitor.coming_back import come_back, end_interrupted, go_on
from monitor.engine_messages import (
    Ask,
    CameBack,
    Fault,
    Inbox,
    Keeper,
    ProfilesInForce,
    Published,
    Stop,
)
from monitor.entries import USUAL, EntryLimits
from monitor.entry_messages import EntryCommand, IdentifyPatient
from monitor.errors import OperatorError
from monitor.events import DeviceBatch, Measured
from monitor.opening import checked, first_record, identity, refuse_elsewhere
from monitor.picture import Picture
from monitor.places import Chair, Place, Places
from monitor.recall import Past
from monitor.record_watch import LossCount, record_faults
from monitor.records import Record, Stamp
from monitor.session import Session, SessionCommand, Standing
from monitor.snapshot import RecordingView
from monitor.time_zone import local_zone

__all__ = [
    "APP_VERSION",
    "TICK_S",
    "Ask",
    "Chair",
    "Engine",
    "Fault",
    "Keeper",
    "Published",
    "Stop",
    "local_zone",
]

TICK_S = 0.25
STOOD_STILL_S = 3.0
"""A pass that comes so late in real seconds: the process was stopped, and all of it with it."""
APP_VERSION = "0.1.0"


class Engine:
    """Takes messages one at a time; ``run`` is the thread, the rest also serves lockstep runs."""

    def __init__(
        self,
        clock: Clock,
        chairs: Sequence[Chair],
        profile: Profile,
        keeper: Keeper,
        *,
        other_profiles: Sequence[Profile] = (),
        publish: Callable[[Published], None] | None = None,
        decided: Callable[[int], None] = lambda _received_ns: None,
        speed: float = 1.0,
        time_zone: Callable[[datetime], tuple[str, int]] = lambda _utc: ("UTC", 0),
        boot: str = "",
        limits: EntryLimits = USUAL,
    ) -> None:
        self.inbox: queue.Queue[Inbox] = queue.Queue()
        self._clock = clock
        self._places = Places(chairs)
        self._profile = profile
        self._profiles = (profile, *other_profiles)
        self._keeper = keeper
        self._publish = publish
        self._decided = decided
        self._speed = speed
        self._time_zone = time_zone
        self._boot = boot
        self._limits = limits
        self._seated: set[str] = set()
        self._faults: dict[str, str] = {}
        self._losses = LossCount()
        self._ticked = clock.now()
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

    def handle(self, message: DeviceBatch | Ask | Fault | CameBack | ProfilesInForce) -> None:
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
            case CameBack():
                self.resume(message.past)
            case ProfilesInForce():
                self._profile = message.standard
                self._profiles = (message.standard, *message.others)
            case _:
                assert_never(message)
        self.tick(received_ns)

    def tick(self, received_ns: int = 0) -> None:
        """Let time pass at every chair and show what came of it."""
        now, recording = self._clock.now(), self._keeper.status()
        self._judge_recording(recording)
        lost = self._losses.newly_lost(recording)
        for place in self._places.all():
            if place.session is not None:
                if lost:
                    self._keep(place, place.session.lost(lost, now))
                self._notice_standstill(place, place.session, now)
                self._keep(place, place.session.tick(now), received_ns)
                self._show(place, now, recording)
        self._ticked = now
        self.passes += 1
        if received_ns:
            self._decided(received_ns)

    def resume(self, past: Past) -> None:
        """Bring a stored open session back: to its chair, or to a place of its own without one.

        One that this engine knows already, open or over, is left as it is.
        """
        if past.opened.stamp.session_id in self._seated:
            return
        place, past = self._places.seat_for(past)
        back = come_back(
            past, self._profile, self._clock.now(), self._boot, self._clock.real_seconds
        )
        place.held = back.held
        self._seat(place, back.session, back.rows)

    @property
    def chairs(self) -> tuple[ChairView, ...]:
        """The chairs as the desktop lists them."""
        return tuple(
            ChairView(place.chair.name, place.chair.device_title, place.chair.port)
            for place in self._places.all()
        )

    @property
    def profiles(self) -> tuple[str, ...]:
        """The alarm profiles a new session may have, by title; the clinic's standard first."""
        return tuple(profile.title for profile in self._profiles)

    @property
    def has_open_session(self) -> bool:
        """Whether any chair has a session that has not ended."""
        return any(place.session is not None for place in self._places.all())

    def session_at(self, chair: str) -> Session | None:
        """Return the open session of a chair."""
        return self._places[chair].session

    # ---- inside

    def _batch(self, batch: DeviceBatch) -> None:
        place = self._places[batch.chair]
        for event in batch.events:
            place.note(event)
            if place.session is not None:
                self._keep(place, place.session.apply(event), batch.received_ns)
                if isinstance(event, Measured):
                    # An excess and its calm repeat may arrive together; neither may hide the other.
                    rows = place.session.tick(self._clock.now())
                    self._keep(place, rows, batch.received_ns)

    def _ask(self, ask: Ask) -> None:
        try:
            match ask.command:
                case OpenSession():
                    self._open(ask.command)
                case StartInfusion() | EndInfusion() | EndSession() | Identify() | Acknowledge():
                    self._command(ask.command)
                case ResumeSession() | EndInterrupted():
                    self._answer(ask.command)
                case _ if isinstance(ask.command, AlarmSetting | EntryCommand):
                    self._command(ask.command)
                case _:
                    assert_never(ask.command)
        except OperatorError as refusal:
            ask.answer(str(refusal))

    def _open(self, command: OpenSession) -> None:
        place = self._places.named(command.chair)
        if place.session is not None:
            raise OperatorError(f"{command.chair} has a session already", "end it first")
        command = checked(command, self._running())
        now = self._clock.now()
        stamp, profile = Stamp(uuid.uuid4().hex, 1, 0.0, now.utc), self._profile_for(command)
        zone = self._time_zone(now.utc)  # now, not at the start: a station runs for months
        opened = first_record(command, place.chair, stamp, zone, profile, APP_VERSION)
        session, rows = Session.open(
            opened,
            profile,
            now,
            by=command.by,
            emergency=command.emergency,
            boot=self._boot,
        )
        if command.patient_id:
            rows = [*rows, *session.command(identity(command, opened), now)]
        self._seat(place, session, rows)

    def _profile_for(self, command: OpenSession) -> Profile:
        """Return the profile that was asked for; a new session never takes over another's."""
        for profile in self._profiles:
            if command.profile in ("", profile.name, profile.title):
                return profile
        raise OperatorError(
            f"There is no alarm profile {command.profile[:80]}", "choose one that is in force"
        )

    def _running(self) -> list[Picture]:
        return [place.session.picture for place in self._places.all() if place.session is not None]

    def _seat(self, place: Place, session: Session, rows: Sequence[Record]) -> None:
        place.session = session
        self._seated.add(session.picture.opened.stamp.session_id)
        for name, text in self._faults.items():
            session.fault(name, text)
        self._keep(place, rows)
        for known in place.known_at(self._clock.now()):
            self._keep(place, session.apply(known))

    def _command(self, command: SessionCommand) -> None:
        now = self._clock.now()
        place, session = self._seat_of(command.session_id)
        if place.held is not None and not isinstance(command, Acknowledge):
            raise OperatorError("This session waits", "first say whether it goes on")
        if isinstance(command, IdentifyPatient):
            refuse_elsewhere(command.patient_id, command.session_id, self._running())
        self._keep(place, session.command(command, now, self._limits))
        if session.is_over:
            self._leave(place, now)

    def _answer(self, answer: ResumeSession | EndInterrupted) -> None:
        """Do what a person says of a session that waits."""
        now = self._clock.now()
        place, session = self._seat_of(answer.session_id)
        if place.held is None:
            raise OperatorError("That session is not waiting", "somebody has answered already")
        if isinstance(answer, ResumeSession):
            rows = go_on(session, place.held, answer.by, now)
            place.held = None
            self._keep(place, rows)
            return
        place.session, rows = end_interrupted(place.held, answer.by, now)
        place.held = None
        self._keep(place, rows)
        self._leave(place, now)

    def _seat_of(self, session_id: str) -> tuple[Place, Session]:
        place = self._places.with_session(session_id)
        if place is None or place.session is None:
            raise OperatorError("That session is not open any more", "look at the list of sessions")
        return place, place.session

    def _leave(self, place: Place, now: Instant) -> None:
        """Show a session that has ended once more, and free its chair."""
        self._show(place, now, self._keeper.status())
        self._places.free(place)

    def _fault(self, fault: Fault) -> None:
        self._faults[fault.name] = fault.text
        for place in self._places.all():
            if place.session is not None:
                place.session.fault(fault.name, fault.text)

    def _judge_recording(self, recording: RecordingView) -> None:
        """Raise or end the technical alarms of the record (TECH-9), when something changed."""
        for name, text in record_faults(recording).items():
            if self._faults.get(name) != text:
                self._fault(Fault(name, text))

    def _notice_standstill(self, place: Place, session: Session, now: Instant) -> None:
        if self._clock.real_seconds(now.seconds_since(self._ticked)) > STOOD_STILL_S:
            self._keep(place, session.stood_still(self._ticked, now))

    def _keep(self, place: Place, rows: Sequence[Record], received_ns: int = 0) -> None:
        """Keep rows; those of a session that waits are held until somebody answers."""
        if place.held is not None:
            place.held.take(rows)
        elif rows:
            self._keeper.put(rows, received_ns)

    def _show(self, place: Place, now: Instant, recording: RecordingView) -> None:
        session = place.session
        if session is None or self._publish is None:
            return
        chair = place.chair
        waiting = None if place.held is None else place.held.view()
        standing = Standing(chair.device_title, chair.maturity, self._speed, recording, waiting)
        trends = session.picture.trends
        self._publish(Published(session.snapshot(now, standing), trends, trends.mark()))
