"""A station is started once, with its key by pipe; only one that hangs is ended, and no innocent.

The processes are small scripts in a station's place; who is well is passed in.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import filelock
import msgspec
import pytest

from monitor.address import ADDRESS_FILE, Address
from monitor.errors import OperatorError
from monitor.storage.keys import DataKey
from tests.keys import KEY
from ui import last_words, station_starter
from ui.last_words import why_it_ended
from ui.only_writer import HOLDER, LOCK, only_writer
from ui.station_starter import STARTING_AT_MOST_S, STATION_LOG, StationStarter

ECHO = (
    "import os, sys; line = sys.stdin.buffer.readline(); rest = sys.stdin.buffer.read();"
    "print(line, rest, sys.argv[1:], dict(os.environ))"
)
SLEEP = "import time; time.sleep(60)"
HOLD = (
    "import sys, time; from pathlib import Path; from ui.only_writer import only_writer;"
    "folder = Path(sys.argv[2]); hold = only_writer(folder); hold.__enter__();"
    "print('held', flush=True); time.sleep(60)"
)
needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="open files are listed in /proc")


class Place:
    """A starter whose stations are scripts, on a time that is set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.now_s = 100.0
        self.well = False
        self.asked = 0
        self.code = SLEEP
        self.processes: list[subprocess.Popen[bytes]] = []
        command = lambda: (sys.executable, "-c", self.code)  # noqa: E731 - read anew each time
        monkeypatch.setattr(station_starter, "own_command", command)
        self.starter = StationStarter(folder, lambda: KEY, lambda: self.now_s, self._is_well)

    def _is_well(self, is_there: Callable[[], bool]) -> bool:
        assert is_there()
        self.asked += 1
        return self.well

    def start(self) -> subprocess.Popen[bytes]:
        """Start; return the newest child."""
        self.starter.start()
        assert self.child is not None
        return self.child

    @property
    def child(self) -> subprocess.Popen[bytes] | None:
        child = self.starter._child
        if child is not None and child not in self.processes:
            self.processes.append(child)
        return child

    def fault(self) -> str:
        """Start, and return what stood in the way."""
        with pytest.raises(OperatorError) as caught:
            self.starter.start()
        _ = self.child
        return str(caught.value)

    def hold(self) -> subprocess.Popen[bytes]:
        """Let another process hold the folder, as a station does."""
        words = [sys.executable, "-c", HOLD, "--data", str(self.folder)]
        holder = subprocess.Popen(words, stdout=subprocess.PIPE)
        self.processes.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        return holder

    def publish(self, pid: int) -> None:
        address = Address(str(self.folder / "none.sock"), b"x" * 32, pid)
        (self.folder / ADDRESS_FILE).write_bytes(msgspec.json.encode(address))

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait(5)
            if process.stdout is not None:
                process.stdout.close()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(tmp_path, monkeypatch)
    yield made
    made.close()


# ---- starting


def test_the_key_comes_by_pipe_and_stands_in_no_argument_and_no_environment(place: Place) -> None:
    place.code = ECHO
    place.start().wait(30)
    said = (place.folder / STATION_LOG).read_text(encoding="utf-8")
    assert os.name == "nt" or (place.folder / STATION_LOG).stat().st_mode & 0o777 == 0o600
    assert said.startswith(f"{KEY.as_line()!r} b''")
    assert "--key-from-stdin" in said
    assert said.count(KEY.raw.hex()) == 1


def test_the_key_is_found_when_a_station_must_start_and_only_once(place: Place) -> None:
    found: list[DataKey] = []

    def find() -> DataKey:
        found.append(KEY)
        return KEY

    place.code = "pass"
    place.starter = StationStarter(place.folder, find, lambda: place.now_s)
    assert found == []
    for _ in range(2):
        place.start().wait(30)
    assert found == [KEY]


def test_one_that_is_starting_is_left_alone_until_it_has_had_its_time(place: Place) -> None:
    child = place.start()
    place.now_s += STARTING_AT_MOST_S - 1
    assert place.start() is child
    place.now_s += 2
    assert place.start() is not child
    assert child.wait(5) != 0  # it hung before it took the folder


def test_one_that_has_just_said_where_it_listens_is_asked_before_it_is_ended(place: Place) -> None:
    """The search that found nothing began before the station was ready."""
    place.code = HOLD
    child = place.start()
    wait_until_held(place.folder, child.pid)
    place.publish(child.pid)
    place.well = True
    assert place.start() is child
    assert place.asked == 1
    assert child.poll() is None


def wait_until_held(folder: Path, pid: int) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if (folder / HOLDER).exists() and (folder / HOLDER).read_text() == str(pid):
            return
        pause.wait(0.005)
    raise AssertionError("the folder was never held")


def test_a_log_that_cannot_be_written_keeps_no_station_from_recording(place: Place) -> None:
    (place.folder / STATION_LOG).mkdir()
    assert place.start().poll() is None


def test_a_call_while_another_waits_for_an_answer_does_nothing(place: Place) -> None:
    with place.starter._busy:
        place.starter.start()
    assert place.child is None


# ---- the one that is there


def test_one_that_is_well_is_not_ended(place: Place) -> None:
    holder = place.hold()
    place.publish(holder.pid)
    place.well = True
    place.starter.start()
    assert (place.asked, place.child, holder.poll()) == (1, None, None)


@needs_proc
def test_one_that_hangs_is_ended_and_another_started(place: Place) -> None:
    holder = place.hold()
    place.publish(holder.pid)
    assert place.start().poll() is None
    assert holder.wait(5) != 0


def test_a_holder_that_has_not_said_where_it_listens_is_left_and_told_of(place: Place) -> None:
    holder = place.hold()
    assert str(holder.pid) in place.fault()
    place.publish(holder.pid + 1)  # what a station before it left behind
    assert str(holder.pid) in place.fault()
    assert (place.asked, place.child, holder.poll()) == (0, None, None)


def test_a_process_with_the_number_of_a_dead_station_is_not_killed(place: Place) -> None:
    innocent = subprocess.Popen([sys.executable, "-c", SLEEP])
    place.processes.append(innocent)
    place.publish(innocent.pid)
    (place.folder / HOLDER).write_text(str(innocent.pid))
    asking = filelock.FileLock(place.folder / LOCK, thread_local=False)
    with asking:  # somebody asks at this moment who holds the folder, and takes long
        assert "does not answer" in place.fault()
    assert innocent.poll() is None
    assert place.start().poll() is None  # nobody holds it: a station is started
    assert innocent.poll() is None


def test_our_own_child_is_known_without_any_list_of_open_files(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(station_starter, "has_lock_open", lambda _folder, _pid: False)
    place.code = HOLD
    child = place.start()
    wait_until_held(place.folder, child.pid)
    place.publish(child.pid)
    assert place.start() is not child
    assert child.wait(5) != 0
    newest = place.processes[-1]
    wait_until_held(place.folder, newest.pid)
    place.starter._child = None  # as if another desktop had started it
    place.publish(newest.pid)
    assert str(newest.pid) in place.fault()
    assert newest.poll() is None


def test_one_that_takes_its_address_away_while_it_is_asked_is_ending_and_not_killed(
    place: Place,
) -> None:
    holder = place.hold()
    place.publish(holder.pid)

    def ends(is_there: Callable[[], bool]) -> bool:
        assert is_there()
        (place.folder / ADDRESS_FILE).unlink()
        assert not is_there()
        return False

    StationStarter(place.folder, lambda: KEY, lambda: place.now_s, ends).start()
    assert holder.poll() is None


def test_waiting_until_the_folder_is_free_has_an_end(place: Place) -> None:
    StationStarter(place.folder, lambda: KEY).wait_until_free(0.0)
    with only_writer(place.folder):
        StationStarter(place.folder, lambda: KEY).wait_until_free(0.0)


# ---- one that ends as soon as it starts


def says(sentence: str, code: int) -> str:
    return f"import sys; sys.stderr.write({sentence!r}); sys.exit({code})"


def test_the_last_sentence_of_one_that_ended_is_told_and_the_next_is_started(place: Place) -> None:
    place.code = says("noise\nvigil: The settings are torn: mend them.\n", 2)
    first = place.start()
    first.wait(30)
    place.now_s += 3
    assert (
        place.fault() == "The station ends as soon as it starts: The settings are torn: mend them"
    )
    assert place.child is not first


def test_one_that_ended_on_purpose_has_no_fault(place: Place) -> None:
    place.code = says("vigil: done.\n", 0)
    first = place.start()
    first.wait(30)
    assert place.start() is not first


def test_what_an_earlier_station_said_is_not_told_again(place: Place) -> None:
    (place.folder / STATION_LOG).write_text("vigil: An old sentence.\n")
    place.code = says("", 2)
    place.start().wait(30)
    fault = place.fault()
    assert "old sentence" not in fault
    assert "exit code 2" in fault


def test_a_traceback_is_not_for_the_screen(tmp_path: Path) -> None:
    log = tmp_path / STATION_LOG
    log.write_text("Traceback\nvigil: here\nValueError: x\n")
    fault = why_it_ended(70, log, 0)
    assert fault is not None
    assert (fault.what, str(log) in fault.what_to_do) == ("The station ended (exit code 70)", True)
    assert "signal 9" in str(why_it_ended(-9, log, 0))


def test_a_full_disk_that_takes_no_sentence_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(last_words, "_is_full", lambda _folder: True)
    assert "disk is full" in str(why_it_ended(2, tmp_path / STATION_LOG, 0))


def test_a_very_long_last_sentence_is_cut(tmp_path: Path) -> None:
    log = tmp_path / STATION_LOG
    log.write_text("vigil: " + "x" * 3000 + "\n")
    assert len(str(why_it_ended(2, log, 0))) < 400


def test_the_log_goes_on_where_the_last_station_left_it_until_it_is_long(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = place.folder / STATION_LOG
    log.write_text("old\n")
    place.code = "print('new')"
    place.start().wait(30)
    assert log.read_text() == "old\nnew\n"
    monkeypatch.setattr(station_starter, "LOG_LIMIT_BYTES", 3)
    place.start().wait(30)
    assert log.read_text() == "new\n"
