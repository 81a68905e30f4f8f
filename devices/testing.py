"""The conformance kit: what every driver must keep, whatever its protocol.

Knows the Driver seam and how wires misbehave. Must not know a protocol; only tests import it.

A driver's test gives a ``Subject`` to each check in ``CHECKS``; a check raises AssertionError
with what was broken. All randomness is seeded, so a failure comes back.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from devices.driver import Driver, DriverInfo
from devices.testing_simulator import (
    START,
    check_kinds,
    check_truth,
    expect,
    simulated_sample,
    watch,
)
from devices.testing_streams import (
    GARBAGE_BYTES,
    cut,
    damaged,
    floods,
    garbage_before,
    pieces,
)
from monitor.events import DeviceClock, DriverEvent, Measured, ValidFrame
from monitor.readings import BloodPressure, Quality, Reading
from monitor.vitals import Vital

_FLIPS = 1000
_ABSURD = 1000.0  # no vital sign in its unit comes near; a sentinel as a number does


__all__ = ["CHECKS", "START", "Subject", "check_cut", "simulated_sample"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A driver under test, with streams of its device that each hold a valid frame.

    ``longest_frame``: most bytes it may hold back. ``frames_lost``: most valid frames that garbage
    before them may cost. ``has_checksum``: False excuses it from flipped bits and random garbage.
    """

    info: DriverInfo
    samples: tuple[bytes, ...]
    longest_frame: int = 8192
    frames_lost: int = 1
    has_checksum: bool = True
    simulated_vitals: frozenset[Vital] = frozenset({Vital.SYSTOLIC, Vital.PULSE_RATE, Vital.SPO2})


def listen(driver: Driver, pieces: Iterable[bytes]) -> list[DriverEvent]:
    """Feed pieces at one fixed moment and return all events."""
    return [event for piece in pieces for event in driver.feed(piece, START)]


def decoded(subject: Subject, *pieces: bytes) -> list[DriverEvent]:
    """Return the events of a fresh driver."""
    return listen(subject.info.create(), pieces)


def frame_offsets(events: Iterable[DriverEvent]) -> list[int]:
    """Return the offsets of the valid frames."""
    return [event.offset for event in events if isinstance(event, ValidFrame)]


def facts(events: Iterable[DriverEvent]) -> list[tuple[object, ...]]:
    """Return the values that were told, without their time and place."""
    return [_fact(event.reading) for event in events if isinstance(event, Measured)]


def _fact(measured: Reading | BloodPressure) -> tuple[object, ...]:
    if isinstance(measured, BloodPressure):
        return (*measured.triple, measured.pulse)
    return (measured.vital, measured.value, measured.quality, measured.source)


def check_samples_hold_frames(subject: Subject) -> None:
    """Every sample holds a valid frame, else the other checks prove nothing."""
    expect(bool(subject.samples), "no sample given")
    for sample in subject.samples:
        expect(bool(frame_offsets(decoded(subject, sample))), "a sample holds no valid frame")


def check_cut(subject: Subject, sample: bytes, points: Sequence[int]) -> None:
    """One chunking gives the same events as the whole; for a property test over ``points``."""
    told = decoded(subject, *cut(sample, points))
    expect(told == decoded(subject, sample), f"cut at {points}, the events differ")


def check_any_chunking(subject: Subject) -> None:
    """Whole, byte by byte and randomly cut streams give the same events."""
    dice = random.Random(1)
    for sample in subject.samples:
        check_cut(subject, sample, range(len(sample)))
        for _ in range(20):
            points = [dice.randrange(len(sample)) for _ in range(dice.randrange(1, 40))]
            check_cut(subject, sample, points)


def check_offsets(subject: Subject) -> None:
    """Offsets lie inside the stream and never go back, also in damaged streams."""
    for stream in _damaged(subject):
        places = [event.offset for event in decoded(subject, stream)]
        expect(places == sorted(places), "offsets go back")
        expect(all(0 <= place < len(stream) for place in places), "an offset is not in the stream")


def check_values(subject: Subject) -> None:
    """No value is a sentinel: each is a plausible-sized number, or None with its reason."""
    for stream in (*subject.samples, *_damaged(subject)):
        for event in decoded(subject, stream):
            if isinstance(event, Measured):
                _check_numbers(event.reading)


def _check_numbers(measured: Reading | BloodPressure) -> None:
    if isinstance(measured, BloodPressure):
        numbers = [*measured.triple, measured.pulse, measured.age_s]
        expect(not (measured.is_stale and measured.age_s is not None), "stale with a known age")
    else:
        numbers = [measured.value]
        gives_reason = measured.value is not None or measured.quality is not Quality.OK
        expect(gives_reason, f"{measured} has neither value nor reason")
    for number in numbers:
        is_sane = number is None or (isfinite(number) and abs(number) < _ABSURD)
        expect(is_sane, f"{measured} holds an absurd number")


def check_silence(subject: Subject) -> None:
    """Without bytes there is no event: at birth, after asking, and long after the last byte."""
    driver = subject.info.create()
    told = [*driver.feed(b"", START)]
    for second in range(60):
        driver.due(START.plus(second))
        told += driver.feed(b"", START.plus(second))
    driver.line_opened()
    told += driver.feed(b"", START.plus(60))
    expect(not told, "events without a byte")
    expect(driver.buffered == 0, "bytes held back that never came")
    driver.feed(subject.samples[0], START.plus(61))
    late = [event for hour in (1, 2) for event in driver.feed(b"", START.plus(3600 * hour))]
    expect(not late, "events of an old frame, long after it")


def check_resynchronises(subject: Subject) -> None:
    """After garbage, all but the first ``frames_lost`` of the good frames are told."""
    for sample in subject.samples:
        clean = sample * (subject.frames_lost + 1)
        wanted = frame_offsets(decoded(subject, clean))
        for garbage in garbage_before(sample, has_noise=subject.has_checksum):
            told = frame_offsets(decoded(subject, garbage, clean))
            kept = {place - len(garbage) for place in told}
            missed = [place for place in wanted if place not in kept]
            expect(set(missed) <= set(wanted[: subject.frames_lost]), f"frames missed: {missed}")


def check_line_opened(subject: Subject) -> None:
    """After a new connection half a frame is forgotten and the next frames are told whole."""
    sample = subject.samples[0]
    driver = subject.info.create()
    driver.feed(sample[: len(sample) // 2], START)
    driver.line_opened()
    expect(driver.buffered == 0, "half a frame survived a new connection")
    expect(bool(frame_offsets(driver.feed(sample, START))), "deaf after a new connection")


def check_doubled_frame(subject: Subject) -> None:
    """A frame that arrives twice tells a cuff inflation once, also over a reconnect."""
    for sample in subject.samples:
        frame = _first_frame(subject, sample)
        driver = subject.info.create()
        first = _inflations(driver.feed(frame, START))
        again = _inflations(driver.feed(frame, START))
        driver.line_opened()
        again += _inflations(driver.feed(frame, START))
        expect(not again, f"{first} told again: {again}")


def check_bounded_buffer(subject: Subject) -> None:
    """However much garbage comes, little is held back, and the next good frames are told."""
    for garbage in floods(subject.samples[0]):
        driver = subject.info.create()
        for piece in pieces(garbage):
            driver.feed(piece, START)
            expect(driver.buffered <= subject.longest_frame, f"{driver.buffered} bytes held back")
        after = driver.feed(subject.samples[0] * (subject.frames_lost + 1), START)
        expect(bool(frame_offsets(after)), "deaf after a flood")


def check_linear_time(subject: Subject) -> None:
    """Four times the garbage takes about four times as long, not sixteen times."""
    for garbage in floods(subject.samples[0]):
        quarter = _seconds(subject, garbage[: GARBAGE_BYTES // 4])
        whole = _seconds(subject, garbage)
        expect(whole < 9 * quarter + 0.3, f"{quarter:.3f} s for a quarter, {whole:.3f} s for all")


def check_instances(subject: Subject) -> None:
    """Two drivers share nothing: interleaved they tell what each tells alone."""
    sample = subject.samples[0]
    alone = decoded(subject, sample)
    first, second = subject.info.create(), subject.info.create()
    told_first: list[DriverEvent] = []
    told_second: list[DriverEvent] = []
    for piece in cut(sample, range(0, len(sample), 50)):
        told_first += first.feed(piece, START)
        told_second += second.feed(piece, START)
    expect(told_first == alone == told_second, "drivers disturb each other")
    expect(decoded(subject, sample) == alone, "a later driver remembers an earlier one")


def check_flipped_bits(subject: Subject) -> None:
    """A frame with one flipped bit tells no value that the device did not send."""
    dice = random.Random(2)
    for sample in subject.samples if subject.has_checksum else ():
        for stream in (sample, _first_frame(subject, sample)):
            true = set(facts(decoded(subject, stream)))
            for _ in range(_FLIPS):
                told = set(facts(decoded(subject, _flipped(stream, dice))))
                expect(told <= true, f"invented from one flipped bit: {told - true}")


def _flipped(stream: bytes, dice: random.Random) -> bytes:
    spoiled = bytearray(stream)
    spoiled[dice.randrange(len(stream))] ^= 1 << dice.randrange(8)
    return bytes(spoiled)


def check_clock(subject: Subject) -> None:
    """Of all that is read at one moment, one valid frame at most tells the device's clock."""
    for stream in (*subject.samples, *_damaged(subject)):
        events = decoded(subject, stream)
        places = [i for i, event in enumerate(events) if isinstance(event, DeviceClock)]
        expect(len(places) <= 1, "a burst tells a clock again and again")
        for place in places:
            frames = frame_offsets(events[max(0, place - 1) : place])
            expect(frames == [events[place].offset], "a clock is not told by the frame before it")


def check_simulator(subject: Subject) -> None:
    """The driver reads from its simulator what is true in the simulated patient."""
    told = watch(subject.info)
    expect(told == watch(subject.info), "the simulator is not deterministic")
    for second, measured in told:
        check_truth(second, measured)
    check_kinds(subject.simulated_vitals, told)


CHECKS: tuple[Callable[[Subject], None], ...] = (
    check_samples_hold_frames,
    check_any_chunking,
    check_offsets,
    check_values,
    check_silence,
    check_resynchronises,
    check_line_opened,
    check_doubled_frame,
    check_bounded_buffer,
    check_linear_time,
    check_instances,
    check_flipped_bits,
    check_clock,
    check_simulator,
)


def _first_frame(subject: Subject, sample: bytes) -> bytes:
    """Return the sample up to its second valid frame."""
    offsets = frame_offsets(decoded(subject, sample))
    return sample[: offsets[1]] if len(offsets) > 1 else sample


def _inflations(events: Iterable[DriverEvent]) -> list[BloodPressure]:
    told = [event.reading for event in events if isinstance(event, Measured)]
    return [reading for reading in told if isinstance(reading, BloodPressure)]


def _damaged(subject: Subject) -> list[bytes]:
    noise = subject.has_checksum
    return [bad for sample in subject.samples for bad in damaged(sample, has_noise=noise)]


def _seconds(subject: Subject, stream: bytes) -> float:
    driver = subject.info.create()
    began = time.process_time()
    for piece in pieces(stream):
        driver.feed(piece, START)
    return time.process_time() - began
