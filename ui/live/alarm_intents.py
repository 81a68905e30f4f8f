"""What people do about alarms at the screen: pause, sound off, alarms off, limits, observations.

Knows the keys' signals, the panel and the list of all chairs. Changes no alarm itself: each wish
becomes a message to the station, which may refuse it.
"""

from collections.abc import Callable, Iterable

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.channel_messages import PauseAudio, SwitchAudio
from monitor.snapshot import AudioState, SessionSnapshot
from ui.bridge import UiBridge
from ui.live.alarm_tasks import AllAlarms, Hands, Task
from ui.live.leave import Leave, Where
from ui.live.limit_tasks import Limits
from ui.live.observing import Observation
from ui.live.off_tasks import AlarmsOff, SoundOff
from ui.live.window import VigilWindow
from ui.people.reception import Reception
from ui.view_models.chair_alarms import (
    ChairAlarm,
    chair_alarms,
    elsewhere_view,
    escalation_view,
)
from ui.view_models.seen import Seen

FORGOTTEN_AFTER_S = 120.0
"""Seconds after which a panel that nobody uses goes: it covers a part of the chart."""


class AlarmIntents:
    """Call ``show`` on every tick, with the pictures of all sessions as eyes may see them."""

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        where: Callable[[], Where],
        hush: Callable[[], None],
        *,
        leave: Leave,
        reception: Reception,
        go_to: Callable[[str], object],
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._where = where
        self._hush = hush
        self._leave = leave
        self._reception = reception
        self._hands = Hands(
            leave,
            self._anybody,
            bridge.send,
            go_to,
            self._open,
            told=lambda: bridge.notice,
            tell=bridge.say,
        )
        self._alarms: tuple[ChairAlarm, ...] = ()
        self._task: Task | None = None
        self._of = ""
        self._now_s = self._used_s = 0.0
        self._connect(go_to)

    def show(self, sessions: Iterable[Seen], now_s: float) -> None:
        """Show what calls elsewhere, what nobody answers, and the open panel."""
        self._now_s = now_s
        self._alarms = chair_alarms(sessions)
        here = self._where().chair
        stopped = self._window.is_stopped
        self._window.alarms.render_elsewhere(elsewhere_view(self._alarms, here))
        self._window.alarms.render_escalation(
            None if stopped else escalation_view(self._alarms, here)
        )
        self._close_what_is_over()
        view = None if self._task is None else self._task.view(self._where().session)
        if view is None:
            self._task = None
        self._window.render_alarm_panel(view)

    # ---- keys

    def _connect(self, go_to: Callable[[str], object]) -> None:
        keys = self._window.alarms
        keys.pause_asked.connect(self._pause)
        keys.sound_off_asked.connect(self._sound_off)
        keys.alarms_off_asked.connect(self._alarms_off)
        keys.limits_asked.connect(self._limits)
        keys.observation_asked.connect(self._observe)
        keys.list_asked.connect(self._list)
        keys.chair_chosen.connect(go_to)
        for signal, act in (
            (keys.digit_pressed, self._digit),
            (keys.moved, self._move),
            (keys.row_marked, self._mark),
            (keys.entered, self._enter),
            (keys.left, self._back),
        ):
            signal.connect(act)
            signal.connect(self._touch)

    def _touch(self) -> None:
        self._used_s = self._now_s

    def _digit(self, number: int) -> None:
        if self._task is not None:
            self._task.digit(number)

    def _move(self, by: int) -> None:
        if self._task is not None:
            self._task.move(by)

    def _mark(self, row: int) -> None:
        if self._task is not None:
            self._task.mark(row)

    def _enter(self, typed: dict[str, str]) -> None:
        if self._task is not None:
            self._task.enter(self._where().session, typed)

    def _back(self) -> None:
        self._task = None if self._task is None else self._task.back()

    # ---- the panel

    def _alarms_off(self) -> None:
        """Open the list to who may switch off; to anybody while one is off: on is never refused."""
        session = self._where().session
        is_open = session is None or bool(session.alarms_off)
        if is_open or self._leave(Action.ALARM_OFF, session) is not None:
            self._open_here(AlarmsOff(self._hands))

    def _limits(self) -> None:
        self._open_here(Limits(self._hands))

    def _observe(self) -> None:
        self._open_here(Observation(self._hands))

    def _open_here(self, task: Task) -> None:
        """Open a task of the session on the screen."""
        session = self._where().session
        if session is None:
            self._bridge.say("There is no session at this chair.")
        elif session.waiting is not None:
            self._bridge.say("This session waits: first say whether it goes on.")
        else:
            self._begin(task, session.session_id)

    def _list(self) -> None:
        is_open = isinstance(self._task, AllAlarms)
        here = self._where().chair
        self._begin(None if is_open else AllAlarms(self._hands, lambda: self._alarms, here), "")

    def _begin(self, task: Task | None, session_id: str) -> None:
        if self._window.patients.is_open:
            self._bridge.say("First close the form (Esc).")
            return
        self._of = session_id
        self._open(task)

    def _open(self, task: Task | None) -> None:
        self._task = task
        self._touch()

    def _close_what_is_over(self) -> None:
        session = self._where().session
        is_elsewhere = session is None or session.session_id != self._of
        is_gone = self._task is not None and self._task.needs_session and is_elsewhere
        is_forgotten = self._now_s - self._used_s >= FORGOTTEN_AFTER_S
        if is_gone or is_forgotten or self._window.patients.is_open:
            self._task = None

    # ---- the sound

    def _pause(self) -> None:
        """Pause the sound, or end the pause; who ends one needs no leave."""
        session = self._where().session
        if session is None:
            return
        if session.audio.state is AudioState.OFF:
            self._bridge.say("The sound is off. Ctrl+O switches it on.")
        elif session.audio.state is AudioState.PAUSED:
            actor = self._anybody(session)
            self._bridge.send(PauseAudio(session.session_id, False, actor.by, actor.user_id))
        elif (actor_here := self._leave(Action.PAUSE_AUDIO, session)) is not None:
            pause = PauseAudio(session.session_id, True, actor_here.by, actor_here.user_id)
            if self._bridge.send(pause):
                self._hush()

    def _sound_off(self) -> None:
        """Ask why the sound is switched off, or switch it on at once."""
        session = self._where().session
        if session is not None and session.audio.state is AudioState.OFF:
            actor = self._anybody(session)
            self._bridge.send(SwitchAudio(session.session_id, False, "", actor.by, actor.user_id))
        elif session is None or self._leave(Action.AUDIO_OFF, session) is not None:
            self._open_here(SoundOff(self._hands))

    def _anybody(self, session: SessionSnapshot) -> Actor:
        return self._reception.actor_for(session.emergency)
