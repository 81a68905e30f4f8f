"""The station: the background process that owns devices, alarms and recording.

Joins engine, recorder, device readers and desktops; restarts a desktop that dies. No Qt, no SQL.
"""

import contextlib
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any, Protocol

from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import (
    DesktopAlive,
    DesktopView,
    FromDesktop,
    Goodbye,
    Hello,
    Refused,
    SessionUpdate,
    StationAlive,
)
from monitor.engine import Ask, Engine, Fault, Published, Stop
from monitor.pipe import PipeChannel
from monitor.trends import Mark

HEARTBEAT_S = 0.5
DESKTOP_HUNG_AFTER_S = 10.0
"""A desktop without a heartbeat for so long cannot be read by anybody (hazard H3)."""
RELAUNCHES_A_MINUTE = 3
SHORTEST_PAUSE_S = 0.04
"""Between two looks for news: several of them travel together, a banner still within 0.25 s."""


class Source(Protocol):
    """A device reader, as the station sees it."""

    def start(self) -> None:
        """Begin to read."""

    def stop(self) -> None:
        """Stop reading and let go of the port."""


class Board:
    """The newest picture of every session, for all desktops; wakes those who wait for news."""

    def __init__(self) -> None:
        self._newest: dict[str, Published] = {}
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def publish(self, published: Published) -> None:
        """Take a newer picture (engine thread)."""
        with self._lock:
            self._newest[published.snapshot.chair] = published
            listeners = tuple(self._listeners)
        for wake in listeners:
            wake()

    def newest(self) -> tuple[Published, ...]:
        """Return the newest picture of every chair that has one."""
        with self._lock:
            return tuple(self._newest.values())

    def listen(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` at every news."""
        with self._lock:
            self._listeners.append(wake)

    def forget(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` no more."""
        with self._lock:
            self._listeners.remove(wake)


@dataclass(slots=True)
class Feed:
    """What one desktop has already been told of every session; pure."""

    marks: dict[str, Mark] = field(default_factory=dict)
    sent: dict[str, Published] = field(default_factory=dict)

    def updates(self, newest: Sequence[Published]) -> list[SessionUpdate]:
        """Return what is new since the last call."""
        return [self._update(one) for one in newest if one is not self._last(one)]

    def _last(self, one: Published) -> Published | None:
        return self.sent.get(one.snapshot.chair)

    def _update(self, one: Published) -> SessionUpdate:
        session_id = one.snapshot.session_id
        old = self.marks.get(session_id)
        self.marks[session_id] = one.mark
        self.sent[one.snapshot.chair] = one
        return SessionUpdate(one.snapshot, one.trends.part(session_id, old, one.mark))


class Relauncher:
    """Starts a lost desktop again, at most three times a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._starts: deque[float] = deque()
        self._children: list[subprocess.Popen[bytes]] = []

    def relaunch(self, hello: Hello) -> bool:
        """Start the desktop that said hello; False when that was tried too often."""
        now = self._now()
        while self._starts and now - self._starts[0] > 60:
            self._starts.popleft()
        if not hello.command or len(self._starts) >= RELAUNCHES_A_MINUTE:
            return False
        self._starts.append(now)
        self._children = [child for child in self._children if child.poll() is None]
        self._children.append(
            subprocess.Popen(  # noqa: S603 - the command comes from our own desktop
                hello.command,
                env=os.environ | hello.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        return True


class Desk:
    """One connected desktop: a thread that sends news and heartbeats and takes commands."""

    def __init__(self, station: "Station", connection: "Connection[Any, Any]") -> None:
        self._station = station
        self._news = threading.Event()
        self._channel: Channel = PipeChannel(connection, self._news.set)
        self._feed = Feed()
        self._heard = time.monotonic()
        self._beat = 0.0
        self._hello: Hello | None = None
        self._showing: tuple[str, ...] = ()
        self._goodbye = False

    def serve(self) -> None:
        """Talk until the desktop is gone."""
        self._station.board.listen(self._news.set)
        try:
            while not self._goodbye and not self._is_hung():
                self._news.wait(HEARTBEAT_S / 5)
                self._news.clear()
                for message in self._channel.receive():
                    self._take(message)
                self._tell()
                time.sleep(SHORTEST_PAUSE_S)
        except ChannelClosed:
            pass
        finally:
            self._station.board.forget(self._news.set)
            self._channel.close()
        self._station.desktop_left(self, self._hello, on_purpose=self._goodbye)

    def _is_hung(self) -> bool:
        """End a desktop that says nothing; a client that never said hello owes no heartbeat."""
        if self._hello is None or time.monotonic() - self._heard < DESKTOP_HUNG_AFTER_S:
            return False
        with contextlib.suppress(OSError):
            os.kill(self._hello.pid, 9)
        return True

    @property
    def view(self) -> DesktopView | None:
        """What this desktop says of itself; None for a client that is no desktop."""
        return None if self._hello is None else DesktopView(self._hello.pid, self._showing)

    def _take(self, message: FromDesktop) -> None:
        self._heard = time.monotonic()
        match message:
            case Hello():
                self._hello = message
            case DesktopAlive():
                self._showing = message.showing
                self._station.heard_sound_state(self, message.sound_fault)
            case Goodbye():
                self._goodbye = True
                if message.stop_station:
                    self._station.stop()
            case _:
                self._station.engine.inbox.put(Ask(message, self._refuse))

    def _refuse(self, sentence: str) -> None:
        with contextlib.suppress(ChannelClosed):
            self._channel.send(Refused(sentence))

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._beat >= HEARTBEAT_S:
            self._beat = now
            chairs, desktops = self._station.engine.chairs, self._station.desktops
            self._channel.send(StationAlive(os.getpid(), chairs, desktops))
        for update in self._feed.updates(self._station.board.newest()):
            self._channel.send(update)


class Station:
    """Runs until told to stop; with ``until_idle`` until nobody needs it any more."""

    def __init__(
        self, engine: Engine, board: Board, sources: Sequence[Source], *, until_idle: bool = False
    ) -> None:
        self.engine = engine
        self.board = board
        self._sources = sources
        self._until_idle = until_idle
        self._relauncher = Relauncher()
        self._desks: dict[Desk, str | None] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._alone_since = time.monotonic()

    def greet(self, connection: "Connection[Any, Any]") -> None:
        """Serve one desktop in the calling thread until it leaves."""
        desk = Desk(self, connection)
        with self._lock:
            self._desks[desk] = None
        desk.serve()

    @property
    def desktops(self) -> tuple[DesktopView, ...]:
        """The desktops that are connected."""
        with self._lock:
            views = [desk.view for desk in self._desks]
        return tuple(view for view in views if view is not None)

    def run(self) -> None:
        """Run engine and sources until ``stop``; returns when all have ended."""
        engine = threading.Thread(target=self.engine.run, name="engine")
        engine.start()
        for source in self._sources:
            source.start()
        while not self._over.wait(HEARTBEAT_S):
            if self._is_idle():
                break
        for source in self._sources:
            source.stop()
        self.engine.inbox.put(Stop())
        engine.join()

    def stop(self) -> None:
        """Ask ``run`` to return."""
        self._over.set()

    def _is_idle(self) -> bool:
        with self._lock:
            if self._desks or self.engine.has_open_session or not self._until_idle:
                self._alone_since = time.monotonic()
        return time.monotonic() - self._alone_since > DESKTOP_HUNG_AFTER_S

    def heard_sound_state(self, desk: Desk, fault: str) -> None:
        """Raise or end the technical alarm for sound: one desktop that can be heard is enough."""
        with self._lock:
            if self._desks.get(desk) == fault:
                return
            self._desks[desk] = fault
            text = "" if "" in self._desks.values() else fault
        self.engine.inbox.put(Fault("sound", text))

    def desktop_left(self, desk: Desk, hello: Hello | None, *, on_purpose: bool) -> None:
        """Forget a desktop; start it again when it died while a session runs."""
        with self._lock:
            self._desks.pop(desk, None)
        if hello is not None and not on_purpose and self.engine.has_open_session:
            self._relauncher.relaunch(hello)
