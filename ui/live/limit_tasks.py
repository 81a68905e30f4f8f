"""The limits of a session in the alarm panel: the list, and another number for one, with a reason.

Knows the pages and the message to the station, which decides whether a limit is taken.
"""

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.channel_messages import ChangeLimit
from monitor.errors import OperatorError
from monitor.snapshot import SessionSnapshot
from monitor.vitals import Vital
from ui.live.alarm_tasks import NO_REASON, Hands, Plain, Rows, Task
from ui.view_models.alarm_panel import (
    AlarmPanelView,
    limit_page,
    limit_words,
    limits_page,
    typed_number,
)

SAME = 1e-6
"""Numbers of at most six digits that differ by less are one."""


class Limits(Rows):
    """The limits of a session."""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the list."""
        if session is None:
            return None
        self._count = len(session.limit_settings)
        return limits_page(session, self._marked)

    def enter(self, session: SessionSnapshot | None, _typed: dict[str, str]) -> None:
        """Ask for another number."""
        if session is None or not session.limit_settings:
            return
        one = session.limit_settings[min(self._marked, len(session.limit_settings) - 1)]
        if one.why_fixed:
            words = f"{limit_words(one)} ({one.rule})"
            self._hands.tell(f"{words} cannot be changed here: it {one.why_fixed}.")
        elif self._hands.leave(Action.CHANGE_LIMITS, session) is not None:
            self._hands.open(OneLimit(self._hands, self, one.rule, one.vital))


class OneLimit(Plain):
    """Another number for one limit, and why."""

    def __init__(self, hands: Hands, limits: Limits, rule: str, vital: Vital) -> None:
        self._hands = hands
        self._limits = limits
        self._of = (rule, vital)
        self._told = ""
        self._sent: float | None = None

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page with two lines; the list again once the station has taken the number."""
        settings = () if session is None else session.limit_settings
        found = [one for one in settings if (one.rule, one.vital, one.why_fixed) == (*self._of, "")]
        if session is None or not found:
            return None
        if self._sent is not None and abs(found[0].value - self._sent) < SAME:
            self._hands.open(self._limits)
            return self._limits.view(session)
        if self._sent is not None and self._hands.told():
            self._told, self._sent = self._hands.told(), None
        return limit_page(session, found[0], self._told)

    def enter(self, session: SessionSnapshot | None, typed: dict[str, str]) -> None:
        """Send it, and stay with what was typed until the station has taken it."""
        if session is None or self._sent is not None or not self._is_complete(typed):
            return
        actor = self._hands.leave(Action.CHANGE_LIMITS, session)
        if actor is None:
            return
        self._hands.tell("")  # what is told from now on is the answer
        if self._hands.send(self._command(session, typed, actor)):
            self._sent = typed_number(typed["value"])

    def back(self) -> Task | None:
        """Return to the list."""
        return self._limits

    def _is_complete(self, typed: dict[str, str]) -> bool:
        try:
            typed_number(typed.get("value", ""))
        except OperatorError as wrong:
            self._told = f"{wrong}."
            return False
        self._told = "" if typed.get("reason", "").strip() else NO_REASON
        return not self._told

    def _command(
        self, session: SessionSnapshot, typed: dict[str, str], actor: Actor
    ) -> ChangeLimit:
        rule, vital = self._of
        value, reason = typed_number(typed["value"]), typed["reason"].strip()
        what = (session.session_id, rule, vital.value, value, reason)
        return ChangeLimit(*what, by=actor.by, by_id=actor.user_id)
