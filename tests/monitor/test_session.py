"""A session told as stories: device events, time and commands in, rows and a picture out.

Knows the public methods of Session and a clock that moves when told. Must not know threads.
"""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channel_messages import Acknowledge, EndInfusion, EndSession, StartInfusion
from monitor.errors import OperatorError
from monitor.events import CuffPhase, CuffState, DeviceNotice, LinkUp, NoticeCode
from monitor.readings import Quality
from monitor.records import SessionOpened
from monitor.snapshot import LinkState, Phase
from monitor.vitals import Vital, is_possible
from tests.monitor.fakes import OPENED_UTC, Story, happenings, pressures, readings, transitions

START, END_INFUSION, END = StartInfusion("s1"), EndInfusion("s1"), EndSession("s1")


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def live(story: Story) -> Story:
    story.up()
    return story


# ---- rows


def test_a_new_session_leaves_its_opening_and_its_phase(story: Story) -> None:
    opened, phase = story.rows
    assert isinstance(opened, SessionOpened)
    assert (phase.stamp.seq, phase.stamp.t_s, phase.stamp.utc) == (2, 0.0, OPENED_UTC)
    assert story.kept("phase") == [{"phase": "baseline"}]


def test_rows_are_numbered_without_holes_and_carry_both_times(live: Story) -> None:
    live.clock.advance(1.5)
    live.read(Vital.SPO2, 97)
    live.cuff(190, 95)
    live.wait(20)
    live.acknowledge()
    assert live.seqs() == list(range(1, len(live.rows) + 1))
    row = readings(live.rows)[0]
    assert (row.stamp.t_s, row.stamp.utc) == (1.5, OPENED_UTC + timedelta(seconds=1.5))
    assert (row.device, row.vital, row.value, row.source) == ("ge_s5", Vital.SPO2, 97, "oximeter")


def test_a_frame_without_values_leaves_no_row(live: Story) -> None:
    assert live.frame() == []


def test_a_cuff_reading_keeps_when_it_was_taken(live: Story) -> None:
    live.clock.advance(100)
    live.cuff(128, 76, 93, age_s=40)
    row = pressures(live.rows)[0]
    assert row.taken_utc == OPENED_UTC + timedelta(seconds=60)
    assert live.shown().pressure is not None
    assert live.shown().pressure.taken_s == pytest.approx(60)
    assert live.session.picture.trends.cuffs[0].t_s == pytest.approx(60)


def test_what_the_device_says_in_words_is_kept_and_listed(live: Story) -> None:
    now = live.clock.now()
    live.say(CuffState(0, now, CuffPhase.MEASURING))
    assert live.shown().cuff_is_measuring
    live.say(CuffState(0, now, CuffPhase.IDLE))
    live.say(DeviceNotice(0, now, NoticeCode.FAILED, "no value"))
    assert not live.shown().cuff_is_measuring
    assert live.kept("cuff") == [{"phase": "measuring"}, {"phase": "idle"}]
    assert live.session.picture.trends.cuffs[-1].failed == "no value"
    log = [entry.text for entry in live.session.picture.trends.log]
    assert log[-2:] == ["no value", "Blood pressure could not be measured"]


# ---- impossible values


@pytest.mark.parametrize(
    ("vital", "value"),
    [
        (Vital.PULSE_RATE, 19),
        (Vital.PULSE_RATE, 301),
        (Vital.SPO2, 0),
        (Vital.SPO2, 101),
        (Vital.HEART_RATE, 301),
    ],
)
def test_an_impossible_value_is_kept_and_never_shown(
    live: Story, vital: Vital, value: float
) -> None:
    live.read(vital, value)
    row = readings(live.rows)[0]
    assert (row.value, row.quality) == (value, Quality.OUT_OF_RANGE)
    assert live.session.picture.numerics[vital].value is None
    assert [sample.value for sample in live.session.picture.trends.samples] == [None]


@pytest.mark.parametrize("value", [20, 300])
def test_the_outermost_possible_values_are_shown(live: Story, value: float) -> None:
    live.pulse(value)
    assert live.shown().pulse is not None
    assert live.shown().pulse.value == value


def test_an_impossible_pulse_never_alarms(live: Story) -> None:
    live.pulses(60, 301)
    assert transitions(live.rows, "HR-H1") == []


@pytest.mark.parametrize(
    ("systolic", "diastolic"),
    [(301, 150), (39, 22), (290, 251), (100, 19), (120, 113), (180, 180), (181, 190)],
)
def test_an_impossible_pressure_is_kept_and_neither_shown_nor_charted_nor_alarmed(
    live: Story, systolic: float, diastolic: float
) -> None:
    live.cuff(systolic, diastolic)
    row = pressures(live.rows)[0]
    assert (row.systolic, row.diastolic, row.quality) == (systolic, diastolic, "out_of_range")
    assert live.shown().pressure is None
    assert live.session.picture.trends.cuffs == []
    assert live.state("BP-H2") == "nothing"
    assert "not shown" in live.session.picture.trends.log[-1].text


def test_an_impossible_pressure_does_not_replace_the_one_shown(live: Story) -> None:
    live.cuff(130, 80)
    live.cuff(400, 80)
    assert live.shown().pressure is not None
    assert live.shown().pressure.systolic == 130


@pytest.mark.parametrize("nothing", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_kept_as_none_and_stops_nothing(live: Story, nothing: float) -> None:
    live.read(Vital.RESPIRATORY_RATE, nothing)
    live.pulse(nothing)
    assert [(row.value, row.quality) for row in readings(live.rows)] == [(None, "out_of_range")] * 2
    live.cuff(nothing, 80)
    assert pressures(live.rows) == []
    assert live.kept("notice")[0]["code"] == "out_of_range"
    live.cuff(120, 80, nothing)
    assert pressures(live.rows)[0].mean is None


@given(st.sampled_from(list(Vital)), st.floats(allow_nan=True))
def test_no_value_outside_what_is_possible_ever_reaches_the_screen(
    vital: Vital, value: float
) -> None:
    story = Story()
    story.read(vital, value)
    shown = story.session.picture.numerics[vital].value
    assert shown is None or (math.isfinite(shown) and is_possible(vital, shown))


# ---- invalid values


def test_a_null_breaks_the_line_and_says_why(live: Story) -> None:
    live.pulse(70)
    live.clock.advance(1)
    live.pulse(None)
    live.clock.advance(1)
    live.pulse(71)
    assert [s.value for s in live.session.picture.trends.samples] == [70, None, 71]
    assert readings(live.rows)[1].quality is Quality.SENSOR_OFF


@pytest.mark.parametrize("quality", [Quality.ARTIFACT, Quality.SEARCHING, Quality.LOW_PERFUSION])
def test_a_doubtful_value_is_kept_and_not_shown(live: Story, quality: Quality) -> None:
    live.read(Vital.PULSE_RATE, 150, quality=quality)
    assert readings(live.rows)[0].value == 150
    assert live.shown().pulse is not None
    assert (live.shown().pulse.value, live.shown().pulse.quality) == (None, quality)


# ---- alarms


def test_a_cuff_reading_alarms_in_the_same_pass(live: Story) -> None:
    new = live.cuff(184, 101)
    assert transitions(new) == ["BP-H2 high: quiet to sounding"]
    assert live.state("BP-H2") == "sounding"
    assert live.session.unanswered() == (0.0,)


def test_the_pulse_alarms_after_its_delay_and_the_row_says_why(live: Story) -> None:
    live.pulses(20, 131)
    assert transitions(live.rows, "HR-H1") == [
        "HR-H1 medium: quiet to pending",
        "HR-H1 medium: pending to sounding",
    ]
    assert live.session.picture.trends.log[-1].text == "Pulse 131 above 120"


def test_time_alone_raises_the_alarm_of_a_silent_device(story: Story) -> None:
    story.wait(16)
    assert transitions(story.rows) == [
        "TECH-3 low: quiet to sounding",
        "TECH-3 low: sounding to quiet",
        "TECH-3 medium: quiet to sounding",
    ]


def test_acknowledging_keeps_who_and_until_when(live: Story) -> None:
    live.cuff(184, 101)
    new = live.acknowledge("BP-H2")
    assert transitions(new) == ["BP-H2 high: sounding to acknowledged"]
    assert new[0].by == "nurse"  # type: ignore[union-attr]  # a TransitionKept
    view = live.alarm("BP-H2")
    assert view is not None
    assert view.until_s == 120
    assert live.session.unanswered() == ()


def test_acknowledging_what_does_not_sound_changes_nothing(live: Story) -> None:
    live.cuff(184, 101)
    assert live.acknowledge("HR-H1") == []
    assert live.state("BP-H2") == "sounding"


def test_an_alarm_that_nobody_has_seen_yet_is_not_acknowledged(live: Story) -> None:
    live.cuff(184, 101)
    seen = live.alarm("BP-H2")
    assert seen is not None
    live.wait(60)
    live.cuff(150, 92)
    live.cuff(190, 105)
    with pytest.raises(OperatorError, match="BP-H2 that began meanwhile"):
        live.do(Acknowledge("s1", "BP-H2", "nurse", seen.since_s))
    assert live.state("BP-H2") == "sounding"


def test_a_fault_of_this_computer_sounds_and_ends(live: Story) -> None:
    live.session.fault("sound", "no sound device")
    live.wait(0.25)
    assert live.state("TECH-9") == "sounding"
    live.session.fault("sound", "")
    live.wait(0.25)
    assert live.state("TECH-9") == "nothing"


# ---- what the device still shows from before


def test_a_reading_held_from_before_the_session_is_named_so_and_starts_nothing(
    live: Story,
) -> None:
    live.cuff(200, 120, 147, age_s=None, is_stale=True)
    shown = live.shown().pressure
    assert shown is not None
    assert (shown.systolic, shown.is_stale) == (200, True)
    assert live.session.picture.trends.cuffs == []
    assert live.shown().alarms == ()
    assert "unknown time" in live.session.picture.trends.log[-1].text


@pytest.mark.parametrize("is_known_stale", [True, False])
def test_one_that_differs_after_a_lost_link_was_taken_meanwhile_and_alarms(
    live: Story, is_known_stale: bool
) -> None:
    live.cuff(130, 80, age_s=None if is_known_stale else 0.0, is_stale=is_known_stale)
    live.down()
    live.wait(400)
    live.up()
    live.cuff(200, 120, age_s=None, is_stale=True)
    assert live.state("BP-H3") == "sounding"
    assert 200 not in [cuff.systolic for cuff in live.session.picture.trends.cuffs]


def test_a_failed_cuff_is_no_reading_that_makes_a_held_one_count(live: Story) -> None:
    live.say(DeviceNotice(0, live.clock.now(), NoticeCode.FAILED, "no value"))
    live.cuff(200, 120, age_s=None, is_stale=True)
    assert [view.rule for view in live.shown().alarms] == ["TECH-6"]


@pytest.mark.parametrize("is_stale", [True, False])
def test_the_same_inflation_shown_again_after_a_lost_link_is_dropped(
    live: Story, is_stale: bool
) -> None:
    live.cuff(130, 80, 97)
    live.down()
    live.wait(30)
    live.up()
    assert live.cuff(130, 80, 97, age_s=None, is_stale=is_stale) == []
    assert len(live.session.picture.trends.cuffs) == 1
    assert live.shown().pressure is not None
    assert not live.shown().pressure.is_stale


def test_a_new_inflation_with_the_same_numbers_is_kept(live: Story) -> None:
    live.cuff(130, 80, 97)
    live.clock.advance(300)
    live.cuff(130, 80, 97)
    assert len(pressures(live.rows)) == 2


def test_a_reading_carried_over_for_less_than_a_minute_is_charted_when_it_is_new(
    live: Story,
) -> None:
    live.cuff(184, 101, age_s=None)
    assert pressures(live.rows)[0].taken_utc is None
    assert len(live.session.picture.trends.cuffs) == 1
    assert live.state("BP-H2") == "sounding"


# ---- the link


def test_a_link_is_live_only_when_frames_come(story: Story) -> None:
    assert story.shown().link.state is LinkState.CONNECTING
    story.up()
    assert story.shown().link.state is LinkState.LIVE


@pytest.mark.parametrize(("is_silence", "state"), [(True, "silent"), (False, "lost")])
def test_a_link_that_goes_says_how(live: Story, is_silence: bool, state: str) -> None:
    live.clock.advance(3)
    live.down("no data", is_silence=is_silence)
    link = live.shown().link
    assert (link.state, link.reason, link.since_s) == (state, "no data", 3)


def test_how_long_the_link_is_down_counts_from_the_first_reason(live: Story) -> None:
    live.clock.advance(3)
    live.down("no data", is_silence=True)
    live.clock.advance(20)
    live.down("unplugged")
    live.clock.advance(5)
    live.down("the port does not exist")
    link = live.shown().link
    assert (link.state, link.reason, link.since_s) == (
        LinkState.LOST,
        "the port does not exist",
        3,
    )
    live.up()
    assert live.shown().link.since_s == 28


def test_a_lost_link_leaves_one_gap_from_the_last_frame_to_the_next(live: Story) -> None:
    live.pulses(10, 70)
    live.frame()
    live.clock.advance(2)
    live.down("cable pulled")
    live.wait(7)
    live.down("no such port")
    live.wait(1)
    assert live.kept("gap") == []
    live.up()
    assert live.kept("gap") == [{"from_s": 10, "to_s": 20, "reason": "no such port"}]
    live.up()
    assert len(live.kept("gap")) == 1


def test_a_lost_link_breaks_every_line(live: Story) -> None:
    live.pulse(70)
    live.read(Vital.SPO2, 97)
    live.clock.advance(1)
    live.down()
    last = {s.vital: (s.t_s, s.value) for s in live.session.picture.trends.samples}
    assert last == {Vital.PULSE_RATE: (1, None), Vital.SPO2: (1, None)}


def test_a_cuff_under_way_is_not_known_of_any_more_when_the_link_goes(live: Story) -> None:
    live.say(CuffState(0, live.clock.now(), CuffPhase.MEASURING))
    live.down()
    assert not live.shown().cuff_is_measuring


def test_each_of_fifty_losses_is_a_gap_even_when_no_frame_followed_the_link(
    story: Story,
) -> None:
    for _ in range(50):
        story.say(LinkUp(story.clock.now()))
        story.wait(1)
        story.down()
        story.wait(1)
    story.up()
    gaps = story.kept("gap")
    assert len(gaps) == 50
    assert all(gap["to_s"] - gap["from_s"] == 2 for gap in gaps)  # type: ignore[operator]  # floats


def test_a_device_that_comes_late_leaves_no_gap(story: Story) -> None:
    story.down("no such port")
    story.wait(60)
    story.up()
    assert story.kept("gap") == []


def test_a_link_that_is_lost_when_the_session_ends_leaves_its_gap(live: Story) -> None:
    live.pulses(10, 70)
    live.down("cable pulled")
    live.wait(30)
    live.do(END)
    assert live.kept("gap") == [{"from_s": 10, "to_s": 40, "reason": "cable pulled"}]
    assert live.kept("phase")[-1] == {"phase": "ended"}


def test_a_link_that_works_when_the_session_ends_leaves_none(live: Story) -> None:
    live.do(END)
    assert live.kept("gap") == []


# ---- the source of the pulse


def test_the_oximeter_goes_before_other_sources(live: Story) -> None:
    live.pulse(70)
    live.pulse(99, "ecg")
    assert live.shown().pulse is not None
    assert (live.shown().pulse.value, live.shown().pulse.source) == (70, "oximeter")
    assert [row.value for row in readings(live.rows)] == [70, 99]
    assert [s.value for s in live.session.picture.trends.samples] == [70]


def test_another_source_serves_when_the_oximeter_was_away_for_more_than_ten_seconds(
    live: Story,
) -> None:
    live.pulse(70)
    live.clock.advance(10)
    live.pulse(99, "ecg")
    assert live.shown().pulse.value == 70  # type: ignore[union-attr]  # it was read
    live.clock.advance(0.5)
    live.pulse(99, "ecg")
    assert live.shown().pulse.source == "ecg"  # type: ignore[union-attr]  # it was read
    live.pulse(71)
    assert live.shown().pulse.source == "oximeter"  # type: ignore[union-attr]  # it was read


def test_an_oximeter_that_goes_on_saying_invalid_is_away_too(live: Story) -> None:
    """GE monitors send the oximeter's fields in every record, probe or not."""
    live.pulse(70)
    seen = []
    for _ in range(20):
        live.clock.advance(1)
        live.pulse(None)
        live.pulse(131, "ecg")
        pulse = live.shown().pulse
        assert pulse is not None
        seen.append((pulse.value, pulse.source))
    assert seen == [(None, "oximeter")] * 10 + [(131, "ecg")] * 10


def test_when_both_are_away_the_oximeter_says_why(live: Story) -> None:
    live.pulse(70, "ecg")
    for _ in range(12):
        live.clock.advance(1)
        live.pulse(None)
        live.pulse(None, "ecg")
    pulse = live.shown().pulse
    assert pulse is not None
    assert (pulse.value, pulse.source) == (None, "oximeter")


def test_a_value_that_is_not_shown_does_not_alarm_either(live: Story) -> None:
    for _ in range(60):
        live.clock.advance(1)
        live.pulse(70)
        live.pulse(180, "ecg")
    assert transitions(live.rows, "HR-H1") == []


# ---- phases and commands


def test_phases_come_in_their_order(live: Story) -> None:
    live.wait(300, step_s=10)
    live.do(START)
    live.wait(100, step_s=10)
    live.do(END_INFUSION)
    live.wait(50, step_s=10)
    live.do(END)
    shown = live.shown()
    assert (shown.infusion_started_s, shown.infusion_ended_s) == (300, 400)
    assert (shown.phase, live.session.is_over) == (Phase.ENDED, True)
    phases = [detail["phase"] for detail in live.kept("phase")]
    assert phases == ["baseline", "infusion", "recovery", "ended"]


@pytest.mark.parametrize(
    ("before", "senseless"),
    [
        ([], [END_INFUSION]),
        ([START], [START]),
        ([START, END_INFUSION], [START, END_INFUSION]),
        ([START, END_INFUSION, END], [START, END_INFUSION, END]),
        ([END], [START, END]),
    ],
)
def test_a_command_that_makes_no_sense_changes_nothing(
    live: Story,
    before: list[StartInfusion | EndInfusion | EndSession],
    senseless: list[StartInfusion | EndInfusion | EndSession],
) -> None:
    for command in before:
        live.do(command)
    seen = live.shown()
    assert [live.do(command) for command in senseless] == [[]] * len(senseless)
    assert live.shown() == seen


def test_an_infusion_ends_with_the_session_at_the_latest(live: Story) -> None:
    live.do(START)
    live.wait(60, step_s=10)
    live.do(END)
    assert live.shown().infusion_ended_s == 60


# ---- the wall clock


@pytest.mark.parametrize("step_s", [3600, -3600, 86_400, -86_400, -1.7e9, 2.5])
def test_a_step_of_the_wall_clock_is_recorded_once_and_changes_nothing_else(
    live: Story, step_s: float
) -> None:
    live.pulses(10, 131)
    live.cuff(130, 80, age_s=4)
    live.wait(1)
    before = live.shown()
    live.clock.step_wall_clock(step_s)
    live.wait(0.25)
    after = live.shown()
    assert live.kept("clock") == [{"by_s": step_s}]
    assert (after.pulse, after.pressure, after.alarms) == (
        before.pulse,
        before.pressure,
        before.alarms,
    )
    assert after.now_s == before.now_s + 0.25
    live.wait(60)
    assert len(live.kept("clock")) == 1


def test_alarms_keep_their_times_through_a_clock_step(live: Story) -> None:
    live.pulses(10, 131)
    live.clock.step_wall_clock(3600)
    live.pulses(5, 131)
    assert live.state("HR-H1") == "nothing"
    live.pulses(1, 131)
    assert live.state("HR-H1") == "sounding"
    live.acknowledge()
    live.clock.step_wall_clock(-7200)
    live.pulses(299, 131)
    assert live.state("HR-H1") == "acknowledged"
    live.pulses(1, 131)
    assert live.state("HR-H1") == "sounding"


def test_a_reading_with_an_age_keeps_its_moment_through_a_clock_step(live: Story) -> None:
    live.clock.advance(1000)
    live.clock.step_wall_clock(-3600)
    live.cuff(130, 80, age_s=100)
    assert live.shown().pressure is not None
    assert live.shown().pressure.taken_s == pytest.approx(900)


def test_a_clock_that_is_put_right_slowly_is_no_event(live: Story) -> None:
    for _ in range(100):
        live.clock.step_wall_clock(0.05)
        live.wait(0.25)
    assert live.kept("clock") == []


# ---- bad frames


def test_bad_frames_are_counted_at_once_and_recorded_once_a_minute(live: Story) -> None:
    live.wait(61)
    live.bad(3)
    assert live.shown().link.bad_frames == 3
    assert live.kept("bad_frames") == [{"count": 3}]
    for _ in range(50):
        live.bad()
        live.wait(1)
    assert live.shown().link.bad_frames == 53
    assert len(live.kept("bad_frames")) == 1
    live.wait(10)
    assert live.kept("bad_frames") == [{"count": 3}, {"count": 53}]
    live.wait(600, step_s=5)
    assert len(live.kept("bad_frames")) == 2


def test_bad_frames_of_the_last_minute_are_recorded_when_the_session_ends(live: Story) -> None:
    live.bad(2)
    live.do(END)
    assert live.kept("bad_frames") == [{"count": 2}]


def test_a_bad_frame_is_no_sign_of_life(live: Story) -> None:
    for _ in range(7):
        live.clock.advance(1)
        live.bad()
    assert live.state("TECH-3") == "sounding"


def test_every_happening_is_of_a_known_kind(live: Story) -> None:
    live.bad()
    live.down()
    live.clock.step_wall_clock(60)
    live.wait(61)
    live.up()
    live.do(END)
    known = {"phase", "link", "gap", "notice", "cuff", "bad_frames", "clock", "resumed"}
    assert {row.kind for row in happenings(live.rows)} <= known
