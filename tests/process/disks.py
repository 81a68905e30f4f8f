"""Real faults of a disk, made and mended: full, too small a limit, read-only, locked, gone.

Knows mounts, limits and modes of POSIX. Must not know what is on the disk.
"""

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

IS_ROOT = os.geteuid() == 0


def run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=20)


@contextlib.contextmanager
def small_disk(at: Path, size: str) -> Iterator[Path]:
    """Mount a disk of its own in memory."""
    if not IS_ROOT or sys.platform != "linux":
        pytest.skip("only root on Linux can mount a disk; the limit on file sizes is tested")
    at.mkdir()
    try:
        run("mount", "-t", "tmpfs", "-o", f"size={size}", "vigil-test", at)
    except (OSError, subprocess.CalledProcessError) as refusal:
        pytest.skip(f"no disk can be mounted here: {refusal}")
    try:
        yield at
    finally:
        run("umount", "-l", at)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[None]:
    """Fill a disk to its last byte, and make room again at the end."""
    ballast = disk / "ballast"
    fill(ballast)
    try:
        yield
    finally:
        ballast.unlink()


def fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass


@contextlib.contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let every write beyond this size fail, in this whole process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


HOLD = """
import sys
from pathlib import Path
from tests.keys import raw
connection = raw(Path(sys.argv[1]))
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@contextlib.contextmanager
def locked_by_another_process(database: Path) -> Iterator[None]:
    """Let another process hold the write lock."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        holder.communicate("")


@contextlib.contextmanager
def moved_away(folder: Path) -> Iterator[None]:
    """Take a folder away and bring it back."""
    away = folder.with_name("away")
    folder.rename(away)
    try:
        yield
    finally:
        away.rename(folder)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let nobody write into a folder: root by the mount, others by its mode."""
    if IS_ROOT:
        run("mount", "-o", "remount,ro", folder)
    else:
        folder.chmod(0o500)
    try:
        yield
    finally:
        if IS_ROOT:
            run("mount", "-o", "remount,rw", folder)
        else:
            folder.chmod(0o700)
