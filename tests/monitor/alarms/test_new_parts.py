"""An acknowledgement answers what was there: a part of the alarm that comes later calls anew.

Knows the shipped profile and the board.
"""

from typing import TYPE_CHECKING

from monitor.vitals import Vital

if TYPE_CHECKING:
    from conftest import Chair


def seconds(chair: "Chair", from_s: int, to_s: int, **values: float | None) -> None:
    """Frames once a second with these values; one that is not named does not come."""
    for t in range(from_s, to_s):
        for name, value in values.items():
            chair.board.value(Vital(name), t, value)
        chair.frame(t)


def test_an_oximeter_that_follows_the_pulse_into_silence_calls_again(chair: "Chair") -> None:
    seconds(chair, 0, 10, pulse_rate=80, spo2=97)
    seconds(chair, 10, 25, spo2=97)
    chair.acknowledge(25)
    assert chair.state("TECH-2") == "acknowledged"
    seconds(chair, 25, 33)
    assert chair.state("TECH-2") == "acknowledged"
    seconds(chair, 33, 37)
    assert chair.state("TECH-2") == "sounding"


def test_a_probe_that_falls_off_does_not_hide_behind_a_pulse_that_is_missing(
    chair: "Chair",
) -> None:
    seconds(chair, 0, 10, pulse_rate=80, spo2=97)
    seconds(chair, 10, 25, spo2=97)
    chair.acknowledge(25)
    seconds(chair, 25, 40, spo2=None)
    assert chair.state("TECH-7") == "sounding"


def test_a_saturation_below_85_calls_again_whoever_has_answered_the_87(chair: "Chair") -> None:
    seconds(chair, 0, 15, spo2=87)
    chair.acknowledge(15)
    assert chair.state("O2-2") == "acknowledged"
    seconds(chair, 15, 20, spo2=86)
    assert chair.state("O2-2") == "acknowledged"
    seconds(chair, 20, 21, spo2=84)
    assert chair.state("O2-2") == "sounding"
    chair.acknowledge(21)
    seconds(chair, 21, 25, spo2=86)
    seconds(chair, 25, 30, spo2=83)
    assert chair.state("O2-2") == "acknowledged"


def test_no_output_at_all_is_another_fault_than_a_low_volume(chair: "Chair") -> None:
    chair.fault(0, "the volume is 5 %")
    chair.acknowledge(1)
    chair.fault(2, "the volume is 4 %")
    assert chair.state("TECH-9") == "acknowledged"
    chair.fault(3, "no audio output")
    assert chair.state("TECH-9") == "sounding"
