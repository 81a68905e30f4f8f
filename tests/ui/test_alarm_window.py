"""Alarms in the window: keys become commands, panels cover no alarm, other chairs are in sight."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QLineEdit, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.channel_messages import (
    ChairView,
    ChangeLimit,
    PauseAudio,
    Refused,
    SessionUpdate,
    SwitchAlarm,
    SwitchAudio,
)
from monitor.chart_part import ChartPart
from monitor.entry_messages import EnterScale
from monitor.snapshot import AlarmState, AudioState, AudioView, LimitSettingView, Phase
from monitor.vitals import Vital
from tests.ui.fixtures import CHAIR, NOW_S, alarm, snapshot
from tests.ui.room import Room, press, running
from ui.theme import load_theme
from ui.view_models.colours import ColourRole
from ui.view_models.silence import Symbol
from ui.widgets.symbols import SIZE, SymbolIcon

pytestmark = pytest.mark.usefixtures("themed")

PULSE = LimitSettingView("HR-H1", Vital.PULSE_RATE, 120, 120, True, False, Priority.MEDIUM)
OXYGEN = LimitSettingView("O2-1", Vital.SPO2, 92, 92, False, False, Priority.MEDIUM)
OFF = AudioView(AudioState.OFF, NOW_S - 600, None, "Dr B", "patient sleeps")
PAUSED = AudioView(AudioState.PAUSED, NOW_S - 17, NOW_S + 103.0, "Nurse A")
ESCALATED = alarm(is_escalated=True, since_s=NOW_S - 75)
SETTINGS = (PauseAudio, SwitchAudio, SwitchAlarm, ChangeLimit, EnterScale)


def sent(room: Room) -> list[Any]:
    return [message for message in room.station.heard() if isinstance(message, SETTINGS)]


def strip(room: Room, name: str) -> QWidget:
    (found,) = [one for one in room.window.findChildren(QWidget) if one.accessibleName() == name]
    return found


def tell_again(room: Room, **changes: Any) -> None:
    room.tell(SessionUpdate(snapshot(**changes), ChartPart("s1", False)))


def at_second_chair(**changes: Any) -> SessionUpdate:
    told = snapshot(chair="Chair 2", session_id="s2", patient="Patient B", **changes)
    return SessionUpdate(told, ChartPart("s2", True))


def two_chairs(here: SessionUpdate, there: SessionUpdate) -> Room:
    room = Room(here, chairs=(CHAIR, ChairView("Chair 2", "GE", "")))
    room.tell(there)
    return room


def type_in(room: Room, qtbot: QtBot, name: str, text: str) -> None:
    panel = room.window.alarms.panel
    (line,) = [one for one in panel.findChildren(QLineEdit) if one.accessibleName() == name]
    line.clear()
    qtbot.keyClicks(line, text)


# ---- the sound


def test_p_pauses_and_hushes_and_p_again_ends_the_pause(qtbot: QtBot) -> None:
    room = Room(running(alarms=(alarm(),)))
    press(qtbot, room, Qt.Key.Key_P)
    (pause,) = sent(room)
    assert (pause.session_id, pause.is_on) == ("s1", True)
    assert room.sounder.stops == 1
    tell_again(room, audio=PAUSED, alarms=(alarm(is_silenced=True),))
    assert "Sound paused 1:43" in room.texts()
    press(qtbot, room, Qt.Key.Key_P)
    (on,) = sent(room)
    assert isinstance(on, PauseAudio)
    assert not on.is_on


def test_a_paused_alarm_flashes_and_makes_no_sound(qtbot: QtBot) -> None:
    room = Room(running(audio=PAUSED, alarms=(alarm(is_silenced=True),)))
    theme = load_theme()
    seen = set()
    for _ in range(10):
        room.pass_time(0.1)
        room.tell()
        seen.add(strip(room, "Alarm").palette().window().color().name())
    bright, dark = theme.colour(ColourRole.ALARM_HIGH), theme.colour(ColourRole.ALARM_HIGH_DARK)
    assert seen == {bright.name(), dark.name()}
    assert room.sounder.played == []


def test_sound_off_asks_for_a_reason_first(qtbot: QtBot) -> None:
    room = Room(running())
    press(qtbot, room, Qt.Key.Key_O, ctrl=True)
    room.tell()
    assert room.window.alarms.is_open
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert sent(room) == []
    assert any("Write a reason" in text for text in room.texts())
    type_in(room, qtbot, "Reason", "scan next door")
    press(qtbot, room, Qt.Key.Key_Return)
    (off,) = sent(room)
    assert (off.is_off, off.reason) == (True, "scan next door")
    room.tell()
    assert not room.window.alarms.is_open


def test_sound_off_stands_on_the_screen_and_is_ended_at_once(qtbot: QtBot) -> None:
    room = Room(running(audio=OFF))
    assert "SOUND OFF" in room.texts()
    assert any("patient sleeps" in text for text in room.texts())
    press(qtbot, room, Qt.Key.Key_P)
    assert sent(room) == []  # a pause over it would end by itself: nobody may take it for that
    press(qtbot, room, Qt.Key.Key_O, ctrl=True)
    (on,) = sent(room)
    assert isinstance(on, SwitchAudio)
    assert not on.is_off
    qtbot.mouseClick(room.button("Sound on"), Qt.MouseButton.LeftButton)
    assert len(sent(room)) == 1


def test_while_the_sound_is_off_somebody_is_reminded_every_two_minutes(qtbot: QtBot) -> None:
    room = Room(running(audio=OFF))
    for second in range(241):
        room.station.now_s += 1
        tell_again(room, audio=OFF, now_s=NOW_S + second)
    assert len(room.sounder.tones) == 2


def test_one_alarm_is_switched_off_by_its_row_with_a_reason(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE, OXYGEN)))
    press(qtbot, room, Qt.Key.Key_D, ctrl=True)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Down)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert any("SpO₂ low 92 % (O2-1)" in text for text in room.texts())
    type_in(room, qtbot, "Reason", "lung disease")
    press(qtbot, room, Qt.Key.Key_Return)
    (off,) = sent(room)
    assert (off.rule, off.is_off, off.reason) == ("O2-1", True, "lung disease")


def test_an_alarm_that_comes_meanwhile_moves_no_mark(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE, OXYGEN)))
    press(qtbot, room, Qt.Key.Key_D, ctrl=True)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Down)
    tell_again(room, limit_settings=(PULSE, OXYGEN), alarms=(alarm(),))
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert any("(O2-1)" in text for text in room.texts())


@pytest.mark.parametrize("symbol", list(Symbol))
def test_each_symbol_is_drawn_and_none_looks_like_another(qtbot: QtBot, symbol: Symbol) -> None:
    pictures = {}
    for each in Symbol:
        icon = SymbolIcon(QColor("white"))
        qtbot.addWidget(icon)
        icon.render_symbol(each)
        image = QImage(SIZE, SIZE, QImage.Format.Format_RGB32)
        image.fill(QColor("black"))
        painter = QPainter(image)
        icon.render(painter, QPoint())
        painter.end()
        pictures[each] = bytes(image.constBits())
    assert len(set(pictures.values())) == len(Symbol)
    lit = sum(byte > 128 for byte in pictures[symbol][::4])
    assert lit > SIZE * 2


# ---- limits


def test_a_limit_is_changed_with_a_number_and_a_reason(qtbot: QtBot) -> None:
    room = Room(running(profile="Ketamine IV v1", limit_settings=(PULSE, OXYGEN)))
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    type_in(room, qtbot, "New limit, /min", "125")
    press(qtbot, room, Qt.Key.Key_Return)  # goes to the empty line
    assert sent(room) == []
    focused = room.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Reason"
    type_in(room, qtbot, "Reason", "trains for marathons")
    press(qtbot, room, Qt.Key.Key_Return)
    (change,) = sent(room)
    assert (change.rule, change.field, change.new) == ("HR-H1", "pulse_rate", 125.0)
    assert change.reason == "trains for marathons"


def test_what_is_no_number_stays_and_is_told(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE,)))
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    type_in(room, qtbot, "New limit, /min", "high")
    type_in(room, qtbot, "Reason", "because")
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert sent(room) == []
    assert any("no number" in text for text in room.texts())
    press(qtbot, room, Qt.Key.Key_Escape)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Escape)
    room.tell()
    assert not room.window.alarms.is_open


def change_pulse(room: Room, qtbot: QtBot, number: str) -> None:
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    type_in(room, qtbot, "New limit, /min", number)
    type_in(room, qtbot, "Reason", "trains for marathons")
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()


def test_a_refused_limit_keeps_what_was_typed_and_says_why(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE,)))
    change_pulse(room, qtbot, "145")
    press(qtbot, room, Qt.Key.Key_Return)  # while the station has not answered: nothing twice
    assert len(sent(room)) == 1
    why = "This limit is not taken: 145 would lie beyond the HIGH alarm at 140 (HR-H2)"
    room.tell(Refused(why))
    room.tell()
    panel = room.window.alarms.panel
    typed = {one.accessibleName(): one.text() for one in panel.findChildren(QLineEdit)}
    assert typed == {"New limit, /min": "145", "Reason": "trains for marathons"}
    assert why in [one.text() for one in panel.findChildren(QLabel)]
    focused = room.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "New limit, /min"
    type_in(room, qtbot, "New limit, /min", "135")
    press(qtbot, room, Qt.Key.Key_Return)
    assert [one.new for one in sent(room)] == [135.0]


def test_a_limit_that_is_taken_leads_back_to_the_list(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE,)))
    change_pulse(room, qtbot, "125")
    (rows,) = room.window.alarms.panel.findChildren(QTreeWidget)
    assert not rows.isVisible()
    tell_again(room, limit_settings=(replace(PULSE, value=125.0),))
    room.tell()
    assert rows.isVisible()
    (row,) = [rows.topLevelItem(at) for at in range(rows.topLevelItemCount())]
    assert row is not None
    assert row.text(1) == "125 /min"


def test_a_limit_that_cannot_be_changed_here_says_why(qtbot: QtBot) -> None:
    fixed = replace(PULSE, rule="HR-L1", why_fixed="counts unless baseline < 60 /min")
    room = Room(running(limit_settings=(fixed,)))
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert any("cannot be changed here: it counts unless" in text for text in room.texts())
    assert room.window.alarms.panel.findChildren(QTreeWidget)[0].isVisible()


def test_the_station_s_refusal_is_a_sentence_on_the_screen(qtbot: QtBot) -> None:
    room = Room(running(limit_settings=(PULSE,)))
    press(qtbot, room, Qt.Key.Key_L)
    room.tell(Refused("Only a nurse or a physician may change a patient's limits"))
    assert any("Only a nurse" in text for text in room.texts())


# ---- observations


def test_m_asks_for_both_observations_by_their_digits(qtbot: QtBot) -> None:
    room = Room(running())
    press(qtbot, room, Qt.Key.Key_M)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)  # nothing chosen yet
    assert sent(room) == []
    press(qtbot, room, Qt.Key.Key_4)
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    press(qtbot, room, Qt.Key.Key_1)
    press(qtbot, room, Qt.Key.Key_0)
    room.tell()
    assert "10" in room.texts()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert [(one.name, one.total) for one in sent(room)] == [
        ("MOAA/S", 4.0),
        ("Dissociation", 10.0),
    ]
    assert not room.window.alarms.is_open


def test_digits_mean_nothing_while_no_panel_is_open(qtbot: QtBot) -> None:
    room = Room(running())
    press(qtbot, room, Qt.Key.Key_3)
    press(qtbot, room, Qt.Key.Key_Return)
    assert sent(room) == []


def test_a_panel_that_nobody_uses_goes_and_so_does_one_of_an_ended_session(qtbot: QtBot) -> None:
    room = Room(running())
    press(qtbot, room, Qt.Key.Key_M)
    room.tell()
    for _ in range(121):
        room.station.now_s += 1
        tell_again(room)
    assert not room.window.alarms.is_open
    press(qtbot, room, Qt.Key.Key_M)
    room.tell()
    assert room.window.alarms.is_open
    tell_again(room, phase=Phase.ENDED)
    assert not room.window.alarms.is_open


def test_an_observation_is_never_entered_for_the_patient_of_another_chair(qtbot: QtBot) -> None:
    room = two_chairs(running(), at_second_chair())
    press(qtbot, room, Qt.Key.Key_M)
    press(qtbot, room, Qt.Key.Key_4)
    room.tell()
    assert room.window.alarms.is_open
    press(qtbot, room, Qt.Key.Key_2, ctrl=True)
    room.tell()
    assert not room.window.alarms.is_open
    press(qtbot, room, Qt.Key.Key_Return)
    assert sent(room) == []


def test_no_panel_covers_the_banner_or_the_numbers(qtbot: QtBot) -> None:
    limits = tuple(PULSE for _ in range(18))
    room = Room(running(alarms=(ESCALATED,), audio=PAUSED, limit_settings=limits))
    room.window.resize(1100, 700)
    for key in (Qt.Key.Key_L, Qt.Key.Key_M):
        press(qtbot, room, key)
        room.tell()
        room.tell()
        panel = room.window.alarms.panel.geometry()
        banner = strip(room, "Alarm")
        assert panel.top() >= banner.mapTo(room.window, banner.rect().bottomLeft()).y()
        (number,) = [one for one in room.window.findChildren(QLabel) if one.text() == "138/84"]
        assert panel.right() < number.mapTo(room.window, QPoint()).x()
        press(qtbot, room, Qt.Key.Key_Escape)
        room.tell()


# ---- the large HIGH


def test_a_high_that_nobody_answers_fills_the_chart_and_leaves_the_numbers(qtbot: QtBot) -> None:
    room = Room(running(alarms=(ESCALATED,)))
    assert any("Nobody has answered for 1:15" in text for text in room.texts())
    (number,) = [one for one in room.window.findChildren(QLabel) if one.text() == "138/84"]
    corner = number.mapTo(room.window, QPoint())
    (large,) = [one for one in room.window.findChildren(QLabel) if one.text() == "A: acknowledge"]
    band = large.parentWidget().parentWidget()
    assert band.width() > room.window.width() / 2
    assert not band.geometry().intersects(QRect(corner, number.size()))
    tile = number.parentWidget()
    assert tile is not None
    assert band.geometry().right() < tile.mapTo(room.window, QPoint()).x()
    known = alarm(is_escalated=False, state=AlarmState.ACKNOWLEDGED)
    tell_again(room, alarms=(known,))
    assert band.isHidden()


# ---- other chairs


def test_another_chair_that_calls_is_named_on_this_screen(qtbot: QtBot) -> None:
    room = two_chairs(running(), at_second_chair(alarms=(alarm(),)))
    assert strip(room, "Alarm at another chair").isVisible()
    assert any(text.startswith("Also at Chair 2 · Patient B") for text in room.texts())
    qtbot.mouseClick(room.button("Go there"), Qt.MouseButton.LeftButton)
    room.tell()
    assert "Patient B" in room.texts()
    assert not strip(room, "Alarm at another chair").isVisible()


def test_c_and_enter_go_to_the_chair_that_calls(qtbot: QtBot) -> None:
    room = two_chairs(running(alarms=(alarm(),)), at_second_chair(alarms=(alarm(),)))
    press(qtbot, room, Qt.Key.Key_C)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert "Patient B" in room.texts()
    assert not room.window.alarms.is_open


def test_a_number_goes_to_the_chair_of_its_row(qtbot: QtBot) -> None:
    medium = alarm(rule="HR-H1", priority=Priority.MEDIUM)
    room = two_chairs(running(alarms=(alarm(),)), at_second_chair(alarms=(medium,)))
    press(qtbot, room, Qt.Key.Key_C)
    room.tell()
    press(qtbot, room, Qt.Key.Key_2)
    room.tell()
    assert "Patient B" in room.texts()


def test_an_alarm_that_comes_meanwhile_leaves_the_meant_row_marked(qtbot: QtBot) -> None:
    medium = alarm(rule="HR-H1", priority=Priority.MEDIUM)
    room = two_chairs(running(), at_second_chair(alarms=(medium,)))
    press(qtbot, room, Qt.Key.Key_C)
    tell_again(room, alarms=(alarm(),))  # this chair's, and worse: it takes the first row
    (rows,) = room.window.alarms.panel.findChildren(QTreeWidget)
    assert rows.currentItem().text(2) == "Chair 2 · Patient B"
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    assert "Patient B" in room.texts()


def test_the_list_is_there_at_a_free_chair_too(qtbot: QtBot) -> None:
    room = Room(chairs=(CHAIR, ChairView("Chair 2", "GE", "")))
    assert "Chair 1 is free" in room.texts()
    room.tell(at_second_chair(alarms=(alarm(),)))
    press(qtbot, room, Qt.Key.Key_1, ctrl=True)
    room.tell()
    assert "Chair 1 is free" in room.texts()
    assert any(text.startswith("Also at Chair 2") for text in room.texts())
    press(qtbot, room, Qt.Key.Key_C)
    room.tell()
    assert room.window.alarms.is_open


def test_the_alarms_of_two_chairs_sound_once(qtbot: QtBot) -> None:
    room = two_chairs(running(alarms=(alarm(),)), at_second_chair(alarms=(alarm(),)))
    room.pass_time(0.2)
    assert room.sounder.played == [Priority.HIGH]


def test_all_that_flashes_is_in_phase(qtbot: QtBot) -> None:
    room = two_chairs(running(alarms=(alarm(),)), at_second_chair(alarms=(alarm(),)))
    grounds = [strip(room, name) for name in ("Alarm", "Alarm at another chair")]
    for _ in range(20):
        room.pass_time(0.07)
        assert len({one.palette().window().color().name() for one in grounds}) == 1
