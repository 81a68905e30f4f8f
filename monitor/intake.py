"""What the device measured: which of it becomes a row, and what may be believed of it.

Knows the ledger it writes to. Must not know alarms, the link, phases or commands.
"""

from math import isfinite

from monitor.events import NoticeCode
from monitor.ledger import Ledger
from monitor.readings import BloodPressure, Quality, Reading
from monitor.records import PressureKept, ReadingKept
from monitor.snapshot import PressureView
from monitor.vitals import is_possible, is_possible_pressure

YOUNG_S = 60.0
"""A device that shows a reading which is not from before the connection shows a younger one."""


class Intake:
    """Takes the values of one session."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def take(self, measured: Reading | BloodPressure) -> None:
        """Keep what was measured, and let the board know."""
        if isinstance(measured, BloodPressure):
            self._pressure(measured)
        else:
            self._reading(measured)

    def _reading(self, reading: Reading) -> None:
        value, quality = _number(reading.value), reading.quality
        if reading.value is not None and (value is None or not is_possible(reading.vital, value)):
            quality = Quality.OUT_OF_RANGE
        driver = self._ledger.picture.opened.driver
        stamp = self._ledger.stamp(reading.at)
        row = ReadingKept(stamp, driver, reading.vital, value, quality, reading.source)
        self._ledger.add(row)

    def _pressure(self, pressure: BloodPressure) -> None:
        if self._is_shown_again(pressure):
            return
        if not (isfinite(pressure.systolic) and isfinite(pressure.diastolic)):
            text = "Cuff reading that is no number, not shown"
            self._ledger.happen(
                "notice", {"code": NoticeCode.OUT_OF_RANGE.value, "text": text}, pressure.at
            )
            return
        possible = is_possible_pressure(pressure.systolic, pressure.diastolic)
        row = PressureKept(
            self._ledger.stamp(pressure.at),
            self._ledger.picture.opened.driver,
            pressure.systolic,
            pressure.diastolic,
            _number(pressure.mean),
            _number(pressure.pulse),
            None if pressure.age_s is None else pressure.taken_at.utc,
            pressure.is_stale,
            Quality.OK if possible else Quality.OUT_OF_RANGE,
        )
        self._ledger.add(row)

    # ---- the same inflation

    def _is_shown_again(self, pressure: BloodPressure) -> bool:
        """Whether the device may merely show again, after a lost link, what we already have."""
        known = self._ledger.picture.pressure
        if known is None or pressure.age_s is not None or pressure.is_another:
            return False
        if pressure.triple != (known.systolic, known.diastolic, known.mean):
            return False
        return pressure.is_stale or not self._is_old(known, self._ledger.t(pressure.at))

    def _is_old(self, known: PressureView, now_s: float) -> bool:
        """Whether a known reading is surely older than one that the device calls young."""
        unsure_before_s = self._ledger.picture.unsure_before_s
        is_of_unknown_age = unsure_before_s is not None and known.taken_s <= unsure_before_s
        return known.is_stale or is_of_unknown_age or now_s - known.taken_s > YOUNG_S


def _number(value: float | None) -> float | None:
    """Return a value that is a number; what is none can be neither kept nor shown."""
    return value if value is not None and isfinite(value) else None
