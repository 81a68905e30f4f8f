"""Starts the station of a data folder for a desktop, and ends one that hangs.

Knows processes and the folder's lock. Must not import Qt, nor know what a station does.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from monitor.address import address_of
from monitor.errors import OperatorError
from monitor.relauncher import say_to
from monitor.storage.keys import DataKey
from monitor.storage.private_file import ONLY_MINE
from ui.last_words import why_it_ended
from ui.only_writer import has_lock_open, is_held, writer_of
from ui.station_check import caller, is_well

STATION_LOG = "station.log"
STATION_WORDS = ("station", "--until-idle", "--key-from-stdin")
LOG_LIMIT_BYTES = 1_000_000
STARTING_AT_MOST_S = 30.0
"""A station that did not publish its address after so long hangs; a slow disk may take a while."""
DIES_WITHIN_S = 5.0
LOOK_EVERY_S = 0.05
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)

IsWell = Callable[[Callable[[], bool]], bool]


def own_command() -> tuple[str, ...]:
    """Return how this program is started, without arguments."""
    return (sys.executable, "-m", "ui.cli")


class StationStarter:
    """Starts station processes for one data folder, never a second beside one that works.

    ``find_key`` returns the folder's key; it is asked once, when a station must be started.
    ``is_well`` says whether the station that is there answers (station_check.py).
    """

    def __init__(
        self,
        folder: Path,
        find_key: Callable[[], DataKey],
        now: Callable[[], float] = time.monotonic,
        is_well: IsWell | None = None,
    ) -> None:
        self._folder = folder
        self._find_key = find_key
        self._key: DataKey | None = None
        self._now = now
        self._is_well = is_well or self._ask_station
        self._child: subprocess.Popen[bytes] | None = None
        self._started_s = 0.0
        self._words_begin = 0
        self._busy = threading.Lock()

    def start(self) -> None:
        """Start a station; called when none answers. One that works or starts is left alone.

        Raises OperatorError with what stands in the way: for the person at the screen.
        """
        if not self._busy.acquire(blocking=False):
            return  # the last call still waits for an answer
        try:
            self._start()
        finally:
            self._busy.release()

    def wait_until_free(self, seconds: float) -> None:
        """Wait, at most so long, until no station holds the folder."""
        end = self._now() + seconds
        while is_held(self._folder) and self._now() < end:
            time.sleep(LOOK_EVERY_S)

    def _start(self) -> None:
        if self._is_starting() or not self._end_hung_one():
            return
        fault = self._why_the_last_one_ended()
        self._child = self._launch()
        self._started_s = self._now()
        if fault is not None:
            raise fault

    # ---- the station that is there

    def _is_starting(self) -> bool:
        """Whether our child lives and has not said yet where it listens."""
        child = self._child
        if child is None or child.poll() is not None:
            return False
        age_s = self._now() - self._started_s
        return age_s < STARTING_AT_MOST_S and self._published() != child.pid

    def _end_hung_one(self) -> bool:
        """Kill the folder's station if it hangs; return whether the folder is free for another.

        A holder without an address of its own is starting, or writing its last rows: leave it.
        """
        if not is_held(self._folder):
            self._forget_child()
            return True
        holder = writer_of(self._folder)
        if holder is None or not self._has_published(holder):
            raise OperatorError(
                f"A process that does not answer holds the data folder ({holder or 'unknown'})",
                "it may be starting or ending; if this lasts, end that process",
            )
        if self._is_well(lambda: self._has_published(holder)):
            return False
        if self._has_published(holder):
            self._kill(holder)
        return not is_held(self._folder)

    def _ask_station(self, is_there: Callable[[], bool]) -> bool:
        return is_well(caller(self._folder), is_there)

    def _has_published(self, holder: int) -> bool:
        """Whether this process holds the folder still, and has said where it listens."""
        return self._published() == holder == writer_of(self._folder)

    def _published(self) -> int | None:
        address = address_of(self._folder)
        return None if address is None else address.pid

    def _kill(self, holder: int) -> None:
        """End a station that hangs, and nothing but a station. Raises OperatorError if not sure."""
        child = self._child if self._child is not None and self._child.pid == holder else None
        is_ours = child is not None and child.poll() is None
        if not (is_ours or has_lock_open(self._folder, holder)):
            raise OperatorError(
                f"The station (process {holder}) does not answer", "end that process"
            )
        with contextlib.suppress(OSError):
            os.kill(holder, KILL_SIGNAL)
        self._wait_for_end(child)

    def _wait_for_end(self, child: "subprocess.Popen[bytes] | None") -> None:
        if child is not None:
            child.wait(DIES_WITHIN_S)
            self._child = None  # ended by us: there is no reason to tell
        self.wait_until_free(DIES_WITHIN_S)

    def _forget_child(self) -> None:
        """End a child of ours that has hung for long before it even took the folder."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait(DIES_WITHIN_S)
            self._child = None

    # ---- the next one

    def _why_the_last_one_ended(self) -> OperatorError | None:
        code = None if self._child is None else self._child.poll()
        if code is None:
            return None
        return why_it_ended(code, self._folder / STATION_LOG, self._words_begin)

    def _launch(self) -> "subprocess.Popen[bytes]":
        if self._key is None:
            self._key = self._find_key()
        with self._open_log() as log:
            child = subprocess.Popen(  # noqa: S603 - our own command
                [*own_command(), "--data", str(self._folder), *STATION_WORDS],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # By pipe: arguments and environment of a process are there for others to read.
        say_to(child, self._key.as_line())
        return child

    def _open_log(self) -> IO[bytes]:
        """Open the log at its end; a station that cannot write one records all the same."""
        path = self._folder / STATION_LOG
        try:
            size = path.stat().st_size if path.exists() else 0
            path.touch(mode=ONLY_MINE)
            self._words_begin = size if size < LOG_LIMIT_BYTES else 0
            return path.open("ab" if self._words_begin else "wb")
        except OSError:
            return Path(os.devnull).open("wb")
