"""The alarm sounds, measured in their samples, hold the numbers of clinical.md 1.3."""

import io
import itertools
import wave

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.alarms.priority import Priority
from ui.bursts import FUNDAMENTAL_HZ, RECIPES, SAMPLE_RATE_HZ, burst, wav_bytes

EXPECTED_STARTS_MS = {
    Priority.HIGH: [0, 250, 500, 1000, 1250, 1900, 2150, 2400, 2900, 3150],
    Priority.MEDIUM: [0, 400, 800],
    Priority.LOW: [0, 400],
}
PULSE_MS = {Priority.HIGH: (75, 200), Priority.MEDIUM: (125, 250), Priority.LOW: (125, 250)}


def loudness(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the envelope: the largest sample within one period of the fundamental."""
    period = int(SAMPLE_RATE_HZ / FUNDAMENTAL_HZ)
    padded = np.pad(np.abs(samples), (period // 2, period - period // 2 - 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, period)
    found: NDArray[np.float64] = windows.max(axis=1)
    return found


def pulses(samples: NDArray[np.float64], level: float) -> list[tuple[float, float]]:
    """Return begin and end in ms of each stretch louder than ``level`` of the peak."""
    loud = loudness(samples) > level * np.abs(samples).max()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(int), [0]])))
    return [(a / SAMPLE_RATE_HZ * 1000, b / SAMPLE_RATE_HZ * 1000) for a, b in edges.reshape(-1, 2)]


@pytest.mark.parametrize("priority", list(Priority))
def test_the_pulses_begin_when_the_recipe_says(priority: Priority) -> None:
    begins = [begin for begin, _ in pulses(burst(priority), 0.02)]
    assert begins == pytest.approx(EXPECTED_STARTS_MS[priority], abs=3)


@pytest.mark.parametrize("priority", list(Priority))
def test_the_pulses_last_as_long_as_the_standard_allows(priority: Priority) -> None:
    shortest, longest = PULSE_MS[priority]
    lengths = [end - begin for begin, end in pulses(burst(priority), 0.9)]
    assert all(shortest <= length <= longest for length in lengths)


def test_the_spacing_of_high_is_50_to_125_ms_and_its_gaps_are_longer() -> None:
    found = pulses(burst(Priority.HIGH), 0.02)
    gaps = [after[0] - before[1] for before, after in itertools.pairwise(found)]
    within = [gaps[n] for n in (0, 1, 3, 5, 6, 8)]
    assert all(50 <= gap <= 125 for gap in within)
    assert max(within) / min(within) < 1.05
    assert 350 <= gaps[4] <= 1300  # between the 5th and the 6th pulse
    assert gaps[2] == pytest.approx(gaps[7], abs=2)
    assert gaps[2] == pytest.approx(350, abs=5)


@pytest.mark.parametrize("priority", list(Priority))
def test_the_rise_is_10_to_20_percent_of_the_pulse(priority: Priority) -> None:
    recipe = RECIPES[priority]
    first = burst(priority)[: round(recipe.pulse_s * SAMPLE_RATE_HZ)]
    envelope = loudness(first) / np.abs(first).max()
    rise = (np.argmax(envelope >= 0.9) - np.argmax(envelope >= 0.1)) / first.size
    assert 0.09 <= rise / 0.8 <= 0.20


@pytest.mark.parametrize("priority", list(Priority))
def test_the_tone_has_its_fundamental_and_four_harmonics_within_15_db(priority: Priority) -> None:
    recipe = RECIPES[priority]
    pulse = burst(priority)[: round(recipe.pulse_s * SAMPLE_RATE_HZ)]
    spectrum = np.abs(np.fft.rfft(pulse * np.hanning(pulse.size), n=SAMPLE_RATE_HZ))
    fundamental = spectrum[430:451].max()
    assert 150 <= 430 + int(np.argmax(spectrum[430:451])) <= 1000
    for number in range(2, 6):
        middle = 440 * number
        assert 300 <= middle <= 4000
        level = 20 * np.log10(spectrum[middle - 10 : middle + 11].max() / fundamental)
        assert abs(level) <= 15


def test_a_more_urgent_burst_comes_as_often_and_is_as_loud() -> None:
    high, medium, low = (RECIPES[p] for p in (Priority.HIGH, Priority.MEDIUM, Priority.LOW))
    assert high.pause_s <= medium.pause_s <= low.pause_s
    peaks = {round(float(np.abs(burst(p)).max()), 2) for p in Priority}
    assert len(peaks) == 1


def test_the_file_is_a_16_bit_mono_wav_of_the_burst() -> None:
    with wave.open(io.BytesIO(wav_bytes(Priority.HIGH))) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getnframes() == burst(Priority.HIGH).size
