"""What the computer itself does to the sound: muted, volume zero, and which output plays.

Knows the tools of Linux (pactl) and macOS (osascript) and reads their words. Where nothing is
known nothing is claimed: on Windows and without the tools. Must not know Qt.
"""

import contextlib
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LOOK_EVERY_S = 5.0
ANSWERS_WITHIN_S = 3.0
LEAST_PERCENT = 10
"""PulseAudio's volume is cubic: 10 % is 60 dB below full, which no room lets through."""
NO_OUTPUT = ("(null)", "auto_null")
"""What pactl 16.1 names when there is no output, and the one that swallows every sound."""
LOST_AFTER_LOOKS = 3
_PERCENT = re.compile(r"(\d+)%")
_MAC = re.compile(r"output volume:(\d+).*output muted:(true|false)")
log = logging.getLogger(__name__)

Run = Callable[[tuple[str, ...]], str]
"""Runs a tool and returns what it says; "" when it says nothing or fails."""


@dataclass(frozen=True, slots=True)
class OutputState:
    """The default output: its name, "" when unknown, and what of it is known (None: nothing).

    ``is_lost``: the sound system spoke before, and answers no more.
    """

    name: str = ""
    is_muted: bool | None = None
    percent: int | None = None
    is_lost: bool = False

    @property
    def fault(self) -> str:
        """Why it swallows every sound, or ""."""
        if self.is_lost:
            return "the sound system of this computer does not answer"
        if self.name in NO_OUTPUT:
            return "no audio output"
        if self.is_muted:
            return "the sound of this computer is muted"
        if self.percent is not None and self.percent < LEAST_PERCENT:
            return f"the volume of this computer is {self.percent} %"
        return ""


UNKNOWN = OutputState()
LOST = OutputState(is_lost=True)


def from_pactl(name: str, mute: str, volume: str) -> OutputState:
    """Return what three answers of pactl in the C locale say.

    Of ``get-default-sink``, ``get-sink-mute`` and ``get-sink-volume``. One channel that can be
    heard is enough.
    """
    percents = [int(found) for found in _PERCENT.findall(volume)]
    word = mute.strip().removeprefix("Mute:").strip()
    return OutputState(
        name.strip(), {"yes": True, "no": False}.get(word), max(percents, default=None)
    )


def from_osascript(settings: str) -> OutputState:
    """Return what ``get volume settings`` of macOS says; an output without volume says nothing."""
    found = _MAC.search(settings)
    if found is None:
        return UNKNOWN
    return OutputState("", found[2] == "true", int(found[1]))


def look(run: Run, platform: str = sys.platform) -> OutputState:
    """Ask the system once."""
    if platform == "darwin":
        return from_osascript(run(("osascript", "-e", "get volume settings")))
    if platform != "linux":
        return UNKNOWN
    name = run(("pactl", "get-default-sink")).strip()
    if not name:
        return UNKNOWN
    mute, volume = run(("pactl", "get-sink-mute", name)), run(("pactl", "get-sink-volume", name))
    return from_pactl(name, mute, volume)


def run_tool(words: tuple[str, ...]) -> str:
    """Return what a tool says; "" when there is none, it fails, or it does not answer in time."""
    if shutil.which(words[0]) is None:
        return ""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 - our own words
            words,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWERS_WITHIN_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"LC_ALL": "C"},
        )
        return done.stdout if done.returncode == 0 else ""
    return ""


class VolumeWatch:
    """Looks every five seconds, in a thread of its own; ``state`` is what was last seen."""

    def __init__(self, run: Run = run_tool, platform: str = sys.platform) -> None:
        self._run = run
        self._platform = platform
        self._over = threading.Event()
        self._blind_looks = 0
        self._is_known = False
        self.state = UNKNOWN

    def look(self) -> None:
        """Look once, in the calling thread."""
        state = self._judged(look(self._run, self._platform))
        if state.fault != self.state.fault:
            log.warning("%s", state.fault or "the volume of this computer is up again")
        self.state = state

    def _judged(self, seen: OutputState) -> OutputState:
        """Believe one look that sees nothing, but not a sound system that is away for good."""
        self._blind_looks = self._blind_looks + 1 if seen == UNKNOWN else 0
        self._is_known = self._is_known or seen != UNKNOWN
        is_lost = self._is_known and self._blind_looks >= LOST_AFTER_LOOKS
        return LOST if is_lost else seen

    def _serve(self) -> None:
        self.look()
        while not self._over.wait(LOOK_EVERY_S):
            self.look()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look again and again while this lasts."""
        thread = threading.Thread(target=self._serve, name="volume", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(ANSWERS_WITHIN_S)
