"""Starts a desktop that died again, but not one that dies at once over and over.

Knows the command it said hello with. Must not know sessions or messages.
"""

import logging
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable

from monitor.channel_messages import Hello

RELAUNCHES_A_MINUTE = 3
log = logging.getLogger(__name__)


class Relauncher:
    """Starts a lost desktop again, at most three times a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._starts: deque[float] = deque()
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def is_starting(self) -> bool:
        """Whether a desktop that was started here is still alive."""
        with self._lock:
            self._children = [child for child in self._children if child.poll() is None]
            return bool(self._children)

    def relaunch(self, hello: Hello) -> bool:
        """Start the desktop that said hello; False when that was tried too often or cannot be."""
        with self._lock:
            now = self._now()
            while self._starts and now - self._starts[0] > 60:
                self._starts.popleft()
            if not hello.command or len(self._starts) >= RELAUNCHES_A_MINUTE:
                return False
            self._starts.append(now)
            return self._start(hello)

    def _start(self, hello: Hello) -> bool:
        try:
            child = subprocess.Popen(  # noqa: S603 - the command comes from our own desktop
                hello.command,
                env=os.environ | hello.environment,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError):
            log.exception("the desktop cannot be started again")
            return False
        self._children.append(child)
        return True
