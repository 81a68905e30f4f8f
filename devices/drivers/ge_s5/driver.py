"""The driver of GE CARESCAPE and S/5 monitors: bytes of the computer interface in, events out.

Knows when to ask, and which fields become readings. Must not know ports, threads or clocks.
"""

from collections.abc import Sequence

from devices.drivers.ge_s5 import record
from devices.drivers.ge_s5.nibp import NibpWatch
from devices.drivers.ge_s5.screen_clock import ScreenClock
from devices.framing import EscapedSplitter, Frame, Overlong
from monitor.clock import Instant
from monitor.events import BadFrame, DriverEvent, Measured, ValidFrame
from monitor.readings import Quality, Reading
from monitor.vitals import Vital

RAW_KEPT_BYTES = 64
FAST_INTERVAL_S = 1  # seen accepted in the recordings; SpO2 older than 5 s counts as stale
SAFE_INTERVAL_S = 5  # the shortest that the document promises (1.4)
FAST_PATIENCE_S = 5.0
UNITS_PER_ONE = {Vital.SPO2: 100}  # 1.5, "units"; rates are whole
FAST_AGAIN_AFTER_S = 60.0  # a request that a loose plug swallowed looks like a refusal
SHORTEST_PATIENCE_S = 15.0  # ask again after max(3 x interval, 15 s) (1.4)


class GeS5Driver:
    """Sans-I/O parser of the Datex-Ohmeda record stream.

    Asks for records every ``fast_interval_s``; when none comes within 5 s, every
    ``safe_interval_s``, and once more for the fast ones a minute later. What one line has shown
    says nothing of the next: another monitor may be plugged in. Equal intervals switch the
    attempts off.
    """

    def __init__(
        self, fast_interval_s: int = FAST_INTERVAL_S, safe_interval_s: int = SAFE_INTERVAL_S
    ) -> None:
        self._splitter = EscapedSplitter(record.FRAMING)
        self._nibp = NibpWatch()
        self._screen_clock = ScreenClock()
        self._fast_interval_s = fast_interval_s
        self._safe_interval_s = safe_interval_s
        self._interval_s = safe_interval_s
        self._asked_at: Instant | None = None
        self._heard_at: Instant | None = None
        self._may_try_again = True

    @property
    def buffered(self) -> int:
        """Bytes held back for an unfinished frame."""
        return self._splitter.buffered

    def line_opened(self) -> None:
        """Forget half a frame and the request under way; inflations already told stay known."""
        self._splitter.reset()
        self._nibp.line_opened()
        self._screen_clock.line_opened()
        self._asked_at = self._heard_at = None
        self._may_try_again = True

    def farewell(self) -> bytes:
        """Return the request that ends the stream."""
        return record.phdb_request(record.DISPLAYED, record.CANCEL, classes=0)

    def due(self, now: Instant) -> bytes:
        """Return the request for displayed values, at first and again while nothing comes."""
        if self._asked_at is None:
            return self._ask(self._fast_interval_s, now)
        if self._heard_at is None and self._is_trying_fast:
            late = now.seconds_since(self._asked_at) > FAST_PATIENCE_S
            return self._ask(self._safe_interval_s, now) if late else b""
        waited_s = now.seconds_since(self._heard_at or self._asked_at)
        if waited_s > max(3 * self._interval_s, SHORTEST_PATIENCE_S):
            return self._ask(self._fast_interval_s, now)
        return self._ask_for_fast_ones_again(now)

    def _ask_for_fast_ones_again(self, now: Instant) -> bytes:
        if self._interval_s == self._fast_interval_s or self._asked_at is None:
            return b""
        if not self._may_try_again or now.seconds_since(self._asked_at) < FAST_AGAIN_AFTER_S:
            return b""
        self._may_try_again = False
        return self._ask(self._fast_interval_s, now)

    @property
    def _is_trying_fast(self) -> bool:
        return self._interval_s < self._safe_interval_s

    def _ask(self, interval_s: int, now: Instant) -> bytes:
        self._interval_s = interval_s
        self._asked_at = now
        self._heard_at = None
        return record.phdb_request(record.DISPLAYED, interval_s)

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        """Take bytes in any chunking and return what they say, in order."""
        events: list[DriverEvent] = []
        for run in self._splitter.feed(data):
            events += self._events_of(run, now)
        return events

    def _events_of(self, run: Frame | Overlong, now: Instant) -> list[DriverEvent]:
        if isinstance(run, Overlong):
            return [BadFrame(run.offset, now, "overlong", run.raw[:RAW_KEPT_BYTES])]
        fault = record.fault_of(run.payload, run.is_cut)
        if fault is not None:
            return [BadFrame(run.offset, now, fault, run.raw[:RAW_KEPT_BYTES])]
        sent = run.payload[:-1]
        basic = record.basic_class(sent)
        alive = ValidFrame(run.offset, now)
        if basic is None:
            return [alive]
        # Only here: the echo of our own request is a valid record, too, and says 1970.
        clock = self._screen_clock.observe(record.sent_at(sent), run.offset, now)
        return [alive, *clock, *self._values_of(basic, run.offset, now)]

    def _values_of(self, basic: bytes, offset: int, now: Instant) -> list[DriverEvent]:
        self._heard_at = now
        readings = [
            *_oximeter(record.SPO2.read(basic), now),
            *_heart(record.ECG.read(basic), now),
        ]
        pressures = self._nibp.observe(record.NIBP.read(basic), offset, now)
        return [*(Measured(offset, reading) for reading in readings), *pressures]


def _oximeter(group: record.Group, now: Instant) -> list[Reading]:
    spo2, pulse, *_ = group.values
    return [
        _reading(Vital.SPO2, spo2, _quality(group, spo2), now, "oximeter"),
        _reading(Vital.PULSE_RATE, pulse, _quality(group, pulse), now, "oximeter"),
    ]


def _heart(group: record.Group, now: Instant) -> list[Reading]:
    """Read the monitor's heart rate: a heart rate only when counted from the ECG (1.5)."""
    source, rate = record.rate_source(group), group.values[0]
    if source in record.ECG_SOURCES:
        return [_reading(Vital.HEART_RATE, rate, _ecg_quality(group), now, "ecg")]
    if source not in record.SOURCE_NAMES or not record.is_value(rate):
        return []
    name = record.SOURCE_NAMES[source]
    return [_reading(Vital.PULSE_RATE, rate, Quality.OK, now, name)]


def _ecg_quality(group: record.Group) -> Quality:
    quality = _quality(group, group.values[0])
    if quality is not Quality.OK:
        return quality
    if group.status & record.ECG_ARTEFACT:
        return Quality.ARTIFACT
    return Quality.SEARCHING if group.status & record.ECG_LEARNING else Quality.OK


def _quality(group: record.Group, raw: int) -> Quality:
    if not group.is_present:
        return Quality.UNAVAILABLE
    if not group.is_active:
        return Quality.SENSOR_OFF
    return record.quality_of(raw)


def _reading(vital: Vital, raw: int, quality: Quality, now: Instant, source: str) -> Reading:
    has_number = quality in (Quality.OK, Quality.ARTIFACT, Quality.SEARCHING)
    value = raw / UNITS_PER_ONE.get(vital, 1) if has_number else None
    return Reading(vital, value, quality, now, source)
