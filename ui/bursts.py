"""The sounds of alarms as samples: bursts of pulses by the recipe of the clinical brief, 1.3.

Knows the numbers of IEC 60601-1-8 (Tables 3 and 4) as quoted there. Must not know how they play.
"""

import io
import wave
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from monitor.alarms.priority import Priority

SAMPLE_RATE_HZ = 44_100
FUNDAMENTAL_HZ = 440.0
HARMONICS_DB = (0.0, -3.0, -5.0, -7.0, -9.0)
"""Fundamental and harmonics 2-5 (880 to 2200 Hz), relative level. Clinical brief 1.3, recipe."""
RISE_SHARE = 0.15
"""Rise and fall from 10 % to 90 %, each a share of the pulse duration (10-20 % asked, 1.3)."""
LOUD_PEAK = 0.998
PEAK = LOUD_PEAK / 2
"""6 dB below full scale, so that there is something left for an alarm that nobody answers."""
REMINDER_PEAK = PEAK / 4
SILENT_TAIL_S = 0.05


class Tone(StrEnum):
    """Everything that can be heard of this program; the value names its file."""

    HIGH = "alarm_high"
    HIGH_LOUD = "alarm_high_loud"
    MEDIUM = "alarm_medium"
    LOW = "alarm_low"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One burst: when its pulses start, how long each lasts, the pause after it, how loud it is.

    A pulse counts from where it rises through 90 % of its height to where it falls through 90 %, as
    the standard measures durations and spacings; what lies outside these moments is ``lead_s``.
    ``peak`` 1.0 is full scale; ``harmonics_db`` begins with the fundamental.
    """

    starts_s: tuple[float, ...]
    pulse_s: float
    pause_s: float
    peak: float = PEAK
    harmonics_db: tuple[float, ...] = HARMONICS_DB

    @property
    def ramp_s(self) -> float:
        """From silence to full height, in a straight line."""
        return RISE_SHARE * self.pulse_s / 0.8

    @property
    def lead_s(self) -> float:
        """From silence to 90 %, and from there to silence."""
        return 0.9 * self.ramp_s

    @property
    def burst_s(self) -> float:
        """Length of the burst itself, from silence to silence."""
        return self.starts_s[-1] + self.pulse_s + 2 * self.lead_s


# Clinical brief 1.3, "D, concrete recipe".
_HIGH_STARTS_S = (0, 0.25, 0.5, 1.0, 1.25, 1.9, 2.15, 2.4, 2.9, 3.15)
RECIPES = {
    Tone.HIGH: Recipe(_HIGH_STARTS_S, 0.15, 5.0),
    Tone.HIGH_LOUD: Recipe(_HIGH_STARTS_S, 0.15, 5.0, LOUD_PEAK),
    Tone.MEDIUM: Recipe((0, 0.4, 0.8), 0.2, 15.0),
    Tone.LOW: Recipe((0, 0.4), 0.2, 30.0),
    # No alarm: one soft pulse without harmonics, every 2 min while an alarm or its sound is off
    # (clinical brief 1.5).
    Tone.REMINDER: Recipe((0,), 0.3, 120.0, REMINDER_PEAK, (0.0,)),
}


def tone_of(priority: Priority, *, is_escalated: bool = False) -> Tone:
    """Return what an alarm of this priority sounds like; only HIGH escalates."""
    match priority:
        case Priority.HIGH:
            return Tone.HIGH_LOUD if is_escalated else Tone.HIGH
        case Priority.MEDIUM:
            return Tone.MEDIUM
        case Priority.LOW:
            return Tone.LOW


def burst(tone: Tone) -> NDArray[np.float64]:
    """Return one burst as samples from -1 to 1 at 44.1 kHz."""
    recipe = RECIPES[tone]
    samples = np.zeros(round((recipe.burst_s + SILENT_TAIL_S) * SAMPLE_RATE_HZ))
    pulse = _pulse(recipe)
    for start_s in recipe.starts_s:
        first = round(start_s * SAMPLE_RATE_HZ)
        samples[first : first + pulse.size] = pulse
    return samples


def wav_bytes(tone: Tone) -> bytes:
    """Return one burst as a WAV file, 16 bit, mono."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(np.round(burst(tone) * 32_767).astype("<i2").tobytes())
    return content.getvalue()


def _pulse(recipe: Recipe) -> NDArray[np.float64]:
    duration_s = recipe.pulse_s + 2 * recipe.lead_s
    t = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tone = np.zeros_like(t)
    for number, decibel in enumerate(recipe.harmonics_db, start=1):
        tone += 10 ** (decibel / 20) * np.sin(2 * np.pi * FUNDAMENTAL_HZ * number * t)
    shaped = tone * np.clip(np.minimum(t, duration_s - t) / recipe.ramp_s, 0.0, 1.0)
    return shaped * (recipe.peak / float(np.abs(shaped).max()))
