"""While the database refuses rows they go to the spill; afterwards every one is in its place.

Faults are told by a fake disk here; the real ones are in tests/process/test_faults.py.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from monitor.records import Record
from monitor.storage.backlog import Entry
from monitor.storage.recorder import Recorder
from monitor.storage.refuge import RESERVE_NAME, SPILL_NAME, DiskRefuge
from monitor.storage.unsaved import with_unsaved
from tests.monitor.storage.disks import WAIT_S, CountingSeal, Disk, Statuses, stored_rows

GB = 1_000_000_000
Start = Callable[..., Recorder]


class Data:
    """A data folder: its database, its spill and how much room is left."""

    def __init__(self, path: Path) -> None:
        self.disk = Disk(path)
        self.folder = path.parent
        self.free_bytes = 50 * GB
        self.statuses = Statuses()
        self._spilled = 0
        self._changed = threading.Condition()

    def refuge(self, spill_bytes: int = 65_536) -> DiskRefuge:
        return TellingRefuge(
            self,
            self.folder,
            CountingSeal(),
            free_bytes=lambda _folder: self.free_bytes,
            spill_bytes=spill_bytes,
            reserve_bytes=10_000,
        )

    def has_spilled(self, count: int) -> None:
        with self._changed:
            self._spilled += count
            self._changed.notify_all()

    def wait_until_spilled(self, count: int) -> None:
        """Wait until so many more rows are in the spill."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._spilled >= count, WAIT_S)
            self._spilled -= count

    def spilled(self) -> list[Record]:
        """What a program that starts now would find in the spill."""
        refuge = self.refuge()
        left, _ = refuge.begin()
        refuge.close()
        return [entry.record for entry in left]

    def spill_is_wiped(self) -> bool:
        return not any((self.folder / SPILL_NAME).read_bytes())


class TellingRefuge(DiskRefuge):
    """Tells how many rows it took."""

    def __init__(self, data: Data, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        self._data = data

    def keep(self, entries: Sequence[Entry]) -> tuple[int, ...] | None:
        kept = super().keep(entries)
        self._data.has_spilled(len(kept or ()))
        return kept


@pytest.fixture
def data(path: Path) -> Data:
    return Data(path)


@pytest.fixture
def start(data: Data) -> Iterator[Start]:
    """Start a recorder, as each program does that opens the folder."""
    started: list[Recorder] = []

    def start(**options) -> Recorder:
        refuge = options.pop("refuge", None) or data.refuge()
        options = {"retry_s": 0.01} | options
        recorder = Recorder(data.disk.open, data.statuses.hear, refuge=refuge, **options)
        recorder.start()
        started.append(recorder)
        return recorder

    yield start
    for recorder in started:
        recorder.stop(0.2)


def refuse(data: Data, recorder: Recorder, rows: list[Record]) -> None:
    """Let the disk fail, put rows, and wait until the spill holds every row."""
    data.disk.fault = "The disk does not work"
    put_aside(data, recorder, rows)


def put_aside(data: Data, recorder: Recorder, rows: list[Record]) -> None:
    recorder.put(rows)
    data.statuses.wait_for(data.disk.fault)
    data.wait_until_spilled(len(rows))


# ---- a fault that ends


def test_while_the_database_refuses_rows_they_are_in_the_spill(
    start: Start, data: Data, records
) -> None:
    recorder = start()
    refuse(data, recorder, records)
    assert data.spilled() == records
    status = recorder.status()
    assert (status.is_recording, status.waiting, status.lost) == (False, len(records), 0)


def test_when_the_fault_ends_every_row_is_written_and_the_spill_wiped(
    start: Start, data: Data, records
) -> None:
    recorder = start()
    recorder.put(records[:2])
    recorder.flush(WAIT_S)
    refuse(data, recorder, records[2:5])
    recorder.put(records[5:])
    data.disk.fault = ""
    assert recorder.flush(WAIT_S)
    assert stored_rows(data.disk.path) == records
    recorder.stop(WAIT_S)
    assert data.spill_is_wiped()
    assert recorder.status().lost == 0


def test_a_second_fault_is_as_well_survived_as_the_first(start: Start, data: Data, records) -> None:
    recorder = start()
    for row in records:
        refuse(data, recorder, [row])
        data.disk.fault = ""
        assert recorder.flush(WAIT_S)
    assert stored_rows(data.disk.path) == records


def test_more_rows_than_memory_takes_are_fetched_back_from_the_spill(
    start: Start, data: Data, maker
) -> None:
    recorder = start(capacity=5)
    rows = [maker.opened(), maker.phase("baseline"), *(maker.reading(t) for t in range(50))]
    refuse(data, recorder, rows[:5])
    for row in rows[5:]:
        put_aside(data, recorder, [row])
    assert (recorder.status().waiting, recorder.status().lost) == (len(rows), 0)
    data.disk.fault = ""
    assert recorder.flush(WAIT_S)
    assert stored_rows(data.disk.path) == rows
    assert recorder.status().lost == 0


def test_what_neither_memory_nor_spill_has_room_for_is_counted_and_shown(
    start: Start, data: Data, maker
) -> None:
    recorder = start(capacity=5, refuge=data.refuge(spill_bytes=512))
    rows = [maker.opened(), *(maker.reading(t) for t in range(50))]
    data.disk.fault = "The disk does not work"
    recorder.put(rows)
    data.statuses.wait_for("The disk does not work")
    data.disk.fault = ""
    assert recorder.flush(WAIT_S)
    lost = recorder.status().lost
    assert lost > 0
    assert len(stored_rows(data.disk.path)) == len(rows) - lost
    data.statuses.wait_for(f"{lost} rows could not be kept", is_recording=True)


def test_without_a_spill_rows_wait_in_memory(start: Start, data: Data, records, caplog) -> None:
    data.folder.mkdir()
    (data.folder / SPILL_NAME).mkdir()
    recorder = start()
    data.disk.fault = "The disk does not work"
    recorder.put(records)
    data.statuses.wait_for("The disk does not work")
    data.disk.fault = ""
    assert recorder.flush(WAIT_S)
    assert stored_rows(data.disk.path) == records
    assert "no spill file" in caplog.text


# ---- a program that dies meanwhile


def test_rows_of_a_program_that_died_are_written_before_the_next_begins(
    start: Start, data: Data, records
) -> None:
    died = start()
    refuse(data, died, records)
    assert died.stop(0.05), "all its rows are in the spill: none had to be given up"
    data.disk.fault = ""
    start()
    assert stored_rows(data.disk.path) == records


def test_what_was_written_before_it_died_is_not_written_twice(
    start: Start, data: Data, records
) -> None:
    """It died between the commit and the wiping of the spill."""
    died = start()
    refuse(data, died, records)
    died.stop(0.05)
    spill = (data.folder / SPILL_NAME).read_bytes()
    data.disk.fault = ""
    start().stop(WAIT_S)
    (data.folder / SPILL_NAME).write_bytes(spill)
    again = start()
    assert stored_rows(data.disk.path) == records
    assert again.status().lost == 0


def test_a_next_program_whose_database_still_refuses_knows_the_rows(
    start: Start, data: Data, records
) -> None:
    """Or it would resume the session as it was before, and number new rows like the old ones."""
    died = start()
    refuse(data, died, records)
    died.stop(0.05)
    next_one = start()
    assert next_one.waiting_rows() == tuple(records)
    (session,) = with_unsaved([], next_one.waiting_rows())
    assert [session.opened, *session.rows] == records
    data.disk.fault = ""
    assert next_one.flush(WAIT_S)


def test_rows_of_three_programs_that_died_are_all_there(start: Start, data: Data, records) -> None:
    for part in (records[:3], records[3:5], records[5:]):
        died = start()
        refuse(data, died, part)
        died.stop(0.05)
        data.statuses = Statuses()
    data.disk.fault = ""
    start()
    assert stored_rows(data.disk.path) == records


def test_stop_says_how_many_rows_are_only_in_the_spill(
    start: Start, data: Data, records, caplog
) -> None:
    recorder = start()
    refuse(data, recorder, records)
    recorder.stop(0.05)
    assert f"0 rows not on disk, {len(records)} more in the spill" in caplog.text


# ---- room


def test_on_a_full_disk_the_reserve_is_given_up_and_recording_goes_on(
    start: Start, data: Data, records
) -> None:
    recorder = start()
    recorder.put(records[:1])
    recorder.flush(WAIT_S)
    reserve = data.folder / RESERVE_NAME
    assert reserve.exists()
    data.disk.is_full = reserve.exists
    data.free_bytes = 0
    recorder.put(records[1:])
    assert recorder.flush(WAIT_S)
    assert not reserve.exists()
    assert stored_rows(data.disk.path) == records
    status = recorder.status()
    assert (status.is_recording, status.is_space_low) == (True, True)


def test_how_much_room_there_is_is_said_when_a_session_opens(
    start: Start, data: Data, maker
) -> None:
    recorder = start()
    assert recorder.status().space == ""
    data.free_bytes = int(1.5 * GB)
    recorder.put([maker.opened()])
    recorder.stop(WAIT_S)
    status = recorder.status()
    assert (status.space, status.is_space_low) == (
        "1.5 GB are free on the disk of the records: make room soon",
        False,
    )


def test_room_is_looked_at_once_a_minute(start: Start, data: Data, maker) -> None:
    now = [0.0]
    recorder = start(monotonic=lambda: now[0])
    recorder.put([maker.opened()])
    recorder.flush(WAIT_S)
    data.free_bytes = 1
    now[0] = 59.0
    recorder.put([maker.reading()])
    recorder.flush(WAIT_S)
    assert recorder.status().space == ""
    now[0] = 61.0
    recorder.put([maker.reading()])
    recorder.stop(WAIT_S)
    assert recorder.status().is_space_low


def test_and_as_soon_as_a_fault_is_over(start: Start, data: Data, maker) -> None:
    now = [0.0]
    recorder = start(monotonic=lambda: now[0])
    recorder.put([maker.opened()])
    assert recorder.flush(WAIT_S)
    now[0], data.free_bytes = 61.0, 0
    refuse(data, recorder, [maker.reading()])
    assert recorder.status().is_space_low
    data.free_bytes, data.disk.fault = int(50 * GB), ""
    assert recorder.flush(WAIT_S)
    recorder.stop(WAIT_S)
    assert not recorder.status().is_space_low
