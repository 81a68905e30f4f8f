"""A terminal with a program on it, for tests of what a person is asked.

POSIX only. Knows bytes, prompts and a pseudo-terminal.
"""

import os
import select
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

PATIENCE_S = 30.0
# A session leader's first terminal becomes its own, as at a login: getpass asks there.
ON_TERMINAL = (
    "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR));"
    "from ui.cli import main; sys.exit(main(sys.argv[1:]))"
)


class Terminal:
    """Runs ``vigil`` with words on a pseudo-terminal; ``seen`` is all it has shown so far."""

    def __init__(self, *words: str) -> None:
        self._master, slave = os.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", ON_TERMINAL, *words],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.seen = ""
        self._answered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def wait_for(self, words: str) -> None:
        """Read until the program has shown ``words`` since the last answer."""
        end = time.monotonic() + PATIENCE_S
        while words not in self.seen[self._answered :]:
            left = end - time.monotonic()
            assert left > 0, f"{words!r} was never shown: {self.seen!r}"
            if select.select([self._master], [], [], left)[0]:
                self.seen += self._read()

    def answer(self, prompt: str, line: str) -> None:
        """Wait for a prompt and type a line."""
        self.wait_for(prompt)
        self._answered = len(self.seen)
        os.write(self._master, f"{line}\n".encode())

    def ends(self) -> int:
        """Read to the end and return the exit code."""
        while part := self._read():
            self.seen += part
        return self._process.wait(PATIENCE_S)

    def _read(self) -> str:
        """Return what came; another test's reader may still poll a terminal of the same number."""
        try:
            return os.read(self._master, 4096).decode(errors="replace")
        except OSError:  # the program has gone, and with it the terminal's other side (Linux)
            return ""
