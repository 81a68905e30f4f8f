"""Sound off and alarms off in the alarm panel: what is switched off, and why.

Knows the pages and the messages to the station. Switching on again is never refused.
"""

from monitor.accounts.permissions import Action
from monitor.channel_messages import SwitchAlarm, SwitchAudio
from monitor.snapshot import SessionSnapshot
from ui.live.alarm_tasks import NO_REASON, Hands, Plain, Rows, Task
from ui.view_models.alarm_panel import (
    AlarmPanelView,
    OffChoice,
    alarms_off_page,
    off_choices,
    reason_page,
)


class SoundOff(Plain):
    """Why the sound of a session is switched off."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._told = ""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page that asks for a reason."""
        if session is None:
            return None
        title = f"Switch the alarm sound of {session.chair} off"
        return reason_page("sound off", title, self._told)

    def enter(self, session: SessionSnapshot | None, typed: dict[str, str]) -> None:
        """Switch it off."""
        reason = typed.get("reason", "").strip()
        self._told = "" if reason else NO_REASON
        if session is None or not reason:
            return
        actor = self._hands.leave(Action.AUDIO_OFF, session)
        if actor is not None and self._hands.send(
            SwitchAudio(session.session_id, True, reason, actor.by, actor.user_id)
        ):
            self._hands.open(None)


class AlarmsOff(Rows):
    """The alarms of a session, to be switched off or on again. The marked one stays marked."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(hands)
        self._choices: tuple[OffChoice, ...] = ()
        self._meant = ""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the list."""
        if session is None:
            return None
        self._choices = off_choices(session)
        self._count = len(self._choices)
        rules = [one.rule for one in self._choices]
        self._marked = rules.index(self._meant) if self._meant in rules else 0
        self.mark(self._marked)
        return alarms_off_page(session, self._marked)

    def mark(self, row: int) -> None:
        """Mark this row."""
        super().mark(row)
        self._meant = self._choices[self._marked].rule if self._choices else ""

    def enter(self, session: SessionSnapshot | None, _typed: dict[str, str]) -> None:
        """Switch on at once; ask why before anything is switched off."""
        if session is None or not self._choices:
            return
        chosen = self._choices[self._marked]
        if chosen.is_off:
            actor = self._hands.anybody(session)
            self._hands.send(
                SwitchAlarm(session.session_id, chosen.rule, False, "", actor.by, actor.user_id)
            )
        elif self._hands.leave(Action.ALARM_OFF, session) is not None:
            self._hands.open(OneAlarmOff(self._hands, self, chosen))


class OneAlarmOff(Plain):
    """Why one alarm is switched off."""

    def __init__(self, hands: Hands, alarms: AlarmsOff, chosen: OffChoice) -> None:
        self._hands = hands
        self._alarms = alarms
        self._chosen = chosen
        self._told = ""

    def view(self, session: SessionSnapshot | None) -> AlarmPanelView | None:
        """Return the page that asks for a reason."""
        if session is None:
            return None
        title = f"Switch off: {self._chosen.words} ({self._chosen.rule})"
        return reason_page(f"off {self._chosen.rule}", title, self._told)

    def enter(self, session: SessionSnapshot | None, typed: dict[str, str]) -> None:
        """Switch it off."""
        reason = typed.get("reason", "").strip()
        self._told = "" if reason else NO_REASON
        if session is None or not reason:
            return
        actor = self._hands.leave(Action.ALARM_OFF, session)
        if actor is not None and self._hands.send(
            SwitchAlarm(
                session.session_id, self._chosen.rule, True, reason, actor.by, actor.user_id
            )
        ):
            self._hands.open(None)

    def back(self) -> Task | None:
        """Return to the list."""
        return self._alarms
