"""Drives the window: ten times a second from the bridge's news to pixels and sound.

Knows which chair is looked at. Decides nothing clinical; a slow redraw delays no alarm state.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.snapshot import SessionSnapshot
from ui.bridge import SessionNews, StationState, UiBridge
from ui.hearing import Hearing
from ui.live.alarm_intents import AlarmIntents
from ui.live.answers import Answers
from ui.live.ears import Ears
from ui.live.intents import Intents
from ui.live.leave import Leave, Where
from ui.live.questions import Questions
from ui.live.starting import Starting
from ui.live.window import VigilWindow
from ui.patients.form import PatientForm
from ui.people.entrance import Entrance
from ui.people.reception import Reception
from ui.sound import Sounder
from ui.sound_test import GRACE_S
from ui.theme import Theme
from ui.view_models.alarms import worst_shown
from ui.view_models.backup import backup_text
from ui.view_models.chart_view import chart_view
from ui.view_models.flash_phase import FlashPhase
from ui.view_models.patients import UNKNOWN_PATIENT
from ui.view_models.screen import chair_tabs, free_screen, is_running, session_screen, stopped_view
from ui.view_models.seen import Seen, local_text
from ui.view_models.sounding import Wanted, wanted_sound
from ui.volume import UNKNOWN, OutputState

HIDDEN_NAME = "Name hidden"
REDRAW_AT_LEAST_EVERY_S = 5.0
"""Seconds of the session after which the line of the present has moved by about a pixel."""


class Desk:
    """The window with all that moves it. Call ``tick`` ten times a second."""

    def __init__(
        self,
        theme: Theme,
        bridge: UiBridge,
        sounder: Sounder,
        now: Callable[[], float],
        stop_station_on_close: bool = False,
        *,
        reception: Reception,
        patients: PatientForm,
        volume: Callable[[], OutputState] = lambda: UNKNOWN,
        has_second_voice: bool = True,
    ) -> None:
        self._bridge = bridge
        grace_s = math.inf if stop_station_on_close else GRACE_S  # a demonstration only shows it
        self._hearing = Hearing(sounder, now, volume, grace_s)
        self._now = now
        self._stop_station = stop_station_on_close
        self._chair = ""
        self._close_is_agreed = False
        self._drawn: tuple[object, ...] = ()
        self._phase = FlashPhase()
        self.window = VigilWindow(theme, self._may_close)
        self._reception = reception
        leave, questions = Leave(bridge, reception), Questions(self.window)
        self._intents = Intents(
            self.window,
            bridge,
            self._where,
            self._hush,
            leave=leave,
            questions=questions,
            is_heard_without=lambda: has_second_voice and not self._hearing.broken,
            is_demonstration=stop_station_on_close,
        )
        self._starting = Starting(
            self.window,
            bridge,
            self._where,
            patients,
            reception=reception,
            leave=leave,
            questions=questions,
        )
        self._alarm_intents = AlarmIntents(
            self.window,
            bridge,
            self._where,
            self._hush,
            leave=leave,
            reception=reception,
            go_to=self._go_to,
        )
        self._answers = Answers(self.window, bridge, self._intents, self._without_name)
        self._entrance = Entrance(self.window, bridge, reception)
        self._ears = Ears(
            self.window, bridge, self._hearing, reception, has_second_voice=has_second_voice
        )
        self.window.chair_chosen.connect(self._go_to)
        self.window.chair_number_chosen.connect(self._go_to_number)

    def tick(self) -> None:
        """Take in the news, show it, make it heard."""
        self._bridge.poll(self._hearing.alarm, self._hearing.voice)
        self._ears.tick(self._wanted_sound())
        self._bridge.confirm(self._hearing.alarm, self._hearing.voice)
        self._choose_a_chair()
        self._entrance.tick(is_free=self._is_free)
        self._starting.tick(self._now())
        self._show()
        self._entrance.show(has_free_chair=self._has_free_chair)
        self.window.flash(self._phase.at(self._now(), self._running()))

    # ---- what is going on

    @property
    def _is_stopped(self) -> bool:
        return self._bridge.state is StationState.STOPPED

    @property
    def _sessions(self) -> dict[str, SessionNews]:
        return {
            chair: news
            for chair, news in self._bridge.sessions.items()
            if is_running(news.snapshot)
        }

    @property
    def _is_free(self) -> bool:
        """Whether the station works and a chair without a session is looked at."""
        is_live = self._bridge.state is StationState.LIVE
        return is_live and self._chair not in self._sessions

    @property
    def _has_free_chair(self) -> bool:
        return any(view.chair not in self._sessions for view in self._bridge.chairs)

    def _where(self) -> Where:
        news = self._sessions.get(self._chair)
        return Where(self._chair, None if news is None else news.snapshot)

    def _wanted_sound(self) -> Wanted:
        is_ours = self._is_stopped or self._answers.is_alarm
        return wanted_sound(self._running(), is_desktop_alarm=is_ours)

    def _hush(self) -> None:
        self._hearing.hush()

    # ---- which chair

    def _choose_a_chair(self) -> None:
        """Stay where a person went; at first go to a chair with a session, else to the first."""
        known = [*self._sessions, *(view.chair for view in self._bridge.chairs)]
        if self._chair not in known:
            self._chair = known[0] if known else ""

    def _go_to(self, chair: str) -> None:
        if chair != self._chair:
            self._chair = chair
            self._starting.go_elsewhere()

    def _go_to_number(self, number: int) -> None:
        if number <= len(self._bridge.chairs):
            self._go_to(self._bridge.chairs[number - 1].chair)

    # ---- from news to pixels

    def _show(self) -> None:
        news = self._sessions.get(self._chair)
        if news is None:
            is_up = self._bridge.state is StationState.LIVE
            chair = next((c for c in self._bridge.chairs if c.chair == self._chair), None)
            self.window.render_free(free_screen(chair, self._hearing.fault, is_set_up=is_up))
        else:
            age_s = self._now() - news.received_s
            snapshot = self._without_name(news.snapshot)
            self._show_session(Seen(snapshot, age_s, None, self._is_stopped))
        self._show_frame()

    def _all_seen(self) -> list[Seen]:
        """Return the pictures of all running sessions, as eyes may see them."""
        return [
            Seen(
                self._without_name(news.snapshot),
                self._now() - news.received_s,
                None,
                self._is_stopped,
            )
            for news in self._sessions.values()
        ]

    def _without_name(self, snapshot: SessionSnapshot) -> SessionSnapshot:
        """Return the picture without the patient's name where the clinic wants it so."""
        is_hidden = self._reception.hides_names and snapshot.patient != UNKNOWN_PATIENT
        return replace(snapshot, patient=HIDDEN_NAME) if is_hidden else snapshot

    def _show_session(self, seen: Seen) -> None:
        model = self._bridge.charts[seen.snapshot.chair]
        self.window.render_session(session_screen(seen, model.log, self._hearing.fault))
        panes = self.window.session.chart
        content = self._chart_content(seen.snapshot, model.revision, panes.columns, seen.now_s)
        if content != self._drawn:
            self._drawn = content
            panes.render_view(chart_view(model, seen, panes.columns))

    @staticmethod
    def _chart_content(
        shown: SessionSnapshot, revision: int, columns: int, now_s: float
    ) -> tuple[object, ...]:
        """Return all that the chart depends on: while it is equal, nothing is drawn again."""
        alarms = tuple((alarm.rule, alarm.state) for alarm in shown.alarms)
        step = int(now_s / REDRAW_AT_LEAST_EVERY_S)
        return (shown.session_id, revision, columns, step, shown.phase, shown.limits, alarms)

    def _show_frame(self) -> None:
        snapshots = {chair: news.snapshot for chair, news in self._sessions.items()}
        alarms = {chair: worst_shown(snapshot) for chair, snapshot in snapshots.items()}
        tabs = chair_tabs(self._bridge.chairs, snapshots, alarms, self._chair)
        silent_s = self._bridge.silent_for_s
        stopped = stopped_view(silent_s, self._last_news(silent_s), self._bridge.fault)
        self._answers.show()
        self._starting.show()
        self._ears.show()
        self._alarm_intents.show(self._all_seen(), self._now())
        self.window.render_backup(backup_text(self._bridge.backup))
        self.window.render_frame(tabs, stopped if self._is_stopped else None, self._bridge.notice)

    def _last_news(self, seconds_ago: float) -> str:
        if not self._bridge.sessions:
            return ""
        return local_text(datetime.now(UTC) - timedelta(seconds=seconds_ago), None, "%H:%M:%S")

    # ---- closing

    def _may_close(self) -> bool:
        if self._sessions and not self._close_is_agreed:
            self._intents.ask_to_close(self._running, self._agree_to_close)
            return False
        self._bridge.close(self._stop_station, is_agreed=self._close_is_agreed)
        return True

    def _running(self) -> list[SessionSnapshot]:
        return [news.snapshot for news in self._sessions.values()]

    def _agree_to_close(self) -> None:
        self._close_is_agreed = True
        self.window.close()
