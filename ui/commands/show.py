"""``vigil``: the desktop on a data folder; it starts the station or attaches to the running one.

Composes the window with the station's address. The only command that imports Qt, and only late.
"""

import argparse
import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from monitor.accounts.passwords import Passwords
from monitor.channel_messages import Hello
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from monitor.pipe import connect
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.keys import DataKey
from monitor.storage.vault import FILE_NAME as VAULT
from monitor.storage.vault import WrongKeyError
from ui.cli import data_folder
from ui.composition import chairs_of, check_database
from ui.display import has_display, require_display
from ui.first_start.asking import find_or_ask
from ui.keys import find_key
from ui.patients.form import PatientForm
from ui.people.book import Book, Register, book_of, register_of
from ui.people.clinic import Clinic
from ui.people.errands import Errands
from ui.people.reception import Reception, demonstration
from ui.people.seal import Seal
from ui.sound_files import FOLDER
from ui.station_check import caller
from ui.station_starter import StationStarter, own_command
from ui.voice import note

__all__ = ["desktop", "has_display", "require_display", "show"]

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR")
STATION_ENDS_WITHIN_S = 10.0
QT_VARIABLES = ("QT_QPA_PLATFORM", "QT_SCALE_FACTOR")


def desktop(options: argparse.Namespace) -> int:
    """Open the window on the data folder.

    A station that runs needs no file that could be broken: then nothing is read first that can
    keep the screen away.
    """
    require_display()
    path = data_folder(options)
    folder, key = (_attached if _station_answers(path) else _checked)(path, options)
    seal = Seal(key, folder.path / VAULT)
    find = partial(_brought_or_found, seal, partial(find_key, folder, options))
    if not folder.settings.throw_away:
        return show(
            folder.path,
            find,
            stop_station=False,
            reception=reception_of(folder, seal),
            patients=_patients(folder.database, lambda: seal.key),
        )
    try:
        return show(folder.path, find, stop_station=True)
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def _station_answers(path: Path) -> bool:
    channel = caller(path)()
    if channel is None:
        return False
    channel.close()
    return True


def _checked(path: Path, options: argparse.Namespace) -> tuple[DataFolder, DataKey]:
    """Return the folder and its key when a station can start on it. Raises OperatorError.

    A new folder is set up on the way, in a window.
    """
    folder = open_data_folder(path)
    chairs_of(folder)  # an unknown driver is said at once, too
    key = find_or_ask(folder, options)
    check_database(folder.database, key)  # what is wrong is said at once
    return folder, key


def _attached(path: Path, options: argparse.Namespace) -> tuple[DataFolder, DataKey | None]:
    """Return what can be had of a folder whose station runs; the key is for its restart only.

    Raises OperatorError when a person who was asked does not know the passphrase.
    """
    try:
        folder = open_data_folder(path)
    except OperatorError as fault:
        note(f"vigil: {fault}.")
        folder = DataFolder(path)  # not known to be a demonstration's, so never deleted
    try:
        return folder, find_key(folder, options)
    except WrongKeyError:
        raise
    except OperatorError as fault:
        note(f"vigil: {fault}. Until then the station cannot be started again from here.")
        return folder, None


def _brought_or_found(seal: Seal, find: Callable[[], DataKey]) -> DataKey:
    return seal.key or find()


def reception_of(folder: DataFolder, seal: Seal) -> Reception:
    """Return who may use the controls on this folder; while it is sealed only break-glass works."""
    lock = folder.settings.lock

    def open_book() -> AbstractContextManager[Book]:
        return book_of(folder.database, seal.key)()

    clinic = Clinic(open_book, Passwords(), lock.idle_s, lock.hide_names, seal)
    return Reception(clinic, SystemClock(), Errands())


def show(
    folder: Path,
    key: Callable[[], DataKey],
    *,
    stop_station: bool,
    reception: Reception | None = None,
    patients: PatientForm | None = None,
) -> int:
    """Show the window until it is closed. ``stop_station``: the folder is not worth recording.

    ``key`` finds the data key when a station must be started; without a ``reception`` it is a
    demonstration, where everybody may do everything. ``patients`` finds who is treated; without
    it ``key`` opens the register. Raises OperatorError.
    """
    from ui.app import run_desktop  # noqa: PLC0415 - Qt is loaded only to show a window

    again = (*own_command(), "--data", str(folder), "--key-from-stdin")  # the station has the key
    hello = Hello(os.getpid(), again, _environment())
    starter = StationStarter(folder, key)
    code = run_desktop(
        partial(connect, folder),
        starter.start,
        hello,
        reception=reception or demonstration(SystemClock(), Errands()),
        patients=patients or _patients(DataFolder(folder).database, key),
        sound_folder=folder / FOLDER,
        stop_station_on_close=stop_station,
    )
    if stop_station:
        starter.wait_until_free(STATION_ENDS_WITHIN_S)
    return code


def _patients(database: Path, key: Callable[[], DataKey | None]) -> PatientForm:
    """Return the form that finds who is treated; the key is asked for at every errand."""

    def look() -> AbstractContextManager[Register]:
        return register_of(database, key())()

    def open_book() -> AbstractContextManager[Book]:
        return book_of(database, key())()

    return PatientForm(look, open_book, Errands(), SystemClock())


def _environment() -> dict[str, str]:
    """Return what a desktop started by the station needs to find this screen again."""
    names = DISPLAY_VARIABLES + QT_VARIABLES
    return {name: os.environ[name] for name in names if name in os.environ}
