"""Where typing goes: a panel that came in between gives the cursor back to what had it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from monitor.channel_messages import SessionUpdate
from tests.ui.fixtures import snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, PIN, Desktop

Key = Qt.Key


def half_a_name(opened: Opened) -> Desktop:
    """Return a desktop where Anna has typed the half of a patient's name."""
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_N)
    QTest.keyClicks(desk.focus, "Ann E.")
    return desk


def search(desk: Desktop) -> QLineEdit:
    panel = desk.window.patients
    return next(one for one in panel.findChildren(QLineEdit) if one.accessibleName() == "Search")


def test_after_the_pin_is_set_the_rest_of_the_name_goes_on_where_it_was(opened: Opened) -> None:
    desk = half_a_name(opened)
    desk.press(Key.Key_P, ctrl=True)
    desk.type(PIN, PIN)
    desk.type(" Iaw")
    assert search(desk).text() == "Ann E. Iaw"


def test_after_escape_too(opened: Opened) -> None:
    desk = half_a_name(opened)
    desk.press(Key.Key_F3)
    desk.press(Key.Key_Escape)
    desk.tell()
    desk.type(" Iaw")
    assert search(desk).text() == "Ann E. Iaw"


def test_enter_elsewhere_goes_back_to_the_form(opened: Opened) -> None:
    desk = half_a_name(opened)
    desk.window.setFocus()
    desk.press(Key.Key_Return)
    assert desk.focus is search(desk)
    desk.type(" Iaw")
    assert search(desk).text() == "Ann E. Iaw"


def test_after_the_lock_too_and_meanwhile_nothing_of_it_is_seen(opened: Opened) -> None:
    desk = half_a_name(opened)
    desk.press(Key.Key_L, ctrl=True)
    assert not desk.window.patients.is_open
    desk.press(Key.Key_L, ctrl=True)
    desk.type(ANNA)
    desk.tell()
    desk.type(" Iaw")
    assert search(desk).text() == "Ann E. Iaw"


def test_somebody_who_went_elsewhere_with_the_mouse_stays_there(opened: Opened) -> None:
    desk = half_a_name(opened)
    desk.press(Key.Key_P, ctrl=True)
    QTest.mouseClick(search(desk), Qt.MouseButton.LeftButton)
    desk.window.panel_closed.emit()
    desk.tell()
    assert desk.focus is search(desk)


def test_over_a_session_letters_are_keys_again(opened: Opened) -> None:
    desk = opened(SessionUpdate(snapshot(), whole_chart()))
    desk.press(Key.Key_L, ctrl=True)
    desk.press(Key.Key_Escape)
    desk.tell(SessionUpdate(snapshot(), whole_chart()))
    assert not isinstance(desk.window.focusWidget(), QLineEdit)
