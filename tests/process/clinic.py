"""A whole clinic of real processes for tests: a simulated monitor, a desktop and its station.

Watches from outside, as a person would: the channel says who is there, the database what is kept.
"""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from monitor.channel import ChannelClosed
from monitor.channel_messages import OpenSession, StationAlive
from monitor.errors import OperatorError
from monitor.pipe import PipeChannel, connect
from monitor.records import HappeningKept, ReadingKept, SessionRow
from monitor.settings import FILE_NAME, ChairSettings, Settings, write_settings
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.vitals import Vital
from tests.keys import KEY, set_up
from ui.only_writer import writer_of

PATIENCE_S = 20.0
CADENCE_S = 1.0
EMERGENCY = "1" * 32
"""Of the session's break-glass start: nobody has an account in these tests."""
Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None], what: str, seconds: float = PATIENCE_S) -> Found:
    """Return what ``find`` finds as soon as it is not None."""
    end = time.monotonic() + seconds
    while (found := find()) is None:
        assert time.monotonic() < end, f"{what} did not happen within {seconds:g} s"
        time.sleep(0.02)
    return found


class Clinic:
    """One chair with a simulated GE monitor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        self._device = self._start("simulate", "ge_s5", "--tcp", "0", "--scenario", "calm")
        assert self._device.stdout is not None
        port = self._device.stdout.readline().strip()
        chair = ChairSettings("Chair 1", "ge_s5", port, simulated=True)
        write_settings(folder / FILE_NAME, Settings((chair,)))
        secret = set_up(folder)
        self._desktop = self._start("--data", str(folder), "--passphrase-file", str(secret))
        self._alive: StationAlive | None = None
        self._watch: PipeChannel | None = None
        try:
            self._open_session()
        except BaseException:
            self.close()
            raise

    def _open_session(self) -> None:
        folder = self.folder
        self._watch = wait_for(lambda: connect(folder), "the station's first answer")
        self.station_pid()
        self._watch.send(OpenSession("Chair 1", "Test patient", emergency=EMERGENCY))
        self.session_id = wait_for(self._only_session, "the session's first row")
        wait_for(self._shows_session, "the session's first picture")
        wait_for(lambda: self.readings()[2:] or None, "the first readings")

    def _start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *words],
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment,
        )

    # ---- who is there

    def heartbeat(self) -> StationAlive | None:
        """Return the newest heartbeat of the station that answers, None while none does."""
        if self._watch is None:
            self._watch = connect(self.folder)
        try:
            for message in self._watch.receive() if self._watch else ():
                if isinstance(message, StationAlive):
                    self._alive = message
        except ChannelClosed:
            self._hang_up()
        return self._alive

    def _hang_up(self) -> None:
        """Forget a station that died, and what it said."""
        if self._watch is not None:
            self._watch.close()
        self._watch = self._alive = None

    def station_pid(self) -> int:
        return wait_for(self.heartbeat, "a heartbeat of the station").pid

    def _shows_session(self) -> int | None:
        """Return the process that shows our session, None while none does."""
        alive = self.heartbeat()
        for desktop in alive.desktops if alive else ():
            if self.session_id in desktop.showing:
                return desktop.pid
        return None

    def desktop_pid(self) -> int:
        return wait_for(self._shows_session, "the session on a screen")

    # ---- what is kept

    def _only_session(self) -> str | None:
        try:
            with open_database(self.folder / "vigil.db", KEY, read_only=True) as database:
                found = list_sessions(database)
        except OperatorError:
            return None  # not there yet
        return found[0].session_id if found else None

    def rows(self) -> tuple[SessionRow, ...]:
        with open_database(self.folder / "vigil.db", KEY, read_only=True) as database:
            return load_session(database, self.session_id).rows

    def readings(self) -> list[float]:
        """Return the session times at which an SpO2 value was kept."""
        return [
            row.stamp.t_s
            for row in self.rows()
            if isinstance(row, ReadingKept) and row.vital is Vital.SPO2
        ]

    def gaps(self) -> list[tuple[float, float]]:
        return [
            (row.detail["from_s"], row.detail["to_s"])
            for row in self.rows()
            if isinstance(row, HappeningKept) and row.kind == "gap"
        ]

    # ---- death

    def kill_desktop(self) -> float:
        """Kill the desktop; return the seconds until another shows the session."""
        old = self.desktop_pid()
        began = time.monotonic()
        os.kill(old, signal.SIGKILL)
        self._reap()
        wait_for(lambda: self._other_than(old, self._shows_session()), "the screen is back")
        return time.monotonic() - began

    def kill_station(self) -> float:
        """Kill the station; return the seconds until a new reading is on disk."""
        old, kept = self.station_pid(), self.rows()
        began = time.monotonic()
        os.kill(old, signal.SIGKILL)
        self._hang_up()
        settled = self.rows()  # what had been acknowledged before it died
        assert settled[: len(kept)] == kept
        wait_for(lambda: self._new_reading(len(settled)), "recording is on again")
        passed = time.monotonic() - began
        assert self.rows()[: len(settled)] == settled
        return passed

    @staticmethod
    def _other_than(old: int, pid: int | None) -> int | None:
        return None if pid in (None, old) else pid

    def _new_reading(self, before: int) -> bool | None:
        return any(isinstance(row, ReadingKept) for row in self.rows()[before:]) or None

    def _reap(self) -> None:
        if self._desktop.poll() is None:
            self._desktop.wait(0.5)

    def close(self) -> None:
        """End every process, whatever became of it."""
        desktops = self._alive.desktops if self._alive else ()
        for pid in (writer_of(self.folder), *(desktop.pid for desktop in desktops)):
            if pid is not None:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        for process in (self._desktop, self._device):
            process.kill()
            process.wait(5)
            if process.stdout:
                process.stdout.close()
        if self._watch is not None:
            self._watch.close()


def holes(readings: list[float], longest_s: float) -> list[tuple[float, float]]:
    """Return the spans between two neighbouring readings that are longer than ``longest_s``."""
    pairs = itertools.pairwise(readings)
    return [(earlier, later) for earlier, later in pairs if later - earlier > longest_s]
