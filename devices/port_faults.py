"""Say in one sentence why a port could not be opened, and what a person can do about it.

Knows error numbers and the owners of device files. Must not know pyserial: it sees only what the
fault carries.
"""

import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from monitor.errors import OperatorError

_BUSY = (errno.EBUSY, errno.EAGAIN)  # EAGAIN: the lock of another program that opened exclusively


class PortUnavailable(OperatorError):  # noqa: N818 - a fact of the world, named as one
    """A port cannot be opened now: it is absent, not permitted, in use, or not a serial port."""


def explain(url: str, fault: Exception, ports_present: Sequence[str]) -> PortUnavailable:
    """Turn what opening ``url`` raised into a sentence; ``ports_present`` are named as choices."""
    if "://" in url:
        return _explain_url(url, fault)
    match _error_number(fault):
        case errno.ENOENT | errno.ENXIO | errno.ENODEV:
            return _absent(url, ports_present)
        case errno.EACCES | errno.EPERM:
            return _not_permitted(url)
        case number if number in _BUSY:
            return _in_use(url)
        case _:
            return PortUnavailable(
                f"{url} cannot be used as a serial port ({_in_short(fault)})",
                f"choose another port; {_present(ports_present)}",
            )


def _error_number(fault: Exception) -> int | None:
    """Return the number that says what happened; on Windows it is only in pyserial's text."""
    number = getattr(fault, "errno", None)
    if isinstance(number, int):
        return number
    text = str(fault)
    if "FileNotFoundError" in text:
        return errno.ENOENT
    return errno.EACCES if "PermissionError" in text else None


def _absent(url: str, ports_present: Sequence[str]) -> PortUnavailable:
    return PortUnavailable(
        f"the port {url} does not exist",
        f"plug the cable in or choose another port; {_present(ports_present)}",
    )


def _present(ports: Sequence[str]) -> str:
    return "present: " + ", ".join(ports) if ports else "no serial port is present"


def _not_permitted(url: str) -> PortUnavailable:
    if sys.platform == "win32":  # "access denied" is how Windows says that a port is open elsewhere
        return _in_use(url)
    group = _group_that_may_use(url)
    remedy = (
        f"join the group {group}: sudo usermod -aG {group} $USER, then log in again"
        if group
        else "ask the administrator of this computer for the right to use it"
    )
    return PortUnavailable(f"this user is not permitted to open {url}", remedy)


def _group_that_may_use(path: str) -> str | None:
    """Name the group whose members may read and write ``path``; None when there is no such."""
    if sys.platform == "win32":
        return None
    try:
        facts = Path(path).stat()
        group = Path(path).group()
    except (OSError, KeyError):
        return None
    return group if facts.st_mode & 0o060 == 0o060 and facts.st_gid != 0 else None


def _in_use(url: str) -> PortUnavailable:
    return PortUnavailable(
        f"another program holds {url}",
        "close that program, for example a second Vigil or a terminal",
    )


def _explain_url(url: str, fault: Exception) -> PortUnavailable:
    cause = fault.__context__
    if isinstance(cause, ConnectionRefusedError):
        return PortUnavailable(
            f"nothing listens at {url}", "start the simulator, or check address and port of the box"
        )
    if isinstance(cause, OSError):
        return PortUnavailable(
            f"{url} cannot be reached ({_in_short(cause)})", "check the address and the network"
        )
    return PortUnavailable(
        f"{url} cannot be opened ({_in_short(fault)})",
        "write it as socket://HOST:PORT, or give the path of a serial port",
    )


def _in_short(fault: BaseException) -> str:
    return getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
