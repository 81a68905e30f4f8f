"""Starts a desktop that died again, ever more slowly one that dies over and over.

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

AT_ONCE_A_MINUTE = 3
LATER_EVERY_S = 5.0
"""The architecture's limit ends at three starts a minute, which left a session without a screen
for 53 s after the fourth death (seen): longer than anybody may be without numbers. From then on a
desktop is started when the last start is 5 s old: a screen that lived so long is back at once, one
that dies while it starts costs about a fifth of one core, and alarms do not wait for that."""
log = logging.getLogger(__name__)


def say_to(child: "subprocess.Popen[bytes]", line: bytes) -> None:
    """Write a short line to a child's standard input and close it; a dead child is no error."""
    if child.stdin is not None:
        with contextlib.suppress(OSError), child.stdin as pipe:
            pipe.write(line)


class Relauncher:
    """Starts a lost desktop again: three times a minute at once, then every five seconds.

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
        """Start the desktop that said hello; False when the last start is too young, or fails."""
        with self._lock:
            now = self._now()
            if not hello.command or not self._may_start(now):
                return False
            self._starts.append(now)
            return self._start(hello)

    def _may_start(self, now: float) -> bool:
        """Whether a start may come now; forgets those of more than a minute ago."""
        while self._starts and now - self._starts[0] > 60:
            self._starts.popleft()
        is_seldom = len(self._starts) < AT_ONCE_A_MINUTE
        return is_seldom or now - self._starts[-1] >= LATER_EVERY_S

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
