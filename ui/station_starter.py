"""Starts the station of a data folder for a desktop, and ends one that hangs.

Knows processes and the folder's lock. Must not import Qt, nor know what a station does.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from monitor.pipe import address_of
from monitor.relauncher import say_to
from monitor.storage.keys import DataKey
from ui.only_writer import writer_of

STATION_LOG = "station.log"
STATION_WORDS = ("station", "--until-idle", "--key-from-stdin")
LOG_LIMIT_BYTES = 1_000_000
STARTING_AT_MOST_S = 30.0
"""A station that did not publish its address after so long hangs; a slow disk may take a while."""
LOOK_EVERY_S = 0.05
KILL_SIGNAL = getattr(signal, "SIGKILL", signal.SIGTERM)


def own_command() -> tuple[str, ...]:
    """Return how this program is started, without arguments."""
    return (sys.executable, "-m", "ui.cli")


class StationStarter:
    """Starts station processes for one data folder, never a second beside one that works."""

    def __init__(
        self, folder: Path, key: DataKey, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._key = key
        self._now = now
        self._child: subprocess.Popen[bytes] | None = None
        self._started_s = 0.0

    def start(self) -> None:
        """Start a station; called when none answers. One that is still starting is left alone.

        Raises OSError when the process or its log cannot be made.
        """
        if self._is_starting() or not self._end_hung_one():
            return
        self._started_s = self._now()
        self._child = self._launch()

    def wait_until_free(self, seconds: float) -> None:
        """Wait, at most so long, until no station holds the folder."""
        end = self._now() + seconds
        while writer_of(self._folder) is not None and self._now() < end:
            time.sleep(LOOK_EVERY_S)

    def _is_starting(self) -> bool:
        """Whether our child lives and has not said yet where it listens."""
        child = self._child
        if child is None or child.poll() is not None:
            return False
        age_s = self._now() - self._started_s
        return age_s < STARTING_AT_MOST_S and self._published() != child.pid

    def _end_hung_one(self) -> bool:
        """Kill the folder's station if it had said where it listens; False if one must be left.

        A holder without an address of its own is starting, or writing its last rows: leave it.
        """
        holder = writer_of(self._folder)
        if holder is None:
            return True
        if self._published() != holder:
            return False
        with contextlib.suppress(OSError):
            os.kill(holder, KILL_SIGNAL)
        if self._child is not None and self._child.pid == holder:
            self._child.wait(5)
        return True

    def _published(self) -> int | None:
        address = address_of(self._folder)
        return None if address is None else address.pid

    def _launch(self) -> "subprocess.Popen[bytes]":
        path = self._folder / STATION_LOG
        mode = "ab" if path.exists() and path.stat().st_size < LOG_LIMIT_BYTES else "wb"
        with path.open(mode) as log:
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
