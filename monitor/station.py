"""The station: the background process that owns devices, alarms and recording.

Joins engine, recorder, device readers and desktops; restarts a desktop that dies. No Qt, no SQL.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, Protocol

from monitor.alarms.priority import Priority
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import (
    BackupState,
    Command,
    DesktopAlive,
    DesktopView,
    FromDesktop,
    Goodbye,
    Hello,
    Refused,
    StationAlive,
)
from monitor.engine import Engine, Fault, Stop
from monitor.gate import Gate
from monitor.news import Board, Feed
from monitor.pipe import PipeChannel
from monitor.relauncher import Relauncher
from monitor.siren import Siren

HEARTBEAT_S = 0.5
DESKTOP_HUNG_AFTER_S = 10.0
"""A desktop without a heartbeat for so long cannot be read by anybody (hazard H3)."""
SHORTEST_PAUSE_S = 0.04
"""Between two looks for news: several of them travel together, a banner still within 0.25 s."""
NOBODY_LISTENS = "no screen is connected, so nobody hears an alarm"
NOBODY_LOOKS = "no screen is connected, so alarms are heard but not seen"
"""The same where the station has a voice of its own."""


class Source(Protocol):
    """A device reader, as the station sees it."""

    def start(self) -> None:
        """Begin to read."""

    def stop(self) -> None:
        """Stop reading and let go of the port."""


class Desk:
    """One connected desktop: takes what it says, sends it news and heartbeats."""

    def __init__(
        self, station: "Station", channel: Channel, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._station = station
        self._channel = channel
        self._now = now
        self._feed = Feed()
        self._heard = now()
        self._beat = float("-inf")
        self._hello: Hello | None = None
        self._showing: tuple[str, ...] = ()
        self._goodbye = False

    def serve(self, news: threading.Event) -> None:
        """Take turns in the calling thread, at every news, until the desktop is gone."""
        self._station.board.listen(news.set)
        try:
            while self.turn():
                time.sleep(SHORTEST_PAUSE_S)
                news.wait(HEARTBEAT_S / 5)
                news.clear()
        finally:
            self._station.board.forget(news.set)
            self._channel.close()
            self._station.desktop_left(self, self._hello, on_purpose=self._goodbye)

    def turn(self) -> bool:
        """Take what arrived and send what is new; False when that was the last turn."""
        try:
            self._listen()
            if not self._goodbye:
                self._tell()
        except ChannelClosed:
            self._listen_to_the_end()
            return False
        return not (self._goodbye or self._is_hung() or self._station.is_over)

    def _listen(self) -> None:
        for message in self._channel.receive():
            self._take(message)

    def _listen_to_the_end(self) -> None:
        """Hear the last words of a desktop that hung up while it was spoken to: its goodbye."""
        with contextlib.suppress(ChannelClosed):
            while True:
                self._listen()

    def _is_hung(self) -> bool:
        """End a desktop that says nothing; a client that never said hello owes no heartbeat."""
        if self._hello is None or self._now() - self._heard < DESKTOP_HUNG_AFTER_S:
            return False
        if self._hello.pid > 0:
            with contextlib.suppress(OSError):
                os.kill(self._hello.pid, 9)
        return True

    @property
    def view(self) -> DesktopView | None:
        """What this desktop says of itself; None for a client that is no desktop."""
        return None if self._hello is None else DesktopView(self._hello.pid, self._showing)

    def _take(self, message: FromDesktop) -> None:
        self._heard = self._now()
        match message:
            case Hello():
                self._hello = message
                self._station.desktop_came()
            case DesktopAlive():
                self._showing = message.showing
                self._station.siren_hears(message.voice)
                self._station.heard_sound_state(self, message.sound_fault)
            case Goodbye():
                self._goodbye = True
                if message.stop_station:
                    self._station.stop()
            case _ if isinstance(message, Command):
                self._station.gate.take(message, self._refuse)
            case _:
                pass  # no desktop says this: it may not reach the engine

    def _refuse(self, sentence: str) -> None:
        with contextlib.suppress(ChannelClosed):
            self._channel.send(Refused(sentence))

    def _tell(self) -> None:
        now = self._now()
        if now - self._beat >= HEARTBEAT_S:
            self._beat = now
            self._channel.send(self._station.alive())
        for update in self._feed.updates(self._station.board.newest()):
            self._channel.send(update)


class Station:
    """Runs until told to stop; with ``until_idle`` until nobody needs it any more.

    ``gate`` judges every command on its way to the engine.
    ``is_wanted`` turns false when even open sessions need it no more: a demonstration is over.
    ``backup`` tells how old the newest backup is, ``unresumed`` why open sessions are not back
    yet: for the desktops. ``siren`` sounds what no desktop says that it sounds.
    """

    def __init__(
        self,
        engine: Engine,
        board: Board,
        sources: Sequence[Source],
        gate: Gate,
        *,
        until_idle: bool = False,
        now: Callable[[], float] = time.monotonic,
        relauncher: Relauncher | None = None,
        is_wanted: Callable[[], bool] = lambda: True,
        backup: Callable[[], BackupState | None] = lambda: None,
        unresumed: Callable[[], str] = lambda: "",
        siren: Siren | None = None,
    ) -> None:
        self.engine = engine
        self.board = board
        self.gate = gate
        self._sources = sources
        self._until_idle = until_idle
        self._is_wanted = is_wanted
        self.backup = backup
        self.unresumed = unresumed
        self._siren = siren
        self._now = now
        self._relauncher = relauncher or Relauncher(now)
        self._desks: dict[Desk, str | None] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._began = self._alone_since = now()
        self._lost: Hello | None = None
        self._sound_said: str | None = None

    def greet(self, connection: "Connection[Any, Any]") -> None:
        """Serve one desktop in the calling thread until it leaves."""
        news = threading.Event()
        self.seat(PipeChannel(connection, news.set)).serve(news)

    def seat(self, channel: Channel) -> Desk:
        """Return the desk of a desktop that has just connected."""
        desk = Desk(self, channel, self._now)
        with self._lock:
            self._desks[desk] = None
        return desk

    def alive(self) -> StationAlive:
        """Return the heartbeat of now."""
        engine, backup, unresumed = self.engine, self.backup(), self.unresumed()
        return StationAlive(
            os.getpid(), engine.chairs, self.desktops, backup, unresumed, engine.profiles
        )

    @property
    def desktops(self) -> tuple[DesktopView, ...]:
        """The desktops that are connected."""
        with self._lock:
            views = [desk.view for desk in self._desks]
        return tuple(view for view in views if view is not None)

    @property
    def is_over(self) -> bool:
        """Whether the station has been told to stop, or stopped because nobody needs it."""
        return self._over.is_set()

    def run(self) -> None:
        """Run engine and sources until ``stop``; returns when all have ended."""
        engine = threading.Thread(target=self.engine.run, name="engine")
        engine.start()
        self.gate.open()
        for source in self._sources:
            source.start()
        while not self._over.wait(HEARTBEAT_S):
            self.look_round()
        for source in self._sources:
            source.stop()
        self.gate.close()
        self.engine.inbox.put(Stop())
        engine.join()

    def look_round(self) -> None:
        """Do what only time asks for: bring a desktop back, notice that nobody listens, end."""
        now = self._now()
        with self._lock:
            if self._desks or self.engine.has_open_session or not self._until_idle:
                self._alone_since = now
        if now - self._alone_since > DESKTOP_HUNG_AFTER_S or not self._is_wanted():
            self.stop()
            return
        if now - self._began > DESKTOP_HUNG_AFTER_S:
            self._judge_sound()
        lost = self._lost
        if lost and self.engine.has_open_session and not self.desktops:
            self._bring_back(lost)

    def stop(self) -> None:
        """Ask ``run`` to return."""
        self._over.set()

    def desktop_came(self) -> None:
        """Note that there is a desktop again."""
        self._lost = None

    def heard_sound_state(self, desk: Desk, fault: str) -> None:
        """Take note whether alarms can be heard at a desktop; one is enough."""
        with self._lock:
            self._desks[desk] = fault
        self._judge_sound()

    def siren_hears(self, voice: Priority | None) -> None:
        """Tell the second voice what a desktop says it plays."""
        if self._siren is not None:
            self._siren.hear(voice)

    def desktop_left(self, desk: Desk, hello: Hello | None, *, on_purpose: bool) -> None:
        """Forget a desktop; start it again when it died while a session runs."""
        with self._lock:
            self._desks.pop(desk, None)
        self._judge_sound()
        if on_purpose:
            self._lost = None
            if self._siren is not None:
                self._siren.let_go()
        elif hello is not None and not self.is_over:
            if self.engine.has_open_session:
                self._relauncher.relaunch(hello)
            self._lost = hello  # only now, or both threads would start it

    def _bring_back(self, lost: Hello) -> None:
        """Try again what was tried too often, or a desktop that died before it said hello."""
        if not self._relauncher.is_starting:
            self._relauncher.relaunch(lost)

    def _judge_sound(self) -> None:
        """Raise or end the technical alarm for sound (TECH-9), when something changed.

        Without a desktop nobody sees an alarm, or hears one unless the station has a voice itself,
        whatever the last one said before it left: that is raised, so that the record tells of it
        and the desktop that comes next shows it, until that one says it can be heard. A desktop
        that has just come changes nothing yet.
        """
        with self._lock:
            said = [state for desk, state in self._desks.items() if desk.view is not None]
            known = [state for state in said if state is not None]
            if said and not known:
                return
            alone = NOBODY_LISTENS if self._siren is None else NOBODY_LOOKS
            text = alone if not known else "" if "" in known else known[-1]
            if text != self._sound_said:
                self._sound_said = text
                self.engine.inbox.put(Fault("sound", text))
