"""The lock of a data folder holds on a folder that takes no file, and keeps out who can write."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import filelock
import pytest

from monitor.address import Address, Nameplate, address_of, free_address
from monitor.errors import OperatorError
from monitor.standin import make_standin, read_standin, remove_standin, standins, write_standin
from ui import folder_lock
from ui.folder_lock import FolderLock
from ui.only_writer import HOLDER, LOCK, is_held, only_writer, writer_of

if os.name == "nt":
    pytest.skip("modes and mounts are POSIX", allow_module_level=True)

from tests.process.disks import IS_ROOT, read_only, small_disk


class Unwritable(filelock.FileLock):  # type: ignore[misc, valid-type]  # a class per system
    """What filelock does on a read-only disk, on any disk."""

    def acquire(self, *_: object, **__: object) -> filelock.AcquireReturnProxy:
        raise OSError(30, "Read-only file system")


@pytest.fixture
def is_unwritable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_lock.filelock, "FileLock", Unwritable)


def test_who_can_only_read_the_lock_file_is_kept_out_by_who_wrote_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a second station would record as soon as the disk of the first is mended."""
    writer = FolderLock(tmp_path / LOCK)
    writer.acquire(0)
    monkeypatch.setattr(folder_lock.filelock, "FileLock", Unwritable)
    reader = FolderLock(tmp_path / LOCK)
    with pytest.raises(filelock.Timeout):
        reader.acquire(0)
    writer.release()
    reader.acquire(0)
    reader.release()


def test_and_the_other_way_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / LOCK).touch()
    with monkeypatch.context() as patched:
        patched.setattr(folder_lock.filelock, "FileLock", Unwritable)
        reader = FolderLock(tmp_path / LOCK)
        reader.acquire(0)
    with pytest.raises(filelock.Timeout):
        FolderLock(tmp_path / LOCK).acquire(0)
    reader.release()
    assert not reader.is_on_folder


@pytest.mark.usefixtures("is_unwritable")
def test_without_a_lock_file_the_folder_itself_is_locked(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / LOCK)
    first.acquire(0)
    assert first.is_on_folder
    assert is_held(tmp_path)
    first.release()
    assert not is_held(tmp_path)


@pytest.mark.usefixtures("is_unwritable")
def test_a_hold_on_the_folder_itself_is_kept(tmp_path: Path) -> None:
    with only_writer(tmp_path) as hold:
        assert all(hold.is_kept() for _ in range(4))


def test_a_hold_on_the_folder_itself_ends_when_another_locked_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(folder_lock.filelock, "FileLock", Unwritable)
        context = only_writer(tmp_path)
        hold = context.__enter__()
    other = FolderLock(tmp_path / LOCK)
    other.acquire(0)
    assert not hold.is_kept()
    other.release()
    context.__exit__(None, None, None)


HOLD = """
import sys
from pathlib import Path
from ui.only_writer import only_writer
with only_writer(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_of_a_holder_that_was_killed_is_free_within_a_second(tmp_path: Path) -> None:
    """Fault matrix, row 23."""
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert writer_of(tmp_path) == holder.pid
        with pytest.raises(OperatorError, match="Another Vigil station"):
            only_writer(tmp_path).__enter__()
        holder.kill()
        holder.wait(5)
        began = time.monotonic()
        with only_writer(tmp_path):
            assert time.monotonic() - began < 1


# ---- what a station says of itself there


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder that takes no file."""
    kind = small_disk(tmp_path / "disk", "1m") if IS_ROOT else None
    folder = kind.__enter__() if kind else tmp_path / "disk"
    folder.mkdir(exist_ok=True)
    with read_only(folder):
        yield folder
    assert read_standin(folder, "station.json") is None
    if kind:
        kind.__exit__(None, None, None)


def test_on_a_read_only_disk_the_holder_and_its_address_are_found(data: Path) -> None:
    with only_writer(data) as hold:
        assert writer_of(data) == os.getpid()
        where = free_address(data)
        assert Path(where).parent in standins(data)
        plate = Nameplate(data, Address(where, b"secret", os.getpid()))
        assert address_of(data) == Address(where, b"secret", os.getpid())
        plate.look()
        assert hold.is_kept()
        plate.take_down()
    assert address_of(data) is None
    assert writer_of(data) is None
    assert not any(place.exists() for place in standins(data))


def test_when_the_disk_takes_files_again_the_stand_in_goes(tmp_path: Path) -> None:
    write_standin(tmp_path, HOLDER, b"1")
    write_standin(tmp_path, "station.json", b"{}")
    with only_writer(tmp_path):
        assert writer_of(tmp_path) == os.getpid()
        plate = Nameplate(tmp_path, Address("here", b"secret", os.getpid()))
        assert not any(place.exists() for place in standins(tmp_path))
        assert address_of(tmp_path) == Address("here", b"secret", os.getpid())
        plate.take_down()


def test_a_folder_that_is_gone_has_no_stand_in(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    plate = Nameplate(folder, Address("here", b"secret", os.getpid()))
    (folder / "station.json").unlink()
    folder.rmdir()
    for _ in range(3):
        plate.look()
    assert not any(place.exists() for place in standins(folder))


def test_a_stand_in_that_others_may_write_into_is_never_read(tmp_path: Path) -> None:
    """Or anybody could show another station's pictures in the folder for all."""
    place = make_standin(tmp_path)
    (place / "station.json").write_bytes(b"false")
    assert read_standin(tmp_path, "station.json") == b"false"
    place.chmod(0o777)
    assert read_standin(tmp_path, "station.json") is None
    place.chmod(0o700)
    remove_standin(tmp_path, "station.json")
    place.symlink_to(tmp_path)
    assert read_standin(tmp_path, "station.json") is None
    place.unlink()
