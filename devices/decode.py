"""Bytes of a device to the JSON objects of ``vigil decode --json``.

Knows drivers and the field names of the contract. Must not know files, clocks or screens.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import assert_never

from devices.driver import DriverInfo
from monitor.clock import Instant
from monitor.events import (
    BadFrame,
    CuffState,
    DeviceClock,
    DeviceNotice,
    DriverEvent,
    Measured,
    ValidFrame,
)
from monitor.readings import BloodPressure, Reading
from monitor.vitals import Vital

JsonValue = str | int | float | bool | None
JsonObject = dict[str, JsonValue]

# A file carries no times of arrival; every byte counts as received at the same moment.
NO_TIME = Instant(0.0, datetime.fromtimestamp(0, UTC))


class Decoder:
    """Decode one stream piece by piece, and count its valid frames."""

    def __init__(self, info: DriverInfo) -> None:
        self._driver = info.create()
        self._valid_frames = 0

    @property
    def valid_frames(self) -> int:
        """Frames with a good checksum so far; 0 at the end: no capture of this driver."""
        return self._valid_frames

    def feed(self, data: bytes) -> list[JsonObject]:
        """Take the next bytes; return one object per event, in order."""
        events = self._driver.feed(data, NO_TIME)
        self._valid_frames += sum(isinstance(event, ValidFrame) for event in events)
        return [found for event in events if (found := as_json(event)) is not None]


def decode(info: DriverInfo, stream: Iterable[bytes]) -> Iterator[JsonObject]:
    """Decode the pieces of one stream, lazily."""
    decoder = Decoder(info)
    for data in stream:
        yield from decoder.feed(data)


def is_capture(info: DriverInfo, stream: Iterable[bytes]) -> bool:
    """Say whether a stream holds at least one valid frame of this driver."""
    decoder = Decoder(info)
    for data in stream:
        decoder.feed(data)
        if decoder.valid_frames:
            return True
    return False


def as_json(event: DriverEvent) -> JsonObject | None:
    """Return the object of contracts.md for an event, None for one that has none there."""
    match event:
        case ValidFrame() | DeviceClock():
            return None
        case Measured(offset, measured):
            return {"offset": offset, **_measured(measured)}
        case CuffState(offset, _, phase, pressure_mmhg):
            known = _known(pressure=pressure_mmhg)
            return {"offset": offset, "kind": "cuff", "state": phase.value, **known}
        case BadFrame(offset, _, reason):
            return {"offset": offset, "kind": "bad_frame", "reason": reason}
        case DeviceNotice(offset, _, code, text):
            return {"offset": offset, "kind": "notice", "code": code.value, "text": text}
        case _:
            assert_never(event)


def _measured(measured: Reading | BloodPressure) -> JsonObject:
    if isinstance(measured, BloodPressure):
        return {"kind": "blood_pressure", **_pressure(measured)}
    return {"kind": "reading", **_reading(measured)}


def _pressure(pressure: BloodPressure) -> JsonObject:
    stale: JsonObject = {"stale": True} if pressure.is_stale else {}
    return {
        "systolic": _number(pressure.systolic),
        "diastolic": _number(pressure.diastolic),
        **_known(mean=pressure.mean, pulse=pressure.pulse, age_s=pressure.age_s),
        "unit": Vital.SYSTOLIC.unit.value,
        **stale,
    }


def _reading(reading: Reading) -> JsonObject:
    source: JsonObject = {"source": reading.source} if reading.source else {}
    return {
        "vital": reading.vital.value,
        "value": None if reading.value is None else _number(reading.value),
        "unit": reading.vital.unit.value,
        "quality": reading.quality.value,
        **source,
    }


def _known(**fields: float | None) -> JsonObject:
    return {name: _number(value) for name, value in fields.items() if value is not None}


def _number(value: float) -> int | float:
    """Write 93.0 as 93, as in the contract."""
    return int(value) if float(value).is_integer() else value
