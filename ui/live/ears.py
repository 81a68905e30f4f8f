"""The sound of the window: the alarms of all chairs, and the test whether they are heard.

Knows hearing, the window's two keys, and where results are noted. Decides no alarm.
"""

from ui.bridge import UiBridge
from ui.hearing import Hearing
from ui.live.window import VigilWindow
from ui.people.reception import Reception
from ui.view_models.sound_test import notice_after
from ui.view_models.sounding import Wanted


class Ears:
    """Call ``tick`` ten times a second, then ``show``. ``has_second_voice``: of the station."""

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        hearing: Hearing,
        reception: Reception,
        *,
        has_second_voice: bool,
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._hearing = hearing
        self._reception = reception
        self._has_second_voice = has_second_voice
        window.sound_test_asked.connect(hearing.start_test)
        window.sound_answered.connect(hearing.answer)

    def tick(self, wanted: Wanted) -> None:
        """Make heard what is wanted, and note how tests ended."""
        self._hearing.tick(wanted)
        for verdict in self._hearing.take_ended():
            self._bridge.say(notice_after(verdict, has_second_voice=self._has_second_voice))
            self._reception.tested_sound(verdict.value)

    def show(self) -> None:
        """Show the question of a test, or take it away."""
        self._window.render_sound_test(self._hearing.strip)
