"""One session: device events, time and commands in; rows to keep and a snapshot to show out.

Decides what is kept and asks the alarm board. Must not know threads, storage or screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

from monitor.alarm_desk import AlarmDesk
from monitor.alarm_settings import set_alarms
from monitor.alarms.board import AlarmBoard
from monitor.alarms.own_rules import RECORD_FAULT, with_own_rules
from monitor.alarms.profile import Profile
from monitor.away import ALIVE_EVERY_S, CLOCK_STEP_S, Anchor, Away
from monitor.baseline import readings_so_far
from monitor.channel_messages import (
    Acknowledge,
    AlarmSetting,
    EndInfusion,
    EndSession,
    Identify,
    StartInfusion,
)
from monitor.charting import enter
from monitor.clock import Instant
from monitor.entries import USUAL, EntryLimits
from monitor.entry_messages import EntryCommand
from monitor.events import (
    BadFrame,
    CuffState,
    DeviceClock,
    DeviceEvent,
    DeviceNotice,
    LinkDown,
    LinkUp,
    Measured,
    ValidFrame,
)
from monitor.intake import Intake
from monitor.ledger import Ledger
from monitor.limit_sheet import LimitSheet
from monitor.link_watch import LinkWatch
from monitor.picture import Picture
from monitor.recall import Past, last_sign_s, recall
from monitor.records import (
    Record,
    SessionOpened,
)
from monitor.snapshot import (
    LinkState,
    LinkView,
    Phase,
    RecordingView,
    SessionSnapshot,
    WaitingView,
)
from monitor.telling import tell_board
from monitor.vitals import Vital

SessionCommand = (
    StartInfusion | EndInfusion | EndSession | Identify | Acknowledge | AlarmSetting | EntryCommand
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a snapshot shows that the session itself does not know."""

    device_title: str
    device_maturity: str
    speed: float
    recording: RecordingView
    waiting: WaitingView | None = None


class Session:
    """One infusion visit of one patient at one chair."""

    def __init__(
        self, opened: SessionOpened, profile: Profile, origin: float, board_from_s: float = 0.0
    ) -> None:
        """Start empty. ``origin`` is the monotonic second at which the session's time is zero."""
        self._board = AlarmBoard(with_own_rules(profile), board_from_s)
        self._ledger = Ledger(opened, origin, partial(tell_board, self._board))
        self._link = LinkWatch(self._ledger, self._board)
        self._intake = Intake(self._ledger)
        self._alarms = AlarmDesk(self._ledger, self._board)
        self._limits = LimitSheet(self._board.profile)
        self._last_tick = Instant(origin, opened.stamp.utc)
        self._is_anchored = False

    @classmethod
    def open(
        cls,
        opened: SessionOpened,
        profile: Profile,
        now: Instant,
        *,
        by: str = "",
        emergency: str = "",
        boot: str = "",
    ) -> tuple["Session", Sequence[Record]]:
        """Open a new session, asked for by ``by`` or by break-glass; return its first rows too."""
        session = cls(opened, profile, now.monotonic)
        session._ledger.open()
        session._enter(Phase.BASELINE, now, by)
        if emergency:
            session._ledger.happen("break_glass", {"emergency": emergency}, now)
        session._drop_anchor(boot, now)
        return session, session._ledger.drain()

    @classmethod
    def resume(
        cls, past: Past, profile: Profile, now: Instant, away: Away, boot: str = ""
    ) -> tuple["Session", Sequence[Record]]:
        """Bring a session back from its stored rows; the time in between becomes a gap."""
        session = cls._recalled(past, profile, now, away)
        ledger = session._ledger
        if away.clock_step_s:
            ledger.happen("clock", {"by_s": round(away.clock_step_s, 3)}, now)
        unsure = {} if away.is_sure else {"is_sure": False}
        ledger.happen("resumed", {"away_s": round(away.seconds, 3)} | unsure, now)
        session._drop_anchor(boot, now)
        session._link.enter(LinkState.CONNECTING, "recording was interrupted", now)
        return session, ledger.drain()

    @classmethod
    def interrupted(
        cls, past: Past, profile: Profile, now: Instant, away: Away, *, by: str, not_kept: int
    ) -> tuple["Session", Sequence[Record]]:
        """End a session that does not come back: it was over with its last row."""
        session = cls._recalled(past, profile, now, replace(away, seconds=0.0))
        session._ledger.happen("interrupted", {"not_kept": not_kept}, now)
        session._enter(Phase.ENDED, now, by)
        return session, session._ledger.drain()

    @classmethod
    def _recalled(cls, past: Past, profile: Profile, now: Instant, away: Away) -> "Session":
        """Play the stored rows: picture, evidence of the alarms, then the alarms themselves."""
        session = cls(past.opened, profile, now.monotonic - away.now_s, away.now_s)
        problems = recall(past, session._ledger, session._board, away)
        session._board.fault(RECORD_FAULT, "; ".join(problems))
        session._link = LinkWatch(session._ledger, session._board, last_sign_s(past.rows))
        session._last_tick = now
        return session

    # ---- inputs

    def apply(self, event: DeviceEvent) -> Sequence[Record]:
        """Take one event of the chair's device."""
        match event:
            case ValidFrame():
                self._link.frame(event.at)
            case Measured():
                self._intake.take(event.reading)
            case CuffState():
                self._ledger.happen("cuff", {"phase": event.phase.value}, event.at)
            case BadFrame():
                self._link.bad_frames += 1
            case DeviceNotice():
                self._ledger.happen(
                    "notice", {"code": event.code.value, "text": event.text}, event.at
                )
            case DeviceClock():
                self._alarms.device_clock(event)
            case LinkUp():
                self._link.connected(event.at)
            case LinkDown():
                self._link.disconnected(event)
            case _:
                assert_never(event)
        return self._ledger.drain()

    def tick(self, now: Instant) -> Sequence[Record]:
        """Let time pass: alarms must come from silence, too."""
        self._watch_wall_clock(now)
        self._link.keep_bad_frames(now)
        self._alarms.tick(now)
        if self._is_anchored and self._ledger.t(now) - self._ledger.last_s >= ALIVE_EVERY_S:
            self._ledger.happen("alive", {}, now)
        return self._ledger.drain()

    def command(
        self, command: SessionCommand, now: Instant, limits: EntryLimits = USUAL
    ) -> Sequence[Record]:
        """Do what a person asks; what makes no sense in the present phase changes nothing.

        Raises OperatorError when somebody acknowledges an alarm that is not the present one, or
        enters what cannot be true.
        """
        self._watch_wall_clock(now)  # before the row carries the wall clock's time
        phase = self.picture.phase
        match command:
            case Acknowledge():
                self._alarms.acknowledge(command, now)
            case StartInfusion() if phase in (Phase.PREPARATION, Phase.BASELINE):
                self._alarms.fix_baseline(now)
                self._enter(Phase.INFUSION, now, command.by)
            case EndInfusion() if phase is Phase.INFUSION:
                self._enter(Phase.RECOVERY, now, command.by)
            case EndSession() if phase is not Phase.ENDED:
                self._link.keep_bad_frames(now, at_once=True)
                self._link.close_gap(now)
                self._enter(Phase.ENDED, now, command.by)
            case Identify() if self.picture.emergency:
                detail = {"emergency": self.picture.emergency, "by": command.by}
                self._ledger.happen("identified", detail, now)
            case StartInfusion() | EndInfusion() | EndSession() | Identify():
                pass
            case _ if isinstance(command, AlarmSetting):
                set_alarms(self._ledger, self._board, command, now)
            case _ if isinstance(command, EntryCommand):
                enter(self._ledger, command, now, limits)
            case _:
                assert_never(command)
        return self._ledger.drain()

    def fault(self, name: str, text: str) -> None:
        """Tell the alarm board of a technical fault; ``text`` "" means it is mended."""
        self._board.fault(name, text)

    def stood_still(self, since: Instant, now: Instant) -> Sequence[Record]:
        """Take note that this process did nothing since then: what came meanwhile came at once."""
        reason = "this computer stood still; values of that time came together"
        self._link.stood_still(since, now, reason)
        return self._ledger.drain()

    def lost(self, rows: int, now: Instant) -> Sequence[Record]:
        """Take note that so many rows could not be kept, of whichever session."""
        self._ledger.happen("lost", {"rows": rows}, now)
        return self._ledger.drain()

    def confirm(self, by: str, not_kept: int, now: Instant) -> Sequence[Record]:
        """Somebody says that the session which waited goes on, with the same patient."""
        named = {"by": by} if by else {}
        self._ledger.happen("confirmed", {"not_kept": not_kept} | named, now)
        return self._ledger.drain()

    @property
    def picture(self) -> Picture:
        """What the rows so far add up to."""
        return self._ledger.picture

    @property
    def is_over(self) -> bool:
        """Whether the patient has left."""
        return self.picture.phase is Phase.ENDED

    def unanswered(self) -> tuple[float, ...]:
        """When each alarm that is heard now began."""
        return tuple(view.since_s for view in self._board.views() if view.is_heard)

    # ---- output

    def snapshot(self, now: Instant, standing: Standing) -> SessionSnapshot:
        """Return an immutable picture of this moment."""
        picture, opened, said = self.picture, self.picture.opened, standing.recording
        return SessionSnapshot(
            session_id=opened.stamp.session_id,
            chair=opened.chair,
            patient=picture.patient,
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
            cuff_interval_s=self._board.evidence.cuff_interval_s,
            pressure=picture.pressure,
            pulse=picture.numerics.get(Vital.PULSE_RATE),
            spo2=picture.numerics.get(Vital.SPO2),
            cuff_is_measuring=picture.cuff_is_measuring,
            link=LinkView(
                picture.link, picture.link_since_s, picture.link_reason, self._link.bad_frames
            ),
            recording=replace(said, lost=max(said.lost, picture.rows_lost)),  # also before us
            alarms=self._board.views(),
            limits=self._board.limits(),
            emergency=picture.emergency,
            waiting=standing.waiting,
            unsure_before_s=picture.unsure_before_s,
            profile=self._board.profile.title,
            audio=self._board.silence.audio,
            alarms_off=self._board.silence.alarms_off,
            baseline=picture.baseline,
            cuff_plan=self._alarms.cuff_plan,
            is_flood=self._board.flood.is_flood(self._ledger.t(now)),
            chatter=self._board.flood.chattering(self._ledger.t(now)),
            limit_settings=self._limits.views(self._board.profile),
            limit_warnings=self._limits.warnings(self._board.profile),
            baseline_readings=readings_so_far(picture.trends),
        )

    # ---- what is kept

    def _enter(self, phase: Phase, now: Instant, by: str) -> None:
        named = {"by": by} if by else {}
        self._ledger.happen("phase", {"phase": phase.value} | named, now)

    # ---- time

    def _drop_anchor(self, boot: str, now: Instant) -> None:
        """Keep where the session's time lies on this computer's, for one that resumes it."""
        if boot:
            self._is_anchored = True
            anchor = Anchor(boot, now.monotonic - self._ledger.t(now))
            self._ledger.happen("anchor", anchor.detail(), now)

    def _watch_wall_clock(self, now: Instant) -> None:
        wall_s = (now.utc - self._last_tick.utc).total_seconds()
        by_s = wall_s - now.seconds_since(self._last_tick)
        if abs(by_s) > CLOCK_STEP_S:
            self._ledger.happen("clock", {"by_s": round(by_s, 3)}, now)
        self._last_tick = now
