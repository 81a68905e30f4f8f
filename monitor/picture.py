"""What the kept rows of a session add up to: numerics, phase, link and chart.

A running session and one that is read back go through the same lines, so they cannot differ.
Must not know devices, alarm rules or storage.
"""

from dataclasses import dataclass, field
from typing import assert_never

from monitor.alarms.priority import Priority
from monitor.chart_part import CuffReading, Gap, LogEntry, Sample
from monitor.entry_lines import line_of, when
from monitor.happening_lines import baseline_line, line_of_happening
from monitor.readings import Quality, as_whole
from monitor.records import (
    Entry,
    HappeningKept,
    IdentificationKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    SessionRow,
    TransitionKept,
)
from monitor.snapshot import AlarmState, BaselineView, LinkState, NumericView, Phase, PressureView
from monitor.trends import Trends
from monitor.vitals import Vital

OXIMETER = "oximeter"
_DOWN = (LinkState.SILENT, LinkState.LOST)
SOURCE_LOST_AFTER_S = 10.0
"""A second source of the pulse is used only when the oximeter's had no valid value for so long."""


def taken_s(row: PressureKept) -> float:
    """Return when a cuff reading was taken, as well as the device lets us know."""
    if row.taken_utc is None:
        return row.stamp.t_s
    return row.stamp.t_s - (row.stamp.utc - row.taken_utc).total_seconds()


@dataclass(slots=True)
class Picture:
    """The present state of a session as its rows tell it; times in seconds since it was opened."""

    opened: SessionOpened
    phase: Phase = Phase.BASELINE
    infusion_started_s: float | None = None
    infusion_ended_s: float | None = None
    pressure: PressureView | None = None
    numerics: dict[Vital, NumericView] = field(default_factory=dict)
    cuff_is_measuring: bool = False
    link: LinkState = LinkState.CONNECTING
    link_since_s: float = 0.0
    link_reason: str = ""
    bad_frames: int = 0
    emergency: str = ""
    rows_lost: int = 0
    unsure_before_s: float | None = None
    identification: IdentificationKept | None = None
    baseline: BaselineView | None = None
    entries: list[Entry] = field(default_factory=list)
    usable_s: dict[Vital, float] = field(default_factory=dict)
    trends: Trends = field(default_factory=Trends)

    def absorb(self, row: SessionRow) -> None:
        """Take one more row, in the order of ``seq``."""
        match row:
            case ReadingKept():
                self._reading(row)
            case PressureKept():
                self._pressure(row)
            case TransitionKept():
                self._transition(row)
            case HappeningKept():
                self._happening(row)
            case _ if isinstance(row, Entry):
                self._entry(row)
            case _:
                assert_never(row)

    @property
    def patient(self) -> str:
        """The patient's name to show: as it was said last."""
        known = self.identification
        return self.opened.patient if known is None else known.patient

    def uses(self, row: ReadingKept) -> bool:
        """Say whether this value is the one shown for its vital.

        The oximeter goes before other sources; they change places only when the one shown had no
        valid value for a while, for a device may go on saying "invalid" of a probe that is off.
        """
        shown = self.numerics.get(row.vital)
        if shown is None or row.source == shown.source:
            return True
        is_oximeter, is_usable = row.source == OXIMETER, _is_usable(row)
        if is_oximeter and is_usable:
            return True
        is_lost = row.stamp.t_s - self.usable_s[row.vital] > SOURCE_LOST_AFTER_S
        return is_lost and (is_oximeter or is_usable)

    def _reading(self, row: ReadingKept) -> None:
        if not self.uses(row):
            return
        t_s = row.stamp.t_s
        value = row.value if _is_usable(row) else None
        if value is not None or row.vital not in self.usable_s:
            self.usable_s[row.vital] = t_s
        self.numerics[row.vital] = NumericView(row.vital, value, row.quality, t_s, row.source)
        self.trends.samples.append(Sample(row.vital, t_s, value))

    def _pressure(self, row: PressureKept) -> None:
        t_s = row.stamp.t_s
        if row.quality is not Quality.OK:
            self._say(t_s, f"Impossible cuff reading {self._triple(row)}, not shown")
            return
        when_s = taken_s(row)
        self.pressure = PressureView(
            row.systolic, row.diastolic, row.mean, when_s, is_stale=row.is_stale
        )
        if row.is_stale:
            self._say(t_s, f"Monitor still shows {self._triple(row)}, taken at an unknown time")
            return
        self.trends.cuffs.append(CuffReading(when_s, row.systolic, row.diastolic, row.mean))

    @staticmethod
    def _triple(row: PressureKept) -> str:
        mean = "" if row.mean is None else f" ({as_whole(row.mean)})"
        return f"{as_whole(row.systolic)}/{as_whole(row.diastolic)}{mean}"

    def _transition(self, row: TransitionKept) -> None:
        t_s, text = row.stamp.t_s, row.text
        match row.new:
            case AlarmState.SOUNDING:
                self._say(t_s, text, row.priority)
            case AlarmState.QUIET if row.since_s is not None:
                pass  # it goes on, only a worse alarm stands for it now
            case AlarmState.ACKNOWLEDGED if row.old is AlarmState.QUIET:
                self._say_once(t_s, f"Goes on, acknowledged: {text}")
            case AlarmState.ACKNOWLEDGED:
                self._say_once(t_s, f"Acknowledged: {text}")
            case AlarmState.UNSEEN:
                self._say_once(t_s, f"Over, not yet seen: {text}")
            case AlarmState.QUIET if row.old is AlarmState.UNSEEN:
                self._say_once(t_s, f"Seen: {text}")
            case AlarmState.QUIET if row.old is not AlarmState.PENDING:
                self._say_once(t_s, f"Over: {text}")
            case AlarmState.QUIET | AlarmState.PENDING:
                pass

    def _entry(self, row: Entry) -> None:
        self.entries.append(row)
        if isinstance(row, IdentificationKept):
            self.identification = row
        self._say(when(row), line_of(row))

    def _happening(self, row: HappeningKept) -> None:
        t_s, detail = row.stamp.t_s, row.detail
        match row.kind:
            case "phase":
                self._enter(Phase(detail["phase"]), t_s)
            case "link":
                self._link(LinkState(detail["state"]), detail["reason"], t_s)
            case "gap":
                self.trends.gaps.append(Gap(detail["from_s"], detail["to_s"], detail["reason"]))
            case "cuff":
                self.cuff_is_measuring = detail["phase"] == "measuring"
            case "notice":
                self._notice(detail["code"], detail["text"], t_s)
            case "bad_frames" | "lost":
                self._count(row)
            case "clock":
                self._clock(detail["by_s"], t_s)
            case "break_glass" | "identified":
                self.emergency = detail["emergency"] if row.kind == "break_glass" else ""
                self._say(t_s, line_of_happening(row.kind, detail))
            case "resumed":
                self._resumed(t_s, detail["away_s"], is_sure=detail.get("is_sure", True))
            case "baseline":
                self._baseline(row)
            case kind:
                if line := line_of_happening(kind, detail):
                    self._say(t_s, line)

    def _baseline(self, row: HappeningKept) -> None:
        detail = row.detail
        systolic, diastolic = detail.get("systolic"), detail.get("diastolic")
        pulse, spo2 = detail.get("pulse"), detail.get("spo2")
        self.baseline = BaselineView(systolic, diastolic, pulse, spo2, detail["readings"])
        self._say(row.stamp.t_s, baseline_line(self.baseline, detail.get("by", "")))

    def _clock(self, by_s: float, t_s: float) -> None:
        if by_s > 0:  # it was set, or the computer slept: no line across
            self._break_lines(t_s)
        self._say(t_s, f"The computer's clock jumped by {by_s:+.0f} s")

    def _count(self, row: HappeningKept) -> None:
        if row.kind == "bad_frames":
            self.bad_frames = row.detail["count"]
            return
        self.rows_lost += row.detail["rows"]
        self._say(row.stamp.t_s, f"{row.detail['rows']} rows could not be kept")

    def _resumed(self, t_s: float, away_s: float, *, is_sure: bool) -> None:
        self._break_lines(t_s)
        if is_sure:
            self._say(t_s, f"Recording resumed after {away_s:.0f} s")
            return
        self.unsure_before_s = t_s
        self._say(t_s, "Recording resumed after an unknown time: the computer's clock was set")

    def _enter(self, phase: Phase, t_s: float) -> None:
        self.phase = phase
        if phase is Phase.INFUSION:
            self.infusion_started_s = t_s
        elif self.infusion_started_s is not None and self.infusion_ended_s is None:
            self.infusion_ended_s = t_s
        self._say(t_s, _PHASE_LINES[phase])

    def _link(self, state: LinkState, reason: str, t_s: float) -> None:
        if not (state in _DOWN and self.link in _DOWN):  # another reason is the same time down
            self.link_since_s = t_s
        self.link, self.link_reason = state, reason
        if state is LinkState.LIVE:
            self._say(t_s, "Monitor connected")
            return
        self.cuff_is_measuring = False
        self._break_lines(t_s)
        self._say(t_s, f"Monitor not connected: {reason}")

    def _notice(self, code: str, text: str, t_s: float) -> None:
        if code == "failed":
            self.trends.cuffs.append(CuffReading(t_s, None, None, None, failed=text))
        self._say(t_s, text)

    def _break_lines(self, t_s: float) -> None:
        """Put an explicit gap into every trend, so that no line is drawn across."""
        for vital in self.numerics:
            self.trends.samples.append(Sample(vital, t_s, None))

    def _say_once(self, t_s: float, text: str) -> None:
        """Say what the tiers of one alarm do together, low and medium, as one thing."""
        if self.trends.log[-1:] != [LogEntry(t_s, text)]:
            self._say(t_s, text)

    def _say(self, t_s: float, text: str, priority: Priority | None = None) -> None:
        self.trends.log.append(LogEntry(t_s, text, priority))


def _is_usable(row: ReadingKept) -> bool:
    return row.value is not None and row.quality is Quality.OK


_PHASE_LINES = {
    Phase.PREPARATION: "Session opened",
    Phase.BASELINE: "Baseline",
    Phase.INFUSION: "Infusion started",
    Phase.RECOVERY: "Infusion ended, recovery",
    Phase.ENDED: "Session ended",
}
