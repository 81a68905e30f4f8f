"""What conditions look at: the last cuff readings, last values, valid frames and named faults.

Knows what arrived and when, in bounded memory. Must not know rules, or judge what it holds.
"""

from collections import deque
from dataclasses import dataclass
from math import isfinite

from monitor.alarms.cadence import Cadence
from monitor.vitals import Vital

CUFFS_KEPT = 64
"""More than a five-hour session at one inflation per 5 min: a resumed session replays them all."""


@dataclass(frozen=True, slots=True)
class Cuff:
    """One cuff inflation, mmHg, taken at second ``t``."""

    t: float
    systolic: float
    diastolic: float

    @property
    def is_usable(self) -> bool:
        """Whether both numbers are numbers."""
        return isfinite(self.systolic) and isfinite(self.diastolic)


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one vital at second ``t``; None when the device marked it invalid."""

    t: float
    value: float | None


class Evidence:
    """Everything the rules of one session may look at."""

    def __init__(self, opened_s: float) -> None:
        self.last_frame_s = opened_s
        self.frame_count = 0
        self.cuff_count = 0
        self._cuffs: deque[Cuff] = deque(maxlen=CUFFS_KEPT)
        self._latest: dict[Vital, Sample] = {}
        self._faults: dict[str, str] = {}
        self._frames = Cadence()
        self._values: dict[Vital, Cadence] = {}

    def frame(self, t: float) -> None:
        """Note a valid frame; silence counts from here."""
        self.last_frame_s = t
        self.frame_count += 1
        self._frames.arrived(t)

    def value(self, vital: Vital, t: float, value: float | None) -> None:
        """Note what the device says of ``vital`` now; None (or no number) means invalid."""
        is_number = value is not None and isfinite(value)
        self._latest[vital] = Sample(t, value if is_number else None)
        self._values.setdefault(vital, Cadence()).arrived(t)

    def pressure(self, cuff: Cuff) -> None:
        """Note one cuff inflation."""
        self._cuffs.append(cuff)
        self.cuff_count += 1

    def fault(self, name: str, text: str) -> None:
        """Note what is wrong with ``name``; "" says it is well."""
        self._faults[name] = text

    def fresh_value(self, vital: Vital, t: float, within_s: float) -> Sample | None:
        """Return the last sample when it is valid and at most ``within_s`` seconds old at ``t``."""
        sample = self._latest.get(vital)
        if sample is None or sample.value is None or t - sample.t > within_s:
            return None
        return sample

    @property
    def frame_interval_s(self) -> float:
        """How often frames come, 0 when unknown; after a restart as often as the values came."""
        known = [cadence.interval_s for cadence in self._values.values() if cadence.interval_s]
        return self._frames.interval_s or min(known, default=0.0)

    def value_interval_s(self, vital: Vital) -> float:
        """How often the device says something of ``vital``, valid or not; 0 when unknown."""
        cadence = self._values.get(vital)
        return 0.0 if cadence is None else cadence.interval_s

    def cuffs_after(self, count: int) -> tuple[Cuff, ...]:
        """Return the inflations that followed the first ``count``, as far as they are kept."""
        news = min(self.cuff_count - count, len(self._cuffs))
        return tuple(self._cuffs)[len(self._cuffs) - news :]

    @property
    def last_cuff(self) -> Cuff | None:
        """The inflation that arrived last, usable or not."""
        return self._cuffs[-1] if self._cuffs else None

    def fault_text(self, name: str) -> str | None:
        """Return what is wrong with ``name``, "" when well, None when nobody has said yet."""
        return self._faults.get(name)
