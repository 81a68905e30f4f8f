"""A window with a fake station and loudspeaker, as the tests of the screens drive it."""

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from monitor.channel_messages import (
    Acknowledge,
    ChairView,
    EndInfusion,
    EndSession,
    Goodbye,
    OpenSession,
    SessionUpdate,
    StartInfusion,
    StationAlive,
)
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from tests.ui.fixtures import (
    CHAIR,
    FakeSounder,
    FakeStation,
    run_at_once,
    snapshot,
    whole_chart,
)
from ui.live.desk import Desk
from ui.live.window import VigilWindow
from ui.patients.form import PatientForm
from ui.people.book import Book, Register
from ui.people.errands import Errands
from ui.people.reception import Reception, demonstration
from ui.theme import load_theme


def nobody_asks() -> Reception:
    return demonstration(SystemClock(), Errands())


@contextlib.contextmanager
def _no_book() -> Iterator[Book]:
    raise OperatorError("This room has no records", "open a clinic's")
    yield


@contextlib.contextmanager
def _no_register() -> Iterator[Register]:
    raise OperatorError("This room has no records", "open a clinic's")
    yield


def nobody_is_known() -> PatientForm:
    """Return a patient form whose register cannot be read."""
    return PatientForm(_no_register, _no_book, Errands(run_at_once), SystemClock())


class Room:
    """A window, its station and its loudspeaker."""

    def __init__(self, *updates: SessionUpdate, chairs: tuple[ChairView, ...] = (CHAIR,)) -> None:
        self.station = FakeStation()
        self.sounder = FakeSounder()
        self.alive = StationAlive(42, chairs)
        self.desk = Desk(
            load_theme(),
            self.station.bridge,
            self.sounder,
            lambda: self.station.now_s,
            reception=nobody_asks(),
            patients=nobody_is_known(),
        )
        self.window = self.desk.window
        self.station.go_live()
        self.tell(*updates)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.desk.tick()

    def tell(self, *messages: object) -> None:
        self.station.say(self.alive, *messages)
        self.desk.tick()

    def pass_time(self, seconds: float) -> None:
        self.station.now_s += seconds
        self.desk.tick()

    def commands(self) -> list[object]:
        kinds = (Acknowledge, StartInfusion, EndInfusion, EndSession, OpenSession, Goodbye)
        return [message for message in self.station.heard() if isinstance(message, kinds)]

    def texts(self) -> list[str]:
        labels = self.window.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible()]

    def button(self, name: str) -> QPushButton:
        found = [
            b
            for b in self.window.findChildren(QPushButton)
            if b.accessibleName() == name and b.isVisible()
        ]
        assert len(found) == 1, name
        return found[0]


def vigil_windows(app: QApplication) -> list[QWidget]:
    return [widget for widget in app.topLevelWidgets() if isinstance(widget, VigilWindow)]


def running(**changes: object) -> SessionUpdate:
    return SessionUpdate(snapshot(**changes), whole_chart())


def press(qtbot: QtBot, room: Room, key: Qt.Key, ctrl: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(room.window, key, modifier)
