"""How long from a value beyond its limit to the alarm, to a sound, and to the flash on the screen.

Knows the conditions and the figures. Must not know processes (alarm_ward.py).

Eight chairs on real ports, a station and a desktop as processes of their own, one limit crossed at
a time, at random moments; players that only tell when they begin.
"""

import random
from collections.abc import Callable, Iterable, Sequence

from ui.bench.alarm_ward import Condition, Onset, ward
from ui.bench.benchmark import Benchmark, Work
from ui.bench.commits import p99
from ui.bench.figures import Bound, Figure, Gauge, Target, middle, rounded

CONDITIONS = (
    Condition("calm"),
    Condition("stalled", share_stalled=0.1),
    Condition("slow_disk", commit_s=0.2),
)
WORDS = {
    "calm": "nothing in the way",
    "stalled": "the desktop standing still for 1 s at random, a tenth of the time",
    "slow_disk": "every commit taking 200 ms",
}
GOAL = Target(Bound.AT_MOST, 500, "issue 4: limit crossed to sound and flash, 99 of 100")
STATE_GOAL = Target(Bound.AT_MOST, 50, "architecture, figures to reach")
ROUNDS, QUICK_ROUNDS = 13, 1
"""How often each of the eight chairs crosses its limit, in each condition."""


def _gauge(what: str, words: str, condition: Condition, target: Target) -> Gauge:
    measures = f"from the last byte to {words}, 99 of 100; {WORDS[condition.name]}"
    return Gauge(f"alarm_{what}_{condition.name}", measures, "ms", target=target)


MEASURED: tuple[tuple[str, str, Target, Callable[[Onset], float]], ...] = (
    ("state", "the alarm in the station", STATE_GOAL, lambda one: one.state_ms),
    ("sound", "the first sound, of desktop or station", GOAL, lambda one: one.sound_ms),
    ("flash", "the bright half of the flash", GOAL, lambda one: one.flash_ms),
)
TIMES = {
    (what, one.name): _gauge(what, words, one, target)
    for one in CONDITIONS
    for what, words, target, _ in MEASURED
}
BOTH = {
    one.name: Gauge(
        f"alarm_both_voices_{one.name}",
        f"alarms that the station begins to sound beside the desktop; {WORDS[one.name]}",
        "%",
    )
    for one in CONDITIONS
}


def measure(work: Work) -> Iterable[Figure]:
    """Measure in one condition after the other."""
    for condition in CONDITIONS:
        onsets = cross(work, condition, QUICK_ROUNDS if work.is_quick else ROUNDS)
        yield from report(condition, onsets, is_judged=not work.is_quick)


def cross(work: Work, condition: Condition, rounds: int) -> list[Onset]:
    """Cross the limit at every chair so often, in random order."""
    rng = random.Random()
    with ward(work.folder / condition.name, condition) as (here, beds):
        order = [bed for _ in range(rounds) for bed in rng.sample(beds, len(beds))]
        return [here.onset(bed, rng) for bed in work.each(order, condition.name)]


def report(condition: Condition, onsets: Sequence[Onset], *, is_judged: bool) -> Iterable[Figure]:
    """Return the figures of one condition."""
    for what, _, _, read in MEASURED:
        values = [read(one) for one in onsets]
        gauge = TIMES[what, condition.name]
        yield gauge.reads(p99(values), note=_spread(values), is_judged=is_judged)
    first = sum(one.is_second_voice for one in onsets)
    share = 100 * sum(one.are_both for one in onsets) / len(onsets)
    yield BOTH[condition.name].reads(
        share, note=f"{len(onsets)} crossings; {first} were heard from the station first"
    )


def _spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    p95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return (
        f"{len(values)} crossings: median {rounded(middle(values)):g}, 95 of 100 "
        f"{rounded(p95):g}, slowest {rounded(ordered[-1]):g} ms"
    )


BENCHMARK = Benchmark("alarm", "12 min", (*TIMES.values(), *BOTH.values()), measure)
