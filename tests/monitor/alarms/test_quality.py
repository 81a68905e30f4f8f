"""The alarm figures of one session, from rows made by hand."""

import random
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.crowds import Crowd
from monitor.alarms.priority import Priority
from monitor.alarms.quality import AlarmQuality, alarm_quality, percentile
from monitor.snapshot import AlarmState
from tests.monitor.alarms.rows import (
    ACKNOWLEDGED,
    HIGH,
    LOW,
    MEDIUM,
    PENDING,
    QUIET,
    REFUTED,
    SOUNDING,
    UNSEEN,
    Rows,
)


def test_a_session_without_rows_has_no_shares() -> None:
    quality = alarm_quality([])
    assert quality == AlarmQuality()
    shares = (
        quality.per_hour,
        quality.urgent_per_hour,
        quality.mix,
        quality.confirmed_share,
        quality.acknowledged_share,
        quality.acknowledged_median_s,
        quality.acknowledged_p90_s,
        quality.paused_share,
        quality.audio_off_share,
        quality.alarm_off_share,
    )
    assert shares == (None,) * 10


def test_a_quiet_hour_has_a_rate_of_nothing_but_no_mix() -> None:
    quality = alarm_quality([], 3600.0)
    assert (quality.per_hour, quality.urgent_per_hour, quality.paused_share) == (0.0, 0.0, 0.0)
    assert quality.mix is None


def test_onsets_are_counted_by_priority_and_rule_and_by_the_hour() -> None:
    rows = Rows()
    rows.alarm(10, "HR-H1", MEDIUM, QUIET, PENDING)
    rows.alarm(25, "HR-H1", MEDIUM, PENDING, SOUNDING)
    rows.alarm(40, "HR-H1", MEDIUM, SOUNDING, UNSEEN)
    rows.alarm(50, "HR-H1", MEDIUM, UNSEEN, SOUNDING)
    rows.onset(60, "BP-H2", HIGH)
    rows.onset(70, "TECH-3", LOW)
    rows.end(1800)
    quality = alarm_quality(rows.kept)
    assert quality.by_priority == {HIGH: 1, MEDIUM: 2, LOW: 1}
    assert quality.by_rule == {"HR-H1": 2, "BP-H2": 1, "TECH-3": 1}
    assert (quality.onsets, quality.urgent, quality.hours) == (4, 3, 0.5)
    assert (quality.per_hour, quality.urgent_per_hour) == (8.0, 6.0)
    assert quality.mix == {HIGH: 0.25, MEDIUM: 0.5, LOW: 0.25}


def test_what_sounds_again_is_no_new_alarm() -> None:
    rows = Rows()
    rows.onset(10)
    rows.alarm(30, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    rows.alarm(330, "HR-H1", MEDIUM, ACKNOWLEDGED, SOUNDING)
    rows.alarm(400, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.realarms) == (1, 1)
    assert quality.acknowledged_s == (20.0,)
    assert quality.acknowledged_share == 1.0


def test_an_alarm_that_a_worse_one_had_covered_is_no_onset_when_already_acknowledged() -> None:
    rows = Rows()
    rows.alarm(10, "BP-H1", MEDIUM, QUIET, ACKNOWLEDGED)
    rows.alarm(20, "BP-H1", MEDIUM, ACKNOWLEDGED, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.acknowledged, quality.ended) == (0, 0, 0)


def test_alarms_that_end_by_themselves_are_counted_apart() -> None:
    rows = Rows()
    for t, end in ((0, QUIET), (100, UNSEEN), (300, UNSEEN)):
        rows.onset(t)
        rows.alarm(t + 20, "HR-H1", MEDIUM, SOUNDING, end)
    rows.alarm(360, "HR-H1", MEDIUM, UNSEEN, QUIET)
    rows.onset(400)
    rows.alarm(410, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    rows.onset(500)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.acknowledged, quality.ended) == (5, 1, 3)
    assert (quality.seen_later, quality.unanswered) == (1, 1)
    assert quality.acknowledged_s == (10.0,)
    assert quality.acknowledged_share == 0.2


def test_an_acknowledged_alarm_that_sounded_again_and_ended_counts_as_acknowledged_only() -> None:
    rows = Rows()
    rows.onset(0)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    rows.alarm(310, "HR-H1", MEDIUM, ACKNOWLEDGED, SOUNDING)
    rows.alarm(320, "HR-H1", MEDIUM, SOUNDING, UNSEEN)
    rows.alarm(330, "HR-H1", MEDIUM, UNSEEN, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.acknowledged, quality.ended, quality.seen_later) == (1, 0, 0)


def test_an_unseen_one_that_came_back_is_not_seen_later_by_what_follows() -> None:
    rows = Rows()
    rows.onset(0)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, UNSEEN)
    rows.alarm(20, "HR-H1", MEDIUM, UNSEEN, SOUNDING)
    rows.alarm(30, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    rows.alarm(330, "HR-H1", MEDIUM, ACKNOWLEDGED, SOUNDING)
    rows.alarm(340, "HR-H1", MEDIUM, SOUNDING, UNSEEN)
    rows.alarm(350, "HR-H1", MEDIUM, UNSEEN, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.ended, quality.seen_later, quality.acknowledged) == (1, 0, 1)


@pytest.mark.parametrize("worse_first", [False, True])
def test_an_alarm_that_gives_way_to_a_worse_one_did_not_end_by_itself(worse_first: bool) -> None:
    rows = Rows()
    rows.onset(0, "TECH-3", LOW)
    worse = (10, "TECH-3", MEDIUM, QUIET, SOUNDING)
    if worse_first:
        rows.alarm(*worse)
    rows.alarm(10, "TECH-3", LOW, SOUNDING, QUIET, since_s=0.0)
    if not worse_first:
        rows.alarm(*worse)
    rows.alarm(30, "TECH-3", MEDIUM, SOUNDING, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.overtaken, quality.ended) == (2, 1, 1)
    assert quality.unanswered == 0


def test_an_alarm_that_ends_as_a_worse_one_begins_ended_by_itself() -> None:
    rows = Rows()
    rows.onset(0, "HR-H1", MEDIUM)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, QUIET)
    rows.onset(10, "HR-H2", HIGH)
    quality = alarm_quality(rows.kept)
    assert (quality.overtaken, quality.ended, quality.unanswered) == (0, 1, 1)


def test_an_alarm_that_is_over_unseen_did_not_give_way() -> None:
    rows = Rows()
    rows.onset(0, "HR-H1", MEDIUM)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, UNSEEN)
    rows.onset(10, "HR-H2", HIGH)
    assert alarm_quality(rows.kept).ended == 1


def test_an_alarm_that_is_over_unseen_is_not_seen_because_a_worse_one_covers_it() -> None:
    rows = Rows()
    rows.onset(0, "HR-H1", MEDIUM)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, UNSEEN, since_s=0.0)
    rows.onset(20, "HR-H2", HIGH)
    rows.alarm(20, "HR-H1", MEDIUM, UNSEEN, QUIET, since_s=0.0)
    quality = alarm_quality(rows.kept)
    assert (quality.ended, quality.seen_later, quality.overtaken) == (1, 0, 0)
    rows.alarm(30, "HR-H1", MEDIUM, QUIET, UNSEEN, since_s=0.0)
    rows.alarm(40, "HR-H1", MEDIUM, UNSEEN, QUIET)
    assert alarm_quality(rows.kept).seen_later == 1


def test_an_alarm_that_ends_as_a_worse_one_is_acknowledged_did_not_give_way() -> None:
    rows = Rows()
    rows.onset(0, "HR-H1", MEDIUM)
    rows.onset(5, "HR-H2", HIGH)
    rows.alarm(10, "HR-H2", HIGH, SOUNDING, ACKNOWLEDGED)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.overtaken, quality.ended, quality.acknowledged) == (0, 1, 1)


def test_a_covered_alarm_that_is_announced_again_was_announced_twice() -> None:
    rows = Rows()
    rows.onset(0, "HR-H1", MEDIUM)
    rows.alarm(10, "HR-H1", MEDIUM, SOUNDING, QUIET, since_s=0.0)
    rows.onset(10, "HR-H2", HIGH)
    rows.alarm(60, "HR-H2", HIGH, SOUNDING, UNSEEN)
    rows.alarm(60, "HR-H1", MEDIUM, QUIET, SOUNDING)
    rows.alarm(70, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.overtaken, quality.ended) == (3, 1, 1)
    assert quality.acknowledged_s == (10.0,)


def test_the_times_to_acknowledge_have_a_middle_and_a_ninetieth_percentile() -> None:
    rows = Rows()
    for i in range(1, 11):
        rows.onset(i * 100.0)
        rows.alarm(i * 100.0 + i, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
        rows.alarm(i * 100.0 + 50, "HR-H1", MEDIUM, ACKNOWLEDGED, QUIET)
    quality = alarm_quality(rows.kept)
    assert (quality.acknowledged_median_s, quality.acknowledged_p90_s) == (5.0, 9.0)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [((7.0,), 50, 7.0), ((1.0, 2.0, 3.0), 50, 2.0), ((1.0, 2.0), 90, 2.0), ((), 90, None)],
)
def test_a_percentile_is_one_of_the_values(
    values: tuple[float, ...], percent: int, expected: float | None
) -> None:
    assert percentile(values, percent) == expected


def test_floods_and_chatter_are_shown_with_their_time() -> None:
    rows = Rows()
    for t in (10.0, 60.0, 110.0):
        rows.onset(t, "TECH-3", LOW)
    rows.onset(120.0, "BP-H2", HIGH)
    rows.onset(130.0, "HR-H1", MEDIUM)
    quality = alarm_quality(rows.kept)
    assert quality.floods == (Crowd(10.0, 130.0, 5),)
    assert quality.chatter == (Crowd(10.0, 110.0, 3, "TECH-3"),)


# ---- whatever the rows


states = st.sampled_from(list(AlarmState))
times = st.floats(0, 10_000)
alarm_rows = st.tuples(
    times,
    st.sampled_from(["BP-H1", "BP-H2", "TECH-3"]),
    st.sampled_from(list(Priority)),
    states,
    states,
    st.sampled_from(["", REFUTED]),
)
audio_rows = st.tuples(
    times, st.sampled_from(["on", "paused", "off"]), st.none() | st.floats(0, 20_000)
)
switch_rows = st.tuples(times, st.sampled_from(["A", "B"]), st.booleans())


@st.composite
def any_rows(draw: st.DrawFn) -> Rows:
    rows = Rows()
    told = st.lists(alarm_rows | audio_rows | switch_rows, max_size=40)
    for each in sorted(draw(told), key=lambda row: row[0]):
        match each:
            case (t_s, rule, priority, old, new, text):
                rows.alarm(t_s, rule, priority, old, new, text)
            case (t_s, rule, bool(is_off)):
                rows.switch(t_s, rule, is_off=is_off)
            case (t_s, state, until_s):
                rows.audio(t_s, state, until_s)
    if draw(st.booleans()):
        rows.end(draw(times))
    return rows


@given(any_rows())
def test_shares_lie_between_nothing_and_all_and_parts_make_the_whole(rows: Rows) -> None:
    quality = alarm_quality(rows.kept)
    shares = (
        quality.confirmed_share,
        quality.acknowledged_share,
        quality.paused_share,
        quality.audio_off_share,
        quality.alarm_off_share,
    )
    assert all(each is None or 0.0 <= each <= 1.0 for each in shares)
    assert quality.onsets == sum(quality.by_rule.values())
    assert quality.unanswered >= 0
    assert quality.seen_later <= quality.ended
    assert quality.confirmed >= 0
    if quality.mix is not None:
        assert isclose(sum(quality.mix.values()), 1.0)
    quiet = quality.silenced
    assert quiet.paused_s + quiet.audio_off_s <= quality.session_s + 1e-6


@given(any_rows(), st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(rows: Rows, chance: random.Random) -> None:
    shuffled = list(rows.kept)
    chance.shuffle(shuffled)
    assert alarm_quality(shuffled) == alarm_quality(rows.kept)


def test_of_rows_of_one_second_the_number_decides() -> None:
    rows = Rows()
    rows.alarm(5, "HR-H1", MEDIUM, QUIET, SOUNDING)
    rows.alarm(5, "HR-H1", MEDIUM, SOUNDING, ACKNOWLEDGED)
    rows.alarm(5, "HR-H1", MEDIUM, ACKNOWLEDGED, QUIET)
    assert alarm_quality(reversed(rows.kept)).acknowledged_s == (0.0,)
