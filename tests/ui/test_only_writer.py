"""One process records into a folder, whatever happens to its lock file; nobody else is named."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from monitor.errors import OperatorError
from ui.only_writer import HOLDER, LOCK, has_lock_open, is_held, only_writer, writer_of

needs_posix = pytest.mark.skipif(os.name == "nt", reason="an open file cannot be deleted there")
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="open files are listed in /proc")


def other_lock(folder: Path) -> filelock.BaseFileLock:
    """Return a lock as another process would have it: flock tells file descriptions apart."""
    return filelock.FileLock(folder / LOCK, thread_local=False)


def test_the_holder_is_named_while_it_holds_and_not_after(tmp_path: Path) -> None:
    with only_writer(tmp_path) as hold:
        assert is_held(tmp_path)
        assert writer_of(tmp_path) == os.getpid()
        assert hold.is_kept()
        with pytest.raises(OperatorError, match="records into"), only_writer(tmp_path):
            pass
        assert writer_of(tmp_path) == os.getpid()
    assert not is_held(tmp_path)
    assert not (tmp_path / HOLDER).exists()


def test_a_holder_without_a_number_holds_all_the_same(tmp_path: Path) -> None:
    with only_writer(tmp_path):
        (tmp_path / HOLDER).unlink()
        assert writer_of(tmp_path) is None
        assert is_held(tmp_path)


def test_two_who_ask_at_the_same_moment_do_not_take_each_other_for_a_holder(
    tmp_path: Path,
) -> None:
    asking = other_lock(tmp_path)
    asking.acquire()
    threading.Timer(0.03, asking.release).start()
    assert not is_held(tmp_path)


@needs_posix
def test_a_deleted_lock_file_is_locked_anew_at_the_second_look(tmp_path: Path) -> None:
    with only_writer(tmp_path) as hold:
        (tmp_path / LOCK).unlink()
        assert hold.is_kept()
        assert not (tmp_path / LOCK).exists()  # the whole folder may be on its way out
        assert hold.is_kept()
        assert is_held(tmp_path)
        with pytest.raises(filelock.Timeout):
            other_lock(tmp_path).acquire(timeout=0)
        assert writer_of(tmp_path) == os.getpid()
        assert hold.is_kept()
    assert not is_held(tmp_path)


@needs_posix
def test_a_lock_file_that_only_an_asker_made_anew_is_locked_at_once(tmp_path: Path) -> None:
    with only_writer(tmp_path) as hold:
        (tmp_path / LOCK).unlink()
        assert not is_held(tmp_path)
        assert hold.is_kept()
        assert is_held(tmp_path)


@needs_posix
def test_who_lost_the_folder_to_another_ends_and_leaves_its_name_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other = other_lock(tmp_path)
    with only_writer(tmp_path) as hold:
        (tmp_path / LOCK).unlink()
        other.acquire(timeout=1)
        (tmp_path / HOLDER).write_text("77")
        assert not hold.is_kept()
    assert writer_of(tmp_path) == 77
    assert "another process has the data folder" in caplog.text
    other.release()


@needs_posix
def test_a_folder_that_has_gone_is_not_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    with only_writer(folder) as hold:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        assert hold.is_kept()
        assert hold.is_kept()
        assert not is_held(folder)
    assert not folder.exists()


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


@needs_proc
def test_only_a_process_that_has_the_lock_file_open_can_be_the_holder(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    with only_writer(tmp_path):
        assert has_lock_open(tmp_path, os.getpid())
        assert not has_lock_open(tmp_path, sleeper.pid)
    assert not has_lock_open(tmp_path, os.getpid())
    assert not has_lock_open(tmp_path, 2**22 + 1)
