"""How many commits a second, one row each: encrypted beside unencrypted, round by round.

Knows the recorder's way of writing. Must not know what the figures should be.
"""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.records import Record
from monitor.storage.database import Database
from monitor.storage.writer import append
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target, middle, paired_ratio
from ui.bench.sample import new_database, plain_database, session

PEER = "the same rows in the same library, not encrypted"
RATE = Gauge(
    "commits",
    "one row a commit, encrypted and chained; on the disk when it returns",
    "commits/s",
    PEER,
    Target(Bound.AT_LEAST, 8, "8 chairs with a reading a second (reliability brief, 2.2)"),
)
SLOWEST = Gauge(
    "commit_p99",
    "how long 99 of 100 such commits take at most",
    "ms",
    PEER,
    Target(Bound.AT_MOST, 1500, "from the last byte to the disk (architecture)"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How often both are measured, and with how many commits each time."""

    rounds: int
    commits: int


PAGE_BYTES = 4096
FULL, QUICK = Size(15, 300), Size(3, 50)


def measure(work: Work) -> Iterable[Figure]:
    """Measure both databases in turns."""
    return compare(work, QUICK if work.is_quick else FULL)


def compare(work: Work, size: Size) -> Iterable[Figure]:
    """Return the medians over the rounds, and the ratio of the two in each round."""
    rates: list[tuple[float, float]] = []
    slow: list[tuple[float, float]] = []
    with (
        new_database(work.folder / "encrypted.db") as ours,
        plain_database(work.folder / "plain.db") as peer,
    ):
        rows = _rows(size)
        for _ in work.each(range(size.rounds), "commits"):
            batch = [next(rows) for _ in range(size.commits)]
            times = durations(ours, batch), durations(peer, batch)
            rates.append((len(batch) / sum(times[0]), len(batch) / sum(times[1])))
            slow.append((p99(times[0]), p99(times[1])))
    sync_ms = 1e3 * middle([synced_s(work.folder / "synced") for _ in range(size.rounds)])
    note = (
        f"median of {size.rounds} rounds of {size.commits} commits; "
        f"to write and sync a bare page takes {sync_ms:.2g} ms here"
    )
    yield _figure(RATE, rates, note)
    yield _figure(SLOWEST, [(one * 1e3, other * 1e3) for one, other in slow], note)


def _rows(size: Size) -> Iterator[Record]:
    """Yield as many rows as are wanted, of whole sessions."""
    needed, number = size.rounds * size.commits, 0
    while needed > 0:
        rows = session(number, reading_every_s=1)
        yield from rows
        needed, number = needed - len(rows), number + 1


def durations(database: Database, rows: Sequence[Record]) -> list[float]:
    """Commit the rows one by one; return how many seconds each took."""
    found = []
    for row in rows:
        began = time.perf_counter()
        append(database, [row])
        found.append(time.perf_counter() - began)
    return found


def synced_s(path: Path) -> float:
    """Return how many seconds this disk takes to have one page for sure: the floor of a commit."""
    with path.open("ab") as file:
        began = time.perf_counter()
        file.write(bytes(PAGE_BYTES))
        file.flush()
        os.fsync(file.fileno())
        return time.perf_counter() - began


def p99(values: Sequence[float]) -> float:
    """Return the value that 99 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(0.99 * len(ordered)), len(ordered) - 1)]


def _figure(gauge: Gauge, pairs: Sequence[tuple[float, float]], note: str) -> Figure:
    ours, peers = [list(column) for column in zip(*pairs, strict=True)]
    ratio = paired_ratio(ours, peers)
    return gauge.reads(middle(ours), peer_value=middle(peers), ratio=ratio, note=note)


BENCHMARK = Benchmark("commits", "10 s", (RATE, SLOWEST), measure)
