"""The alarm table of the clinical brief, section 4, evaluated once more: slow and plain.

Knows the table only. Must not import the program: it is the referee of monitor/alarms, and it says
for every second which level each row of the table has, then what one group of rows publishes.

Where the table leaves something open, this is what was decided:

- H1, L1, R1: the first reading over is LOW ("repeat"), a second one MEDIUM. A reading between
  limit and clear value neither confirms nor clears, so the next one over still confirms.
- R2: nothing at the first reading, LOW at the second.
- H2, H3: HIGH at the first reading. A calm one (170/105 or lower) at most 180 s later ends it if no
  second one was over; otherwise two calm ones in a row.
- L2 and D: at once; D lasts until the next reading.
- Pulse and SpO2: a sample counts for 5 s. While there is none, nothing starts and nothing ends; a
  delay under way goes on counting, a calm under way begins anew.
- Nobody acknowledges. An alarm that is over and latches waits to be seen; until then the same
  condition sounds again without its delay (architecture, lifecycle, "Unseen").
- A group publishes its worst raised row only; at equal priority the first of its rank. But a row
  about too much that merely waits for its clear value hides none about too little, nor the other
  way round: 184 that has fallen to 75 is a new condition.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

Level = str | None
"""A raised row's priority, or None."""
PRIORITIES = ("low", "medium", "high")
FRESH_S = 5
GROUPS = (
    ("BP-H3", "BP-H2", "BP-L2", "BP-H1", "BP-L1", "BP-R1", "BP-R2", "BP-D"),
    ("HR-H2", "HR-L2", "HR-H1", "HR-L1", "HR-R"),
    ("O2-2", "O2-1", "O2-0"),
)
"""Each in its rank."""
TOO_MUCH = {"BP-H3", "BP-H2", "BP-H1", "BP-R1", "BP-R2", "HR-H2", "HR-H1", "HR-R"}
TOO_LITTLE = {"BP-L2", "BP-L1", "HR-L2", "HR-L1", "O2-2", "O2-1", "O2-0"}
"""BP-D is about neither."""
Samples = Mapping[int, float | None]


@dataclass(frozen=True, slots=True)
class Base:
    """The baseline: mmHg, /min, %. None: not known."""

    systolic: float | None = None
    diastolic: float | None = None
    pulse: float | None = None
    spo2: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What was measured, by second, from second 0 to ``end_s``; a sample may be None: invalid."""

    end_s: int
    cuff: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    pulse: Samples = field(default_factory=dict)
    spo2: Samples = field(default_factory=dict)
    base: Base = Base()


# ---- cuff rows


@dataclass(frozen=True, slots=True)
class Cuff:
    """One reading: its second, and how far it lies from the reading before (None: no such)."""

    t: int
    systolic: float
    diastolic: float
    jump: float | None


def readings(course: Course) -> list[Cuff]:
    """All readings in order; a jump counts between readings at most 10 min apart."""
    found: list[Cuff] = []
    for t in sorted(course.cuff):
        systolic, diastolic = course.cuff[t]
        near = bool(found) and t - found[-1].t <= 600
        jump = abs(systolic - found[-1].systolic) if near else None
        found.append(Cuff(t, systolic, diastolic, jump))
    return found


Test = Callable[[Cuff], bool]
Judge = Callable[[Sequence[Cuff]], Level]
"""The level that a row has after these readings."""


@dataclass(frozen=True, slots=True)
class State:
    """How a row stands at one second: raised or not, and whether the last value is beyond."""

    level: Level
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class CuffRow:
    """A row about cuff readings."""

    over: Test
    judge: Judge

    def by_second(self, course: Course) -> list[State]:
        """The row's state at each second: what all the readings so far amount to."""
        known = readings(course)
        after = {
            one.t: State(self.judge(known[: i + 1]), self.over(one)) for i, one in enumerate(known)
        }
        states, state = [], State(None, False)
        for t in range(course.end_s + 1):
            state = after.get(t, state)
            states.append(state)
        return states


def since_calm(known: Sequence[Cuff], over: Test, calm: Test) -> int:
    """How many readings were over since the last calm one."""
    count = 0
    for one in known:
        if over(one):
            count += 1
        elif calm(one):
            count = 0
    return count


def twice(over: Test, calm: Test, first: Level, second: Level) -> CuffRow:
    """A row with a level for the first reading over, and one for a second that confirms it."""
    return CuffRow(over, lambda known: (None, first, second)[min(since_calm(known, over, calm), 2)])


def crisis(over: Test, calm: Test) -> CuffRow:
    """BP-H2, BP-H3."""

    def judge(known: Sequence[Cuff]) -> Level:
        began: int | None = None
        overs = calms = 0
        for one in known:
            if over(one):
                began = one.t if began is None else began
                overs, calms = overs + 1, 0
            elif began is not None:
                calms = calms + 1 if calm(one) else 0
                not_confirmed = calms == 1 and overs == 1 and one.t - began <= 180
                if not_confirmed or calms == 2:
                    began, overs, calms = None, 0, 0
        return None if began is None else "high"

    return CuffRow(over, judge)


def at_once(over: Test, calm: Test) -> CuffRow:
    """BP-L2."""
    return CuffRow(over, lambda known: "high" if since_calm(known, over, calm) else None)


def jump() -> CuffRow:
    """BP-D."""

    def over(one: Cuff) -> bool:
        return one.jump is not None and one.jump >= 30

    return CuffRow(over, lambda known: "low" if known and over(known[-1]) else None)


def calm_after_a_crisis(one: Cuff) -> bool:
    """What ends BP-H2 and, "as above", BP-H3."""
    return one.systolic <= 170 and one.diastolic <= 105


def any_of(*parts: object) -> bool:
    """Whether a part is true; one of which nothing is known is not."""
    return any(part is True for part in parts)


def all_of(*parts: object) -> bool:
    """Whether no part is false."""
    return all(part is not False for part in parts)


def cuff_rows(base: Base) -> dict[str, CuffRow]:
    """The BP rows of the table, for a baseline."""
    systolic, diastolic = base.systolic, base.diastolic
    rows: dict[str, CuffRow] = {
        "BP-H2": crisis(lambda r: r.systolic >= 180 or r.diastolic >= 110, calm_after_a_crisis),
        "BP-H3": crisis(lambda r: r.systolic >= 200 or r.diastolic >= 120, calm_after_a_crisis),
        "BP-H1": twice(
            lambda r: r.systolic > 160 or r.diastolic > 100,
            lambda r: r.systolic <= 150 and r.diastolic <= 95,
            "low",
            "medium",
        ),
        "BP-L1": twice(
            lambda r: r.systolic < 90 or r.diastolic < 50,
            lambda r: r.systolic >= 95 and r.diastolic >= 55,
            "low",
            "medium",
        ),
        "BP-L2": at_once(
            lambda r: any_of(
                r.systolic < 80,
                systolic and r.systolic <= systolic - 40 and r.systolic < 100,
            ),
            lambda r: r.systolic >= 90,
        ),
        "BP-D": jump(),
    }
    if systolic is not None or diastolic is not None:
        rows["BP-R1"] = twice(
            lambda r: any_of(
                systolic and r.systolic >= systolic + 40,
                diastolic and r.diastolic >= diastolic + 25,
            ),
            lambda r: all_of(
                systolic and r.systolic < systolic + 30,
                diastolic and r.diastolic < diastolic + 20,
            ),
            "low",
            "medium",
        )
    if systolic is not None:
        rows["BP-R2"] = twice(
            lambda r: 100 * r.systolic >= 130 * systolic,
            lambda r: 100 * r.systolic < 125 * systolic,
            None,
            "low",
        )
    return rows


# ---- pulse and SpO2 rows


@dataclass(frozen=True, slots=True)
class Sustained:
    """A row about one vital: beyond its limit for so long, calm for so long."""

    level: str
    beyond: Callable[[float], bool]
    delay_s: int
    calm: Callable[[float], bool]
    calm_s: int = 0
    at_once: Callable[[float], bool] = lambda value: False
    latches: bool = True

    def by_second(self, samples: Samples, end_s: int) -> list[State]:
        """The row's state at each second."""
        states: list[State] = []
        raised, is_unseen, beyond_since, calm_since = False, False, None, None
        for t in range(end_s + 1):
            value = fresh(samples, t)
            if value is None:
                calm_since = None
            elif not raised:
                beyond_since = first(beyond_since, t) if self.beyond(value) else None
                waited = beyond_since is not None and t - beyond_since >= self.delay_s
                is_again = is_unseen and beyond_since is not None
                raised = waited or is_again or self.at_once(value)
                calm_since = None
            else:
                calm_since = first(calm_since, t) if self.calm(value) else None
                lonely = self.calm_s > 0 and not any(
                    later in samples for later in range((calm_since or t) + 1, t + 1)
                )
                raised = calm_since is None or lonely or t - calm_since < self.calm_s
                is_unseen = self.latches and not raised
                beyond_since = beyond_since if raised else None
            is_beyond = value is not None and self.beyond(value)
            states.append(State(self.level if raised else None, is_beyond))
        return states


def fresh(samples: Samples, t: int) -> float | None:
    """The last sample if it is at most 5 s old and valid."""
    for age in range(FRESH_S + 1):
        if t - age in samples:
            return samples[t - age]
    return None


def first(since: int | None, t: int) -> int:
    """When something began that may have begun before."""
    return t if since is None else since


def pulse_rows(base: float | None) -> dict[str, Sustained]:
    """The HR rows of the table, for a baseline."""
    low, low_clear = (50.0, 53.0) if base is None or base >= 60 else (base - 15, base - 12)
    rows = {
        "HR-H1": Sustained("medium", lambda v: v > 120, 15, lambda v: v < 115, 10),
        "HR-H2": Sustained("high", lambda v: v > 140, 10, lambda v: v < 135, 10),
        "HR-L1": Sustained("medium", lambda v: v < low, 15, lambda v: v > low_clear),
        "HR-L2": Sustained("high", lambda v: v < 40, 10, lambda v: v > 45),
    }
    if base is not None:
        rows["HR-R"] = Sustained(
            "low", lambda v: v >= base + 30, 60, lambda v: v < base + 25, latches=False
        )
    return rows


def spo2_rows(base: float | None) -> dict[str, Sustained]:
    """The O2 rows of the table, for a baseline."""
    return {
        "O2-0": Sustained(
            "low",
            lambda v: any_of(v < 94, base and v <= base - 4),
            30,
            lambda v: all_of(v >= 95, base and v >= base - 3),
            latches=False,
        ),
        "O2-1": Sustained("medium", lambda v: v < 92, 15, lambda v: v >= 94, 5),
        "O2-2": Sustained(
            "high", lambda v: v < 88, 10, lambda v: v >= 91, 5, at_once=lambda v: v < 85
        ),
    }


# ---- the whole table, and what is published of it


def rows_by_second(course: Course) -> dict[str, list[State]]:
    """Each row's own state at each second, covered or not."""
    found = {row: judged.by_second(course) for row, judged in cuff_rows(course.base).items()}
    for rows, samples in (
        (pulse_rows(course.base.pulse), course.pulse),
        (spo2_rows(course.base.spo2), course.spo2),
    ):
        found |= {name: row.by_second(samples, course.end_s) for name, row in rows.items()}
    return found


@dataclass(frozen=True, slots=True, order=True)
class Published:
    """What is seen and heard of one row, from its onset to before ``clearance_s`` (None: still)."""

    onset_s: int
    rule: str
    level: str
    clearance_s: int | None


def published(course: Course, known_rules: Iterable[str]) -> list[Published]:
    """What is published of the rules that a profile has, in order."""
    wanted, rows = set(known_rules), rows_by_second(course)
    found: list[Published] = []
    for group in GROUPS:
        members = {name: rows[name] for name in group if name in wanted and name in rows}
        for name in members:
            levels = [
                members[name][t].level if is_published(name, members, t) else None
                for t in range(course.end_s + 1)
            ]
            found += spans(name, levels)
    return sorted(found)


def is_published(name: str, members: Mapping[str, Sequence[State]], t: int) -> bool:
    """Whether no worse row of the group covers this one; ``members`` are in their rank."""
    raised = [other for other in members if members[other][t].level]
    raised.sort(key=lambda other: -PRIORITIES.index(members[other][t].level or ""))
    if name not in raised:
        return False
    worse = raised[: raised.index(name)]
    return all(is_another_matter(other, name, members[other][t]) for other in worse)


def is_another_matter(worse: str, name: str, state: State) -> bool:
    """Whether one row is about too much and one about too little, and the worse one is past."""
    opposite = (worse in TOO_MUCH and name in TOO_LITTLE) or (
        worse in TOO_LITTLE and name in TOO_MUCH
    )
    return opposite and not state.is_beyond


def spans(rule: str, levels: Sequence[Level]) -> list[Published]:
    """Stretches of the same level as onset and clearance."""
    found, t = [], 0
    for level, stretch in groupby(levels):
        end = t + len(list(stretch))
        if level is not None:
            found.append(Published(t, rule, level, end if end < len(levels) else None))
        t = end
    return found
