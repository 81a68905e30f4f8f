"""A wall clock that is set in a session: durations stay right, order is kept, the step is said.

The fault matrix's row 21; sleep and summer time are in test_clock_faults.py.
"""

import pytest

from tests.monitor.fakes import OPENED_UTC, Story

TO_1970_S = -OPENED_UTC.timestamp()


@pytest.mark.parametrize("by_s", [3600, -3600, 86_400, -86_400, TO_1970_S])
def test_a_clock_that_is_set_changes_no_duration_and_no_order_and_is_told(by_s: float) -> None:
    story = Story()
    story.up()
    story.cuff(130, 80)
    story.pulses(30, 71)
    before = story.t
    story.clock.step_wall_clock(by_s)
    story.pulses(30, 72)
    shown = story.shown()
    assert story.t == before + 30
    assert shown.pulse is not None
    assert shown.now_s - shown.pulse.at_s == 0
    assert story.kept("clock") == [{"by_s": by_s}]
    times = [row.stamp.t_s for row in story.rows]
    assert times == sorted(times)
    assert [row.stamp.seq for row in story.rows] == list(range(1, len(story.rows) + 1))
    assert [alarm.rule for alarm in shown.alarms] == []
