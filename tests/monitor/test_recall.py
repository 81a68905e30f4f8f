"""A session that comes back from its rows: as if nobody had left, but for the gap.

Knows Session.resume and the rows of a told session. Must not know storage.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channel_messages import EndInfusion, StartInfusion
from monitor.clock import ManualClock
from monitor.events import CuffPhase, CuffState
from monitor.picture import Picture
from monitor.snapshot import LinkState, Phase
from monitor.vitals import Vital
from tests.monitor.fakes import Story, opened_record, transitions


@pytest.fixture
def live() -> Story:
    story = Story()
    story.up()
    return story


# ---- what is as before


def test_the_picture_is_as_it_was_and_numbers_go_on(live: Story) -> None:
    live.pulses(10, 71)
    live.read(Vital.SPO2, 97)
    live.cuff(130, 80, 97)
    live.do(StartInfusion("s1"))
    back = live.killed_and_back(away_s=4)
    before, after = live.shown(), back.shown()
    assert (after.pulse, after.spo2, after.pressure) == (
        before.pulse,
        before.spo2,
        before.pressure,
    )
    assert (after.phase, after.infusion_started_s) == (Phase.INFUSION, 10)
    assert after.now_s == pytest.approx(before.now_s + 4)
    assert back.session.picture.trends.cuffs == live.session.picture.trends.cuffs
    assert back.seqs() == list(range(1, len(back.rows) + 1))
    back.up()
    back.do(EndInfusion("s1"))
    assert back.shown().phase is Phase.RECOVERY
    assert back.seqs() == list(range(1, len(back.rows) + 1))


def test_a_session_of_which_only_the_opening_was_kept_comes_back(live: Story) -> None:
    back = live.resumed([], ManualClock(live.clock.now().utc, monotonic=1.0))
    assert [row.stamp.seq for row in back.rows] == [1, 2, 3]
    assert back.kept("gap") == []
    assert back.shown().phase is Phase.BASELINE


def test_ages_go_on_through_the_time_away(live: Story) -> None:
    live.pulse(71)
    back = live.killed_and_back(away_s=30)
    shown = back.shown()
    assert shown.pulse is not None
    assert shown.now_s - shown.pulse.at_s == 30


# ---- what tells of the time away


def test_the_time_away_is_a_gap_once_the_device_is_back(live: Story) -> None:
    live.pulses(10, 71)
    back = live.killed_and_back(away_s=4)
    assert back.kept("resumed") == [{"away_s": 4}]
    assert (back.shown().link.state, back.shown().link.reason) == (
        LinkState.CONNECTING,
        "recording was interrupted",
    )
    assert back.kept("gap") == []
    back.wait(2)
    back.up()
    assert back.kept("gap") == [{"from_s": 10, "to_s": 16, "reason": "recording was interrupted"}]
    assert back.session.picture.trends.samples[-1].value is None


def test_a_gap_that_was_open_when_it_died_begins_with_the_last_value(live: Story) -> None:
    """Alarms that sound again are rows too, but no sign of the device."""
    live.pulses(10, 71)
    live.down()
    live.wait(100)
    assert live.state("TECH-3") == "sounding"
    back = live.killed_and_back(away_s=4).killed_and_back(away_s=5)
    back.up()
    assert [(gap["from_s"], gap["to_s"]) for gap in back.kept("gap")] == [(10, 119)]


def test_a_session_killed_fifty_times_has_fifty_gaps_that_do_not_overlap(live: Story) -> None:
    story = live
    for _ in range(50):
        story.pulses(2, 71)
        story = story.killed_and_back(away_s=3)
        story.up()
    gaps = [(gap["from_s"], gap["to_s"]) for gap in story.kept("gap")]
    assert gaps == [(5 * n + 2, 5 * n + 5) for n in range(50)]
    assert story.seqs() == list(range(1, len(story.rows) + 1))


# ---- the wall clock while nobody looked


def test_a_clock_set_back_meanwhile_never_takes_the_session_back(live: Story) -> None:
    live.pulses(100, 71)
    live.clock.step_wall_clock(-3600)
    back = live.killed_and_back(away_s=4)
    assert back.shown().now_s == 100
    assert back.kept("resumed") == [{"away_s": 0, "is_sure": False}]
    assert [round(float(str(row["by_s"]))) for row in back.kept("clock")] == [-3596]
    back.wait(10)
    assert len(back.kept("clock")) == 1


@pytest.mark.parametrize("step_s", [3600, -3600, 86_400])
def test_a_clock_that_was_set_before_changes_nothing_of_the_time_away(
    live: Story, step_s: float
) -> None:
    live.pulses(10, 71)
    live.clock.step_wall_clock(step_s)
    live.pulses(10, 71)
    live.cuff(184, 101)
    live.acknowledge()
    back = live.killed_and_back(away_s=4)
    assert back.shown().now_s == 24
    assert back.kept("resumed") == [{"away_s": 4}]
    back.wait(100)
    assert back.state("BP-H2") == "acknowledged"


# ---- alarms


def test_a_sounding_alarm_still_sounds(live: Story) -> None:
    live.cuff(184, 101)
    back = live.killed_and_back(away_s=4)
    assert (back.state("BP-H2"), back.alarm("BP-H2").since_s) == ("sounding", 0)  # type: ignore[union-attr]  # it sounds
    back.wait(60)
    assert back.state("BP-H2") == "sounding"
    back.up()
    back.cuff(160, 95)
    assert back.state("BP-H2") == "unseen"


def test_an_acknowledgement_keeps_its_end(live: Story) -> None:
    live.cuff(184, 101)
    live.wait(10)
    live.acknowledge()
    live.wait(50)
    back = live.killed_and_back(away_s=40)
    assert back.state("BP-H2") == "acknowledged"
    back.wait(29.75)
    assert back.state("BP-H2") == "acknowledged"
    back.wait(0.25)
    assert back.state("BP-H2") == "sounding"


def test_an_acknowledgement_that_ran_out_meanwhile_sounds_at_once(live: Story) -> None:
    live.cuff(184, 101)
    live.acknowledge()
    back = live.killed_and_back(away_s=500)
    back.wait(0.25)
    assert back.state("BP-H2") == "sounding"


def test_an_alarm_that_ended_unseen_still_waits_to_be_seen(live: Story) -> None:
    live.cuff(184, 101)
    live.wait(60)
    live.cuff(130, 80)
    back = live.killed_and_back(away_s=4)
    back.wait(5)
    assert back.state("BP-H2") == "unseen"
    back.acknowledge()
    assert back.state("BP-H2") == "nothing"


def test_an_alarm_that_is_over_does_not_come_back(live: Story) -> None:
    live.cuff(184, 101)
    live.wait(60)
    live.cuff(130, 80)
    live.acknowledge()
    assert live.state("BP-H2") == "nothing"
    back = live.killed_and_back(away_s=4)
    back.wait(4)
    assert back.state("BP-H2") == "nothing"


def test_a_reading_whose_alarm_was_not_yet_kept_sounds_when_back(live: Story) -> None:
    live.cuff(184, 101)
    rows = [row for row in live.later_rows() if not transitions([row])]
    back = live.resumed(rows, ManualClock(live.clock.now().utc, monotonic=1.0))
    back.wait(0.25)
    assert transitions(back.rows, "BP-H2") == ["BP-H2 high: quiet to sounding"]


def test_silence_is_counted_anew_and_an_old_silence_ends_with_three_frames(live: Story) -> None:
    live.wait(16)
    back = live.killed_and_back(away_s=4)
    assert back.state("TECH-3") == "sounding"
    known = transitions(back.rows, "TECH-3")
    back.wait(0.25)
    assert transitions(back.rows, "TECH-3") == known
    back.up()
    back.frame()
    assert back.state("TECH-3") == "sounding"
    back.frame()
    assert back.state("TECH-3") == "nothing"


# ---- the same inflation


def test_what_the_device_shows_again_after_the_restart_is_not_kept_twice(live: Story) -> None:
    live.cuff(184, 101, 129)
    back = live.killed_and_back(away_s=4)
    back.up()
    assert back.cuff(184, 101, 129, age_s=None) == []
    back.cuff(190, 105, 133, age_s=None, is_stale=True)
    assert back.session.picture.pressure is not None
    assert back.session.picture.pressure.systolic == 190


# ---- any session, cut anywhere

Step = Callable[[Story], object]


def pulse(value: float | None, source: str) -> Step:
    return lambda story: story.pulse(value, source)


def cuff(systolic: float, diastolic: float, age_s: float | None, is_stale: bool) -> Step:
    return lambda story: story.cuff(
        systolic, diastolic, age_s=None if is_stale else age_s, is_stale=is_stale
    )


def wait(seconds: float) -> Step:
    return lambda story: story.wait(seconds, step_s=1)


def step_clock(seconds: float) -> Step:
    return lambda story: story.clock.step_wall_clock(seconds)


def inflate(story: Story) -> object:
    return story.say(CuffState(0, story.clock.now(), CuffPhase.MEASURING))


def bedside(story: Story) -> object:
    """Pulses for a while, as an alarm with a delay needs them."""
    return story.pulses(16, 131)


steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        pulse, st.sampled_from([None, 10, 71, 131, 301]), st.sampled_from(["oximeter", "ecg"])
    ),
    st.builds(
        cuff,
        st.sampled_from([120, 165, 184, 400]),
        st.sampled_from([80, 101, 113]),
        st.sampled_from([None, 0.0, 90.0]),
        st.booleans(),
    ),
    st.builds(wait, st.sampled_from([0.3, 3, 7, 20, 125])),
    st.builds(step_clock, st.sampled_from([-3600, 1, 3600])),
    st.sampled_from(
        [
            Story.up,
            Story.down,
            Story.frame,
            Story.bad,
            Story.acknowledge,
            inflate,
            bedside,
            lambda story: story.do(StartInfusion("s1")),
            lambda story: story.do(EndInfusion("s1")),
        ]
    ),
)


def told(story_steps: list[Step]) -> Story:
    story = Story()
    for step in story_steps:
        step(story)
    story.wait(0.25)  # a clock that was set last of all is on record, too
    return story


@given(st.lists(steps, max_size=15), st.data())
def test_any_session_cut_at_any_row_is_what_its_rows_say_and_goes_on(
    story_steps: list[Step], data: st.DataObject
) -> None:
    story = told(story_steps)
    rows = story.later_rows()
    assert picture_of(rows) == story.session.picture
    kept = rows[: data.draw(st.integers(0, len(rows)))]
    clock = ManualClock(story.clock.now().plus(data.draw(st.integers(-7200, 7200))).utc)
    back = story.resumed(kept, clock)
    before, after = picture_of(kept), back.session.picture
    assert (after.numerics, after.pressure, after.phase) == (
        before.numerics,
        before.pressure,
        before.phase,
    )
    assert after.trends.cuffs == before.trends.cuffs
    assert after.trends.gaps == before.trends.gaps
    assert after.trends.log[: len(before.trends.log)] == before.trends.log
    assert after.bad_frames == before.bad_frames
    assert back.t >= max((row.stamp.t_s for row in kept), default=0) - 1e-6
    back.up()
    back.pulse(80)
    back.wait(1)
    assert back.seqs() == list(range(1, len(back.rows) + 1))
    assert picture_of(back.later_rows()) == back.session.picture


@given(st.lists(steps, max_size=15))
def test_every_alarm_of_any_session_comes_back_in_its_state(story_steps: list[Step]) -> None:
    story = told(story_steps)
    back = story.killed_and_back(away_s=0)
    assert alarms_of(back) == alarms_of(story)
    back.say()
    story.say()
    assert alarms_of(back) == alarms_of(story)


def picture_of(rows: list) -> Picture:  # type: ignore[type-arg]  # rows of any kind
    picture = Picture(opened_record())
    for row in rows:
        picture.absorb(row)
    return picture


def alarms_of(story: Story) -> list[tuple[str, str, float, float | None]]:
    return [
        (view.rule, view.state.value, round(view.since_s, 6), view.until_s)
        for view in story.shown().alarms
    ]
