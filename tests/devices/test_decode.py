"""Recorded bytes to the JSON objects of the contract, compared line by line.

Knows the recordings in ../shared and the contract. Must not know the driver.
"""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest

from devices.decode import NO_TIME, Decoder, JsonObject, as_json, decode, is_capture
from devices.drivers.ge_s5 import INFO
from devices.testing import simulated_sample
from monitor.events import (
    BadFrame,
    CuffPhase,
    CuffState,
    DeviceClock,
    DeviceNotice,
    DriverEvent,
    Measured,
    NoticeCode,
    ValidFrame,
)
from monitor.readings import BloodPressure, Quality, Reading
from monitor.vitals import Vital

RAW, HEAD, SLICE = (
    "ge_s5_bx50_raw",
    "ge_s5_bx50_db00_head",
    "ge_s5_bx50_db01_truncated_slice",
)


def stream_of(shared: Path, name: str) -> bytes:
    return (shared / "data" / "captures" / f"{name}.raw").read_bytes()


def lines_of(shared: Path, name: str) -> list[dict[str, object]]:
    text = (shared / "data" / "captures" / f"{name}.decoded.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def objects(shared: Path, name: str, kind: str) -> list[JsonObject]:
    return [found for found in decode(INFO, [stream_of(shared, name)]) if found["kind"] == kind]


def wanted_readings(line: dict[str, object]) -> list[JsonObject]:
    """Build the objects that one decoded record stands for; null is the code -32767 in them."""
    oximeter, ecg = line["spo2"], line["ecg"]
    assert isinstance(oximeter, dict)
    assert isinstance(ecg, dict)
    assert isinstance(line["off"], int)
    assert ecg["hr_source"] == 9
    numbers: list[tuple[str, float | None, str, str]] = [
        ("spo2", oximeter["spo2"], "%", "oximeter"),
        ("pulse_rate", oximeter["pr"], "/min", "oximeter"),
        ("heart_rate", ecg["hr"], "/min", "ecg"),
    ]
    return [
        {
            "offset": line["off"],
            "kind": "reading",
            "vital": vital,
            "value": value,
            "unit": unit,
            "quality": "unavailable" if value is None else "ok",
            "source": source,
        }
        for vital, value, unit, source in numbers
    ]


@pytest.mark.parametrize("name", [RAW, HEAD, SLICE])
def test_readings_equal_the_decoded_recording_record_by_record(shared: Path, name: str) -> None:
    lines = [line for line in lines_of(shared, name) if line["ok"] and line["main"] == 0]
    wanted = [reading for line in lines for reading in wanted_readings(line)]
    assert lines
    assert objects(shared, name, "reading") == wanted


@pytest.mark.parametrize(("name", "count"), [(RAW, 0), (HEAD, 0), (SLICE, 21)])
def test_bad_frames_equal_the_decoded_recording(shared: Path, name: str, count: int) -> None:
    wanted = [
        {"offset": line["off"], "kind": "bad_frame", "reason": line["err"]}
        for line in lines_of(shared, name)
        if not line["ok"]
    ]
    assert len(wanted) == count
    assert objects(shared, name, "bad_frame") == wanted


@pytest.mark.parametrize("name", [RAW, HEAD, SLICE])
def test_valid_frames_equal_the_decoded_recording(shared: Path, name: str) -> None:
    events = INFO.create().feed(stream_of(shared, name), NO_TIME)
    wanted = [line["off"] for line in lines_of(shared, name) if line["ok"]]
    assert [event.offset for event in events if isinstance(event, ValidFrame)] == wanted


def pressure(
    offset: int, triple: Sequence[int], **when: bool | int
) -> dict[str, str | int | float | bool | None]:
    systolic, diastolic, mean = triple
    numbers = {"systolic": systolic, "diastolic": diastolic, "mean": mean}
    return {"offset": offset, "kind": "blood_pressure", "unit": "mmHg", **numbers, **when}


def test_the_long_recording_holds_one_pressure_per_inflation(shared: Path) -> None:
    assert objects(shared, HEAD, "blood_pressure") == [
        pressure(420, (87, 61, 73), stale=True),
        pressure(13332, (86, 58, 71), age_s=0),
        pressure(256742, (91, 57, 69), age_s=0),
        pressure(498543, (79, 55, 65), age_s=0),
        pressure(640415, (94, 63, 77), age_s=0),
    ]


@pytest.mark.parametrize(("name", "offset"), [(RAW, 0), (SLICE, 397)])
def test_the_short_recordings_hold_one_pressure_of_unknown_age(
    shared: Path, name: str, offset: int
) -> None:
    assert objects(shared, name, "blood_pressure") == [pressure(offset, (93, 48, 69))]


def test_the_cuff_of_the_long_recording_is_told_at_each_change(shared: Path) -> None:
    told = [(found["offset"], found["state"]) for found in objects(shared, HEAD, "cuff")]
    assert told == [
        (420, "measuring"),
        (16554, "idle"),
        (211616, "measuring"),
        (258352, "idle"),
        (453409, "measuring"),
        (498543, "idle"),
        (563035, "measuring"),
        (643642, "idle"),
        (692005, "measuring"),
    ]
    assert objects(shared, HEAD, "notice") == []


# --- without recordings


def reading(value: float | None, quality: Quality, source: str = "") -> DriverEvent:
    return Measured(40, Reading(Vital.SPO2, value, quality, NO_TIME, source))


CONTRACT: list[tuple[DriverEvent, str]] = [
    (
        Measured(0, BloodPressure(127.0, 73.0, 91.0, NO_TIME, age_s=1762.0, pulse=72.0)),
        (
            '{"offset":0,"kind":"blood_pressure","systolic":127,"diastolic":73,"mean":91,"pulse":72,'
            '"age_s":1762,"unit":"mmHg"}'
        ),
    ),
    (
        Measured(0, BloodPressure(127.5, 73.0, None, NO_TIME, is_stale=True)),
        (
            '{"offset":0,"kind":"blood_pressure","systolic":127.5,"diastolic":73,"unit":"mmHg",'
            '"stale":true}'
        ),
    ),
    (
        Measured(40, Reading(Vital.PULSE_RATE, 72.0, Quality.OK, NO_TIME, "oximeter")),
        (
            '{"offset":40,"kind":"reading","vital":"pulse_rate","value":72,"unit":"/min",'
            '"quality":"ok","source":"oximeter"}'
        ),
    ),
    (
        reading(None, Quality.SENSOR_OFF),
        (
            '{"offset":40,"kind":"reading","vital":"spo2","value":null,"unit":"%",'
            '"quality":"sensor_off"}'
        ),
    ),
    (
        CuffState(61, NO_TIME, CuffPhase.MEASURING, 150.0),
        '{"offset":61,"kind":"cuff","state":"measuring","pressure":150}',
    ),
    (CuffState(61, NO_TIME, CuffPhase.IDLE), '{"offset":61,"kind":"cuff","state":"idle"}'),
    (
        DeviceNotice(80, NO_TIME, NoticeCode.CUFF_LEAK, "..."),
        '{"offset":80,"kind":"notice","code":"cuff_leak","text":"..."}',
    ),
    (
        BadFrame(99, NO_TIME, "checksum", b"raw"),
        '{"offset":99,"kind":"bad_frame","reason":"checksum"}',
    ),
]


@pytest.mark.parametrize(("event", "line"), CONTRACT)
def test_each_event_is_written_as_in_the_contract(event: DriverEvent, line: str) -> None:
    assert json.dumps(as_json(event), separators=(",", ":")) == line


def test_a_valid_frame_by_itself_is_not_written() -> None:
    assert as_json(ValidFrame(0, NO_TIME)) is None


def test_the_clock_of_the_device_is_not_written() -> None:
    """The contract does not know it, and a file carries no time to compare it with."""
    assert as_json(DeviceClock(0, NO_TIME, NO_TIME.utc.replace(tzinfo=None))) is None


def test_pieces_of_a_stream_decode_like_the_whole() -> None:
    sample = simulated_sample(INFO)
    pieces = [sample[at : at + 100] for at in range(0, len(sample), 100)]
    whole = list(decode(INFO, [sample]))
    assert whole
    assert list(decode(INFO, pieces)) == whole


def test_an_endless_stream_is_decoded_as_it_comes() -> None:
    sample = simulated_sample(INFO)
    endless = iter(lambda: sample, None)
    assert len(list(islice(decode(INFO, endless), 1000))) == 1000


@pytest.mark.parametrize("stream", [b"", b"no capture\n" * 100, bytes(5000), b"~" * 5000])
def test_a_file_without_a_valid_frame_is_no_capture(stream: bytes) -> None:
    assert not is_capture(INFO, [stream])


def test_one_valid_frame_makes_a_capture() -> None:
    sample = simulated_sample(INFO)
    assert is_capture(INFO, [b"noise", sample])
    decoder = Decoder(INFO)
    decoder.feed(sample)
    assert decoder.valid_frames == 4
