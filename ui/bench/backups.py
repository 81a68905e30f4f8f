"""How long it takes to back up 1,000 sessions and to verify the copy.

Knows the backup as `vigil backup` makes it. Must not know what is in one.
"""

import os
import shutil
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from monitor.engine import APP_VERSION
from monitor.errors import BugError
from monitor.storage.backup import Made, Source, Watch, make_backup
from monitor.storage.vault import FILE_NAME, Vault, recovery_slot, write_vault
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Figure, Gauge
from ui.bench.sample import KEY, Plan, fill, new_database

GAUGE = Gauge(
    "backup",
    "copy the database at one moment, write the backup, open it and verify every row of it",
    "s",
    "a bare copy of the same file",
)
FULL, QUICK = Plan(1000, 1), Plan(50, 10)
BYTES_PER_ROW = 160
FILES_AT_ONCE = 5
"""The database, its copy, the backup, its proof, and the peer's copy."""
RECOVERY = bytes(20)


def measure(work: Work) -> Iterable[Figure]:
    """Record the sessions and back them up."""
    return back_up(work, QUICK if work.is_quick else FULL)


def back_up(work: Work, plan: Plan) -> Iterable[Figure]:
    """Return how long one backup takes, and what of that time was spent on what."""
    work.require_room(FILES_AT_ONCE * plan.sessions * plan.readings * BYTES_PER_ROW)
    source = record(work, plan)
    peer_s = _copied_s(source.database, work.folder / "bare-copy.db")
    stages = Stages()
    began = time.perf_counter()
    made = make_backup(source, work.folder, datetime.now(UTC), Watch(show=stages.show))
    seconds = time.perf_counter() - began
    _check(made, plan)
    note = f"{plan}; {made.verdict.rows:,} rows, {made.size / 1e6:,.0f} MB: {stages.told(began)}"
    yield GAUGE.reads(seconds, peer_value=peer_s, note=note)


def record(work: Work, plan: Plan) -> Source:
    """Make a data folder with its vault and the plan's sessions."""
    vault, database = work.folder / FILE_NAME, work.folder / "vigil.db"
    write_vault(vault, Vault(database=KEY.database, slots=(recovery_slot(KEY, RECOVERY),)))
    with new_database(database) as opened:
        fill(opened, work.each(range(plan.sessions), "recording"), plan.reading_every_s)
    return Source(database, vault, KEY, APP_VERSION)


class Stages:
    """When each stage of the work was first and last heard of."""

    def __init__(self) -> None:
        self._ended: dict[str, float] = {}

    def show(self, what: str, _done: int, _of: int) -> None:
        """Hear how far it is."""
        self._ended[what] = time.perf_counter()

    def told(self, began: float) -> str:
        """Return the seconds that each stage took, in the order in which they ended."""
        parts = []
        for what, ended in sorted(self._ended.items(), key=lambda one: one[1]):
            parts.append(f"{what} {ended - began:.1f} s")
            began = ended
        return ", ".join(parts)


def _copied_s(path: Path, to: Path) -> float:
    began = time.perf_counter()
    shutil.copyfile(path, to)
    with to.open("rb+") as file:
        os.fsync(file.fileno())
    seconds = time.perf_counter() - began
    to.unlink()
    return seconds


def _check(made: Made, plan: Plan) -> None:
    """Make sure that a backup is not fast for leaving something out."""
    verdict = made.verdict
    if not verdict.is_intact or verdict.sessions != plan.sessions:
        raise BugError(f"The backup holds {verdict.sessions} sessions, of {plan.sessions}")
    if verdict.rows < plan.sessions * plan.readings:
        raise BugError(f"The backup holds {verdict.rows} rows only")


BENCHMARK = Benchmark("backup", "20 minutes", (GAUGE,), measure)
