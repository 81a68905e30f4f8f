"""What a backup costs the recorder: its worst commit with a backup and without, in one run.

Run it: ``python tests/bench/backups.py [PIECES]``. Prints one JSON object. A writer commits 50
rows a second, as 8 chairs with alarms would at the worst, while the backup is made in a process
of its own, as a station has it made. How long 1,000 sessions take: ``vigil bench backup``.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from monitor.readings import Quality
from monitor.records import HappeningKept, ReadingKept, Record, SessionOpened, Stamp
from monitor.storage.database import Database, open_database
from monitor.storage.keys import DataKey
from monitor.storage.vault import FILE_NAME, Vault, recovery_slot, write_vault
from monitor.storage.writer import append
from monitor.vitals import Vital

KEY = DataKey(bytes(range(32)), UUID(int=0xBE7C))
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
EVERY_S = 1 / 50
QUIET_S = 10.0
NOISE = "x" * 1500


class Writer:
    """Commits one row every 20 ms and keeps how long each commit took."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seq = 0
        self.took_ms: list[float] = []
        append(database, [self._opened()])

    def grow(self, pieces: int) -> None:
        """Make the database larger, by some 2.8 MB a piece."""
        for _ in range(pieces):
            append(self._database, [self._text() for _ in range(600)])

    def write(self, over: threading.Event) -> None:
        """Commit until told to stop."""
        due = time.perf_counter()
        while not over.is_set():
            began = time.perf_counter()
            append(self._database, [self._reading()])
            self.took_ms.append((time.perf_counter() - began) * 1000)
            due += EVERY_S
            time.sleep(max(0.0, due - time.perf_counter()))

    def _stamp(self) -> Stamp:
        self._seq += 1
        return Stamp("bench", self._seq, self._seq / 50, OPENED + timedelta(seconds=self._seq / 50))

    def _opened(self) -> Record:
        return SessionOpened(
            self._stamp(), "Chair 1", "", "bench", "", True, 2400.0, 300.0, "UTC", 0, "bench", {}
        )

    def _reading(self) -> Record:
        return ReadingKept(self._stamp(), "bench", Vital.SPO2, 97.0, Quality.OK, "oximeter")

    def _text(self) -> Record:
        return HappeningKept(self._stamp(), "notice", {"code": "x", "text": NOISE})


def stalls(took_ms: list[float]) -> dict[str, float]:
    """Return the median, the 99th percentile and the worst of the commits (ms)."""
    ranked = sorted(took_ms)
    return {
        "commits": len(ranked),
        "median_ms": round(statistics.median(ranked), 2),
        "p99_ms": round(ranked[int(len(ranked) * 0.99)], 1),
        "worst_ms": round(ranked[-1], 1),
    }


def back_up(folder: Path) -> float:
    """Make a backup as a station does; return the seconds."""
    (folder / "to").mkdir()
    words = ["--data", str(folder / "data"), "backup", str(folder / "to"), "--key-from-stdin"]
    began = time.perf_counter()
    subprocess.run(  # our own command
        ["nice", sys.executable, "-m", "ui.cli", *words],
        input=KEY.as_line(),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def main() -> None:
    """Measure the writer alone, then with a backup."""
    pieces = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        vault = Vault(database=KEY.database, slots=(recovery_slot(KEY, bytes(20)),))
        write_vault(folder / "data" / FILE_NAME, vault)
        with open_database(folder / "data" / "vigil.db", KEY) as database:
            writer, over = Writer(database), threading.Event()
            writer.grow(pieces)
            thread = threading.Thread(target=writer.write, args=(over,))
            thread.start()
            time.sleep(QUIET_S)
            alone, before = list(writer.took_ms), len(writer.took_ms)
            seconds = back_up(folder)
            during = writer.took_ms[before:]
            over.set()
            thread.join()
        size = next((folder / "to").iterdir()).stat().st_size
    figures = {"alone": stalls(alone), "during a backup": stalls(during)}
    print(json.dumps({"backup_mb": size // 1_000_000, "seconds": round(seconds, 1)} | figures))


if __name__ == "__main__":
    main()
