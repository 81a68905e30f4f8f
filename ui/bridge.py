"""The desktop's end of the channel: polls it, keeps the newest news, notices when it falls silent.

Knows the station only by its messages; runs on the main thread and waits for nothing. Not Qt.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import (
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
from ui.view_models.chart_model import ChartModel

Connect = Callable[[], Channel | None]
Task = Callable[[], None]

HEARTBEAT_S = 0.5  # both ways, architecture: 2 Hz
SILENCE_IS_LOSS_S = 2.0  # a station that has not spoken for this long is lost
SESSION_SILENCE_IS_LOSS_S = 4.0  # it speaks, but has no news of a running session: its engine hangs
START_GRACE_S = 6.0  # the first start takes a moment; only after this it is an alarm
CONNECT_EVERY_S = 0.2
START_EVERY_S = 3.0  # a station needs about 1.5 s; a second try must fit into the 5 s of recovery
TASK_GIVEN_UP_AFTER_S = 5.0
NOTICE_LASTS_S = 8.0
GOODBYE_TAKES_S = 1.0  # an unheard goodbye would bring the window back


class StationState(StrEnum):
    """What the desktop knows of its station."""

    STARTING = "starting"
    LIVE = "live"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class SessionNews:
    """The newest snapshot of a chair and when it reached us (monotonic seconds)."""

    snapshot: SessionSnapshot
    received_s: float


def run_in_thread(name: str, task: Task) -> None:
    """Run ``task`` beside the main thread, which must not wait for a station."""
    threading.Thread(target=task, name=f"bridge:{name}", daemon=True).start()


class UiBridge:
    """Reads the station's messages and keeps it alive: call ``poll`` ten times a second.

    ``connect`` returns a channel, or None when no station answers; ``start_station`` starts one
    (and ends one that hangs). Both may take their time: they run through ``in_background``.
    """

    def __init__(
        self,
        connect: Connect,
        start_station: Task,
        now: Callable[[], float],
        hello: Hello,
        in_background: Callable[[str, Task], None] = run_in_thread,
    ) -> None:
        self._connect = connect
        self._start_station = start_station
        self._now = now
        self._hello = hello
        self._in_background = in_background
        self._found: queue.SimpleQueue[Channel | None] = queue.SimpleQueue()
        self._faults: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._channel: Channel | None = None
        self._connected_s = self._heard_s = now()
        self._beat_s = self._tried_s = self._started_s = float("-inf")
        self._is_trying = False
        self._notice: tuple[float, str] = (float("-inf"), "")
        self.state = StationState.STARTING
        self.fault = ""
        self.chairs: tuple[ChairView, ...] = ()
        self.sessions: dict[str, SessionNews] = {}
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

    def poll(self, sound_fault: str) -> None:
        """Take in what arrived, send the heartbeat, look for a station when there is none."""
        self._take_faults()
        if self._channel is None:
            self._adopt()
        if self._channel is None:
            self._seek()
        else:
            self._listen()
            self._beat(sound_fault)
            self._judge()

    def send(self, command: Command) -> bool:
        """Send what a person asked for; False when there is nobody to send it to."""
        if self.state is not StationState.LIVE or not self._send(command):
            self.say("Not done: the station does not answer.")
            return False
        return True

    def say(self, sentence: str) -> None:
        """Show a sentence to the person at the screen for a while."""
        self._notice = (self._now(), sentence)

    def close(self, stop_station: bool = False) -> None:
        """Say goodbye and hang up: the window was closed on purpose."""
        if self._channel is None:
            return
        with contextlib.suppress(ChannelClosed):
            self._channel.send(Goodbye(stop_station))
        self._channel.close(GOODBYE_TAKES_S)
        self._channel = None

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
        match message:
            case StationAlive():
                self.chairs = message.chairs
                self._enter(StationState.LIVE)
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
        self.sessions[snapshot.chair] = SessionNews(snapshot, self._now())

    def _judge(self) -> None:
        """Decide whether the station that is connected is also alive."""
        if self._channel is None:
            return
        if self.silent_for_s > SILENCE_IS_LOSS_S and self._connected_for_s > SILENCE_IS_LOSS_S:
            self._lose()
        elif self._connected_for_s > SESSION_SILENCE_IS_LOSS_S:
            self._judge_sessions()

    def _judge_sessions(self) -> None:
        """A running session without news: from this station it hangs, from the last it is gone."""
        for chair, news in list(self.sessions.items()):
            is_silent = self._now() - news.received_s > SESSION_SILENCE_IS_LOSS_S
            if news.snapshot.phase is Phase.ENDED or not is_silent:
                continue
            if news.received_s >= self._connected_s:
                self._lose()
                return
            del self.sessions[chair]
            self.say(f"The station no longer knows the session at {chair}: start it again.")

    @property
    def _connected_for_s(self) -> float:
        return self._now() - self._connected_s

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

    def _beat(self, sound_fault: str) -> None:
        if self._now() - self._beat_s >= HEARTBEAT_S:
            self._beat_s = self._now()
            self._send(DesktopAlive(sound_fault, self._showing()))

    def _showing(self) -> tuple[str, ...]:
        """Sessions of which this station, not one before it, has sent a picture."""
        news = self.sessions.values()
        fresh = (one for one in news if one.received_s >= self._connected_s)
        return tuple(one.snapshot.session_id for one in fresh)

    # ---- losing and finding a station

    def _lose(self) -> None:
        if self._channel is not None:
            self._channel.close()
        self._channel = None
        self._enter(StationState.STOPPED)
        self._start()

    def _seek(self) -> None:
        if self.state is StationState.STARTING and self.silent_for_s > START_GRACE_S:
            self._enter(StationState.STOPPED)
        since_try_s = self._now() - self._tried_s
        if since_try_s >= (TASK_GIVEN_UP_AFTER_S if self._is_trying else CONNECT_EVERY_S):
            self._tried_s = self._now()
            self._is_trying = True
            self._in_background("connect", self._try_to_connect)

    def _start(self) -> None:
        if self._now() - self._started_s >= START_EVERY_S:
            self._started_s = self._now()
            self._in_background("start", lambda: self._guarded(self._start_station))

    def _try_to_connect(self) -> None:
        found: list[Channel | None] = []
        self._guarded(lambda: found.append(self._connect()))
        self._found.put(found[0] if found else None)

    def _adopt(self) -> None:
        """Take over what the search brought; when it brought nothing, have a station started."""
        while not self._found.empty():
            channel = self._found.get()
            self._is_trying = False
            if channel is None:
                self._start()
            elif self._channel is None:
                self._channel = channel
                self._connected_s = self._now()
                self._beat_s = float("-inf")
                self._send(self._hello)
            else:
                channel.close()

    def _enter(self, state: StationState) -> None:
        self.state = state
        if state is StationState.LIVE:
            self.fault = ""

    def _guarded(self, task: Task) -> None:
        """Run ``task``; what it throws becomes a sentence on the screen, never a dead thread."""
        try:
            task()
        except Exception as error:  # noqa: BLE001 - the wrapper of the bridge's threads (style.md)
            self._faults.put(str(error) or type(error).__name__)

    def _take_faults(self) -> None:
        while not self._faults.empty():
            self.fault = self._faults.get()
