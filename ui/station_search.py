"""Looks for a station and has one started, beside the main thread, which waits for neither.

Knows how often that makes sense. Must not know messages, nor whether a station is well.
"""

import queue
import threading
from collections.abc import Callable

from monitor.channel import Channel

Connect = Callable[[], Channel | None]
Task = Callable[[], None]
InBackground = Callable[[str, Task], None]

CONNECT_EVERY_S = 0.2
START_EVERY_S = 3.0  # a station needs about 1.5 s; a second try must fit into the 5 s of recovery
TASK_GIVEN_UP_AFTER_S = 5.0


def run_in_thread(name: str, task: Task) -> None:
    """Run ``task`` beside the main thread, which must not wait for a station."""
    threading.Thread(target=task, name=f"bridge:{name}", daemon=True).start()


class StationSearch:
    """Calls ``connect`` and ``start_station`` not too often, and keeps what came of it."""

    def __init__(
        self,
        connect: Connect,
        start_station: Task,
        now: Callable[[], float],
        in_background: InBackground = run_in_thread,
    ) -> None:
        self._connect = connect
        self._start_station = start_station
        self._now = now
        self._in_background = in_background
        self._found: queue.SimpleQueue[Channel | None] = queue.SimpleQueue()
        self._faults: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._tried_s = self._started_s = float("-inf")
        self._is_trying = False

    def look(self) -> None:
        """Call a station, unless the last call is too young or still on its way."""
        since_try_s = self._now() - self._tried_s
        if since_try_s >= (TASK_GIVEN_UP_AFTER_S if self._is_trying else CONNECT_EVERY_S):
            self._tried_s = self._now()
            self._is_trying = True
            self._in_background("connect", self._try_to_connect)

    def start(self) -> None:
        """Have a station started, or the one that is silent looked after."""
        if self._now() - self._started_s >= START_EVERY_S:
            self._started_s = self._now()
            self._in_background("start", lambda: self._guarded(self._start_station))

    def take(self) -> tuple[Channel | None, ...]:
        """Return what the calls since the last look brought, None for each without an answer."""
        found = []
        while not self._found.empty():
            found.append(self._found.get())
            self._is_trying = False
        return tuple(found)

    def take_fault(self) -> str:
        """Return the newest sentence about what went wrong since the last look, or ""."""
        fault = ""
        while not self._faults.empty():
            fault = self._faults.get()
        return fault

    def _try_to_connect(self) -> None:
        found: list[Channel | None] = []
        self._guarded(lambda: found.append(self._connect()))
        self._found.put(found[0] if found else None)

    def _guarded(self, task: Task) -> None:
        """Run ``task``; what it throws becomes a sentence on the screen, never a dead thread."""
        try:
            task()
        except Exception as error:  # noqa: BLE001 - the wrapper of the bridge's threads (style.md)
            self._faults.put(str(error) or type(error).__name__)
