"""A killed export leaves nothing unencrypted behind for longer than until the next start."""

import json
from pathlib import Path

import filelock
import pytest

from monitor.errors import OperatorError
from ui.only_writer import only_writer
from ui.unfinished_exports import LOCK, NOTE, one_export, sweep_exports


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def _killed(data: Path, name: str = ".out.abc.unfinished") -> Path:
    """Leave what a kill leaves: the note, the hidden folder, and a lock that nobody holds."""
    place = data.parent / name
    place.mkdir()
    for file in ("reading.csv", "session.jsonl", "schema.md", "manifest.json"):
        (place / file).write_text("Weber, Anna")
    (data / NOTE).write_text(json.dumps(str(place)))
    return place


def test_the_next_start_of_a_station_removes_what_a_killed_export_left(data: Path, caplog) -> None:
    place = _killed(data)
    with only_writer(data):
        assert not place.exists()
    assert not (data / NOTE).exists()
    assert "broken off" in caplog.text
    caplog.clear()


def test_the_next_export_removes_it_too_and_notes_its_own(data: Path, caplog) -> None:
    place, mine = _killed(data), data.parent / ".mine.xyz.unfinished"
    with one_export(data) as begun:
        assert not place.exists()
        mine.mkdir()
        begun(mine)
        assert json.loads((data / NOTE).read_text()) == str(mine)
        mine.rename(data.parent / "mine")
    assert not (data / NOTE).exists()
    assert (data.parent / "mine").is_dir()
    caplog.clear()


def test_an_export_that_runs_is_left_alone(data: Path, caplog) -> None:
    place = _killed(data)
    with filelock.FileLock(data / LOCK):
        sweep_exports(data)
        with pytest.raises(OperatorError, match="Another export"), one_export(data):
            pass
    assert len(list(place.iterdir())) == 4
    caplog.clear()


@pytest.mark.parametrize("name", ["home", ".hidden", "out.unfinished"])
def test_a_note_that_names_anything_else_deletes_nothing(data: Path, name: str) -> None:
    place = _killed(data, name)
    sweep_exports(data)
    assert len(list(place.iterdir())) == 4


def test_a_file_that_no_export_writes_stays_and_so_does_the_note(data: Path, caplog) -> None:
    place = _killed(data)
    (place / "letter.odt").write_text("mine")
    sweep_exports(data)
    assert [file.name for file in place.iterdir()] == ["letter.odt"]
    assert (data / NOTE).exists()
    caplog.clear()


@pytest.mark.parametrize("text", ["", "{", "7", "null", '"/nowhere/.x.unfinished"'])
def test_a_note_that_says_nothing_goes(data: Path, text: str) -> None:
    (data / NOTE).write_text(text)
    sweep_exports(data)
    assert not (data / NOTE).exists()
