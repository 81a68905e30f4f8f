"""A refuge on a disk that took nothing when the program began: read then, filled when it is mended.

Knows the refuge from outside, and a disk of its own.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from monitor.storage.backlog import Entry
from monitor.storage.refuge import SPILL_NAME, DiskRefuge
from tests.monitor.storage.disks import CountingSeal

if os.name == "nt":
    pytest.skip("modes and mounts are POSIX", allow_module_level=True)

from tests.process.disks import IS_ROOT, read_only, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    if not IS_ROOT:
        yield tmp_path
        return
    with small_disk(tmp_path / "disk", "1m") as at:
        yield at


def refuge(folder: Path) -> DiskRefuge:
    return DiskRefuge(folder, CountingSeal(), spill_bytes=65_536, reserve_bytes=4096)


@pytest.fixture
def died(disk: Path, records) -> None:
    """A program that put rows into its spill and died."""
    with closing(refuge(disk)) as before:
        before.begin()
        before.keep([Entry(number, record) for number, record in enumerate(records[:3], 1)])


def file_is_read_only(disk: Path) -> None:
    """For who is not root the mode of the folder lets the file be written still."""
    if not IS_ROOT:
        (disk / SPILL_NAME).chmod(0o400)


@pytest.mark.usefixtures("died")
def test_rows_of_a_program_that_died_are_read_from_a_disk_that_takes_none(
    disk: Path, records
) -> None:
    with read_only(disk):
        file_is_read_only(disk)
        with closing(refuge(disk)) as one:
            left, unread = one.begin()
            assert ([entry.record for entry in left], unread) == (records[:3], 0)
            assert one.keep([Entry(1, records[3])]) is None
            assert [entry.record for entry in one.fetch([-1])] == [records[1]]


@pytest.mark.usefixtures("died")
def test_and_more_are_kept_behind_them_when_it_is_mended(disk: Path, records, caplog) -> None:
    with closing(refuge(disk)) as one:
        with read_only(disk):
            file_is_read_only(disk)
            one.begin()
            assert one.keep([Entry(1, records[3])]) is None
            assert one.keep([Entry(1, records[3])]) is None
        (disk / SPILL_NAME).chmod(0o600)
        assert one.keep([Entry(1, records[3])]) == (1,)
        assert [entry.record for entry in one.fetch([-2, 1])] == [records[0], records[3]]
    assert caplog.text.count("takes no rows") == 1
    with closing(refuge(disk)) as after:
        assert [entry.record for entry in after.begin()[0]] == records[:4]


@pytest.mark.usefixtures("died")
def test_a_record_that_was_cut_short_costs_no_other_there(disk: Path, records) -> None:
    """It was never promised, and cannot be wiped on a disk that takes nothing."""
    file = disk / SPILL_NAME
    whole = bytearray(file.read_bytes())
    end = len(whole.rstrip(b"\0"))
    whole[end : end + 8] = (400).to_bytes(4, "big") + b"torn"
    file.write_bytes(whole)
    with closing(refuge(disk)) as one:
        with read_only(disk):
            file_is_read_only(disk)
            left, unread = one.begin()
            assert ([entry.record for entry in left], unread) == (records[:3], 0)
        file.chmod(0o600)
        assert one.keep([Entry(1, records[3])]) == (1,)
    with closing(refuge(disk)) as after:
        assert [entry.record for entry in after.begin()[0]] == records[:4]


def test_a_spill_that_could_not_be_made_is_made_when_it_can(tmp_path: Path, records) -> None:
    (tmp_path / SPILL_NAME).mkdir()
    with closing(refuge(tmp_path)) as one:
        assert one.begin() == ((), 0)
        assert one.keep([Entry(1, records[0])]) is None
        (tmp_path / SPILL_NAME).rmdir()
        assert one.keep([Entry(2, records[1])]) == (2,)
        assert [entry.record for entry in one.fetch([2])] == [records[1]]


def test_rows_that_nobody_knew_of_are_kept_under_another_name(tmp_path: Path, records) -> None:
    """The file could not be read when the program began, and can be now."""
    with closing(refuge(tmp_path / "other")) as other:
        other.begin()
        other.keep([Entry(1, records[0])])
    (tmp_path / SPILL_NAME).mkdir()
    with closing(refuge(tmp_path)) as one:
        one.begin()
        (tmp_path / SPILL_NAME).rmdir()
        shutil.copy(tmp_path / "other" / SPILL_NAME, tmp_path / SPILL_NAME)
        assert one.keep([Entry(2, records[1])]) == (2,)
        assert [entry.record for entry in one.fetch([2])] == [records[1]]
    aside = tmp_path / "spill-unread-1.bin"
    assert aside.read_bytes() == (tmp_path / "other" / SPILL_NAME).read_bytes()
