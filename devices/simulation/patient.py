"""A simulated patient: seconds since the device was switched on -> what is true in the body.

Knows the physiology of a ketamine infusion; pure, the same answer for the same question. Must
not know devices, ports or clocks.
"""

import itertools
import math
import random
from collections.abc import Callable

from devices.simulation.device import TrueVitals
from devices.simulation.scenarios import INFUSION_STARTS_S, Episode, Scenario, find_scenario

# Mean response at its peak, 40 minutes after the start (clinical brief 3.1, Yale 2024: +16/+11
# in 2,342 infusions; pulse +4 from the meta-analysis of 2021).
PEAK_SYSTOLIC_MMHG = 16.0
PEAK_DIASTOLIC_MMHG = 11.0
PEAK_PULSE_PER_MIN = 4.0

# Minutes since the start of the infusion and share of the peak (3.1, "Expected curve": rises
# from 5 min, plateau 20-40 min, baseline 60-130 min after the start).
_RESPONSE = ((5.0, 0.0), (20.0, 0.85), (40.0, 1.0), (80.0, 0.0))

# Slow waves of the body: periods in seconds, none a multiple of a cuff cycle or of another.
_PERIODS_S = (11.3, 47.9, 173.0)
_SHARES = (0.3, 0.3, 0.4)

Noise = Callable[[float], float]


def patient(scenario: Scenario | str, seed: int = 0) -> Callable[[float], TrueVitals]:
    """Return the patient of a scenario; the seed changes only the small waves on top.

    Raises OperatorError when there is no scenario of that name.
    """
    story = find_scenario(scenario) if isinstance(scenario, str) else scenario
    dice = random.Random(seed)
    waves = [_noise(dice, size) for size in (3.5, 2.5, 2.0, 0.6)]

    def truth(t: float) -> TrueVitals:
        return _truth(story, t, [wave(t) for wave in waves])

    return truth


def drug_response(minutes: float) -> float:
    """Return the share of the peak effect, 0 to 1, so long after the start of the infusion."""
    if minutes <= _RESPONSE[0][0] or minutes >= _RESPONSE[-1][0]:
        return 0.0
    for (start, low), (end, high) in itertools.pairwise(_RESPONSE):
        if minutes <= end:
            return low + (high - low) * _smooth((minutes - start) / (end - start))
    return 0.0


def _truth(scenario: Scenario, t: float, noise: list[float]) -> TrueVitals:
    effect = scenario.drug_effect * drug_response((t - INFUSION_STARTS_S) / 60)
    shares = [(episode, _share(episode, t)) for episode in scenario.episodes]
    base = scenario.baseline
    return TrueVitals(
        systolic=base.systolic
        + effect * PEAK_SYSTOLIC_MMHG
        + sum(share * episode.systolic for episode, share in shares)
        + noise[0],
        diastolic=base.diastolic
        + effect * PEAK_DIASTOLIC_MMHG
        + sum(share * episode.diastolic for episode, share in shares)
        + noise[1],
        pulse=base.pulse
        + effect * PEAK_PULSE_PER_MIN
        + sum(share * episode.pulse for episode, share in shares)
        + noise[2],
        spo2=min(100.0, base.spo2 + sum(share * e.spo2 for e, share in shares) + noise[3]),
        finger_sensor_on=not any(e.finger_sensor_off and _holds(e, t) for e in scenario.episodes),
        cuff_can_measure=not any(e.cuff_fails and _holds(e, t) for e in scenario.episodes),
    )


def _holds(episode: Episode, t: float) -> bool:
    return 0 <= t - episode.starts_s < episode.lasts_s


def _share(episode: Episode, t: float) -> float:
    """Return how much of an episode is there at second ``t``, 0 to 1."""
    if _holds(episode, t):
        return 1.0
    before, after = episode.starts_s - t, t - episode.starts_s - episode.lasts_s
    distance = max(before, after)
    return _smooth(1 - distance / episode.ramp_s) if distance < episode.ramp_s else 0.0


def _smooth(share: float) -> float:
    """Ease from 0 to 1 without a corner at either end."""
    return share * share * (3 - 2 * share)


def _noise(dice: random.Random, size: float) -> Noise:
    """Return a wave of time, never larger than ``size``; depends on the seed, not on who asks."""
    phases = [dice.uniform(0, math.tau) for _ in _PERIODS_S]

    def wave(t: float) -> float:
        parts = zip(_PERIODS_S, _SHARES, phases, strict=True)
        return size * sum(share * math.sin(math.tau * t / p + phase) for p, share, phase in parts)

    return wave
