"""Decides which tone is heard when: one at a time over all chairs, the worst first.

Knows priorities, tones and time that it is told. Must not know Qt, nor why an alarm sounds.
"""

from typing import Protocol

from monitor.alarms.priority import Priority
from ui.bursts import RECIPES, Tone, tone_of

HUSH_S = 1.0
"""How long an acknowledgement may be on its way before the same alarm is heard again."""
REMIND_EVERY_S = 120.0
"""While an alarm or its sound is off (clinical brief 1.5, D)."""
FORGOTTEN_AFTER_S = 10.0
"""Of not being asked to remind: what was off is on again, and the next 2 min begin anew."""
TEST_PRIORITY = Priority.MEDIUM
"""The test is heard by patients as well; all alarms go the same way at the same height."""


class Sounder(Protocol):
    """Something that can play one tone at a time."""

    @property
    def fault(self) -> str:
        """Why alarms cannot be heard, or ""."""

    @property
    def output(self) -> str:
        """A name for the output that plays, "" when none is known; another output, another name."""

    def play(self, tone: Tone) -> None:
        """Begin this tone from its start; never raises."""

    def stop(self) -> None:
        """Fall silent at once; never raises."""


class AlarmSound:
    """Repeats the burst of the worst sounding alarm; a worse one interrupts, a lesser one waits.

    An alarm that ends lets its burst end (clinical brief 1.5). ``update`` is called at every tick.
    """

    def __init__(self, sounder: Sounder) -> None:
        self._sounder = sounder
        self._wanted: Priority | None = None
        self._playing: Priority | None = None
        self._tone: Tone | None = None
        self._burst_over_s = 0.0
        self._again_s = 0.0
        self._hushed: tuple[Priority, float] | None = None
        self._reminded: tuple[float, float] | None = None

    @property
    def voice(self) -> Priority | None:
        """Whose bursts are being heard again and again, if the loudspeaker works; None: nobody's.

        This is what the station is told; without it, it raises its own voice.
        """
        if self._wanted is None or self._playing is None or self._sounder.fault:
            return None
        return self._playing

    def update(self, wanted: Priority | None, now_s: float, *, is_escalated: bool = False) -> None:
        """Play what is due at ``now_s``. ``is_escalated``: a HIGH that nobody answers, louder."""
        self._wanted = wanted
        if wanted is None:
            self._again_s = self._burst_over_s
            return
        tone = tone_of(wanted, is_escalated=is_escalated)
        if not self._is_hushed(wanted, now_s) and self._is_due(wanted, tone, now_s):
            self._playing = wanted
            self._begin(tone, now_s)

    def hush(self, now_s: float) -> None:
        """Cut the burst under way: somebody has acknowledged, the station will say so soon."""
        self._sounder.stop()
        if self._playing is not None:
            self._hushed = (self._playing, now_s + HUSH_S)
        self._playing = None
        self._again_s = self._burst_over_s = now_s

    def test(self, now_s: float) -> float:
        """Begin a burst now, that of the alarm that sounds if one does; return when it is over."""
        if self._wanted is not None and self._playing is not None and self._tone is not None:
            self._begin(self._tone, now_s)
        else:
            self._playing = None  # so that any alarm interrupts it
            self._begin(tone_of(TEST_PRIORITY), now_s)
        return self._burst_over_s

    def remind(self, now_s: float) -> None:
        """Sound a soft tone every 2 min, never over a burst; to be called at every tick."""
        if self._reminded is None or now_s - self._reminded[1] > FORGOTTEN_AFTER_S:
            self._reminded = (now_s, now_s)
        last_s, _ = self._reminded
        if now_s - last_s >= REMIND_EVERY_S and now_s >= self._burst_over_s:
            last_s = now_s
            self._burst_over_s = now_s + RECIPES[Tone.REMINDER].burst_s
            self._sounder.play(Tone.REMINDER)
        self._reminded = (last_s, now_s)

    def _is_hushed(self, wanted: Priority, now_s: float) -> bool:
        return self._hushed is not None and wanted <= self._hushed[0] and now_s < self._hushed[1]

    def _is_due(self, wanted: Priority, tone: Tone, now_s: float) -> bool:
        if self._playing is None or wanted > self._playing:
            return True
        is_same = wanted is self._playing and tone is self._tone
        return now_s >= (self._again_s if is_same else self._burst_over_s)

    def _begin(self, tone: Tone, now_s: float) -> None:
        if now_s < self._burst_over_s:
            self._sounder.stop()
        recipe = RECIPES[tone]
        self._tone = tone
        self._burst_over_s = now_s + recipe.burst_s
        self._again_s = self._burst_over_s + recipe.pause_s
        self._sounder.play(tone)
