"""The sound test: a burst on the way of all alarms, and a person who says whether it was heard.

Knows how long an answer holds and on which output. Must not know Qt; it never holds an alarm back.
"""

from dataclasses import dataclass, replace

from monitor.alarms.priority import Priority
from ui.sound import AlarmSound
from ui.view_models.sound_test import (
    SoundStrip,
    Verdict,
    fault_after,
    fault_of_another_output,
    sound_strip,
)

ANSWER_WITHIN_S = 60.0
HOLDS_S = 12 * 3600.0
"""One working day: whoever works here tomorrow tests again."""
GRACE_S = 120.0
"""Of a session on a screen where no answer holds: time to press the key before it is an alarm."""


@dataclass(frozen=True, slots=True)
class Output:
    """Which output plays, by the names Qt and the system give it; "" where one says nothing."""

    qt: str = ""
    system: str = ""

    def is_other_than(self, tested: "Output") -> bool:
        """Whether a name that was known at the test is another one now."""
        pairs = ((self.qt, tested.qt), (self.system, tested.system))
        return any(now and then and now != then for now, then in pairs)


@dataclass(frozen=True, slots=True)
class _Running:
    asked_s: float
    beside: Priority | None


@dataclass(frozen=True, slots=True)
class _Session:
    """Since when one runs, and the output that was there then, or at the last answer since."""

    since_s: float
    output: Output


class SoundTest:
    """Call ``tick`` at every tick after the alarms had their turn.

    ``grace_s``: how long a session may run without an answer that holds before it is an alarm.
    """

    def __init__(self, sound: AlarmSound, grace_s: float = GRACE_S) -> None:
        self._sound = sound
        self._grace_s = grace_s
        self._running: _Running | None = None
        self._verdict: Verdict | None = None
        self._tested: tuple[float, Output] = (float("-inf"), Output())
        self._session: _Session | None = None
        self._ended: list[Verdict] = []

    @property
    def strip(self) -> SoundStrip | None:
        """The question, None while nothing is asked."""
        if self._running is None:
            return None
        return sound_strip(is_alarm=self._running.beside is not None)

    def start(self, now_s: float, wanted: Priority | None) -> None:
        """Sound a burst and ask; ``wanted`` is the alarm that sounds already."""
        self._sound.test(now_s)
        self._running = _Running(now_s, wanted)

    def answer(self, is_heard: bool, now_s: float, output: Output) -> None:
        """Take what a person says."""
        if self._running is not None:
            self._end(Verdict.HEARD if is_heard else Verdict.NOT_HEARD, now_s, output)

    def tick(
        self, now_s: float, wanted: Priority | None, output: Output, *, has_session: bool
    ) -> None:
        """Let time pass: an alarm that begins interrupts the test, silence ends it."""
        running = self._running
        if running is not None and wanted is not None and _is_worse(wanted, running.beside):
            self._running = None
            self._ended.append(Verdict.INTERRUPTED)
        elif running is not None and now_s - running.asked_s >= ANSWER_WITHIN_S:
            self._end(Verdict.NO_ANSWER, now_s, output)
        if not has_session:
            self._session = None
        elif self._session is None:
            self._session = _Session(now_s, output)

    def fault(self, now_s: float, output: Output) -> str:
        """Return why nobody can be sure that alarms are heard, or "". For the screen."""
        tested_s, tested_output = self._tested
        if self._verdict is Verdict.HEARD:
            if output.is_other_than(tested_output):
                return fault_of_another_output()
            if now_s - tested_s > HOLDS_S:
                return fault_after(None)
        return fault_after(self._verdict)

    def alarm(self, now_s: float, output: Output) -> str:
        """Return the same where it is an alarm.

        That is at once when a test has failed, or when the output changed under a running session;
        what only must be tested again may wait until there was time for it.
        """
        has_failed = self._verdict in (Verdict.NOT_HEARD, Verdict.NO_ANSWER)
        is_urgent = has_failed or self._is_late(now_s) or self._has_moved(output)
        return self.fault(now_s, output) if is_urgent else ""

    def take_ended(self) -> list[Verdict]:
        """Return how tests ended since the last call."""
        ended, self._ended = self._ended, []
        return ended

    def _is_late(self, now_s: float) -> bool:
        return self._session is not None and now_s - self._session.since_s >= self._grace_s

    def _has_moved(self, output: Output) -> bool:
        if self._verdict is not Verdict.HEARD or self._session is None:
            return False
        return output.is_other_than(self._session.output)

    def _end(self, verdict: Verdict, now_s: float, output: Output) -> None:
        self._running = None
        self._verdict = verdict
        self._tested = (now_s, output)
        if self._session is not None:
            self._session = replace(self._session, output=output)
        self._ended.append(verdict)


def _is_worse(wanted: Priority, beside: Priority | None) -> bool:
    return beside is None or wanted > beside
