"""The spill takes records when nothing else does, gives each back whole, and loses no other.

The tests of the file itself; what the recorder does with it is in test_recorder_refuge.py.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.storage.seal import AesSeal
from monitor.storage.spill import SPILL_BYTES, BrokenSeal, Spill
from tests.monitor.storage.disks import CountingSeal

SIZE = 4096
SEALED = 4 + 12 + 16
"""What a record takes besides its own bytes."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spill.bin"


@pytest.fixture
def opened(file: Path) -> Iterator[Callable[..., Spill]]:
    """Open the spill anew, as a program does that was started again."""
    every: list[Spill] = []

    def opened(size: int = SIZE) -> Spill:
        spill = Spill(file, CountingSeal(), size)
        spill.open()
        every.append(spill)
        return spill

    yield opened
    for spill in every:
        spill.close()


def _records(spill: Spill) -> list[bytes]:
    return list(spill.read().records.values())


def test_it_is_written_full_before_it_is_needed(file: Path, opened: Callable[..., Spill]) -> None:
    spill = opened(SPILL_BYTES)
    assert file.stat().st_size == SPILL_BYTES == 4 * 1024 * 1024
    assert (spill.is_empty, spill.room) == (True, SPILL_BYTES)
    if os.name == "posix":
        assert file.stat().st_blocks * 512 >= SPILL_BYTES
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_put_in_is_there_for_the_next_program(opened: Callable[..., Spill]) -> None:
    first = opened()
    assert first.append([b"one", b"two"]) == 2
    assert first.append([b"three"]) == 1
    again = opened()
    assert _records(again) == [b"one", b"two", b"three"]
    assert again.append([b"four"]) == 1
    assert _records(opened()) == [b"one", b"two", b"three", b"four"]


def test_it_never_grows(file: Path, opened: Callable[..., Spill]) -> None:
    spill = opened()
    taken = spill.append([bytes(100)] * 100)
    assert taken == SIZE // (100 + SEALED)
    assert spill.append([bytes(100)]) == 0
    assert file.stat().st_size == SIZE
    assert len(_records(opened())) == taken


def test_it_can_be_filled_to_the_last_byte(file: Path, opened: Callable[..., Spill]) -> None:
    spill = opened()
    assert spill.append([b"x" * (SIZE - SEALED)]) == 1
    assert spill.room == 0
    assert file.stat().st_size == SIZE
    assert len(_records(opened())) == 1


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=12), st.data())
def test_a_torn_tail_costs_the_last_record_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], data: st.DataObject
) -> None:
    file = tmp_path_factory.mktemp("torn") / "spill.bin"
    spill = Spill(file, CountingSeal(), SIZE)
    spill.open()
    spill.append(payloads)
    end = SIZE - spill.room
    spill.close()
    torn = data.draw(st.integers(1, SEALED + len(payloads[-1])))
    content = bytearray(file.read_bytes())
    content[end - torn : end] = bytes(torn)
    file.write_bytes(content)
    again = Spill(file, CountingSeal(), SIZE)
    again.open()
    read = list(again.read().records.values())
    assert read[: len(payloads) - 1] == payloads[:-1]
    assert len(read) <= len(payloads)
    again.append([b"next"])
    again.close()
    after = Spill(file, CountingSeal(), SIZE)
    after.open()
    assert list(after.read().records.values())[-1] == b"next"
    after.close()


def test_a_record_that_rotted_is_counted_and_the_others_are_read(
    file: Path, opened: Callable[..., Spill]
) -> None:
    opened().append([b"one", b"two", b"three"])
    content = bytearray(file.read_bytes())
    content[content.index(b"two")] ^= 1
    file.write_bytes(content)
    contents = opened().read()
    assert (contents.records, contents.broken) == ({0: b"one", 2: b"three"}, 1)


def test_a_length_that_rotted_loses_what_is_behind_it_but_wipes_nothing(
    file: Path, opened: Callable[..., Spill]
) -> None:
    opened().append([b"one", b"two", b"three"])
    content = bytearray(file.read_bytes())
    content[3 + SEALED] = 0x7F
    file.write_bytes(content)
    spill = opened()
    assert spill.read().broken == 1
    assert b"three" in file.read_bytes()


def test_emptied_it_holds_no_byte_of_what_it_held(file: Path, opened: Callable[..., Spill]) -> None:
    spill = opened()
    spill.append([b"one" * 50, b"two"])
    spill.empty()
    assert spill.is_empty
    assert not any(file.read_bytes())
    assert spill.append([b"new"]) == 1
    assert _records(opened()) == [b"new"]


def test_single_records_are_read_without_the_others(opened: Callable[..., Spill]) -> None:
    spill = opened()
    spill.append([b"one", b"two", b"three"])
    assert spill.read({1}).records == {1: b"two"}


def test_rows_that_nobody_can_read_are_kept_under_another_name(
    file: Path, opened: Callable[..., Spill]
) -> None:
    spill = opened()
    spill.append([b"one"])
    aside = spill.set_aside()
    assert aside.name == "spill-unread-1.bin"
    assert b"one" in aside.read_bytes()
    assert (spill.is_empty, file.stat().st_size) == (True, SIZE)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody delete an open file")
def test_a_deleted_file_takes_nothing(file: Path, opened: Callable[..., Spill]) -> None:
    spill = opened()
    file.unlink()
    with pytest.raises(FileNotFoundError):
        spill.append([b"one"])


def test_a_file_that_was_never_opened_takes_nothing(file: Path) -> None:
    with pytest.raises(OSError, match="not open"):
        Spill(file, CountingSeal()).append([b"one"])


# ---- the seal


def test_sealed_bytes_show_nothing_and_open_again() -> None:
    seal = AesSeal(bytes(32))
    one, two = seal.seal(b"Demo patient"), seal.seal(b"Demo patient")
    assert one != two
    assert b"Demo" not in one
    assert (seal.open(one), seal.open(two)) == (b"Demo patient", b"Demo patient")


@pytest.mark.parametrize("position", [0, 12, -1])
def test_a_changed_byte_breaks_the_seal(position: int) -> None:
    sealed = bytearray(AesSeal(bytes(32)).seal(b"Demo patient"))
    sealed[position] ^= 1
    with pytest.raises(BrokenSeal):
        AesSeal(bytes(32)).open(bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(28)])
def test_what_was_never_sealed_is_no_error_of_ours(sealed: bytes) -> None:
    with pytest.raises(BrokenSeal):
        AesSeal(bytes(32)).open(sealed)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(BrokenSeal):
        AesSeal(bytes(31) + b"x").open(AesSeal(bytes(32)).seal(b"Demo patient"))
