"""The first start in a window: a folder is set up whole, or nothing is made."""

import argparse
import gc
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from argon2.profiles import CHEAPEST
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from monitor.accounts.passwords import Passwords
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from monitor.settings import DataFolder, Settings
from monitor.storage.database import open_database
from monitor.storage.keys import DataKey
from monitor.storage.people import PeopleRegister
from monitor.storage.signing import spelled_code
from monitor.storage.vault import read_vault
from tests.keyrings import FailingKeyring, WorkingKeyring
from tests.keys import KEY, PASSPHRASE, set_up, vault_for
from tests.ui.fixtures import run_at_once
from ui.first_start.asking import find_or_ask
from ui.first_start.steps import FirstStart, OpenFolder, Steps
from ui.first_start.window import StartWindow
from ui.people.errands import Errands
from ui.set_up import SetUp
from ui.theme import apply, load_theme

BOSS = "the boss has a long password"
Key = Qt.Key


class Room:
    """The window of the first start, and a keyboard."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.window = StartWindow(load_theme(), steps)
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()
        QApplication.processEvents()

    def press(self, key: Key) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key)
        self.window.tick()

    def type(self, *lines: str) -> None:
        """Fill in the lines from the first on, and Enter."""
        found = [one for one in self.window.findChildren(QLineEdit) if one.isVisible()]
        found[0].setFocus()
        for text in lines:
            self.focus.setText(text)  # QTest types ASCII only
            QTest.keyClick(self.focus, Key.Key_Tab)
        self.press(Key.Key_Return)

    @property
    def focus(self) -> QLineEdit:
        focused = self.window.focusWidget()
        assert isinstance(focused, QLineEdit), focused
        return focused

    def sees(self, words: str) -> bool:
        labels = self.window.findChildren(QLabel)
        return any(words in label.text() for label in labels if label.isVisible())


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    (tmp_path / "data").mkdir()
    return DataFolder(tmp_path / "data")


@pytest.fixture
def ring() -> Iterator[Callable[[WorkingKeyring], WorkingKeyring]]:
    """Return a function that puts a keyring in the place of the system's."""
    before = keyring.get_keyring()

    def use(other: WorkingKeyring) -> WorkingKeyring:
        keyring.set_keyring(other)
        return other

    yield use
    keyring.set_keyring(before)


@pytest.fixture
def room(qapp: QApplication, folder: DataFolder) -> Iterator[Callable[[], Room]]:
    """Return a function that opens the window on a new folder."""
    apply(load_theme(), qapp)
    rooms: list[Room] = []

    def open_it() -> Room:
        made = SetUp(folder, Passwords(CHEAPEST))
        steps = FirstStart(made, str(folder.path), SystemClock(), Errands(run_at_once))
        rooms.append(Room(steps))
        return rooms[-1]

    yield open_it
    for one in rooms:
        one.window.hide()
    rooms.clear()
    gc.collect()
    qapp.processEvents()


def recovery_key(room: Room) -> str:
    (shown,) = [w.text() for w in room.window.findChildren(QLabel) if w.text().count("-") == 7]
    return str(shown)


def to_the_last_page(room: Room) -> str:
    """Go through the pages without a keyring; return the recovery key."""
    room.press(Key.Key_Return)
    room.type("four good words", "four good words")
    key = recovery_key(room)
    room.press(Key.Key_Return)
    room.type(key.lower().replace("-", " "))
    assert room.sees("The first administrator")
    return key


def made(folder: DataFolder) -> set[str]:
    return {path.name for path in folder.path.iterdir()} - {"station.lock"}


def administrator(folder: DataFolder, key: DataKey) -> str:
    with open_database(folder.database, key, read_only=True) as database:
        (boss,) = PeopleRegister(database).people()
    return f"{boss.sign_in_name}, {boss.actor.by}"


def test_without_a_keyring_the_pages_make_a_folder_that_passphrase_and_recovery_key_open(
    room: Callable[[], Room], folder: DataFolder
) -> None:
    here = room()
    assert here.sees(str(folder.path))
    written_down = to_the_last_page(here)
    assert made(folder) == set()
    here.type("Dr Anna Weber", "boss", BOSS, BOSS)
    assert here.sees("Vigil is set up")
    assert here.sees(spelled_code(read_vault(folder.path / "vault.json").signing[0].public))
    here.press(Key.Key_Return)
    assert not here.window.isVisible()
    vault = read_vault(folder.path / "vault.json")
    assert vault.unlock("four good words") == vault.unlock(written_down) == here.steps.key
    assert (
        administrator(folder, vault.unlock(written_down)) == "boss, Dr Anna Weber (administrator)"
    )


def test_with_a_keyring_no_passphrase_is_asked(
    room: Callable[[], Room],
    folder: DataFolder,
    ring: Callable[[WorkingKeyring], WorkingKeyring],
) -> None:
    ring(WorkingKeyring())
    here = room()
    here.press(Key.Key_Return)
    key = recovery_key(here)
    here.press(Key.Key_Return)
    here.type(key)
    here.type("Dr Anna Weber", "boss", BOSS, BOSS)
    here.press(Key.Key_Escape)  # too late to cancel: all is made
    vault = read_vault(folder.path / "vault.json")
    assert [slot.kind for slot in vault.slots] == ["os", "recovery"]
    assert vault.unlock_with_keyring() == here.steps.key


@pytest.mark.parametrize("page", range(5))
def test_escape_on_any_page_leaves_nothing(
    room: Callable[[], Room],
    folder: DataFolder,
    ring: Callable[[WorkingKeyring], WorkingKeyring],
    page: int,
) -> None:
    held = ring(FailingKeyring() if page == 1 else WorkingKeyring())
    here = room()
    if page > 0:
        here.press(Key.Key_Return)
    if page > 2:
        key = recovery_key(here)
        here.press(Key.Key_Return)
        if page > 3:
            here.type(key)
    here.press(Key.Key_Escape)
    assert not here.window.isVisible()
    assert made(folder) == set()
    assert held.held == {}
    assert here.steps.key is None


def test_the_recovery_key_is_shown_once_and_must_be_typed_back(room: Callable[[], Room]) -> None:
    here = room()
    here.press(Key.Key_Return)
    here.type("four good words", "four good words")
    key = recovery_key(here)
    here.press(Key.Key_Return)
    assert not here.sees(key)
    here.type("AAAA" + key[4:] if key[:4] != "AAAA" else "BBBB" + key[4:])
    assert here.sees("That is not the recovery key")
    here.type(key)
    assert here.sees("The first administrator")


@pytest.mark.parametrize(
    ("passphrases", "told"),
    [(("short", "short"), "too short"), (("four good words", "four goof words"), "differ")],
)
def test_a_passphrase_that_will_not_do_is_a_sentence(
    room: Callable[[], Room], passphrases: tuple[str, str], told: str
) -> None:
    here = room()
    here.press(Key.Key_Return)
    here.type(*passphrases)
    assert here.sees(told)
    assert here.sees("Choose a passphrase")
    assert here.focus.text() == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("Dr W", "boss", "short", "short"), "at least 12"),
        (("Dr W", "boss", BOSS, BOSS + "x"), "differ"),
        (("Dr W", " ", BOSS, BOSS), "sign-in name is empty"),
    ],
)
def test_an_administrator_that_will_not_do_makes_nothing(
    room: Callable[[], Room], folder: DataFolder, typed: tuple[str, ...], told: str
) -> None:
    here = room()
    to_the_last_page(here)
    here.type(*typed)
    assert here.sees(told)
    assert made(folder) == set()
    here.type("Dr Anna Weber", "boss", BOSS, BOSS)
    assert made(folder) == {"vault.json", "vigil.db"}


def test_a_folder_that_was_set_up_meanwhile_is_left_alone(
    room: Callable[[], Room], folder: DataFolder
) -> None:
    here = room()
    to_the_last_page(here)
    set_up(folder.path)
    before = (folder.path / "vault.json").read_bytes()
    here.type("Dr Anna Weber", "boss", BOSS, BOSS)
    assert here.sees("set up already")
    assert (folder.path / "vault.json").read_bytes() == before


def test_a_disk_that_fails_after_the_vault_leaves_a_folder_the_desktop_goes_on_with(
    room: Callable[[], Room], folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperatorError("The disk is full", "make room")

    monkeypatch.setattr("ui.set_up.add_administrator", full)
    here = room()
    to_the_last_page(here)
    here.type("Dr Anna Weber", "boss", BOSS, BOSS)
    here.press(Key.Key_Return)
    assert here.steps.key is not None
    with open_database(folder.database, here.steps.key, read_only=True) as database:
        assert PeopleRegister(database).people() == ()


def test_a_folder_that_no_keyring_opens_asks_for_its_passphrase(
    room: Callable[[], Room], qapp: QApplication
) -> None:
    apply(load_theme(), qapp)
    here = Room(OpenFolder(vault_for(), "The keyring holds no key", Errands(run_at_once)))
    assert here.sees("The keyring holds no key")
    here.type("not the passphrase")
    assert here.sees("does not open the data folder")
    here.type(PASSPHRASE)
    assert here.steps.key == KEY
    assert not here.window.isVisible()


# ---- when it is shown


def options(**named: object) -> argparse.Namespace:
    return argparse.Namespace(**named)


def close_when_shown(app: QApplication) -> QTimer:
    def close() -> None:
        for window in app.topLevelWidgets():
            if isinstance(window, StartWindow):
                window.close()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(20)
    return timer


def test_the_desktop_on_a_new_folder_shows_the_pages_and_a_closed_window_is_a_sentence(
    folder: DataFolder, qapp: QApplication
) -> None:
    timer = close_when_shown(qapp)
    with pytest.raises(OperatorError, match="Nothing was set up"):
        find_or_ask(folder, options())
    timer.stop()
    assert made(folder) == set()


def test_without_a_terminal_the_passphrase_is_asked_in_the_window(
    folder: DataFolder, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    set_up(folder.path)
    timer = close_when_shown(qapp)
    with pytest.raises(OperatorError, match="were not opened"):
        find_or_ask(folder, options())
    timer.stop()


def test_a_named_passphrase_file_asks_nobody(folder: DataFolder) -> None:
    secret = set_up(folder.path)
    assert find_or_ask(folder, options(passphrase_file=secret)) == KEY


def test_a_demonstrations_folder_is_never_set_up(folder: DataFolder) -> None:
    demo = DataFolder(folder.path, Settings(throw_away=True))
    with pytest.raises(OperatorError, match="demonstration"):
        find_or_ask(demo, options())
    assert made(folder) == set()
