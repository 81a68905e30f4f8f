"""What every driver is: a parser without I/O, and the card that describes it.

Knows the vocabulary of monitor and line settings. Must not know threads, ports or time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.simulation.device import MakeSimulator
from devices.transport import LineSettings
from monitor.clock import Instant
from monitor.events import DriverEvent


class Maturity(StrEnum):
    """How far a driver is proven; shown to the user."""

    SIMULATED = "simulated"
    CAPTURE_VERIFIED = "capture-verified"
    HARDWARE_VERIFIED = "hardware-verified"


class Driver(Protocol):
    """Bytes in, events out; nothing else."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        """Take bytes in any chunking and return what they say, in order."""

    def due(self, now: Instant) -> bytes:
        """Return what to send now: a request, a poll, or b"". Called several times a second."""

    def line_opened(self) -> None:
        """Forget half a frame and requests under way; keep what is known of past inflations."""

    def farewell(self) -> bytes:
        """Return what to send before the line is closed on purpose, b"" for nothing."""

    @property
    def buffered(self) -> int:
        """Bytes held back for an unfinished frame; bounded by the longest frame."""


@dataclass(frozen=True, slots=True)
class DriverInfo:
    """One line of ``vigil devices`` and all the program needs to use the driver.

    ``silent_after_s``: without a valid frame for so long, an open line counts as silent.
    """

    key: str
    title: str
    line_settings: tuple[LineSettings, ...]
    create: Callable[[], Driver]
    maturity: Maturity
    simulate: MakeSimulator | None = None
    silent_after_s: float = 15.0
