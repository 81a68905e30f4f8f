"""A station makes its backups in a process of its own, which has the key by a pipe only."""

from pathlib import Path

import pytest

from monitor.channel_messages import BackupState
from monitor.clock import SystemClock
from monitor.settings import (
    BackupSettings,
    Settings,
    TimeSettings,
    open_data_folder,
    write_settings,
)
from monitor.storage.backup_folder import list_backups
from tests.keys import KEY
from tests.monitor.storage.backups import AT, back_up, record
from ui.scheduled_backups import scheduled_backups, start_backup


@pytest.fixture
def data(tmp_path: Path) -> Path:
    record(tmp_path / "data")
    (tmp_path / "to").mkdir()
    plan = BackupSettings(str(tmp_path / "to"))
    write_settings(tmp_path / "data" / "settings.toml", Settings(backup=plan))
    return tmp_path / "data"


def test_the_process_makes_a_backup_and_ends(data: Path, tmp_path: Path) -> None:
    child = start_backup(open_data_folder(data), KEY)
    assert KEY.raw.hex() not in str(child.args)
    assert child.wait(60) == 0
    assert len(list_backups(tmp_path / "to", KEY.database)) == 1


def test_a_station_knows_how_old_the_newest_is_and_lets_go_at_its_end(data: Path) -> None:
    source = record(data.parent / "other")
    back_up(source, data.parent / "to", SystemClock().now().utc)
    with scheduled_backups(open_data_folder(data), KEY, SystemClock()) as state:
        while (found := state()) is None:
            pass
    assert found.age_s is not None
    assert found.age_s < 60


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(throw_away=True, backup=BackupSettings("x")),
        Settings(time=TimeSettings(60.0, AT), backup=BackupSettings("x")),
    ],
)
def test_nothing_is_scheduled_without_a_folder_nor_in_a_demonstration(data, settings) -> None:
    write_settings(data / "settings.toml", settings)
    with scheduled_backups(open_data_folder(data), KEY, SystemClock()) as state:
        assert state() is None


def test_a_folder_that_does_not_exist_is_told_of(data: Path) -> None:
    plan = BackupSettings(str(data.parent / "gone"))
    write_settings(data / "settings.toml", Settings(backup=plan))
    with scheduled_backups(open_data_folder(data), KEY, SystemClock()) as state:
        while (found := state()) is None:
            pass
    assert isinstance(found, BackupState)
    assert "connect its disk" not in found.fault
    assert "cannot be read" in found.fault
