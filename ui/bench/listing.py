"""How long it takes to open a database of 10,000 sessions and to list them, as `vigil sessions`.

Knows the reading side as the command uses it. Must not know how a list is made.

A database of 90-minute sessions at two readings a second would hold 10^8 rows and take 14 GB and
over an hour to record. So there is a reading only every 10 s, and the peer is the same clinic with
a tenth of those: a list that does not depend on the readings takes as long with either.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import BugError
from monitor.snapshot import Phase
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions
from monitor.storage.stored import SessionSummary
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target, middle, paired_ratio
from ui.bench.sample import CUFF_EVERY_S, KEY, LENGTH_S, Plan, fill, new_database

PEER = "the same sessions with a tenth of the readings"
ISSUE = "issue 3"
OPEN = Gauge("open", "open the database, its key at hand, and check its form", "ms", PEER)
LIST = Gauge(
    "list",
    "list all sessions with phase, duration and counts",
    "ms",
    PEER,
    Target(Bound.AT_MOST, 150, ISSUE),
)
COLD = Gauge("list_cold", "open and list when the system has no page of the file in memory", "ms")
FULL, QUICK = Plan(10_000, 10), Plan(500, 60)
FEWER = 10
"""Readings of the peer: one in so many."""
ROUNDS, COLD_ROUNDS = 15, 3
BYTES_PER_ROW = 160
ROWS_BESIDE_READINGS = 40


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from nothing to an open database, and from there to the list."""

    open_s: float
    list_s: float


def measure(work: Work) -> Iterable[Figure]:
    """Record the clinic's sessions and list them."""
    return compare(work, QUICK if work.is_quick else FULL)


def compare(work: Work, plan: Plan, rounds: int = ROUNDS) -> Iterable[Figure]:
    """Return the medians over the rounds, in which both databases take turns."""
    sparse = Plan(plan.sessions, plan.reading_every_s * FEWER)
    work.require_room(sum(_bytes(one) for one in (plan, sparse)))
    ours, peer = (record(work, one) for one in (plan, sparse))
    cold = [timed(ours, plan) for _ in range(COLD_ROUNDS) if forget(ours)]
    found = [(timed(ours, plan), timed(peer, sparse)) for _ in work.each(range(rounds), "listing")]
    is_full = plan.sessions >= FULL.sessions
    yield _figure(OPEN, [(one.open_s, other.open_s) for one, other in found], plan, is_full)
    yield _figure(LIST, [(one.list_s, other.list_s) for one, other in found], plan, is_full)
    if cold:
        yield COLD.reads(1e3 * middle([one.open_s + one.list_s for one in cold]), note=str(plan))


def _figure(
    gauge: Gauge, seconds: Sequence[tuple[float, float]], plan: Plan, is_full: bool
) -> Figure:
    ours, peers = [list(column) for column in zip(*seconds, strict=True)]
    fastest_ms = 1e3 * min(ours)
    return gauge.reads(
        1e3 * middle(ours),
        peer_value=1e3 * middle(peers),
        ratio=paired_ratio(ours, peers),
        note=f"{plan}; median of {len(ours)}, the fastest {fastest_ms:.3g} ms",
        is_judged=is_full,
    )


def _bytes(plan: Plan) -> int:
    return plan.sessions * (plan.readings + ROWS_BESIDE_READINGS) * BYTES_PER_ROW


def record(work: Work, plan: Plan) -> Path:
    """Record the sessions into a new database; return its path."""
    path = work.folder / f"every-{plan.reading_every_s}-s.db"
    with new_database(path) as database:
        fill(database, work.each(range(plan.sessions), "recording"), plan.reading_every_s)
    return path


def timed(path: Path, plan: Plan) -> Times:
    """Open and list once. Raises BugError when the list is not what was recorded."""
    began = time.perf_counter()
    with open_database(path, KEY, read_only=True) as database:
        opened = time.perf_counter()
        found = list_sessions(database)
        listed = time.perf_counter()
    _check(found, plan)
    return Times(opened - began, listed - opened)


def _check(found: Sequence[SessionSummary], plan: Plan) -> None:
    """Make sure that a list is not fast for being wrong."""
    expected = (Phase.ENDED, float(LENGTH_S), plan.readings, LENGTH_S // CUFF_EVERY_S, 1)
    listed = {(one.phase, one.last_t_s, one.readings, one.pressures, one.alarms) for one in found}
    if len(found) != plan.sessions or listed != {expected}:
        raise BugError(f"The list is wrong: {len(found)} sessions of the forms {listed}")


def forget(path: Path) -> bool:
    """Make the system drop its copy of a file that nobody has open; False where it cannot."""
    if not hasattr(os, "posix_fadvise"):
        return False
    with path.open("rb") as file:
        os.fsync(file.fileno())  # a page that is not on the disk yet cannot be dropped
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True


BENCHMARK = Benchmark("list", "15 minutes", (OPEN, LIST, COLD), measure)
