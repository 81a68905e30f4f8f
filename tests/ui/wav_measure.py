"""Measures an alarm sound from the bytes of its WAV file, as a person with a microphone would.

Knows samples and Fourier. Must not know the generator: nothing of the program is imported.
"""

import itertools
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Pulse:
    """Times in ms. ``begin`` and ``end`` at 90 % of its own height, ``rise`` from 10 to 90 %."""

    begin: float
    end: float
    rise: float
    fall: float
    height: float

    @property
    def duration(self) -> float:
        return self.end - self.begin


@dataclass(frozen=True)
class Measured:
    """One file: its pulses, the spacings between them, and the sound of the first pulse."""

    pulses: list[Pulse]
    fundamental_hz: float
    partials: list[tuple[float, float]]
    peak: float
    length_ms: float

    @property
    def spacings(self) -> list[float]:
        """From the fall of a pulse through 90 % to the rise of the next one through 90 %."""
        return [after.begin - before.end for before, after in itertools.pairwise(self.pulses)]

    def harmonics(self, low_hz: float, high_hz: float, within_db: float) -> list[float]:
        """Return the partials above the fundamental whose level is near its level."""
        return [
            hertz
            for hertz, decibel in self.partials
            if low_hz <= hertz <= high_hz
            and abs(decibel) <= within_db
            and hertz > 1.5 * self.fundamental_hz
        ]


def read(data: bytes) -> tuple[Samples, int]:
    """Return samples from -1 to 1 and the rate of a PCM file of 16 bits and one channel."""
    assert data[:4] == b"RIFF"
    assert data[8:16] == b"WAVEfmt "
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", data[20:36])
    assert (kind, channels, bits) == (1, 1, 16)
    assert data[36:40] == b"data"
    (size,) = struct.unpack("<I", data[40:44])
    assert len(data) == 44 + size
    return np.frombuffer(data[44:], "<i2").astype(float) / 32_768, rate


def measure(data: bytes) -> Measured:
    """Measure one file."""
    samples, rate = read(data)
    spans = _spans(samples, rate)
    first = samples[slice(*spans[0])]
    fundamental, partials = _spectrum(first, rate)
    height = _height(samples, rate, fundamental)
    pulses = [_pulse(height, span, rate) for span in spans]
    return Measured(
        pulses, fundamental, partials, float(np.abs(samples).max()), samples.size / rate * 1000
    )


def _spans(samples: Samples, rate: int) -> list[tuple[int, int]]:
    """Return first and last sample of every stretch between two silences of 10 ms or more."""
    (loud,) = np.nonzero(np.abs(samples) > np.abs(samples).max() * 0.01)
    (ends,) = np.nonzero(np.diff(loud) > rate // 100)
    begins = np.concatenate([[loud[0]], loud[ends + 1]])
    return list(zip(begins.tolist(), [*loud[ends].tolist(), int(loud[-1])], strict=True))


def _spectrum(pulse: Samples, rate: int) -> tuple[float, list[tuple[float, float]]]:
    """Return the lowest strong partial, and every partial with its level in dB beside that one."""
    middle = pulse[pulse.size // 5 : -pulse.size // 5]
    lines = np.abs(np.fft.rfft(middle * np.blackman(middle.size), n=rate))  # one line per Hz
    is_peak = np.array([lines[i] == lines[max(0, i - 30) : i + 31].max() for i in range(5000)])
    (peaks,) = np.nonzero(is_peak & (lines[:5000] > lines.max() * 0.02))
    lowest = int(peaks[0])
    return float(lowest), [
        (float(p), float(20 * np.log10(lines[p] / lines[lowest]))) for p in peaks
    ]


def _height(samples: Samples, rate: int, fundamental_hz: float) -> Samples:
    """Return the root mean square over two periods around every sample."""
    width = round(2 * rate / fundamental_hz)
    power: Samples = np.convolve(samples**2, np.ones(width) / width, mode="same")
    return np.sqrt(np.maximum(power, 0.0))


def _pulse(height: Samples, span: tuple[int, int], rate: int) -> Pulse:
    first, last = max(0, span[0] - rate // 200), span[1] + rate // 200
    piece = height[first:last]
    top = float(np.median(piece[piece > piece.max() * 0.8]))
    (above_90,) = np.nonzero(piece >= 0.9 * top)
    (above_10,) = np.nonzero(piece >= 0.1 * top)
    ms = 1000 / rate
    return Pulse(
        begin=(first + above_90[0]) * ms,
        end=(first + above_90[-1]) * ms,
        rise=(above_90[0] - above_10[0]) * ms,
        fall=(above_10[-1] - above_90[-1]) * ms,
        height=top,
    )
