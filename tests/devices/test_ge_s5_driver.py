"""The GE S/5 driver against printed and recorded bytes, and every rule of its document.

Knows one real record, patched field by field. Must not know the driver's own tables.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from struct import pack_into

import pytest

from devices.drivers.ge_s5 import INFO
from devices.drivers.ge_s5.driver import GeS5Driver
from devices.drivers.ge_s5.record import build_request
from monitor.clock import Instant
from monitor.events import (
    BadFrame,
    DeviceClock,
    DriverEvent,
    Measured,
    ValidFrame,
)
from monitor.readings import BloodPressure, Quality, Reading
from monitor.vitals import Vital

# First record of ge_s5_bx50_raw.raw, a real CARESCAPE Bx50, as printed in
# protocols/multiparameter_monitors.md 1.6 (recording: UN-GCPDS/python-pycollect, BSD-2-Clause).
REAL = bytes.fromhex(
    "7e8004020a00007d5dff595b0000000000000000011601012c02014203010000ff0000000000000000007d5dff59"
    "5b4b000000001250000000018001800f000100000001000180018001800180010000000200018001800180018000"
    "000000100001800180018001800000000003000180018001800180030000000b005424c012f41a0180000000000b"
    "000180000000000c000180000000000d000180000000000e000180030000000000c1255300790101800701000009"
    "00e7011a000f00ae1d030000000000b01d401f030000000000000000000300000001000180018000000300000004"
    "00018000000000018001800180018001800000000000000180018001800180200000000000018001801f00500052"
    "0047000000000002000180000000000d000180018001800180000000000e00018001800180018000000000a1007d"
    "5dff595b4b8000000012500001800180000000000000000000000000000000000000000000000000000000000000"
    "0000000000004b000000001201800000018001800180018001800180018001800180018000000000080001800180"
    "01800180000000001500018001800180018000000000000001800180018001800000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "a1017d5dff595b000000000000018001800180018001800000000000000000000040000000018001800180018001"
    "80018001800180018001800180018001800180018001800180018001800180018001800180018001800180018001"
    "80018001800180018001800000000000000180018001800180000003000000000032003d00000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000000000000000000000000000000000000000000000000109030f0000000000000000000000000000"
    "00000000000000c00000000000018000000000000000000000000000000000000000000000000000000000000000"
    "000000a1027d5dff595b000000000000018001800180018003000000000001800180018001800180018001800180"
    "01800180018001800180000000000000000000000000000003000000000001800180000000000000018001800180"
    "01800180018001800180030000000000000000000000000000000000000000000000000000000000018001800000"
    "00000000018000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
    "000000000000a103777e"
)
START = Instant(500.0, datetime(2018, 7, 26, 17, 6, tzinfo=UTC))
INVALID, NOT_UPDATED, UNDER, OVER, NOT_CALIBRATED = -32767, -32766, -32764, -32763, -32762
BASIC = 40  # the basic class begins after the header in this record


def record_of(wire: bytes) -> bytes:
    """Undo the framing of one good frame, checksum removed."""
    return wire[1:-1].replace(b"\x7d\x5e", b"\x7e").replace(b"\x7d\x5d", b"\x7d")[:-1]


def wire_of(record: bytes) -> bytes:
    """Frame a record with its right checksum."""
    whole = record + bytes([sum(record) % 256])
    return b"~" + whole.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + b"~"


def patched(*fields: tuple[int, str, int]) -> bytes:
    """Frame the real record with ``(offset in the basic class, format, value)`` put in."""
    record = bytearray(record_of(REAL))
    for offset, form, value in fields:
        pack_into("<" + form, record, BASIC + offset, value)
    return wire_of(bytes(record))


def told(*wires: bytes) -> Sequence[DriverEvent]:
    return GeS5Driver().feed(b"".join(wires), START)


def readings(events: Sequence[DriverEvent]) -> list[Reading]:
    found = [event.reading for event in events if isinstance(event, Measured)]
    return [reading for reading in found if isinstance(reading, Reading)]


def reading(events: Sequence[DriverEvent], vital: Vital, source: str) -> Reading:
    (found,) = [r for r in readings(events) if (r.vital, r.source) == (vital, source)]
    return found


# --- the real record


def test_the_real_record_gives_the_values_printed_in_the_document() -> None:
    assert told(REAL) == [
        ValidFrame(0, START),
        DeviceClock(0, START, datetime(2018, 7, 26, 17, 6, 5, tzinfo=UTC).replace(tzinfo=None)),
        Measured(0, Reading(Vital.SPO2, 96.65, Quality.OK, START, "oximeter")),
        Measured(0, Reading(Vital.PULSE_RATE, 83.0, Quality.OK, START, "oximeter")),
        Measured(0, Reading(Vital.HEART_RATE, 80.0, Quality.OK, START, "ecg")),
        Measured(0, BloodPressure(93.0, 48.0, 69.0, START)),
    ]


def test_frames_may_share_a_flag() -> None:
    events = told(REAL[:-1], REAL)
    assert [event.offset for event in events if isinstance(event, ValidFrame)] == [0, 1159]


def test_a_wave_an_alarm_and_an_unknown_record_say_only_that_the_device_lives() -> None:
    for main in (1, 4, 5, 8, 99, -1):
        assert told(build_request(main, bytes(32))) == [ValidFrame(0, START)]


# --- frames that are not valid


def reasons(*wires: bytes) -> list[tuple[int, str]]:
    return [(event.offset, event.reason) for event in told(*wires) if isinstance(event, BadFrame)]


def test_a_run_without_a_whole_header_is_short() -> None:
    assert reasons(b"~\x80~\x80~") == [(0, "short"), (2, "short")]
    assert reasons(b"~" + bytes(40) + b"~") == [(0, "short")]
    assert reasons(b"~abc\x7d~") == [(0, "short")]


def test_a_wrong_sum_is_a_checksum_fault_and_gives_no_value() -> None:
    broken = bytearray(REAL)
    broken[700] ^= 1
    (event,) = told(bytes(broken))
    assert isinstance(event, BadFrame)
    assert (event.reason, event.raw) == ("checksum", bytes(broken[1:65]))


def test_a_right_sum_over_a_record_of_another_length_is_a_length_fault() -> None:
    assert reasons(wire_of(record_of(REAL) + bytes(3))) == [(0, "length")]
    assert reasons(wire_of(record_of(REAL)[:-278])) == [(0, "length")]


def test_a_frame_that_ends_inside_an_escape_was_aborted() -> None:
    assert reasons(REAL[:-1] + b"\x7d~") == [(0, "aborted")]


def test_a_run_longer_than_any_record_is_overlong_once() -> None:
    assert reasons(b"~" + b"x" * 10_000, b"~", REAL) == [(0, "overlong")]
    assert readings(told(b"~" + b"x" * 10_000, REAL))


def test_the_longest_legal_record_is_taken() -> None:
    assert told(build_request(1, bytes(1450))) == [ValidFrame(0, START)]
    assert reasons(build_request(1, bytes(1451))) == [(0, "overlong")]


# --- where the values are


def header_patched(*fields: tuple[int, str, int]) -> bytes:
    return patched(*((offset - BASIC, form, value) for offset, form, value in fields))


def test_the_basic_class_is_found_by_its_tag_wherever_it_stands() -> None:
    record = bytearray(record_of(REAL))
    record[40 : 40 + 556] = record[40 + 278 : 40 + 556] + record[40 : 40 + 278]
    assert reading(told(wire_of(bytes(record))), Vital.SPO2, "oximeter").value == 96.65


def test_a_record_without_class_basic_has_no_values() -> None:
    assert told(header_patched((18, "B", 0xFF))) == [ValidFrame(0, START)]
    assert told(patched((277, "B", 1))) == [ValidFrame(0, START)]


def test_trends_are_not_read_as_present_values() -> None:
    for kind in (2, 3, 4):
        assert told(header_patched((18, "B", kind), (21, "B", 0xFF))) == [ValidFrame(0, START)]
        assert told(patched((276, "B", 0xA0 | kind))) == [ValidFrame(0, START)]


@pytest.mark.parametrize("offset", [-1, -40, 875, 1112, 32767, -32768])
def test_a_sub_record_outside_the_record_is_never_read(offset: int) -> None:
    wire = header_patched((16, "h", offset), (21, "B", 0xFF))
    assert told(wire) == [ValidFrame(0, START)]


def test_a_full_list_of_sub_records_without_an_end_is_read_to_its_end() -> None:
    fields = [(16 + 3 * i, "h", 278) for i in range(8)] + [(18 + 3 * i, "B", 1) for i in range(8)]
    assert told(header_patched(*fields)) == [ValidFrame(0, START)]


# --- values that are none


@pytest.mark.parametrize(
    ("raw", "quality"),
    [
        (INVALID, Quality.UNAVAILABLE),
        (NOT_UPDATED, Quality.UNAVAILABLE),
        (NOT_CALIBRATED, Quality.UNAVAILABLE),
        (UNDER, Quality.OUT_OF_RANGE),
        (OVER, Quality.OUT_OF_RANGE),
        (-32768, Quality.UNAVAILABLE),
        (-32765, Quality.UNAVAILABLE),
        (-32001, Quality.UNAVAILABLE),
    ],
)
def test_an_invalid_code_is_never_a_number(raw: int, quality: Quality) -> None:
    events = told(patched((128, "h", raw), (130, "h", raw), (10, "h", raw)))
    assert [(r.value, r.quality) for r in readings(events)] == [(None, quality)] * 3


def test_zero_is_a_number() -> None:
    events = told(patched((128, "h", 0), (130, "h", 0), (10, "h", 0)))
    assert [(r.value, r.quality) for r in readings(events)] == [(0.0, Quality.OK)] * 3


def test_the_lowest_legal_number_is_one() -> None:
    assert reading(told(patched((128, "h", -32000))), Vital.SPO2, "oximeter").value == -320.0


@pytest.mark.parametrize(
    ("status", "quality"),
    [(0, Quality.UNAVAILABLE), (2, Quality.UNAVAILABLE), (1, Quality.SENSOR_OFF)],
)
def test_a_module_lacking_or_not_active_gives_no_number(status: int, quality: Quality) -> None:
    events = told(patched((122, "I", status), (4, "I", status | 9 << 3)))
    assert [(r.value, r.quality) for r in readings(events)] == [(None, quality)] * 3


# --- the heart rate and where it is counted


def hr_counted_from(source: int, rate: int = 77, bits: int = 3) -> list[Reading]:
    found = readings(told(patched((4, "I", bits | source << 3), (10, "h", rate))))
    return [r for r in found if r.source != "oximeter"]


@pytest.mark.parametrize("source", [1, 9])
def test_the_heart_rate_is_one_only_when_counted_from_the_ecg(source: int) -> None:
    assert hr_counted_from(source) == [Reading(Vital.HEART_RATE, 77.0, Quality.OK, START, "ecg")]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (2, "invasive pressure 1"),
        (5, "invasive pressure 4"),
        (6, "pleth"),
        (7, "invasive pressure 5"),
        (11, "invasive pressure 8"),
        (12, "pleth 2"),
    ],
)
def test_a_rate_counted_elsewhere_is_a_pulse_with_its_source(source: int, name: str) -> None:
    wanted = [Reading(Vital.PULSE_RATE, 77.0, Quality.OK, START, name)]
    assert hr_counted_from(source) == wanted
    assert hr_counted_from(source, bits=0) == wanted
    assert hr_counted_from(source, rate=INVALID) == []


@pytest.mark.parametrize("source", [0, 13, 14, 15])
def test_a_rate_counted_from_nothing_known_is_not_told(source: int) -> None:
    assert hr_counted_from(source) == []


@pytest.mark.parametrize(
    ("bits", "quality"),
    [(0x103, Quality.ARTIFACT), (0x203, Quality.SEARCHING), (0x83, Quality.OK)],
)
def test_an_artefact_is_told_beside_its_number(bits: int, quality: Quality) -> None:
    (found,) = hr_counted_from(9, bits=bits)
    assert (found.value, found.quality) == (77.0, quality)


def test_an_artefact_without_a_number_stays_without_one() -> None:
    (found,) = hr_counted_from(9, rate=INVALID, bits=0x103)
    assert (found.value, found.quality) == (None, Quality.UNAVAILABLE)


# --- the line


def test_half_a_frame_is_forgotten_when_the_line_opens_again() -> None:
    driver = GeS5Driver()
    driver.feed(REAL[:600], START)
    assert driver.buffered > 500
    driver.line_opened()
    assert driver.buffered == 0
    assert [event.offset for event in driver.feed(REAL[600:], START)] == []
    assert {event.offset for event in driver.feed(REAL, START)} == {1160}


def test_the_card_of_the_driver_names_its_line() -> None:
    assert [str(line) for line in INFO.line_settings] == [
        "19200 8E1 RTS/CTS",
        "115200 8E1 RTS/CTS",
    ]
