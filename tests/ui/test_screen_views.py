"""Banner, head, foot, running list and empty screens say the right words."""

import itertools
from dataclasses import replace

import pytest

from monitor.alarms.priority import Priority
from monitor.channel_messages import ChairView
from monitor.chart_part import LogEntry
from monitor.snapshot import AlarmState, LinkState, LinkView, Phase, RecordingView
from tests.ui.fixtures import CHAIR, NOW_S, alarm, seen, snapshot
from ui.view_models.alarms import banner_view, flashing, is_lit
from ui.view_models.screen import chair_tabs, free_screen, log_lines, session_screen, stopped_view
from ui.view_models.sounding import wanted_sound
from ui.view_models.status import link_item, phase_text, recording_item, sound_item, top_view

LOW = alarm(rule="TECH-3", priority=Priority.LOW, text="no valid frame", value={}, since_s=NOW_S)
MEDIUM = alarm(rule="HR-H1", priority=Priority.MEDIUM, text="pulse 124", value={"pulse_rate": 124})


def test_the_worst_alarm_leads_and_the_others_are_counted_and_named() -> None:
    view = banner_view(seen(alarms=(LOW, alarm(), MEDIUM)))
    assert view.worst is not None
    assert (view.worst.mark, view.worst.word, view.worst.duration) == ("!!!", "HIGH", "for 0:42")
    assert view.others_text.startswith("2 more:  !! MEDIUM  Pulse 124 for 0:42")
    assert view.flashes is Priority.HIGH


def test_an_acknowledged_alarm_is_steady_and_says_when_it_sounds_again() -> None:
    calmed = alarm(state=AlarmState.ACKNOWLEDGED, until_s=NOW_S + 100)
    view = banner_view(seen(1.0, alarms=(calmed,)))
    assert view.worst is not None
    assert view.worst.note == "acknowledged, sounds again in 1:39"
    assert view.flashes is None
    assert not view.can_acknowledge


def test_a_lesser_alarm_that_sounds_still_flashes_under_an_acknowledged_one() -> None:
    view = banner_view(seen(alarms=(alarm(state=AlarmState.ACKNOWLEDGED), MEDIUM)))
    assert view.flashes is Priority.MEDIUM
    assert view.can_acknowledge


def test_a_latched_alarm_that_is_over_waits_to_be_acknowledged() -> None:
    view = banner_view(seen(alarms=(alarm(state=AlarmState.UNSEEN),)))
    assert view.worst is not None
    assert view.worst.note == "over, not yet acknowledged"
    assert view.can_acknowledge


def test_a_fully_latched_alarm_that_is_over_is_heard_and_flashes_until_acknowledged() -> None:
    over = alarm(state=AlarmState.UNSEEN, sounds_on=True)
    view = banner_view(seen(alarms=(over, MEDIUM)))
    assert view.worst is not None
    assert view.worst.note == "over, calls until acknowledged"
    assert (view.flashes, view.can_acknowledge) == (Priority.HIGH, True)
    assert flashing(snapshot(alarms=(over,))) is Priority.HIGH


def test_a_visually_latched_alarm_that_is_over_is_seen_only_and_below_what_goes_on() -> None:
    over = alarm(state=AlarmState.UNSEEN)
    view = banner_view(seen(alarms=(over, LOW)))
    assert view.worst is not None
    assert view.worst.word == "LOW"
    assert view.flashes is Priority.LOW
    assert flashing(snapshot(alarms=(over,))) is None


def test_of_two_that_are_heard_at_one_priority_the_one_that_goes_on_leads() -> None:
    over = alarm(state=AlarmState.UNSEEN, sounds_on=True, since_s=NOW_S - 1, text="over")
    view = banner_view(seen(alarms=(over, alarm())))
    assert view.worst is not None
    assert view.worst.text.startswith("Systolic 184")


def test_a_pending_alarm_is_not_yet_shown() -> None:
    view = banner_view(seen(alarms=(alarm(state=AlarmState.PENDING),)))
    assert (view.worst, view.quiet_text) == (None, "No active alarm")


def test_silence_of_the_station_is_not_called_no_alarm() -> None:
    assert "unknown" in banner_view(seen(2.5)).quiet_text


def test_flashing_has_the_asked_frequency_half_of_the_time_and_low_is_steady() -> None:
    moments = [n / 1000 for n in range(10_000)]
    for priority, edges in ((Priority.HIGH, 20), (Priority.MEDIUM, 6)):
        lit = [is_lit(priority, moment) for moment in moments]
        assert 0.45 <= sum(lit) / len(lit) <= 0.55
        assert abs(sum(b and not a for a, b in itertools.pairwise(lit)) - edges) <= 1
    assert all(is_lit(Priority.LOW, moment) for moment in moments)


def test_the_worst_that_calls_flashes_also_while_the_sound_is_paused() -> None:
    silenced = alarm(is_silenced=True)
    view = banner_view(seen(alarms=(LOW, silenced)))
    assert view.flashes is Priority.HIGH
    assert view.worst is not None
    assert view.worst.priority is Priority.HIGH  # what is silent does not sink in the list
    assert wanted_sound([snapshot(alarms=(LOW, silenced))], is_desktop_alarm=False).priority is (
        Priority.LOW
    )
    assert flashing(snapshot()) is None


def test_a_high_that_nobody_answers_says_so() -> None:
    view = banner_view(seen(alarms=(alarm(is_escalated=True),)))
    assert view.worst is not None
    assert view.worst.note == "nobody has answered"


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        (Phase.INFUSION, "INFUSION 31:05 of 40:00"),
        (Phase.BASELINE, "BASELINE 36:05"),
        (Phase.RECOVERY, "RECOVERY 24:25"),
        (Phase.ENDED, "ENDED"),
    ],
)
def test_the_phase_has_its_clock(phase: Phase, text: str) -> None:
    assert phase_text(seen(phase=phase, infusion_ended_s=700.0)) == text


def test_the_watermark_says_the_speed() -> None:
    assert top_view(seen()).simulated == "SIMULATED"
    assert top_view(seen(speed=30.0)).simulated == "SIMULATED ×30"
    assert top_view(seen(is_simulated=False)).simulated == ""


def test_only_what_makes_sense_can_be_pressed() -> None:
    baseline, infusion = top_view(seen(phase=Phase.BASELINE)), top_view(seen())
    assert (baseline.can_start_infusion, baseline.can_end_infusion) == (True, False)
    assert (infusion.can_start_infusion, infusion.can_end_infusion) == (False, True)
    assert not top_view(seen(is_stopped=True)).can_end_session


@pytest.mark.parametrize(
    ("recording", "text"),
    [
        (RecordingView(True, 3, 0, ""), "Recording - all saved"),
        (RecordingView(True, 40, 0, ""), "Recording - 40 rows not yet saved"),
        (RecordingView(True, 0, 2, ""), "RECORDING WITH LOSS - 2 rows lost"),
        (RecordingView(False, 0, 0, "the disk is full"), "NOT RECORDING - the disk is full"),
        (RecordingView(True, 0, 0, "", "90 MB are free", True), "Recording - 90 MB are free"),
        (RecordingView(True, 0, 2, "", "90 MB", True), "RECORDING WITH LOSS - 2 rows lost"),
        (RecordingView(False, 0, 0, "why", "90 MB are free", True), "NOT RECORDING - why"),
    ],
)
def test_recording_is_said_in_words(recording: RecordingView, text: str) -> None:
    item = recording_item(seen(recording=recording))
    assert item.text == text
    assert item.is_well == (text == "Recording - all saved")


def test_room_that_will_do_for_now_is_a_note() -> None:
    item = recording_item(seen(recording=RecordingView(True, 0, 0, "", "1.5 GB are free")))
    assert (item.text, item.is_well) == ("Recording - 1.5 GB are free", True)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (LinkState.LIVE, "Monitor connected · 1 bad frame dropped"),
        (LinkState.CONNECTING, "Connecting to the monitor for 0:08 - why"),
        (LinkState.SILENT, "Monitor silent for 0:08 - why"),
        (LinkState.LOST, "Monitor disconnected for 0:08 - why"),
    ],
)
def test_the_cable_is_said_in_words(state: LinkState, text: str) -> None:
    link = LinkView(state, NOW_S - 8, "why", 1)
    assert link_item(seen(link=link)).text == text


def test_without_news_nothing_is_claimed() -> None:
    assert link_item(seen(3.2)).text == "No news from the station for 3 s"
    assert recording_item(seen(3.2)).text == "Recording unknown"


def test_a_missing_sound_is_named() -> None:
    assert sound_item("no audio output").text == "NO SOUND - no audio output"
    assert sound_item("").is_well


def test_the_running_list_has_the_newest_line_first_with_its_wall_clock() -> None:
    log = [LogEntry(0.0, "Session opened"), LogEntry(65.0, "SYS 184", Priority.HIGH)]
    assert [line.text for line in log_lines(seen(), log)] == [
        "10:11:05  !!! SYS 184",
        "10:10:00  Session opened",
    ]


def test_the_clock_is_the_sessions_own_and_runs_at_its_speed() -> None:
    assert session_screen(seen(2.0, speed=10.0), (), "").top.clock == "10:46:25"


def test_a_free_chair_says_what_to_do_next() -> None:
    view = free_screen(CHAIR, "")
    assert view.title == "Chair 1 is free"
    assert view.device == "GE CARESCAPE V100 at /dev/ttyUSB0"
    assert "Press N" in view.hint
    assert free_screen(None, "").title == "Starting"


def test_a_station_without_chairs_says_what_to_do_next() -> None:
    view = free_screen(None, "", is_set_up=True)
    assert view.title == "No chair is set up yet"
    assert "settings.toml" in view.hint


def test_the_list_of_chairs_marks_the_alarm_of_another_chair() -> None:
    two = ChairView("Chair 2", "GE", "")
    tabs = chair_tabs(
        (CHAIR, two), {"Chair 2": snapshot()}, {"Chair 2": Priority.HIGH}, current="Chair 1"
    )
    assert [(tab.key, tab.is_current) for tab in tabs] == [("Ctrl+1", True), ("Ctrl+2", False)]
    assert tabs[0].text == "Chair 1\nfree"
    assert tabs[1].text == "Chair 2\ninfusion  !!!"
    assert chair_tabs((CHAIR,), {}, {}, "Chair 1") == ()


def test_a_loss_says_since_when_and_what_to_watch() -> None:
    view = stopped_view(7.0, "10:46:05", "the station could not be started")
    assert view.title == "MONITORING STOPPED - restarting"
    assert "10:46:05" in view.detail
    assert "bedside monitor" in view.detail
    assert view.reason == "the station could not be started."
    assert stopped_view(7.0, "", "").reason == ""


def test_the_patient_is_shown_as_given() -> None:
    name = '<img src="/etc/passwd"><b>İpek'
    assert top_view(replace(seen(), snapshot=snapshot(patient=name))).patient == name
