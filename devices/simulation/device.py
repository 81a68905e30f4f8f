"""What every simulated device is: the far end of the cable, without I/O.

Knows bytes and simulated seconds. Must not know the driver that will read it, ports or clocks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    """

    patient: Callable[[float], TrueVitals]
    switched_on: datetime
    cuff_interval_s: float = 300.0
    first_cuff_s: float = 20.0


class DeviceSimulator(Protocol):
    """The device side of a protocol."""

    def receive(self, data: bytes, t: float) -> None:
        """Take bytes the host sent, ``t`` seconds after the device was switched on."""

    def emit(self, t: float) -> bytes:
        """Return what the device puts on the wire up to second ``t``; ``t`` never goes back."""


MakeSimulator = Callable[[Bedside], DeviceSimulator]
