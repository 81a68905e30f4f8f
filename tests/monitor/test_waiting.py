"""A session that was away for long waits for an answer: shown and alarming, but not recorded.

Knows the engine's messages. Must not know storage or screens.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.channel_messages import (
    Acknowledge,
    EndInfusion,
    EndInterrupted,
    EndSession,
    OpenSession,
    ResumeSession,
    StartInfusion,
)
from monitor.clock import ManualClock
from monitor.coming_back import ASKED_AFTER_S
from monitor.engine import Chair, Engine
from monitor.events import BadFrame, LinkUp, Measured, ValidFrame
from monitor.held import Held
from monitor.readings import BloodPressure
from monitor.recall import Past
from monitor.records import Record, SessionOpened
from monitor.snapshot import LinkState, Phase, SessionSnapshot, WaitingView
from tests.monitor.fakes import (
    OPENED_UTC,
    PROFILE,
    Keeper,
    Story,
    happenings,
    opened_record,
    pressures,
    readings,
    transitions,
)
from tests.monitor.test_engine import Clinic

NURSE = "nurse"


def before(patient: str = "Patient A") -> tuple[Story, Past]:
    """What is on record of a session that died in its infusion, acknowledged alarm and all."""
    story = Story(ManualClock(OPENED_UTC, monotonic=100.0))
    story.up()
    story.pulses(60, 71)
    story.do(StartInfusion("s1"))
    story.bad(3)
    story.wait(61)
    story.cuff(184, 101, 129)
    story.acknowledge()
    opened = replace(opened_record(), patient=patient)
    return story, Past(opened, tuple(story.later_rows()), story.rows[-1].stamp.seq)


class Returned(Clinic):
    """A clinic whose first chair's session died, and came back so much later."""

    def __init__(self, away_s: float, past: Past | None = None, chairs: int = 2) -> None:
        super().__init__(chairs)
        self.story, on_record = before()
        self.past = past or on_record
        self.clock.advance(self.story.clock.now().monotonic - 100.0 + away_s)
        self.engine.resume(self.past)
        self.engine.tick()

    def waiting(self, chair: str = "Chair 1") -> WaitingView:
        found = self.shown(chair).waiting
        assert found is not None
        return found

    def stay(self, seconds: float) -> None:
        for _ in range(round(seconds * 4)):
            self.clock.advance(0.25)
            self.engine.tick()

    def kinds(self) -> list[str]:
        return [row.kind for row in happenings(self.keeper.rows)]


def states(shown: SessionSnapshot) -> list[tuple[object, ...]]:
    return [(one.rule, one.priority, one.state, one.since_s, one.until_s) for one in shown.alarms]


# ---- who is asked


def test_after_a_short_death_all_is_as_before_and_nobody_is_asked() -> None:
    clinic = Returned(away_s=ASKED_AFTER_S - 1)
    was, shown = clinic.story.shown(), clinic.shown()
    assert shown.waiting is None
    assert shown.now_s == pytest.approx(was.now_s + ASKED_AFTER_S - 1)
    assert (shown.patient, shown.phase, shown.infusion_started_s, shown.planned_infusion_s) == (
        was.patient,
        Phase.INFUSION,
        was.infusion_started_s,
        was.planned_infusion_s,
    )
    assert states(shown) == states(was)
    assert shown.alarms[0].until_s == pytest.approx(was.now_s + 120)
    assert shown.limits == was.limits
    assert (shown.pulse, shown.spo2, shown.pressure) == (was.pulse, was.spo2, was.pressure)
    assert shown.link.bad_frames == was.link.bad_frames == 3
    assert (shown.cuff_interval_s, shown.opened_utc) == (was.cuff_interval_s, was.opened_utc)
    assert clinic.kinds() == ["resumed", "link"]


def test_bad_frames_are_counted_on_from_what_is_on_record() -> None:
    clinic = Returned(away_s=5)
    clinic.device(BadFrame(0, clinic.clock.now(), "checksum", b""))
    assert clinic.shown().link.bad_frames == 4
    clinic.stay(61)
    assert [row.detail for row in happenings(clinic.keeper.rows) if row.kind == "bad_frames"] == [
        {"count": 4}
    ]


def test_after_half_a_minute_it_waits_with_all_it_had_and_says_since_when() -> None:
    clinic = Returned(away_s=ASKED_AFTER_S)
    shown, view = clinic.shown(), clinic.waiting()
    assert (view.away_s, view.is_away_known, view.obstacle) == (ASKED_AFTER_S, True, "")
    assert view.last_kept_utc == clinic.past.rows[-1].stamp.utc
    assert view.since_s == pytest.approx(shown.now_s)
    assert (shown.patient, shown.phase) == ("Patient A", Phase.INFUSION)
    assert states(shown) == states(clinic.story.shown())
    assert clinic.keeper.rows == []


def test_half_a_minute_is_counted_in_real_seconds_of_a_fast_clock() -> None:
    class SixtyTimes(ManualClock):
        def real_seconds(self, seconds: float) -> float:
            return seconds / 60

    _, past = before()
    clock = SixtyTimes(past.rows[-1].stamp.utc + timedelta(seconds=1700), monotonic=9000.0)
    engine = Engine(clock, [Chair("Chair 1", "ge_s5", "", "", "p")], PROFILE, keeper := Keeper())
    engine.resume(past)
    assert [row.kind for row in happenings(keeper.rows)] == ["resumed", "link"]


def test_a_time_away_that_is_not_known_is_asked_about_however_short_it_looks() -> None:
    _, past = before()
    clinic = Clinic()
    clinic.clock.advance(100)
    clinic.clock.step_wall_clock(-60)
    clinic.engine.resume(past)
    clinic.engine.tick()
    view = clinic.shown().waiting
    assert view is not None
    assert not view.is_away_known


# ---- while it waits


def test_readings_are_shown_at_once_and_kept_nowhere() -> None:
    clinic = Returned(away_s=3600)
    clinic.up()
    clinic.pulse(88)
    shown = clinic.shown()
    assert shown.link.state is LinkState.LIVE
    assert shown.pulse is not None
    assert (shown.pulse.value, shown.pulse.at_s) == (88, shown.now_s)
    assert clinic.waiting().held == 1
    assert clinic.keeper.rows == []


def test_alarms_sound_for_whoever_sits_there() -> None:
    clinic = Returned(away_s=3600)
    clinic.up()
    for _ in range(17):
        clinic.clock.advance(1)
        clinic.pulse(131)
    assert ("HR-H1", "sounding") in [(a.rule, a.state.value) for a in clinic.shown().alarms]
    clinic.ask(Acknowledge("s1", "HR-H1", NURSE))
    assert ("HR-H1", "acknowledged") in [(a.rule, a.state.value) for a in clinic.shown().alarms]
    assert clinic.refused == []


@pytest.mark.parametrize("command", [StartInfusion, EndInfusion, EndSession])
def test_what_would_change_the_record_is_refused_until_somebody_has_answered(
    command: type[StartInfusion],
) -> None:
    clinic = Returned(away_s=3600)
    clinic.ask(command("s1"))
    assert clinic.refused == ["This session waits: first say whether it goes on"]
    assert clinic.shown().phase is Phase.INFUSION


def test_another_session_cannot_begin_at_a_chair_that_waits() -> None:
    clinic = Returned(away_s=3600)
    clinic.ask(OpenSession("Chair 1", "Patient B"))
    assert clinic.refused == ["Chair 1 has a session already: end it first"]


def test_nobody_who_answers_for_two_minutes_is_an_alarm_that_stays() -> None:
    clinic = Returned(away_s=3600)
    clinic.up()
    clinic.stay(119)
    assert "TECH-10" not in [alarm.rule for alarm in clinic.shown().alarms]
    clinic.stay(2)
    (alarm,) = [alarm for alarm in clinic.shown().alarms if alarm.rule == "TECH-10"]
    assert (alarm.priority.word, alarm.state.value) == ("medium", "sounding")
    assert clinic.shown().waiting is not None
    clinic.ask(ResumeSession("s1"))
    assert "TECH-10" not in [alarm.rule for alarm in clinic.shown().alarms]


def test_other_chairs_record_on() -> None:
    clinic = Returned(away_s=3600)
    other = clinic.open("Chair 2", "Patient B")
    clinic.up("Chair 2")
    clinic.pulse(66, "Chair 2")
    assert [row.value for row in readings(clinic.rows_of(other))] == [66]


# ---- the answer


def test_resume_keeps_all_that_came_meanwhile_with_its_true_times() -> None:
    clinic = Returned(away_s=3600)
    clinic.up()
    clinic.clock.advance(10)
    clinic.pulse(88)
    utc, t_s = clinic.clock.now().utc, clinic.shown().now_s
    clinic.stay(30)
    clinic.ask(ResumeSession("s1", NURSE))
    assert clinic.shown().waiting is None
    (row,) = readings(clinic.keeper.rows)
    assert (row.value, row.stamp.utc, row.stamp.t_s) == (88, utc, pytest.approx(t_s))
    first = clinic.past.last_seq + 1
    seqs = [row.stamp.seq for row in clinic.rows_of("s1")]
    assert seqs == list(range(first, first + len(seqs)))
    assert clinic.kinds()[:2] == ["resumed", "link"]
    assert [row.detail for row in happenings(clinic.keeper.rows) if row.kind == "confirmed"] == [
        {"not_kept": 0, "by": NURSE}
    ]
    clinic.pulse(89)
    assert [row.value for row in readings(clinic.keeper.rows)] == [88, 89]
    clinic.ask(EndInfusion("s1"))
    assert clinic.shown().phase is Phase.RECOVERY


def test_what_was_recorded_after_resume_comes_back_as_it_was() -> None:
    clinic = Returned(away_s=3600)
    clinic.up()
    clinic.pulse(88)
    clinic.ask(ResumeSession("s1"))
    clinic.engine.tick()
    again = Clinic()
    again.clock.advance(clinic.clock.now().monotonic - again.clock.now().monotonic + 2)
    again.engine.resume(Past(clinic.past.opened, (*clinic.past.rows, *clinic.rows_of("s1"))))
    again.engine.tick()
    was, shown = clinic.shown(), again.shown()
    assert shown.waiting is None
    assert (shown.pulse, shown.pressure, shown.phase) == (was.pulse, was.pressure, was.phase)
    assert states(shown) == states(was)


def test_end_as_interrupted_ends_the_session_where_it_was_interrupted() -> None:
    clinic = Returned(away_s=54_000)
    clinic.up()
    clinic.pulse(88)
    clinic.ask(EndInterrupted("s1", NURSE))
    interrupted, ended = happenings(clinic.keeper.rows)
    assert (interrupted.kind, interrupted.detail) == ("interrupted", {"not_kept": 1})
    assert (ended.kind, ended.detail) == ("phase", {"phase": "ended", "by": NURSE})
    last = clinic.past.rows[-1].stamp
    assert (interrupted.stamp.seq, ended.stamp.seq) == (last.seq + 1, last.seq + 2)
    assert ended.stamp.t_s == last.t_s
    assert ended.stamp.utc == clinic.clock.now().utc
    assert readings(clinic.keeper.rows) == []
    assert (clinic.shown().phase, clinic.shown().waiting) == (Phase.ENDED, None)
    assert not clinic.engine.has_open_session
    clinic.open(patient="Patient B")
    assert clinic.shown().patient == "Patient B"


@pytest.mark.parametrize("answer", [ResumeSession, EndInterrupted])
def test_a_second_answer_is_refused(answer: type[ResumeSession]) -> None:
    clinic = Returned(away_s=3600)
    clinic.ask(ResumeSession("s1"))
    clinic.ask(answer("s1"))
    assert clinic.refused == ["That session is not waiting: somebody has answered already"]
    assert clinic.engine.has_open_session


def test_an_answer_for_a_session_that_is_gone_is_refused() -> None:
    clinic = Returned(away_s=3600)
    clinic.ask(ResumeSession("another"))
    assert "not open any more" in clinic.refused[0]


# ---- sessions without a chair


def without_chair() -> Returned:
    _, past = before()
    return Returned(5, replace(past, opened=replace(past.opened, chair="Chair 9")))


def test_a_session_whose_chair_is_gone_is_a_high_alarm_until_somebody_answers() -> None:
    clinic = without_chair()
    clinic.stay(600)
    shown = clinic.shown("Chair 9")
    (alarm,) = [alarm for alarm in shown.alarms if alarm.rule == "TECH-12"]
    assert (alarm.priority.word, alarm.state.value) == ("high", "sounding")
    assert "Chair 9" in alarm.text
    assert "Patient A" in alarm.text
    assert [chair.chair for chair in clinic.engine.chairs] == ["Chair 1", "Chair 2", "Chair 9"]
    assert clinic.keeper.rows == []
    clinic.ask(EndInterrupted("s1", NURSE))
    assert clinic.shown("Chair 9").phase is Phase.ENDED
    assert [chair.chair for chair in clinic.engine.chairs] == ["Chair 1", "Chair 2"]
    assert [row.detail.get("phase") for row in happenings(clinic.keeper.rows)][-1] == "ended"


def test_it_cannot_be_resumed_and_says_why() -> None:
    clinic = without_chair()
    clinic.ask(ResumeSession("s1"))
    why = "Chair 9 is no longer in the settings, so the session of Patient A is not recorded"
    assert clinic.refused == [f"{why}: end the session as interrupted"]
    assert clinic.shown("Chair 9").waiting is not None


def test_a_second_open_session_of_one_chair_gets_a_place_of_its_own() -> None:
    _, past = before()
    other = replace(past.opened, stamp=replace(past.opened.stamp, session_id="s2"))
    clinic = Returned(5)
    clinic.engine.resume(Past(replace(other, patient="Patient B"), ()))
    clinic.engine.tick()
    assert clinic.shown("Chair 1").patient == "Patient A"
    assert clinic.shown("Chair 1 (2)").patient == "Patient B"
    assert "another open session" in clinic.waiting("Chair 1 (2)").obstacle


def test_a_session_that_cannot_be_read_is_shown_with_what_is_known_of_it() -> None:
    _, past = before()
    clinic = Returned(5, replace(past, rows=(), obstacle="The stored session is damaged"))
    assert clinic.shown("Chair 1 (2)").patient == "Patient A"
    clinic.ask(EndInterrupted("s1"))
    first = happenings(clinic.keeper.rows)[0]
    assert first.stamp.seq == past.last_seq + 1


# ---- rows that cannot be read


def test_a_row_that_cannot_be_read_is_a_high_alarm_and_the_session_goes_on() -> None:
    _, past = before()
    clinic = Returned(5, replace(past, unread=2))
    (alarm,) = [alarm for alarm in clinic.shown().alarms if alarm.rule == "TECH-11"]
    assert (alarm.priority.word, alarm.text) == (
        "high",
        "Record incomplete: 2 stored rows cannot be read",
    )
    clinic.up()
    clinic.pulse(70)
    assert [row.value for row in readings(clinic.keeper.rows)] == [70]
    clinic.ask(Acknowledge("s1", "TECH-11", NURSE))
    clinic.stay(600)
    assert "TECH-11" not in [alarm.rule for alarm in clinic.shown().alarms]


def test_a_row_that_says_nothing_is_left_out_and_its_number_is_not_given_again() -> None:
    _, past = before()
    rows = list(past.rows)
    phase = next(n for n, row in enumerate(rows) if getattr(row, "kind", "") == "phase")
    rows[phase] = replace(rows[phase], detail={"phase": "xx"})  # type: ignore[call-arg]  # a happening
    clinic = Returned(5, replace(past, rows=tuple(rows), last_seq=past.last_seq + 3))
    assert [alarm.text for alarm in clinic.shown().alarms if alarm.rule == "TECH-11"] == [
        "Record incomplete: 1 stored row cannot be read"
    ]
    assert clinic.rows_of("s1")[0].stamp.seq == past.last_seq + 4


def test_limits_that_cannot_be_read_are_replaced_by_the_standard_ones_and_told() -> None:
    _, past = before()
    clinic = Returned(5, replace(past, opened=replace(past.opened, profile={})))
    assert clinic.shown().limits == clinic.story.shown().limits
    (text,) = [alarm.text for alarm in clinic.shown().alarms if alarm.rule == "TECH-11"]
    assert text.endswith("Its alarm limits cannot be read, so the standard limits hold")


def test_an_alarm_whose_rule_is_gone_does_not_stop_the_rest() -> None:
    _, past = before()
    raw = {**PROFILE.raw, "rule": [one for one in PROFILE.raw["rule"] if one["id"] == "TECH-3"]}
    clinic = Returned(5, replace(past, opened=replace(past.opened, profile=raw)))
    assert [alarm.rule for alarm in clinic.shown().alarms] == ["TECH-11", "TECH-3"]


# ---- what is held is bounded


def test_without_room_the_oldest_values_go_and_are_counted_but_no_cuff_reading() -> None:
    told = Story()
    told.up()
    told.cuff(120, 80)
    told.pulses(1500, 70)
    clinic = Returned(3600)
    place = clinic.engine._places["Chair 1"]
    held = place.held
    assert isinstance(held, Held)
    held.capacity = 1000
    rows: list[Record] = [row for row in told.rows if not isinstance(row, SessionOpened)]
    held.take(rows)
    assert held.not_held == 1000
    assert len(pressures(held.rows)) == 1
    assert [row.value for row in readings(held.rows)] == [70] * 500
    clinic.ask(ResumeSession("s1"))
    assert happenings(clinic.keeper.rows)[-1].detail["not_kept"] == 1000


# ---- the process stood still


def test_a_process_that_was_stopped_for_seven_seconds_leaves_a_gap() -> None:
    clinic = Clinic()
    clinic.open()
    clinic.up()
    clinic.pulse(70)
    clinic.clock.advance(7)
    for _ in range(7):
        clinic.pulse(70)
    gaps = [row.detail for row in happenings(clinic.keeper.rows) if row.kind == "gap"]
    assert [(gap["from_s"], gap["to_s"]) for gap in gaps] == [(0, 7)]


def test_a_late_pass_of_a_lost_line_or_of_two_seconds_leaves_none() -> None:
    clinic = Clinic()
    clinic.open()
    clinic.clock.advance(7)
    clinic.engine.tick()
    clinic.up()
    clinic.clock.advance(2)
    clinic.pulse(70)
    assert [row for row in happenings(clinic.keeper.rows) if row.kind == "gap"] == []


# ---- equal numbers after a lost link


def inflation(clinic: Clinic, *, is_stale: bool = False, is_another: bool = False) -> None:
    now = clinic.clock.now()
    pressure = BloodPressure(185, 100, 130, now, None, is_stale=is_stale, is_another=is_another)
    clinic.device(LinkUp(now), ValidFrame(0, now), Measured(0, pressure))


@pytest.mark.parametrize(
    ("later_s", "is_stale", "is_another", "kept"),
    [
        (30, False, False, 1),  # it may be the one we have
        (61, False, False, 2),  # the device says it is younger than 60 s, ours is older
        (61, True, False, 1),  # from before the connection: nothing says it is another
        (30, False, True, 2),  # the driver saw that it is another
    ],
)
def test_an_inflation_with_equal_numbers_is_dropped_only_when_it_may_be_the_same(
    later_s: float, is_stale: bool, is_another: bool, kept: int
) -> None:
    clinic = Clinic()
    clinic.open()
    inflation(clinic)
    clinic.clock.advance(later_s)
    inflation(clinic, is_stale=is_stale, is_another=is_another)
    assert len(pressures(clinic.keeper.rows)) == kept


def test_a_young_inflation_after_an_old_one_with_equal_numbers_is_another() -> None:
    """The attacker's restartinfl: what was over 60 s old when it was told cannot be young now."""
    clinic = Clinic()
    clinic.open()
    inflation(clinic, is_stale=True)
    clinic.clock.advance(5)
    inflation(clinic, is_stale=True)
    inflation(clinic)
    assert [row.is_stale for row in pressures(clinic.keeper.rows)] == [True, False]


def test_an_excess_and_its_calm_repeat_in_one_batch_are_both_judged() -> None:
    clinic = Clinic()
    clinic.open()
    clinic.up()
    now = clinic.clock.now()
    high, calm = BloodPressure(190, 95, None, now, 0.0), BloodPressure(120, 80, None, now, 0.0)
    clinic.device(Measured(0, high), Measured(1, calm))
    assert transitions(clinic.keeper.rows, "BP-H2")[0] == "BP-H2 high: quiet to sounding"
