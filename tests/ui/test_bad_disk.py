"""A recording process that begins on a bad disk: it monitors, says so, and records when that ends.

In process; the whole station is in tests/process/test_faults_station.py. Fault matrix, rows 15, 18.
"""

import argparse
import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.alarms.profile import default_profile
from monitor.channel_messages import OpenSession
from monitor.clock import SystemClock
from monitor.engine import Ask, Chair, Published
from monitor.errors import OperatorError
from monitor.events import DeviceBatch, Measured, ValidFrame
from monitor.readings import Quality, Reading
from monitor.settings import open_data_folder
from monitor.snapshot import RecordingView
from monitor.storage import damage as damage_search
from monitor.storage.damage import damaged_pages
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.refuge import RESERVE_NAME, SPILL_NAME
from monitor.storage.spill import SPILL_BYTES
from monitor.vitals import Vital
from tests.keys import KEY, OTHER_KEY, raw
from ui.composition import Recording, check_database, recording
from ui.keys import find_key

if os.name == "nt":
    pytest.skip("modes and mounts are POSIX", allow_module_level=True)

from tests.process.disks import IS_ROOT, fill, read_only, small_disk

CHAIR = Chair("Chair 1", "ge_s5", "GE S/5", "simulated", "port-1", is_simulated=True)
WAIT_S = 15.0
PAGE = 4096
Fault = Callable[[Path], contextlib.AbstractContextManager[None]]


class Begun:
    """A recording process, and what it showed."""

    def __init__(self, run: Recording, shown: list[Published]) -> None:
        self.engine, self.recorder, self.clock = run.engine, run.recorder, run.clock
        self.shown = shown


@contextmanager
def station(folder: Path, *, is_kept: bool = True) -> Iterator[Begun]:
    shown: list[Published] = []
    with recording(
        folder / "vigil.db",
        KEY,
        SystemClock(),
        (CHAIR,),
        default_profile(),
        resume=True,
        is_kept=is_kept,
        publish=shown.append,
    ) as run:
        yield Begun(run, shown)


def alarms(run: Begun) -> set[str]:
    run.engine.tick()
    return {alarm.rule for alarm in run.shown[-1].snapshot.alarms}


def open_session(run: Begun) -> None:
    run.engine.handle(Ask(OpenSession(CHAIR.name, "Test patient")))


def seqs(folder: Path) -> list[int]:
    with open_database(folder / "vigil.db", KEY, read_only=True) as database:
        (one,) = list_sessions(database)
        return [row.stamp.seq for row in load_session(database, one.session_id).rows]


def logged(folder: Path) -> list[str]:
    with contextlib.closing(raw(folder / "vigil.db")) as connection:
        found = [row[0] for row in connection.execute("SELECT action FROM audit ORDER BY number")]
    return [action for action in found if action.startswith("station.")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    if not IS_ROOT:
        pytest.skip("only root can mount a disk that is full or read-only")
    with small_disk(tmp_path / "disk", "8m") as at:
        yield at


@pytest.fixture(params=["killed", "killed, and no index", "ended well"])
def left(request: pytest.FixtureRequest, disk: Path, tmp_path: Path) -> Path:
    """A data folder with an open session, as a process left it."""
    source, folder = tmp_path / "source", disk / "data"
    source.mkdir()
    with station(source, is_kept=False) as run:
        open_session(run)
        assert run.recorder.flush(WAIT_S)
        if request.param.startswith("killed"):
            shutil.copytree(source, folder)
            (folder / "vigil.db-shm").unlink()
    if request.param == "ended well":
        shutil.copytree(source, folder)
    if request.param == "killed":
        (folder / "vigil.db-shm").write_bytes(bytes(32_768))
    return folder


@contextmanager
def full(disk: Path) -> Iterator[None]:
    fill(disk / "ballast")
    yield
    (disk / "ballast").unlink()


def speak(run: Begun) -> None:
    """Let the device say something that deserves a row."""
    now = run.clock.now()
    reading = Reading(Vital.PULSE_RATE, 70, Quality.OK, now, "oximeter")
    events = (ValidFrame(0, now), Measured(0, reading))
    run.engine.handle(DeviceBatch(CHAIR.name, CHAIR.driver, events))


@pytest.mark.parametrize("fault", [full, read_only], ids=["full", "read-only"])
def test_a_station_resumes_on_a_disk_that_takes_nothing_and_records_when_it_does(
    disk: Path, left: Path, fault: Fault
) -> None:
    with contextlib.ExitStack() as stack:
        lasting = contextlib.ExitStack()
        lasting.enter_context(fault(disk))
        run = stack.enter_context(station(left))
        assert run.engine.session_at(CHAIR.name) is not None
        for _ in range(400):  # on a full disk the journal may have room left
            speak(run)
            if not run.recorder.flush(0.05):
                break
        when(run, lambda view: not view.is_recording)
        lasting.close()
        assert run.recorder.flush(WAIT_S)
        assert run.recorder.status().is_recording
        assert run.recorder.status().lost == 0
        when(run, lambda _view: logged(left)[-1] == "station.started")
    found = seqs(left)
    assert len(found) > 3
    assert found == list(range(2, len(found) + 2))
    assert logged(left)[-2:] == ["station.started", "station.stopped"]


def test_what_cannot_pass_is_said_and_nothing_begins(tmp_path: Path) -> None:
    with open_database(tmp_path / "vigil.db", OTHER_KEY):
        pass
    before = (tmp_path / "vigil.db").read_bytes()
    with pytest.raises(OperatorError, match="no Vigil database of this folder's vault"):
        station(tmp_path).__enter__()
    with pytest.raises(OperatorError, match="no Vigil database of this folder's vault"):
        check_database(tmp_path / "vigil.db", KEY)
    assert (tmp_path / "vigil.db").read_bytes() == before


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="only Linux has /proc")
def test_a_folder_in_which_nothing_can_be_kept_is_said_to_be_so() -> None:
    with pytest.raises(OperatorError) as said:
        find_key(open_data_folder(Path("/proc/1")), argparse.Namespace())
    assert str(said.value) == (
        "There is no record of Vigil's in /proc/1, and none can be made there: "
        "name another folder with --data"
    )


def test_a_desktop_opens_on_a_disk_that_fails_or_nobody_would_hear_an_alarm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with station(tmp_path, is_kept=False):
        pass
    damage(tmp_path / "vigil.db", page=1)
    check_database(tmp_path / "vigil.db", KEY)
    assert "The database is damaged" in capsys.readouterr().err


# ---- bit rot (row 18)


def damage(path: Path, page: int) -> None:
    """Flip one bit in a page, counted from 1; the first 16 bytes of the file are its salt."""
    data = bytearray(path.read_bytes())
    data[(page - 1) * PAGE + 1000] ^= 1
    path.write_bytes(data)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with a session of some hundred rows; all of it in the database file."""
    with station(tmp_path, is_kept=False) as run:
        open_session(run)
        for _ in range(100):
            speak(run)
    return tmp_path


def when(run: Begun, is_so: Callable[[RecordingView], bool]) -> RecordingView:
    end = time.monotonic() + WAIT_S
    while not is_so(run.recorder.status()):
        assert time.monotonic() < end, run.recorder.status()
        time.sleep(0.005)
    return run.recorder.status()


def test_one_flipped_bit_on_any_page_is_found_at_start(recorded: Path) -> None:
    pages = (recorded / "vigil.db").stat().st_size // PAGE
    good = (recorded / "vigil.db").read_bytes()
    assert damaged_pages(recorded / "vigil.db", KEY) == frozenset()
    for page in range(2, pages + 1):
        damage(recorded / "vigil.db", page)
        assert len(damaged_pages(recorded / "vigil.db", KEY)) == 1
        (recorded / "vigil.db").write_bytes(good)


def test_a_page_that_is_being_overwritten_is_not_taken_for_damage(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([frozenset({"page 3", "page 7"}), frozenset({"page 7"})])
    monkeypatch.setattr(damage_search, "_look", lambda *_: next(looks))
    assert damage_search.damaged_pages(recorded / "vigil.db", KEY) == {"page 7"}


def test_damage_is_an_alarm_with_what_to_do_and_the_file_stays(recorded: Path) -> None:
    last = (recorded / "vigil.db").stat().st_size // PAGE
    damage(recorded / "vigil.db", last)
    rotten = (recorded / "vigil.db").read_bytes()[-PAGE:]
    with station(recorded) as run:
        view = when(run, lambda view: view.is_space_low)
        assert view.space == "The database is damaged: restore a backup, and keep this file"
        if run.engine.session_at(CHAIR.name) is None:  # the damage may lie where it was kept
            open_session(run)
        assert "TECH-9S" in alarms(run)
    assert (recorded / "vigil.db").read_bytes()[(last - 1) * PAGE : last * PAGE] == rotten


def test_a_database_that_cannot_be_opened_any_more_stops_no_monitoring(recorded: Path) -> None:
    damage(recorded / "vigil.db", 1)
    rotten = (recorded / "vigil.db").read_bytes()
    with station(recorded) as run:
        assert "The database is damaged" in run.recorder.status().reason
        open_session(run)
        speak(run)
        assert run.engine.session_at(CHAIR.name) is not None
        assert "TECH-9R" in alarms(run)
        when(run, lambda view: view.waiting > 2)
        run.recorder.stop(0.05)
    assert (recorded / "vigil.db").read_bytes() == rotten
    assert any((recorded / SPILL_NAME).read_bytes()), "what came meanwhile is kept"


# ---- a refuge


def test_rows_have_a_refuge_in_a_folder_that_is_kept(tmp_path: Path) -> None:
    with station(tmp_path):
        assert (tmp_path / SPILL_NAME).stat().st_size == SPILL_BYTES
        assert (tmp_path / RESERVE_NAME).exists()


def test_a_folder_that_is_thrown_away_needs_none(tmp_path: Path) -> None:
    with station(tmp_path, is_kept=False) as run:
        open_session(run)
    assert {file.name for file in tmp_path.iterdir()} == {"vigil.db", "vigil.db.used"}
