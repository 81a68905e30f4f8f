"""The alarm sounds, measured in the bytes of their files, hold the bounds of clinical.md 1.3."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import log10

import pytest

from monitor.alarms.priority import Priority
from tests.ui.wav_measure import Measured, Pulse, measure
from ui import bursts
from ui.bursts import RECIPES, Recipe, Tone, tone_of, wav_bytes

HIGHS = (Tone.HIGH, Tone.HIGH_LOUD)
ALARMS = (*HIGHS, Tone.MEDIUM, Tone.LOW)
PULSES = {Tone.HIGH: (10,), Tone.HIGH_LOUD: (10,), Tone.MEDIUM: (3,), Tone.LOW: (1, 2)}
DURATION_MS = {Tone.MEDIUM: (125, 250), Tone.LOW: (125, 250)} | dict.fromkeys(HIGHS, (75, 200))
SPACING_MS = {Tone.MEDIUM: (125, 250), Tone.LOW: (125, 250)} | dict.fromkeys(HIGHS, (50, 125))
NEIGHBOURS_OF_HIGH = (0, 1, 3, 5, 6, 8)
"""Spacings inside the groups of 3 and 2 pulses."""


def faults(tone: Tone, found: Measured) -> list[str]:
    """Return every row of the table of 1.3 that a sound breaks."""
    return [*_faults_of_pulses(tone, found), *_faults_of_pattern(tone, found), *_off_key(found)]


def _faults_of_pulses(tone: Tone, found: Measured) -> Iterator[str]:
    if len(found.pulses) not in PULSES[tone]:
        yield "count"
    for pulse in found.pulses:
        yield from _faults_of_pulse(tone, pulse)
    heights = [pulse.height for pulse in found.pulses]
    if 20 * log10(max(heights) / min(heights)) > 10:
        yield "amplitude"


def _faults_of_pulse(tone: Tone, pulse: Pulse) -> Iterator[str]:
    shortest, longest = DURATION_MS[tone]
    if not shortest <= pulse.duration <= longest:
        yield "duration"
    if not 0.10 <= pulse.rise / pulse.duration <= 0.20:
        yield "rise"
    if pulse.fall > SPACING_MS[tone][0] - pulse.rise:
        yield "fall"


def _faults_of_pattern(tone: Tone, found: Measured) -> Iterator[str]:
    spacings = found.spacings
    is_high = tone in HIGHS and len(spacings) == 9
    near = [spacings[n] for n in NEIGHBOURS_OF_HIGH] if is_high else spacings
    shortest, longest = SPACING_MS[tone]
    if not all(shortest <= one <= longest for one in near):
        yield "spacing"
    middle = sum(near) / len(near) if near else 0.0
    if any(abs(one - middle) > 0.05 * middle for one in near):
        yield "uneven"
    if is_high:
        group_gap = 2 * middle + found.pulses[0].duration
        if any(abs(spacings[n] - group_gap) > 0.05 * group_gap for n in (2, 7)):
            yield "gap of a group"
        if not 350 <= spacings[4] <= 1300:
            yield "gap of the middle"


def _off_key(found: Measured) -> Iterator[str]:
    if not 150 <= found.fundamental_hz <= 1000:
        yield "fundamental"
    if len(found.harmonics(300, 4000, within_db=15)) < 4:
        yield "harmonics"


@pytest.mark.parametrize("tone", ALARMS)
def test_the_file_of_an_alarm_holds_every_bound_of_the_standard(tone: Tone) -> None:
    assert faults(tone, measure(wav_bytes(tone))) == []


@pytest.mark.parametrize("tone", ALARMS)
def test_after_a_burst_comes_a_pause_as_the_standard_asks(tone: Tone) -> None:
    found = measure(wav_bytes(tone))
    pause_s = RECIPES[tone].pause_s
    shortest, longest = {Tone.MEDIUM: (2.5, 30), Tone.LOW: (15, 1e9)}.get(tone, (2.5, 15))
    assert shortest <= pause_s <= longest
    last_sound_s = found.pulses[-1].end / 1000
    assert RECIPES[tone].burst_s == pytest.approx(last_sound_s, abs=0.05)


def test_the_numbers_that_were_measured_are_those_of_the_recipe() -> None:
    """The recipe of the clinical brief, as heard: 440 Hz, pulses of 150 ms, 100 ms apart."""
    found = measure(wav_bytes(Tone.HIGH))
    begins = [pulse.begin - found.pulses[0].begin for pulse in found.pulses]
    assert begins == pytest.approx([0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150], abs=3)
    assert [pulse.duration for pulse in found.pulses] == pytest.approx([150] * 10, abs=3)
    assert found.spacings[0] == pytest.approx(100, abs=3)
    assert found.fundamental_hz == pytest.approx(440, abs=3)
    assert [hertz for hertz, _ in found.partials] == pytest.approx(
        [440, 880, 1320, 1760, 2200], abs=5
    )
    assert [level for _, level in found.partials] == pytest.approx([0, -3, -5, -7, -9], abs=1)


def test_an_alarm_that_nobody_answers_is_6_db_louder_and_otherwise_the_same() -> None:
    calm, loud = measure(wav_bytes(Tone.HIGH)), measure(wav_bytes(Tone.HIGH_LOUD))
    difference = 20 * log10(loud.pulses[0].height / calm.pulses[0].height)
    assert difference == pytest.approx(6, abs=0.2)
    assert 0.99 <= loud.peak < 1.0  # full scale, and nothing cut off
    assert loud.spacings == pytest.approx(calm.spacings, abs=0.5)


def test_high_is_as_loud_and_as_frequent_as_medium_and_that_as_low() -> None:
    high, medium, low = (measure(wav_bytes(tone)) for tone in (Tone.HIGH, Tone.MEDIUM, Tone.LOW))
    heights = [one.pulses[0].height for one in (high, medium, low)]
    assert heights == pytest.approx([heights[0]] * 3, rel=0.03)
    pauses = [RECIPES[tone].pause_s for tone in (Tone.HIGH, Tone.MEDIUM, Tone.LOW)]
    assert pauses == sorted(pauses)


def test_the_reminder_cannot_be_taken_for_an_alarm() -> None:
    """One soft pulse, and not the timbre of the alarms."""
    reminder, low = measure(wav_bytes(Tone.REMINDER)), measure(wav_bytes(Tone.LOW))
    assert len(reminder.pulses) == 1
    assert reminder.harmonics(300, 4000, within_db=15) == []
    assert 20 * log10(reminder.peak / low.peak) < -10


def test_only_a_high_alarm_gets_louder() -> None:
    louder = {priority: tone_of(priority, is_escalated=True) for priority in Priority}
    assert louder == {
        Priority.LOW: Tone.LOW,
        Priority.MEDIUM: Tone.MEDIUM,
        Priority.HIGH: Tone.HIGH_LOUD,
    }
    assert tone_of(Priority.HIGH) is Tone.HIGH


@contextmanager
def generator_with(
    monkeypatch: pytest.MonkeyPatch, tone: Tone, **changes: object
) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setitem(RECIPES, tone, replace(RECIPES[tone], **changes))
        yield


NINE = RECIPES[Tone.HIGH].starts_s[:-1]
GROUP_LATE = (0, 0.25, 0.5, 1.1, 1.35, 1.9, 2.15, 2.4, 2.9, 3.15)
ONE_LATE = (0, 0.25, 0.515, 1.0, 1.25, 1.9, 2.15, 2.4, 2.9, 3.15)
MIDDLE_SHORT = (0, 0.25, 0.5, 1.0, 1.25, 1.7, 1.95, 2.2, 2.7, 2.95)


@pytest.mark.parametrize(
    ("tone", "changes", "fault"),
    [
        (Tone.HIGH, {"starts_s": NINE}, "count"),
        (Tone.MEDIUM, {"starts_s": (0.0, 0.4)}, "count"),
        (Tone.HIGH, {"pulse_s": 0.07}, "duration"),
        (Tone.MEDIUM, {"starts_s": (0.0, 0.3, 0.6)}, "spacing"),
        (Tone.HIGH, {"starts_s": ONE_LATE}, "uneven"),
        (Tone.HIGH, {"starts_s": GROUP_LATE}, "gap of a group"),
        (Tone.HIGH, {"starts_s": MIDDLE_SHORT}, "gap of the middle"),
        (Tone.LOW, {"harmonics_db": (0.0, -3.0, -5.0, -7.0)}, "harmonics"),
        (Tone.LOW, {"harmonics_db": (0.0, -3.0, -5.0, -7.0, -17.0)}, "harmonics"),
    ],
)
def test_a_generator_that_breaks_a_bound_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tone: Tone, changes: dict[str, object], fault: str
) -> None:
    with generator_with(monkeypatch, tone, **changes):
        assert fault in faults(tone, measure(wav_bytes(tone)))


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_a_ramp_too_steep_or_too_flat_is_found_out(
    monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(bursts, "RISE_SHARE", share)
    assert "rise" in faults(Tone.MEDIUM, measure(wav_bytes(Tone.MEDIUM)))


@pytest.mark.parametrize("hertz", [120.0, 1100.0])
def test_a_fundamental_out_of_range_is_found_out(
    monkeypatch: pytest.MonkeyPatch, hertz: float
) -> None:
    monkeypatch.setattr(bursts, "FUNDAMENTAL_HZ", hertz)
    assert "fundamental" in faults(Tone.LOW, measure(wav_bytes(Tone.LOW)))


def test_a_pulse_much_softer_than_the_others_is_found_out() -> None:
    samples = bytearray(wav_bytes(Tone.MEDIUM))
    quiet = Recipe((0.0,), 0.2, 0.0, peak=bursts.PEAK / 4)
    last = 44 + 2 * round(RECIPES[Tone.MEDIUM].starts_s[-1] * bursts.SAMPLE_RATE_HZ)
    softer = (bursts._pulse(quiet) * 32_767).astype("<i2").tobytes()
    samples[last : last + len(softer)] = softer
    assert "amplitude" in faults(Tone.MEDIUM, measure(bytes(samples)))
