"""What the screen says about alarms beside the banner: silenced, facts, other chairs, the panel."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.snapshot import (
    AlarmOffView,
    AlarmState,
    AudioState,
    AudioView,
    BaselineView,
    CuffPlanView,
    LimitSettingView,
    Phase,
)
from monitor.vitals import Vital
from tests.ui.fixtures import NOW_S, alarm, seen, snapshot
from ui.view_models.alarm_panel import (
    alarms_off_page,
    alarms_page,
    limit_page,
    limits_page,
    off_choices,
    typed_number,
)
from ui.view_models.alarms import alarm_line, flashing
from ui.view_models.chair_alarms import (
    ChairAlarm,
    chair_alarms,
    elsewhere_view,
    escalation_view,
)
from ui.view_models.numerics import pressure_tile
from ui.view_models.observations import DISSOCIATION, MOAAS, SCALES, observation_page
from ui.view_models.session_facts import Weight, session_facts
from ui.view_models.silence import Symbol, silence_lines, silence_words

PAUSED = AudioView(AudioState.PAUSED, NOW_S - 17, NOW_S + 103.0, "Nurse A")
OFF = AudioView(AudioState.OFF, NOW_S - 600, None, "Dr B", "patient sleeps")
ALARM_OFF = AlarmOffView(
    "BP-R2", "Systolic at or above 1.3 * baseline", NOW_S - 60, "Dr B", "known"
)
PULSE = LimitSettingView("HR-H1", Vital.PULSE_RATE, 120, 120, True, False, Priority.MEDIUM)
RISE = LimitSettingView("BP-R1", Vital.SYSTOLIC, 40, 40, True, True, Priority.MEDIUM)
MEDIUM = alarm(rule="HR-H1", priority=Priority.MEDIUM, text="pulse 131 above 120")


# ---- silenced


def test_a_pause_counts_down_and_names_who_pressed_it() -> None:
    (line,) = silence_lines(seen(audio=PAUSED))
    assert line.symbol is Symbol.AUDIO_PAUSED
    assert line.headline == "Sound paused 1:43"
    assert "Nurse A" in line.detail
    assert line.key == "P"


def test_the_countdown_goes_on_between_two_pictures() -> None:
    (line,) = silence_lines(seen(2.0, audio=PAUSED))
    assert line.headline == "Sound paused 1:41"


def test_sound_off_says_since_when_by_whom_and_why() -> None:
    (line,) = silence_lines(seen(audio=OFF))
    assert line.symbol is Symbol.AUDIO_OFF
    assert (line.headline, line.detail) == (
        "SOUND OFF",
        "since 10:36 · by Dr B · patient sleeps",
    )


def test_alarms_that_are_off_stand_beside_the_sound() -> None:
    _, line = silence_lines(seen(audio=OFF, alarms_off=(ALARM_OFF,)))
    assert line.symbol is Symbol.ALARM_OFF
    assert line.headline == "ALARM OFF"
    assert line.detail == "Systolic at or above 1.3 * baseline (since 10:45 · by Dr B · known)"
    two = silence_lines(seen(alarms_off=(ALARM_OFF, ALARM_OFF)))
    assert [one.headline for one in two] == ["2 ALARMS OFF"]


def test_nothing_silenced_needs_no_line() -> None:
    assert silence_lines(seen()) == ()
    assert silence_words(snapshot()) == ""


def test_the_list_of_chairs_names_the_worst_silence() -> None:
    assert silence_words(snapshot(audio=OFF, alarms_off=(ALARM_OFF,))) == "SOUND OFF"
    assert silence_words(snapshot(audio=PAUSED, alarms_off=(ALARM_OFF,))) == "ALARM OFF"
    assert silence_words(snapshot(audio=PAUSED)) == "sound paused"


def test_what_is_silent_flashes_all_the_same() -> None:
    assert flashing(snapshot(alarms=(alarm(is_silenced=True),))) is Priority.HIGH


# ---- facts


def facts(**changes: Any) -> dict[str, Weight]:
    return {fact.text: fact.weight for fact in session_facts(seen(**changes))}


def test_an_infusion_without_a_baseline_says_which_limits_are_off() -> None:
    told = facts(baseline=None)
    assert told == {"No baseline: relative alarm limits off": Weight.CAUTION}


def test_before_the_infusion_the_readings_for_a_baseline_are_counted() -> None:
    before = {"phase": Phase.BASELINE, "infusion_started_s": None, "baseline": None}
    assert "Baseline: 0 of 2 readings" in facts(**before)
    assert "Baseline: 1 of 2 readings" in facts(**before, baseline_readings=1)
    enough = facts(**before, baseline_readings=2)
    assert enough == {"Baseline: 2 readings, taken when the infusion starts": Weight.CALM}


def test_a_baseline_is_shown_with_what_is_known_of_it() -> None:
    measured = BaselineView(118.0, 74.0, 68.0, None, 3)
    assert facts(baseline=measured) == {"Baseline 118/74 · PR 68 (3 readings)": Weight.CALM}
    entered = BaselineView(118.0, 74.0, None, 98.0, 0)
    assert facts(baseline=entered) == {"Baseline 118/74 · SpO₂ 98 (entered)": Weight.CALM}


def test_a_monitor_that_measures_too_seldom_is_told() -> None:
    told = facts(cuff_plan=CuffPlanView(300.0, 601.0, NOW_S))
    assert told["Monitor measures every 10 min, plan every 5 min"] is Weight.CAUTION
    assert not any("measures" in text for text in facts(cuff_plan=CuffPlanView(300, 305, NOW_S)))


def test_floods_and_chatter_are_told_first() -> None:
    first, second, *_ = facts(is_flood=True, chatter=("HR-H1", "O2-1"))
    assert first == "5 or more alarms in 10 min"
    assert second == "Keeps coming and going: HR-H1, O2-1"


def test_the_profile_is_named_and_limits_that_differ_from_it_are_counted() -> None:
    assert "Limits: Ketamine IV v1" in facts(profile="Ketamine IV v1", limit_settings=(PULSE,))
    changed = (replace(PULSE, value=125.0), RISE)
    told = facts(profile="Ketamine IV v1", limit_settings=changed)
    assert told["Limits: Ketamine IV v1, 1 limit changed (L)"] is Weight.NOTE


def test_a_limit_that_equals_off_is_told() -> None:
    told = facts(limit_warnings=("O2-2: 'spo2 < 60 %' is so wide that it equals off",))
    assert any("equals off" in text for text in told)


def test_the_cuff_tile_counts_failures_and_waits_for_the_first_reading() -> None:
    failed = pressure_tile(seen(cuff_plan=CuffPlanView(300.0, 0.0, NOW_S - 170, 2)))
    assert failed.due == "2 failed · next in 2:10"
    first = pressure_tile(seen(pressure=None, cuff_plan=CuffPlanView(300.0, 0.0, NOW_S - 60)))
    assert first.due == "planned every 5 min"
    learned = pressure_tile(seen(cuff_plan=CuffPlanView(300.0, 148.0, NOW_S - 18)))
    assert learned.due == "next in 2:10 (every 2.5 min)"


# ---- other chairs


def at_chairs(**alarms: tuple[Any, ...]) -> tuple[ChairAlarm, ...]:
    return chair_alarms(
        seen(chair=f"Chair {name[1:]}", session_id=name, patient=f"Patient {name[1:]}", alarms=own)
        for name, own in alarms.items()
    )


def test_one_list_for_all_chairs_has_the_most_urgent_first() -> None:
    known = alarm(state=AlarmState.ACKNOWLEDGED)
    late = replace(MEDIUM, since_s=NOW_S - 5)
    listed = at_chairs(c1=(known,), c2=(late,), c3=(alarm(),), c4=(MEDIUM,))
    assert [one.chair for one in listed] == ["Chair 3", "Chair 4", "Chair 2", "Chair 1"]


def test_a_high_that_nobody_answers_stands_above_other_highs() -> None:
    older = alarm(since_s=NOW_S - 90)
    listed = at_chairs(c1=(older,), c2=(alarm(is_escalated=True),))
    assert [one.chair for one in listed] == ["Chair 2", "Chair 1"]


def test_what_waits_for_its_delay_is_in_no_list() -> None:
    assert at_chairs(c1=(alarm(state=AlarmState.PENDING),)) == ()


def test_another_chair_that_calls_is_named_with_its_patient() -> None:
    view = elsewhere_view(at_chairs(c1=(alarm(),), c3=(MEDIUM,), c4=(MEDIUM,)), "Chair 1")
    assert view is not None
    assert (view.chair, view.place, view.more) == ("Chair 3", "Chair 3 · Patient 3", "+ 1 more")
    assert view.words == "Also at Chair 3 · Patient 3:  !! MEDIUM  Pulse 131 above 120"


def test_what_is_over_at_another_chair_and_still_calls_says_so() -> None:
    over = alarm(state=AlarmState.UNSEEN, sounds_on=True)
    view = elsewhere_view(at_chairs(c2=(over,)), "Chair 1")
    assert view is not None
    assert view.words.endswith("180 · over, calls until acknowledged")


def test_no_line_for_this_chair_nor_for_what_somebody_knows() -> None:
    known = replace(MEDIUM, state=AlarmState.ACKNOWLEDGED)
    assert elsewhere_view(at_chairs(c1=(alarm(),), c2=(known,)), "Chair 1") is None


def test_a_paused_chair_is_still_told_elsewhere() -> None:
    silent = alarm(is_silenced=True)
    assert elsewhere_view(at_chairs(c2=(silent,)), "Chair 1") is not None


def test_the_large_high_is_that_of_this_chair_before_that_of_another() -> None:
    escalated = alarm(is_escalated=True)
    here = escalation_view(at_chairs(c1=(escalated,), c2=(escalated,)), "Chair 2")
    assert here is not None
    assert (here.chair, here.hint) == ("Chair 2", "A: acknowledge")
    assert here.detail == "Nobody has answered for 0:42"
    other = escalation_view(at_chairs(c1=(escalated,)), "Chair 2")
    assert other is not None
    assert other.hint == "C, then Enter: go to Chair 1"


def test_what_is_acknowledged_or_over_is_not_large() -> None:
    known = alarm(is_escalated=True, state=AlarmState.ACKNOWLEDGED)
    assert escalation_view(at_chairs(c1=(known, alarm())), "Chair 1") is None


def test_what_all_chairs_tell_of_vigil_is_one_line_below_the_patients() -> None:
    silent = alarm(
        rule="TECH-9",
        priority=Priority.MEDIUM,
        text="Alarm sound: no output",
        is_own=True,
        since_s=0.0,
    )
    listed = at_chairs(c1=(silent,), c2=(silent, MEDIUM), c3=(silent,))
    assert [one.place for one in listed] == ["Chair 2 · Patient 2", "Chair 1, Chair 2, Chair 3"]
    here = elsewhere_view(at_chairs(c1=(silent,), c2=(silent,)), "Chair 2")
    assert here is None  # this chair's own banner says it already
    known = replace(silent, state=AlarmState.ACKNOWLEDGED)
    other = elsewhere_view(at_chairs(c1=(known,), c2=(silent,), c3=(silent,)), "Chair 1")
    assert other is not None
    assert other.place == "Chair 2, Chair 3"


def test_what_more_chairs_tell_than_fit_on_a_line_is_counted_from_the_first() -> None:
    silent = alarm(rule="TECH-9", priority=Priority.HIGH, is_own=True, is_escalated=True)
    older = replace(silent, since_s=NOW_S - 90)
    listed = at_chairs(c10=(silent,), c3=(older,), c2=(silent,), c1=(silent,))
    assert [one.place for one in listed] == ["Chair 1 and 3 more"]
    large = escalation_view(listed, "Chair 3")
    assert large is not None
    assert large.hint == "A: acknowledge"


def test_two_patients_with_the_same_alarm_are_two_lines() -> None:
    assert len(at_chairs(c1=(MEDIUM,), c2=(MEDIUM,))) == 2


def test_the_list_numbers_its_rows() -> None:
    page = alarms_page(at_chairs(c1=(alarm(),), c2=(MEDIUM,)), 0)
    assert [row.cells[0] for row in page.rows] == ["1", "2"]
    assert page.rows[1].cells[1:4] == ("!! MEDIUM", "Chair 2 · Patient 2", "Pulse 131 above 120")
    assert alarms_page((), 0).text == "No chair has an alarm."


# ---- limits


def test_limits_are_listed_with_the_profile_and_changes_are_marked() -> None:
    changed = replace(PULSE, value=125.0)
    shown = snapshot(profile="Ketamine IV v1", limit_settings=(RISE, changed))
    page = limits_page(shown, 1)
    assert "Ketamine IV v1" in page.text
    assert [row.cells for row in page.rows] == [
        ("SYS above baseline", "+40 mmHg", "!! MEDIUM", "BP-R1", ""),
        ("PR high", "125 /min", "!! MEDIUM", "HR-H1", "changed, profile 120"),
    ]
    assert [row.is_changed for row in page.rows] == [False, True]
    off = replace(ALARM_OFF, rule="HR-H1")
    page = limits_page(replace(shown, alarms_off=(off,)), 1)
    assert page.rows[1].cells[-1] == "ALARM OFF · changed, profile 120"


def test_two_limits_of_one_urgency_are_told_apart_and_a_fixed_one_says_why() -> None:
    high = LimitSettingView("BP-H2", Vital.SYSTOLIC, 180, 180, True, False, Priority.HIGH)
    crisis = replace(high, rule="BP-H3", value=200, standard=200)
    why = "counts unless baseline < 60 /min"
    low = LimitSettingView(
        "HR-L1", Vital.PULSE_RATE, 50, 50, False, False, Priority.MEDIUM, why_fixed=why
    )
    page = limits_page(snapshot(limit_settings=(crisis, high, low)), 0)
    assert [row.cells[0] for row in page.rows] == ["SYS high, crisis", "SYS high", "PR low"]
    assert page.rows[2].cells[-1] == f"fixed, {why}"
    assert "(BP-H3)" in limit_page(snapshot(), crisis, "").title


def test_the_page_of_one_limit_begins_with_its_number() -> None:
    page = limit_page(snapshot(profile="Ketamine IV v1"), replace(PULSE, value=125.0), "")
    assert page.fields[0].fill == "125"
    assert "Ketamine IV v1 says 120" in page.text


@pytest.mark.parametrize(
    ("typed", "number"), [("165", 165.0), (" 37,5 ", 37.5), ("+40", 40.0), ("-15", -15.0)]
)
def test_a_number_is_read_as_it_is_written(typed: str, number: float) -> None:
    assert typed_number(typed) == number


@pytest.mark.parametrize("typed", ["", "high", "1e3", "nan", "12 13", "--4", "1234567", "1.2.3"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(OperatorError, match="no number"):
        typed_number(typed)


# ---- alarms off


def test_what_is_off_stands_first_and_is_switched_on_by_enter() -> None:
    own = alarm(rule="TECH-9", is_own=True)
    shown = snapshot(alarms_off=(ALARM_OFF,), alarms=(own, MEDIUM), limit_settings=(PULSE, RISE))
    assert [(one.rule, one.is_off) for one in off_choices(shown)] == [
        ("BP-R2", True),
        ("HR-H1", False),
        ("BP-R1", False),
    ]
    assert alarms_off_page(shown, 0).action == "Switch it on again"
    assert alarms_off_page(shown, 1).action == "Switch it off"


# ---- observations


def test_a_digit_chooses_and_a_second_one_follows_where_it_can() -> None:
    moaas, dissociation = SCALES
    assert (moaas.name, dissociation.name) == (MOAAS, DISSOCIATION)
    assert moaas.pressed("", 5) == "5"
    assert moaas.pressed("5", 3) == "3"
    assert moaas.pressed("5", 6) == "5"
    assert dissociation.pressed("1", 0) == "10"
    assert dissociation.pressed("1", 5) == "5"
    assert dissociation.pressed("10", 0) == "0"
    assert dissociation.pressed("0", 7) == "7"


def test_arrows_begin_at_the_healthy_end_and_stop_at_both() -> None:
    moaas, dissociation = SCALES
    assert moaas.moved("", 1) == "5"
    assert moaas.moved("5", 1) == "5"
    assert moaas.moved("0", -1) == "0"
    assert dissociation.moved("", -1) == "0"


def test_the_score_stands_beside_its_words() -> None:
    page = observation_page(SCALES[0], "3", "", "Observation due: MOAA/S")
    chosen = page.rows[page.marked]
    assert chosen.cells[0] == "3"
    assert "loudly" in chosen.cells[1]
    assert page.text.startswith("Observation due")
    assert observation_page(SCALES[0], "", "", "").marked == -1
    assert observation_page(SCALES[1], "10", "", "").big == "10"


@pytest.mark.parametrize(("silence_s", "lasts"), [(33.0, "for 0:33"), (5.0, "for 0:19")])
def test_no_data_lasts_since_the_data_stopped_not_since_the_alarm_grew_worse(
    silence_s: float, lasts: str
) -> None:
    silent = alarm(value={"silence_s": silence_s}, limit={"silence_s": 20.0}, since_s=NOW_S - 19)
    assert alarm_line(seen(), silent).duration == lasts
    assert alarm_line(seen(1.0), silent).duration != lasts
