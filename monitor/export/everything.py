"""The whole record as a folder of plain files: one per table, a manifest, and what they mean.

Knows folders, hashes and the two formats. Must not know SQL, nor who asked for it.

All is written into a hidden folder beside the one to be, which gets its name at the very end: what
breaks off leaves nothing behind.
"""

import csv
import errno
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from monitor.errors import OperatorError
from monitor.export.cells import written
from monitor.export.csv_export import rfc3339
from monitor.export.everything_columns import Value, header, reader
from monitor.storage.backup import Watch
from monitor.storage.space import LOW_BYTES
from monitor.storage.whole import LEFT_OUT, WholeRecord
from resources import path_to

FORMAT, VERSION = "vigil-everything", 1
MANIFEST, MEANING = "manifest.json", "schema.md"
UNFINISHED = ".unfinished"
"""The end of the hidden folder's name."""
_ENDINGS = {"csv": ".csv", "json": ".jsonl"}
_json = msgspec.json.Encoder().encode

Lines = Callable[[Sequence[Sequence[Value]]], bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """What was written; ``sha256`` is the manifest's, and so vouches for every file."""

    rows: int
    tables: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: the format, for the manifest the program and the moment."""

    form: str
    app_version: str
    at: datetime


def write_everything(
    record: WholeRecord,
    to: Path,
    order: Order,
    watch: Watch,
    log: Callable[[Export], None],
    *,
    begun: Callable[[Path], None] = lambda _place: None,
) -> Export:
    """Write the record into the new folder ``to``; ``log`` is called before it gets its name.

    ``begun`` hears of the hidden folder before anything is in it: after a kill it can be removed.

    Raises OperatorError, with nothing left behind.
    """
    require_new(to)
    with _unfinished(to) as place:
        begun(place)
        files = _tables(record, place, order.form, watch)
        files[MEANING] = _meaning(place)
        rows = sum(facts.get("rows", 0) for facts in files.values())
        export = Export(rows, len(record.tables), _manifest(record, place, order, files))
        log(export)
        require_new(to)
        place.rename(to)
    return export


def require_new(to: Path) -> None:
    """Raise OperatorError when something is there already, or nothing could be."""
    if to.exists() or to.is_symlink():
        raise OperatorError(f"{to} exists already", "name a new folder; it was left as it is")
    if not to.parent.is_dir():
        raise OperatorError(f"There is no folder {to.parent}", "make it, or name another")


@contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """Give a folder that only this user may read; it goes unless it was renamed."""
    place: Path | None = None
    try:
        place = Path(tempfile.mkdtemp(UNFINISHED, f".{to.name[:100]}.", to.parent))
        yield place
    except OSError as cause:
        raise _unwritable(to, cause) from cause
    finally:
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


def _unwritable(to: Path, cause: OSError) -> OperatorError:
    if cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _no_room(to)
    return OperatorError(
        f"{to} cannot be written ({cause.strerror})", "name a place where you may write"
    )


def _no_room(to: Path) -> OperatorError:
    return OperatorError(
        f"There is not enough room for {to}, and nothing was written",
        "make room or name another disk",
    )


# ---- tables


def _tables(record: WholeRecord, place: Path, form: str, watch: Watch) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    done = 0
    for table in record.tables:
        name = f"{table}{_ENDINGS[form]}"

        def tell(rows: int, before: int = done) -> None:
            watch.tell("exporting", before + rows, max(record.expected_rows, before + rows))
            _leave_room_to_record(record.path, place)

        files[name] = {"table": table, **_table(record, table, place / name, form, tell)}
        done += files[name]["rows"]
    return files


def _table(
    record: WholeRecord, table: str, path: Path, form: str, tell: Callable[[int], None]
) -> dict[str, Any]:
    """Write one table; return how many rows and bytes it has, and its hash."""
    columns = record.tables[table]
    names, values = header(table, columns), reader(table, columns)
    lines = _csv_lines if form == "csv" else _json_lines(names)
    rows = 0
    with path.open("xb") as file:
        hashed = _Hashed(file)
        hashed.put(_csv_lines([names]) if form == "csv" else b"")
        for batch in record.rows(table):
            hashed.put(lines([values(row) for row in batch]))
            rows += len(batch)
            tell(rows)
        return {"rows": rows, **hashed.finished()}


class _Hashed:
    """A file that is hashed while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = 0
        self._digest = sha256()

    def put(self, data: bytes) -> None:
        """Write. Raises OSError."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def finished(self) -> dict[str, Any]:
        """Bring it to the disk; return its size and hash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return {"bytes": self._size, "sha256": self._digest.hexdigest()}


def _csv_lines(rows: Sequence[Sequence[Value]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([written(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _json_lines(names: tuple[str, ...]) -> Lines:
    return lambda rows: b"".join(_json(dict(zip(names, row, strict=True))) + b"\n" for row in rows)


def _leave_room_to_record(database: Path, place: Path) -> None:
    """Raise OSError before the disk of the record is full: sessions may be running."""
    is_same_disk = database.stat().st_dev == place.stat().st_dev
    if is_same_disk and shutil.disk_usage(place).free < LOW_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


# ---- what explains them


def _meaning(place: Path) -> dict[str, Any]:
    content = path_to(f"docs/{MEANING}").read_bytes()
    return _put(place / MEANING, content)


def _manifest(record: WholeRecord, place: Path, order: Order, files: dict[str, Any]) -> str:
    number, chain = record.log_end
    content = msgspec.json.format(
        _json(
            {
                "format": FORMAT,
                "version": VERSION,
                "to": order.form,
                "made_utc": rfc3339(order.at),
                "app_version": order.app_version,
                "schema_revision": record.revision,
                "audit_end": {"number": number, "chain_hex": chain},
                "left_out": LEFT_OUT,
                "files": files,
            }
        ),
        indent=2,
    )
    return str(_put(place / MANIFEST, content + b"\n")["sha256"])


def _put(path: Path, content: bytes) -> dict[str, Any]:
    with path.open("xb") as file:
        hashed = _Hashed(file)
        hashed.put(content)
        return hashed.finished()
