"""The sound test is on record: who was at the desktop, and what they said."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import Records

Key = Qt.Key


@pytest.mark.parametrize(("answer", "result"), [(Key.Key_H, "heard"), (Key.Key_N, "not heard")])
def test_the_answer_is_logged_with_who_gave_it(
    opened: Opened, records: Records, answer: Key, result: str
) -> None:
    desk = opened()
    desk.sign_in()
    desk.press(Key.Key_T, ctrl=True)
    desk.press(answer, ctrl=True)
    desk.tell()
    assert records.log()[-1] == "sound.tested"
    last = records.everything_logged().splitlines()[-1]
    assert f'"result":"{result}"' in last


def test_a_test_that_nobody_answers_is_logged_too(opened: Opened, records: Records) -> None:
    desk = opened()
    desk.press(Key.Key_T, ctrl=True)
    desk.pass_time(61)
    assert "no answer" in records.everything_logged()


def test_while_the_cursor_is_in_the_sign_in_form_the_keys_work(
    opened: Opened, records: Records
) -> None:
    desk = opened()
    desk.press(Key.Key_L, ctrl=True) if desk.reception.panel is None else None
    desk.press(Key.Key_T, ctrl=True)
    desk.press(Key.Key_H, ctrl=True)
    desk.tell()
    assert "sound.tested" in records.log()
