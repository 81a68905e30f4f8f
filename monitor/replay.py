"""A trace played through the alarm board of a session, in simulated time: rows in, changes out.

Knows trace, board and profile. Must not know files, terminals or real time.

A trace has no cable, so a valid frame comes each second, from the first row to the last; time ticks
at each of these seconds and at each row. Nobody acknowledges, nobody observes: what nobody could do
in a trace (TECH-3, CLIN-2) does not alarm, nor a cuff or a sensor that the trace never had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.limit_time import CUFF_COUNTS_S, SAMPLE_COUNTS_S, LimitTime
from monitor.snapshot import AlarmState
from monitor.trace import Row, Trace
from monitor.vitals import Vital

NOT_HEARD = (AlarmState.QUIET, AlarmState.PENDING, AlarmState.UNSEEN)
Baseline = Mapping[Vital, float]


class Replayed(NamedTuple):
    """A change of an alarm, and its second."""

    t_s: float
    change: Transition

    @property
    def is_onset(self) -> bool:
        """Whether an alarm began to sound that was not there, or over."""
        return self.change.new is AlarmState.SOUNDING and self.change.old in NOT_HEARD


@dataclass(frozen=True, slots=True)
class Step:
    """What comes at second ``t_s``; ``is_second``: a whole second since the first row is over."""

    t_s: float
    is_second: bool
    pressure: tuple[float, float] | None = None
    numerics: Mapping[Vital, float | None] = field(default_factory=dict)


class Replay:
    """Plays one trace, once.

    ``baseline`` holds from the first row on; without it the median of the rows before second 0
    does, from second 0 on. ``hold_s``: see ``steps``.
    """

    def __init__(
        self, trace: Trace, profile: Profile, baseline: Baseline | None = None, hold_s: float = 0.0
    ) -> None:
        self._trace = trace
        self._hold_s = hold_s
        self._given = baseline
        self._profile = profile
        self._has_cuff = any(row.pressure for row in trace.rows)
        self._board = AlarmBoard(profile, trace.rows[0].t_s)
        self._limit_time = LimitTime(profile.rules)
        self.baseline: Baseline = {}
        self.onsets = dict.fromkeys(Priority, 0)

    def changes(self) -> Iterator[Replayed]:
        """Yield what becomes of the alarms."""
        is_known = self._given is not None
        self._set_baseline(self._given or {})
        for step in steps(self._trace, self._hold_s):
            if not is_known and step.t_s >= 0:
                is_known = True
                self._set_baseline(self._trace.baseline)
            yield from self._play(step)

    @property
    def seconds_beyond(self) -> Mapping[str, float]:
        """For how long the values were beyond the limits of each rule, by its id."""
        return self._limit_time.seconds

    def _set_baseline(self, baseline: Baseline) -> None:
        self.baseline = baseline
        self._board.evidence.baseline = dict(baseline)
        self._limit_time.baseline(baseline)

    def _play(self, step: Step) -> Iterator[Replayed]:
        self._limit_time.pass_until(step.t_s)
        self._tell(step)
        for change in self._board.tick(step.t_s):
            replayed = Replayed(step.t_s, change)
            self.onsets[change.priority] += replayed.is_onset
            yield replayed

    def _tell(self, step: Step) -> None:
        board, t = self._board, step.t_s
        board.evidence.cuff_interval_s = self._profile.cuff_interval_s(t) if self._has_cuff else inf
        if step.is_second:
            board.frame(t)
        for vital, value in step.numerics.items():
            board.value(vital, t, value)
        self._limit_time.measured(t, step.numerics, SAMPLE_COUNTS_S)
        if step.pressure:
            systolic, diastolic = step.pressure
            board.pressure(t, systolic, diastolic)
            pressures = {Vital.SYSTOLIC: systolic, Vital.DIASTOLIC: diastolic}
            self._limit_time.measured(t, pressures, CUFF_COUNTS_S)


# ---- the steps of time


def steps(trace: Trace, hold_s: float = 0.0) -> Iterator[Step]:
    """Yield every second from the first row on, and every row, in order.

    Each value of pulse and SpO2 comes again each second until a row has another, ``hold_s`` at
    most.
    """
    held = _Held(hold_s)
    for t, is_second, row in _merged(trace.rows):
        news = row.numerics if row else {}
        repeated = held.at(t, news) if is_second else {}
        held.take(t, news)
        yield Step(t, is_second, row.pressure if row else None, {**news, **repeated})


def _merged(rows: Sequence[Row]) -> Iterator[tuple[float, bool, Row | None]]:
    """Yield each second and each row, together where they are the same time."""
    first, elapsed = rows[0].t_s, 0
    for row in rows:
        while (second := first + elapsed) < row.t_s:
            yield second, True, None
            elapsed += 1
        is_second = second == row.t_s
        yield row.t_s, is_second, row
        elapsed += is_second


class _Held:
    """The last value of each vital, as long as it is repeated."""

    def __init__(self, hold_s: float) -> None:
        self._hold_s = hold_s
        self._last: dict[Vital, tuple[float, float]] = {}

    def at(self, t: float, news: Mapping[Vital, float | None]) -> dict[Vital, float]:
        """Return what is repeated at ``t``, where there are ``news`` of some vitals."""
        return {
            vital: value
            for vital, (since, value) in self._last.items()
            if vital not in news and t - since <= self._hold_s
        }

    def take(self, t: float, news: Mapping[Vital, float | None]) -> None:
        """Note the values of a row; an impossible one ends what was repeated."""
        for vital, value in news.items():
            self._last.pop(vital, None)
            if value is not None:
                self._last[vital] = (t, value)
