"""Rows in the spill come back as they were; the room on the disk is judged and held in reserve."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.records import Record
from monitor.storage.backlog import Entry
from monitor.storage.refuge import DiskRefuge, pack, unpack
from monitor.storage.seal import AesSeal
from monitor.storage.space import Reserve, Room, is_want_of_room, room_for

MB, GB = 1_000_000, 1_000_000_000
SMALL = 8192
RESERVE = 100_000


class Free:
    """How many bytes the disk says are free; None: it does not answer."""

    def __init__(self, free: int | None = 50 * GB) -> None:
        self.free = free

    def __call__(self, _folder: Path) -> int:
        if self.free is None:
            raise OSError(errno.EIO, "Input/output error")
        return self.free


@pytest.fixture
def refuge() -> Iterator[Callable[..., DiskRefuge]]:
    every: list[DiskRefuge] = []

    def refuge(folder: Path, free: Free | None = None, key: bytes = bytes(32)) -> DiskRefuge:
        one = DiskRefuge(
            folder,
            AesSeal(key),
            free_bytes=free or Free(),
            spill_bytes=SMALL,
            reserve_bytes=RESERVE,
        )
        every.append(one)
        return one

    yield refuge
    for one in every:
        one.close()


def entries(records: list[Record]) -> list[Entry]:
    return [Entry(number, record) for number, record in enumerate(records, 1)]


@pytest.mark.parametrize("position", range(7))
def test_a_row_of_every_kind_comes_back_as_it_was(records, position: int) -> None:
    assert unpack(pack(records[position])) == records[position]


def test_what_one_process_put_in_the_next_takes_out_in_order(
    refuge, tmp_path: Path, records
) -> None:
    first = refuge(tmp_path)
    assert first.begin() == ((), 0)
    assert first.keep(entries(records)) == tuple(range(1, 8))
    first.close()
    left, unread = refuge(tmp_path).begin()
    assert [entry.number for entry in left] == list(range(-6, 1))
    assert ([entry.record for entry in left], unread) == (records, 0)


def test_single_rows_are_fetched_by_their_number(refuge, tmp_path: Path, records) -> None:
    one = refuge(tmp_path)
    one.begin()
    one.keep(entries(records))
    assert [entry.record for entry in one.fetch([2, 5])] == [records[1], records[4]]


def test_the_last_quarter_is_kept_for_what_matters_most(refuge, tmp_path: Path, maker) -> None:
    one = refuge(tmp_path)
    one.begin()
    readings = [Entry(number, maker.reading()) for number in range(1, 200)]
    kept = one.keep(readings)
    assert kept is not None
    assert 20 < len(kept) < 199
    assert one.keep([Entry(300, maker.pressure())]) == (300,)


def test_a_full_spill_says_so_and_keeps_what_it_has(refuge, tmp_path: Path, maker, caplog) -> None:
    one = refuge(tmp_path)
    one.begin()
    alarms = [Entry(number, maker.transition()) for number in range(1, 200)]
    kept = one.keep(alarms)
    assert kept == tuple(range(1, len(kept or ()) + 1))
    assert one.keep([Entry(300, maker.transition())]) == ()
    assert "the spill file is full" in caplog.text
    one.emptied()
    assert one.keep([Entry(301, maker.transition())]) == (301,)


def test_a_row_that_nobody_can_store_is_left_out(refuge, tmp_path: Path, maker) -> None:
    one = refuge(tmp_path)
    one.begin()
    rows = [Entry(1, maker.reading(value=float("nan"))), Entry(2, maker.phase("\ud800"))]
    assert one.keep([*rows, Entry(3, maker.reading())]) == (2, 3)


def test_rows_of_another_key_are_counted_and_kept_for_somebody_who_has_it(
    refuge, tmp_path: Path, records, caplog
) -> None:
    first = refuge(tmp_path)
    first.begin()
    first.keep(entries(records))
    first.close()
    sealed = (tmp_path / "spill.bin").read_bytes()
    other = refuge(tmp_path, key=bytes(31) + b"x")
    assert other.begin() == ((), 7)
    other.emptied()
    assert (tmp_path / "spill-unread-1.bin").read_bytes() == sealed
    assert "7 rows unreadable" in caplog.text
    assert other.keep(entries(records)[:1]) == (1,)


def test_a_record_that_is_no_row_of_ours_is_unread(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no row"):
        unpack(b"\x93\x01\x02\x03")
    with pytest.raises(Exception, match="no row"):
        unpack(b"\x92\xa6ghosts\x80")


def test_without_a_folder_that_can_be_written_it_takes_no_rows_and_raises_nothing(
    refuge, tmp_path: Path, records, caplog
) -> None:
    (tmp_path / "file").touch()
    one = refuge(tmp_path / "file" / "data")
    assert one.begin() == ((), 0)
    assert one.keep(entries(records)) is None
    assert one.fetch([1]) == ()
    one.emptied()
    one.close()
    assert "no spill file" in caplog.text


# ---- room


@pytest.mark.parametrize(
    ("free", "room"),
    [
        (2 * GB, Room()),
        (2 * GB - 1, Room("2.0 GB are free on the disk of the records: make room soon")),
        (500 * MB, Room("0.5 GB are free on the disk of the records: make room soon")),
        (
            500 * MB - 1,
            Room("Only 499 MB are free on the disk of the records: make room now", is_low=True),
        ),
        (0, Room("Only 0 MB are free on the disk of the records: make room now", is_low=True)),
    ],
)
def test_below_two_gigabytes_is_a_note_and_below_half_of_one_a_warning(
    free: int, room: Room
) -> None:
    assert room_for(free) == room


def test_a_disk_that_does_not_say_what_is_free_has_what_it_had(refuge, tmp_path: Path) -> None:
    free = Free(400 * MB)
    one = refuge(tmp_path, free)
    assert one.look().is_low
    free.free = None
    assert one.look().is_low


def test_the_reserve_is_held_while_there_is_room_given_up_once_and_held_again(
    refuge,
    tmp_path: Path,
) -> None:
    free, file = Free(), tmp_path / "reserve.bin"
    one = refuge(tmp_path, free)
    one.look()
    assert file.stat().st_blocks * 512 >= RESERVE
    full = OperatorError("The disk is full", "make room")
    assert one.make_room(full)
    assert not file.exists()
    assert not one.make_room(full)
    free.free = 400 * MB
    one.look()
    assert not file.exists()
    free.free = GB
    one.look()
    assert file.stat().st_size == RESERVE


def test_under_a_quota_the_reserve_is_not_given_up_and_made_again_at_every_try(
    refuge, tmp_path: Path
) -> None:
    """A quota says that much is free: the second refusal is a fault, and said as one."""
    quota = OperatorError("The database cannot be written (disk I/O error)", "look at the disk")
    one = refuge(tmp_path, Free(2 * GB))
    one.look()
    assert one.make_room(quota)
    one.look()
    assert not one.make_room(quota)
    one.look()
    assert (tmp_path / "reserve.bin").exists()


def test_only_a_disk_without_room_costs_the_reserve(refuge, tmp_path: Path) -> None:
    one = refuge(tmp_path)
    one.look()
    assert not one.make_room(OperatorError("Another program holds the database", "close it"))
    assert (tmp_path / "reserve.bin").exists()


def test_a_quota_says_input_output_error(tmp_path: Path) -> None:
    assert is_want_of_room(OperatorError("It does not work (disk I/O error)", "check the disk"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_the_reserve_is_this_user_s_alone(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve.bin", RESERVE)
    assert reserve.hold()
    assert (tmp_path / "reserve.bin").stat().st_mode & 0o777 == 0o600


def test_a_reserve_that_does_not_fit_leaves_nothing_behind(tmp_path: Path, caplog) -> None:
    reserve = Reserve(tmp_path / "gone" / "reserve.bin", RESERVE)
    assert not reserve.hold()
    assert not reserve.is_held
    assert "no reserve of disk space" in caplog.text
