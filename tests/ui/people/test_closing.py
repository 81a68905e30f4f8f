"""Closing the window while a session runs: only for somebody who could end the session as well."""

from contextlib import AbstractContextManager

from PySide6.QtCore import Qt

from monitor.channel_messages import Goodbye, SessionUpdate
from monitor.errors import OperatorError
from tests.keys import KEY
from tests.ui.fixtures import snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import Desktop, Records
from ui.people.book import Book, book_of

Key = Qt.Key
CALM = SessionUpdate(snapshot(), whole_chart())
QUESTION = "Close the window?"


def is_open(desk: Desktop) -> bool:
    return desk.window.isVisible() and not any(
        isinstance(message, Goodbye) for message in desk.station.heard()
    )


def test_nobody_signed_in_closes_no_window_over_a_session(opened: Opened) -> None:
    desk = opened(CALM)
    desk.press(Key.Key_Q, ctrl=True)
    assert not desk.sees(QUESTION)
    assert desk.sees(
        "Only a nurse or a physician may close the window while a session runs: let one"
    )
    desk.press(Key.Key_Return)
    assert is_open(desk)


def test_a_locked_desktop_closes_no_window_over_a_session(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_L, ctrl=True)
    desk.tell(CALM)
    desk.window.close()
    desk.tell(CALM)
    assert desk.sees("unlock them to close the window while a session runs")
    desk.press(Key.Key_Return)
    assert is_open(desk)


def test_a_yes_after_the_controls_have_locked_closes_nothing(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.tell(CALM)
    desk.press(Key.Key_Q, ctrl=True)
    assert desk.sees(QUESTION)
    desk.pass_time(301, CALM)
    desk.press(Key.Key_Return)
    assert is_open(desk)


def test_a_nurse_is_asked_once_and_closes_it(opened: Opened) -> None:
    desk = opened()
    desk.sign_in()
    desk.tell(CALM)
    desk.press(Key.Key_Q, ctrl=True)
    assert is_open(desk)
    desk.press(Key.Key_Return)
    assert not desk.window.isVisible()


def test_whoever_started_an_emergency_session_may_close(opened: Opened) -> None:
    desk = opened(SessionUpdate(snapshot(emergency="e1"), whole_chart()))
    desk.press(Key.Key_Q, ctrl=True)
    assert desk.sees(QUESTION)


def test_without_a_session_ctrl_q_closes_at_once(opened: Opened) -> None:
    desk = opened()
    desk.press(Key.Key_Q, ctrl=True)
    assert not desk.window.isVisible()


class BadDisk:
    """The way to the accounts, over a disk that fails when told."""

    def __init__(self, records: Records, *, is_bad: bool) -> None:
        self.is_bad = is_bad
        self._open = book_of(records.path, KEY)

    def __call__(self) -> AbstractContextManager[Book]:
        if self.is_bad:
            raise OperatorError("The database is damaged", "restore a backup; keep this file")
        return self._open()


def test_with_accounts_that_cannot_be_read_anybody_closes_it_after_the_question(
    opened: Opened, records: Records
) -> None:
    desk = opened(CALM, open_book=BadDisk(records, is_bad=True))
    desk.press(Key.Key_Q, ctrl=True)
    assert desk.sees(QUESTION)
    assert is_open(desk)
    desk.press(Key.Key_Return)
    assert not desk.window.isVisible()


def test_also_when_the_disk_fails_later_and_only_until_it_works_again(
    opened: Opened, records: Records
) -> None:
    disk = BadDisk(records, is_bad=False)
    desk = opened(CALM, open_book=disk)
    disk.is_bad = True
    desk.press(Key.Key_Q, ctrl=True)
    assert not desk.sees(QUESTION)
    desk.sign_in()
    assert desk.sees("The database is damaged")
    desk.press(Key.Key_Q, ctrl=True)
    assert desk.sees(QUESTION)
    for _ in ("the panel", "the question"):
        desk.press(Key.Key_Escape)
    assert not desk.sees(QUESTION)
    disk.is_bad = False
    desk.sign_in("anna", "a wrong password")
    assert desk.sees("Name or password is wrong")
    desk.press(Key.Key_Q, ctrl=True)
    assert not desk.sees(QUESTION)
    desk.press(Key.Key_Return)
    assert is_open(desk)
