"""A monitor that legally sends every 5 or 10 s: alarms begin and end, and silence is noticed.

Knows the shipped profile, the board and the cadence that is learned from arrivals.
"""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.cadence import LONGEST_GAP_S, Cadence, patience_s
from monitor.alarms.evidence import Evidence
from monitor.alarms.priority import Priority
from monitor.vitals import Vital

if TYPE_CHECKING:
    from conftest import Chair

PULSE, SILENT = "HR-H1", "TECH-3"


def learned(*times: float) -> float:
    cadence = Cadence()
    for t in times:
        cadence.arrived(t)
    return cadence.interval_s


# ---- what is learned


@pytest.mark.parametrize("interval_s", [1.0, 2.0, 5.0, 10.0])
def test_a_regular_interval_is_learned_from_four_arrivals(interval_s: float) -> None:
    times = [7 + n * interval_s for n in range(4)]
    assert learned(*times[:3]) == 0
    assert learned(*times) == interval_s


def test_jitter_is_no_irregularity_and_the_middle_gap_counts() -> None:
    assert learned(0, 4.6, 10.0, 15.1) == pytest.approx(5.1)


@pytest.mark.parametrize(
    "times",
    [
        (0, 1, 2, 4, 5, 7, 8, 10, 13, 14),
        (0, 9, 11, 20, 23, 25, 33),
        (0, 12.1, 24.2, 36.3, 48.4),
    ],
)
def test_lost_frames_and_what_comes_too_rarely_teach_no_patience(times: tuple[float, ...]) -> None:
    assert learned(*times) == 0


def test_lost_frames_do_not_change_what_is_known() -> None:
    assert learned(0, 5, 10, 15, 25, 30, 40, 45) == 5
    assert learned(0, 1, 2, 3, 9, 12, 13, 18) == 1


def test_frames_that_arrive_together_are_one_arrival() -> None:
    assert learned(0, 0, 0.1, 5, 5, 10, 10.05, 15) == 5


def test_a_device_that_changes_its_interval_is_followed_both_ways() -> None:
    assert learned(0, 1, 2, 3, 8, 13, 18) == 5
    assert learned(0, 5, 10, 15, 16, 17, 18) == 1


def test_time_that_goes_back_begins_anew() -> None:
    assert learned(100, 101, 102, 50, 55, 60, 65) == 5


@given(st.floats(0.1, 60), st.floats(0, LONGEST_GAP_S))
def test_patience_is_never_less_than_the_profile_and_never_above_half_a_minute(
    at_least_s: float, interval_s: float
) -> None:
    patience = patience_s(at_least_s, interval_s)
    assert at_least_s <= patience <= max(at_least_s, 30)
    assert patience >= min(30, 3 * interval_s)


def test_after_a_restart_the_stored_values_tell_how_often_frames_come() -> None:
    evidence = Evidence(1000.0)
    for t in (980, 985, 990, 995):
        evidence.value(Vital.SPO2, t, 97)
    assert evidence.frame_interval_s == 5
    for t in range(1001, 1006):
        evidence.frame(t)
    assert evidence.frame_interval_s == 1


# ---- what becomes of it


def send(chair: "Chair", every_s: int, from_s: int, to_s: int, pulse: float) -> int:
    """The monitor sends a record each ``every_s``, ticks come between; return the next second."""
    t = from_s
    while t <= to_s:
        chair.board.frame(t)
        chair.pulse(t, pulse)
        chair.tick(*(t + quarter / 4 for quarter in range(1, 4 * every_s)))
        t += every_s
    return t


@pytest.mark.parametrize("every_s", [1, 2, 5, 10])
def test_the_pulse_alarm_begins_and_ends_whatever_the_cadence(chair: "Chair", every_s: int) -> None:
    t = send(chair, every_s, 0, 60, 80)
    t = send(chair, every_s, t, t + 30, 131)
    assert chair.state(PULSE) == "sounding"
    assert "no valid pulse" not in chair.view(PULSE).text
    calm_from = t
    t = send(chair, every_s, t, t + 30, 80)
    assert chair.changes(PULSE)[-1] == "medium: sounding to unseen"
    assert chair.last(PULSE).ended_s - calm_from == 10


@pytest.mark.parametrize("every_s", [5, 10])
def test_one_calm_value_of_a_slow_monitor_is_no_recovery(chair: "Chair", every_s: int) -> None:
    t = send(chair, every_s, 0, 60, 131)
    t = send(chair, every_s, t, t, 80)
    chair.tick(*range(t, t + 60))
    assert chair.state(PULSE) == "sounding"


def test_one_lost_record_of_a_slow_monitor_does_not_begin_the_calm_anew(chair: "Chair") -> None:
    t = send(chair, 5, 0, 60, 131)
    send(chair, 5, t, t, 80)
    chair.tick(*range(t + 5, t + 10))
    chair.pulse(t + 10, 80)
    assert chair.state(PULSE) == "unseen"


@pytest.mark.parametrize(
    ("every_s", "noticed_after_s", "first"),
    [(1, 5, "low"), (2, 6, "low"), (5, 15, "medium"), (10, 30, "medium")],
)
def test_a_slow_monitor_raises_no_false_silence_and_a_true_one_after_three_intervals(
    chair: "Chair", every_s: int, noticed_after_s: int, first: str
) -> None:
    begin = send(chair, every_s, 0, 120, 80)
    chair.log.clear()
    t = send(chair, every_s, begin, 600, 80) - every_s
    assert chair.changes(SILENT) == []
    chair.tick(t + noticed_after_s)
    assert chair.changes(SILENT) == []
    chair.tick(t + noticed_after_s + 0.25)
    assert chair.changes(SILENT) == [f"{first}: quiet to sounding"]
    assert chair.last(SILENT).limit == {"silence_s": noticed_after_s}
    chair.tick(t + 30.25)
    assert chair.view(SILENT).priority is Priority.MEDIUM


def test_the_silence_that_a_slow_monitor_begins_with_ends_by_itself(chair: "Chair") -> None:
    send(chair, 10, 4, 100, 80)
    assert chair.changes(SILENT) == ["low: quiet to sounding", "low: sounding to quiet"]


def test_a_fast_monitor_on_a_bad_line_is_still_called_silent(chair: "Chair") -> None:
    t = send(chair, 1, 0, 60, 80)
    for lost_for_s in (9, 7, 11, 8, 6, 10):
        t += lost_for_s
        chair.tick(t - 0.25)
        assert chair.state(SILENT) == "sounding"
        chair.frame(t)
        chair.pulse(t, 80)
