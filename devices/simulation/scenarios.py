"""The stories a simulated patient can live through, told in numbers.

Knows the course of a ketamine infusion from the clinical literature. Must not know devices.
"""

from dataclasses import dataclass

from devices.simulation.device import ClockSteps
from monitor.errors import OperatorError

# Seconds since the device was switched on, the same in every scenario: five minutes of baseline.
INFUSION_STARTS_S = 300.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """The patient before the infusion: mmHg, mmHg, per minute, percent."""

    systolic: float = 125.0
    diastolic: float = 78.0
    pulse: float = 72.0
    spo2: float = 97.5


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that is added to the truth for a while.

    Fully there for ``lasts_s`` seconds from ``starts_s`` (since switching on); it comes within
    ``ramp_s`` before and goes within ``ramp_s`` after. The sensor flags have no ramp.
    """

    starts_s: float
    lasts_s: float
    ramp_s: float = 0.0
    systolic: float = 0.0
    diastolic: float = 0.0
    pulse: float = 0.0
    spo2: float = 0.0
    finger_sensor_off: bool = False
    cuff_fails: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story. ``drug_effect`` scales the mean response to ketamine (1.0: +16/+11 mmHg).

    ``clock_steps``: how wrong the device's clock is, as in device.Bedside.
    """

    name: str
    title: str
    baseline: Baseline = Baseline()
    drug_effect: float = 1.0
    episodes: tuple[Episode, ...] = ()
    clock_steps: ClockSteps = ()


def _after_start(minutes: float) -> float:
    return INFUSION_STARTS_S + 60 * minutes


SESSION = Scenario(
    "session",
    "A 60-minute visit with one confirmed hypertensive spike, one spell of fast pulse and one "
    "slipped finger sensor.",
    episodes=(
        Episode(_after_start(12), 56, ramp_s=4, pulse=62),
        Episode(_after_start(18.5), 45, finger_sensor_off=True),
        # Ten minutes: whatever the phase of a 5-minute cuff cycle, two readings fall into it.
        Episode(_after_start(24.75), 595, ramp_s=35, systolic=52, diastolic=28, pulse=12),
    ),
)

SCENARIOS = (
    SESSION,
    Scenario(
        "calm",
        "An infusion with a small rise of blood pressure and no alarm.",
        Baseline(118, 74),
        0.7,
    ),
    Scenario(
        "hypertensive",
        "Blood pressure climbs past 180/110 and stays there until the infusion ends.",
        Baseline(142, 88),
        episodes=(Episode(_after_start(15), 1500, ramp_s=420, systolic=42, diastolic=22, pulse=8),),
    ),
    Scenario(
        "tachycardia",
        "The pulse rises above 120 for five minutes, twice.",
        episodes=(
            Episode(_after_start(10), 300, ramp_s=20, systolic=6, diastolic=4, pulse=60),
            Episode(_after_start(25), 300, ramp_s=20, systolic=6, diastolic=4, pulse=66),
        ),
    ),
    Scenario(
        "desaturation",
        "Oxygen saturation falls below 88 % for three minutes and recovers.",
        episodes=(Episode(_after_start(15), 180, ramp_s=45, pulse=10, spo2=-12),),
    ),
    Scenario(
        "cuff_fails",
        "The cuff cannot measure for fifteen minutes in the middle of the infusion.",
        episodes=(Episode(_after_start(15), 900, cuff_fails=True),),
    ),
    Scenario(
        "wrong_clock",
        "The monitor's clock is an hour behind, until somebody sets it right during the infusion.",
        Baseline(118, 74),
        0.7,
        clock_steps=((0.0, -3600.0), (_after_start(10), 0.0)),
    ),
)


def find_scenario(name: str) -> Scenario:
    """Return the scenario called ``name``. Raises OperatorError when there is none."""
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    known = ", ".join(scenario.name for scenario in SCENARIOS)
    raise OperatorError(f"there is no scenario called {name!r}", f"choose one of: {known}")
