"""What a device can tell us, and the envelope in which a reader hands it to the engine.

Knows readings and moments. Must not know protocols or sessions.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.clock import Instant
from monitor.readings import BloodPressure, Reading


@dataclass(frozen=True, slots=True)
class ValidFrame:
    """A whole frame with a good checksum arrived: the device is alive, whatever it said."""

    offset: int
    at: Instant


@dataclass(frozen=True, slots=True)
class Measured:
    """A value. ``offset`` (here and below): first byte of its frame in the byte stream."""

    offset: int
    reading: Reading | BloodPressure


class CuffPhase(StrEnum):
    """What the cuff is doing."""

    IDLE = "idle"
    MEASURING = "measuring"


@dataclass(frozen=True, slots=True)
class CuffState:
    """The cuff began or ended an inflation; ``pressure_mmhg`` where the device sends it."""

    offset: int
    at: Instant
    phase: CuffPhase
    pressure_mmhg: float | None = None


@dataclass(frozen=True, slots=True)
class BadFrame:
    """Bytes that are no valid frame: counted, never shown. ``raw`` is cut to a bounded length."""

    offset: int
    at: Instant
    reason: str
    raw: bytes


class NoticeCode(StrEnum):
    """What a device reports beside values (contracts, ``vigil decode``)."""

    CUFF_LEAK = "cuff_leak"
    CUFF_LOOSE = "cuff_loose"
    MOTION = "motion"
    OVERPRESSURE = "overpressure"
    TIMEOUT = "timeout"
    WEAK_SIGNAL = "weak_signal"
    ABORTED = "aborted"
    BUSY = "busy"
    OUT_OF_RANGE = "out_of_range"
    HARDWARE = "hardware"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeviceNotice:
    """Something the device says in words or codes, for the record and the screen."""

    offset: int
    at: Instant
    code: NoticeCode
    text: str


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """What the clock on the device's screen shows; ``at`` when it said so.

    ``local`` has no zone (naive), because such a clock has none: whoever knows in which zone it
    hangs compares it with ours. Told when a line is new and when the clock moved against ours.
    """

    offset: int
    at: Instant
    local: datetime


@dataclass(frozen=True, slots=True)
class LinkUp:
    """Fresh valid frames arrive: only now is the device connected."""

    at: Instant


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The line closed, could not be opened, or is open and silent; ``reason`` is for a person."""

    at: Instant
    reason: str
    is_silence: bool = False


DriverEvent = ValidFrame | Measured | CuffState | BadFrame | DeviceNotice | DeviceClock
DeviceEvent = DriverEvent | LinkUp | LinkDown


@dataclass(frozen=True, slots=True)
class DeviceBatch:
    """What one device said in one read, for the chair it stands at.

    ``received_ns`` is ``time.perf_counter_ns()`` after the read: only for latency figures.
    """

    chair: str
    device: str
    events: tuple[DeviceEvent, ...]
    received_ns: int = 0
