"""The question after a long absence in words, and what the rest of the screen says meanwhile."""

from dataclasses import replace
from datetime import UTC, timedelta

from monitor.snapshot import Phase, PressureView, SessionSnapshot, WaitingView
from monitor.vitals import Vital
from tests.ui.fixtures import CHAIR, NOW_S, OPENED, seen, snapshot
from ui.view_models.numerics import Freshness, pressure_tile, trend_tile
from ui.view_models.screen import chair_tabs
from ui.view_models.status import recording_item, top_view
from ui.view_models.waiting import HINT, LOST_HINT, waiting_panel

LAST = OPENED + timedelta(seconds=600)
WAITING = WaitingView(
    since_s=NOW_S,
    last_kept_utc=LAST,
    away_s=1500.0,
    is_away_known=True,
    held=12,
    not_held=0,
    obstacle="",
)


def waits(session_id: str = "s1", chair: str = "Chair 1", **changes: object) -> SessionSnapshot:
    waiting = replace(WAITING, **changes)  # type: ignore[arg-type]  # any field
    return snapshot(session_id=session_id, chair=chair, waiting=waiting)


def texts(*sessions: SessionSnapshot) -> list[str]:
    panel = waiting_panel(sessions, (), 0, UTC)
    assert panel is not None
    return [row.text for row in panel.rows]


def test_without_a_session_that_waits_there_is_no_question() -> None:
    assert waiting_panel((), (), 0) is None
    assert waiting_panel((snapshot(),), (), 0) is None


def test_a_row_names_chair_patient_phase_last_record_and_how_long_it_was_away() -> None:
    assert texts(waits()) == [
        "Chair 1  ·  Demo patient  ·  infusion  ·  last record 10:20  ·  away for 25:00"
    ]


def test_one_of_another_day_is_dated() -> None:
    (text,) = texts(waits(away_s=54_000.0))
    assert "last record 02 Mar 2026 10:20  ·  away for 15:00:00" in text


def test_an_unknown_time_is_called_so() -> None:
    (text,) = texts(waits(is_away_known=False, away_s=3.0))
    assert text.endswith("away for an unknown time, the clock was set")


def test_what_cannot_go_on_says_why_and_offers_its_end_only() -> None:
    panel = waiting_panel((waits(obstacle="Chair 1 is no longer in the settings"),), (), 0, UTC)
    assert panel is not None
    assert panel.rows[0].text.endswith("Chair 1 is no longer in the settings")
    assert (panel.can_resume, panel.can_end) == (False, True)


def test_one_session_has_two_answers_and_several_have_four() -> None:
    one = waiting_panel((waits(),), (), 0, UTC)
    two = waiting_panel((waits(), waits("s2", "Chair 2")), (), 5, UTC)
    assert one is not None
    assert two is not None
    assert (one.can_resume_all, one.can_end_all) == (False, False)
    assert (two.can_resume_all, two.can_end_all, two.marked) == (True, True, 1)
    assert one.title == "1 session was interrupted. Does it go on with the same patient?"
    assert two.title.startswith("2 sessions were interrupted.")
    assert one.hint == HINT


def test_a_session_the_station_no_longer_knows_leads_and_is_an_alarm() -> None:
    panel = waiting_panel((waits(),), (snapshot(session_id="gone"),), 0, UTC)
    assert panel is not None
    assert panel.is_alarm
    assert [row.is_lost for row in panel.rows] == [True, False]
    assert panel.title.startswith("A session is NOT WATCHED and NOT RECORDED any more. 1 session")
    assert (panel.resume_text, panel.can_resume, panel.can_end) == ("I have seen it", True, False)
    assert panel.hint == LOST_HINT


def test_sessions_that_cannot_be_read_go_before_all_and_are_an_alarm() -> None:
    panel = waiting_panel((waits(),), (), 0, UTC, unresumed="The database is damaged")
    assert panel is not None
    assert panel.is_alarm
    assert [row.text for row in panel.rows] == ["The database is damaged"]
    assert (panel.can_resume, panel.can_end, panel.can_end_all) == (True, False, False)


# ---- the rest of the screen


def test_the_head_asks_whether_the_patient_is_still_here_and_offers_no_command() -> None:
    top = top_view(seen(waiting=WAITING))
    assert (top.patient, top.phase) == ("Demo patient - still here?", "WAITING · INFUSION")
    assert not any((top.can_start_infusion, top.can_end_infusion, top.can_end_session))


def test_the_foot_says_that_nothing_is_recorded() -> None:
    item = recording_item(seen(waiting=WAITING))
    assert (item.text, item.is_well) == ("NOT RECORDED - 12 values held", False)


def test_its_chair_is_marked_in_the_list() -> None:
    other = replace(CHAIR, chair="Chair 2")
    tabs = chair_tabs((CHAIR, other), {"Chair 1": waits()}, {}, "Chair 2")
    assert [tab.text for tab in tabs] == ["Chair 1\nwaiting ?", "Chair 2\nfree"]


def test_values_of_an_unknown_age_are_no_numbers_but_say_when_they_were() -> None:
    pressure = PressureView(120, 80, 93, NOW_S - 2, is_stale=False)
    now = seen(unsure_before_s=NOW_S - 1, pressure=pressure)
    tile = pressure_tile(now)
    assert (tile.text, tile.freshness, tile.due) == ("--/--", Freshness.MISSING, "")
    assert tile.age == "last 120/80 at 10:46"
    assert trend_tile(now, Vital.PULSE_RATE).text == "--"
    fresh = seen(unsure_before_s=NOW_S - 3, pressure=pressure)
    assert pressure_tile(fresh).freshness is Freshness.FRESH
    assert trend_tile(fresh, Vital.PULSE_RATE).text == "88"


def test_a_session_that_ended_does_not_wait() -> None:
    assert top_view(seen(phase=Phase.ENDED)).phase == "ENDED"
