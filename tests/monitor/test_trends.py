"""The chart as it grows: what lies between two marks, and nothing twice.

Knows trends. Must not know sessions.
"""

from hypothesis import given
from hypothesis import strategies as st

from monitor.chart_part import CuffReading, Gap, LogEntry, Sample
from monitor.trends import Mark, Trends
from monitor.vitals import Vital


def add(trends: Trends, what: int, t: float) -> None:
    """Append to one of the four lists."""
    if what == 0:
        trends.samples.append(Sample(Vital.SPO2, t, 97))
    elif what == 1:
        trends.cuffs.append(CuffReading(t, 120, 80, 93))
    elif what == 2:
        trends.gaps.append(Gap(t, t + 1, "cable"))
    else:
        trends.log.append(LogEntry(t, "line"))


def test_the_first_part_is_everything_up_to_the_mark() -> None:
    trends = Trends()
    for what in (0, 1, 2, 3, 0):
        add(trends, what, 1.0)
    part = trends.part("s1", None, trends.mark())
    assert (part.session_id, part.is_first) == ("s1", True)
    assert (len(part.samples), len(part.cuffs), len(part.gaps), len(part.log)) == (2, 1, 1, 1)


def test_what_comes_after_a_mark_is_in_no_part_up_to_it() -> None:
    trends = Trends()
    add(trends, 0, 1.0)
    mark = trends.mark()
    add(trends, 0, 2.0)
    assert [sample.t_s for sample in trends.part("s1", None, mark).samples] == [1.0]
    later = trends.part("s1", mark, trends.mark())
    assert ([sample.t_s for sample in later.samples], later.is_first) == ([2.0], False)


def test_an_empty_chart_has_a_first_part_too() -> None:
    assert Trends().mark() == Mark()
    assert Trends().part("s1", None, Mark()).is_first


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans())))
def test_however_it_is_cut_the_parts_make_up_the_whole(story: list[tuple[int, bool]]) -> None:
    trends, old, parts = Trends(), None, []
    for t, (what, is_cut) in enumerate(story):
        add(trends, what, float(t))
        if is_cut:
            parts.append(trends.part("s1", old, trends.mark()))
            old = trends.mark()
    parts.append(trends.part("s1", old, trends.mark()))
    assert [s for part in parts for s in part.samples] == trends.samples
    assert [c for part in parts for c in part.cuffs] == trends.cuffs
    assert [g for part in parts for g in part.gaps] == trends.gaps
    assert [line for part in parts for line in part.log] == trends.log
    assert [part.is_first for part in parts] == [True] + [False] * (len(parts) - 1)
