"""Is there a display that a window can be shown on? Qt ends the whole process when there is none.

Knows the environment and the sockets of X11 and Wayland. Must not import Qt.
"""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from monitor.errors import OperatorError

ANSWERS_WITHIN_S = 2.0
X11_FOLDER = "/tmp/.X11-unix"  # noqa: S108 - where every X server has its socket
X11_TCP = 6000
WHAT_TO_DO = "use 'vigil demo --headless', 'vigil record' or 'vigil station'"


_Socket = tuple[socket.AddressFamily, str | tuple[str, int], str]


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Say whether a display is named here; whether one answers is another question."""
    sockets = _sockets(environment, platform)
    return sockets is None or bool(sockets)


def require_display(
    environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> None:
    """Raise OperatorError when no window can be shown."""
    sockets = _sockets(environment, platform)
    if sockets is None or any(_answers(family, where) for family, where, _ in sockets):
        return
    if not sockets:
        raise OperatorError("There is no display to show a window on", WHAT_TO_DO)
    named = " or ".join(dict.fromkeys(name for _, _, name in sockets))
    raise OperatorError(
        f"No display answers at {named}, so no window can be shown",
        f"log in to a desktop, or {WHAT_TO_DO}",
    )


def _sockets(environment: Mapping[str, str], platform: str) -> list[_Socket] | None:
    """Return where the displays are that Qt would try; None when it needs no server.

    As Qt reads QT_QPA_PLATFORM: names parted by ";", each perhaps with ":" and settings.
    """
    if platform in ("win32", "darwin"):
        return None
    wanted = environment.get("QT_QPA_PLATFORM", "")
    platforms = [one.split(":")[0] for one in wanted.split(";") if one] or ["wayland", "xcb"]
    if any(not one.startswith(("wayland", "xcb")) for one in platforms):
        return None  # offscreen, linuxfb, vnc and the like
    found: list[_Socket] = []
    if any(one.startswith("wayland") for one in platforms):
        found += _wayland(environment)
    if "xcb" in platforms:
        found += _x11(environment.get("DISPLAY", ""))
    return found


def _wayland(environment: Mapping[str, str]) -> list[_Socket]:
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return []
    path = Path(environment.get("XDG_RUNTIME_DIR", "/")) / name
    return [(socket.AF_UNIX, str(path), f"WAYLAND_DISPLAY={name}")]


def _x11(display: str) -> list[_Socket]:
    """Return the sockets of ``[host]:number[.screen]``, the local ones by both their names."""
    host, _, rest = display.rpartition(":")
    number = rest.split(".")[0]
    name = f"DISPLAY={display}"
    if not display:
        return []
    if not number.isdecimal():
        return [(socket.AF_UNIX, "", name)]  # no server is ever found there
    if host in ("", "unix"):
        path = f"{X11_FOLDER}/X{number}"
        return [(socket.AF_UNIX, path, name), (socket.AF_UNIX, f"\0{path}", name)]
    return [(socket.AF_INET, (host, X11_TCP + int(number)), name)]


def _answers(family: socket.AddressFamily, where: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family) as caller:
            caller.settimeout(ANSWERS_WITHIN_S)
            caller.connect(where)
    except (OSError, ValueError, OverflowError):
        return False
    return True
