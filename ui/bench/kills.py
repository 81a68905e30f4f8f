"""How many rows are lost when a recorder is killed: none of those it said it had.

Knows when to kill, and counts. Must not know processes (victim.py), or what to look at in what
they leave (judging.py).

A recorder writes as fast as it may and is killed with -9 at a random moment, most often while it
writes, sometimes while it opens. Each of twenty goes on where the one before was killed.
"""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import BugError
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target
from ui.bench.judging import judge
from ui.bench.victim import WRITER, Victim

KILLS_PER_FOLDER = 20
LONGEST_LIFE_S, LONGEST_OPENING_S = 0.25, 0.06
SHARE_KILLED_WHILE_OPENING = 0.2
FULL, QUICK = 200, 10
NONE = Target(Bound.AT_MOST, 0, "issue 3")
LOST = Gauge("rows_lost", "acknowledged rows that are gone after kill -9", "rows", target=NONE)
WRONG = Gauge("rows_wrong", "rows altered or missing between others", "rows", target=NONE)
DAMAGED = Gauge(
    "integrity_failures", "kills after which a page or its seal was damaged", "kills", target=NONE
)
BROKEN = Gauge(
    "broken_chains", "kills after which `vigil verify` found a row", "kills", target=NONE
)


@dataclass(slots=True)
class Toll:
    """What all the kills came to; see judging.Verdict."""

    kills: int = 0
    while_opening: int = 0
    acknowledged: int = 0
    lost: int = 0
    wrong: int = 0
    integrity_failures: int = 0
    broken_chains: int = 0


def measure(work: Work) -> Iterable[Figure]:
    """Kill as often as the issue says, or a few times."""
    return report(kill_often(work, QUICK if work.is_quick else FULL, random.Random(1)))


def report(toll: Toll) -> Iterable[Figure]:
    """Return the figures; one lost row in any number of kills misses the target."""
    if not toll.acknowledged:
        raise BugError("Nothing was recorded before the kills, so they prove nothing")
    note = (
        f"{toll.kills} kills, {toll.while_opening} of them while opening; "
        f"{toll.acknowledged:,} rows acknowledged"
    )
    yield LOST.reads(toll.lost, note=note)
    yield WRONG.reads(toll.wrong, note=note)
    yield DAMAGED.reads(toll.integrity_failures, note=note)
    yield BROKEN.reads(toll.broken_chains, note=note)


def kill_often(
    work: Work, kills: int, chance: random.Random, command: Sequence[str] = WRITER
) -> Toll:
    """Kill so many recorders, in as many folders as that takes."""
    toll = Toll()
    for number in work.each(range(kills), "killing"):
        if number % KILLS_PER_FOLDER == 0:
            line = Line(work.folder / f"{number}", toll, command)
        line.kill_one(chance)
    return toll


class Line:
    """Recorders in one folder, each going on where the one before was killed."""

    def __init__(self, folder: Path, toll: Toll, command: Sequence[str]) -> None:
        folder.mkdir()
        self._folder = folder
        self._toll = toll
        self._command = command
        self._held: set[int] = set()
        self._wrong = 0

    def kill_one(self, chance: random.Random) -> None:
        """Let one recorder live, kill it, and judge what all of them have left."""
        waits = chance.random() >= SHARE_KILLED_WHILE_OPENING
        victim = Victim(self._folder, self._command)
        try:
            victim.let_go()
            if waits:
                victim.wait_for_rows(1)
            time.sleep(chance.random() * (LONGEST_LIFE_S if waits else LONGEST_OPENING_S))
        finally:
            told = victim.killed()
        self._toll.kills += 1
        self._toll.while_opening += not told
        self._judge(told)

    def _judge(self, told: set[int]) -> None:
        """Add what is found; a lost row counts once, though the next recorder may write it anew."""
        self._held |= told
        found, toll = judge(self._folder, self._held), self._toll
        self._held -= found.lost
        wrong = found.altered + found.holes
        toll.acknowledged += len(told)
        toll.lost += len(found.lost)
        toll.wrong += max(0, wrong - self._wrong)
        toll.integrity_failures += found.integrity_failures
        toll.broken_chains += found.broken_chains
        self._wrong = wrong


BENCHMARK = Benchmark("kills", "5 minutes", (LOST, WRONG, DAMAGED, BROKEN), measure)
