"""The nurse of the demonstration starts the infusion once there is a baseline."""

import pytest

from monitor.channel import in_memory_pair
from monitor.channel_messages import EndInfusion, EndSession, SessionUpdate, StartInfusion
from monitor.chart_part import CuffReading
from monitor.picture import Picture
from monitor.snapshot import Phase
from tests.monitor.storage.conftest import Maker
from tests.ui.fixtures import snapshot
from ui.demo_nurse import RATES_EVERY_S, WAITS_AT_MOST_S, Rounds, infusion_is_due, start_when_due
from ui.lockstep import INFUSION_S, SESSION_S, due


@pytest.mark.parametrize(
    ("t", "readings", "is_due"),
    [
        (299.75, 2, False),
        (300.0, 2, True),
        (300.0, 3, True),
        (300.0, 1, False),
        (347.75, 1, False),
        (WAITS_AT_MOST_S - 0.25, 1, False),
        (WAITS_AT_MOST_S, 1, True),
        (WAITS_AT_MOST_S, 0, True),
    ],
)
def test_the_infusion_waits_for_two_readings_but_not_for_ever(
    t: float, readings: int, is_due: bool
) -> None:
    assert infusion_is_due(t, readings) is is_due


def test_the_longest_wait_and_the_infusion_fit_into_a_session() -> None:
    assert WAITS_AT_MOST_S + INFUSION_S < SESSION_S


def update(now_s: float, readings: int, phase: Phase = Phase.BASELINE) -> SessionUpdate:
    shown = snapshot(now_s=now_s, phase=phase, baseline_readings=readings, infusion_started_s=None)
    return SessionUpdate(shown, None)


def test_at_the_desktop_she_starts_it_at_the_second_reading_and_then_leaves_the_chair() -> None:
    ours, theirs = in_memory_pair()
    waiting = {"Chair 1"}
    start_when_due(ours, update(320.0, 1), waiting)
    assert theirs.receive() == []
    start_when_due(ours, update(348.0, 2), waiting)
    assert theirs.receive() == [StartInfusion("s1")]
    assert waiting == {"Chair 1"}, "until the session says that it runs"
    start_when_due(ours, update(349.0, 2, Phase.INFUSION), waiting)
    assert (theirs.receive(), waiting) == ([], set())


@pytest.fixture
def picture() -> Picture:
    made = Picture(Maker().opened())
    made.trends.cuffs += [CuffReading(40, 124, 77, 93), CuffReading(347, 125, 78, 94)]
    return made


def test_without_a_window_the_infusion_lasts_as_planned_from_its_own_start(
    picture: Picture,
) -> None:
    assert (due(picture, 299.0), due(picture, 347.75)) == (None, StartInfusion)
    picture.infusion_started_s, picture.phase = 347.75, Phase.INFUSION
    assert due(picture, 347.75 + INFUSION_S - 0.25) is None
    assert due(picture, 347.75 + INFUSION_S) is EndInfusion


def test_without_a_window_the_session_ends_after_its_60_minutes(picture: Picture) -> None:
    picture.infusion_started_s, picture.phase = 347.75, Phase.RECOVERY
    assert (due(picture, SESSION_S - 0.25), due(picture, SESSION_S)) == (None, EndSession)


def test_a_failed_cuff_reading_is_none_for_the_baseline(picture: Picture) -> None:
    picture.trends.cuffs[1] = CuffReading(347, None, None, None, "cuff leak")
    assert due(picture, 400.0) is None
    assert due(picture, WAITS_AT_MOST_S) is StartInfusion


def test_she_rates_the_patient_once_every_ten_minutes_of_the_infusion() -> None:
    rounds, rated = Rounds(), []
    for now_s in range(0, 3600, 5):
        phase = Phase.BASELINE if now_s < 360 else Phase.INFUSION
        started_s = None if now_s < 360 else 360.0
        shown = snapshot(now_s=float(now_s), phase=phase, infusion_started_s=started_s)
        rated += [(now_s, rating.name) for rating in rounds.due(shown)]
    times = sorted({now_s for now_s, _ in rated})
    assert times == [360 + round(RATES_EVERY_S) * number for number in range(1, 6)]
    assert {name for _, name in rated} == {"MOAA/S", "Dissociation"}
