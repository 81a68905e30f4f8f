"""The clock on the screen of a GE monitor: when the driver tells it, and when it keeps quiet.

Knows one real record with another time of transmission put in. Must not know who compares it.
"""

from datetime import UTC, datetime, timedelta
from struct import pack_into

import pytest

from devices.drivers.ge_s5.driver import GeS5Driver
from devices.drivers.ge_s5.record import build_request
from monitor.clock import ManualClock
from monitor.events import BadFrame, DeviceClock, DriverEvent, ValidFrame
from tests.devices.test_ge_s5_driver import REAL, record_of, wire_of

NOON = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
HOUR = 3600.0


def sent(seconds: int) -> bytes:
    """Frame the real record as if it had been sent then, seconds since 1970."""
    record = bytearray(record_of(REAL))
    pack_into("<I", record, 6, seconds)
    return wire_of(bytes(record))


def face(moment: datetime) -> datetime:
    """Return what a clock shows, without a zone."""
    return moment.replace(tzinfo=None)


class Bench:
    """A driver and a monitor's clock that goes as ours does, unless somebody sets it."""

    def __init__(self, ahead_s: float = 0.0, began: datetime = NOON) -> None:
        self.clock = ManualClock(began, monotonic=50.0)
        self.ahead_s = ahead_s
        self.driver = GeS5Driver()
        self.driver.line_opened()

    def hear(self, wire: bytes) -> list[DriverEvent]:
        return list(self.driver.feed(wire, self.clock.now()))

    def record(self) -> list[DeviceClock]:
        """Let a record come now; return what it tells of the clock."""
        shown = self.clock.now().utc + timedelta(seconds=self.ahead_s)
        events = self.hear(sent(int(shown.timestamp())))
        return [event for event in events if isinstance(event, DeviceClock)]

    def records(self, count: int, every_s: float = 1.0) -> list[DeviceClock]:
        told = []
        for _ in range(count):
            self.clock.advance(every_s)
            told += self.record()
        return told


@pytest.mark.parametrize("ahead_s", [0.0, HOUR, -2 * HOUR, -8 * 365 * 86_400.0])
def test_the_first_record_of_a_line_tells_the_clock(ahead_s: float) -> None:
    bench = Bench(ahead_s)
    shown = face(NOON + timedelta(seconds=ahead_s))
    assert bench.record() == [DeviceClock(0, bench.clock.now(), shown)]


def test_a_clock_stands_behind_its_frame_and_before_the_values() -> None:
    bench = Bench()
    kinds = [type(event) for event in bench.hear(REAL)]
    assert kinds[:2] == [ValidFrame, DeviceClock]
    assert len(kinds) > 2
    assert DeviceClock not in kinds[2:]


def test_a_clock_that_goes_as_ours_is_told_once() -> None:
    bench = Bench(HOUR)
    bench.record()
    assert bench.records(600) == []
    assert bench.records(100, every_s=5.0) == []


@pytest.mark.parametrize(
    "began",
    [
        datetime(2026, 3, 28, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC),  # summer time begins in Berlin
        datetime(2028, 2, 29, 23, 59, 30, tzinfo=UTC),
    ],
)
def test_midnight_new_year_and_our_summer_time_are_no_move(began: datetime) -> None:
    bench = Bench(began=began)
    bench.record()
    assert bench.records(60) == []


def test_records_that_are_late_by_some_of_a_second_are_no_move() -> None:
    bench = Bench()
    bench.record()
    told = []
    for late_s in (0.9, 1.9, 1.9, 0.0, 0.3) * 20:
        bench.clock.advance(1.0)
        now = bench.clock.now()
        shown = int((now.utc - timedelta(seconds=late_s)).timestamp())
        told += [e for e in bench.hear(sent(shown)) if isinstance(e, DeviceClock)]
    assert told == []


@pytest.mark.parametrize("by_s", [3.0, 61.0, HOUR, -3.0, -61.0, -HOUR, 86_400.0])
def test_a_clock_that_is_set_is_told_once_by_the_record_after_the_first(by_s: float) -> None:
    bench = Bench()
    bench.record()
    bench.records(10)
    bench.ahead_s = by_s
    assert bench.records(1) == []
    (told,) = bench.records(30)
    assert told.at.seconds_since(bench.clock.now()) == -29
    assert told.local == face(told.at.utc + timedelta(seconds=by_s))


def test_a_slow_monitor_that_is_set_is_told_by_its_second_record() -> None:
    bench = Bench()
    bench.record()
    bench.ahead_s = HOUR
    assert len(bench.records(2, every_s=5.0)) == 1


def test_a_single_odd_time_between_right_ones_is_not_told() -> None:
    bench = Bench()
    bench.record()
    for _ in range(20):
        bench.ahead_s = HOUR
        assert bench.records(1) == []
        bench.ahead_s = 0.0
        assert bench.records(1) == []


def test_a_clock_that_drifts_is_told_each_time_it_is_two_seconds_further() -> None:
    bench = Bench()
    bench.record()
    told = []
    for _ in range(100):
        bench.ahead_s += 0.1
        told += bench.records(1)
    offs = [round((one.local - face(one.at.utc)).total_seconds()) for one in told]
    assert 3 <= len(offs) <= 5
    assert offs == sorted(offs)


def test_our_own_clock_that_is_set_moves_the_monitors() -> None:
    bench = Bench()
    bench.record()
    bench.clock.step_wall_clock(-HOUR)
    bench.ahead_s = HOUR
    (told,) = bench.records(30)
    assert told.local - face(told.at.utc) == timedelta(hours=1)


def test_records_that_waited_in_a_buffer_tell_no_clock() -> None:
    bench = Bench()
    bench.record()
    then = int(bench.clock.now().utc.timestamp())
    bench.clock.advance(120.0)
    late = b"".join(sent(then + n) for n in range(1, 56))
    for _ in range(3):  # one read after the other, milliseconds apart
        events = bench.hear(late)
        assert [event for event in events if isinstance(event, DeviceClock)] == []
        bench.clock.advance(0.01)
    assert bench.records(60) == []


def test_a_burst_on_a_new_line_tells_one_clock() -> None:
    bench = Bench()
    start = int(NOON.timestamp())
    events = bench.hear(b"".join(sent(start + n) for n in range(50)))
    assert len([event for event in events if isinstance(event, DeviceClock)]) == 1


def test_a_new_line_tells_the_clock_again() -> None:
    bench = Bench(HOUR)
    bench.record()
    bench.records(5)
    bench.driver.line_opened()
    assert len(bench.records(5)) == 1


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (2**31, datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)),
        (2**32 - 1, datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)),
    ],
)
def test_a_clock_that_talks_nonsense_is_told_as_it_is(seconds: int, shown: datetime) -> None:
    bench = Bench()
    clocks = [event for event in bench.hear(sent(seconds)) if isinstance(event, DeviceClock)]
    assert [clock.local for clock in clocks] == [face(shown)]


def test_a_bad_frame_never_tells_a_clock() -> None:
    bench = Bench()
    wire = bytearray(sent(12345))
    wire[700] ^= 1
    (event,) = bench.hear(bytes(wire))
    assert isinstance(event, BadFrame)
    assert len(bench.record()) == 1  # the next good one is the first


@pytest.mark.parametrize("main", [0, 1, 4, 5])
def test_a_record_without_values_tells_no_clock_not_even_our_own_echo(main: int) -> None:
    bench = Bench()
    echo = build_request(main, bytes(32))
    assert bench.hear(echo) == [ValidFrame(0, bench.clock.now())]
    bench.record()
    for _ in range(5):
        bench.clock.advance(1.0)
        assert [type(event) for event in bench.hear(echo)] == [ValidFrame]
        assert bench.record() == []
