"""How much disk an hour of a session takes.

Knows the file's size before and after whole sessions were recorded. Must not know the schema.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from monitor.storage.database import Database
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Figure, Gauge
from ui.bench.sample import LENGTH_S, Plan, fill, new_database, plain_database

GAUGE = Gauge(
    "size",
    "disk that an hour of a session takes, at a reading of pulse and SpO2 a second",
    "MB/h",
    "the same rows, not encrypted",
)
FULL, QUICK = Plan(10, 1), Plan(2, 1)

Opened = Callable[[Path], AbstractContextManager[Database]]


def measure(work: Work) -> Iterable[Figure]:
    """Measure with whole sessions at one reading a second."""
    return weigh(work, QUICK if work.is_quick else FULL)


def weigh(work: Work, plan: Plan) -> Iterable[Figure]:
    """Return the bytes that the plan's sessions added to a new file, by the hour."""
    ours = _growth(work, work.folder / "encrypted.db", new_database, plan)
    peer = _growth(work, work.folder / "plain.db", plain_database, plan)
    hours = plan.sessions * LENGTH_S / 3600
    yield GAUGE.reads(ours / hours / 1e6, peer_value=peer / hours / 1e6, note=str(plan))


def _growth(work: Work, path: Path, opened: Opened, plan: Plan) -> int:
    with opened(path):
        pass  # closed: the journal is in the file, and empty
    empty = path.stat().st_size
    with opened(path) as database:
        fill(database, work.each(range(plan.sessions), "recording"), plan.reading_every_s)
    return path.stat().st_size - empty


BENCHMARK = Benchmark("size", "10 s", (GAUGE,), measure)
