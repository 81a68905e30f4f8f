"""Floods and chatter: the same while they happen and afterwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.crowds import Crowd, Onset, chatter, floods
from monitor.alarms.flood import FloodWatch
from monitor.alarms.priority import Priority

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH


def told(*onsets: Onset) -> FloodWatch:
    watch = FloodWatch()
    for t, (rule, priority) in onsets:
        watch.began(t, rule, priority)
    return watch


def different(*times: float) -> list[Onset]:
    return [(t, (f"R{i}", LOW)) for i, t in enumerate(times)]


def same(*times: float) -> list[Onset]:
    return [(t, ("TECH-3", LOW)) for t in times]


def test_nothing_is_neither_flood_nor_chatter() -> None:
    watch = FloodWatch()
    assert not watch.is_flood(0.0)
    assert watch.chattering(0.0) == ()
    assert floods([]) == chatter([]) == ()


@pytest.mark.parametrize(("last_s", "is_flood"), [(599.0, True), (600.0, True), (600.5, False)])
def test_five_alarms_in_ten_minutes_are_a_flood(last_s: float, is_flood: bool) -> None:
    onsets = different(0.0, 1.0, 2.0, 3.0, last_s)
    assert told(*onsets).is_flood(last_s) is is_flood
    assert floods(onsets) == ((Crowd(0.0, last_s, 5),) if is_flood else ())


def test_four_alarms_are_no_flood_however_close() -> None:
    assert not told(*different(0.0, 0.0, 0.0, 0.0)).is_flood(0.0)
    assert floods(different(0.0, 0.0, 0.0, 0.0)) == ()


def test_a_flood_is_over_when_time_has_passed_without_another_alarm() -> None:
    watch = told(*different(0.0, 10.0, 20.0, 30.0, 40.0))
    assert watch.is_flood(600.0)
    assert not watch.is_flood(600.5)


@pytest.mark.parametrize(("last_s", "chatters"), [(600.0, True), (600.5, False)])
def test_three_onsets_of_one_alarm_in_ten_minutes_are_chatter(
    last_s: float, chatters: bool
) -> None:
    onsets = same(0.0, 5.0, last_s)
    assert told(*onsets).chattering(last_s) == (("TECH-3",) if chatters else ())
    assert chatter(onsets) == ((Crowd(0.0, last_s, 3, "TECH-3"),) if chatters else ())


def test_an_alarm_that_gets_worse_does_not_chatter() -> None:
    onsets = [(t, ("TECH-3", each)) for t in (0.0, 60.0) for each in (LOW, MEDIUM)]
    assert told(*onsets).chattering(60.0) == ()
    assert chatter(onsets) == ()


def test_two_tiers_that_both_chatter_are_one_rule_while_it_happens() -> None:
    onsets = [(t, ("TECH-3", each)) for t in (0.0, 60.0, 120.0) for each in (LOW, MEDIUM)]
    assert told(*onsets).chattering(120.0) == ("TECH-3",)


def test_floods_that_share_an_alarm_are_one_and_others_are_two() -> None:
    assert floods(different(*(i * 140.0 for i in range(9)))) == (Crowd(0.0, 1120.0, 9),)
    joined = different(0.0, 1.0, 2.0, 3.0, 600.0, 1150.0, 1160.0, 1170.0, 1180.0)
    assert floods(joined) == (Crowd(0.0, 1180.0, 9),)
    far = different(0.0, 1.0, 2.0, 3.0, 4.0, 700.0, 701.0, 702.0, 703.0, 704.0)
    assert floods(far) == (Crowd(0.0, 4.0, 5), Crowd(700.0, 704.0, 5))


def test_a_time_that_runs_backwards_hides_no_flood() -> None:
    assert told(*different(700.0, 50.0, 701.0, 702.0, 703.0, 704.0)).is_flood(704.0)


def test_what_began_long_ago_takes_no_room() -> None:
    watch = told(*((t * 10.0, (f"R{t}", LOW)) for t in range(1000)))
    assert len(watch._of) <= 61  # 10 min at one new alarm every 10 s, both ends included
    assert len(watch._latest) == 5


alarms = st.tuples(st.sampled_from(["A", "B", "C"]), st.sampled_from(list(Priority)))
gaps = st.floats(0, 400) | st.sampled_from([0.0, 150.0, 300.0, 600.0])


@st.composite
def sessions(draw: st.DrawFn) -> list[Onset]:
    t, onsets = 0.0, []
    for gap, alarm in draw(st.lists(st.tuples(gaps, alarms), max_size=40)):
        t += gap
        onsets.append((t, alarm))
    return onsets


@given(sessions(), st.floats(0, 700))
def test_the_watch_counts_what_began_in_the_last_ten_minutes(
    onsets: list[Onset], later_s: float
) -> None:
    now = (onsets[-1][0] if onsets else 0.0) + later_s
    recent = [alarm for t, alarm in onsets if now - t <= 600.0]
    watch = told(*onsets)
    assert watch.is_flood(now) == (len(recent) >= 5)
    expected = {alarm[0] for alarm in recent if recent.count(alarm) >= 3}
    assert watch.chattering(now) == tuple(sorted(expected))


@given(sessions())
def test_the_whole_session_shows_the_crowds_that_the_watch_saw(onsets: list[Onset]) -> None:
    watch = FloodWatch()
    in_flood: set[int] = set()
    rules: set[str] = set()
    for i, (t, (rule, priority)) in enumerate(onsets):
        watch.began(t, rule, priority)
        rules |= set(watch.chattering(t))
        if watch.is_flood(t):
            in_flood |= {j for j in range(i + 1) if t - onsets[j][0] <= 600.0}
    found = floods(onsets)
    assert sum(flood.onsets for flood in found) == len(in_flood)
    assert {onsets[i][0] for i in in_flood} == {
        t for t, _ in onsets if any(f.from_s <= t <= f.to_s for f in found)
    }
    assert {crowd.rule for crowd in chatter(onsets)} == rules
