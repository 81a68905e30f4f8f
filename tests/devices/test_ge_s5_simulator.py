"""The simulated GE monitor against the protocol document: requests, records, the cuff's cycle.

Knows offsets of the document, written anew here. Must not know the driver.
"""

from datetime import UTC, datetime, timedelta, timezone
from struct import unpack_from

import pytest

from devices.drivers.ge_s5.simulator import GeS5Simulator
from devices.simulation.device import Bedside, TrueVitals

SWITCHED_ON = datetime(2025, 3, 1, 9, 0, tzinfo=UTC)
WELL = TrueVitals(systolic=127.5, diastolic=73.25, pulse=71.6, spo2=97.34)
INVALID = -32767
MEASURING, OLD = 1 << 5, 1 << 8


def request(data: str, main: str = "0000", length: str = "3100") -> bytes:
    """Frame the data bytes of a request by hand."""
    record = bytes.fromhex(length + "00" * 12 + main + "000000" + "0000ff" + "00" * 18 + data)
    whole = record + bytes([sum(record) % 256])
    return b"~" + whole.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + b"~"


EVERY_SECOND = request("0101000e0000000000")
EVERY_5_S = request("0105000e0000000000")
ONCE = request("01ffff0e0000000000")
CANCEL = request("010000000000000000")


def simulator(patient: TrueVitals = WELL, **bedside: float) -> GeS5Simulator:
    return GeS5Simulator(Bedside(lambda _t: patient, SWITCHED_ON, **bedside))


def records_in(wire: bytes) -> list[bytes]:
    """Cut the wire at its flags and check each frame; return the records."""
    found = []
    for run in filter(None, wire.split(b"~")):
        whole = run.replace(b"\x7d\x5e", b"\x7e").replace(b"\x7d\x5d", b"\x7d")
        assert b"~" not in run
        assert sum(whole[:-1]) % 256 == whole[-1]
        assert unpack_from("<h", whole)[0] == len(whole) - 1
        found.append(whole[:-1])
    return found


def streaming(seconds: float, sim: GeS5Simulator, ask: bytes = EVERY_SECOND) -> list[bytes]:
    sim.receive(ask, 0.0)
    return records_in(sim.emit(seconds))


def field(record: bytes, offset: int) -> int:
    """Read a 16-bit value of class basic, which stands first."""
    value: int = unpack_from("<h", record, 40 + offset)[0]
    return value


def label(record: bytes) -> int:
    return field(record, 80) & 0xFFFF


def triple(record: bytes) -> tuple[int, int, int]:
    return field(record, 82), field(record, 84), field(record, 86)


# --- what it answers


def test_it_says_nothing_unasked() -> None:
    assert simulator().emit(3600) == b""


def test_the_first_record_comes_within_a_second_and_then_one_each_interval() -> None:
    sim = simulator()
    sim.receive(EVERY_5_S, 10.0)
    counts = [len(records_in(sim.emit(t))) for t in (10.0, 11.0, 15.0, 16.0, 21.0)]
    assert counts == [0, 1, 0, 1, 1]


def test_it_obeys_a_request_that_comes_byte_by_byte_between_noise() -> None:
    sim = simulator()
    for byte in b"\xff\x00" + EVERY_SECOND + b"\x7e\x80":
        sim.receive(bytes([byte]), 0.0)
    assert records_in(sim.emit(1.0))


def test_cancel_ends_the_stream() -> None:
    sim = simulator()
    assert len(streaming(3.0, sim)) == 3
    sim.receive(CANCEL, 3.0)
    assert sim.emit(60.0) == b""


def test_one_record_is_sent_for_a_single_request_and_a_second_within_5_s_is_ignored() -> None:
    sim = simulator()
    sim.receive(ONCE, 0.0)
    sim.receive(ONCE, 4.0)
    assert len(records_in(sim.emit(20.0))) == 1
    sim.receive(ONCE, 20.0)
    assert len(records_in(sim.emit(40.0))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        EVERY_SECOND[:-2] + b"\x00~",
        request("0101000e0000000000", main="0100"),
        request("0101000e0000000000", length="3200"),
        request("0101000e00000000"),
        request("0201000e0000000000"),
        request("01feff0e0000000000"),
        EVERY_SECOND[:-1] + b"\x7d~",
        EVERY_SECOND.replace(b"~", b"!"),
    ],
)
def test_a_request_with_anything_wrong_is_not_answered(wrong: bytes) -> None:
    assert streaming(60.0, simulator(), wrong) == []


def test_a_request_whose_checksum_is_escaped_is_understood() -> None:
    escaped = [ask for n in range(256) if b"\x7d" in (ask := request(f"0101000e000000{n:02x}00"))]
    assert escaped
    assert all(streaming(1.0, simulator(), ask) for ask in escaped)


def test_the_strict_profile_refuses_less_than_5_s() -> None:
    sim = GeS5Simulator(Bedside(lambda _t: WELL, SWITCHED_ON), shortest_interval_s=5)
    assert streaming(10.0, sim, EVERY_SECOND) == []
    assert len(streaming(11.0, sim, EVERY_5_S)) == 3


def test_it_forgets_endless_noise() -> None:
    sim = simulator()
    for _ in range(100):
        sim.receive(bytes(10_000), 0.0)
    assert len(sim._received) <= 512


# --- what it sends


def test_a_record_has_the_header_of_a_level_10_monitor() -> None:
    (record,) = streaming(1.0, simulator())
    length, number, level, plug, seconds = unpack_from("<hBBHI", record)
    assert (length, number, level, plug) == (1152, 0, 10, 0)
    assert seconds == int(SWITCHED_ON.timestamp())
    assert record[10:16] == bytes(6)
    assert record[16:40].hex() == "000001" + "160101" + "2c0201" + "420301" + "0000ff" + "00" * 9


def test_each_class_has_its_time_and_its_tag() -> None:
    (record,) = streaming(1.0, simulator())
    for number in range(4):
        sub_record = record[40 + 278 * number : 40 + 278 * (number + 1)]
        assert sub_record[:4] == record[6:10]
        assert sub_record[276:] == bytes([0xA1, number])


@pytest.mark.parametrize(("bits", "tags"), [("00", [0]), ("0c", [0, 2, 3]), ("03", [1])])
def test_only_the_classes_asked_for_are_sent(bits: str, tags: list[int]) -> None:
    (record,) = streaming(1.0, simulator(), request(f"010100{bits}0000000000"))
    assert len(record) == 40 + 278 * len(tags)
    assert [record[40 + 278 * i + 277] for i in range(len(tags))] == tags


def test_the_counter_wraps_and_the_clock_runs() -> None:
    records = streaming(300.0, simulator())
    assert [record[2] for record in records[254:258]] == [254, 255, 0, 1]
    times = [unpack_from("<I", record, 6)[0] for record in records]
    assert times == [times[0] + i for i in range(300)]


def test_the_clock_shows_the_time_of_the_room_whatever_zone_it_is() -> None:
    berlin = timezone(timedelta(hours=2))
    for zone in (UTC, berlin, None):
        noon = datetime(2025, 7, 1, 12, 0, tzinfo=UTC).replace(tzinfo=zone)
        (record,) = streaming(1.0, GeS5Simulator(Bedside(lambda _t: WELL, noon)))
        shown = datetime.fromtimestamp(unpack_from("<I", record, 6)[0], UTC)
        assert (shown.hour, shown.minute) == (12, 0)


def test_a_wrong_clock_is_wrong_until_it_is_set() -> None:
    steps = ((0.0, -3600.0), (100.0, 0.0), (200.0, 120.0))
    records = streaming(
        300.0, GeS5Simulator(Bedside(lambda _t: WELL, SWITCHED_ON, clock_steps=steps))
    )
    right = int(SWITCHED_ON.timestamp())
    off = [unpack_from("<I", record, 6)[0] - right - i for i, record in enumerate(records)]
    assert off == [-3600] * 100 + [0] * 100 + [120] * 100


def test_flags_and_escapes_are_escaped_wherever_they_fall() -> None:
    clock = datetime.fromtimestamp(0x7E7D7E00 + 0x7D, UTC)
    sim = GeS5Simulator(Bedside(lambda _t: WELL, clock))
    sim.receive(EVERY_SECOND, 0.0)
    wire = sim.emit(2.0)
    assert [unpack_from("<I", r, 6)[0] for r in records_in(wire)] == [0x7E7D7E7D, 0x7E7D7E7E]
    assert wire.count(b"~") == 4


def test_pulse_heart_rate_and_oxygen_are_the_patients() -> None:
    (record,) = streaming(1.0, simulator())
    assert (field(record, 128), field(record, 130)) == (9734, 72)
    assert (field(record, 10), field(record, 230)) == (72, 72)
    assert field(record, 4) & 0xFFFF == 0b1001011  # exists, active, heart rate from source 9


def test_a_finger_sensor_that_is_off_shows_invalid_values() -> None:
    (record,) = streaming(1.0, simulator(TrueVitals(120, 70, 60, 98, finger_sensor_on=False)))
    assert (field(record, 128), field(record, 130)) == (INVALID, INVALID)
    assert field(record, 10) == 60


def test_modules_that_are_not_there_say_so_and_have_no_value() -> None:
    (record,) = streaming(1.0, simulator())
    for offset, size in ((20, 4), (62, 4), (90, 1), (136, 4), (182, 8), (258, 4)):
        assert unpack_from("<I", record, 40 + offset)[0] == 0
        assert unpack_from(f"<{size}h", record, 46 + offset) == (INVALID,) * size


def test_what_does_not_fit_a_field_is_a_range_code() -> None:
    (record,) = streaming(1.0, simulator(TrueVitals(120, 70, 40_000, -400)))
    assert (field(record, 130), field(record, 128)) == (-32763, -32764)


# --- the cuff


def cuff_story(sim: GeS5Simulator, seconds: float) -> list[tuple[int, int, int]]:
    """Return (second, label, systolic) whenever label or systolic changes."""
    story: list[tuple[int, int, int]] = []
    for second, record in enumerate(streaming(seconds, sim)):
        now = (label(record), field(record, 82))
        if not story or story[-1][1:] != now:
            story.append((second, *now))
    return story


def test_the_cuff_measures_by_the_documented_cycle() -> None:
    story = cuff_story(simulator(cuff_interval_s=120.0), 210.0)
    assert story == [
        (0, 0x00B, INVALID),
        (20, 0x02B, INVALID),  # measuring begins
        (40, 0x00B, 12800),
        (100, 0x10B, 12800),  # older than 60 s
        (140, 0x12B, 12800),
        (167, 0x02B, 12800),  # new values, no longer old; bit 5 lingers
        (168, 0x00B, 12800),
    ]


def test_a_measurement_takes_20_to_40_s_and_shows_all_three_values() -> None:
    records = streaming(3000.0, simulator(cuff_interval_s=100.0))
    assert triple(records[-1]) == (12800, 7300, 9100)
    starts = [
        i for i in range(1, len(records)) if label(records[i]) & ~label(records[i - 1]) & MEASURING
    ]
    fresh = [i for i in range(1, len(records)) if label(records[i - 1]) & ~label(records[i]) & OLD]
    assert starts[:3] == [20, 120, 220]
    lengths = {end - start for start, end in zip(starts[1:], fresh, strict=False)}
    assert min(lengths) >= 20
    assert max(lengths) <= 40


def test_a_measurement_that_fails_shows_three_invalid_values_until_the_next() -> None:
    def patient(t: float) -> TrueVitals:
        return TrueVitals(120, 70, 60, 98, cuff_can_measure=not 100 < t < 200)

    sim = GeS5Simulator(Bedside(patient, SWITCHED_ON, cuff_interval_s=120.0))
    records = streaming(320.0, sim)
    assert triple(records[139])[0] == 12000
    assert triple(records[170]) == (INVALID, INVALID, INVALID)
    assert triple(records[300])[0] == 12000


def test_cuff_cycles_that_are_asked_for_too_fast_never_overlap() -> None:
    story = cuff_story(simulator(cuff_interval_s=1.0), 120.0)
    assert [s for s in story if s[1] & MEASURING]
    assert [s for s in story if not s[1] & MEASURING]


def test_the_cuff_lives_on_while_nobody_listens() -> None:
    sim = simulator()
    sim.receive(EVERY_SECOND, 90.0)
    (record,) = records_in(sim.emit(91.0))
    assert (label(record), field(record, 82)) == (0x00B, 12800)
    sim.receive(CANCEL, 91.0)
    sim.receive(EVERY_SECOND, 200.0)
    assert label(records_in(sim.emit(201.0))[-1]) & OLD


def test_two_simulators_of_one_bedside_send_the_same_bytes() -> None:
    wires = []
    for step in (1, 7):
        sim = simulator()
        sim.receive(EVERY_SECOND, 0.0)
        wires.append(b"".join(sim.emit(float(t)) for t in range(0, 141, step)))
    assert wires[0] == wires[1]
