"""One event per cuff inflation, out of records that repeat the last pressure for minutes.

Knows the NIBP group and what it said before, also over a reconnect. Must not know framing.
Source of the rule: protocols/multiparameter_monitors.md 1.5, "NIBP measurement time".
"""

from devices.drivers.ge_s5.record import (
    NIBP_MEASURING,
    NIBP_OLDER_THAN_60_S,
    Group,
    is_plain_invalid,
    is_value,
)
from monitor.clock import Instant
from monitor.events import CuffPhase, CuffState, DeviceNotice, DriverEvent, Measured, NoticeCode
from monitor.readings import BloodPressure

UNWATCHED_AFTER_S = 15.0  # no record for so long: what changed meanwhile changed at no known time
OLD_AFTER_S = 60.0

Triple = tuple[int, int, int]


class NibpWatch:
    """Tells a new inflation from the repeated display of one already told."""

    def __init__(self) -> None:
        self._heard_at: Instant | None = None
        self._is_watched = False  # the record before this one came just before it
        self._is_measuring = False
        self._awaits_result = False  # an inflation began and its end was not judged yet
        self._told: Triple | None = None  # the last valid triple
        self._was_old = False  # bit 8 beside it
        self._was_blank = False  # the record before this one had no valid triple
        self._inflated_since = False  # an inflation began after the last valid new triple

    def line_opened(self) -> None:
        """Note that nobody watched for a while; what was told stays told."""
        self._is_watched = False

    def observe(self, nibp: Group, offset: int, now: Instant) -> list[DriverEvent]:
        """Take the NIBP group of one record and return what is new in it."""
        gap_s = now.seconds_since(self._heard_at) if self._heard_at else 0.0
        self._heard_at = now
        if gap_s > UNWATCHED_AFTER_S:
            self._is_watched = False
        if not nibp.is_present:
            return self._module_missing(offset, now)
        events = self._cuff(bool(nibp.label & NIBP_MEASURING), offset, now)
        events += self._failure(nibp, offset, now)
        events += self._pressure(nibp, gap_s, offset, now)
        self._is_watched = True
        return events

    def _module_missing(self, offset: int, now: Instant) -> list[DriverEvent]:
        self._is_watched = False
        self._awaits_result = False
        return self._cuff(False, offset, now)

    def _cuff(self, is_measuring: bool, offset: int, now: Instant) -> list[DriverEvent]:
        if is_measuring == self._is_measuring:
            return []
        self._is_measuring = is_measuring
        if is_measuring:
            self._awaits_result = self._inflated_since = True
        phase = CuffPhase.MEASURING if is_measuring else CuffPhase.IDLE
        return [CuffState(offset, now, phase)]

    def _failure(self, nibp: Group, offset: int, now: Instant) -> list[DriverEvent]:
        if self._is_measuring or not self._awaits_result:
            return []
        self._awaits_result = False
        if not all(is_plain_invalid(raw) for raw in nibp.values[:3]):
            return []
        text = "the cuff measurement ended without a value"
        return [DeviceNotice(offset, now, NoticeCode.FAILED, text)]

    def _pressure(self, nibp: Group, gap_s: float, offset: int, now: Instant) -> list[DriverEvent]:
        triple = _triple_of(nibp)
        if triple is None:
            self._was_blank = True
            return []
        is_old = bool(nibp.label & NIBP_OLDER_THAN_60_S)
        is_new = self._is_new(triple, is_old, gap_s)
        is_another = self._told is not None
        has_known_end = self._is_watched and not (self._was_blank and is_old)
        self._told, self._was_old, self._was_blank = triple, is_old, False
        if not is_new:
            return []
        self._inflated_since = False
        age_s = 0.0 if has_known_end else None
        return [Measured(offset, _blood_pressure(nibp, now, age_s, is_old, is_another))]

    def _is_new(self, triple: Triple, is_old: bool, gap_s: float) -> bool:
        """Apply the documented rule, and two proofs that equal numbers are another inflation."""
        if triple != self._told:
            return True
        ended_in_the_gap = gap_s > OLD_AFTER_S
        ended_while_blank = self._was_blank and self._inflated_since
        return not is_old and (self._was_old or ended_in_the_gap or ended_while_blank)


def _triple_of(nibp: Group) -> Triple | None:
    systolic, diastolic, mean, _ = nibp.values
    triple = (systolic, diastolic, mean)
    return triple if all(is_value(raw) for raw in triple) else None


def _blood_pressure(
    nibp: Group, now: Instant, age_s: float | None, is_old: bool, is_another: bool
) -> BloodPressure:
    systolic, diastolic, mean, pulse = nibp.values
    return BloodPressure(
        systolic=systolic / 100,
        diastolic=diastolic / 100,
        mean=mean / 100,
        at=now,
        age_s=age_s,
        pulse=float(pulse) if is_value(pulse) else None,
        is_stale=is_old and age_s is None,
        is_another=is_another,
    )
