"""Plays a sound file with what the operating system has, in a process of its own. No Qt.

Knows the programs' names. Must not know what is played.
"""

import contextlib
import logging
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from monitor.siren import Player

PROGRAMS = (("paplay",), ("pw-play",), ("aplay", "-q"), ("afplay",))
"""PulseAudio, PipeWire, ALSA, macOS: each plays the file that it is given, and ends."""
DIES_WITHIN_S = 1.0
HANGS_AFTER_S = 6.0
"""The longest burst takes 3.4 s: the rest is for the latency of a sound server."""
HUNG = -1
log = logging.getLogger(__name__)


def player_here() -> Player | None:
    """Return what plays sounds on this computer, None when nothing does."""
    if sys.platform == "win32":
        return WindowsPlayer()
    found = [words for words in PROGRAMS if shutil.which(words[0])]
    return ProgramPlayer(found) if found else None


class ProgramPlayer:
    """Tries one program after the other; one that failed or hung is tried last from then on."""

    def __init__(
        self, programs: Iterable[tuple[str, ...]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._programs = deque(programs)
        self._now = now
        self._begun_s = 0.0
        self._left = 0
        self._file: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def play(self, file: Path) -> None:
        """Begin a file, cutting off another."""
        self.stop()
        self._file = file
        self._left = len(self._programs)
        self._begin()

    def tend(self) -> None:
        """Try the next program when one could not play, or does not come to an end."""
        if self._process is None or (code := self._end_of(self._process)) is None:
            return
        self.stop()
        if code != 0:
            log.warning("%s cannot play a sound (exit code %d)", self._programs[0][0], code)
            self._give_up_program()
            self._begin()

    def stop(self) -> None:
        """Fall silent."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(DIES_WITHIN_S)

    def _end_of(self, process: "subprocess.Popen[bytes]") -> int | None:
        code = process.poll()
        is_hung = code is None and self._now() - self._begun_s > HANGS_AFTER_S
        return HUNG if is_hung else code

    def _begin(self) -> None:
        self._begun_s = self._now()
        while self._left and self._process is None and self._file is not None:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own words, and our own file
                    (*self._programs[0], str(self._file)),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError:
                log.warning("%s cannot be started", self._programs[0][0])
                self._give_up_program()

    def _give_up_program(self) -> None:
        self._left -= 1
        self._programs.rotate(-1)


if sys.platform == "win32":
    import winsound

    class WindowsPlayer:
        """Plays through Windows itself, which needs no process."""

        def play(self, file: Path) -> None:
            """Begin a file, cutting off another."""
            flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            with contextlib.suppress(RuntimeError):
                winsound.PlaySound(str(file), flags)

        def tend(self) -> None:
            """Nothing is known of what Windows plays."""

        def stop(self) -> None:
            """Fall silent."""
            with contextlib.suppress(RuntimeError):
                winsound.PlaySound(None, 0)
