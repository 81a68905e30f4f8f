"""A real station whose lock file is deleted: it locks a new one, or ends when another has it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from monitor.pipe import connect
from tests.keys import set_up
from tests.process.clinic import wait_for
from ui.only_writer import LOCK, writer_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="an open file cannot be deleted there")


@pytest.fixture
def station(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    secret = set_up(tmp_path / "data")
    words = ("station", "--data", str(tmp_path / "data"), "--passphrase-file", str(secret))
    process = subprocess.Popen([sys.executable, "-m", "ui.cli", *words], stderr=subprocess.DEVNULL)
    try:
        watch = wait_for(lambda: connect(tmp_path / "data"), "the station's first answer")
        watch.close()
        yield process
    finally:
        process.kill()
        process.wait(5)


def test_it_locks_a_new_one_and_goes_on(tmp_path: Path, station: "subprocess.Popen[bytes]") -> None:
    (tmp_path / "data" / LOCK).unlink()
    wait_for(lambda: (tmp_path / "data" / LOCK).exists() or None, "another lock file")
    assert writer_of(tmp_path / "data") == station.pid
    assert station.poll() is None


def test_it_ends_when_another_has_the_folder(
    tmp_path: Path, station: "subprocess.Popen[bytes]"
) -> None:
    other = filelock.FileLock(tmp_path / "data" / LOCK, thread_local=False)
    (tmp_path / "data" / LOCK).unlink()
    with other.acquire(timeout=0.2):
        assert station.wait(20) == 0
