"""Kills a process that migrates a database of the first form: it is old or new then, never half.

Run ``python -m tests.bench.migration_kills``; prints one JSON object. Fault matrix, row 27.
The kills are spread evenly over the time that a whole migration takes here, so that each of its
steps is met; afterwards it is finished, and every row is compared.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from monitor.storage.database import open_database
from monitor.storage.migrations import known_revisions
from monitor.storage.verify import verify
from tests.keys import KEY, raw
from tests.monitor.storage.golden import load

OLD, ROWS = "0001", 4000
BEYOND = 1.5
"""The kills go on for so many times as long as a migration takes: some come after it."""
MIGRATE = """
import sys
from pathlib import Path
from monitor.storage.database import open_database
from monitor.storage.migrations import known_revisions
from tests.keys import KEY
known_revisions()
print("ready", flush=True)
open_database(Path(sys.argv[1]), KEY).close()
print("done", flush=True)
"""
MORE_ROWS = """
WITH RECURSIVE n(seq) AS (SELECT 1000 UNION ALL SELECT seq + 1 FROM n WHERE seq < 999 + ?)
INSERT INTO reading
SELECT r.session_id, n.seq, n.seq, r.utc_us, r.device, r.vital, r.value, r.quality, r.source
FROM n, (SELECT * FROM reading ORDER BY session_id, seq LIMIT 1) AS r
"""


@dataclass(slots=True)
class Toll:
    """What became of the databases: ``half`` must stay 0, and so must ``altered``."""

    kills: int = 0
    old: int = 0
    new: int = 0
    half: int = 0
    altered: int = 0


def make(path: Path, rows: int) -> None:
    """Make a database of the first form, with so many rows more than the golden one has."""
    load(OLD, path)
    with contextlib.closing(raw(path)) as connection:
        connection.execute("BEGIN")
        connection.execute(MORE_ROWS, (rows,))
        connection.execute("COMMIT")


def migrating(path: Path) -> "subprocess.Popen[str]":
    """Start a process that is about to migrate."""
    words = [sys.executable, "-c", MIGRATE, str(path)]
    child = subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2]
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def takes_s(path: Path) -> float:
    """Return how long the whole migration takes."""
    with migrating(path) as child:
        began = time.perf_counter()
        assert child.stdout is not None
        assert child.stdout.readline() == "done\n"
        return time.perf_counter() - began


def kill_often(folder: Path, kills: int, rows: int = ROWS) -> Toll:
    """Kill as often, each time on a fresh copy."""
    good = folder / "good.db"
    make(good, rows)
    first = shutil.copy(good, folder / "whole.db")
    duration_s = takes_s(first)
    wanted, toll = _readings(first), Toll()
    for number in range(kills):
        path = Path(shutil.copy(good, folder / f"{number}.db"))
        with migrating(path) as child:
            time.sleep(BEYOND * duration_s * number / max(1, kills - 1))
            child.kill()
        _judge(path, wanted, toll)
    return toll


def _judge(path: Path, wanted: list[tuple[object, ...]], toll: Toll) -> None:
    toll.kills += 1
    match _state(path):
        case "old":
            toll.old += 1
        case "new":
            toll.new += 1
        case _:
            toll.half += 1
    with open_database(path, KEY) as database:
        is_intact = verify(database).is_intact
    toll.altered += not (is_intact and _readings(path) == wanted and _damage(path) == [])


def _state(path: Path) -> str:
    """Say which form a database has, by what it says and by what is there."""
    with contextlib.closing(raw(path)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        columns = {row[1] for row in connection.execute("PRAGMA table_info(reading)")}
    is_new = "audit" in names and "chain" in columns
    is_old = "audit" not in names and "chain" not in columns
    if revision == known_revisions()[0] and is_new:
        return "new"
    return "old" if revision == OLD and is_old else "half"


def _readings(path: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(raw(path)) as connection:
        query = "SELECT session_id, seq, t_s, utc_us, value FROM reading ORDER BY 1, 2"
        return connection.execute(query).fetchall()


def _damage(path: Path) -> list[str]:
    with contextlib.closing(raw(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        pages = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    return [line for line in found if line != "ok"] + pages


def main() -> int:
    """Run the bench; exit 1 when a database was half migrated or lost a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        toll = kill_often(Path(folder), options.kills, options.rows)
    print(json.dumps(asdict(toll)))
    return 1 if toll.half or toll.altered else 0


if __name__ == "__main__":
    sys.exit(main())
