"""News: the newest picture of every session, and what each desktop has been told of it.

Knows snapshots and charts. Must not know channels, engines or storage.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from monitor.channel_messages import SessionUpdate
from monitor.engine_messages import Published
from monitor.trends import Mark


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

    def emergency_of(self, session_id: str) -> str:
        """Return the break-glass start of a session that nobody has answered for yet, else ""."""
        shown = (published.snapshot for published in self.newest())
        return next((one.emergency for one in shown if one.session_id == session_id), "")

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
