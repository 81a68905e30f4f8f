"""Observations in the alarm panel: MOAA/S, then dissociation, each chosen by its digits.

Knows the pages and the message to the station. Must not know when one is due.
"""

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.entry_messages import EnterScale
from monitor.snapshot import SessionSnapshot
from ui.live.alarm_tasks import Hands, Plain
from ui.view_models.alarm_panel import AlarmPanelView
from ui.view_models.observations import SCALES, observation_page


class Observation(Plain):
    """MOAA/S, then dissociation."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._left = list(SCALES)
        self._typed = ""
        self._told = ""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page of the scale that is asked for now."""
        if session is None:
            return None
        due = [one.text for one in session.alarms if one.rule == "CLIN-2"]
        return observation_page(self._left[0], self._typed, self._told, "".join(due))

    def move(self, by: int) -> None:
        """Choose the next score; of MOAA/S the best stands at the top."""
        self._typed, self._told = self._left[0].moved(self._typed, -by), ""

    def mark(self, row: int) -> None:
        """Choose the score of this row."""
        self._typed, self._told = str(self._left[0].most - row), ""

    def digit(self, number: int) -> None:
        """Choose this score."""
        self._typed, self._told = self._left[0].pressed(self._typed, number), ""

    def enter(self, session: SessionSnapshot | None, _typed: dict[str, str]) -> None:
        """Send it and ask for the next."""
        if session is None:
            return
        if not self._typed:
            self._told = "Press a number first. Esc closes without saving."
            return
        actor = self._hands.leave(Action.ENTER_NOTE, session)
        if actor is not None and self._hands.send(self._command(session, actor)):
            self._typed = ""
            self._left.pop(0)
            self._hands.open(self if self._left else None)

    def _command(self, session: SessionSnapshot, actor: Actor) -> EnterScale:
        what = (session.session_id, self._left[0].name, float(self._typed))
        return EnterScale(*what, by=actor.by, by_id=actor.user_id)
