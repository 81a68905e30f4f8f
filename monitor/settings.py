"""The clinic's settings: which device stands at which chair, where the backups go, which alarms.

Read from settings.toml in the data folder and checked once. Must not know devices or screens.
"""

import hashlib
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from monitor.entries import USUAL, EntryLimits
from monitor.errors import OperatorError

FILE_NAME = "settings.toml"

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
Speed = Annotated[float, msgspec.Meta(gt=0, le=1_000_000)]
NO_NUL = r"^[^\x00]*$"
"""No path has the character 0, and the system's calls raise at it."""
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ChairSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One chair: its name, the driver and the port of its monitor.

    ``simulated`` marks everything recorded here as not from a patient.
    """

    name: str
    driver: str
    port: str
    simulated: bool = False
    cuff_interval_s: Seconds = 300.0


class TimeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Simulated time for demonstrations: ``speed`` times faster since ``anchor``."""

    speed: Speed
    anchor: Moment


class BackupSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Backups by schedule: where, how often, and how many days, weeks and months are kept."""

    folder: Annotated[str, msgspec.Meta(min_length=1, pattern=NO_NUL)]
    every_h: Annotated[float, msgspec.Meta(ge=1, le=168)] = 24.0
    keep_daily: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 7
    keep_weekly: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 4
    keep_monthly: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 12


class LockSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lock of the controls: after how many idle seconds, and whether it hides the names."""

    idle_s: Annotated[float, msgspec.Meta(ge=30, le=3600)] = 300.0
    hide_names: bool = False


class RetentionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clinic's rule: how many years after the last session a patient's record is kept."""

    years: Annotated[int, msgspec.Meta(ge=1, le=200)]


class EntrySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What no entry may exceed at this clinic: one dose, and a patient's weight.

    Slips of the finger, not medical advice; why the numbers are as they are: entries.EntryLimits.
    """

    ketamine_mg: Annotated[float, msgspec.Meta(ge=1, le=2_000)] = USUAL.ketamine_mg
    other_mg: Annotated[float, msgspec.Meta(ge=1, le=100_000)] = USUAL.other_mg
    volume_ml: Annotated[float, msgspec.Meta(ge=1, le=10_000)] = USUAL.volume_ml
    least_weight_kg: Annotated[float, msgspec.Meta(ge=1, le=100)] = USUAL.least_weight_kg
    greatest_weight_kg: Annotated[float, msgspec.Meta(ge=100, le=700)] = USUAL.greatest_weight_kg

    @property
    def limits(self) -> EntryLimits:
        """The same as entries.py takes it."""
        return EntryLimits(**msgspec.structs.asdict(self))


class AlarmSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The clinic's standard alarm profile by name, "" the one that ships."""

    profile: Annotated[str, msgspec.Meta(max_length=200)] = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of one data folder. ``throw_away``: the folder is deleted after use."""

    chair: tuple[ChairSettings, ...] = ()
    time: TimeSettings | None = None
    throw_away: bool = False
    backup: BackupSettings | None = None
    lock: LockSettings = LockSettings()
    retention: RetentionSettings | None = None
    entries: EntrySettings = EntrySettings()
    alarms: AlarmSettings = AlarmSettings()


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where everything of one installation lives."""

    path: Path
    settings: Settings = field(default_factory=Settings)

    @property
    def database(self) -> Path:
        """The file that holds the sessions."""
        return self.path / "vigil.db"

    @property
    def is_accelerated(self) -> bool:
        """Whether time runs faster than the world here."""
        return self.settings.time is not None


def open_data_folder(path: Path) -> DataFolder:
    """Read the folder's settings. Raises OperatorError; never writes over an unreadable file."""
    return DataFolder(path, read_settings(path / FILE_NAME))


def read_settings(path: Path) -> Settings:
    """Read and check settings; an absent file means a new installation.

    Raises OperatorError that names the file and the place.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as cause:
        raise _unusable(path, cause) from cause
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except (ValueError, RecursionError, msgspec.ValidationError) as cause:
        raise _unusable(path, cause) from cause
    _check_names(path, settings)
    return settings


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of a folder's settings, "" where there are none; the log keeps it."""
    try:
        return hashlib.sha256((folder / FILE_NAME).read_bytes()).hexdigest()
    except OSError:
        return ""


def _unusable(path: Path, cause: Exception) -> OperatorError:
    return OperatorError(
        f"The settings file {path} cannot be used ({cause})",
        "mend it or move it away; it was left as it is",
    )


def _check_names(path: Path, settings: Settings) -> None:
    names = [chair.name for chair in settings.chair]
    ports = [chair.port for chair in settings.chair]
    if "" in names or len(set(names)) < len(names) or len(set(ports)) < len(ports):
        raise OperatorError(
            f"The settings file {path} names a chair or a port twice, or a chair not at all",
            "give every chair its own name and its own port",
        )


def write_settings(path: Path, settings: Settings) -> None:
    """Write settings whole or not at all. Raises OperatorError."""
    lines = [f"throw_away = {str(settings.throw_away).lower()}", ""]
    for chair in settings.chair:
        lines += ["[[chair]]", *_table(msgspec.to_builtins(chair)), ""]
    if settings.time is not None:
        time = msgspec.to_builtins(settings.time, builtin_types=(datetime,))
        lines += ["[time]", *_table(time), ""]
    if settings.backup is not None:
        lines += ["[backup]", *_table(msgspec.to_builtins(settings.backup)), ""]
    if settings.lock != LockSettings():
        lines += ["[lock]", *_table(msgspec.to_builtins(settings.lock)), ""]
    if settings.retention is not None:
        lines += ["[retention]", *_table(msgspec.to_builtins(settings.retention)), ""]
    if settings.entries != EntrySettings():
        lines += ["[entries]", *_table(msgspec.to_builtins(settings.entries)), ""]
    if settings.alarms != AlarmSettings():
        lines += ["[alarms]", *_table(msgspec.to_builtins(settings.alarms)), ""]
    half_done = path.with_suffix(".new")
    try:
        half_done.write_text("\n".join(lines) + "\n", encoding="utf-8")
        half_done.replace(path)
    except OSError as cause:
        raise OperatorError(
            f"The settings file {path} cannot be written ({cause.strerror})",
            "check that the folder exists and is yours",
        ) from cause


def _table(values: dict[str, object]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in values.items()]


def _toml(value: object) -> str:
    """Write a scalar as TOML: its strings are JSON's but for DEL, its dates are RFC 3339."""
    if isinstance(value, datetime):
        return value.isoformat()
    return msgspec.json.encode(value).decode().replace("\x7f", r"\u007f")
