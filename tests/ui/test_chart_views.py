"""The chart never draws through a gap, loses no extreme, and never costs more than its pixels."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard
from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from monitor.chart_part import ChartPart, CuffReading, Gap, LogEntry, Sample
from monitor.snapshot import AlarmState, LimitView, Phase
from monitor.vitals import Vital
from tests.ui.fixtures import NOW_S, alarm, seen, snapshot, whole_chart
from ui.view_models.chart_labels import NO_DATA, failed_labels, gap_labels
from ui.view_models.chart_limits import Pane
from ui.view_models.chart_model import ChartModel
from ui.view_models.chart_view import chart_view
from ui.view_models.colours import ColourRole
from ui.view_models.reduction import broken, to_columns


def model_of(*parts: ChartPart) -> ChartModel:
    model = ChartModel("s1")
    for part in parts:
        model.add(part)
    return model


def pulse(t_s: float, value: float | None = 80.0) -> Sample:
    return Sample(Vital.PULSE_RATE, t_s, value)


def runs(values: np.ndarray) -> int:
    """Return how many unbroken lines the values make."""
    known = np.concatenate([[False], ~np.isnan(values)])
    return int(np.sum(known[1:] & ~known[:-1]))


def test_a_silence_of_more_than_10_s_breaks_the_line() -> None:
    kept = model_of(ChartPart("s1", True, (pulse(0), pulse(10), pulse(20.5))))
    assert runs(kept.trend(Vital.PULSE_RATE)[1]) == 2


def test_a_silence_of_10_s_does_not() -> None:
    assert (
        runs(model_of(ChartPart("s1", True, (pulse(0), pulse(10)))).trend(Vital.PULSE_RATE)[1]) == 1
    )


def test_an_explicit_gap_breaks_the_line_however_short() -> None:
    kept = model_of(ChartPart("s1", True, (pulse(0), pulse(1, None), pulse(2))))
    assert runs(kept.trend(Vital.PULSE_RATE)[1]) == 2


def test_a_span_without_recording_breaks_the_line() -> None:
    part = ChartPart("s1", True, (pulse(0), pulse(4)), (), (Gap(1, 3, "station restarted"),))
    assert runs(model_of(part).trend(Vital.PULSE_RATE)[1]) == 2


def test_parts_add_up_and_a_first_part_replaces_everything() -> None:
    kept = model_of(ChartPart("s1", True, (pulse(0),)), ChartPart("s1", False, (pulse(1),)))
    assert kept.trend(Vital.PULSE_RATE)[0].tolist() == [0, 1]
    before = kept.revision
    kept.add(ChartPart("s1", True, (pulse(7),)))
    assert kept.trend(Vital.PULSE_RATE)[0].tolist() == [7]
    assert kept.revision > before


def test_an_empty_part_asks_for_no_redraw() -> None:
    kept = model_of(whole_chart())
    before = kept.revision
    kept.add(ChartPart("s1", False))
    assert kept.revision == before


@given(
    st.lists(st.one_of(st.floats(30, 200), st.just(float("nan"))), min_size=50, max_size=400),
    st.integers(1, 20),
)
def test_reduction_keeps_every_run_and_both_extremes(values: list[float], columns: int) -> None:
    x, y = np.arange(len(values), dtype=float), np.array(values)
    _, reduced = to_columns(x, y, 0.0, float(len(values)), columns)
    assert runs(reduced) == runs(y)
    if not np.isnan(y).all():
        assert (np.nanmin(reduced), np.nanmax(reduced)) == (np.nanmin(y), np.nanmax(y))


def test_reduction_bounds_what_is_drawn() -> None:
    t = np.arange(54_000, dtype=float)
    x, y = to_columns(t, np.sin(t), 0.0, 54_000.0, 800)
    assert x.size == y.size <= 1602


def test_a_reduced_line_still_breaks_at_a_gap() -> None:
    t, y = broken([*range(1000), *range(1100, 2000)], [80.0] * 1900)
    _, reduced = to_columns(t, y, 0.0, 2000.0, 100)
    assert runs(reduced) == 2


def test_the_axis_begins_at_the_infusion_and_shows_the_baseline_before_it() -> None:
    view = chart_view(model_of(whole_chart()), seen(), 800)
    assert (view.furniture.low, view.furniture.high) == (-5.0, 90.0)
    assert view.now_x == pytest.approx(31.0833, abs=0.001)
    assert (0.0, "start\n10:15") in view.furniture.ticks
    assert view.furniture.infusion == (0.0, 40.0)


def test_before_the_infusion_the_axis_begins_at_the_opening() -> None:
    early = seen(phase=Phase.BASELINE, infusion_started_s=None, now_s=200.0)
    furniture = chart_view(model_of(whole_chart(200.0)), early, 800).furniture
    assert (furniture.low, furniture.high, furniture.infusion) == (0.0, 90.0, None)


def test_the_axis_grows_when_the_session_does() -> None:
    late = seen(now_s=300.0 + 89 * 60)
    assert chart_view(model_of(), late, 800).furniture.high == 105.0


def test_after_the_infusion_its_shade_ends_where_it_ended() -> None:
    over = seen(phase=Phase.RECOVERY, infusion_ended_s=300.0 + 25 * 60)
    furniture = chart_view(model_of(), over, 800).furniture
    assert furniture.infusion == (0.0, 25.0)
    assert "RECOVERY" in [label.text for label in furniture.phases]


def test_a_bar_beyond_a_limit_has_the_colour_of_its_alarm() -> None:
    cuffs = (CuffReading(400, 138, 84, 100), CuffReading(700, 184, 101, None))
    bars = chart_view(model_of(ChartPart("s1", True, (), cuffs)), seen(), 800).furniture.bars
    assert [bar.colour for bar in bars] == [ColourRole.NIBP, ColourRole.ALARM_HIGH]
    assert bars[1].mean is None


@pytest.mark.parametrize(
    ("limit", "crossed", "clear"),
    [
        (LimitView(Vital.SYSTOLIC, 160, True, Priority.MEDIUM, "BP-H1", False), 161, 160),
        (LimitView(Vital.SYSTOLIC, 160, True, Priority.MEDIUM, "BP-H1", True), 160, 159),
        (LimitView(Vital.SYSTOLIC, 160, True, Priority.MEDIUM, "BP-H1", False), 160.4, 159.9),
        (LimitView(Vital.SYSTOLIC, 160, True, Priority.MEDIUM, "BP-H1", True), 160.4, 159.9),
        (LimitView(Vital.SYSTOLIC, 90, False, Priority.MEDIUM, "BP-L1", False), 89, 90),
        (LimitView(Vital.SYSTOLIC, 90, False, Priority.MEDIUM, "BP-L1", True), 90, 91),
        (LimitView(Vital.SYSTOLIC, 90, False, Priority.MEDIUM, "BP-L1", False), 89.6, 90.2),
    ],
)
def test_a_bar_is_coloured_just_where_the_alarm_begins(
    limit: LimitView, crossed: float, clear: float
) -> None:
    cuffs = (CuffReading(400, crossed, 60, None), CuffReading(700, clear, 60, None))
    part = ChartPart("s1", True, (), cuffs)
    bars = chart_view(model_of(part), seen(limits=(limit,)), 800).furniture.bars
    assert [bar.colour for bar in bars] == [ColourRole.ALARM_MEDIUM, ColourRole.NIBP]


@pytest.mark.parametrize(("systolic", "is_yellow"), [(159, False), (160, False), (161, True)])
def test_the_limits_of_the_shipped_profile_colour_as_they_alarm(
    systolic: float, is_yellow: bool
) -> None:
    limits = AlarmBoard(default_profile()).limits()
    part = ChartPart("s1", True, (), (CuffReading(400, systolic, 98, None),))
    (bar,) = chart_view(model_of(part), seen(limits=limits), 800).furniture.bars
    assert (bar.colour is ColourRole.ALARM_MEDIUM) is is_yellow
    is_drawn = {(one.rule, one.vital): one.is_inclusive for one in limits}
    assert is_drawn["BP-H2", Vital.SYSTOLIC] is True
    assert is_drawn["BP-L1", Vital.SYSTOLIC] is is_drawn["BP-H1", Vital.SYSTOLIC] is False


def test_a_failed_attempt_is_no_bar_and_keeps_its_reason() -> None:
    part = ChartPart("s1", True, (), (CuffReading(400, None, None, None, "cuff leak"),))
    furniture = chart_view(model_of(part), seen(), 800).furniture
    assert furniture.bars == ()
    assert furniture.failed[0].text == "failed: cuff leak"


def test_labels_of_failed_attempts_never_overlap_and_every_mark_stays() -> None:
    labels = failed_labels([(float(n), "motion") for n in range(6)], minutes_per_pixel=0.1)
    assert len(labels) == 6
    for row in range(3):
        places = [label.x for label in labels if label.row == row and label.text]
        assert all(b - a > 9 for a, b in itertools.pairwise(places))
    assert labels[5].text == ""


def test_the_panes_widen_to_hold_every_value() -> None:
    part = ChartPart("s1", True, (pulse(1, 171.0),), (CuffReading(400, 244, 31, None),))
    ranges = dict(chart_view(model_of(part), seen(), 800).furniture.ranges)
    assert (ranges[Pane.PRESSURE].labelled[0], ranges[Pane.PRESSURE].labelled[-1]) == (20, 260)
    assert ranges[Pane.PULSE].labelled[-1] == 180


def test_the_alarm_lane_has_the_alarms_that_ran_and_those_in_the_log() -> None:
    kept = model_of(ChartPart("s1", True, log=(LogEntry(360.0, "SYS 182", Priority.HIGH),)))
    kept.note_alarms(snapshot(alarms=(alarm(), alarm(rule="x", state=AlarmState.PENDING))))
    marks = chart_view(kept, seen(), 800).alarms
    assert [(mark.low, mark.high) for mark in marks] == [
        ((NOW_S - 42 - 300) / 60, (NOW_S - 300) / 60),
        (1.0, 1.25),
    ]


def test_no_data_at_an_edge_of_the_chart_is_moved_in_and_never_cut() -> None:
    """Cut at the left it says "data"."""
    at_edges = [(0.1, 0.5), (89.5, 90.0)]
    left, right = gap_labels(at_edges, 0.0, 90.0, minutes_per_pixel=0.1)
    assert (left.text, right.text) == (NO_DATA, NO_DATA)
    assert left.x / 0.1 > 25  # half the word, at 12 pixels, is less wide
    assert right.x == pytest.approx(90.0 - left.x)
    assert gap_labels([(10.0, 20.0)], 0.0, 90.0, 0.1)[0].x == 15.0


def test_no_data_is_written_once_where_two_gaps_are_close_and_not_without_room() -> None:
    assert len(gap_labels([(10.0, 11.0), (12.0, 13.0)], 0.0, 90.0, 0.1)) == 1
    assert gap_labels([(0.1, 0.5)], 0.0, 4.0, 0.1) == ()
    assert gap_labels([(-9.0, -8.0)], 0.0, 90.0, 0.1) == ()


def test_the_chart_names_its_gaps() -> None:
    model = model_of(ChartPart("s1", True, (), (), (Gap(300.0, 330.0, "cable"),)))
    (label,) = chart_view(model, seen(), 800).furniture.gap_names
    assert label.text == NO_DATA
