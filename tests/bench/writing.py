"""A recorder that writes as fast as it may and says which rows it holds, and a judge of the rest.

For the benches that kill it, cut its power or break its disk. Each row carries its own checksum.
As a program: ``python tests/bench/writing.py FOLDER ROWS`` writes so many rows and ends.
"""

import contextlib
import os
import random
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from monitor.errors import OperatorError
from monitor.readings import Quality
from monitor.records import HappeningKept, ReadingKept, Record, SessionOpened, SessionRow, Stamp
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, open_database
from monitor.storage.history import last_seq, load_session
from monitor.storage.keys import DataKey
from monitor.storage.recorder import Recorder
from monitor.storage.refuge import DiskRefuge
from monitor.storage.seal import AesSeal
from monitor.vitals import Vital

KEY = DataKey(bytes(range(32)), UUID(int=0xBE7C))
SESSION = "kills"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
MOST_IN_FLIGHT = 40
LONGEST_TEXT = 6000
NUMBER = struct.Struct(">I")

Open = Callable[[Path], Database]


def open_bench(folder: Path) -> Database:
    """Open the bench's database."""
    return open_database(folder / "vigil.db", KEY)


def row(seq: int) -> Record:
    """Return row ``seq``: the opening, a reading, or a text of any length with its checksum."""
    stamp = Stamp(SESSION, seq, seq / 8, OPENED + timedelta(seconds=seq / 8))
    if seq == 1:
        return SessionOpened(
            stamp, "Chair 1", "", "bench", "", True, 2400.0, 300.0, "UTC", 0, "bench", {}
        )
    if seq % 3:
        return ReadingKept(stamp, "bench", Vital.SPO2, value_of(seq), Quality.OK, "oximeter")
    text = text_of(seq)
    return HappeningKept(
        stamp, "notice", {"code": "x", "text": text, "crc": zlib.crc32(text.encode())}
    )


def value_of(seq: int) -> float:
    """Return what reading ``seq`` must say."""
    return float(zlib.crc32(NUMBER.pack(seq)) % 1000)


def text_of(seq: int) -> str:
    """Return what text ``seq`` must say: 8 to 6,000 letters."""
    noise = random.Random(seq)
    return noise.randbytes(noise.randint(4, LONGEST_TEXT // 2)).hex()


def write(
    folder: Path,
    tell: int,
    count: int | None = None,
    *,
    opened: Open = open_bench,
    lies: bool = False,
) -> int:
    """Write rows after those that are there; tell the number of each that was committed.

    Without ``count`` it goes on until somebody kills it. Returns how many rows were lost. With
    ``lies`` it tells of rows that were only put: the control that a bench can fail.
    """
    room = threading.Semaphore(MOST_IN_FLIGHT)

    def committed(numbers: tuple[int, ...]) -> None:
        if not lies:
            os.write(tell, b"".join(map(NUMBER.pack, numbers)))
        room.release(len(numbers))

    refuge = DiskRefuge(folder, AesSeal(KEY.derived("spill")), spill_bytes=1 << 20)
    recorder = Recorder(lambda: opened(folder), committed=committed, refuge=refuge, retry_s=0.05)
    recorder.start()
    while not recorder.status().is_recording:
        time.sleep(0.01)
    seq = next_seq(folder)
    last = sys.maxsize if count is None else seq + count
    while seq < last:
        room.acquire()
        recorder.put([row(seq)], received_ns=seq)
        if lies:
            os.write(tell, NUMBER.pack(seq))
        seq += 1
    recorder.flush()
    recorder.stop()
    return recorder.status().lost


def next_seq(folder: Path) -> int:
    """Return the number that the next row must have."""
    with open_database(folder / "vigil.db", KEY, read_only=True) as database:
        return last_seq(database, SESSION) + 1


@dataclass(slots=True)
class Verdict:
    """What became of the rows."""

    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    altered: int = 0
    holes: int = 0
    integrity_failures: int = 0

    def add(self, other: "Verdict") -> None:
        """Add up another one's."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def is_good(self) -> bool:
        """Whether nothing is missing or wrong."""
        return not (self.lost or self.altered or self.holes or self.integrity_failures)


def judge(folder: Path, acknowledged: set[int]) -> Verdict:
    """Open what is left and compare it with what was acknowledged."""
    try:
        stored = read(folder)
    except OperatorError:
        return Verdict(len(acknowledged), lost=len(acknowledged), integrity_failures=1)
    numbers = {one.stamp.seq for one in stored}
    return Verdict(
        acknowledged=len(acknowledged),
        stored=len(stored),
        lost=len(acknowledged - numbers),
        altered=sum(not is_as_written(one) for one in stored),
        holes=max(numbers, default=0) - len(numbers),
        integrity_failures=int(is_damaged(folder)),
    )


def read(folder: Path) -> list[Record]:
    """Return every row, after the recovery that the next start of a recorder does."""
    open_bench(folder).close()
    with open_database(folder / "vigil.db", KEY, read_only=True) as database:
        if last_seq(database, SESSION) == 0:
            return []
        stored = load_session(database, SESSION)
    return [stored.opened, *stored.rows]


def is_as_written(one: SessionRow | SessionOpened) -> bool:
    """Say whether a row is what ``row`` made."""
    return one == row(one.stamp.seq)


def is_damaged(folder: Path) -> bool:
    """Ask SQLite for its pages and SQLCipher for their seals."""
    with contextlib.closing(encrypted(KEY).open(folder / "vigil.db", Access.WRITE)) as connection:
        pages = connection.execute("PRAGMA integrity_check").fetchall()
        seals = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    return pages != [("ok",)] or bool(seals)


def main() -> None:
    """Write the rows asked for; exit 1 when one was lost."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    sys.exit(1 if write(folder, os.open(os.devnull, os.O_WRONLY), count) else 0)


if __name__ == "__main__":
    main()
