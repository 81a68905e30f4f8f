"""What was measured: a reading of one vital, or a blood pressure from one cuff inflation.

Knows values, quality and time. Must not know protocols, sessions or alarms.
"""

from dataclasses import dataclass
from enum import StrEnum

from monitor.clock import Instant
from monitor.vitals import Vital


class Quality(StrEnum):
    """What the device, or our own check, says about a value."""

    OK = "ok"
    ARTIFACT = "artifact"
    SENSOR_OFF = "sensor_off"
    SEARCHING = "searching"
    LOW_PERFUSION = "low_perfusion"
    OUT_OF_RANGE = "out_of_range"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one vital, in the vital's unit, as the device said it.

    ``value`` is None when the device marks it invalid; ``quality`` then says why.
    ``source`` names the sensor in our words ("oximeter", "ecg", "cuff"), "" when there is one only.
    """

    vital: Vital
    value: float | None
    quality: Quality
    at: Instant
    source: str = ""


@dataclass(frozen=True, slots=True)
class BloodPressure:
    """One cuff inflation, in mmHg; never split, never interpolated.

    ``at`` is when it reached us. ``age_s`` is how long before that the inflation ended; None when
    the device does not say. ``is_stale`` marks a value that the device still showed from before
    the connection, taken at no known time: it is never charted and starts no alarm.
    ``is_another`` is the driver's proof that this is not the inflation it told before, though the
    numbers may be equal.
    """

    systolic: float
    diastolic: float
    mean: float | None
    at: Instant
    age_s: float | None = None
    pulse: float | None = None
    is_stale: bool = False
    is_another: bool = False

    @property
    def taken_at(self) -> Instant:
        """When the inflation ended, as well as the device lets us know."""
        return self.at.plus(-(self.age_s or 0.0))

    @property
    def triple(self) -> tuple[float, float, float | None]:
        """Systolic, diastolic and mean: what a repeated display of one inflation has in common."""
        return (self.systolic, self.diastolic, self.mean)


def as_whole(value: float) -> str:
    """Write a value as staff read it: a whole number, halves away from zero."""
    return str(int(abs(value) + 0.5) * (1 if value >= 0 else -1))
