"""What kept rows add up to: values, lines of the running list, breaks in the trends.

Knows rows and Picture. Must not know sessions.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.people import NOBODY
from monitor.alarms.priority import Priority
from monitor.chart_part import Gap, LogEntry
from monitor.picture import Picture, taken_s
from monitor.readings import Quality, as_whole
from monitor.records import HappeningKept, PressureKept, ReadingKept, Stamp, TransitionKept
from monitor.snapshot import AlarmState, Phase
from monitor.vitals import Vital
from tests.monitor.fakes import OPENED_UTC, opened_record


def stamp(t_s: float) -> Stamp:
    return Stamp("s1", 2, t_s, OPENED_UTC + timedelta(seconds=t_s))


def value(t_s: float, number: float | None, source: str = "oximeter") -> ReadingKept:
    return ReadingKept(stamp(t_s), "ge_s5", Vital.PULSE_RATE, number, Quality.OK, source)


def cuff(t_s: float, mean: float | None = 97.0, age_s: float | None = 0.0) -> PressureKept:
    at = stamp(t_s)
    taken = None if age_s is None else at.utc - timedelta(seconds=age_s)
    return PressureKept(at, "ge_s5", 130, 80, mean, None, taken, False, Quality.OK)


def change(old: AlarmState, new: AlarmState) -> TransitionKept:
    return TransitionKept(
        stamp(5), "BP-H2", Priority.HIGH, old, new, {}, {}, "Systolic 184 at or above 180"
    )


def happened(t_s: float, kind: str, **detail: Any) -> HappeningKept:
    return HappeningKept(stamp(t_s), kind, detail)


@pytest.fixture
def picture() -> Picture:
    return Picture(opened_record())


def lines(picture: Picture) -> list[str]:
    return [entry.text for entry in picture.trends.log]


@pytest.mark.parametrize(
    ("number", "words"), [(0.4, "0"), (0.5, "1"), (96.5, "97"), (97.5, "98"), (-0.5, "-1")]
)
def test_halves_are_rounded_away_from_zero(number: float, words: str) -> None:
    assert as_whole(number) == words


@given(st.floats(-1e6, 1e6))
def test_rounding_never_moves_a_value_by_more_than_a_half(number: float) -> None:
    assert abs(int(as_whole(number)) - number) <= 0.5


def test_a_cuff_reading_stands_at_the_moment_it_was_taken() -> None:
    assert (taken_s(cuff(100, age_s=30)), taken_s(cuff(100, age_s=None))) == (70, 100)


def test_two_sources_of_one_vital_are_never_mixed_in_one_line(picture: Picture) -> None:
    for t in range(20):
        picture.absorb(value(t, 99, "ecg"))
        picture.absorb(value(t, 70))
    shown = [sample.value for sample in picture.trends.samples]
    assert shown == [99] + [70] * 20


def test_an_alarm_writes_a_line_for_each_change_a_person_cares_for(picture: Picture) -> None:
    quiet, pending, sounding = AlarmState.QUIET, AlarmState.PENDING, AlarmState.SOUNDING
    unseen, acknowledged = AlarmState.UNSEEN, AlarmState.ACKNOWLEDGED
    for old, new in [
        (quiet, pending),
        (pending, quiet),
        (quiet, sounding),
        (sounding, acknowledged),
        (acknowledged, quiet),
        (sounding, unseen),
        (unseen, quiet),
    ]:
        picture.absorb(change(old, new))
    assert picture.trends.log == [
        LogEntry(5, "Systolic 184 at or above 180", Priority.HIGH),
        LogEntry(5, "Acknowledged: Systolic 184 at or above 180"),
        LogEntry(5, "Over: Systolic 184 at or above 180"),
        LogEntry(5, "Over, not yet seen: Systolic 184 at or above 180"),
        LogEntry(5, "Seen: Systolic 184 at or above 180"),
    ]


def test_an_alarm_that_a_worse_one_stands_for_is_not_called_over(picture: Picture) -> None:
    for old in (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED, AlarmState.UNSEEN):
        picture.absorb(replace(change(old, AlarmState.QUIET), since_s=3.0))
    assert lines(picture) == []


def test_an_alarm_that_comes_out_acknowledged_was_not_acknowledged_now(picture: Picture) -> None:
    picture.absorb(change(AlarmState.QUIET, AlarmState.ACKNOWLEDGED))
    assert lines(picture) == ["Goes on, acknowledged: Systolic 184 at or above 180"]


def test_what_two_tiers_of_one_alarm_do_together_is_one_line(picture: Picture) -> None:
    for new in (AlarmState.ACKNOWLEDGED, AlarmState.QUIET):
        for priority in (Priority.LOW, Priority.MEDIUM):
            row = replace(change(AlarmState.SOUNDING, new), rule="TECH-3", priority=priority)
            picture.absorb(replace(row, text="No data from the monitor"))
    assert lines(picture) == [
        "Acknowledged: No data from the monitor",
        "Over: No data from the monitor",
    ]


def test_an_alarm_that_becomes_worse_at_once_writes_both_lines(picture: Picture) -> None:
    for priority in (Priority.LOW, Priority.MEDIUM):
        picture.absorb(replace(change(AlarmState.QUIET, AlarmState.SOUNDING), priority=priority))
    assert [entry.priority for entry in picture.trends.log] == [Priority.LOW, Priority.MEDIUM]


def test_an_interruption_breaks_every_line_and_says_how_long_it_was(picture: Picture) -> None:
    picture.absorb(value(1, 70))
    picture.absorb(happened(9, "resumed", away_s=8.2))
    assert (picture.trends.samples[-1].t_s, picture.trends.samples[-1].value) == (9, None)
    assert lines(picture) == ["Recording resumed after 8 s"]


def test_a_gap_is_charted_as_it_was_kept(picture: Picture) -> None:
    picture.absorb(happened(9, "gap", from_s=3, to_s=9, reason="cable pulled"))
    assert picture.trends.gaps == [Gap(3, 9, "cable pulled")]


def test_a_clock_step_is_told_with_its_sign(picture: Picture) -> None:
    picture.absorb(happened(1, "clock", by_s=3600.4))
    picture.absorb(happened(2, "clock", by_s=-3.0))
    assert lines(picture) == [
        "The computer's clock jumped by +3600 s",
        "The computer's clock jumped by -3 s",
    ]


def test_a_kind_of_a_newer_version_is_passed_over(picture: Picture) -> None:
    picture.absorb(happened(1, "something new", text="?"))
    assert lines(picture) == []


def test_a_session_that_ends_before_its_infusion_has_none(picture: Picture) -> None:
    picture.absorb(happened(9, "phase", phase="ended"))
    assert (picture.phase, picture.infusion_started_s, picture.infusion_ended_s) == (
        Phase.ENDED,
        None,
        None,
    )


def test_the_end_of_the_session_does_not_move_the_end_of_the_infusion(picture: Picture) -> None:
    for t, phase in [(1, "infusion"), (5, "recovery"), (9, "ended")]:
        picture.absorb(happened(t, "phase", phase=phase))
    assert (picture.infusion_started_s, picture.infusion_ended_s) == (1, 5)


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (NOBODY.by, "Confirmed to go on by somebody not signed in"),
        ("Anna Weber (nurse)", "Confirmed to go on by Anna Weber (nurse)"),
    ],
)
def test_a_resumption_says_who_confirmed_it_in_words(picture: Picture, by: str, words: str) -> None:
    picture.absorb(happened(5, "confirmed", by=by))
    assert lines(picture) == [words]
