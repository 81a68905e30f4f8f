"""What every simulated device is: the far end of the cable, without I/O.

Knows bytes and simulated seconds. Must not know the driver that will read it, ports or clocks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

ClockSteps = tuple[tuple[float, float], ...]
"""(second since switching on, seconds ahead of a right clock from then on), in this order."""


@dataclass(frozen=True, slots=True)
class TrueVitals:
    """What is true in the simulated patient at one moment, and how the sensors sit.

    Pressures in mmHg, pulse per minute, SpO2 in percent.
    """

    systolic: float
    diastolic: float
    pulse: float
    spo2: float
    finger_sensor_on: bool = True
    cuff_can_measure: bool = True


@dataclass(frozen=True, slots=True)
class Bedside:
    """Where a simulated device stands: its patient, its own clock at second 0, its cuff cycle.

    ``patient`` maps seconds since the device was switched on to the truth at that second.
    ``switched_on`` is what a right clock in the room showed then; a zone in it is ignored. Each of
    ``clock_steps`` says from which second on the device's clock is how many seconds ahead.
    """

    patient: Callable[[float], TrueVitals]
    switched_on: datetime
    cuff_interval_s: float = 300.0
    first_cuff_s: float = 20.0
    clock_steps: ClockSteps = ()

    def clock_at(self, t: float) -> float:
        """Return what the device's clock shows at second ``t``: seconds since 1970, no zone."""
        ahead_s = next((ahead for since, ahead in reversed(self.clock_steps) if since <= t), 0.0)
        return self.switched_on.replace(tzinfo=UTC).timestamp() + t + ahead_s


class DeviceSimulator(Protocol):
    """The device side of a protocol."""

    def receive(self, data: bytes, t: float) -> None:
        """Take bytes the host sent, ``t`` seconds after the device was switched on."""

    def emit(self, t: float) -> bytes:
        """Return what the device puts on the wire up to second ``t``; ``t`` never goes back."""


MakeSimulator = Callable[[Bedside], DeviceSimulator]
