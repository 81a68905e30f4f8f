"""What is left when the power goes: every row that the recorder said it had.

Run it as root on Linux: ``python tests/bench/powerloss.py [--cuts N] [--control]``. A recorder
writes to an ext4 disk that lies in a file. At random moments the file is copied: it holds what
the system had sent to the disk by then, and nothing of what was still in the system's memory. Each
copy is mounted, which replays its journal as after a real power cut, and judged. ``--control``
writes without syncing: that must lose rows, or this bench proves nothing.

Emulated: the loss of all memory of the computer at one moment. Not emulated: a disk that loses or
reorders what it has received, or tears a sector (reliability brief, 2.4, did that with a shim).
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from monitor.storage.database import Database
from ui.bench.judging import Verdict, judge
from ui.bench.writing import NUMBER, open_bench, tell_to, write

IMAGE_MB = 48
CUTS_PER_DISK = 20
SHORTEST_S, LONGEST_S = 0.02, 0.3


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--cuts", type=int, default=100)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--control", action="store_true", help="no sync: must lose rows")
    options = words.parse_args()
    if os.name != "posix" or os.geteuid() != 0 or sys.platform != "linux":
        sys.exit("powerloss: only root on Linux can mount the disk it needs.")
    chance = random.Random(options.seed)
    began, verdicts = time.monotonic(), list[Verdict]()
    while (left := options.cuts - len(verdicts)) > 0:
        verdicts += one_disk(min(CUTS_PER_DISK, left), chance, options.control)
    losing = sum(not verdict.is_good for verdict in verdicts)
    total: Counter[str] = Counter()
    for one in verdicts:
        total.update(figures(one))
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"cuts": len(verdicts), "bad_cuts": losing, **total, "seconds": seconds}))
    sys.exit(1 if losing else 0)


def figures(verdict: Verdict) -> dict[str, int]:
    return {
        "acknowledged": verdict.acknowledged,
        "stored": verdict.stored,
        "lost": len(verdict.lost),
        "altered": verdict.altered,
        "holes": verdict.holes,
        "integrity_failures": verdict.integrity_failures,
        "broken_chains": verdict.broken_chains,
    }


def one_disk(cuts: int, chance: random.Random, is_control: bool) -> list[Verdict]:
    """Write to one disk and cut its power so often; judge what each cut left."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        image = folder / "disk.img"
        with image.open("wb") as file:
            file.truncate(IMAGE_MB * 1_000_000)
        run("mkfs.ext4", "-q", "-F", image)
        with mounted(image, folder / "disk") as disk, writing(disk, is_control) as writer:
            return [one_cut(writer, image, folder, chance) for _ in range(cuts)]


class Writer:
    """The recorder's process, and the rows that it has acknowledged so far."""

    def __init__(self, pid: int, hear: int) -> None:
        self.pid = pid
        self._hear = hear
        self._data = b""

    def stopped(self) -> set[int]:
        """Stop the process and return what it had acknowledged by then."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)
        with contextlib.suppress(BlockingIOError):
            while piece := os.read(self._hear, 65_536):
                self._data += piece
        whole = len(self._data) - len(self._data) % NUMBER.size
        return {number for (number,) in NUMBER.iter_unpack(self._data[:whole])}

    def goes_on(self) -> None:
        """Let the process go on."""
        os.kill(self.pid, signal.SIGCONT)


@contextlib.contextmanager
def writing(disk: Path, is_control: bool) -> Iterator[Writer]:
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            write(disk, tell_to(tell), opened=open_unsynced if is_control else open_bench)
        finally:
            os._exit(3)
    os.close(tell)
    os.set_blocking(hear, False)
    try:
        yield Writer(child, hear)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(hear)


def open_unsynced(folder: Path) -> Database:
    """Open the bench's database and never sync it."""
    database = open_bench(folder)
    with contextlib.closing(database._engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA synchronous = OFF")
    return database


def one_cut(writer: Writer, image: Path, folder: Path, chance: random.Random) -> Verdict:
    time.sleep(chance.uniform(SHORTEST_S, LONGEST_S))
    acknowledged = writer.stopped()
    copy = folder / "copy.img"
    shutil.copyfile(image, copy)
    writer.goes_on()
    if not acknowledged:
        return Verdict()
    with mounted(copy, folder / "copy") as left:
        return judge(left, acknowledged)


@contextlib.contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    # commit=60: what was not synced stays in memory for longer than a cut takes to come.
    run("mount", "-o", "loop,commit=60", image, at)
    try:
        yield at
    finally:
        run("umount", "-l", at)


def run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60)


if __name__ == "__main__":
    main()
