"""A window that came without a key: vitals first, the passphrase behind Ctrl+L, then accounts."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from monitor.channel_messages import SessionUpdate
from monitor.storage.vault import FILE_NAME
from tests.keys import KEY, PASSPHRASE, set_up
from tests.ui.fixtures import snapshot, whole_chart
from tests.ui.people.conftest import Opened
from tests.ui.people.desktop import ANNA, Desktop, Records
from ui.people.book import Book, book_of
from ui.people.seal import Seal

Key = Qt.Key
CALM = SessionUpdate(snapshot(), whole_chart())


@pytest.fixture
def seal(tmp_path: Path) -> Seal:
    set_up(tmp_path / "vault")
    return Seal(None, tmp_path / "vault" / FILE_NAME)


def sealed(opened: Opened, records: Records, seal: Seal, *updates: SessionUpdate) -> Desktop:
    def open_book() -> AbstractContextManager[Book]:
        return book_of(records.path, seal.key)()

    return opened(*updates, open_book=open_book, seal=seal)


def test_the_session_is_shown_and_no_question_stands_before_it(
    opened: Opened, records: Records, seal: Seal
) -> None:
    desk = sealed(opened, records, seal, CALM)
    assert desk.reception.panel is None
    assert desk.sees("138/84")
    assert desk.sees("Records locked · Ctrl+L")


def test_the_passphrase_opens_the_accounts_and_a_nurse_signs_in(
    opened: Opened, records: Records, seal: Seal
) -> None:
    desk = sealed(opened, records, seal, CALM)
    desk.press(Key.Key_L, ctrl=True)
    assert desk.sees("Open the records")
    desk.type("not the passphrase")
    assert seal.key is None
    assert desk.reception.panel is not None
    assert desk.reception.panel.told
    line = desk.focus
    assert isinstance(line, QLineEdit)
    line.setText(PASSPHRASE)  # a keyboard of tests has no umlaut
    desk.press(Key.Key_Return)
    desk.tell(CALM)
    assert seal.key == KEY
    desk.type("anna", ANNA)
    desk.tell(CALM)
    assert desk.sees("Anna Weber (nurse)")


def test_what_happened_before_is_logged_once_the_records_are_open(
    opened: Opened, records: Records, seal: Seal
) -> None:
    desk = sealed(opened, records, seal)
    desk.press(Key.Key_F2)
    assert records.log() == []
    seal.open(PASSPHRASE)
    desk.pass_time(6.0)
    assert records.log() == ["break_glass.started"]


def test_with_a_key_or_without_a_vault_nothing_is_sealed(seal: Seal, tmp_path: Path) -> None:
    assert seal.is_shut
    assert not Seal(None, tmp_path / "no vault").is_shut
    seal.open(PASSPHRASE)
    assert not seal.is_shut


def test_a_sealed_free_chair_asks_by_itself(opened: Opened, records: Records, seal: Seal) -> None:
    desk = sealed(opened, records, seal)
    assert desk.sees("Open the records")
