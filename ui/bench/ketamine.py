"""How often the default profile alarms in simulated ketamine sessions: 1,000 by default, seeded.

Knows the course of the pressure and what a nurse does. Must not know how a rule is judged.

The course is that of the clinical brief, section 2.3: baseline 125/78, a rise of 16 (SD 11.2) and
11 (SD 8.45) mmHg with its peak at 40 min, cuff noise of SD 6 and 4.5, a reading each 5 min, 60 min.
Systolic and diastolic rise independently, and fall slowly after the peak: so the share of sessions
with a single reading above 160/100 is that of the brief's own simulation, 40 %.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile, default_profile
from monitor.replay import Replayed
from monitor.vitals import SMALLEST_PULSE_PRESSURE_MMHG, Vital
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target, middle

ISSUE = "issue 4"
MEDIAN = Gauge(
    "ketamine_median",
    "HIGH and MEDIUM alarms in a session, as they sound; a nurse repeats a reading 1.5 min after a "
    "prompt",
    "per session",
    "no repeats",
    Target(Bound.AT_MOST, 0, ISSUE),
)
P90 = Gauge(
    "ketamine_p90",
    "the same, 90 of 100 sessions have no more",
    "per session",
    "no repeats",
    Target(Bound.AT_MOST, 3, ISSUE),
)
ANY = Gauge("ketamine_any", "sessions with any HIGH or MEDIUM alarm", "%", "no repeats")
SINGLE = Gauge(
    "ketamine_single",
    "sessions with any single planned reading above 160/100, whatever the profile; the brief: 40 %",
    "%",
)
PROMPTS = Gauge("ketamine_low", "LOW alarms in a session, mean", "per session", "no repeats")

FULL, QUICK = 1000, 100
BASELINE, RISE, RISE_SD, NOISE_SD = (125.0, 78.0), (16.0, 11.0), (11.2, 8.45), (6.0, 4.5)
PEAK_S, LENGTH_S, EVERY_S = 2400.0, 3600.0, 300.0
BEFORE_S = (-900.0, -600.0, -300.0)
"""Three readings before the infusion; their median is the baseline."""
REPEAT_AFTER_S = 90.0
PROMPTING = {"BP-H1", "BP-H2", "BP-H3", "BP-L1", "BP-L2", "BP-R1"}
"""The first reading of these asks for a repeat."""
Pressure = tuple[float, float]


class Patient:
    """One person with a rise of their own, and a cuff that is never quite right."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._rise = [self._random.gauss(*one) for one in zip(RISE, RISE_SD, strict=True)]

    def reading(self, t: float) -> Pressure:
        """Return what the cuff shows at second ``t`` of the infusion, in whole mmHg."""
        part = max(t, 0.0) / PEAK_S
        effect = part * math.exp(1 - part)
        systolic, diastolic = (
            round(base + rise * effect + self._random.gauss(0, noise))
            for base, rise, noise in zip(BASELINE, self._rise, NOISE_SD, strict=True)
        )
        return systolic, min(diastolic, systolic - SMALLEST_PULSE_PRESSURE_MMHG)


@dataclass(slots=True)
class Heard:
    """What sounded in one session, by rule and priority."""

    alarms: Counter[tuple[str, Priority]] = field(default_factory=Counter)

    def of(self, *priorities: Priority) -> int:
        """Return how many alarms of these priorities."""
        return sum(count for (_, which), count in self.alarms.items() if which in priorities)


def heard(seed: int, profile: Profile, *, repeats: bool) -> Heard:
    """Play one session; nobody acknowledges."""
    patient, found = Patient(seed), Heard()
    board = AlarmBoard(profile, BEFORE_S[0])
    before = [patient.reading(t) for t in BEFORE_S]
    board.evidence.baseline = {
        Vital.SYSTOLIC: middle([systolic for systolic, _ in before]),
        Vital.DIASTOLIC: middle([diastolic for _, diastolic in before]),
    }
    for t, pressure in zip(BEFORE_S, before, strict=True):
        _measure(board, t, pressure)
    due = [EVERY_S * n for n in range(int(LENGTH_S / EVERY_S) + 1)]
    planned = set(due)
    while due:
        t = heappop(due)
        onsets = [one for one in _measure(board, t, patient.reading(t)) if one.is_onset]
        found.alarms.update((one.change.rule, one.change.priority) for one in onsets)
        if repeats and t in planned and any(one.change.rule in PROMPTING for one in onsets):
            heappush(due, t + REPEAT_AFTER_S)
    return found


def _measure(board: AlarmBoard, t: float, pressure: Pressure) -> list[Replayed]:
    """Let a reading come; the rules of the cuff change at readings only."""
    board.frame(t)
    board.pressure(t, *pressure)
    changes = [Replayed(t, change) for change in board.tick(t)]
    return [one for one in changes if one.change.rule.startswith("BP-")]


def measure(work: Work) -> Iterable[Figure]:
    """Play the sessions, with repeats and without."""
    count = QUICK if work.is_quick else FULL
    profile = default_profile()
    pairs = [
        (heard(seed, profile, repeats=True), heard(seed, profile, repeats=False))
        for seed in work.each(range(count), "sessions")
    ]
    ours, peers = [list(column) for column in zip(*pairs, strict=True)]
    note = f"{count} sessions: {_by_rule(ours)}"
    for gauge, of in ((MEDIAN, _median), (P90, _p90), (ANY, _share), (PROMPTS, _low)):
        yield gauge.reads(of(ours), peer_value=of(peers), note=note, is_judged=count == FULL)
    share = 100 * sum(_is_single(seed) for seed in range(count)) / count
    yield SINGLE.reads(share, note=f"{count} sessions")


def _is_single(seed: int) -> bool:
    patient = Patient(seed)
    readings = [patient.reading(EVERY_S * n) for n in range(int(LENGTH_S / EVERY_S) + 1)]
    return any(systolic > 160 or diastolic > 100 for systolic, diastolic in readings)


def _urgent(sessions: Sequence[Heard]) -> list[int]:
    return [one.of(Priority.HIGH, Priority.MEDIUM) for one in sessions]


def _median(sessions: Sequence[Heard]) -> float:
    return middle(_urgent(sessions))


def _p90(sessions: Sequence[Heard]) -> float:
    return sorted(_urgent(sessions))[math.ceil(0.9 * len(sessions)) - 1]


def _share(sessions: Sequence[Heard]) -> float:
    return 100 * sum(count > 0 for count in _urgent(sessions)) / len(sessions)


def _low(sessions: Sequence[Heard]) -> float:
    return sum(one.of(Priority.LOW) for one in sessions) / len(sessions)


def _by_rule(sessions: Sequence[Heard]) -> str:
    """Say how often each alarm sounds in a session, and in which share of sessions it does."""
    total: Counter[tuple[str, Priority]] = Counter()
    in_sessions: Counter[tuple[str, Priority]] = Counter()
    for one in sessions:
        total.update(one.alarms)
        in_sessions.update(set(one.alarms))
    return ", ".join(
        f"{rule} {priority.word} {total[rule, priority] / len(sessions):.2f} "
        f"in {100 * in_sessions[rule, priority] / len(sessions):.1f} %"
        for rule, priority in sorted(total)
    )


BENCHMARK = Benchmark("ketamine", "20 s", (MEDIAN, P90, ANY, PROMPTS, SINGLE), measure)
