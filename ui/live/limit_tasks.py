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
from ui.view_models.alarm_panel import AlarmPanelView, limit_page, limits_page, typed_number


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
        if self._hands.leave(Action.CHANGE_LIMITS, session) is not None:
            one = session.limit_settings[self._marked]
            self._hands.open(OneLimit(self._hands, self, one.rule, one.vital))


class OneLimit(Plain):
    """Another number for one limit, and why."""

    def __init__(self, hands: Hands, limits: Limits, rule: str, vital: Vital) -> None:
        self._hands = hands
        self._limits = limits
        self._of = (rule, vital)
        self._told = ""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page with two lines."""
        settings = () if session is None else session.limit_settings
        found = [one for one in settings if (one.rule, one.vital) == self._of]
        return limit_page(session, found[0], self._told) if session and found else None

    def enter(self, session: SessionSnapshot | None, typed: dict[str, str]) -> None:
        """Send it; whether it is taken, the station says."""
        if session is None or not self._is_complete(typed):
            return
        actor = self._hands.leave(Action.CHANGE_LIMITS, session)
        if actor is not None and self._hands.send(self._command(session, typed, actor)):
            self._hands.open(self._limits)

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
