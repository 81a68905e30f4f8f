"""Starts a desktop that died again, but not one that dies at once over and over.

Knows the command it said hello with. Must not know sessions or messages.
"""

import contextlib
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


def say_to(child: "subprocess.Popen[bytes]", line: bytes) -> None:
    """Write a short line to a child's standard input and close it; a dead child is no error."""
    if child.stdin is not None:
        with contextlib.suppress(OSError), child.stdin as pipe:
            pipe.write(line)


class Relauncher:
    """Starts a lost desktop again, at most three times a minute.

    ``input_line`` is what it finds on standard input: the key, which it cannot ask for again.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, input_line: bytes = b"") -> None:
        self._now = now
        self._input_line = input_line
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
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError):
            log.exception("the desktop cannot be started again")
            return False
        say_to(child, self._input_line)
        self._children.append(child)
        return True
