"""Eight chairs, a station and a desktop as processes: one limit is crossed after the other.

Knows what the processes tell and how to bring all to rest again. Must not know figures.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from monitor.channel_messages import Acknowledge, OpenSession, SessionUpdate, StationAlive
from monitor.errors import BugError
from monitor.pipe import PipeChannel, connect
from monitor.settings import FILE_NAME, Settings, write_settings
from monitor.snapshot import SessionSnapshot
from ui.bench.alarm_beds import Bed, beds
from ui.bench.telling import Told, heard
from ui.sound import HUSH_S

CHAIRS = 8
PATIENCE_S = 30.0
LOOK_EVERY_S = 0.005
HIGH = "alarm_high"
PAUSE_S = HUSH_S + 0.1
"""So long a desktop plays nothing after somebody has acknowledged there."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Condition:
    """What stands in the way: a share of time the desktop stalls, seconds each commit takes."""

    name: str
    share_stalled: float = 0.0
    commit_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Onset:
    """Milliseconds from the last byte of a value beyond the limit, and who sounded."""

    state_ms: float
    sound_ms: float
    flash_ms: float
    is_second_voice: bool
    """The station was heard first."""
    are_both: bool
    """The station's voice began beside the desktop's, and was stopped."""


class Child:
    """A process that tells; ends with its standard input."""

    def __init__(self, told: Callable[[Told], None], module: str, *words: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            start_new_session=True,  # Ctrl+C is for us
        )
        self._told = told
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def end(self) -> None:
        """Let it end, or kill it."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._ear.join()
        if self._process.stdout:
            self._process.stdout.close()

    def _listen(self) -> None:
        if self._process.stdout:
            for line in self._process.stdout:
                self._told(heard(line))


class Ward:
    """All of it. ``onset`` crosses one limit and brings all to rest again."""

    def __init__(self, here: tuple[Bed, ...], channel: PipeChannel, told: list[Told]) -> None:
        self._beds = here
        self._channel = channel
        self._told = told
        self._seen: dict[str, SessionSnapshot] = {}
        self._desktops: tuple[int, ...] = ()

    def open_sessions(self) -> None:
        """Open a session at every chair and wait until the desktop shows them all."""
        for bed in self._beds:
            self._channel.send(OpenSession(bed.chair.name, "Nobody"))
        self._wait(lambda: self._desktops == (len(self._beds),) or None, "the first pictures")
        self._wait(lambda: all(one.pulse for one in self._seen.values()) or None, "the pulses")
        self._wait(lambda: self._is_at_rest() or None, "the calm")

    def onset(self, bed: Bed, rng: random.Random) -> Onset:
        """Cross a limit at this bed, at a random moment."""
        self._wait(lambda: not self._seen[bed.chair.name].alarms or None, "the recovery")
        time.sleep(PAUSE_S)
        since_ns = bed.cross(rng, PATIENCE_S)

        def first(*words: tuple[str, str]) -> float | None:
            found = (one.at_ns for one in tuple(self._told) if (one.kind, one.detail) in words)
            later = [at_ns for at_ns in found if at_ns >= since_ns]
            return (min(later) - since_ns) / 1e6 if later else None

        own, second = ("first", HIGH), ("second", HIGH)
        state_ms = self._wait(lambda: first(("state", bed.chair.name)), "the alarm")
        flash_ms = self._wait(lambda: first(("flash", "")), "the flash")
        sound_ms = self._wait(lambda: first(own, second), "the sound")
        desktop_ms = self._wait(lambda: first(own), "the sound of the desktop")
        onset = Onset(state_ms, sound_ms, flash_ms, sound_ms < desktop_ms, bool(first(second)))
        self._rest(bed)
        return onset

    def _rest(self, bed: Bed) -> None:
        """Make well and acknowledge; wait until the desktop knows that nothing sounds."""
        since_ns = time.monotonic_ns()
        bed.recover()
        self._channel.send(Acknowledge(self._seen[bed.chair.name].session_id))
        self._wait(lambda: self._is_at_rest() or None, "the acknowledgement")
        self._wait(
            lambda: (
                any(one.kind == "quiet" and one.at_ns >= since_ns for one in self._told) or None
            ),
            "the silence",
        )
        self._told.clear()

    def _is_at_rest(self) -> bool:
        return not any(alarm.is_heard for one in self._seen.values() for alarm in one.alarms)

    def _look(self) -> None:
        for message in self._channel.receive():
            if isinstance(message, SessionUpdate):
                self._seen[message.snapshot.chair] = message.snapshot
            elif isinstance(message, StationAlive):
                self._desktops = tuple(len(one.showing) for one in message.desktops)

    def _wait(self, find: Callable[[], Found | None], what: str) -> Found:
        end = time.monotonic() + PATIENCE_S
        while True:
            self._look()
            if (found := find()) is not None:
                return found
            if time.monotonic() > end:
                raise BugError(f"{what} did not come within {PATIENCE_S:g} s")
            time.sleep(LOOK_EVERY_S)


@contextmanager
def ward(folder: Path, condition: Condition) -> Iterator[tuple[Ward, tuple[Bed, ...]]]:
    """Give a ward at rest, while this lasts."""
    told: list[Told] = []
    with ExitStack() as open_:
        here = open_.enter_context(beds(CHAIRS))
        folder.mkdir()
        write_settings(
            folder / FILE_NAME, Settings(tuple(bed.chair for bed in here), throw_away=True)
        )
        for module, word in (
            ("ui.bench.alarm_station", condition.commit_s),
            ("ui.bench.alarm_desktop", condition.share_stalled),
        ):
            child = Child(told.append, module, str(folder), str(word))
            open_.callback(child.end)
        channel = _call(folder)
        open_.callback(channel.close)
        made = Ward(here, channel, told)
        made.open_sessions()
        yield made, here


def _call(folder: Path) -> PipeChannel:
    end = time.monotonic() + PATIENCE_S
    while (channel := connect(folder)) is None:
        if time.monotonic() > end:
            raise BugError("The station does not answer")
        time.sleep(LOOK_EVERY_S)
    return channel
