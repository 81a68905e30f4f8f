"""Backups by schedule: made when due, missed ones after the next start, never two at once."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import backup_keeper
from monitor.backup_keeper import BackupKeeper, Schedule
from monitor.channel_messages import BackupState
from monitor.clock import ManualClock
from monitor.storage.backup_record import BackupRecord, read_record, remember
from tests.keys import KEY
from tests.monitor.storage.backups import back_up, record

START = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
H = 3600.0


class FakeJob:
    """A backup that ends when the test says so."""

    def __init__(self) -> None:
        self.code: int | None = None
        self.is_asked_to_end = False

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.is_asked_to_end = True


class Clinic:
    """A keeper with a clock, a folder, and the jobs it started."""

    def __init__(self, tmp_path: Path) -> None:
        self.source = record(tmp_path / "data")
        self.folder = tmp_path / "to"
        self.folder.mkdir()
        self.data = tmp_path / "data"
        self.clock = ManualClock(START)
        self.jobs: list[FakeJob] = []
        self.keeper = self.started()

    def started(self) -> BackupKeeper:
        schedule = Schedule(self.data, self.folder, KEY.database, 24.0)
        return BackupKeeper(schedule, self.clock, self.start)

    def start(self) -> FakeJob:
        self.jobs.append(FakeJob())
        return self.jobs[-1]

    def look_after(self, seconds: float) -> BackupState | None:
        self.clock.advance(seconds)
        self.keeper.look()
        return self.keeper.state

    def made(self) -> None:
        """Let the running job end well."""
        back_up(self.source, self.folder, self.clock.now().utc)
        self.jobs[-1].code = 0


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


def test_the_first_is_made_a_minute_after_the_start_and_the_next_a_day_later(clinic) -> None:
    assert clinic.look_after(0) == BackupState(None)
    assert clinic.jobs == []
    clinic.look_after(61)
    assert len(clinic.jobs) == 1
    clinic.made()
    assert clinic.look_after(60) == BackupState(60.0)
    clinic.look_after(23 * H)
    assert len(clinic.jobs) == 1
    clinic.look_after(H)
    assert len(clinic.jobs) == 2


def test_one_that_was_missed_is_made_after_the_next_start(clinic: Clinic) -> None:
    back_up(clinic.source, clinic.folder, START)
    clinic.clock.advance(100 * H)
    clinic.keeper = clinic.started()
    assert clinic.look_after(0) == BackupState(100 * H)
    clinic.look_after(61)
    assert len(clinic.jobs) == 1


def test_there_is_never_a_second_while_one_runs(clinic: Clinic) -> None:
    clinic.look_after(61)
    clinic.look_after(5 * H)
    assert len(clinic.jobs) == 1
    assert not clinic.jobs[0].is_asked_to_end
    clinic.look_after(2 * H)
    assert clinic.jobs[0].is_asked_to_end


def test_one_that_failed_is_tried_again_after_an_hour_and_the_reason_is_told(clinic) -> None:
    clinic.look_after(61)
    remember(clinic.data, BackupRecord(failed_utc=START, why="There is not enough room"))
    clinic.jobs[-1].code = 2
    assert clinic.look_after(60) == BackupState(None, "There is not enough room")
    clinic.look_after(50 * 60)
    assert len(clinic.jobs) == 1
    clinic.look_after(10 * 60)
    assert len(clinic.jobs) == 2


def test_a_folder_that_is_gone_is_said_and_the_age_goes_on_from_what_is_remembered(clinic) -> None:
    remember(clinic.data, BackupRecord(made_utc=START))
    clinic.folder.rmdir()
    state = clinic.look_after(3 * H)
    assert state.age_s == 3 * H
    assert "cannot be read" in state.fault
    assert clinic.jobs == []


def test_a_job_that_cannot_be_started_is_a_sentence(clinic: Clinic, monkeypatch) -> None:
    def no_room() -> FakeJob:
        raise OSError(12, "Cannot allocate memory")

    clinic.keeper._start = no_room
    assert "cannot be started" in clinic.look_after(61).fault


def test_what_nobody_expected_ends_neither_the_thread_nor_the_station(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over = threading.Event()

    def fail(_folder: Path) -> BackupRecord:
        over.set()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(backup_keeper, "read_record", fail)
    clinic.keeper.run(over)
    assert clinic.keeper.state == BackupState(None, "the backups cannot be looked after")
    assert "a fault of ours" in caplog.text


def test_at_the_end_a_running_job_is_asked_to_end(clinic: Clinic) -> None:
    clinic.look_after(61)
    over = threading.Event()
    over.set()
    clinic.keeper.run(over)
    assert clinic.jobs[0].is_asked_to_end


def test_a_wall_clock_that_jumps_starts_no_flood_of_backups(clinic: Clinic) -> None:
    back_up(clinic.source, clinic.folder, START)
    clinic.look_after(61)
    clinic.clock.step_wall_clock(365 * 86_400)
    clinic.look_after(60)
    clinic.jobs[-1].code = 2
    for _ in range(30):
        clinic.look_after(60)
    assert len(clinic.jobs) == 1


def test_the_record_survives_and_a_broken_one_is_an_empty_one(tmp_path: Path) -> None:
    kept = BackupRecord("x", START + timedelta(hours=1), "ab", 3)
    remember(tmp_path, kept)
    assert read_record(tmp_path) == kept
    (tmp_path / "backup.json").write_text('{"size": "many"')
    assert read_record(tmp_path) == BackupRecord()
    assert read_record(tmp_path / "none") == BackupRecord()
