"""Whether alarms are heard at this desktop: loudspeaker, volume and sound test taken together.

Knows the fault that the station is told (TECH-9) and what is played. Must not know Qt.
"""

from collections.abc import Callable

from monitor.alarms.priority import Priority
from ui.sound import AlarmSound, Sounder
from ui.sound_test import GRACE_S, Output, SoundTest
from ui.view_models.sound_test import SoundStrip, Verdict
from ui.view_models.sounding import Wanted
from ui.volume import UNKNOWN, OutputState


class Hearing:
    """Call ``tick`` ten times a second. ``volume`` tells what the computer does to the sound.

    ``grace_s``: how long a session may run on an untested sound before that is an alarm.
    """

    def __init__(
        self,
        sounder: Sounder,
        now: Callable[[], float],
        volume: Callable[[], OutputState] = lambda: UNKNOWN,
        grace_s: float = GRACE_S,
    ) -> None:
        self._sounder = sounder
        self._now = now
        self._volume = volume
        self._sound = AlarmSound(sounder)
        self._test = SoundTest(self._sound, grace_s)
        self._wanted: Priority | None = None

    @property
    def alarm(self) -> str:
        """Why alarms are not heard here or nobody can be sure of it, or "": TECH-9."""
        return self.broken or self._test.alarm(self._now(), self._output)

    @property
    def fault(self) -> str:
        """The same for the screen, which asks for the first test before it is an alarm."""
        return self.broken or self._test.fault(self._now(), self._output)

    @property
    def broken(self) -> str:
        """Why no sound comes out of this computer, or "": nothing of what nobody has tested."""
        return self._sounder.fault or self._volume().fault

    @property
    def voice(self) -> Priority | None:
        """Whose bursts are heard here now, as far as is known; None: nobody's."""
        return None if self.broken else self._sound.voice

    @property
    def strip(self) -> SoundStrip | None:
        """The question of the sound test, None while nothing is asked."""
        return self._test.strip

    def tick(self, wanted: Wanted) -> None:
        """Play what is due."""
        now_s = self._now()
        self._wanted = wanted.priority
        self._sound.update(wanted.priority, now_s, is_escalated=wanted.is_escalated)
        self._test.tick(now_s, wanted.priority, self._output, has_session=wanted.has_session)
        if wanted.is_reminding:
            self._sound.remind(now_s)

    def hush(self) -> None:
        """Somebody has acknowledged: fall silent until the station says so."""
        self._sound.hush(self._now())

    def start_test(self) -> None:
        """Sound a burst and ask whether it was heard."""
        self._test.start(self._now(), self._wanted)

    def answer(self, is_heard: bool) -> None:
        """Take what a person says of the test."""
        self._test.answer(is_heard, self._now(), self._output)

    def take_ended(self) -> list[Verdict]:
        """Return how sound tests ended since the last call."""
        return self._test.take_ended()

    @property
    def _output(self) -> Output:
        return Output(self._sounder.output, self._volume().name)
