"""The cuff of the simulated monitor: idle, measuring, a result or none, and its age bit.

Knows the cycle of protocols/multiparameter_monitors.md 1.7 item 4. Must not know frames.
"""

from devices.simulation.device import Bedside, TrueVitals

INVALID = -32767  # 1.5, "Invalid encodings"
_UNDER_RANGE, _OVER_RANGE = -32764, -32763
_RESERVED = 0b011  # bits 0-2 as observed in the recordings
_AUTO, _MEASURING, _OLD = 1 << 3, 1 << 5, 1 << 8
_OLD_AFTER_S = 60.0
_SHORTEST_MEASUREMENT_S = 20
_SPREAD_S = 21  # measurements take 20 to 40 s
_LONGEST_LINGER_S = 2  # bit 5 clears 0 to 2 s after the values


class SimulatedCuff:
    """Automatic cuff measurements every ``cuff_interval_s``, as deterministic as the patient."""

    def __init__(self, bedside: Bedside) -> None:
        self._bedside = bedside
        self._starts_at = bedside.first_cuff_s
        self._count = 0
        self._values = [INVALID] * 3
        self._ended_at: float | None = None
        self._t = 0.0

    @property
    def triple(self) -> list[int]:
        """Systolic, diastolic and mean in 1/100 mmHg, or three invalid codes."""
        return self._values

    @property
    def label(self) -> int:
        """The label bits at the moment of the last ``run_to``."""
        label = _RESERVED | _AUTO
        if self._t >= self._starts_at or self._is_lingering:
            label |= _MEASURING
        if self._ended_at is not None and self._t >= self._ended_at + _OLD_AFTER_S:
            label |= _OLD
        return label

    @property
    def _is_lingering(self) -> bool:
        linger_s = (self._count - 1) % (_LONGEST_LINGER_S + 1)
        return self._ended_at is not None and self._t < self._ended_at + linger_s

    def run_to(self, t: float) -> None:
        """Live up to second ``t``, which never goes back."""
        while (ends_at := self._starts_at + self._duration_s) <= t:
            self._finish(ends_at)
        self._t = t

    @property
    def _duration_s(self) -> float:
        return float(_SHORTEST_MEASUREMENT_S + 7 * self._count % _SPREAD_S)

    def _finish(self, ended_at: float) -> None:
        self._values = _result(self._bedside.patient(ended_at))
        self._ended_at = ended_at
        self._count += 1
        earliest = ended_at + _LONGEST_LINGER_S + 1
        self._starts_at = max(self._starts_at + self._bedside.cuff_interval_s, earliest)


def to_field(value: float, scale: int) -> int:
    """Encode a true value as a 16-bit field; what does not fit becomes its range code."""
    scaled = round(value * scale)
    if scaled > 32767:
        return _OVER_RANGE
    return scaled if scaled >= -32000 else _UNDER_RANGE


def _result(true: TrueVitals) -> list[int]:
    if not true.cuff_can_measure:
        return [INVALID] * 3
    mean = true.diastolic + (true.systolic - true.diastolic) / 3
    # The recordings hold whole mmHg only, though the field could carry hundredths.
    return [to_field(round(value), 100) for value in (true.systolic, true.diastolic, mean)]
