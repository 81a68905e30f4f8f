"""What is put is on disk; a fault of the disk is said, waited out and made good."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from monitor.snapshot import RecordingView
from monitor.storage.database import Database
from monitor.storage.recorder import Recorder, pauses
from tests.monitor.storage.disks import WAIT_S, Disk, LockedByAnother, OnDisk, Statuses
from tests.monitor.storage.disks import stored_rows as _rows


@pytest.fixture
def disk(path: Path) -> Disk:
    return Disk(path)


@pytest.fixture
def statuses() -> Statuses:
    return Statuses()


@pytest.fixture
def start(disk: Disk, statuses: Statuses) -> Iterator[Callable[..., Recorder]]:
    started: list[Recorder] = []

    def start(**options) -> Recorder:
        recorder = Recorder(disk.open, statuses.hear, retry_s=0.01, **options)
        recorder.start()
        started.append(recorder)
        return recorder

    yield start
    for recorder in started:
        recorder.stop(WAIT_S)


def test_what_is_put_is_on_disk_after_a_flush(start, path: Path, records) -> None:
    recorder = start()
    recorder.put(records)
    assert recorder.flush(WAIT_S)
    assert _rows(path) == records
    assert recorder.status() == RecordingView(True, 0, 0, "")


def test_stop_writes_what_is_left(start, path: Path, records) -> None:
    recorder = start()
    recorder.put(records)
    assert recorder.stop(WAIT_S)
    assert _rows(path) == records


def test_it_does_not_claim_to_record_before_it_has_a_database(disk: Disk) -> None:
    assert not Recorder(disk.open).status().is_recording


def test_nor_after_it_was_stopped(start) -> None:
    recorder = start()
    recorder.stop(WAIT_S)
    assert recorder.status().reason == "Recording has stopped"


def test_a_database_that_cannot_be_opened_is_said_and_tried_again(
    start, disk: Disk, statuses: Statuses, records
) -> None:
    disk.fault = "The disk is full"
    recorder = start()
    recorder.put(records)
    assert statuses.wait_for("The disk is full").is_recording is False
    assert recorder.status().waiting == len(records)
    disk.fault = ""
    assert recorder.flush(WAIT_S)
    statuses.wait_for("", is_recording=True)
    assert _rows(disk.path) == records


def test_while_another_program_holds_the_database_rows_wait_and_then_all_are_written(
    start, disk: Disk, statuses: Statuses, records
) -> None:
    recorder = start()
    recorder.put(records[:2])
    recorder.flush(WAIT_S)
    with LockedByAnother(disk.path):
        recorder.put(records[2:])
        statuses.wait_for("Another program holds the database")
    assert recorder.flush(WAIT_S)
    assert _rows(disk.path) == records
    assert recorder.status().lost == 0


def test_a_row_that_cannot_be_stored_holds_up_no_other(
    start, disk: Disk, statuses: Statuses, records, caplog
) -> None:
    recorder = start()
    stamp = replace(records[2].stamp, seq=99)
    no_number = replace(records[2], stamp=stamp, value=float("nan"))
    stranger = replace(records[2], stamp=replace(stamp, session_id="nobody"))
    recorder.put([records[0], no_number, *records[1:4], stranger])
    recorder.put(records[4:])
    assert recorder.flush(WAIT_S)
    assert _rows(disk.path) == records
    statuses.wait_for("2 rows could not be kept", is_recording=True)
    assert "Demo patient" not in caplog.text


def test_a_database_that_has_gone_is_never_replaced_by_an_empty_one(
    start, disk: Disk, statuses: Statuses, records, tmp_path: Path
) -> None:
    recorder = start()
    recorder.put(records[:2])
    recorder.flush(WAIT_S)
    away = tmp_path / "away"
    disk.path.parent.rename(away)
    recorder.put(records[2:])
    statuses.wait_for("has gone")
    away.rename(disk.path.parent)
    assert recorder.flush(WAIT_S)
    assert _rows(disk.path) == records


def test_what_the_disk_took_twice_is_there_once(start, path: Path, records) -> None:
    recorder = start()
    recorder.put(records)
    recorder.put(records)
    recorder.flush(WAIT_S)
    assert _rows(path) == records


def test_a_fault_of_ours_is_said_and_does_not_end_the_recording(
    disk: Disk, records, caplog
) -> None:
    broken = threading.Event()

    def open_once_broken() -> Database:
        if not broken.is_set():
            broken.set()
            raise ZeroDivisionError
        return disk.open()

    statuses = Statuses()
    recorder = Recorder(open_once_broken, statuses.hear, retry_s=0.01)
    recorder.start()
    recorder.put(records)
    assert recorder.flush(WAIT_S)
    statuses.wait_for("fault in the program")
    assert recorder.stop(WAIT_S)
    assert _rows(disk.path) == records
    assert "the recorder failed and goes on" in caplog.text


def test_a_disk_that_does_not_return_is_said_within_two_seconds(disk: Disk, records) -> None:
    reached, mended = threading.Event(), threading.Event()
    now = [100.0]

    def hang() -> Database:
        reached.set()
        mended.wait(WAIT_S)
        return disk.open()

    recorder = Recorder(hang, monotonic=lambda: now[0])
    recorder.start(wait_s=0)
    recorder.put(records)
    reached.wait(WAIT_S)
    now[0] += 1.9
    assert recorder.status().reason == "The disk does not answer: check it"
    assert not recorder.status().is_recording
    mended.set()
    assert recorder.flush(WAIT_S)
    assert recorder.status().is_recording
    recorder.stop(WAIT_S)


def test_stop_gives_up_when_the_disk_never_comes_back_and_says_so(
    disk: Disk, records, caplog
) -> None:
    disk.fault = "The disk is full"
    recorder = Recorder(disk.open, retry_s=0.01)
    recorder.start()
    recorder.put(records)
    assert recorder.stop(timeout_s=0.05) is False
    assert f"{len(records)} rows not on disk" in caplog.text


def test_after_a_fault_the_file_is_closed_and_opened_anew(path: Path, records) -> None:
    """A connection that met with a fault is not to be trusted (brief, section 4: fsyncgate)."""
    disk, happened = Disk(path), []

    def open_noted() -> Database:
        happened.append("opened")
        return Noted(disk)

    class Noted(OnDisk):
        def close(self) -> None:
            happened.append("closed")
            super().close()

    statuses = Statuses()
    recorder = Recorder(open_noted, statuses.hear, retry_s=0.01)
    recorder.start()
    assert happened == ["opened"]
    disk.fault = "The disk is full"
    recorder.put(records)
    statuses.wait_for("The disk is full")
    disk.fault = ""
    assert recorder.flush(WAIT_S)
    recorder.stop(WAIT_S)
    assert happened[:3] == ["opened", "closed", "opened"]
    assert happened.count("opened") == happened.count("closed")


def test_the_arrival_times_of_written_rows_are_told(start, records, maker) -> None:
    heard: list[int] = []
    recorder = start(committed=heard.extend)
    recorder.put(records)
    recorder.put([maker.reading()], received_ns=12)
    recorder.put([maker.reading()], received_ns=13)
    recorder.stop(WAIT_S)
    assert heard == [12, 13]


def test_start_returns_when_it_is_known_that_rows_are_taken(start) -> None:
    assert start().status() == RecordingView(True, 0, 0, "")


def test_start_returns_when_it_is_known_that_no_rows_are_taken(start, disk: Disk) -> None:
    disk.fault = "The disk is full"
    assert start().status().reason == "The disk is full: mend it"


def test_a_database_that_was_replaced_by_another_is_opened_anew(
    start, disk: Disk, records, new_maker, tmp_path: Path
) -> None:
    """Rows for the old file would be gone with it, and nobody would be told."""
    recorder = start()
    recorder.put(records)
    assert recorder.flush(WAIT_S)
    copy = tmp_path / "copy.db"
    recorder.stop(WAIT_S)
    copy.write_bytes(disk.path.read_bytes())
    recorder = start()
    copy.replace(disk.path)
    for companion in ("vigil.db-wal", "vigil.db-shm"):
        disk.path.with_name(companion).unlink(missing_ok=True)
    more = new_maker("another")
    recorder.put([more.opened(), more.phase("baseline")])
    assert recorder.flush(WAIT_S)
    assert recorder.status().lost == 0
    assert _rows(disk.path) == records


def test_the_first_try_comes_soon_and_the_others_at_last_every_five_seconds() -> None:
    assert list(islice(pauses(5.0), 6)) == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0]


def test_a_flush_with_nothing_to_write_returns(start) -> None:
    assert start().flush(WAIT_S)
