"""The alarms of a running session in time: ticked, acknowledged, and told what they count from.

Knows the ledger and the board of one session. Must not know devices, phases' commands or screens.
"""

from collections.abc import Sequence
from dataclasses import asdict

from monitor.alarm_settings import end_pause
from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.own_rules import RECORD_FAULT, RECORD_RULE
from monitor.baseline import measured_baseline
from monitor.channel_messages import Acknowledge
from monitor.clock import Instant
from monitor.clock_watch import ClockWatch
from monitor.events import DeviceClock
from monitor.ledger import Ledger
from monitor.records import TransitionKept
from monitor.snapshot import CuffPlanView


class AlarmDesk:
    """What happens at the alarm board of one session becomes rows of its ledger."""

    def __init__(self, ledger: Ledger, board: AlarmBoard) -> None:
        self._ledger = ledger
        self._board = board
        self._clock = ClockWatch(ledger, board)

    def tick(self, now: Instant) -> None:
        """Let time pass: alarms must come from silence, too."""
        self._clock.tick(now)
        t = self._ledger.t(now)
        self._board.evidence.cuff_interval_s = self._planned_cuff_interval_s(t)
        changes = self._board.tick(t)
        self._keep(changes, now)
        if why := self._board.silence.ends(t, changes):
            end_pause(self._ledger, why, now)

    def acknowledge(self, command: Acknowledge, now: Instant) -> None:
        """Somebody has seen what is shown. Raises OperatorError when that is not what there is."""
        changes = self._board.acknowledge(self._ledger.t(now), command.rule, command.since_s)
        self._keep(changes, now, command.by)
        if command.rule in ("", RECORD_RULE):  # it cannot be mended: once seen is enough
            self._board.fault(RECORD_FAULT, "")
        if self._board.accepts_clock(changes):
            off_s = self._board.evidence.device_clock_s
            detail = {"off_s": off_s, "is_accepted": True, "by": command.by}
            self._ledger.happen("device_clock", detail, now)

    def fix_baseline(self, now: Instant) -> None:
        """Take what was measured before the infusion, unless somebody said what it is."""
        if self._ledger.picture.baseline is None:
            measured = measured_baseline(self._ledger.picture.trends, self._ledger.t(now))
            if measured is not None:
                self._ledger.happen("baseline", measured, now)

    def device_clock(self, event: DeviceClock) -> None:
        """Keep how far the device's clock is off, at first and whenever it was set."""
        self._clock.hear(event)

    @property
    def cuff_plan(self) -> CuffPlanView:
        """When the next cuff reading is expected."""
        evidence = self._board.evidence
        return CuffPlanView(
            evidence.cuff_interval_s,
            evidence.cuff_cadence.interval_s,
            evidence.last_cuff_s,
            evidence.cuff_failures,
        )

    def _planned_cuff_interval_s(self, t: float) -> float:
        """Return the plan of the profile, unless another was made for this session."""
        profile, picture = self._board.profile, self._ledger.picture
        asked_s = picture.opened.cuff_interval_s
        if asked_s != profile.cuff_interval_s(0.0):
            return asked_s
        started_s = picture.infusion_started_s
        return profile.cuff_interval_s(0.0 if started_s is None else t - started_s)

    def _keep(self, transitions: Sequence[Transition], now: Instant, by: str = "") -> None:
        for change in transitions:
            self._ledger.add(TransitionKept(self._ledger.stamp(now), by=by, **asdict(change)))
