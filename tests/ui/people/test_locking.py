"""The lock of the controls: it locks what changes something, and never what somebody must see."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from monitor.accounts.people import Role
from monitor.alarms.priority import Priority
from monitor.channel_messages import Acknowledge, EndSession, SessionUpdate
from tests.ui.fixtures import NOW_S, alarm, snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, PIN, Desktop, Records
from ui.widgets.numerics import NumericWidget

Key = Qt.Key
CALM = SessionUpdate(snapshot(), whole_chart())
ALARM = SessionUpdate(snapshot(alarms=(alarm(),)), whole_chart())


def locked(opened: Opened, *, with_pin: bool = True, **choices: object) -> Desktop:
    """Return a desktop where Anna signed in, went to a session, and locked by hand."""
    desk = opened(**choices)
    desk.sign_in()
    if with_pin:
        desk.press(Key.Key_P, ctrl=True)
        desk.type(PIN, PIN)
    desk.tell(CALM)
    desk.press(Key.Key_L, ctrl=True)
    desk.tell(CALM)
    assert desk.sees("Locked")
    return desk


def test_five_minutes_without_use_lock_and_any_use_begins_them_again(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.sign_in()
    desk.pass_time(290, CALM)
    QTest.keyClick(desk.window, Key.Key_Shift)
    desk.pass_time(299, CALM)
    assert desk.sees("Anna Weber (nurse)")
    QTest.mouseClick(desk.window.session.chart, Qt.MouseButton.LeftButton)
    desk.pass_time(299, CALM)
    assert not desk.sees("Locked")
    desk.pass_time(1, CALM)
    assert desk.sees("Locked")
    assert records.log() == ["user.signed_in", "controls.locked"]


def test_while_locked_an_alarm_sounds_flashes_and_can_be_acknowledged(opened: Opened) -> None:
    desk = locked(opened)
    desk.pass_time(400, CALM)
    desk.tell(ALARM)
    assert desk.sounder.played == [Priority.HIGH]
    assert desk.sees("Systolic 184 at or above 180")
    grounds = set()
    for moment_s in (0.01, 0.26):
        desk.window.flash(moment_s)
        grounds.add(desk.window.grab().toImage().pixelColor(6, 90).name())
    assert len(grounds) == 2
    desk.press(Key.Key_A)
    (sent,) = desk.commands()
    assert sent == Acknowledge("s1", "BP-H2", "not signed in", NOW_S - 42, "nobody")
    assert desk.sounder.stops == 1


def test_while_locked_vitals_chart_and_name_stay_in_sight(opened: Opened) -> None:
    desk = locked(opened)
    assert {"138/84", "88", "97", "Demo patient"} <= set(desk.texts())
    assert desk.window.session.chart.isVisible()
    assert desk.window.panel.isHidden()


def test_the_open_panel_covers_neither_numbers_nor_banner_nor_acknowledge(opened: Opened) -> None:
    desk = locked(opened)
    desk.tell(ALARM)
    desk.press(Key.Key_E, ctrl=True)
    panel = desk.window.panel.geometry()
    button = desk.button("Acknowledge")
    assert panel.top() > button.mapTo(desk.window, button.rect().bottomLeft()).y()
    tiles = desk.window.session.findChildren(NumericWidget)
    assert len(tiles) == 3
    assert all(panel.right() < w.mapTo(desk.window, w.rect().topLeft()).x() for w in tiles)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [type(sent) for sent in desk.commands()] == [Acknowledge]


@pytest.mark.parametrize("ctrl", [False, True])
def test_while_locked_other_controls_ask_first(opened: Opened, ctrl: bool) -> None:
    desk = locked(opened)
    desk.press(Key.Key_E, ctrl=ctrl)
    assert desk.sees("The controls are locked: unlock them to end")
    assert desk.sees("The PIN of Anna Weber unlocks them")
    assert desk.commands() == []


def test_the_pin_unlocks_and_the_control_works_again(opened: Opened, records: Records) -> None:
    desk = locked(opened)
    desk.press(Key.Key_E, ctrl=True)
    desk.type(PIN)
    assert desk.sees("Anna Weber (nurse)")
    desk.press(Key.Key_E, ctrl=True)
    desk.press(Key.Key_Return)
    anna = desk.reception.actor_for()
    assert desk.commands() == [EndSession("s1", "Anna Weber (nurse)", anna.user_id)]
    assert records.log()[-3:] == ["user.pin_set", "controls.locked", "controls.unlocked"]


def test_after_three_wrong_pins_only_the_password_unlocks(opened: Opened) -> None:
    desk = locked(opened)
    desk.press(Key.Key_L, ctrl=True)
    desk.type("111222")
    assert desk.sees("The PIN is wrong: 2 tries left")
    desk.type("111223")
    assert desk.sees("1 try left")
    desk.type("111224")
    assert desk.sees("The PIN no longer counts")
    desk.press(Key.Key_Escape)
    desk.press(Key.Key_L, ctrl=True)
    assert desk.sees("The password of Anna Weber unlocks them")
    desk.type(ANNA)
    assert desk.sees("Anna Weber (nurse)")


def test_escape_gives_no_tries_back(opened: Opened) -> None:
    desk = locked(opened)
    for wrong in ("111222", "111223", "111224"):
        desk.press(Key.Key_L, ctrl=True)
        desk.type(wrong)
        desk.press(Key.Key_Escape)
    desk.press(Key.Key_L, ctrl=True)
    assert desk.sees("The password of Anna Weber unlocks them")


def test_without_a_pin_the_password_unlocks(opened: Opened) -> None:
    desk = locked(opened, with_pin=False)
    desk.press(Key.Key_L, ctrl=True)
    desk.type(ANNA)
    assert desk.sees("Anna Weber (nurse)")


def test_a_pin_of_a_closed_account_unlocks_nothing(opened: Opened, records: Records) -> None:
    desk = locked(opened)
    records.close_account("anna")
    desk.press(Key.Key_L, ctrl=True)
    desk.type(PIN)
    assert desk.sees("The PIN no longer counts")
    desk.type(ANNA)
    assert desk.sees("Name or password is wrong")
    assert desk.sees("Locked")


def test_a_pin_that_anybody_tries_first_is_refused(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_P, ctrl=True)
    desk.type("123456", "123456")
    assert desk.sees("the first that anybody tries")
    desk.type("27a49b53", PIN)  # letters are not taken
    assert desk.sees("The PIN is set")


def test_another_person_takes_over_without_stopping_anything(
    opened: Opened, records: Records
) -> None:
    records.hire("bob", "bob has a long password", Role.PHYSICIAN)
    desk = locked(opened)
    desk.tell(ALARM)
    desk.press(Key.Key_L, ctrl=True)
    desk.press(Key.Key_F3)
    desk.type("bob", "bob has a long password")
    assert desk.sees("Bob Weber (physician)")
    assert desk.sees("138/84")
    assert desk.sounder.stops == 0
    assert desk.commands() == []
    assert records.log()[-2:] == ["user.signed_in", "user.signed_out"]


def test_names_are_hidden_when_locked_where_the_clinic_wants_it(opened: Opened) -> None:
    desk = locked(opened, hides_names=True)
    assert not desk.sees("Demo patient")
    assert desk.sees("Name hidden")
    desk.press(Key.Key_L, ctrl=True)
    desk.type(PIN)
    desk.tell(CALM)
    assert desk.sees("Demo patient")


def test_a_question_left_open_is_not_answered_by_a_locked_desk(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.tell(CALM)
    desk.press(Key.Key_E, ctrl=True)
    desk.pass_time(301, CALM)
    desk.press(Key.Key_Return)
    assert desk.commands() == []
    assert desk.sees("The controls are locked")
