"""A station that runs gets its screen, whatever became of the files that only its start needs."""

import argparse
import io
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import OperatorError
from monitor.pipe import Doorbell
from monitor.settings import FILE_NAME, Settings, write_settings
from monitor.storage.keys import DataKey
from monitor.storage.vault import FILE_NAME as VAULT
from monitor.storage.vault import WrongKeyError
from tests.keys import KEY, PASSPHRASE, set_up
from ui.commands import show
from ui.patients.form import PatientForm
from ui.people.reception import Reception
from ui.view_models.people import Form

TORN = '[[chair]]\nname = "Chair 1"\ndriver = "ge_'


class Window:
    """Stands in for the window: remembers how it was opened."""

    def __init__(self) -> None:
        self.key: Callable[[], DataKey] | None = None
        self.stop_station: bool | None = None
        self.reception: Reception | None = None

    def __call__(
        self,
        folder: Path,
        key: Callable[[], DataKey],
        *,
        stop_station: bool,
        reception: Reception | None = None,
        patients: PatientForm | None = None,
    ) -> int:
        assert folder.is_dir()
        assert (patients is None) == (reception is None)  # both are of the clinic, or neither
        self.key, self.stop_station, self.reception = key, stop_station, reception
        return 0

    def found_key(self) -> DataKey:
        assert self.key is not None
        return self.key()


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    made = Window()
    monkeypatch.setattr(show, "show", made)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    set_up(tmp_path / "data")
    (tmp_path / "data" / FILE_NAME).write_text(TORN)
    (tmp_path / "data" / "vigil.db").write_bytes(b"\xff" * 8192)
    return tmp_path / "data"


@pytest.fixture
def station(folder: Path) -> Iterator[None]:
    """A station that answers."""
    callers: list[Connection[Any, Any]] = []
    bell = Doorbell(folder, callers.append)
    yield
    bell.close()
    for caller in callers:
        caller.close()


def open_window(folder: Path) -> int:
    file = folder.with_name(f"{folder.name}.passphrase")
    return show.desktop(argparse.Namespace(data=str(folder), passphrase_file=file))


def test_broken_files_keep_no_screen_from_a_station_that_runs(
    folder: Path, station: None, window: Window, capsys: pytest.CaptureFixture[str]
) -> None:
    assert open_window(folder) == 0
    assert (window.found_key(), window.stop_station) == (KEY, False)
    assert FILE_NAME in capsys.readouterr().err
    assert folder.is_dir()


def test_without_a_station_they_are_said_and_no_window_opens(folder: Path, window: Window) -> None:
    with pytest.raises(OperatorError, match=FILE_NAME):
        open_window(folder)
    (folder / FILE_NAME).unlink()
    with pytest.raises(OperatorError, match=r"vigil\.db"):
        open_window(folder)
    assert window.key is None


def test_without_its_key_a_running_station_is_shown_and_the_lack_is_said_when_it_dies(
    folder: Path, station: None, window: Window, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / VAULT).unlink()
    assert open_window(folder) == 0
    assert "cannot be started again from here" in capsys.readouterr().err
    with pytest.raises(OperatorError):
        window.found_key()
    set_up(folder)
    assert window.found_key() == KEY


def test_without_terminal_or_keyring_the_window_asks_for_the_passphrase_behind_ctrl_l(
    folder: Path, station: None, window: Window
) -> None:
    """As when a nurse opens the window a second time from the menu; nobody can be asked here."""
    assert show.desktop(argparse.Namespace(data=str(folder))) == 0
    reception = window.reception
    assert reception is not None
    assert reception.panel is None
    with pytest.raises(OperatorError):
        window.found_key()
    reception.ask_who()
    assert reception.panel is not None
    assert reception.panel.form is Form.OPEN
    reception.submit({"secret": PASSPHRASE})
    reception.close()  # waits for the errand
    assert window.found_key() == KEY


def test_a_desktop_that_the_station_brought_back_has_the_key_and_asks_nothing(
    folder: Path, station: None, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(KEY.as_line()))
    monkeypatch.setattr("sys.stdin", pipe)
    assert show.desktop(argparse.Namespace(data=str(folder), key_from_stdin=True)) == 0
    assert window.found_key() == KEY
    assert window.reception is not None
    assert "Records locked" not in window.reception.who.text


def test_who_does_not_know_the_passphrase_gets_no_window_either_way(
    folder: Path, station: None, window: Window
) -> None:
    folder.with_name("data.passphrase").write_text("not this one\n")
    with pytest.raises(WrongKeyError):
        open_window(folder)
    assert window.key is None


def test_a_demonstration_that_runs_is_thrown_away_after_its_window(
    folder: Path, station: None, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    thrown: list[Path] = []
    monkeypatch.setattr("shutil.rmtree", lambda path, **_: thrown.append(path))
    write_settings(folder / FILE_NAME, Settings(throw_away=True))
    assert open_window(folder) == 0
    assert (window.stop_station, thrown) == (True, [folder])


def test_a_folder_whose_settings_cannot_be_read_is_never_thrown_away(
    folder: Path, station: None, window: Window
) -> None:
    (folder / FILE_NAME).write_text("throw_away = true\n[[chair")
    assert open_window(folder) == 0
    assert window.stop_station is False
    assert folder.is_dir()
