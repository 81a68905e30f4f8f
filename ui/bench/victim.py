"""A recorder's process that is there to be killed, and what it has told until then.

Knows processes, pipes and the numbers on them. Must not know what is recorded, or when to kill.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from monitor.errors import BugError
from ui.bench.writing import NUMBER, READY

WRITER = (sys.executable, "-m", "ui.bench.writing")
"""The command of the recorder, without its folder."""
ANSWERS_WITHIN_S = 30.0


class Victim:
    """A recorder that loads all it needs, and waits to be let go before it opens its database."""

    def __init__(self, folder: Path, command: Sequence[str] = WRITER) -> None:
        hold, self._go = os.pipe()
        self._hear, tell = os.pipe()
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                [*command, str(folder)],
                stdin=hold,
                stdout=tell,
                start_new_session=True,  # Ctrl+C is for us; when we end, the pipes end it
            )
        finally:
            os.close(hold)
            os.close(tell)
        self._told = b""
        self._has_ended = False
        self._changed = threading.Condition()
        self._ear = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._ear.start()

    def let_go(self) -> None:
        """Let it open the database, once it is ready. Raises BugError when it never is."""
        self._wait_for(len(READY))
        self._close_gate()

    def wait_for_rows(self, count: int) -> None:
        """Wait until it acknowledged so many rows. Raises BugError when it does not."""
        self._wait_for(len(READY) + count * NUMBER.size)

    def killed(self) -> set[int]:
        """Kill it with -9; return the numbers of the rows it had acknowledged."""
        self._child.kill()
        self._child.wait()
        self._ear.join()
        self._close_gate()
        os.close(self._hear)
        whole = len(self._told) - len(self._told) % NUMBER.size
        return {number for (number,) in NUMBER.iter_unpack(self._told[len(READY) : whole])}

    def _close_gate(self) -> None:
        if self._go >= 0:
            os.close(self._go)
            self._go = -1

    def _listen(self) -> None:
        while data := os.read(self._hear, 1 << 16):
            with self._changed:
                self._told += data
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _wait_for(self, length: int) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._has_ended or len(self._told) >= length, ANSWERS_WITHIN_S
            )
            if len(self._told) < length:
                raise BugError("The recorder that was to be killed does not write")
