"""The requests of the GE S/5 driver: equal to the printed frames, and sent at the right time.

Knows the vectors of the document. Must not know what the answers hold.
"""

from datetime import UTC, datetime
from struct import pack

import pytest

from devices.drivers.ge_s5 import INFO
from devices.drivers.ge_s5.driver import GeS5Driver
from devices.drivers.ge_s5.record import build_request, phdb_request
from devices.testing import simulated_sample
from monitor.clock import Instant

START = Instant(500.0, datetime(2025, 1, 1, tzinfo=UTC))
RECORDS = simulated_sample(INFO)


def wave(kind: int, signal: int | None) -> bytes:
    signals = b"\xff" if signal is None else bytes([signal, 0xFF])
    return build_request(1, pack("<hh", kind, 0) + signals.ljust(28, b"\0"))


def alarm(command: int) -> bytes:
    return build_request(4, pack("<h10x", command))


# protocols/multiparameter_monitors.md 1.6: six official (GE M1017617 App. A), seven derived.
VECTORS = [
    (
        phdb_request(1, 10),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000001"
            "0a000e0000000000497e"
        ),
    ),
    (
        phdb_request(1, 0, classes=0),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000001"
            "0000000000000000317e"
        ),
    ),
    (
        phdb_request(3, 60),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000003"
            "3c000e00000000007d5d7e"
        ),
    ),
    (
        phdb_request(3, 0, classes=0),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000003"
            "0000000000000000337e"
        ),
    ),
    (
        wave(0, 1),
        (
            "7e480000000000000000000000000001000000000000ff00000000000000000000000000000000000000"
            "00000001ff0000000000000000000000000000000000000000000000000000487e"
        ),
    ),
    (
        wave(1, None),
        (
            "7e480000000000000000000000000001000000000000ff00000000000000000000000000000000000001"
            "000000ff000000000000000000000000000000000000000000000000000000487e"
        ),
    ),
    (
        phdb_request(1, 5),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000001"
            "05000e0000000000447e"
        ),
    ),
    (
        phdb_request(1, 5, classes=0),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000001"
            "0500000000000000367e"
        ),
    ),
    (
        phdb_request(1, -1),
        (
            "7e310000000000000000000000000000000000000000ff00000000000000000000000000000000000001"
            "ffff0e00000000003d7e"
        ),
    ),
    (
        wave(0, 8),
        (
            "7e480000000000000000000000000001000000000000ff00000000000000000000000000000000000000"
            "00000008ff00000000000000000000000000000000000000000000000000004f7e"
        ),
    ),
    (
        alarm(0),
        (
            "7e340000000000000000000000000004000000000000ff00000000000000000000000000000000000000"
            "0000000000000000000000377e"
        ),
    ),
    (
        alarm(2),
        (
            "7e340000000000000000000000000004000000000000ff00000000000000000000000000000000000002"
            "0000000000000000000000397e"
        ),
    ),
    (
        alarm(3),
        (
            "7e340000000000000000000000000004000000000000ff00000000000000000000000000000000000003"
            "00000000000000000000003a7e"
        ),
    ),
]


@pytest.mark.parametrize(("request_sent", "vector"), VECTORS)
def test_requests_equal_the_printed_ones(request_sent: bytes, vector: str) -> None:
    assert request_sent.hex() == vector


FAST, SAFE = phdb_request(1, 1), phdb_request(1, 5)


def test_displayed_values_are_asked_for_at_once_and_only_once() -> None:
    driver = GeS5Driver()
    assert driver.due(START) == FAST
    assert driver.due(START) == b""
    assert driver.due(START.plus(5)) == b""


def test_without_an_answer_the_documented_cadence_is_asked_for_then_both_in_turn() -> None:
    driver = GeS5Driver()
    sent = {t: data for t in range(60) if (data := driver.due(START.plus(t)))}
    assert sent == {0: FAST, 6: SAFE, 22: FAST, 28: SAFE, 44: FAST, 50: SAFE}


def test_a_device_that_answers_is_left_alone_until_it_falls_silent() -> None:
    driver = GeS5Driver()
    driver.due(START)
    driver.feed(RECORDS, START.plus(4))
    assert [driver.due(START.plus(t)) for t in range(4, 20)] == [b""] * 16
    assert driver.due(START.plus(20)) == FAST


def answered(driver: GeS5Driver, times: range) -> dict[int, bytes]:
    """Feed a record at each second of ``times``; return what was asked meanwhile, and when."""
    sent = {}
    for t in range(times.start, times.stop):
        if t in times:
            driver.feed(RECORDS, START.plus(t))
        if data := driver.due(START.plus(t + 0.5)):
            sent[t] = data
    return sent


def test_an_answer_to_the_documented_cadence_keeps_it_but_for_one_more_attempt() -> None:
    driver = GeS5Driver()
    driver.due(START)
    assert driver.due(START.plus(6)) == SAFE
    assert answered(driver, range(7, 400, 5)) == {66: FAST}


def test_the_second_attempt_may_fail_too_and_is_the_last_on_this_line() -> None:
    driver = GeS5Driver()
    driver.due(START)
    driver.due(START.plus(6))
    assert answered(driver, range(7, 67, 5)) == {66: FAST}
    assert driver.due(START.plus(72)) == SAFE
    assert answered(driver, range(73, 400, 5)) == {}


def test_a_strict_monitor_in_the_place_of_a_fast_one_gets_the_documented_request() -> None:
    driver = GeS5Driver()
    driver.due(START)
    assert answered(driver, range(1, 10)) == {}
    driver.line_opened()
    sent = {t: data for t in range(10, 25) if (data := driver.due(START.plus(t)))}
    assert sent == {10: FAST, 16: SAFE}


def test_a_fast_monitor_whose_request_was_swallowed_is_fast_again_a_minute_later() -> None:
    driver = GeS5Driver()
    driver.due(START)
    assert answered(driver, range(1, 10)) == {}
    driver.line_opened()
    driver.due(START.plus(10))
    assert driver.due(START.plus(16)) == SAFE
    assert answered(driver, range(17, 77, 5)) == {76: FAST}
    assert answered(driver, range(77, 300)) == {}


def test_records_without_values_do_not_count_as_an_answer() -> None:
    driver = GeS5Driver()
    driver.due(START)
    driver.feed(build_request(1, bytes(32)) + bytes(10), START.plus(5))
    assert driver.due(START.plus(6)) == SAFE


def test_a_new_connection_asks_again_at_once() -> None:
    driver = GeS5Driver()
    driver.due(START)
    driver.feed(RECORDS, START.plus(1))
    driver.line_opened()
    assert driver.due(START.plus(2)) == FAST


def test_equal_intervals_never_try_a_faster_one() -> None:
    driver = GeS5Driver(fast_interval_s=10, safe_interval_s=10)
    sent = {t: data for t in range(40) if (data := driver.due(START.plus(t)))}
    assert sent == {0: phdb_request(1, 10), 31: phdb_request(1, 10)}


def test_farewell_cancels_the_stream() -> None:
    assert GeS5Driver().farewell() == phdb_request(1, 0, classes=0)
