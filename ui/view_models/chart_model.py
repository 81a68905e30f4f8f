"""The chart's memory of one session: it gathers chart parts and hands out arrays.

Knows what was measured and where nothing was. Must not know pixels, colours or Qt.
"""

from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.chart_part import ChartPart, CuffReading, Gap, LogEntry, Sample
from monitor.snapshot import AlarmState, SessionSnapshot
from monitor.vitals import Vital
from ui.view_models.reduction import Floats, broken

_NAN = float("nan")
_RUNNING = (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class AlarmSpan:
    """How long one alarm was seen to last, seconds of the session."""

    rule: str
    priority: Priority
    from_s: float
    to_s: float


class ChartModel:
    """Everything on the chart of one session. ``revision`` grows whenever something was added."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.revision = 0
        self._times: dict[Vital, list[float]] = {}
        self._values: dict[Vital, list[float]] = {}
        self._cuffs: list[CuffReading] = []
        self._gaps: list[Gap] = []
        self._log: list[LogEntry] = []
        self._alarms: dict[tuple[str, float], AlarmSpan] = {}

    def add(self, part: ChartPart) -> None:
        """Take over what is new; a first part replaces all that was there."""
        if part.is_first:
            self._clear()
        for sample in part.samples:
            self._add_sample(sample)
        self._cuffs.extend(part.cuffs)
        self._gaps.extend(part.gaps)
        self._log.extend(part.log)
        if part.is_first or part.samples or part.cuffs or part.gaps or part.log:
            self.revision += 1

    def note_alarms(self, snapshot: SessionSnapshot) -> None:
        """Lengthen the spans of the alarms that run now."""
        for alarm in snapshot.alarms:
            if alarm.state in _RUNNING:
                span = AlarmSpan(alarm.rule, alarm.priority, alarm.since_s, snapshot.now_s)
                self._alarms[(alarm.rule, alarm.since_s)] = span

    def trend(self, vital: Vital) -> tuple[Floats, Floats]:
        """Return seconds and values of one vital, NaN wherever the line must break."""
        gaps = [(gap.from_s, gap.to_s) for gap in self._gaps]
        return broken(self._times.get(vital, []), self._values.get(vital, []), gaps)

    @property
    def cuffs(self) -> tuple[CuffReading, ...]:
        """All cuff inflations, failed ones too, in order of time."""
        return tuple(sorted(self._cuffs, key=lambda cuff: cuff.t_s))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All spans in which nothing could be recorded."""
        return tuple(self._gaps)

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The running list, oldest first."""
        return tuple(self._log)

    @property
    def alarm_spans(self) -> tuple[AlarmSpan, ...]:
        """The alarms this screen has seen running, oldest first."""
        return tuple(sorted(self._alarms.values(), key=lambda span: span.from_s))

    def _clear(self) -> None:
        for kept in (self._times, self._values, self._alarms):
            kept.clear()
        for listed in (self._cuffs, self._gaps, self._log):
            listed.clear()

    def _add_sample(self, sample: Sample) -> None:
        self._times.setdefault(sample.vital, []).append(sample.t_s)
        value = _NAN if sample.value is None else sample.value
        self._values.setdefault(sample.vital, []).append(value)
