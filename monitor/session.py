"""One session: device events, time and commands in; rows to keep and a snapshot to show out.

Decides what is kept and asks the alarm board. Must not know threads, storage or screens.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import assert_never

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.profile import Profile
from monitor.channel_messages import Acknowledge, EndInfusion, EndSession, StartInfusion
from monitor.clock import Instant
from monitor.events import (
    BadFrame,
    CuffState,
    DeviceEvent,
    DeviceNotice,
    LinkDown,
    LinkUp,
    Measured,
    NoticeCode,
    ValidFrame,
)
from monitor.ledger import Ledger
from monitor.picture import Picture
from monitor.readings import BloodPressure, Quality, Reading
from monitor.recall import last_sign_s, restore_alarms, tell_board, time_away
from monitor.records import (
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    SessionRow,
    TransitionKept,
)
from monitor.snapshot import (
    AlarmState,
    LinkState,
    LinkView,
    Phase,
    RecordingView,
    SessionSnapshot,
)
from monitor.vitals import Vital, is_possible, is_possible_pressure

SessionCommand = StartInfusion | EndInfusion | EndSession | Acknowledge

BAD_FRAMES_KEPT_EVERY_S = 60.0
UNSEEN_SILENCE_S = 20.0
"""Between two frames of a link that is said to be live: longer than a reader waits before it calls
the line silent (15 s), so the reader stood still as well: the computer slept."""
CLOCK_STEP_S = 2.0
"""A wall clock that moves this much apart from the monotonic one has been set or has slept
(reliability brief, 2.7)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a snapshot shows that the session itself does not know."""

    device_title: str
    device_maturity: str
    speed: float
    recording: RecordingView


class Session:
    """One infusion visit of one patient at one chair."""

    def __init__(self, opened: SessionOpened, profile: Profile, origin: float) -> None:
        """Start empty. ``origin`` is the monotonic second at which the session's time is zero."""
        self._ledger = Ledger(opened, origin)
        self._profile = profile
        self._board = AlarmBoard(profile)
        self._last_tick = Instant(origin, opened.stamp.utc)
        self._last_frame_s: float | None = None
        self._bad_frames = 0
        self._bad_frames_kept_s = 0.0

    @classmethod
    def open(
        cls, opened: SessionOpened, profile: Profile, now: Instant
    ) -> tuple["Session", Sequence[Record]]:
        """Open a new session and return it with its first rows."""
        session = cls(opened, profile, now.monotonic)
        session._ledger.open()
        session._ledger.happen("phase", {"phase": Phase.BASELINE.value}, now)
        return session, session._ledger.drain()

    @classmethod
    def resume(
        cls, opened: SessionOpened, rows: Sequence[SessionRow], profile: Profile, now: Instant
    ) -> tuple["Session", Sequence[Record]]:
        """Bring a session back from its stored rows; the time in between becomes a gap.

        The wall clock says how long it was away; one that was set back says nothing, for the time
        of a session never goes back.
        """
        latest_s, away_s = time_away(opened, rows, now.utc)
        passed = latest_s + max(away_s, 0.0)
        session = cls(opened, profile, now.monotonic - passed)
        session._restore(rows, now)
        if away_s < -CLOCK_STEP_S:
            session._ledger.happen("clock", {"by_s": round(away_s, 3)}, now)
        session._ledger.happen("resumed", {"away_s": round(passed - latest_s, 3)}, now)
        session._link(LinkState.CONNECTING, "recording was interrupted", now)
        return session, session._ledger.drain()

    # ---- inputs

    def apply(self, event: DeviceEvent) -> Sequence[Record]:
        """Take one event of the chair's device."""
        match event:
            case ValidFrame():
                self._frame(event.at)
            case Measured():
                self._measured(event.reading)
            case CuffState():
                self._ledger.happen("cuff", {"phase": event.phase.value}, event.at)
            case BadFrame():
                self._bad_frames += 1
            case DeviceNotice():
                self._ledger.happen(
                    "notice", {"code": event.code.value, "text": event.text}, event.at
                )
            case LinkUp():
                self._connected(event.at)
            case LinkDown():
                self._disconnected(event)
            case _:
                assert_never(event)
        return self._ledger.drain()

    def tick(self, now: Instant) -> Sequence[Record]:
        """Let time pass: alarms must come from silence, too."""
        self._watch_wall_clock(now)
        self._keep_bad_frames(now)
        self._keep(self._board.tick(self._ledger.t(now)), now)
        return self._ledger.drain()

    def command(self, command: SessionCommand, now: Instant) -> Sequence[Record]:
        """Do what a person asks; what makes no sense in the present phase changes nothing."""
        phase = self.picture.phase
        match command:
            case Acknowledge():
                changes = self._board.acknowledge(self._ledger.t(now), command.rule)
                self._keep(changes, now, command.by)
            case StartInfusion() if phase in (Phase.PREPARATION, Phase.BASELINE):
                self._ledger.happen("phase", {"phase": Phase.INFUSION.value}, now)
            case EndInfusion() if phase is Phase.INFUSION:
                self._ledger.happen("phase", {"phase": Phase.RECOVERY.value}, now)
            case EndSession() if phase is not Phase.ENDED:
                self._keep_bad_frames(now, at_once=True)
                self._close_gap(now)
                self._ledger.happen("phase", {"phase": Phase.ENDED.value}, now)
            case StartInfusion() | EndInfusion() | EndSession():
                pass
            case _:
                assert_never(command)
        return self._ledger.drain()

    def fault(self, name: str, text: str) -> None:
        """Tell the alarm board of a technical fault; ``text`` "" means it is mended."""
        self._board.fault(name, text)

    @property
    def picture(self) -> Picture:
        """What the rows so far add up to."""
        return self._ledger.picture

    @property
    def is_over(self) -> bool:
        """Whether the patient has left."""
        return self.picture.phase is Phase.ENDED

    def unanswered(self) -> tuple[float, ...]:
        """When each alarm that sounds now began."""
        sounding = AlarmState.SOUNDING
        return tuple(view.since_s for view in self._board.views() if view.state is sounding)

    # ---- output

    def snapshot(self, now: Instant, standing: Standing) -> SessionSnapshot:
        """Return an immutable picture of this moment."""
        picture, opened = self.picture, self.picture.opened
        return SessionSnapshot(
            session_id=opened.stamp.session_id,
            chair=opened.chair,
            patient=opened.patient,
            device_title=standing.device_title,
            device_maturity=standing.device_maturity,
            is_simulated=opened.is_simulated,
            speed=standing.speed,
            opened_utc=opened.stamp.utc,
            now_utc=now.utc,
            now_s=self._ledger.t(now),
            phase=picture.phase,
            infusion_started_s=picture.infusion_started_s,
            infusion_ended_s=picture.infusion_ended_s,
            planned_infusion_s=opened.planned_infusion_s,
            cuff_interval_s=opened.cuff_interval_s,
            pressure=picture.pressure,
            pulse=picture.numerics.get(Vital.PULSE_RATE),
            spo2=picture.numerics.get(Vital.SPO2),
            cuff_is_measuring=picture.cuff_is_measuring,
            link=LinkView(
                picture.link, picture.link_since_s, picture.link_reason, self._bad_frames
            ),
            recording=standing.recording,
            alarms=self._board.views(),
            limits=self._board.limits(),
        )

    # ---- what is kept

    def _measured(self, measured: Reading | BloodPressure) -> None:
        if isinstance(measured, BloodPressure):
            self._pressure(measured)
        else:
            self._reading(measured)

    def _reading(self, reading: Reading) -> None:
        value, quality = _number(reading.value), reading.quality
        if reading.value is not None and (value is None or not is_possible(reading.vital, value)):
            quality = Quality.OUT_OF_RANGE
        driver = self.picture.opened.driver
        stamp = self._ledger.stamp(reading.at)
        self._add(ReadingKept(stamp, driver, reading.vital, value, quality, reading.source))

    def _pressure(self, pressure: BloodPressure) -> None:
        if pressure.age_s is None and self._is_known(pressure):
            return
        if not (isfinite(pressure.systolic) and isfinite(pressure.diastolic)):
            text = "Cuff reading that is no number, not shown"
            self._ledger.happen(
                "notice", {"code": NoticeCode.OUT_OF_RANGE.value, "text": text}, pressure.at
            )
            return
        possible = is_possible_pressure(pressure.systolic, pressure.diastolic)
        row = PressureKept(
            self._ledger.stamp(pressure.at),
            self.picture.opened.driver,
            pressure.systolic,
            pressure.diastolic,
            _number(pressure.mean),
            _number(pressure.pulse),
            None if pressure.age_s is None else pressure.taken_at.utc,
            pressure.is_stale,
            Quality.OK if possible else Quality.OUT_OF_RANGE,
        )
        self._add(row)

    def _add(self, row: ReadingKept | PressureKept) -> None:
        tell_board(self._board, self.picture, row)
        self._ledger.add(row)

    def _is_known(self, pressure: BloodPressure) -> bool:
        """Whether the device merely shows again, after a lost link, what we already have."""
        known = self.picture.pressure
        return known is not None and pressure.triple == (
            known.systolic,
            known.diastolic,
            known.mean,
        )

    def _keep(self, transitions: Sequence[Transition], now: Instant, by: str = "") -> None:
        for change in transitions:
            self._ledger.add(TransitionKept(self._ledger.stamp(now), by=by, **asdict(change)))

    # ---- the link

    def _link(self, state: LinkState, reason: str, at: Instant) -> None:
        self._ledger.happen("link", {"state": state.value, "reason": reason}, at)

    def _frame(self, at: Instant) -> None:
        """Note a valid frame; one after a silence that nobody saw closes a gap."""
        t = self._ledger.t(at)
        if self._last_frame_s is not None and t - self._last_frame_s > UNSEEN_SILENCE_S:
            self._missed_silence(at)
        self._last_frame_s = t
        self._board.frame(t)

    def _missed_silence(self, at: Instant) -> None:
        if self.picture.link is LinkState.LIVE:
            self._link(LinkState.SILENT, "nothing came; this computer may have slept", at)
            self._connected(at)

    def _connected(self, at: Instant) -> None:
        if self.picture.link is LinkState.LIVE:
            return
        self._close_gap(at)
        self._last_frame_s = self._ledger.t(at)
        self._link(LinkState.LIVE, "", at)

    def _close_gap(self, at: Instant) -> None:
        """Record what the lost link left out: it began with the last valid frame."""
        if self.picture.link is LinkState.LIVE or self._last_frame_s is None:
            return
        gap = {
            "from_s": round(self._last_frame_s, 6),
            "to_s": round(self._ledger.t(at), 6),
            "reason": self.picture.link_reason,
        }
        self._ledger.happen("gap", gap, at)

    def _disconnected(self, event: LinkDown) -> None:
        state = LinkState.SILENT if event.is_silence else LinkState.LOST
        self._link(state, event.reason, event.at)

    def _keep_bad_frames(self, now: Instant, *, at_once: bool = False) -> None:
        due = self._ledger.t(now) - self._bad_frames_kept_s >= BAD_FRAMES_KEPT_EVERY_S
        if self._bad_frames > self.picture.bad_frames and (due or at_once):
            self._bad_frames_kept_s = self._ledger.t(now)
            self._ledger.happen("bad_frames", {"count": self._bad_frames}, now)

    def _watch_wall_clock(self, now: Instant) -> None:
        wall_s = (now.utc - self._last_tick.utc).total_seconds()
        by_s = wall_s - now.seconds_since(self._last_tick)
        if abs(by_s) > CLOCK_STEP_S:
            self._ledger.happen("clock", {"by_s": round(by_s, 3)}, now)
        self._last_tick = now

    # ---- coming back

    def _restore(self, rows: Sequence[SessionRow], now: Instant) -> None:
        """Play the stored rows: picture, evidence of the alarms, then the alarms themselves."""
        self._board = AlarmBoard(self._profile, opened_s=self._ledger.t(now))
        for row in rows:
            tell_board(self._board, self.picture, row)
            self._ledger.recall(row)
        restore_alarms(self._board, rows)
        self._bad_frames = self.picture.bad_frames
        self._last_frame_s = last_sign_s(rows)
        self._last_tick = now


def _number(value: float | None) -> float | None:
    """Return a value that is a number; what is none can be neither kept nor shown."""
    return value if value is not None and isfinite(value) else None
