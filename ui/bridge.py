"""The desktop's end of the channel: polls it, keeps the newest news, notices when it falls silent.

Knows the station only by its messages; runs on the main thread and waits for nothing. Not Qt.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from monitor.alarms.priority import Priority
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import (
    BackupState,
    ChairView,
    Command,
    DesktopAlive,
    FromDesktop,
    FromStation,
    Goodbye,
    Hello,
    Refused,
    SessionUpdate,
    StationAlive,
)
from monitor.snapshot import Phase, SessionSnapshot
from ui.station_search import Connect, InBackground, StationSearch, Task, run_in_thread
from ui.view_models.chart_model import ChartModel
from ui.waking_time import WakingTime

HEARTBEAT_S = 0.5  # both ways, architecture: 2 Hz
SILENCE_IS_LOSS_S = 2.0  # a station that has not spoken for this long is lost
SESSION_SILENCE_IS_LOSS_S = 4.0  # it speaks, but has no news of a running session: its engine hangs
HANG_UP_AFTER_S = 6.0  # more of silence, in which station_starter.py has looked after it
START_GRACE_S = 6.0  # the first start takes a moment; only after this it is an alarm
NOTICE_LASTS_S = 8.0
GOODBYE_TAKES_S = 1.0  # an unheard goodbye would bring the window back


class StationState(StrEnum):
    """What the desktop knows of its station."""

    STARTING = "starting"
    LIVE = "live"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SessionNews:
    """The newest snapshot of a chair and when it reached us (monotonic and waking seconds)."""

    snapshot: SessionSnapshot
    received_s: float
    received_waking_s: float

    @property
    def is_running(self) -> bool:
        """Whether more news of the session must come."""
        return self.snapshot.phase is not Phase.ENDED


class UiBridge:
    """Reads the station's messages and keeps it alive: call ``poll`` ten times a second.

    ``connect`` returns a channel, or None when no station answers; ``start_station`` starts one
    (and ends one that hangs). Both may take their time: they run through ``in_background``.

    Silence is judged by waking time (waking_time.py): who was stopped could not listen.
    """

    def __init__(
        self,
        connect: Connect,
        start_station: Task,
        now: Callable[[], float],
        hello: Hello,
        in_background: InBackground = run_in_thread,
    ) -> None:
        self._search = StationSearch(connect, start_station, now, in_background)
        self._now = now
        self._hello = hello
        self._channel: Channel | None = None
        self._waking = WakingTime(now())
        self._connected_s = self._heard_s = now()
        self._connected_waking_s = self._heard_waking_s = 0.0
        self._doubted_waking_s: float | None = None
        self._has_spoken = False
        self._beat_s = float("-inf")
        self._said_voice: Priority | None = None
        self._notice: tuple[float, str] = (float("-inf"), "")
        self.state = StationState.STARTING
        self.fault = ""
        self.chairs: tuple[ChairView, ...] = ()
        self.backup: BackupState | None = None
        self.unresumed = ""
        self.profiles: tuple[str, ...] = ()
        self.sessions: dict[str, SessionNews] = {}
        self.lost: dict[str, SessionNews] = {}
        """Running sessions, by id, that this station does not know, until somebody has seen it."""
        self.charts: dict[str, ChartModel] = {}

    @property
    def notice(self) -> str:
        """What the station refused lately, or ""."""
        said_s, sentence = self._notice
        return sentence if self._now() - said_s < NOTICE_LASTS_S else ""

    @property
    def silent_for_s(self) -> float:
        """Seconds since the station was last heard, or since the start."""
        return self._now() - self._heard_s

    def poll(self, sound_fault: str, voice: Priority | None = None) -> None:
        """Take in what arrived, send the heartbeat, look for a station when there is none.

        ``voice``: the priority whose bursts are heard here now.
        """
        self._waking.pass_to(self._now())
        self.fault = self._search.take_fault() or self.fault
        if self._channel is None:
            self._adopt()
        if self._channel is None:
            self._seek()
        else:
            self._listen()
            self._beat(sound_fault, voice)
            self._judge()

    def confirm(self, sound_fault: str, voice: Priority | None) -> None:
        """Tell the station at once, between two heartbeats, that other bursts are heard here now.

        To be called right after they began: it sounds a new alarm itself 0.35 s later.
        """
        if self._channel is not None and voice is not self._said_voice:
            self._say_alive(sound_fault, voice)

    def send(self, command: Command) -> bool:
        """Send what a person asked for; False when there is nobody to send it to."""
        if self.state is not StationState.LIVE or not self._send(command):
            self.say("Not done: the station does not answer.")
            return False
        return True

    def say(self, sentence: str) -> None:
        """Show a sentence to the person at the screen for a while."""
        self._notice = (self._now(), sentence)

    def forget_lost(self, session_id: str) -> None:
        """Somebody has seen that the station no longer knows a session."""
        self.lost.pop(session_id, None)

    def close(self, stop_station: bool = False, *, is_agreed: bool = False) -> None:
        """Hang up, with a goodbye if this screen may stay away.

        That is so when a person agreed to it, when the station stops as well, or when no session
        runs. Otherwise (SIGTERM, log-out, a window closed before the station told of its sessions)
        the station may start this desktop again: a session must not be left without a screen.
        """
        if self._channel is None:
            return
        if stop_station or is_agreed or self._is_idle:
            with contextlib.suppress(ChannelClosed):
                self._channel.send(Goodbye(stop_station))
        self._channel.close(GOODBYE_TAKES_S)
        self._channel = None

    @property
    def _is_idle(self) -> bool:
        """Whether the station has spoken and told of no session that runs."""
        is_told = self.state is StationState.LIVE
        return is_told and not any(news.is_running for news in self.sessions.values())

    # ---- listening

    def _listen(self) -> None:
        if self._channel is None:
            return
        try:
            messages = self._channel.receive()
        except ChannelClosed:
            self._lose()
            return
        for message in messages:
            self._take(message)

    def _take(self, message: FromStation) -> None:
        self._heard_s = self._now()
        self._heard_waking_s = self._waking.s
        match message:
            case StationAlive():
                self.chairs = message.chairs
                self.backup = message.backup
                self.unresumed = message.unresumed
                self.profiles = message.profiles
                self._has_spoken = True
            case SessionUpdate():
                self._take_update(message)
            case Refused():
                self.say(message.sentence)
            case _:
                assert_never(message)

    def _take_update(self, update: SessionUpdate) -> None:
        snapshot, part = update.snapshot, update.chart
        chart = self.charts.get(snapshot.chair)
        if chart is None or chart.session_id != snapshot.session_id:
            chart = self.charts[snapshot.chair] = ChartModel(snapshot.session_id)
        chart.add(part)
        chart.note_alarms(snapshot)
        self.lost.pop(snapshot.session_id, None)
        self.sessions[snapshot.chair] = SessionNews(snapshot, self._now(), self._waking.s)

    def _judge(self) -> None:
        """Decide whether the station that is connected is also alive."""
        if self._channel is None:
            return
        if self._waking.s - self._connected_waking_s > SESSION_SILENCE_IS_LOSS_S:
            self._forget_unknown_sessions()
        heard_s = max(self._heard_waking_s, self._connected_waking_s)
        if self._waking.s - heard_s > SILENCE_IS_LOSS_S or self._lacks_news():
            self._doubt()
        elif self._has_spoken:
            self._doubted_waking_s = None
            self._enter(StationState.LIVE)

    def _lacks_news(self) -> bool:
        """Whether this station has told of a running session, and tells no more."""
        return any(
            news.is_running
            and self._is_of_this_station(news)
            and self._waking.s - news.received_waking_s > SESSION_SILENCE_IS_LOSS_S
            for news in self.sessions.values()
        )

    def _forget_unknown_sessions(self) -> None:
        """Give up what the last station told and this one does not know."""
        for chair, news in list(self.sessions.items()):
            if news.is_running and not self._is_of_this_station(news):
                del self.sessions[chair]
                self.lost[news.snapshot.session_id] = news

    def _is_of_this_station(self, news: SessionNews) -> bool:
        return news.received_s >= self._connected_s

    def _doubt(self) -> None:
        """Say that monitoring stopped and have the station looked after, but listen on for now.

        To hang up at once would make a station that was only late start a second window.
        """
        self._enter(StationState.STOPPED)
        self._search.start()
        if self._doubted_waking_s is None:
            self._doubted_waking_s = self._waking.s
        elif self._waking.s - self._doubted_waking_s > HANG_UP_AFTER_S:
            self._lose()

    # ---- speaking

    def _send(self, message: FromDesktop) -> bool:
        if self._channel is None:
            return False
        try:
            self._channel.send(message)
        except ChannelClosed:
            self._lose()
            return False
        return True

    def _beat(self, sound_fault: str, voice: Priority | None) -> None:
        if self._now() - self._beat_s >= HEARTBEAT_S:
            self._say_alive(sound_fault, voice)

    def _say_alive(self, sound_fault: str, voice: Priority | None) -> None:
        self._beat_s = self._now()
        self._said_voice = voice
        self._send(DesktopAlive(sound_fault, self._showing(), voice))

    def _showing(self) -> tuple[str, ...]:
        """Sessions of which this station, not one before it, has sent a picture."""
        news = self.sessions.values()
        return tuple(one.snapshot.session_id for one in news if self._is_of_this_station(one))

    # ---- losing and finding a station

    def _lose(self) -> None:
        if self._channel is not None:
            self._channel.close()
        self._channel = None
        self._enter(StationState.STOPPED)
        self._search.start()

    def _seek(self) -> None:
        if self.state is StationState.STARTING and self.silent_for_s > START_GRACE_S:
            self._enter(StationState.STOPPED)
        self._search.look()

    def _adopt(self) -> None:
        """Take over what the search brought; when it brought nothing, have a station started."""
        for channel in self._search.take():
            if channel is None:
                self._search.start()
            elif self._channel is None:
                self._greet(channel)
            else:
                channel.close()

    def _greet(self, channel: Channel) -> None:
        self._channel = channel
        self._connected_s, self._connected_waking_s = self._now(), self._waking.s
        self._doubted_waking_s = None
        self._has_spoken = False
        self._beat_s = float("-inf")
        self._send(self._hello)

    def _enter(self, state: StationState) -> None:
        self.state = state
        if state is StationState.LIVE:
            self.fault = ""
