"""A recorder that writes as fast as it may and tells which rows it holds, until it is killed.

Knows the recorder with its refuge, and rows that carry their own checksum. Must not know when it is
killed, nor what is made of what it leaves (judging.py).

As a program, ``python -m ui.bench.writing FOLDER``, it says on standard output that it is ready,
goes on when its standard input ends, and tells there of every row that was committed, by number.
"""

import os
import random
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.readings import Quality
from monitor.records import HappeningKept, ReadingKept, Record, SessionOpened, Stamp
from monitor.storage.database import Database, open_database
from monitor.storage.history import last_seq
from monitor.storage.recorder import Recorder
from monitor.storage.refuge import DiskRefuge
from monitor.storage.seal import AesSeal
from monitor.vitals import Vital
from ui.bench.sample import KEY

FILE_NAME = "vigil.db"
SESSION = "kills"
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
MOST_IN_FLIGHT = 40
LONGEST_TEXT = 6000
SPILL_BYTES = 1 << 20
NUMBER = struct.Struct(">I")
READY = NUMBER.pack(0)
"""What the program says before it opens anything; rows are numbered from 1."""

Open = Callable[[Path], Database]
Tell = Callable[[Iterable[int]], None]


def open_bench(folder: Path) -> Database:
    """Open the database that is written to."""
    return open_database(folder / FILE_NAME, KEY)


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
    tell: Tell,
    count: int | None = None,
    *,
    opened: Open = open_bench,
    is_hasty: bool = False,
) -> int:
    """Write rows after those that are there; tell the number of each that was committed.

    Without ``count`` it goes on until somebody kills it. Returns how many rows were lost. With
    ``is_hasty`` it tells of rows before they are written: the control that a bench can fail.
    """
    room = threading.Semaphore(MOST_IN_FLIGHT)

    def committed(numbers: tuple[int, ...]) -> None:
        if not is_hasty:
            tell(numbers)
        room.release(len(numbers))

    refuge = DiskRefuge(folder, AesSeal(KEY.derived("spill")), spill_bytes=SPILL_BYTES)
    recorder = Recorder(lambda: opened(folder), committed=committed, refuge=refuge, retry_s=0.05)
    recorder.start()
    while not recorder.status().is_recording:
        time.sleep(0.01)
    seq = next_seq(folder)
    last = sys.maxsize if count is None else seq + count
    while seq < last:
        room.acquire()
        if is_hasty:
            tell((seq,))
        recorder.put([row(seq)], received_ns=seq)
        seq += 1
    recorder.flush()
    recorder.stop()
    return recorder.status().lost


def next_seq(folder: Path) -> int:
    """Return the number that the next row must have."""
    with open_database(folder / FILE_NAME, KEY, read_only=True) as database:
        return last_seq(database, SESSION) + 1


def tell_to(descriptor: int) -> Tell:
    """Return a way to tell numbers to whoever reads from this file."""
    return lambda numbers: _write_all(descriptor, b"".join(map(NUMBER.pack, numbers)))


def _write_all(descriptor: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        os._exit(1)  # whoever was to kill this process has gone: nobody else would end it


def main(folder: Path, *, is_hasty: bool = False) -> None:
    """Say that all is loaded, wait to be let go, and write until killed."""
    tell = tell_to(sys.stdout.fileno())
    tell((0,))
    sys.stdin.buffer.read()
    write(folder, tell, is_hasty=is_hasty)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
