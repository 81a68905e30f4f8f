"""A desktop with people: real register in an encrypted database, cheap hashes, time that is told.

Knows how the tests of people type and look. Errands are run at once unless a test holds them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from argon2.profiles import CHEAPEST
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from monitor.accounts.passwords import Passwords
from monitor.accounts.people import Actor, Role, new_person
from monitor.channel_messages import (
    Acknowledge,
    ChairView,
    EndInfusion,
    EndSession,
    Identify,
    OpenSession,
    SessionUpdate,
    StartInfusion,
    StationAlive,
)
from monitor.clock import ManualClock
from monitor.entry_messages import IdentifyPatient
from monitor.patients import Details, Patient
from monitor.storage.database import open_database
from monitor.storage.patients import PatientRegister
from monitor.storage.people import PeopleRegister
from tests.keys import KEY, raw
from tests.ui.fixtures import CHAIR, FakeSounder, FakeStation, run_at_once
from ui.live.desk import Desk
from ui.patients.form import PatientForm
from ui.people.book import OpenBook, book_of, register_of
from ui.people.clinic import Clinic
from ui.people.entrance import FREE_LOOKS
from ui.people.errands import Errands
from ui.people.reception import Reception
from ui.people.use import UseFilter
from ui.theme import load_theme

ANNA, BOSS = "anna has a long password", "the boss has a long password"
PIN = "274953"
REHASHED = "user.password_rehashed"
"""What the register says of an account that was changed without a word for the log."""
NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
PASSWORDS = Passwords(CHEAPEST)
ADMIN = Actor("u-9", "Ada", Role.ADMINISTRATOR)
WEBER = Details("Weber", "Anna", date(1980, 3, 31), "4711")


class Records:
    """The database of a clinic: who works there, and what the audit log says."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "vigil.db"
        open_database(self.path, KEY).close()

    def hire(
        self, name: str, password: str, role: Role = Role.NURSE, *, must_change: bool = False
    ) -> str:
        person = new_person(name, f"{name.title()} Weber", role)
        person = replace(person, must_change_password=must_change)
        with open_database(self.path, KEY) as database:
            now = ManualClock(NINE).now()
            PeopleRegister(database).add(person, PASSWORDS.hash(password), now)
        return person.id

    def register(self, details: Details) -> Patient:
        now = ManualClock(NINE).now()
        with open_database(self.path, KEY) as database:
            register = PatientRegister(database)
            return register.add(details, ADMIN, now, NINE.date(), despite=True)

    def close_account(self, name: str) -> None:
        with open_database(self.path, KEY) as database:
            register = PeopleRegister(database)
            register.disable(register.named(name))

    def log(self) -> list[str]:
        """Return the actions of the audit log, without those of ``hire``."""
        connection = raw(self.path)
        try:
            return [
                row[0]
                for row in connection.execute("SELECT action FROM audit ORDER BY number")
                if row[0] != REHASHED
            ]
        finally:
            connection.close()

    def everything_logged(self) -> str:
        """Return all words of the audit log."""
        connection = raw(self.path)
        try:
            rows = connection.execute("SELECT actor, action, subject, detail FROM audit")
            return "\n".join(" ".join(map(str, row)) for row in rows)
        finally:
            connection.close()


def reception(
    open_book: OpenBook, clock: ManualClock, errands: Errands | None = None, **choices: Any
) -> Reception:
    clinic = Clinic(open_book, PASSWORDS, **choices)
    return Reception(clinic, clock, errands or Errands(run_at_once))


class Desktop:
    """A window on a clinic's records, its station and its loudspeaker; ``press`` is a keyboard."""

    def __init__(
        self,
        records: Records,
        *updates: SessionUpdate,
        open_book: OpenBook | None = None,
        errands: Errands | None = None,
        patient_errands: Errands | None = None,
        chairs: tuple[ChairView, ...] = (CHAIR,),
        size: tuple[int, int] = (1280, 800),
        **choices: Any,
    ) -> None:
        self.records = records
        self.clock = ManualClock(NINE, monotonic=500.0)
        self.station = FakeStation()
        self.sounder = FakeSounder()
        self.alive = StationAlive(42, chairs)
        book = open_book or book_of(records.path, KEY)
        self.reception = reception(book, self.clock, errands, **choices)
        self.desk = Desk(
            load_theme(),
            self.station.bridge,
            self.sounder,
            lambda: self.station.now_s,
            reception=self.reception,
            patients=PatientForm(
                register_of(records.path, KEY),
                book,
                patient_errands or Errands(run_at_once),
                self.clock,
            ),
        )
        self.window = self.desk.window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.use = UseFilter(app, self.reception.touch)
        self.station.go_live()
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()
        self.tell(*updates)
        for _ in range(FREE_LOOKS + 3):  # accounts are read, the panel opens
            self.tell()

    def tell(self, *messages: object) -> None:
        self.station.say(self.alive, *messages)
        self.desk.tick()

    def pass_time(self, seconds: float, *messages: object) -> None:
        """Let time pass; at its end the station says ``messages``."""
        self.clock.advance(seconds)
        self.station.now_s += seconds
        self.tell(*messages)

    # ---- a keyboard

    def press(self, key: Qt.Key, *, ctrl: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)
        self.tell()

    def type(self, *lines: str) -> None:
        """Fill in the lines of the form that has the focus, and Enter."""
        for number, text in enumerate(lines):
            if number:
                QTest.keyClick(self.focus, Qt.Key.Key_Tab)
            QTest.keyClicks(self.focus, text)
        self.press(Qt.Key.Key_Return)
        self.tell()

    @property
    def focus(self) -> QWidget:
        focused = self.window.focusWidget()
        assert isinstance(focused, QLineEdit), focused
        return focused

    def sign_in(self, name: str = "anna", password: str = ANNA) -> None:
        if self.reception.panel is None:
            self.press(Qt.Key.Key_L, ctrl=True)
        self.type(name, password)

    # ---- what is seen

    def texts(self) -> list[str]:
        """Return what labels say, whole where there is room for a part only."""
        labels = self.window.findChildren(QLabel)
        return [label.accessibleName() or label.text() for label in labels if label.isVisible()]

    def sees(self, words: str) -> bool:
        return any(words in text for text in self.texts())

    def button(self, name: str) -> QPushButton:
        found = [
            button
            for button in self.window.findChildren(QPushButton)
            if button.accessibleName() == name and button.isVisible()
        ]
        assert len(found) == 1, name
        return found[0]

    def commands(self) -> list[object]:
        kinds = (
            Acknowledge,
            StartInfusion,
            EndInfusion,
            EndSession,
            OpenSession,
            Identify,
            IdentifyPatient,
        )
        return [message for message in self.station.heard() if isinstance(message, kinds)]

    def close(self) -> None:
        self.use.stop()
        self.window.hide()


class HeldErrands:
    """Runs errands only when a test lets it: what a slow disk does."""

    def __init__(self) -> None:
        self.held: list[Callable[[], None]] = []
        self.errands = Errands(lambda _name, task: self.held.append(task))

    def let_go(self) -> None:
        held, self.held = self.held, []
        for task in held:
            task()
