"""The alarm figures of many sessions together."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.priority import Priority
from monitor.alarms.quality import AlarmQuality, alarm_quality
from monitor.alarms.quality_over_all import over_all
from tests.monitor.alarms.rows import ACKNOWLEDGED, HIGH, LOW, MEDIUM, SOUNDING, Rows


def session(urgent: int = 0, low: int = 0) -> AlarmQuality:
    """An hour with so many onsets at its beginning, each of another alarm."""
    rows = Rows()
    for i in range(urgent):
        rows.onset(i * 1.0, f"HR-{i}", MEDIUM)
    for i in range(low):
        rows.onset(i * 1.0, f"O2-{i}", LOW)
    rows.end(3600)
    return alarm_quality(rows.kept)


def test_no_session_has_neither_a_middle_nor_a_share() -> None:
    figures = over_all([])
    assert figures.sessions == 0
    assert figures.total == AlarmQuality()
    assert (figures.urgent_median, figures.urgent_p90) == (None, None)
    assert (figures.any_share, figures.urgent_share, figures.is_within_goal) == (None, None, None)


def test_the_spread_over_sessions_is_that_of_high_and_medium() -> None:
    sessions = [session()] * 6 + [session(low=9)] + [session(1), session(3), session(7)]
    figures = over_all(sessions)
    assert (figures.urgent_median, figures.urgent_p90) == (0.0, 3.0)
    assert (figures.sessions, figures.sessions_any, figures.sessions_urgent) == (10, 4, 3)
    assert (figures.any_share, figures.urgent_share) == (0.4, 0.3)
    assert figures.is_within_goal is True
    assert figures.sessions_flooded == 2
    assert figures.total.per_hour == 2.0


def test_either_goal_that_is_missed_is_missed() -> None:
    assert over_all([session(1)]).is_within_goal is False
    assert over_all([session()] * 8 + [session(4)] * 2).is_within_goal is False
    assert over_all([session()] * 9 + [session(4)]).is_within_goal is True


def test_times_to_acknowledge_are_those_of_all_sessions_and_not_of_their_middles() -> None:
    def answered(*seconds: float) -> AlarmQuality:
        rows = Rows()
        for i, after_s in enumerate(seconds):
            rows.onset(i * 1000.0, "BP-H2", HIGH)
            rows.alarm(i * 1000.0 + after_s, "BP-H2", HIGH, SOUNDING, ACKNOWLEDGED)
        return alarm_quality(rows.kept)

    total = over_all([answered(90.0), answered(10.0, 5.0, 20.0, 30.0)]).total
    assert total.acknowledged_s == (5.0, 10.0, 20.0, 30.0, 90.0)
    assert total.acknowledged_median_s == 20.0


def test_quiet_time_is_a_share_of_the_time_of_all_sessions() -> None:
    rows = Rows()
    rows.audio(0, "off")
    rows.end(1200)
    assert over_all([alarm_quality(rows.kept), session()]).total.audio_off_share == 0.25


counts = st.dictionaries(st.sampled_from(list(Priority)), st.integers(0, 9))
qualities = st.builds(
    AlarmQuality,
    session_s=st.integers(0, 9000).map(float),
    by_priority=counts,
    confirmed=st.integers(0, 5),
    refuted=st.integers(0, 5),
    acknowledged_s=st.lists(st.floats(0, 999), max_size=3).map(lambda s: tuple(sorted(s))),
    realarms=st.integers(0, 5),
)


@given(st.lists(qualities, max_size=12), st.integers(0, 12))
def test_parts_add_up_however_they_are_grouped(sessions: list[AlarmQuality], cut: int) -> None:
    whole = over_all(sessions).total
    halves = [over_all(sessions[:cut]).total, over_all(sessions[cut:]).total]
    assert over_all(halves).total == whole
    assert whole.onsets == sum(each.onsets for each in sessions)
    assert whole.urgent == sum(each.urgent for each in sessions)


@given(st.lists(qualities, min_size=1, max_size=12))
def test_the_spread_is_made_of_numbers_that_sessions_have(sessions: list[AlarmQuality]) -> None:
    figures = over_all(sessions)
    urgent = [each.urgent for each in sessions]
    median, p90 = figures.urgent_median, figures.urgent_p90
    assert median in urgent
    assert p90 in urgent
    assert median is not None
    assert p90 is not None
    assert median <= p90
    assert sum(each <= p90 for each in urgent) >= 0.9 * len(urgent)
    assert figures.sessions_urgent <= figures.sessions_any <= figures.sessions
