"""The conformance kit over every built-in driver, and proof that the kit catches bad drivers.

Knows the registry and the recordings. Must not know a protocol.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import testing
from devices.driver import DriverInfo
from devices.drivers.ge_s5 import INFO as GE_S5
from devices.drivers.ge_s5.driver import GeS5Driver
from devices.registry import BUILT_IN
from devices.testing import CHECKS, Subject, check_cut
from monitor.clock import Instant
from monitor.events import (
    DeviceClock,
    DeviceNotice,
    DriverEvent,
    Measured,
    NoticeCode,
    ValidFrame,
)
from monitor.readings import Quality, Reading
from monitor.vitals import Vital

ROOT = Path(__file__).resolve().parents[2]
# What a driver asks of the kit beside the usual: key -> fields of its Subject.
CHANGES: dict[str, dict[str, Any]] = {"ge_s5": {"longest_frame": 2982, "frames_lost": 0}}
# Recordings of real devices: key -> file names and the bytes that are used of each.
RECORDINGS = {
    "ge_s5": [
        ("ge_s5_bx50_raw.raw", slice(0, 5537)),
        ("ge_s5_bx50_db00_head.raw", slice(8000, 20_000)),
        ("ge_s5_bx50_db01_truncated_slice.raw", slice(None)),
    ],
}


def subject_of(info: DriverInfo, *samples: bytes) -> Subject:
    usual = Subject(info, samples or (simulated_sample(info),))
    return replace(usual, **CHANGES.get(info.key, {}))


simulated_sample = cache(testing.simulated_sample)
every_driver = pytest.mark.parametrize("info", BUILT_IN, ids=lambda info: info.key)
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)


@every_driver
@every_check
def test_every_driver_keeps_every_rule(info: DriverInfo, check: Callable[[Subject], None]) -> None:
    check(subject_of(info))


SLOW = (testing.check_bounded_buffer, testing.check_linear_time, testing.check_simulator)


@every_driver
@pytest.mark.parametrize(
    "check", [check for check in CHECKS if check not in SLOW], ids=lambda check: check.__name__
)
def test_every_rule_holds_on_the_bytes_of_real_devices(
    info: DriverInfo, check: Callable[[Subject], None], shared: Path
) -> None:
    captures = shared / "data" / "captures"
    samples = [(captures / name).read_bytes()[part] for name, part in RECORDINGS.get(info.key, [])]
    check(subject_of(info, *samples))


@every_driver
@given(points=st.lists(st.integers(0, 6000)))
def test_every_driver_reads_any_chunking_alike(info: DriverInfo, points: list[int]) -> None:
    check_cut(subject_of(info), simulated_sample(info), points)


# --- the kit catches what it is there for


class Forgetful(GeS5Driver):
    """Loses what is left at the end of a read."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        events = super().feed(data, now)
        self._splitter.reset()
        return events


class Talkative(GeS5Driver):
    """Says something without having heard anything."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        return super().feed(data, now) or [DeviceNotice(0, now, NoticeCode.UNKNOWN, "hello")]


class Hoarder(GeS5Driver):
    """Keeps everything."""

    kept = 0

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        self.kept += len(data)
        return super().feed(data, now)

    @property
    def buffered(self) -> int:
        return self.kept


class Shared(GeS5Driver):
    """Shares its memory with all others of its kind."""

    watch = GeS5Driver()._nibp

    def __init__(self) -> None:
        super().__init__()
        self._nibp = self.watch


class Liar(GeS5Driver):
    """Takes a value that is not there for a number."""

    value = nan

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        lie = Reading(Vital.SPO2, self.value, Quality.OK, now)
        return [
            Measured(event.offset, lie) if isinstance(event, Measured) else event
            for event in super().feed(data, now)
        ]


class Sentinel(Liar):
    """Takes an invalid code for a number."""

    value = -32767 / 10


class Credulous(GeS5Driver):
    """Tells every displayed pressure as an inflation."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        self._nibp = type(self._nibp)()
        return super().feed(data, now)


class Shifted(GeS5Driver):
    """Counts its offsets from one."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        return [replace(event, offset=event.offset + 9999) for event in super().feed(data, now)]


class Chiming(GeS5Driver):
    """Tells its clock with every frame."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        return [told for event in super().feed(data, now) for told in _chimed(event, now)]


def _chimed(event: DriverEvent, now: Instant) -> list[DriverEvent]:
    chime = DeviceClock(event.offset, now, now.utc.replace(tzinfo=None))
    return [event, chime] if isinstance(event, ValidFrame) else [event]


class Hasty(GeS5Driver):
    """Tells its clock before it knows whether the frame is a good one."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        events = list(super().feed(data, now))
        return sorted(events, key=lambda event: not isinstance(event, DeviceClock))


class Doubtful(GeS5Driver):
    """Reports half of the oxygen."""

    def feed(self, data: bytes, now: Instant) -> Sequence[DriverEvent]:
        return [_halved(event) for event in super().feed(data, now)]


def _halved(event: DriverEvent) -> DriverEvent:
    match event:
        case Measured(offset, Reading(Vital.SPO2, float(value)) as reading):
            return Measured(offset, replace(reading, value=value / 2))
        case _:
            return event


@pytest.mark.parametrize(
    ("bad", "check"),
    [
        (Forgetful, testing.check_any_chunking),
        (Talkative, testing.check_silence),
        (Hoarder, testing.check_bounded_buffer),
        (Shared, testing.check_instances),
        (Liar, testing.check_values),
        (Sentinel, testing.check_values),
        (Credulous, testing.check_doubled_frame),
        (Shifted, testing.check_offsets),
        (Chiming, testing.check_clock),
        (Hasty, testing.check_clock),
        (Doubtful, testing.check_simulator),
    ],
    ids=lambda part: part.__name__,
)
def test_the_kit_catches(bad: type[GeS5Driver], check: Callable[[Subject], None]) -> None:
    with pytest.raises(AssertionError):
        check(subject_of(replace(GE_S5, create=bad), simulated_sample(GE_S5)))


def test_the_kit_catches_a_missing_checksum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one flipped bit in a value must not come through."""
    fault_of = "devices.drivers.ge_s5.record.fault_of"
    monkeypatch.setattr(fault_of, lambda payload, is_cut: "short" if len(payload) < 41 else None)
    with pytest.raises(AssertionError):
        testing.check_flipped_bits(subject_of(GE_S5))


def test_the_kit_catches_a_driver_without_simulator_and_samples_without_frames() -> None:
    with pytest.raises(AssertionError, match="no simulator"):
        testing.check_simulator(subject_of(replace(GE_S5, simulate=None), b"x"))
    with pytest.raises(AssertionError, match="no valid frame"):
        testing.check_samples_hold_frames(subject_of(GE_S5, b"x"))
    with pytest.raises(AssertionError, match="no sample"):
        testing.check_samples_hold_frames(replace(subject_of(GE_S5), samples=()))


def imported_modules(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_the_program_never_imports_the_kit() -> None:
    for room in ("monitor", "devices", "ui", "resources"):
        for source in (ROOT / room).rglob("*.py"):
            if not source.name.startswith("testing"):
                used = [name for name in imported_modules(source) if "devices.testing" in name]
                assert not used, f"{source} imports {used}"


def test_the_simulated_sample_is_the_same_every_time() -> None:
    assert testing.simulated_sample(GE_S5) == testing.simulated_sample(GE_S5)
