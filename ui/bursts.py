"""The sounds of alarms as samples: bursts of pulses by the recipe of the clinical brief, 1.3.

Knows the numbers of IEC 60601-1-8 (Tables 3 and 4) as quoted there. Must not know how they play.
"""

import io
import wave
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.alarms.priority import Priority

SAMPLE_RATE_HZ = 44_100
FUNDAMENTAL_HZ = 440.0
HARMONICS_DB = (0.0, -3.0, -5.0, -7.0, -9.0)
"""Fundamental and harmonics 2-5 (880 to 2200 Hz), relative level. Clinical brief 1.3, recipe."""
RAMP_SHARE = 0.15
"""Rise and fall, each a share of the pulse duration (10-20 % asked, clinical brief 1.3)."""
PEAK = 0.9
SILENT_TAIL_S = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """One burst: when its pulses start and how long each lasts, and the pause after the burst."""

    starts_s: tuple[float, ...]
    pulse_s: float
    pause_s: float

    @property
    def burst_s(self) -> float:
        """Length of the burst itself."""
        return self.starts_s[-1] + self.pulse_s


# Clinical brief 1.3, "D, concrete recipe".
RECIPES = {
    Priority.HIGH: Recipe((0, 0.25, 0.5, 1.0, 1.25, 1.9, 2.15, 2.4, 2.9, 3.15), 0.15, 5.0),
    Priority.MEDIUM: Recipe((0, 0.4, 0.8), 0.2, 15.0),
    Priority.LOW: Recipe((0, 0.4), 0.2, 30.0),
}


def burst(priority: Priority) -> NDArray[np.float64]:
    """Return one burst as samples from -1 to 1 at 44.1 kHz."""
    recipe = RECIPES[priority]
    samples = np.zeros(round((recipe.burst_s + SILENT_TAIL_S) * SAMPLE_RATE_HZ))
    pulse = _pulse(recipe.pulse_s)
    for start_s in recipe.starts_s:
        first = round(start_s * SAMPLE_RATE_HZ)
        samples[first : first + pulse.size] = pulse
    return samples


def wav_bytes(priority: Priority) -> bytes:
    """Return one burst as a WAV file, 16 bit, mono."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((burst(priority) * 32_767).astype("<i2").tobytes())
    return content.getvalue()


def _pulse(duration_s: float) -> NDArray[np.float64]:
    t = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tone = np.zeros_like(t)
    for number, decibel in enumerate(HARMONICS_DB, start=1):
        tone += 10 ** (decibel / 20) * np.sin(2 * np.pi * FUNDAMENTAL_HZ * number * t)
    loudest = float(np.abs(tone).max())
    return tone * _envelope(t, duration_s) * (PEAK / loudest)


def _envelope(t: NDArray[np.float64], duration_s: float) -> NDArray[np.float64]:
    """Return linear ramps at both ends of the pulse."""
    ramp_s = RAMP_SHARE * duration_s
    return np.clip(np.minimum(t, duration_s - t) / ramp_s, 0.0, 1.0)
