"""An alarm that begins is bright at once, and everything that flashes does it in one phase."""

import pytest
from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.snapshot import AlarmState
from tests.ui.fixtures import alarm, snapshot
from tests.ui.room import Room, running
from ui.theme import load_theme
from ui.view_models.alarms import FLASH_HZ, is_lit
from ui.view_models.colours import bright
from ui.view_models.flash_phase import FlashPhase
from ui.widgets.banner import AlarmBanner
from ui.widgets.elsewhere import ElsewhereStrip

CALM = snapshot()
HIGH = snapshot(alarms=(alarm(),))
MEDIUM = snapshot(alarms=(alarm(priority=Priority.MEDIUM),))


@pytest.mark.parametrize("began_s", [1000.0, 1000.13, 1000.26, 1000.39])
def test_a_high_is_bright_at_the_moment_it_begins_whatever_the_clock_says(began_s: float) -> None:
    phase = FlashPhase()
    phase.at(began_s - 0.1, [CALM])
    assert phase.at(began_s, [CALM, HIGH]) == 0.0
    assert is_lit(Priority.HIGH, phase.at(began_s + 0.1, [HIGH]))
    half_s = 0.5 / FLASH_HZ[Priority.HIGH]
    assert not is_lit(Priority.HIGH, phase.at(began_s + 1.2 * half_s, [HIGH]))


def test_a_worse_alarm_begins_bright_and_an_equal_one_keeps_the_phase() -> None:
    phase = FlashPhase()
    phase.at(1000.0, [MEDIUM])
    assert phase.at(1000.3, [MEDIUM, HIGH]) == 0.0
    assert phase.at(1000.6, [HIGH, HIGH]) == pytest.approx(0.3)
    assert phase.at(1000.9, [MEDIUM]) == pytest.approx(0.6)


def test_what_is_acknowledged_does_not_call_and_begins_anew_when_it_calls_again() -> None:
    phase = FlashPhase()
    phase.at(1000.0, [HIGH])
    phase.at(1000.2, [snapshot(alarms=(alarm(state=AlarmState.ACKNOWLEDGED),))])
    assert phase.at(1000.3, [HIGH]) == 0.0


@pytest.mark.parametrize("chair", ["Chair 1", "Chair 2"], ids=["this chair", "another chair"])
def test_a_new_high_is_bright_in_the_tick_that_shows_it(qtbot: QtBot, chair: str) -> None:
    room = Room(running())
    room.station.now_s = 1000.3  # the clock's own phase would be dark
    room.tell(running(), running(chair=chair, session_id="s2", alarms=(alarm(),)))
    surface = room.window.findChild(AlarmBanner if chair == "Chair 1" else ElsewhereStrip)
    colour = surface.palette().color(QPalette.ColorRole.Window)
    assert colour == load_theme().colour(bright(Priority.HIGH))
