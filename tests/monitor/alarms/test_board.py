"""The board as a whole: order, limits, restoring, and what must hold for any course of events.

Knows the board's public methods and the shipped profile.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, nan
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.board import AlarmBoard, Transition
from monitor.alarms.conditions import evaluate, raised_memory
from monitor.alarms.cuff_conditions import CuffMemory
from monitor.alarms.evidence import Cuff, Evidence
from monitor.alarms.finding import Look
from monitor.alarms.limit_rules import LimitRule
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile
from monitor.alarms.rules import Latch, Tier
from monitor.alarms.watch import Watch, restored
from monitor.errors import BugError
from monitor.snapshot import AlarmState, AlarmView
from monitor.vitals import Vital

if TYPE_CHECKING:
    from conftest import Chair


def order(chair: "Chair") -> list[str]:
    return [f"{view.rule} {view.state}" for view in chair.board.views()]


def test_what_sounds_is_first_then_the_most_urgent_then_the_oldest(chair: "Chair") -> None:
    chair.fault(1, "no audio device")
    chair.tick(6)
    chair.pulses(6, 21, 131)
    chair.frame(*range(22, 26))
    chair.cuff(26, 184, 101)
    assert order(chair) == ["BP-H2 sounding", "TECH-9 sounding", "HR-H1 sounding"]
    chair.acknowledge(27, "TECH-9")
    assert order(chair) == ["BP-H2 sounding", "HR-H1 sounding", "TECH-9 acknowledged"]
    chair.pulse(30, 131)
    chair.tick(31.5)
    assert order(chair)[-2:] == ["TECH-3 sounding", "TECH-9 acknowledged"]


def test_acknowledging_one_rule_leaves_the_others_and_an_unknown_one_does_nothing(
    chair: "Chair",
) -> None:
    chair.fault(1, "no audio device")
    chair.cuff(2, 184, 101)
    assert chair.board.acknowledge(3, "no such rule") == ()
    chair.acknowledge(3, "BP-H2")
    assert order(chair) == ["TECH-9 sounding", "BP-H2 acknowledged"]
    assert chair.board.acknowledge(4, "BP-H2") == ()


def test_acknowledging_a_pending_alarm_changes_nothing(chair: "Chair") -> None:
    chair.pulse(0, 131)
    assert chair.board.acknowledge(1) == ()
    chair.pulses(1, 15, 131)
    assert chair.state("HR-H1") == "sounding"


def test_a_tick_without_news_changes_nothing(chair: "Chair") -> None:
    chair.cuff(2, 184, 101)
    assert chair.board.tick(2) == ()
    assert chair.board.tick(3) == ()


def test_values_that_no_rule_looks_at_are_no_matter(chair: "Chair") -> None:
    chair.board.value(Vital.HEART_RATE, 1, 20)
    chair.board.value(Vital.RESPIRATORY_RATE, 1, 2)
    chair.board.rated("Dissociation", 1, 10)
    chair.board.fault("disk", "full")
    chair.tick(1)
    assert chair.log == []


def test_the_limits_to_draw_are_those_of_the_profile(profile: Profile) -> None:
    drawn = [
        (limit.rule, limit.vital, limit.value, limit.is_upper, limit.priority)
        for limit in AlarmBoard(profile).limits()
    ]
    assert drawn == [
        ("BP-H3", Vital.SYSTOLIC, 200, True, Priority.HIGH),
        ("BP-H3", Vital.DIASTOLIC, 120, True, Priority.HIGH),
        ("BP-H2", Vital.SYSTOLIC, 180, True, Priority.HIGH),
        ("BP-H2", Vital.DIASTOLIC, 110, True, Priority.HIGH),
        ("BP-L2", Vital.SYSTOLIC, 80, False, Priority.HIGH),
        ("BP-H1", Vital.SYSTOLIC, 160, True, Priority.MEDIUM),
        ("BP-H1", Vital.DIASTOLIC, 100, True, Priority.MEDIUM),
        ("BP-L1", Vital.SYSTOLIC, 90, False, Priority.MEDIUM),
        ("BP-L1", Vital.DIASTOLIC, 50, False, Priority.MEDIUM),
        ("HR-H2", Vital.PULSE_RATE, 140, True, Priority.HIGH),
        ("HR-L2", Vital.PULSE_RATE, 40, False, Priority.HIGH),
        ("HR-H1", Vital.PULSE_RATE, 120, True, Priority.MEDIUM),
        ("HR-L1", Vital.PULSE_RATE, 50, False, Priority.MEDIUM),
        ("O2-2", Vital.SPO2, 88, False, Priority.HIGH),
        ("O2-1", Vital.SPO2, 92, False, Priority.MEDIUM),
    ]


@pytest.mark.parametrize(
    ("state", "until_s", "ended_s", "then"),
    [
        (AlarmState.QUIET, None, None, "nothing"),
        (AlarmState.PENDING, None, None, "nothing"),
        (AlarmState.SOUNDING, None, None, "sounding"),
        (AlarmState.ACKNOWLEDGED, 900, None, "acknowledged"),
        (AlarmState.ACKNOWLEDGED, None, None, "sounding"),
        (AlarmState.UNSEEN, None, 400, "unseen"),
        (AlarmState.UNSEEN, None, None, "unseen"),
    ],
)
def test_a_restored_alarm_is_as_it_was_or_louder(
    chair: "Chair", state: AlarmState, until_s: float, ended_s: float, then: str
) -> None:
    chair.board.restore("HR-H1", Priority.MEDIUM, state, 300, until_s, ended_s)
    assert chair.state("HR-H1") == then
    chair.board.tick(500)
    assert chair.state("HR-H1") == then


def test_restoring_an_alarm_that_the_profile_does_not_have_is_a_bug(chair: "Chair") -> None:
    with pytest.raises(BugError, match="no rule BP-H2 of low priority"):
        chair.board.restore("BP-H2", Priority.LOW, AlarmState.SOUNDING, 1, None, None)


def latching_silence(profile: Profile) -> AlarmBoard:
    """Two tiers that latch, as BP-H1 will have."""
    rules = tuple(
        replace(rule, latch=Latch.VISUAL) for rule in profile.rules if rule.id == "TECH-3"
    )
    return AlarmBoard(replace(profile, rules=rules))


def test_a_milder_tier_that_goes_on_is_shown_beside_a_worse_one_that_ended(
    profile: Profile,
) -> None:
    board = latching_silence(profile)
    board.tick(16)
    for t in (17, 18, 19):
        board.frame(t)
        board.tick(t)
    assert [(v.priority, v.state) for v in board.views()] == [(Priority.MEDIUM, AlarmState.UNSEEN)]
    board.tick(25)
    goes_on, over = board.views()
    assert (goes_on.priority, goes_on.state) == (Priority.LOW, AlarmState.SOUNDING)
    assert (over.priority, over.state) == (Priority.MEDIUM, AlarmState.UNSEEN)
    board.acknowledge(26, "TECH-3", goes_on.since_s)
    assert [view.state for view in board.views()] == [AlarmState.ACKNOWLEDGED, AlarmState.UNSEEN]
    for t in (27, 28, 29):
        board.frame(t)
        board.tick(t)
    assert [(v.priority, v.state) for v in board.views()] == [(Priority.MEDIUM, AlarmState.UNSEEN)]
    changes = board.acknowledge(30, "TECH-3", over.since_s)
    assert [change.new for change in changes] == [AlarmState.QUIET]
    assert board.views() == ()


events = st.one_of(
    st.tuples(st.just("tick")),
    st.tuples(st.just("frame")),
    st.tuples(
        st.just("pulse"), st.sampled_from([None, 30.0, 90.0, 114.0, 118.0, 131.0, 150.0, nan])
    ),
    st.tuples(st.just("spo2"), st.sampled_from([None, 84.0, 91.0, 98.0])),
    st.tuples(
        st.just("cuff"),
        st.sampled_from([75.0, 85.0, 120.0, 165.0, 170.0, 175.0, 184.0, 205.0, nan]),
        st.sampled_from([45.0, 80.0, 105.0, 112.0]),
    ),
    st.tuples(st.just("failed")),
    st.tuples(st.just("fault"), st.sampled_from(["", "no audio device"])),
    st.tuples(st.just("acknowledge"), st.sampled_from(["", "BP-H2", "BP-H1", "HR-H1", "TECH-3"])),
)
histories = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 1.0, 4.0, 20.0, 130.0]), events))


def note(board: AlarmBoard, t: float, event: tuple) -> None:
    match event:
        case ("frame",):
            board.frame(t)
        case ("pulse", value):
            board.value(Vital.PULSE_RATE, t, value)
        case ("spo2", value):
            board.value(Vital.SPO2, t, value)
        case ("failed",):
            board.evidence.cuff_failed(t)
        case ("cuff", systolic, diastolic):
            board.pressure(t, systolic, diastolic)
        case ("fault", text):
            board.fault("sound", text)


def tell(board: AlarmBoard, t: float, event: tuple) -> tuple[Transition, ...]:
    if event[0] == "acknowledge":
        return board.acknowledge(t, event[1])
    note(board, t, event)
    return board.tick(t)


def place(view: AlarmView) -> tuple[bool, bool, int, bool]:
    """What is heard, then what somebody knows, then what is silently over; worse ones first."""
    is_over = view.state is AlarmState.UNSEEN
    return (not view.is_heard, is_over and not view.is_heard, -view.priority, is_over)


@given(histories)
def test_for_any_history_the_transitions_are_a_whole_story(
    profile: Profile, history: list[tuple[float, tuple]]
) -> None:
    board, twin, t = AlarmBoard(profile), AlarmBoard(profile), 0.0
    states: dict[tuple[str, Priority], AlarmState] = {}
    for seconds, event in history:
        t += seconds
        changes = tell(board, t, event)
        assert tell(twin, t, event) == changes, "the same story is always told the same way"
        for change in changes:
            key = (change.rule, change.priority)
            assert change.old is states.get(key, AlarmState.QUIET) is not change.new
            assert change.text
            assert all(isfinite(value) for value in change.value.values()), "no NaN is told"
            states[key] = change.new
        hidden = {AlarmState.QUIET, AlarmState.PENDING}
        shown = {alarm for alarm, state in states.items() if state not in hidden}
        views = board.views()
        assert {(view.rule, view.priority) for view in views} == shown
        assert len(views) == len(shown)
        assert list(views) == sorted(views, key=place)
        for name, priorities in going_on(profile, views).items():
            assert len(priorities) == 1, f"the worst of {name} alone is announced"


@given(histories)
def test_for_any_history_a_restart_makes_nothing_quieter(
    profile: Profile, history: list[tuple[float, tuple]]
) -> None:
    board, t, last, on_record = AlarmBoard(profile), 0.0, {}, []
    for seconds, event in history:
        t += seconds
        if event[0] in ("cuff", "pulse", "spo2", "failed"):
            on_record.append((t, event))
        last |= {(change.rule, change.priority): change for change in tell(board, t, event)}
    last |= {(change.rule, change.priority): change for change in board.tick(t)}
    resumed = AlarmBoard(profile, opened_s=t)
    for at, event in on_record:
        note(resumed, at, event)
    for (rule, priority), change in last.items():
        since_s = change.since_s or 0.0
        resumed.restore(rule, priority, change.new, since_s, change.until_s, change.ended_s)
    before = [
        (v.rule, v.priority, v.state, v.since_s, v.until_s, v.is_heard) for v in board.views()
    ]
    resumed.tick(t)
    after = [
        (v.rule, v.priority, v.state, v.since_s, v.until_s, v.is_heard) for v in resumed.views()
    ]
    # Silences of the link are not on record, so a value may be missed earlier, never later.
    assert [view for view in after if view[0] != "TECH-2" or view in before] == before


def going_on(profile: Profile, views: Sequence[AlarmView]) -> dict[str, list[Priority]]:
    """The announced alarms of each group that go on and look the same way."""
    found: dict[str, list[Priority]] = {}
    for view in views:
        rule = profile.rule(view.rule)
        if view.state is not AlarmState.UNSEEN:
            way = rule.is_upper if isinstance(rule, LimitRule) else None
            found.setdefault(f"{rule.group or rule.id} {way}", []).append(view.priority)
    return found


def test_what_is_no_rule_state_or_memory_is_never_passed_over_in_silence(profile: Profile) -> None:
    evidence, tier, rule = Evidence(0.0), Tier(Priority.HIGH), profile.rules[0]
    look = Look(evidence, 0.0, is_raised=False)
    with pytest.raises(AssertionError):
        evaluate("no rule", tier, None, look)
    assert raised_memory("no rule", None, look) is None
    with pytest.raises(AssertionError):
        restored("no state", 0.0, None, None)
    with pytest.raises(AssertionError):
        Watch(rule, tier).restore("no state", evidence, 0.0)
    with pytest.raises(AssertionError):
        evaluate(rule, tier, CuffMemory(excess="no excess"), look_at(Cuff(1.0, 120, 80)))
    with pytest.raises(AssertionError):
        evaluate(rule, tier, CuffMemory(1, excess="no excess"), look_at(Cuff(1.0, 120, 80)))


def look_at(cuff: Cuff) -> Look:
    evidence = Evidence(0.0)
    evidence.pressure(cuff)
    return Look(evidence, cuff.t, is_raised=False)
