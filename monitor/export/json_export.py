"""A stored session as JSON, complete: the session can be rebuilt from it.

Knows the records' fields. Must not know SQL or screens.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import msgspec

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.export.entry_kinds import ENTRY_KINDS
from monitor.export.session_file import new_file
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    TransitionKept,
)
from monitor.storage.stored import StoredSession

FORMAT = "vigil-session"
VERSION = 1

_KINDS: dict[str, type[Record]] = {
    "session": SessionOpened,
    "reading": ReadingKept,
    "blood_pressure": PressureKept,
    "alarm": TransitionKept,
    "happening": HappeningKept,
    **ENTRY_KINDS,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_encode = msgspec.json.encode


def write_json(
    stored: StoredSession, path: Path, done: Callable[[int], object] = lambda _rows: None
) -> None:
    """Write the session to a new file, a row a line; ``done`` hears how many were written.

    Times are RFC 3339 UTC, ``t_s`` seconds on the session's timeline, units as in the records.
    Raises OperatorError when the file exists or cannot be written.
    """
    with new_file(path) as file:
        put_json(stored, file, done)


def put_json(
    stored: StoredSession, file: TextIO, done: Callable[[int], object] = lambda _rows: None
) -> None:
    """Write the session to an open text file."""
    head = {"format": FORMAT, "version": VERSION, "infusion_started_s": stored.infusion_started_s}
    file.write(_text(head)[:-1] + ',\n"session":' + _text(_plain(stored.opened)))
    file.write(',\n"rows":[')
    for count, row in enumerate(stored.rows):
        file.write((",\n" if count else "\n") + _text(_plain(row)))
        done(1)
    file.write("\n]}\n")


def read_json(path: Path) -> StoredSession:
    """Read a session that ``write_json`` wrote. Raises OperatorError for anything else."""
    try:
        content = msgspec.json.decode(path.read_bytes())
        is_ours = (content["format"], content["version"]) == (FORMAT, VERSION)
        records = [_record(plain) for plain in (content["session"], *content["rows"])]
    except OSError as cause:
        raise OperatorError(f"{path} cannot be read ({cause.strerror})", "name a file") from cause
    except (ValueError, KeyError, TypeError) as cause:
        raise OperatorError(f"{path} is no session that Vigil wrote", "name another") from cause
    opened, *rows = records
    if not (is_ours and isinstance(opened, SessionOpened)):
        raise OperatorError(f"{path} is another version's", "use the Vigil that wrote it")
    return StoredSession(opened, tuple(row for row in rows if not isinstance(row, SessionOpened)))


def _plain(record: Record) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record)
    if isinstance(record, TransitionKept):
        fields["priority"] = record.priority.word
    return {"row": _NAMES[type(record)], **fields.pop("stamp"), **fields}


def _record(plain: dict[str, Any]) -> Record:
    kind = _KINDS[plain.pop("row")]
    plain["stamp"] = {name: plain.pop(name) for name in ("session_id", "seq", "t_s", "utc")}
    if kind is TransitionKept:
        plain["priority"] = Priority[plain["priority"].upper()]
    return msgspec.convert(plain, kind)


def _text(value: Any) -> str:
    return _encode(value).decode()
