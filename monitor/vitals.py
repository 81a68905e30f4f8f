"""The vital signs Vigil knows, their units, and the values that are physically possible.

Knows names and numbers only. Must not know where a value came from.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Units of measurement as they appear in exports."""

    MMHG = "mmHg"
    PER_MIN = "/min"
    PERCENT = "%"
    CELSIUS = "°C"


class Vital(StrEnum):
    """One measured quantity; the value is its name in every export."""

    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    MEAN = "mean"
    PULSE_RATE = "pulse_rate"
    HEART_RATE = "heart_rate"
    SPO2 = "spo2"
    RESPIRATORY_RATE = "respiratory_rate"
    TEMPERATURE = "temperature"

    @property
    def unit(self) -> Unit:
        """The one unit in which Vigil keeps this vital."""
        return _UNITS[self]


_UNITS = {
    Vital.SYSTOLIC: Unit.MMHG,
    Vital.DIASTOLIC: Unit.MMHG,
    Vital.MEAN: Unit.MMHG,
    Vital.PULSE_RATE: Unit.PER_MIN,
    Vital.HEART_RATE: Unit.PER_MIN,
    Vital.SPO2: Unit.PERCENT,
    Vital.RESPIRATORY_RATE: Unit.PER_MIN,
    Vital.TEMPERATURE: Unit.CELSIUS,
}


@dataclass(frozen=True, slots=True)
class Range:
    """A closed interval."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


# Impossible values are kept in the record and never shown as real.
# Source: clinical brief, section 4, "Impossible values".
_POSSIBLE = {
    Vital.SYSTOLIC: Range(40, 300),
    Vital.DIASTOLIC: Range(20, 250),
    Vital.PULSE_RATE: Range(20, 300),
    Vital.HEART_RATE: Range(20, 300),
    Vital.SPO2: Range(1, 100),
}
_WIDEST = {
    Vital.MEAN: Range(20, 300),
    Vital.RESPIRATORY_RATE: Range(0, 150),
    Vital.TEMPERATURE: Range(10, 50),
}
"""Where the brief names no bounds, a device's value is shown as it is; a typed one ends here."""
SMALLEST_PULSE_PRESSURE_MMHG = 8


def is_possible(vital: Vital, value: float) -> bool:
    """Say whether a living adult can have this value, in the unit of the vital."""
    possible = _POSSIBLE.get(vital)
    return possible is None or value in possible


def possible_range(vital: Vital) -> Range:
    """Return the values that a person may enter for a vital, in its unit."""
    return _POSSIBLE.get(vital) or _WIDEST[vital]


def is_possible_pressure(systolic: float, diastolic: float) -> bool:
    """Say whether one cuff reading (mmHg) is physically possible."""
    return (
        is_possible(Vital.SYSTOLIC, systolic)
        and is_possible(Vital.DIASTOLIC, diastolic)
        and systolic - diastolic >= SMALLEST_PULSE_PRESSURE_MMHG
    )
