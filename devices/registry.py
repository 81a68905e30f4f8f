"""Which drivers there are: the built-in ones and those that plug-ins bring.

Knows entry points and keys. Must not know what a driver does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from devices.driver import DriverInfo
from devices.drivers.ge_s5 import INFO as GE_S5
from monitor.errors import OperatorError

PLUG_IN_GROUP = "vigil.drivers"

BUILT_IN: tuple[DriverInfo, ...] = (GE_S5,)


@dataclass(frozen=True, slots=True)
class RegistryReport:
    """The usable drivers, built-ins first, and one sentence for each plug-in that is not."""

    drivers: tuple[DriverInfo, ...]
    problems: tuple[str, ...]


def all_drivers(plug_ins: Iterable[EntryPoint] | None = None) -> RegistryReport:
    """List every driver; a plug-in that fails or repeats a key is a problem and stops nothing.

    ``plug_ins`` are the installed ones unless given.
    """
    found = entry_points(group=PLUG_IN_GROUP) if plug_ins is None else plug_ins
    drivers = {info.key: info for info in BUILT_IN}
    problems: list[str] = []
    for plug_in in found:
        loaded = _load(plug_in)
        if isinstance(loaded, str):
            problems.append(loaded)
        elif loaded.key in drivers:
            problems.append(f"{_name(plug_in)} is refused: there is a driver {loaded.key} already")
        else:
            drivers[loaded.key] = loaded
    return RegistryReport(tuple(drivers.values()), tuple(problems))


def find_driver(key: str, report: RegistryReport | None = None) -> DriverInfo:
    """Return the driver called ``key``. Raises OperatorError that names the known ones."""
    drivers = (report or all_drivers()).drivers
    for info in drivers:
        if info.key == key:
            return info
    known = ", ".join(info.key for info in drivers)
    raise OperatorError(f"there is no driver called {key!r}", f"choose one of the known: {known}")


def _load(plug_in: EntryPoint) -> DriverInfo | str:
    """Return what a plug-in brings, or the sentence that says why it brings nothing."""
    try:
        value = plug_in.load()
    except Exception as fault:  # noqa: BLE001 - a stranger's module may raise anything on import
        return f"{_name(plug_in)} does not load: {type(fault).__name__}: {fault}"
    if isinstance(value, DriverInfo):
        return value
    return f"{_name(plug_in)} is refused: {plug_in.value} is no DriverInfo"


def _name(plug_in: EntryPoint) -> str:
    package = plug_in.dist.name if plug_in.dist else "unknown package"
    return f"plug-in {plug_in.name} ({package})"
