"""One event per cuff inflation: the documented rule and its edges.

Knows NIBP groups and seconds. Must not know frames.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from devices.drivers.ge_s5.nibp import NibpWatch
from devices.drivers.ge_s5.record import Group
from monitor.clock import Instant
from monitor.events import (
    CuffPhase,
    CuffState,
    DeviceNotice,
    DriverEvent,
    Measured,
    NoticeCode,
)
from monitor.readings import BloodPressure

START = Instant(500.0, datetime(2018, 8, 2, 14, 30, tzinfo=UTC))
INVALID, OVER = -32767, -32763
OLD, MEASURING, AUTO = 0x100, 0x20, 0x0B
NO_TRIPLE = (INVALID, INVALID, INVALID)


def group(label: int, *triple: int, status: int = 3, pulse: int = INVALID) -> Group:
    """Build a NIBP group from mmHg, or from invalid codes."""
    values = [value if value < -1000 else 100 * value for value in triple]
    return Group(status, label, (*values, pulse))


class Watched:
    """A watch that is shown one group after another."""

    def __init__(self) -> None:
        self.watch = NibpWatch()
        self.now = START

    def after(self, seconds: float, shown: Group) -> Sequence[DriverEvent]:
        self.now = self.now.plus(seconds)
        return self.watch.observe(shown, 0, self.now)

    def pressures(self, shown: Group, after_s: float = 1.0) -> list[BloodPressure]:
        told = self.after(after_s, shown)
        found = [event.reading for event in told if isinstance(event, Measured)]
        return [reading for reading in found if isinstance(reading, BloodPressure)]


def test_an_old_pressure_in_the_first_record_is_stale() -> None:
    assert Watched().pressures(group(AUTO | OLD, 87, 61, 73)) == [
        BloodPressure(87.0, 61.0, 73.0, START.plus(1), is_stale=True)
    ]


def test_a_young_pressure_in_the_first_record_has_no_known_age() -> None:
    assert Watched().pressures(group(AUTO, 87, 61, 73)) == [
        BloodPressure(87.0, 61.0, 73.0, START.plus(1), age_s=None)
    ]


def test_a_repeated_pressure_is_told_once() -> None:
    watched = Watched()
    watched.pressures(group(AUTO, 87, 61, 73))
    assert watched.pressures(group(AUTO, 87, 61, 73)) == []
    assert watched.pressures(group(AUTO | OLD, 87, 61, 73)) == []
    assert watched.pressures(group(AUTO | OLD | MEASURING, 87, 61, 73)) == []


def test_equal_numbers_that_become_young_again_are_another_inflation() -> None:
    watched = Watched()
    watched.pressures(group(AUTO | OLD, 87, 61, 73))
    (found,) = watched.pressures(group(AUTO, 87, 61, 73))
    assert (found.age_s, found.is_stale) == (0.0, False)


def test_a_changed_triple_is_another_inflation_even_when_the_last_was_young() -> None:
    watched = Watched()
    watched.pressures(group(AUTO, 94, 63, 77))
    (found,) = watched.pressures(group(AUTO | MEASURING, 90, 62, 74))
    assert (found.triple, found.age_s) == ((90.0, 62.0, 74.0), 0.0)


def test_a_change_seen_while_connected_is_fresh_even_with_the_old_bit_set() -> None:
    watched = Watched()
    watched.pressures(group(AUTO | OLD, 94, 63, 77))
    (found,) = watched.pressures(group(AUTO | OLD, 90, 62, 74))
    assert (found.age_s, found.is_stale) == (0.0, False)


def test_nonsense_is_passed_on_as_the_device_said_it() -> None:
    (found,) = Watched().pressures(group(AUTO, 60, 90, 0))
    assert found.triple == (60.0, 90.0, 0.0)


def test_the_pulse_of_the_cuff_goes_with_its_pressure() -> None:
    (found,) = Watched().pressures(group(AUTO, 87, 61, 73, pulse=72))
    assert found.pulse == 72.0


@pytest.mark.parametrize("lacking", range(3))
def test_a_pressure_with_a_value_lacking_is_no_pressure(lacking: int) -> None:
    triple = [87, 61, 73]
    triple[lacking] = OVER
    assert Watched().pressures(group(AUTO, *triple)) == []


def test_the_first_inflation_after_connecting_is_fresh() -> None:
    watched = Watched()
    assert watched.pressures(group(AUTO, *NO_TRIPLE)) == []
    (found,) = watched.pressures(group(AUTO, 87, 61, 73))
    assert found.age_s == 0.0


def test_an_old_pressure_that_appears_out_of_nothing_is_stale() -> None:
    watched = Watched()
    watched.pressures(group(AUTO, *NO_TRIPLE))
    (found,) = watched.pressures(group(AUTO | OLD, 87, 61, 73))
    assert (found.age_s, found.is_stale) == (None, True)


def test_a_pressure_that_comes_back_after_a_blank_is_not_told_again() -> None:
    watched = Watched()
    watched.pressures(group(AUTO, 87, 61, 73))
    watched.pressures(group(AUTO, *NO_TRIPLE))
    assert watched.pressures(group(AUTO, 87, 61, 73)) == []


def test_equal_numbers_after_a_failed_inflation_and_another_are_told() -> None:
    watched = Watched()
    for shown in (
        group(AUTO, 87, 61, 73),
        group(AUTO | MEASURING, 87, 61, 73),
        group(AUTO, *NO_TRIPLE),
        group(AUTO | MEASURING, *NO_TRIPLE),
    ):
        found = watched.pressures(shown)
    assert found == []
    (again,) = watched.pressures(group(AUTO, 87, 61, 73))
    assert again.age_s == 0.0


def test_a_missing_module_gives_no_pressure_and_what_it_shows_later_has_no_known_time() -> None:
    watched = Watched()
    assert watched.pressures(group(AUTO, 87, 61, 73, status=0)) == []
    (found,) = watched.pressures(group(AUTO | OLD, 87, 61, 73))
    assert found.is_stale


# --- over a reconnect


def reconnected(*before: Group, gap_s: float, then: Group) -> list[BloodPressure]:
    watched = Watched()
    for shown in before:
        watched.after(1, shown)
    watched.watch.line_opened()
    return watched.pressures(then, after_s=gap_s)


@pytest.mark.parametrize("label", [AUTO, AUTO | OLD])
def test_an_inflation_is_not_told_again_after_a_reconnect(label: int) -> None:
    assert reconnected(group(AUTO, 87, 61, 73), gap_s=30, then=group(label, 87, 61, 73)) == []


def test_an_old_change_in_the_gap_is_stale() -> None:
    then = group(AUTO | OLD, 91, 57, 69)
    (found,) = reconnected(group(AUTO, 87, 61, 73), gap_s=300, then=then)
    assert (found.age_s, found.is_stale) == (None, True)


def test_a_young_change_in_the_gap_has_no_known_age() -> None:
    then = group(AUTO, 91, 57, 69)
    (found,) = reconnected(group(AUTO, 87, 61, 73), gap_s=30, then=then)
    assert (found.age_s, found.is_stale) == (None, False)


def test_equal_young_numbers_after_more_than_a_minute_are_another_inflation() -> None:
    then = group(AUTO, 87, 61, 73)
    (found,) = reconnected(group(AUTO, 87, 61, 73), gap_s=61, then=then)
    assert (found.age_s, found.is_stale, found.is_another) == (None, False, True)


def test_only_what_follows_a_pressure_that_was_told_is_surely_another() -> None:
    watched = Watched()
    (first,) = watched.pressures(group(AUTO, 87, 61, 73))
    (second,) = watched.pressures(group(AUTO, 91, 61, 73))
    assert (first.is_another, second.is_another) == (False, True)


def test_a_line_that_stayed_open_but_silent_counts_as_a_gap() -> None:
    watched = Watched()
    watched.pressures(group(AUTO, 87, 61, 73))
    (found,) = watched.pressures(group(AUTO | OLD, 91, 57, 69), after_s=200)
    assert found.is_stale


# --- the cuff


def cuff_phases(events: Sequence[DriverEvent]) -> list[CuffPhase]:
    return [event.phase for event in events if isinstance(event, CuffState)]


def test_the_cuff_is_told_when_it_begins_and_when_it_ends() -> None:
    watched = Watched()
    assert cuff_phases(watched.after(1, group(AUTO, 87, 61, 73))) == []
    measuring = group(AUTO | MEASURING, 87, 61, 73)
    assert cuff_phases(watched.after(1, measuring)) == [CuffPhase.MEASURING]
    assert cuff_phases(watched.after(1, measuring)) == []
    assert cuff_phases(watched.after(1, group(AUTO, 91, 57, 69))) == [CuffPhase.IDLE]


def notices(events: Sequence[DriverEvent]) -> list[NoticeCode]:
    return [event.code for event in events if isinstance(event, DeviceNotice)]


def test_a_measurement_that_ends_without_values_failed_once() -> None:
    watched = Watched()
    assert notices(watched.after(1, group(AUTO | MEASURING, 87, 61, 73))) == []
    assert notices(watched.after(1, group(AUTO | MEASURING, *NO_TRIPLE))) == []
    assert notices(watched.after(1, group(AUTO, *NO_TRIPLE))) == [NoticeCode.FAILED]
    assert notices(watched.after(1, group(AUTO, *NO_TRIPLE))) == []


def test_no_measurement_and_an_aborted_one_are_no_failure() -> None:
    watched = Watched()
    assert notices(watched.after(1, group(AUTO, *NO_TRIPLE))) == []
    assert notices(watched.after(1, group(AUTO | MEASURING, 87, 61, 73))) == []
    assert notices(watched.after(1, group(AUTO, 87, 61, 73))) == []


def test_a_module_pulled_while_measuring_ends_the_measurement_without_a_failure() -> None:
    watched = Watched()
    watched.after(1, group(AUTO | MEASURING, *NO_TRIPLE))
    pulled = watched.after(1, group(AUTO | MEASURING, *NO_TRIPLE, status=0))
    assert (cuff_phases(pulled), notices(pulled)) == ([CuffPhase.IDLE], [])
    assert notices(watched.after(1, group(AUTO, *NO_TRIPLE))) == []
