"""Random courses of vitals, and what an alarm board publishes of one.

Knows the board's public methods and the form of the reference. Must not know how a rule is judged.
"""

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.profile import Profile
from monitor.snapshot import AlarmState
from monitor.vitals import Vital
from tests.monitor.alarms.reference import GROUPS, Base, Course, Published, spans

RAISED = (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)
QUIET_BEFORE = (AlarmState.QUIET, AlarmState.PENDING, AlarmState.UNSEEN)
Onset = tuple[int, str, str]


class Watched:
    """A board that lived through a course, and what it published; nobody acknowledges.

    It ticks at each second at which something came, and every ``tick_s``.
    """

    def __init__(self, profile: Profile, course: Course, tick_s: int = 1) -> None:
        self.onsets: list[Onset] = []
        self._board = AlarmBoard(profile, 0.0)
        self._shown: list[dict[str, str]] = []
        self._board.evidence.baseline = by_vital(course.base)
        for t in range(course.end_s + 1):
            if t % tick_s == 0 or t in course.cuff:
                self._second(course, t)
            else:
                self._shown.append(self._shown[-1])

    def _second(self, course: Course, t: int) -> None:
        board = self._board
        board.frame(t)
        for vital, samples in ((Vital.PULSE_RATE, course.pulse), (Vital.SPO2, course.spo2)):
            if t in samples:
                board.value(vital, t, samples[t])
        if t in course.cuff:
            board.pressure(t, *course.cuff[t])
        self._note(t, board.tick(t))

    def _note(self, t: int, changes: Sequence[Transition]) -> None:
        begun = (c for c in changes if c.new is AlarmState.SOUNDING and c.old in QUIET_BEFORE)
        self.onsets += [(t, c.rule, c.priority.word) for c in begun if is_of_patient(c.rule)]
        views = [view for view in self._board.views() if view.state in RAISED]
        self._shown.append({view.rule: view.priority.word for view in views})

    def published(self) -> list[Published]:
        """Return onset and clearance of all that was shown as present."""
        found: list[Published] = []
        for rule in (rule for group in GROUPS for rule in group):
            found += spans(rule, [shown.get(rule) for shown in self._shown])
        return sorted(found)


def by_vital(base: Base) -> dict[Vital, float]:
    """The baseline as a board has it: what is not known is not there."""
    named = {
        Vital.SYSTOLIC: base.systolic,
        Vital.DIASTOLIC: base.diastolic,
        Vital.PULSE_RATE: base.pulse,
        Vital.SPO2: base.spo2,
    }
    return {vital: value for vital, value in named.items() if value is not None}


def is_of_patient(rule: str) -> bool:
    """Whether the reference knows the rule."""
    return any(rule in group for group in GROUPS)


# ---- courses

BASES = st.one_of(
    st.just(Base()),
    st.builds(
        Base,
        st.sampled_from([None, 90.0, 110.0, 120.0, 125.0, 139.5, 150.0, 160.0]),
        st.sampled_from([None, 60.0, 70.0, 78.0, 85.5]),
        st.sampled_from([None, 40.0, 55.0, 59.0, 60.0, 70.0, 100.0]),
        st.sampled_from([None, 92.0, 96.0, 97.0, 98.0, 99.0, 100.0]),
    ),
)
SYSTOLIC = (80, 90, 95, 100, 125, 150, 160, 170, 180, 200)
DIASTOLIC = (50, 55, 78, 95, 100, 105, 110, 120)
RISES = (-40, -30, 0, 30, 40)
GAPS_S = st.sampled_from([20, 30, 60, 90, 120, 179, 180, 181, 240, 300, 599, 600, 601])
NEAR = st.sampled_from([-1, 0, 0, 1])


@st.composite
def pressures(draw: st.DrawFn, base: Base) -> tuple[float, float]:
    """A reading near one of the limits, fixed or relative, or anywhere."""
    marks = list(map(float, SYSTOLIC))
    if base.systolic is not None:
        marks += [base.systolic + rise for rise in RISES]
        marks += [1.25 * base.systolic, 1.30 * base.systolic]
    lows = list(map(float, DIASTOLIC))
    if base.diastolic is not None:
        lows += [base.diastolic + rise for rise in (0, 20, 25)]
    near = st.tuples(st.sampled_from(marks), st.sampled_from(lows), NEAR, NEAR)
    systolic, diastolic, by, low_by = draw(near)
    systolic = max(systolic + by, 48.0)
    return systolic, min(diastolic + low_by, systolic - 8)


@st.composite
def cuff_courses(draw: st.DrawFn, most: int = 12) -> Course:
    """Some readings, at the distances that matter."""
    base, cuff, t = draw(BASES), {}, draw(st.integers(0, 60))
    for _ in range(draw(st.integers(1, most))):
        cuff[t] = draw(pressures(base))
        t += draw(GAPS_S)
    return Course(min(t, max(cuff) + 200), cuff, base=base)


def plateaus(marks: Sequence[float]) -> st.SearchStrategy[list[tuple[float | str | None, int]]]:
    """Stretches of one value, of invalid ones (None), or of none at all ("gap"), in seconds."""
    near = [mark + by for mark in marks for by in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    values = st.one_of(st.sampled_from(near), st.sampled_from([None, "gap"]))
    spans_s = st.sampled_from([1, 1, 2, 4, 5, 6, 9, 10, 11, 14, 15, 16, 29, 30, 31, 59, 60, 61])
    return st.lists(st.tuples(values, spans_s), min_size=1, max_size=10)


def laid_out(stretches: Sequence[tuple[float | str | None, int]]) -> Iterator[float | str | None]:
    """The value of each second."""
    for value, seconds in stretches:
        yield from [value] * seconds


def samples(values: Sequence[float | str | None]) -> dict[int, float | None]:
    """The samples that a device sends of these values, one a second where there is one."""
    return {t: value for t, value in enumerate(values) if not isinstance(value, str)}


@st.composite
def sample_courses(draw: st.DrawFn) -> Course:
    """Pulse and SpO2 in plateaus, spikes and gaps around all limits."""
    base = draw(BASES)
    slow = base.pulse or 70.0
    pulse_marks = [40, 45, 50, 53, 115, 120, 135, 140, slow - 15, slow - 12, slow + 25, slow + 30]
    best = base.spo2 or 98.0
    spo2_marks = [85, 88, 91, 92, 94, 95, best - 4, best - 3]
    pulse = list(laid_out(draw(plateaus(pulse_marks))))
    spo2 = [
        min(one, 100.0) if isinstance(one, float) else one
        for one in laid_out(draw(plateaus(spo2_marks)))
    ]
    end_s = max(len(pulse), len(spo2)) + 20
    return Course(end_s, {}, samples(pulse), samples(spo2), base)


@st.composite
def whole_courses(draw: st.DrawFn) -> Course:
    """Everything at once."""
    cuff, rest = draw(cuff_courses(most=4)), draw(sample_courses())
    end_s = max(cuff.end_s, rest.end_s)
    return Course(end_s, cuff.cuff, rest.pulse, rest.spo2, cuff.base)
