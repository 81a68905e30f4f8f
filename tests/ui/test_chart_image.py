"""The picture of a session: true to the record, and drawn without Qt."""

import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from monitor.chart_part import Gap
from monitor.errors import OperatorError
from monitor.readings import Quality
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    SessionOpened,
    SessionRow,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.storage.stored import StoredSession
from monitor.vitals import Vital
from ui.chart_facts import (
    alarm_spans,
    axis_of,
    gaps_of,
    limits_of,
    lone_points,
    spread,
    trend_of,
)
from ui.chart_image import SENTENCE, draw, draw_chart
from ui.chart_sheet import Sheet, new_figure

OPENED = datetime(2026, 11, 19, 9, 16, tzinfo=UTC)


class Story:
    """Writes a session row by row."""

    def __init__(self, *, is_simulated: bool = True, profile: dict | None = None) -> None:
        self._rows: list[SessionRow] = []
        raw = dict(default_profile().raw) if profile is None else profile
        self._opened = SessionOpened(
            self._stamp(0.0),
            "Chair 1",
            "Demo $1$",
            "ge_s5",
            "/dev/pts/3",
            is_simulated,
            2400.0,
            300.0,
            "CET",
            3600,
            "0.1.0",
            raw,
        )

    def _stamp(self, t_s: float) -> Stamp:
        return Stamp("5e55101", len(self._rows) + 2, t_s, OPENED + timedelta(seconds=t_s))

    def happens(self, t_s: float, kind: str, **detail) -> "Story":
        self._rows.append(HappeningKept(self._stamp(t_s), kind, detail))
        return self

    def pulse(self, *times_s: float, value: float | None = 72.0) -> "Story":
        quality = Quality.SENSOR_OFF if value is None else Quality.OK
        for t_s in times_s:
            stamp = self._stamp(t_s)
            row = ReadingKept(stamp, "ge_s5", Vital.PULSE_RATE, value, quality, "oximeter")
            self._rows.append(row)
        return self

    def cuff(self, t_s: float, systolic: float, diastolic: float) -> "Story":
        stamp = self._stamp(t_s)
        row = PressureKept(
            stamp, "ge_s5", systolic, diastolic, None, None, stamp.utc, False, Quality.OK
        )
        self._rows.append(row)
        return self

    def alarm(self, t_s: float, old: AlarmState, new: AlarmState) -> "Story":
        stamp, limit = self._stamp(t_s), {"systolic": 180.0}
        row = TransitionKept(stamp, "BP-H2", Priority.HIGH, old, new, {}, limit, "SYS 184")
        self._rows.append(row)
        return self

    @property
    def stored(self) -> StoredSession:
        return StoredSession(self._opened, tuple(self._rows))


@pytest.fixture
def story() -> Story:
    return (
        Story()
        .happens(0.0, "link", state="live", reason="")
        .pulse(1.0, 2.0, 3.0)
        .cuff(120.0, 118.0, 74.0)
        .happens(600.0, "phase", phase="infusion")
        .cuff(900.0, 184.0, 101.0)
        .alarm(900.0, AlarmState.QUIET, AlarmState.SOUNDING)
        .alarm(960.0, AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)
        .alarm(1200.0, AlarmState.ACKNOWLEDGED, AlarmState.QUIET)
        .happens(1300.0, "notice", code="failed", text="cuff leak")
        .happens(1500.0, "gap", from_s=1400.0, to_s=1500.0, reason="cable pulled")
        .happens(3000.0, "phase", phase="recovery")
        .happens(4200.0, "phase", phase="ended")
    )


def _texts(stored: StoredSession) -> list[str]:
    figure = new_figure()
    draw(Sheet.of(stored, figure))
    found = [text.get_text() for text in figure.texts]
    for pane in figure.axes:
        found += [text.get_text() for text in pane.texts]
        found += [label.get_text() for label in pane.get_yticklabels()]
    return found


def test_the_picture_is_a_png_of_1600_by_900(story: Story, tmp_path: Path) -> None:
    draw_chart(story.stored, tmp_path / "chart.png")
    content = (tmp_path / "chart.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (1600, 900)


def test_an_existing_file_is_never_written_over(story: Story, tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_text("mine")
    with pytest.raises(OperatorError, match="exists already"):
        draw_chart(story.stored, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_text() == "mine"


def test_a_session_without_any_reading_is_drawn(tmp_path: Path) -> None:
    draw_chart(Story(profile={}).stored, tmp_path / "chart.png")
    assert "NO INFUSION" in _texts(Story(profile={}).stored)


def test_simulated_data_says_so_across_the_picture(story: Story) -> None:
    assert _texts(story.stored).count("SIMULATED") == 2
    assert "SIMULATED" not in _texts(Story(is_simulated=False).stored)


def test_it_says_what_it_is_not(story: Story) -> None:
    assert SENTENCE in _texts(story.stored)
    assert SENTENCE == "Secondary display. Not a primary alarm device."


def test_it_names_cuff_readings_limits_and_alarms(story: Story) -> None:
    texts = _texts(story.stored)
    assert {"118/74", "184/101", "SYS 180  BP-H2", "PR 120  HR-H1", "!!! BP-H2"} <= set(texts)
    assert "failed: cuff leak" in texts


def test_no_text_is_cut_off_and_none_lies_on_another(story: Story) -> None:
    figure = new_figure()
    draw(Sheet.of(story.stored, figure))
    figure.canvas.draw()
    texts = [text for text in figure.texts if text.get_rotation() == 0]
    for pane in figure.axes:
        low, high = sorted(pane.get_ylim())
        shown = [
            tick.label1 for tick in pane.yaxis.get_major_ticks() if low <= tick.get_loc() <= high
        ]
        texts += [*shown, *pane.texts, *pane.get_xticklabels(), pane.yaxis.label]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    cut = [text for text, b in boxes if b.x0 < 0 or b.y0 < 0 or b.x1 > 1600 or b.y1 > 900]
    assert cut == []
    pairs = [(a, b) for (a, box), (b, other) in combinations(boxes, 2) if box.overlaps(other)]
    assert pairs == []


@pytest.mark.parametrize("baseline_s", [0.0, 60.0, 300.0, 600.0])
@pytest.mark.parametrize("infusion_s", [60.0, 270.0, 300.0, 330.0, 2400.0])
def test_the_names_of_short_phases_never_touch(baseline_s: float, infusion_s: float) -> None:
    told = Story().pulse(1.0).happens(baseline_s, "phase", phase="infusion")
    told.happens(baseline_s + infusion_s, "phase", phase="recovery")
    figure = new_figure()
    draw(Sheet.of(told.happens(5000.0, "phase", phase="ended").stored, figure))
    names = ("BASELINE", "INFUSION", "RECOVERY")
    boxes = [
        text.get_window_extent()
        for pane in figure.axes
        for text in pane.texts
        if text.get_text().startswith(names)
    ]
    assert boxes
    for left, right in pairwise(sorted(boxes, key=lambda box: box.x0)):
        assert right.x0 - left.x1 >= 6


def test_the_axis_begins_with_the_infusion_and_reaches_at_least_90_minutes(story: Story) -> None:
    axis = axis_of(story.stored)
    assert (axis.x(600.0), axis.low, axis.high) == (0.0, -10.0, 90.0)
    assert axis.ticks()[1] == (0.0, "start\n10:26")


def test_the_axis_grows_with_a_longer_session() -> None:
    stored = Story().happens(0.0, "phase", phase="infusion").pulse(5460.0).stored
    assert axis_of(stored).high == 105.0


def test_a_line_is_broken_at_an_invalid_value_and_over_more_than_ten_seconds() -> None:
    stored = Story().pulse(0.0, 10.0).pulse(11.0, value=None).pulse(12.0, 23.0).stored
    times, values = trend_of(stored.picture(), Vital.PULSE_RATE)
    assert list(np.isnan(values)) == [False, False, True, False, True, False]
    assert lone_points(values) == [3, 5]
    assert list(times[~np.isnan(values)]) == [0.0, 10.0, 12.0, 23.0]


def test_an_alarm_is_drawn_from_onset_to_end_in_its_states(story: Story) -> None:
    spans = [(span.state.value, span.from_s, span.to_s) for span in alarm_spans(story.stored)]
    assert spans == [("sounding", 900.0, 960.0), ("acknowledged", 960.0, 1200.0)]


def test_an_alarm_that_never_ended_lasts_to_the_end_of_the_record() -> None:
    sounding = Story().alarm(60.0, AlarmState.QUIET, AlarmState.SOUNDING).pulse(600.0)
    assert [span.to_s for span in alarm_spans(sounding.stored)] == [600.0]


def test_without_a_usable_profile_the_limits_are_those_that_alarms_met() -> None:
    stored = Story(profile={"of": "another version"})
    stored.alarm(60.0, AlarmState.QUIET, AlarmState.SOUNDING)
    assert [(limit.vital, limit.value) for limit in limits_of(stored.stored)] == [
        (Vital.SYSTOLIC, 180.0)
    ]


def test_a_link_still_lost_at_the_end_is_a_gap_too() -> None:
    story = Story().happens(1500.0, "gap", from_s=1400.0, to_s=1500.0, reason="cable pulled")
    story.happens(4300.0, "link", state="lost", reason="cable pulled").pulse(4400.0)
    gaps = gaps_of(story.stored, story.stored.picture())
    assert gaps == [
        Gap(1400.0, 1500.0, "cable pulled"),
        Gap(4300.0, 4400.0, "cable pulled"),
    ]


def test_names_of_close_limits_are_moved_apart() -> None:
    assert spread([110.0, 100.0, 101.0], 10.0) == [120.0, 100.0, 110.0]


def test_drawing_imports_neither_qt_nor_pyplot() -> None:
    names = "[name for name in sys.modules if 'PySide' in name or 'pyplot' in name]"
    code = f"import sys, ui.chart_image; print({names})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
