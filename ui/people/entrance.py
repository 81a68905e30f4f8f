"""Joins the reception to the window: keys and the panel to it, its words and locks to the screen.

Knows signals and views. Must not know how anything is proved.
"""

from dataclasses import replace

from ui.bridge import UiBridge
from ui.live.window import VigilWindow
from ui.people.reception import Reception

FREE_LOOKS = 10
"""A second: by then a station that was just found has told of its sessions."""


class Entrance:
    """Call ``tick`` ten times a second; ``is_free``: a free chair is shown, with nothing at work.

    At such a chair the panel opens by itself, once. Over a running session it never does.
    """

    def __init__(self, window: VigilWindow, bridge: UiBridge, reception: Reception) -> None:
        self._window = window
        self._bridge = bridge
        self._reception = reception
        self._has_asked = False
        self._free_looks = 0
        window.lock_asked.connect(reception.lock_or_open)
        window.pin_asked.connect(reception.ask_for_pin)
        window.another_asked.connect(reception.ask_another)
        window.panel_closed.connect(reception.close_panel)
        window.proof_given.connect(reception.submit)
        window.sign_out_asked.connect(reception.leave)

    def tick(self, *, is_free: bool) -> None:
        """Let the reception take its turn and show what came of it."""
        self._reception.tick()
        if notice := self._reception.take_notice():
            self._bridge.say(notice)
        self._free_looks = self._free_looks + 1 if is_free else 0
        is_settled = self._free_looks >= FREE_LOOKS
        if is_settled and self._reception.wants_somebody and not self._has_asked:
            self._has_asked = True
            self._reception.ask_who()

    def show(self, *, has_free_chair: bool) -> None:
        """Show who is here and the panel, after the screen below was drawn.

        Without a free chair it offers no start: there is nowhere to start.
        """
        panel = self._reception.panel
        if panel is not None and not has_free_chair:
            panel = replace(panel, break_glass=False)
        self._window.render_people(self._reception.who, panel)
