"""A HIGH that nobody answers beside an open form: neither covers the other, no word is cut.

Knows the window's widgets. Must not know when a HIGH escalates.
"""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from monitor.alarms.priority import Priority
from monitor.snapshot import AlarmState, LimitSettingView
from monitor.vitals import Vital
from tests.ui.fixtures import NOW_S, alarm
from tests.ui.room import Room, press, running
from ui.theme import load_theme
from ui.widgets.escalation import EscalationBand
from ui.widgets.fitting import MORE, fitted, shared_widths, wrapped_height

pytestmark = pytest.mark.usefixtures("themed")

LONG = (
    "Pressure 140/88 is back: one more reading with systolic at or below 170 and diastolic at or"
    " below 105 will end this alarm"
)
ESCALATED = alarm(is_escalated=True, since_s=NOW_S - 75, text=LONG)
LIMITS = tuple(
    LimitSettingView(f"HR-H{at}", Vital.PULSE_RATE, 120, 120, True, False, Priority.MEDIUM)
    for at in range(18)
)
FORMS = (Qt.Key.Key_C, Qt.Key.Key_L, Qt.Key.Key_M)


def calling(*, size: tuple[int, int] = (1280, 800), **changes: Any) -> Room:
    room = Room(running(**{"alarms": (ESCALATED,), "limit_settings": LIMITS} | changes))
    room.window.resize(*size)
    room.tell()
    return room


def band_of(room: Room) -> EscalationBand:
    (band,) = room.window.findChildren(EscalationBand)
    return band


def labels(band: EscalationBand) -> list[QLabel]:
    return [one for one in band.findChildren(QLabel) if one.isVisible()]


def over_window(room: Room, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(room.window, QPoint()), widget.size())


@pytest.mark.parametrize("size", [(1280, 800), (1100, 700), (1920, 1080)])
@pytest.mark.parametrize("key", FORMS)
def test_the_large_high_gives_way_to_an_open_form(
    qtbot: QtBot, key: Qt.Key, size: tuple[int, int]
) -> None:
    room = calling(size=size)
    band = band_of(room)
    alone = band.height()
    press(qtbot, room, key)
    room.tell()
    room.tell()
    opened = room.window.alarms.panel
    assert opened.isVisible()
    assert not band.geometry().intersects(opened.geometry())
    assert band.height() < alone
    press(qtbot, room, Qt.Key.Key_Escape)
    room.tell()
    assert band.height() == alone


def test_beside_a_list_the_high_is_still_there_as_a_band(qtbot: QtBot) -> None:
    room = calling()
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    band = band_of(room)
    assert band.isVisible()
    said = " ".join(label.text() for label in labels(band))
    assert "!!! HIGH" in said
    assert "Nobody has answered for 1:15" in said
    (rows,) = room.window.alarms.panel.findChildren(QTreeWidget)
    assert over_window(room, rows).top() > band.geometry().bottom()


def test_the_page_of_one_limit_shows_what_is_changed(qtbot: QtBot) -> None:
    room = calling()
    press(qtbot, room, Qt.Key.Key_L)
    room.tell()
    press(qtbot, room, Qt.Key.Key_Return)
    room.tell()
    room.tell()
    (title,) = [
        one
        for one in room.window.alarms.panel.findChildren(QLabel)
        if one.text().startswith("PR high")
    ]
    assert title.isVisible()
    assert not band_of(room).geometry().intersects(over_window(room, title))


@pytest.mark.parametrize("size", [(1280, 800), (1100, 700), (1920, 1080)])
def test_no_word_of_the_large_high_is_cut(qtbot: QtBot, size: tuple[int, int]) -> None:
    room = calling(size=size)
    told = [label for label in labels(band_of(room)) if label.text()]
    assert any(label.text() == LONG for label in told)
    assert [label for label in told if MORE in label.text()] == []
    for label in told:
        assert wrapped_height(label.font(), label.text(), label.width()) <= label.height()


def test_a_short_text_stays_as_large_as_the_chart_allows(qtbot: QtBot) -> None:
    room = calling(alarms=(alarm(is_escalated=True, since_s=NOW_S - 75),))
    largest = load_theme().sizes["stopped"]
    assert largest in {label.font().pixelSize() for label in labels(band_of(room))}


# ---- words and columns


def test_what_cannot_fit_is_cut_at_a_word_and_says_so() -> None:
    font = QFont()
    font.setPixelSize(20)
    room = QSize(200, 2 * wrapped_height(font, "Ag", 200))
    _, shown = fitted([font], LONG, room)
    assert shown.endswith(MORE)
    assert LONG.startswith(f"{shown.removesuffix(MORE)} ")
    assert wrapped_height(font, shown, room.width()) <= room.height()


def test_columns_share_what_there_is() -> None:
    assert shared_widths([40, 50, 60], [40, 90, 100], 400) == [40, 90, 100]
    assert shared_widths([40, 100, 100], [40, 300, 500], 540) == [40, 200, 300]
    assert shared_widths([100, 100], [300, 300], 100) == [50, 50]
    assert sum(shared_widths([7, 50, 20], [7, 999, 998], 100)) <= 100


@pytest.mark.parametrize("size", [(1100, 700), (1280, 800), (1440, 900)])
def test_no_column_of_the_alarm_list_is_cut(qtbot: QtBot, size: tuple[int, int]) -> None:
    calm = alarm(
        is_escalated=True, state=AlarmState.ACKNOWLEDGED, sounds_on=False, since_s=NOW_S - 994
    )
    room = calling(size=size, alarms=(calm,))
    press(qtbot, room, Qt.Key.Key_C)
    room.tell()
    room.tell()
    (rows,) = room.window.alarms.panel.findChildren(QTreeWidget)
    widths = [rows.columnWidth(column) for column in range(rows.columnCount())]
    assert sum(widths) <= rows.viewport().width()
    item = rows.topLevelItem(0)
    assert item is not None
    for column, width in enumerate(widths):
        text = item.text(column)
        needed = wrapped_height(item.font(column), text, width - 2 * 6)
        assert needed <= rows.visualItemRect(item).height(), text
