"""The second voice: the station sounds alarms itself when no desktop says that it does (hazard H3).

Knows the newest pictures, what desktops say they play, and time by its own turns. Must not know
Qt, nor how a file is played (players.py).

A desktop says at once whose bursts it begins, and again with every heartbeat. A new alarm that
nobody says to play within 0.35 s is played here, one that goes on after 2 s without a word; at
once, when nobody speaks at all. A screen that is lost while a session runs is a HIGH of its own:
no number can be read.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from monitor.alarms.priority import Priority
from monitor.snapshot import Phase, SessionSnapshot

ONSET_PATIENCE_S = 0.35
"""A new alarm is given so long to be confirmed by a desktop: half a second is all there is from the
limit to the sound (issue 4), and a desktop that is well confirms within 0.2 s (decision 0016)."""
PATIENCE_S = 2.0
"""An alarm that goes on is given so long: the desktop says twice a second that it plays it."""
SCREEN_LOST_AFTER_S = 5.0
"""A desktop that died is back in 5 s (architecture); one that stalls is ended after 10 s."""
LOOK_EVERY_S = 0.05
LONGEST_STEP_S = 0.2
"""A pause of this process counts as a moment: while it was stopped, it could hear nobody."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Burst:
    """A file to play, how long it lasts, and the pause until it is played again."""

    file: Path
    burst_s: float
    pause_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What sounds over all sessions."""

    priority: Priority
    is_escalated: bool = False


class Player(Protocol):
    """Something that plays one file at a time."""

    def play(self, file: Path) -> None:
        """Begin a file, cutting off another; never raises and never waits."""

    def tend(self) -> None:
        """See whether what was begun is being played; never raises."""

    def stop(self) -> None:
        """Fall silent; never raises."""


def worst(snapshots: Iterable[SessionSnapshot]) -> Heard | None:
    """Return what is most urgent of all that sounds in these sessions; LOW stays silent here."""
    alarms = [alarm for snapshot in snapshots for alarm in snapshot.alarms if alarm.is_heard]
    priority = max((alarm.priority for alarm in alarms), default=Priority.LOW)
    if priority is Priority.LOW:
        return None
    is_escalated = any(alarm.is_escalated for alarm in alarms if alarm.priority is priority)
    return Heard(priority, is_escalated)


def _is_worse(wanted: Heard | None, before: Heard | None) -> bool:
    return wanted is not None and (before is None or wanted.priority > before.priority)


class Siren:
    """Call ``look`` twenty times a second, or ``watching`` for a thread that does.

    ``bursts`` says what to play for what is heard. ``hear`` and ``let_go`` are for the threads
    that serve desktops.
    """

    def __init__(
        self,
        bursts: Callable[[Heard], Burst],
        snapshots: Callable[[], Iterable[SessionSnapshot]],
        player: Player,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bursts = bursts
        self._snapshots = snapshots
        self._player = player
        self._now = now
        self._lock = threading.Lock()
        self._said: list[Priority | None] = []
        self._is_screen_owed = False
        self._looked_s = now()
        self._silent_s = self._unanswered_s = 0.0
        self._wanted: Heard | None = None
        self._is_new = False
        self._playing: Heard | None = None
        self._burst_over_s = self._again_s = 0.0
        self._over = threading.Event()

    # ---- what desktops say

    def hear(self, voice: Priority | None) -> None:
        """A desktop lives, and plays the bursts of this priority; None: of none."""
        with self._lock:
            self._said.append(voice)
            self._is_screen_owed = True

    def let_go(self) -> None:
        """A desktop closed on purpose: its screen is not missed."""
        with self._lock:
            self._is_screen_owed = False

    # ---- time

    def look(self) -> None:
        """Let time pass, and play what nobody else plays."""
        step_s = self._pass_time()
        with self._lock:
            said, self._said = self._said, []
            is_owed = self._is_screen_owed
        running = [one for one in self._snapshots() if one.phase is not Phase.ENDED]
        wanted = worst(running)
        is_answered = wanted is None or any(voice and voice >= wanted.priority for voice in said)
        is_onset = _is_worse(wanted, self._wanted)
        self._wanted = wanted
        self._is_new = (self._is_new or is_onset) and not is_answered
        self._silent_s = 0.0 if said else self._silent_s + step_s
        self._unanswered_s = 0.0 if is_answered or is_onset else self._unanswered_s + step_s
        is_lost = is_owed and bool(running) and self._silent_s >= SCREEN_LOST_AFTER_S
        self._player.tend()
        self._serve(self._ours(wanted, is_lost=is_lost), is_taken_over=bool(said) and is_answered)

    def _pass_time(self) -> float:
        now = self._now()
        step_s = min(max(now - self._looked_s, 0.0), LONGEST_STEP_S)
        self._looked_s = now
        return step_s

    def _ours(self, wanted: Heard | None, *, is_lost: bool) -> Heard | None:
        """Return what is to be heard from here."""
        if is_lost:
            return Heard(Priority.HIGH, wanted is not None and wanted.is_escalated)
        return wanted if self._unanswered_s >= self._patience_s else None

    @property
    def _patience_s(self) -> float:
        """How long a desktop may take to say that it plays what is wanted."""
        if self._silent_s >= PATIENCE_S:
            return 0.0
        return ONSET_PATIENCE_S if self._is_new else PATIENCE_S

    def _serve(self, ours: Heard | None, *, is_taken_over: bool) -> None:
        """Repeat the burst; of an alarm that is over it ends by itself (clinical brief 1.5)."""
        if ours is not None:
            self._sound(ours)
        elif self._playing is not None:
            self._playing = None
            if is_taken_over:
                self._player.stop()

    def _sound(self, ours: Heard) -> None:
        now, last = self._now(), self._playing
        if _is_worse(ours, last) or now >= (self._again_s if ours == last else self._burst_over_s):
            burst = self._bursts(ours)
            log.warning("no desktop sounds the %s alarm: it is sounded here", ours.priority.word)
            self._playing = ours
            self._burst_over_s = now + burst.burst_s
            self._again_s = self._burst_over_s + burst.pause_s
            self._player.play(burst.file)

    # ---- the thread

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Look again and again, in a thread, while this lasts."""
        thread = threading.Thread(target=self._watch, name="siren")
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            self._player.stop()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY_S):
            self.look()
