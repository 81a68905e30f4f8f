"""The wire as Vigil sees it: read what is there, write, close.

Knows line settings and how a wire is lost. Must not know protocols; only serial_transport.py
knows pyserial.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

READ_TIMEOUT_S = 0.1


class Parity(StrEnum):
    """Parity bit of a serial character."""

    NONE = "N"
    EVEN = "E"
    ODD = "O"


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How a serial line is set: speed in baud and the shape of a character."""

    baud: int
    data_bits: int = 8
    parity: Parity = Parity.NONE
    stop_bits: int = 1
    rts_cts: bool = False

    def __str__(self) -> str:
        return f"{self.baud} {self.data_bits}{self.parity}{self.stop_bits}" + (
            " RTS/CTS" if self.rts_cts else ""
        )


class LinkLost(Exception):  # noqa: N818 - a fact, not an error
    """The wire is gone: unplugged, closed by the other side, broken; the text is for a person."""


class Transport(Protocol):
    """One open wire, owned by the one thread that opened it."""

    def read(self) -> bytes:
        """Return what arrived within READ_TIMEOUT_S, b"" when nothing did. Raises LinkLost."""

    def write(self, data: bytes) -> None:
        """Send all of ``data``. Raises LinkLost."""

    def close(self) -> None:
        """Let go of the wire; never raises, never toggles modem lines."""
