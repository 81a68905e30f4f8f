"""The limits on the chart can be told apart, and no name of one covers another."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from monitor.snapshot import LimitView
from monitor.vitals import Vital
from ui.view_models.chart_limits import (
    NAME_PIXELS,
    LimitLine,
    LimitName,
    Pane,
    limit_lines,
    limit_names,
)

HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM


def line(value: float, is_upper: bool = True, is_nearest: bool = True) -> LimitLine:
    return LimitLine(Pane.PULSE, value, is_upper, f"PR {value:g}", MEDIUM, is_nearest)


def foot(name: LimitName, room: float) -> float:
    return name.value if name.is_above else name.value - room


def test_of_the_shipped_profile_the_nearest_limits_have_their_whole_name() -> None:
    lines = limit_lines(AlarmBoard(default_profile()).limits())
    assert [one.text for one in lines if one.is_nearest] == [
        "SYS high 160",
        "DIA high 100",
        "SYS low 90",
        "DIA low 50",
        "PR high 120",
        "PR low 50",
        "SpO₂ low 92",
    ]
    assert [(one.text, one.priority) for one in lines if not one.is_nearest] == [
        ("180", HIGH),
        ("110", HIGH),
        ("80", HIGH),
        ("140", HIGH),
        ("40", HIGH),
        ("88", HIGH),
    ]


def test_of_two_limits_of_one_priority_only_the_one_that_is_reached_first_is_drawn() -> None:
    absolute = LimitView(Vital.SYSTOLIC, 160, True, MEDIUM, "BP-H1")
    relative = LimitView(Vital.SYSTOLIC, 158, True, MEDIUM, "BP-R1")
    low = LimitView(Vital.SPO2, 92, False, MEDIUM, "O2-1")
    lower = LimitView(Vital.SPO2, 90, False, MEDIUM, "site")
    lines = limit_lines((absolute, relative, lower, low))
    assert [(one.value, one.text) for one in lines] == [(158, "SYS high 158"), (92, "SpO₂ low 92")]


def test_of_two_limits_at_one_value_the_urgent_one_has_the_name() -> None:
    milder = LimitView(Vital.PULSE_RATE, 120, True, MEDIUM, "HR-H1")
    worse = LimitView(Vital.PULSE_RATE, 120, True, HIGH, "HR-H2")
    (named,) = [one for one in limit_lines((milder, worse)) if one.is_nearest]
    assert named.priority is HIGH


def test_what_has_no_pane_is_not_drawn() -> None:
    assert limit_lines((LimitView(Vital.TEMPERATURE, 38, True, MEDIUM, "x"),)) == ()


@pytest.mark.parametrize(("is_upper", "is_above"), [(True, True), (False, False)])
def test_a_name_stands_beyond_its_limit(is_upper: bool, is_above: bool) -> None:
    (name,) = limit_names([line(90, is_upper)], 40, 140, 1.0)
    assert name.is_above is is_above


@pytest.mark.parametrize(("value", "is_upper"), [(139, True), (41, False)])
def test_at_the_edge_of_the_pane_a_name_stands_within_its_limit(
    value: float, is_upper: bool
) -> None:
    (name,) = limit_names([line(value, is_upper)], 40, 140, 1.0)
    assert name.is_above is not is_upper


def test_a_number_without_room_is_left_out_and_a_whole_name_chooses_first() -> None:
    lines = [line(90, is_nearest=False), line(85), line(88, is_nearest=False)]
    names = limit_names(lines, 80, 120, 1.0)
    assert [(name.text, name.is_above) for name in names] == [("PR 85", True)]


@given(
    st.lists(st.builds(line, st.floats(30, 230), st.booleans(), st.booleans()), max_size=14),
    st.floats(0.2, 5.0),
)
def test_no_name_covers_another_or_leaves_the_pane(
    lines: list[LimitLine], units_per_pixel: float
) -> None:
    room = NAME_PIXELS * units_per_pixel
    feet = sorted(foot(name, room) for name in limit_names(lines, 31, 229, units_per_pixel))
    assert all(b - a >= room for a, b in itertools.pairwise(feet))
    assert all(one >= 31 and one + room <= 229 for one in feet)
