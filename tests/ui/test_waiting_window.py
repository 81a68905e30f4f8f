"""The question in the window: above everything, over nothing, answered by keys or by mouse."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget, QWidget
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.channel_messages import EndInterrupted, ResumeSession, SessionUpdate
from monitor.snapshot import Phase
from tests.ui.fixtures import CHAIR, alarm, snapshot, whole_chart
from tests.ui.room import Room, press
from tests.ui.test_waiting_views import waits
from ui.people.reception import VISITOR
from ui.widgets.banner import AlarmBanner
from ui.widgets.waiting_panel import WaitingPanelWidget

OTHER = replace(CHAIR, chair="Chair 2")


pytestmark = pytest.mark.usefixtures("themed")


def waiting_update(session_id: str = "s1", chair: str = "Chair 1", **more: object) -> SessionUpdate:
    shown = replace(waits(session_id, chair), **more)  # type: ignore[arg-type]  # any field
    return SessionUpdate(shown, whole_chart(session_id=session_id))


def panel(room: Room) -> WaitingPanelWidget:
    found = room.window.findChild(WaitingPanelWidget)
    assert found is not None
    return found


def answers(room: Room) -> list[object]:
    kinds = (ResumeSession, EndInterrupted)
    return [message for message in room.station.heard() if isinstance(message, kinds)]


def two() -> Room:
    updates = (waiting_update(), waiting_update("s2", "Chair 2"))
    return Room(*updates, chairs=(CHAIR, OTHER))


def test_without_a_question_there_is_no_panel_and_its_keys_do_nothing(qtbot: QtBot) -> None:
    room = Room(SessionUpdate(snapshot(), whole_chart()))
    assert panel(room).isHidden()
    for key in (Qt.Key.Key_R, Qt.Key.Key_X, Qt.Key.Key_Down):
        press(qtbot, room, key)
        press(qtbot, room, key, ctrl=True)
    assert answers(room) == []


def test_the_question_covers_neither_alarm_nor_numbers(qtbot: QtBot) -> None:
    updates = [waiting_update(f"s{n}", f"Chair {n}", alarms=(alarm(),)) for n in range(1, 9)]
    chairs = tuple(replace(CHAIR, chair=f"Chair {n}") for n in range(1, 9))
    room = Room(*updates, chairs=chairs)
    room.window.resize(1100, 700)
    room.pass_time(0.1)
    banner = room.window.findChild(AlarmBanner)
    assert banner is not None
    assert not panel(room).isHidden()
    assert banner.isVisible()
    assert top_of(panel(room)) + panel(room).height() <= top_of(banner)
    assert room.window.height() == 700
    assert room.sounder.played[0] is Priority.HIGH


def top_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint(0, 0)).y()


def test_r_resumes_the_marked_session(qtbot: QtBot) -> None:
    room = two()
    press(qtbot, room, Qt.Key.Key_R)
    assert answers(room) == [ResumeSession("s1", by_id=VISITOR.user_id)]


def test_down_marks_the_next_and_up_the_one_before(qtbot: QtBot) -> None:
    room = two()
    press(qtbot, room, Qt.Key.Key_Down)
    press(qtbot, room, Qt.Key.Key_Down)
    room.pass_time(0.1)
    assert panel(room).findChild(QListWidget).currentRow() == 1  # type: ignore[union-attr]  # it is there
    press(qtbot, room, Qt.Key.Key_R)
    press(qtbot, room, Qt.Key.Key_Up)
    press(qtbot, room, Qt.Key.Key_R)
    assert [one.session_id for one in answers(room)] == ["s2", "s1"]  # type: ignore[attr-defined]  # both answers have it


def test_the_mark_stays_with_its_session_when_another_is_answered(qtbot: QtBot) -> None:
    room = two()
    press(qtbot, room, Qt.Key.Key_Down)
    room.tell(SessionUpdate(snapshot(phase=Phase.ENDED), whole_chart()))
    press(qtbot, room, Qt.Key.Key_R)
    assert answers(room) == [ResumeSession("s2", by_id=VISITOR.user_id)]


def test_a_row_can_be_marked_with_the_mouse(qtbot: QtBot) -> None:
    room = two()
    listed = panel(room).findChild(QListWidget)
    assert listed is not None
    where = listed.visualItemRect(listed.item(1)).center()
    qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.mouseClick(room.button("Resume"), Qt.MouseButton.LeftButton)
    assert answers(room) == [ResumeSession("s2", by_id=VISITOR.user_id)]


def test_x_asks_first_and_says_what_is_dropped(qtbot: QtBot) -> None:
    room = two()
    press(qtbot, room, Qt.Key.Key_X)
    assert answers(room) == []
    assert any("12 values that are held are dropped" in text for text in room.texts())
    press(qtbot, room, Qt.Key.Key_Escape)
    press(qtbot, room, Qt.Key.Key_X)
    press(qtbot, room, Qt.Key.Key_Return)
    assert answers(room) == [EndInterrupted("s1", by_id=VISITOR.user_id)]


def test_one_key_answers_for_all_except_those_that_cannot_go_on(qtbot: QtBot) -> None:
    stuck = replace(waits("s3", "Chair 3", obstacle="no chair"), patient="P3")
    third = SessionUpdate(stuck, whole_chart(session_id="s3"))
    room = two()
    room.tell(third)
    press(qtbot, room, Qt.Key.Key_R, ctrl=True)
    assert [one.session_id for one in answers(room)] == ["s1", "s2"]  # type: ignore[attr-defined]  # both answers have it
    press(qtbot, room, Qt.Key.Key_X, ctrl=True)
    assert any("P3 at Chair 3" in text for text in room.texts())
    press(qtbot, room, Qt.Key.Key_Return)
    assert [type(one) for one in answers(room)] == [EndInterrupted] * 3


def test_an_answered_question_goes(qtbot: QtBot) -> None:
    room = Room(waiting_update())
    assert not panel(room).isHidden()
    room.tell(SessionUpdate(snapshot(), whole_chart()))
    assert panel(room).isHidden()


def test_names_are_shown_as_they_are(qtbot: QtBot) -> None:
    room = Room(waiting_update(patient="<b>A&B</b>"))
    listed = panel(room).findChild(QListWidget)
    assert listed is not None
    assert "<b>A&B</b>" in listed.item(0).text()


@pytest.mark.parametrize("seconds", [60, 600])
def test_a_session_the_station_no_longer_knows_sounds_high_until_somebody_has_seen_it(
    qtbot: QtBot, seconds: float
) -> None:
    room = Room(SessionUpdate(snapshot(), whole_chart()))
    room.station.channel.close()
    for _ in range(round(seconds * 2)):
        room.station.now_s += 0.5
        room.tell()
    assert any("NOT WATCHED and NOT RECORDED" in text for text in room.texts())
    assert room.sounder.played[-1] is Priority.HIGH
    press(qtbot, room, Qt.Key.Key_X)
    assert answers(room) == []
    press(qtbot, room, Qt.Key.Key_R)
    room.pass_time(0.1)
    assert panel(room).isHidden()
    assert answers(room) == []
    played = len(room.sounder.played)
    for _ in range(60):
        room.station.now_s += 0.5
        room.tell()
    assert len(room.sounder.played) == played


def test_sessions_that_cannot_be_read_sound_high_until_somebody_has_seen_it(qtbot: QtBot) -> None:
    room = Room()
    room.alive = replace(room.alive, unresumed="The database is locked")
    room.tell()
    room.pass_time(0.1)
    assert room.sounder.played[-1] is Priority.HIGH
    assert any("they cannot be read" in text for text in room.texts())
    press(qtbot, room, Qt.Key.Key_R)
    room.tell()
    assert panel(room).isHidden()
    room.alive = replace(room.alive, unresumed="The database is damaged")
    room.tell()
    room.pass_time(0.1)
    assert not panel(room).isHidden()
    room.alive = replace(room.alive, unresumed="")
    room.tell()
    room.pass_time(0.1)
    assert panel(room).isHidden()
