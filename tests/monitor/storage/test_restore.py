"""A restore verifies before it touches anything, and keeps what was there."""

import contextlib
import shutil
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage import restore as module
from monitor.storage.backup import Cancelled, Watch
from monitor.storage.backup_file import Opened, open_backup
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions
from monitor.storage.keys import DataKey
from monitor.storage.restore import Restored, require_place, restore, vault_of
from monitor.storage.verify import verify
from tests.keys import KEY, OTHER_KEY, PASSPHRASE, raw, set_up
from tests.monitor.storage.backups import AT, back_up, counts, ending_at, names, record


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return open_backup(back_up(record(tmp_path / "data"), tmp_path / "to").path)


def put(opened: Opened, folder: Path, key: DataKey = KEY, watch: Watch | None = None) -> Restored:
    folder.mkdir(exist_ok=True)
    return restore(opened, key, folder, watch or Watch(), actor="lea", at=AT)


def test_a_restored_folder_holds_the_rows_the_vault_and_one_line_in_the_log(
    opened: Opened, tmp_path: Path
) -> None:
    folder = tmp_path / "Neu ü"
    done = put(opened, folder)
    assert done.verdict.is_intact
    assert done.kept is None
    assert names(folder) == ["vault.json", "vigil.db"]
    assert vault_of(opened).unlock(PASSPHRASE) == KEY
    more = {"audit": opened.manifest.rows["audit"] + 1}
    assert counts(folder / "vigil.db") == opened.manifest.rows | more
    with open_database(folder / "vigil.db", KEY) as database:
        assert verify(database).is_intact
        assert len(list_sessions(database)) == 1
    with contextlib.closing(raw(folder / "vigil.db")) as connection:
        last = "SELECT actor, action FROM audit ORDER BY number DESC LIMIT 1"
        assert connection.execute(last).fetchone() == ("lea", "backup.restored")


def test_over_an_old_record_all_of_it_is_kept(opened: Opened, tmp_path: Path) -> None:
    old = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    done = put(opened, tmp_path / "data")
    assert done.kept is not None
    assert {path.name: path.read_bytes() for path in done.kept.iterdir()} == old


def test_a_record_that_rotted_is_mended_from_a_backup(opened: Opened, tmp_path: Path) -> None:
    """Reliability brief, row 18."""
    path = tmp_path / "data" / "vigil.db"
    rotten = bytearray(path.read_bytes())
    rotten[len(rotten) // 2] ^= 1
    path.write_bytes(rotten)
    done = put(opened, path.parent)
    assert counts(path)["session"] == 1
    assert (done.kept / "vigil.db").read_bytes() == rotten


@pytest.mark.parametrize("step", ["reading", "checking", "verifying", "replacing"])
def test_cancelled_the_folder_is_as_it_was(opened: Opened, tmp_path: Path, step: str) -> None:
    with contextlib.closing(raw(tmp_path / "data" / "vigil.db")):
        pass
    old = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    if step == "replacing":
        watch = Watch(is_over=lambda: any((tmp_path / "data").glob("replaced-*/new/vault.json")))
    else:
        watch = ending_at(step)
    with pytest.raises(Cancelled):
        put(opened, tmp_path / "data", watch=watch)
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == old


def test_a_full_disk_leaves_the_folder_as_it_was(opened, tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("create_private", "swap_in"):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, full)
            with pytest.raises(OperatorError, match="not enough room"):
                put(opened, tmp_path / "new")
        assert names(tmp_path / "new") == []
    usage = shutil.disk_usage(tmp_path)._replace(free=1)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(OperatorError, match="not enough room"):
        put(opened, tmp_path / "new")


def test_another_clinic_s_key_opens_nothing(opened: Opened, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="of another installation"):
        put(opened, tmp_path / "new", OTHER_KEY)
    assert names(tmp_path / "new") == []


def test_only_an_empty_folder_is_restored_into_without_the_word(opened, tmp_path) -> None:
    require_place(tmp_path / "none", opened, replace=False)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "station.lock").touch()
    require_place(tmp_path / "new", opened, replace=False)
    (tmp_path / "new" / "x").touch()
    with pytest.raises(OperatorError, match=r"not empty.*--replace"):
        require_place(tmp_path / "new", opened, replace=False)


def test_another_installation_s_record_is_never_replaced(opened: Opened, tmp_path: Path) -> None:
    set_up(tmp_path / "theirs", OTHER_KEY)
    with pytest.raises(OperatorError, match="of another installation than"):
        require_place(tmp_path / "theirs", opened, replace=True)


def test_where_the_vault_is_gone_or_damaged_the_record_may_be_replaced(opened, tmp_path) -> None:
    require_place(tmp_path / "none", opened, replace=True)
    (tmp_path / "data" / "vault.json").write_text("{")
    require_place(tmp_path / "data", opened, replace=True)
