"""One line on standard output for each thing that happened, and when: for a bench that listens.

Knows the computer's monotonic clock, which all its processes share. Must not know what happens.
"""

import os
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, to which chair or in which tone, and when (monotonic ns)."""

    kind: str
    at_ns: int
    detail: str = ""

    def line(self) -> bytes:
        """Return it as a line."""
        return f"{self.kind} {self.at_ns} {self.detail}\n".encode()


def tell(kind: str, detail: str = "") -> None:
    """Write a line, whole, from any thread; one that nobody reads any more is lost."""
    try:
        os.write(1, Told(kind, time.monotonic_ns(), detail).line())
    except OSError:
        return


def heard(line: bytes) -> Told:
    """Return what a line says. Raises ValueError for any other line."""
    kind, at_ns, detail = line.decode().rstrip("\n").split(" ", 2)
    return Told(kind, int(at_ns), detail)
