"""One chair with a real engine and a real recorder in a folder of the test's choice.

Fed by hand, so that a test decides what the device says while the disk is broken. Run as a
program it is a recorder that can be killed: ``python -m tests.process.ward FOLDER ROWS``.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from monitor.alarms.profile import default_profile
from monitor.channel_messages import OpenSession
from monitor.clock import SystemClock
from monitor.engine import Ask, Chair, Engine, Published
from monitor.events import DeviceBatch, LinkUp, Measured, ValidFrame
from monitor.readings import BloodPressure, Quality, Reading
from monitor.records import Record
from monitor.snapshot import AlarmView, RecordingView, SessionSnapshot
from monitor.storage.backlog import Entry
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.recorder import Recorder
from monitor.storage.refuge import DiskRefuge
from monitor.storage.seal import AesSeal
from monitor.vitals import Vital
from tests.keys import KEY, raw

CHAIR = "Chair 1"
SPILL_BYTES, RESERVE_BYTES = 262_144, 1_000_000
PATIENCE_S = 15.0
BEAT_S = 0.05


class CountingRefuge(DiskRefuge):
    """Counts the rows it took."""

    taken = 0

    def keep(self, entries: Sequence[Entry]) -> tuple[int, ...] | None:
        kept = super().keep(entries)
        self.taken += len(kept or ())
        return kept


class Ward:
    """Engine, recorder and every row that was put."""

    def __init__(self, folder: Path, *, retry_s: float = 1.0) -> None:
        self.database = folder / "vigil.db"
        self.refuge = CountingRefuge(
            folder,
            AesSeal(KEY.derived("spill")),
            spill_bytes=SPILL_BYTES,
            reserve_bytes=RESERVE_BYTES,
        )
        self.recorder = Recorder(
            lambda: open_database(self.database, KEY), refuge=self.refuge, retry_s=retry_s
        )
        self.put_rows: list[Record] = []
        self._published: list[Published] = []
        self.clock = SystemClock()
        chair = Chair(CHAIR, "ge_s5", "GE S/5", "simulated", "port-1", is_simulated=True)
        self.engine = Engine(
            self.clock, [chair], default_profile(), self, publish=self._published.append
        )
        self._value = 60

    # ---- a keeper in front of the recorder

    def put(self, rows: Sequence[Record], received_ns: int = 0) -> None:
        self.put_rows += rows
        self.recorder.put(rows, received_ns)

    def status(self) -> RecordingView:
        return self.recorder.status()

    # ---- what happens

    def open(self) -> None:
        self.recorder.start()
        self.engine.handle(Ask(OpenSession(CHAIR, "Test patient")))
        now = self.clock.now()
        self.engine.handle(DeviceBatch(CHAIR, "ge_s5", (LinkUp(now), ValidFrame(0, now))))

    def beat(self, count: int = 1) -> None:
        for _ in range(count):
            self._value = 60 + (self._value - 59) % 40
            now = self.clock.now()
            reading = Reading(Vital.PULSE_RATE, self._value, Quality.OK, now, "oximeter")
            self._say(ValidFrame(0, now), Measured(0, reading))

    def cuff(self, systolic: float) -> None:
        now = self.clock.now()
        self._say(ValidFrame(0, now), Measured(0, BloodPressure(systolic, 80, None, now, 0.0)))

    def _say(self, *events: ValidFrame | Measured) -> None:
        self.engine.handle(DeviceBatch(CHAIR, "ge_s5", events))

    def beat_until(self, is_so: Callable[[SessionSnapshot], bool], what: str) -> float:
        """Let the device speak until the screen shows it; return the seconds that took."""
        began = time.monotonic()
        while True:
            self.beat()
            if is_so(self.shown):
                return time.monotonic() - began
            assert time.monotonic() - began < PATIENCE_S, f"{what}: {self.shown.recording}"
            time.sleep(BEAT_S)

    # ---- what is seen

    @property
    def shown(self) -> SessionSnapshot:
        return self._published[-1].snapshot

    def alarm(self, rule: str) -> AlarmView | None:
        return next((view for view in self.shown.alarms if view.rule == rule), None)

    def stored(self) -> list[Record]:
        return stored_in(self.database)


def stored_in(path: Path) -> list[Record]:
    """Return the only session of a database."""
    with open_database(path, KEY, read_only=True) as database:
        (summary,) = list_sessions(database)
        stored = load_session(database, summary.session_id)
    return [stored.opened, *stored.rows]


def damage(path: Path) -> list[str]:
    """Return what SQLite and SQLCipher find wrong with a database; nobody may write meanwhile."""
    with contextlib.closing(raw(path)) as connection:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        pages = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    return [line for line in found if line != "ok"] + pages


@contextlib.contextmanager
def opened_ward(folder: Path, **options: float) -> Iterator[Ward]:
    """Give a ward with a session that records; the recorder is stopped at the end."""
    ward = Ward(folder, **options)
    try:
        ward.open()
        ward.beat(20)
        assert ward.recorder.flush(PATIENCE_S)
        yield ward
    finally:
        ward.recorder.stop(2)


def main() -> None:
    """Say "ready", read a line, put rows, say how many are safe in the spill, and wait for -9."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    with opened_ward(folder) as ward:
        print("ready", len(ward.put_rows), flush=True)  # noqa: T201 - the test reads it
        sys.stdin.readline()
        ward.refuge.taken = 0
        before = len(ward.put_rows)
        ward.beat(count)
        ward.beat_until(lambda shown: not shown.recording.is_recording, "a fault")
        while ward.refuge.taken < len(ward.put_rows) - before:
            time.sleep(0.01)
        print("safe", len(ward.put_rows), flush=True)  # noqa: T201 - the test reads it
        threading.Event().wait()


if __name__ == "__main__":
    main()
