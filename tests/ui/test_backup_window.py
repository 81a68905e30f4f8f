"""The window says in red that the newest backup is too old, with a session and without."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from monitor.channel_messages import BackupState
from tests.ui.room import Room, running
from ui.theme import load_theme
from ui.view_models.colours import ColourRole

OLD = "BACKUP 3 days old"


pytestmark = pytest.mark.usefixtures("themed")


@pytest.mark.parametrize("has_session", [True, False])
def test_an_old_backup_is_red_until_there_is_a_new_one(qtbot: QtBot, has_session: bool) -> None:
    room = Room(running()) if has_session else Room()
    assert not any("BACKUP" in text for text in room.texts())
    room.alive = replace(room.alive, backup=BackupState(73 * 3600.0))
    room.tell()
    room.desk.tick()
    assert room.texts().count(OLD) == 1
    (chip,) = [one for one in room.window.findChildren(QLabel) if one.text() == OLD][:1]
    assert load_theme().colours[ColourRole.ALARM_HIGH] in chip.styleSheet()
    room.alive = replace(room.alive, backup=BackupState(60.0))
    room.tell()
    room.desk.tick()
    assert not any("BACKUP" in text for text in room.texts())
