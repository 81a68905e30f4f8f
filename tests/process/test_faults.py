"""Real faults of the disk in a running session (fault matrix, rows 14 to 16; hazards H18, H19).

Each: NOT RECORDING within 2 s with a sentence, TECH-9 while it lasts, alarms and pictures go on,
and afterwards every row is in the database, once, and the database is whole. Figures are written
as junit properties.
"""

import contextlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from monitor.pipe import Doorbell, address_of
from monitor.records import Record
from monitor.snapshot import AlarmState
from monitor.storage.database import open_database
from monitor.storage.refuge import RESERVE_NAME, SPILL_NAME
from monitor.storage.salvage import open_sessions
from monitor.storage.unsaved import with_unsaved
from tests.keys import KEY
from tests.process.ward import PATIENCE_S, Ward, damage, opened_ward, stored_in
from ui.bench.benchmark import Work
from ui.bench.kills import kill_often
from ui.only_writer import only_writer

if os.name == "nt":
    pytest.skip("mounts, limits and kill -9 are POSIX", allow_module_level=True)

from tests.process.disks import (
    IS_ROOT,
    fill,
    full,
    locked_by_another_process,
    moved_away,
    no_file_larger_than,
    read_only,
    small_disk,
)

SAID_WITHIN_S = 2.0
"""The issue's own figure."""
Property = Callable[[str, object], None]
Context = contextlib.AbstractContextManager[None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "3m") as at:
        yield at


def survives(ward: Ward, fault: Context, words: str, note: Property) -> None:
    """Let a fault come and go in a session, and look at all that must hold."""
    with fault:
        took = ward.beat_until(lambda shown: not shown.recording.is_recording, "NOT RECORDING")
        note("said_after_s", round(took, 2))
        assert took < SAID_WITHIN_S
        assert words in ward.shown.recording.reason
        told = ward.alarm("TECH-9R")
        assert told is not None
        assert (told.priority.word, told.state) == ("medium", AlarmState.SOUNDING)
        assert words in told.text
        ward.cuff(184)
        assert ward.alarm("BP-H2") is not None
        before = ward.shown.now_s
        ward.beat(50)
        assert ward.shown.now_s > before
        assert ward.shown.recording.lost == 0
        note("most_waiting", ward.shown.recording.waiting)
    took = ward.beat_until(lambda shown: shown.recording.is_recording, "recording again")
    note("recording_again_after_s", round(took, 2))
    ward.beat_until(lambda _shown: ward.alarm("TECH-9R") is None, "the end of the alarm")
    everything_is_there(ward)


def everything_is_there(ward: Ward) -> None:
    assert ward.recorder.flush(PATIENCE_S)
    assert ward.recorder.status().lost == 0
    assert ward.recorder.stop(PATIENCE_S)
    assert ward.stored() == ward.put_rows
    spill = ward.database.with_name(SPILL_NAME)
    assert not spill.exists() or not any(spill.read_bytes())
    assert damage(ward.database) == []


def without_reserve(folder: Path) -> None:
    """The reserve has been used up by something else."""
    (folder / RESERVE_NAME).unlink(missing_ok=True)


def test_a_full_disk(disk: Path, record_property: Property) -> None:
    with opened_ward(disk) as ward:
        without_reserve(disk)
        survives(ward, full(disk), "The disk is full", record_property)


def test_on_a_full_disk_the_rows_lie_in_the_spill_meanwhile(disk: Path) -> None:
    with opened_ward(disk) as ward:
        without_reserve(disk)
        with full(disk):
            ward.beat_until(lambda shown: not shown.recording.is_recording, "NOT RECORDING")
            ward.beat(100)
            ward.beat_until(lambda _: ward.refuge.taken > 100, "rows in the spill")
        everything_is_there(ward)


def test_with_a_reserve_a_full_disk_is_a_warning_and_recording_goes_on(disk: Path) -> None:
    with opened_ward(disk) as ward:
        reserve = disk / RESERVE_NAME
        reserve.write_bytes(bytes(1_000_000))  # there is less than 500 MB: it was not made
        with full(disk):
            for _ in range(200):
                ward.beat(20)
                assert ward.recorder.flush(PATIENCE_S)
                if not reserve.exists():
                    break
            ward.beat()
            assert not reserve.exists()
            assert ward.shown.recording.is_recording
            assert ward.shown.recording.is_space_low
            assert ward.alarm("TECH-9S") is not None
        everything_is_there(ward)


def test_a_disk_that_fails_beyond_a_limit(tmp_path: Path, record_property: Property) -> None:
    """The shape that a quota has: an I/O error instead of a full disk. Works for every user."""
    with opened_ward(tmp_path / "data") as ward:
        limit = ward.database.with_name("vigil.db-wal").stat().st_size
        survives(ward, no_file_larger_than(limit), "check the disk", record_property)


def test_a_database_that_another_process_holds(tmp_path: Path, record_property: Property) -> None:
    with opened_ward(tmp_path / "data") as ward:
        held = locked_by_another_process(ward.database)
        survives(ward, held, "Another program holds the database", record_property)


def test_a_folder_that_is_gone(tmp_path: Path, record_property: Property) -> None:
    with opened_ward(tmp_path / "data") as ward:
        survives(ward, moved_away(tmp_path / "data"), "has gone", record_property)


def test_a_folder_that_became_read_only_while_recording_stood_still(
    tmp_path: Path, record_property: Property
) -> None:
    """A file that is open goes on being written; it is the next opening that fails."""
    kind = small_disk(tmp_path / "disk", "3m") if IS_ROOT else contextlib.nullcontext(tmp_path)
    with kind as folder:
        with opened_ward(folder) as before:
            everything_is_there(before)
        ward = Ward(folder)
        with read_only(folder):
            ward.open()
            ward.beat()
            assert not ward.shown.recording.is_recording
            assert "write" in ward.shown.recording.reason
            assert ward.alarm("TECH-9R") is not None
            ward.beat(50)
        ward.beat_until(lambda shown: shown.recording.is_recording, "recording again")
        assert ward.recorder.flush(PATIENCE_S)
        assert ward.recorder.stop(PATIENCE_S)
        assert ward.recorder.status().lost == 0
        assert damage(ward.database) == []


def what_a_station_would_resume(disk: Path) -> list[Record]:
    """Start a recorder that cannot write; return the session as database and spill have it."""
    recorder = Ward(disk).recorder
    recorder.start()
    assert not recorder.status().is_recording
    waiting = recorder.waiting_rows()
    with open_database(disk / "vigil.db", KEY, read_only=True) as database:
        (session,) = with_unsaved(open_sessions(database), waiting)
    recorder.stop(0.1)
    return [session.opened, *session.rows]


def test_a_recorder_killed_on_a_full_disk_costs_no_row_that_was_in_the_spill(disk: Path) -> None:
    words = [sys.executable, "-m", "tests.process.ward", str(disk), "200"]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as recorder:
        assert recorder.stdin is not None
        assert recorder.stdout is not None
        assert recorder.stdout.readline().startswith("ready")
        without_reserve(disk)
        fill(disk / "ballast")
        recorder.stdin.write("go\n")
        recorder.stdin.flush()
        safe = int(recorder.stdout.readline().removeprefix("safe "))
        recorder.kill()
    resumable = what_a_station_would_resume(disk)  # the disk is still full
    (disk / "ballast").unlink()
    ward = Ward(disk)
    ward.recorder.start()
    rows = stored_in(ward.database)  # before anything else is put
    ward.recorder.stop(PATIENCE_S)
    assert len(rows) >= safe
    assert resumable == rows
    assert [row.stamp.seq for row in rows] == list(range(1, len(rows) + 1))
    assert not any((disk / SPILL_NAME).read_bytes())
    assert damage(ward.database) == []


def test_a_recorder_can_be_killed_ten_times_and_no_acknowledged_row_is_lost(
    tmp_path: Path, record_property: Property
) -> None:
    """The short form of ``vigil bench kills``."""
    toll = kill_often(Work(tmp_path), 10, random.Random(1))
    record_property("kills", asdict(toll))
    assert toll.kills == 10
    assert toll.acknowledged > 100
    assert (toll.lost, toll.wrong, toll.integrity_failures, toll.broken_chains) == (0, 0, 0, 0)


def test_a_station_says_where_it_listens_although_the_disk_is_full(disk: Path) -> None:
    """Its predecessor was killed and left its files; without them nobody would find it."""
    with only_writer(disk):
        before = Doorbell(disk, lambda _connection: None)
        left = {name: (disk / name).read_bytes() for name in ("station.json", "station.pid")}
        before.close()
    for name, content in left.items():
        (disk / name).write_bytes(content)
    fill(disk / "ballast")
    with only_writer(disk):
        doorbell = Doorbell(disk, lambda connection: connection.close())
        address = address_of(disk)
        doorbell.close()
    assert address is not None
    assert address.pid == os.getpid()
