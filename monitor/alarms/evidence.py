"""What conditions look at: cuff readings, last values, valid frames, ratings, faults, the baseline.

Knows what arrived and when, in bounded memory. Must not know rules, or judge what it holds.
"""

from collections import deque
from dataclasses import dataclass
from math import isfinite

from monitor.alarms.cadence import Cadence, patience_s
from monitor.alarms.limits import Values
from monitor.vitals import Vital

CUFFS_KEPT = 64
"""More than a five-hour session at one inflation per 5 min: a resumed session replays them all."""
ONE_ATTEMPT_S = 15.0
"""Two messages of failure that come closer are of one inflation, which takes 20 to 40 s."""
LINK_SILENT_S = 5.0
"""Without frames for so long it is the link that is missing (TECH-3), not one value."""
PLANNED_INTERVAL_S = 300.0


@dataclass(frozen=True, slots=True)
class Cuff:
    """One cuff inflation, mmHg, taken at second ``t``.

    ``pulse`` is what the cuff counted and ``other_pulse`` what the oximeter said then, per minute.
    """

    t: float
    systolic: float
    diastolic: float
    pulse: float | None = None
    other_pulse: float | None = None

    @property
    def is_usable(self) -> bool:
        """Whether both numbers are numbers."""
        return isfinite(self.systolic) and isfinite(self.diastolic)

    @property
    def values(self) -> Values:
        """The reading by vital."""
        return {Vital.SYSTOLIC: self.systolic, Vital.DIASTOLIC: self.diastolic}


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of one vital at second ``t``; None when the device marked it invalid."""

    t: float
    value: float | None


@dataclass(slots=True)
class Stream:
    """What is known of a vital that comes all the time.

    ``invalid_since_s``: since when the device marks it, None while it is valid. ``was_valid``: it
    was measured in this session.
    """

    latest: Sample
    cadence: Cadence
    invalid_since_s: float | None = None
    was_valid: bool = False


PULSE_OF_CUFF_WITHIN_S = 30.0
"""An oximeter's pulse as old as an inflation takes is still of the same moment."""


class Evidence:
    """Everything the rules of one session may look at."""

    def __init__(self, opened_s: float) -> None:
        self.last_frame_s = opened_s
        self.link_back_s = float("-inf")
        """When frames came again after a silence; what is missing since then is no link."""
        self.frame_count = 0
        self.cuff_count = 0
        self.cuff_interval_s = PLANNED_INTERVAL_S
        self.cuff_failures = 0
        self.measuring_since_s: float | None = None
        self.infusion_s: float | None = None
        self.baseline: Values = {}
        self.device_clock_s: float | None = None
        """The device's clock minus ours, seconds; None while it has told none."""
        self.accepted_clock_s = 0.0
        self.scales: dict[str, Sample] = {}
        self._cuffs: deque[Cuff] = deque(maxlen=CUFFS_KEPT)
        self._measured_s: float | None = None
        self._failed_s = float("-inf")
        self._streams: dict[Vital, Stream] = {}
        self._faults: dict[str, str] = {}
        self._frames = Cadence()
        self.cuff_cadence = Cadence(longest_gap_s=3600.0)

    # ---- what comes in

    def frame(self, t: float) -> None:
        """Note a valid frame; silence counts from here."""
        if self.is_silent(t):
            self.link_back_s = t
        self.last_frame_s = t
        self.frame_count += 1
        self._frames.arrived(t)

    def value(self, vital: Vital, t: float, value: float | None) -> None:
        """Note what the device says of ``vital`` now; None (or no number) means invalid."""
        is_valid = value is not None and isfinite(value)
        sample = Sample(t, value if is_valid else None)
        stream = self._streams.setdefault(vital, Stream(sample, Cadence()))
        stream.latest = sample
        stream.cadence.arrived(t)
        stream.was_valid |= is_valid
        if is_valid:
            stream.invalid_since_s = None
        elif stream.invalid_since_s is None:
            stream.invalid_since_s = t

    def pressure(self, cuff: Cuff) -> None:
        """Note one cuff inflation that gave a reading."""
        self._cuffs.append(cuff)
        self.cuff_count += 1
        self.measuring_since_s = None
        if cuff.is_usable:
            self._measured_s = max(cuff.t, self._measured_s or cuff.t)
            self.cuff_failures = 0
            self.cuff_cadence.arrived(cuff.t)

    def cuff_failed(self, t: float) -> None:
        """Note an inflation that gave no reading."""
        if t - self._failed_s >= ONE_ATTEMPT_S:
            self.cuff_failures += 1
        self._failed_s = t
        self.measuring_since_s = None

    def cuff_measuring(self, t: float, is_measuring: bool) -> None:
        """Note that the cuff inflates now, or rests."""
        if not is_measuring:
            self.measuring_since_s = None
        elif self.measuring_since_s is None:
            self.measuring_since_s = t

    def fault(self, name: str, text: str) -> None:
        """Note what is wrong with ``name``; "" says it is well."""
        self._faults[name] = text

    # ---- what there is

    def stream(self, vital: Vital) -> Stream | None:
        """Return what is known of a continuous vital; None when it never came."""
        return self._streams.get(vital)

    def fresh_value(self, vital: Vital, t: float, within_s: float) -> Sample | None:
        """Return the last sample when it is valid and at most ``within_s`` seconds old at ``t``."""
        stream = self._streams.get(vital)
        if stream is None or stream.latest.value is None or t - stream.latest.t > within_s:
            return None
        return stream.latest

    def is_silent(self, t: float) -> bool:
        """Whether the link gives nothing, as far as the device's own cadence lets us know."""
        return t - self.last_frame_s > patience_s(LINK_SILENT_S, self.frame_interval_s)

    @property
    def frame_interval_s(self) -> float:
        """How often frames come, 0 when unknown; after a restart as often as the values came."""
        cadences = [stream.cadence for stream in self._streams.values()]
        known = [cadence.interval_s for cadence in cadences if cadence.interval_s]
        return self._frames.interval_s or min(known, default=0.0)

    def value_interval_s(self, vital: Vital) -> float:
        """How often the device says something of ``vital``, valid or not; 0 when unknown."""
        stream = self._streams.get(vital)
        return 0.0 if stream is None else stream.cadence.interval_s

    @property
    def last_cuff_s(self) -> float:
        """When the last usable cuff reading was taken; without one, second 0: the opening.

        Not when the watch began: a restart does not make a reading less overdue.
        """
        return 0.0 if self._measured_s is None else self._measured_s

    def cuffs_after(self, count: int) -> tuple[Cuff, ...]:
        """Return the inflations that followed the first ``count``, as far as they are kept."""
        news = min(self.cuff_count - count, len(self._cuffs))
        return tuple(self._cuffs)[len(self._cuffs) - news :]

    @property
    def cuffs(self) -> tuple[Cuff, ...]:
        """The inflations that are kept, in the order of their arrival."""
        return tuple(self._cuffs)

    @property
    def last_cuff(self) -> Cuff | None:
        """The inflation that arrived last, usable or not."""
        return self._cuffs[-1] if self._cuffs else None

    def fault_text(self, name: str) -> str | None:
        """Return what is wrong with ``name``, "" when well, None when nobody has said yet."""
        return self._faults.get(name)
