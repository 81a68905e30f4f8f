"""The baseline of a session: the patient's usual values, measured before the infusion.

Knows the chart so far. Must not know alarms or who asks. Source: clinical brief 3.5 (median of two
or three cuff readings) and section 4 (relative rules are off until a baseline exists).
"""

from statistics import median
from typing import Any

from monitor.errors import OperatorError
from monitor.trends import Trends
from monitor.vitals import Vital, possible_range

LEAST_READINGS, MOST_READINGS = 2, 3
LEVEL_S = 300.0
"""Pulse and SpO2 count from the last five minutes."""
LEAST_SAMPLES = 10
LOOKED_AT = 60
"""Inflations before the infusion, failed ones included: more than any preparation has."""


def measured_baseline(trends: Trends, t: float) -> dict[str, Any] | None:
    """Return the baseline as a row of kind ``baseline`` keeps it; None with too few readings."""
    cuffs = _cuffs(trends)
    if len(cuffs) < LEAST_READINGS:
        return None
    return {
        "systolic": median(systolic for systolic, _ in cuffs),
        "diastolic": median(diastolic for _, diastolic in cuffs),
        "pulse": _level(trends, Vital.PULSE_RATE, t),
        "spo2": _level(trends, Vital.SPO2, t),
        "readings": len(cuffs),
        "by": "",
    }


def readings_so_far(trends: Trends) -> int:
    """Return how many cuff readings a baseline would be taken from now."""
    return len(_cuffs(trends))


def checked_baseline(values: dict[str, float | None]) -> None:
    """Raise OperatorError for values that nobody has; ``values`` by the names of the row."""
    vitals = {
        "systolic": Vital.SYSTOLIC,
        "diastolic": Vital.DIASTOLIC,
        "pulse": Vital.PULSE_RATE,
        "spo2": Vital.SPO2,
    }
    for name, vital in vitals.items():
        value, possible = values.get(name), possible_range(vital)
        if value is not None and value not in possible:
            raise OperatorError(
                f"A baseline {name} of {value:g} is not possible",
                f"enter one from {possible.low:g} to {possible.high:g}",
            )
    systolic, diastolic = values.get("systolic"), values.get("diastolic")
    if systolic is not None and diastolic is not None and diastolic >= systolic:
        raise OperatorError("The diastolic baseline is not below the systolic", "check both")


def _cuffs(trends: Trends) -> list[tuple[float, float]]:
    """Return systolic and diastolic of the latest readings, mmHg."""
    cuffs = [
        (cuff.systolic, cuff.diastolic)
        for cuff in trends.cuffs[-LOOKED_AT:]
        if cuff.systolic is not None and cuff.diastolic is not None
    ]
    return cuffs[-MOST_READINGS:]


def _level(trends: Trends, vital: Vital, t: float) -> float | None:
    """Return the median of a continuous vital over the last minutes, halves up."""
    values = []
    for sample in reversed(trends.samples):
        if sample.t_s < t - LEVEL_S:
            break
        if sample.vital is vital and sample.value is not None:
            values.append(sample.value)
    return median(values) if len(values) >= LEAST_SAMPLES else None
