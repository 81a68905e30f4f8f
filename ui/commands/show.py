"""``vigil``: the desktop on a data folder; it starts the station or attaches to the running one.

Composes the window with the station's address. The only command that imports Qt, and only late.
"""

import argparse
import os
import shutil
import sys
from functools import partial
from pathlib import Path

from monitor.channel_messages import Hello
from monitor.errors import OperatorError
from monitor.pipe import connect
from monitor.settings import open_data_folder
from monitor.storage.keys import DataKey
from ui.cli import data_folder
from ui.composition import chairs_of, check_database
from ui.keys import find_key
from ui.station_starter import StationStarter, own_command

DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR")
STATION_ENDS_WITHIN_S = 10.0
QT_VARIABLES = ("QT_QPA_PLATFORM", "QT_SCALE_FACTOR")


def has_display() -> bool:
    """Say whether a window can be shown here."""
    if sys.platform in ("win32", "darwin"):
        return True
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    return bool(
        wanted == "offscreen" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def desktop(options: argparse.Namespace) -> int:
    """Open the window on the data folder."""
    require_display()
    folder = open_data_folder(data_folder(options))
    chairs_of(folder)  # an unknown driver is said at once, too
    key = find_key(folder, options)
    check_database(folder.database, key)  # what is wrong is said at once
    if not folder.settings.throw_away:
        return show(folder.path, key, stop_station=False)
    try:
        return show(folder.path, key, stop_station=True)
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def require_display() -> None:
    """Raise OperatorError when no window can be shown."""
    if not has_display():
        raise OperatorError(
            "There is no display to show a window on",
            "use 'vigil demo --headless', 'vigil record' or 'vigil station'",
        )


def show(folder: Path, key: DataKey, *, stop_station: bool) -> int:
    """Show the window until it is closed. ``stop_station``: the folder is not worth recording."""
    from ui.app import run_desktop  # noqa: PLC0415 - Qt is loaded only to show a window

    again = (*own_command(), "--data", str(folder), "--key-from-stdin")  # the station has the key
    hello = Hello(os.getpid(), again, _environment())
    starter = StationStarter(folder, key)
    code = run_desktop(
        partial(connect, folder),
        starter.start,
        hello,
        sound_folder=folder / "sounds",
        stop_station_on_close=stop_station,
    )
    if stop_station:
        starter.wait_until_free(STATION_ENDS_WITHIN_S)
    return code


def _environment() -> dict[str, str]:
    """Return what a desktop started by the station needs to find this screen again."""
    names = DISPLAY_VARIABLES + QT_VARIABLES
    return {name: os.environ[name] for name in names if name in os.environ}
