"""A station's address stays in its folder while it runs, and is nobody else's to take away."""

import os
from pathlib import Path

import pytest

from monitor import address
from monitor.address import ADDRESS_FILE, Address, Nameplate, address_of, free_address

OURS = Address("/x/station-1.sock", b"s" * 32, 1)
OTHER = Address("/x/station-2.sock", b"o" * 32, 2)


@pytest.mark.parametrize("damage", ["", "{", None])
def test_an_address_that_is_gone_or_cut_short_is_back_at_the_second_look(
    tmp_path: Path, damage: str | None
) -> None:
    plate = Nameplate(tmp_path, OURS)
    assert address_of(tmp_path) == OURS
    file = tmp_path / ADDRESS_FILE
    file.unlink() if damage is None else file.write_text(damage)
    plate.look()
    assert address_of(tmp_path) is None
    plate.look()
    assert address_of(tmp_path) == OURS
    assert file.stat().st_mode & 0o077 == 0


def test_one_look_at_a_good_file_forgets_a_bad_one(tmp_path: Path) -> None:
    plate = Nameplate(tmp_path, OURS)
    file = tmp_path / ADDRESS_FILE
    for _ in range(3):
        good = file.read_bytes()
        file.unlink()
        plate.look()
        assert not file.exists()
        file.write_bytes(good)
        plate.look()


def test_a_copy_of_an_older_folder_is_put_right(tmp_path: Path) -> None:
    plate = Nameplate(tmp_path, OURS)
    Nameplate(tmp_path, OTHER)
    plate.look()
    plate.look()
    assert address_of(tmp_path) == OURS


def test_only_its_own_address_is_taken_down(tmp_path: Path) -> None:
    plate = Nameplate(tmp_path, OURS)
    Nameplate(tmp_path, OTHER)
    plate.take_down()
    assert address_of(tmp_path) == OTHER
    Nameplate(tmp_path, OTHER).take_down()
    assert address_of(tmp_path) is None


def test_a_folder_that_has_gone_is_not_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    plate = Nameplate(folder, OURS)
    (folder / ADDRESS_FILE).unlink()
    folder.rmdir()
    for _ in range(3):
        plate.look()
    assert not folder.exists()


def test_a_disk_that_takes_nothing_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plate = Nameplate(tmp_path, OURS)
    (tmp_path / ADDRESS_FILE).unlink()
    with monkeypatch.context() as full:
        full.setattr(os, "open", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        plate.look()
        plate.look()
    assert address_of(tmp_path) is None
    plate.look()
    assert address_of(tmp_path) == OURS


@pytest.mark.skipif(os.name == "nt", reason="local sockets with a name in the folder")
def test_every_station_has_a_socket_of_its_own_and_clears_dead_ones_away(tmp_path: Path) -> None:
    for left in ("station.sock", "station-1.sock"):
        (tmp_path / left).touch()
    (tmp_path / "stationery.txt").touch()
    where = free_address(tmp_path)
    assert str(os.getpid()) in where
    assert [path.name for path in tmp_path.iterdir()] == ["stationery.txt"]


def test_a_name_too_long_for_a_socket_goes_to_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "LONGEST_SOCKET_PATH", 5)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert Path(free_address(tmp_path)).parent.parent == tmp_path
