"""One backup as a file: what it says of itself, the vault, and the encrypted database.

Knows its form, sizes and hashes. Must not know keys, nor what the database holds.

It is a plain tar archive of three members in a fixed order, so that any tar opens it in twenty
years: vigil-backup.json (the manifest), vault.json, vigil.db. It is read without tarfile's own
reader: names and sizes must be exactly those expected, and no name of it ever becomes a path.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Literal
from uuid import UUID

import msgspec

from monitor.errors import OperatorError

MANIFEST, VAULT, DATABASE = "vigil-backup.json", "vault.json", "vigil.db"
VERSION = 2
"""Manifests of form 1 had no signature."""
LARGEST_TEXT = 65_536
"""Bytes of a manifest or vault; both are below 4 KiB."""
_BLOCK = 512
_END = bytes(2 * _BLOCK)
_PIECE = 1 << 20

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, of how much. It may raise, to cancel."""
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member: its length in bytes and its hash."""

    size: Count
    sha256: Sha256


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself, readable without a key: no names, no values.

    ``installation`` is the database's UUID, ``revision`` its schema, ``rows`` the rows of each
    table at the moment of the backup. ``signature`` (hexadecimal, of the key that ``key_id``
    names) is over all the rest (backup_seal.py), "" when there was no key.
    """

    format: Literal["vigil-backup"] = "vigil-backup"
    version: Literal[1, 2] = 2
    installation: UUID
    made_utc: Moment
    app_version: str
    revision: str
    rows: dict[str, Count]
    vault: Part
    database: Part
    key_id: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The head of a backup whose length is right, its vault, and where the database begins."""

    path: Path
    manifest: Manifest
    vault: bytes
    database_at: int


def part_of(path: Path, progress: Callable[[int], None] = lambda _done: None) -> Part:
    """Return length and hash of a file. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        for piece in _pieces(file, path.stat().st_size):
            digest.update(piece)
            size += len(piece)
            progress(size)
    return Part(size, digest.hexdigest())


def text_part(data: bytes) -> Part:
    """Return length and hash of a short member."""
    return Part(len(data), hashlib.sha256(data).hexdigest())


# ---- writing


def write_backup(
    out: BinaryIO, manifest: Manifest, vault: bytes, database: Path, progress: Progress
) -> None:
    """Write a backup. Raises OSError."""
    text = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    for name, data in ((MANIFEST, text), (VAULT, vault)):
        out.write(_head(name, len(data), manifest.made_utc) + data + _padding(len(data)))
    out.write(_head(DATABASE, manifest.database.size, manifest.made_utc))
    done = 0
    with database.open("rb") as file:
        for piece in _pieces(file, manifest.database.size):
            out.write(piece)
            done += len(piece)
            progress("writing", done, manifest.database.size)
    out.write(_padding(manifest.database.size) + _END)


def _head(name: str, size: int, made: datetime) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made.timestamp())
    return member.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


# ---- reading


def open_backup(path: Path) -> Opened:
    """Read the head of a backup and see that all of it is there; the database is not read.

    Raises OperatorError, one sentence, for a file that is foreign, incomplete, damaged or newer.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            # to open a pipe would wait for its writer
            raise OperatorError(f"The backup {path} is no file", "name another file")
        with path.open("rb") as file:
            return _opened(path, file, path.stat().st_size)
    except OSError as cause:
        raise OperatorError(
            f"The backup {path} cannot be read ({cause.strerror})", "name another file"
        ) from cause


def _opened(path: Path, file: BinaryIO, there: int) -> Opened:
    name = MANIFEST.encode() + b"\0"
    if file.read(len(name)) != name:
        raise OperatorError(f"The file {path} is no Vigil backup", "name another file")
    file.seek(0)
    manifest = _manifest(path, _text(path, file, MANIFEST))
    vault = _text(path, file, VAULT)
    if text_part(vault) != manifest.vault:
        raise damaged(path)
    if _size(path, file, DATABASE) != manifest.database.size:
        raise damaged(path)
    begins, size = file.tell(), manifest.database.size
    needed = begins + size + len(_padding(size)) + len(_END)
    if there < needed:
        raise incomplete(path)
    if there > needed:
        raise damaged(path)
    return Opened(path, manifest, vault, begins)


def _text(path: Path, file: BinaryIO, name: str) -> bytes:
    size = _size(path, file, name)
    if size > LARGEST_TEXT:
        raise damaged(path)
    data = file.read(size)
    padding = len(_padding(size))
    if len(data) < size or len(file.read(padding)) < padding:
        raise incomplete(path)
    return data


def _size(path: Path, file: BinaryIO, name: str) -> int:
    """Read the head of a member that must be the one named; return its length."""
    head = file.read(_BLOCK)
    if len(head) < _BLOCK:
        raise incomplete(path)
    try:
        member = tarfile.TarInfo.frombuf(head, "ascii", "strict")
    except (tarfile.HeaderError, ValueError) as cause:
        raise damaged(path) from cause
    if member.name != name or member.type != tarfile.REGTYPE or member.size < 0:
        raise damaged(path)
    return member.size


class _Form(msgspec.Struct):
    version: int = VERSION


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        if msgspec.json.decode(text, type=_Form).version > VERSION:
            raise newer(path)
        return msgspec.json.decode(text, type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise damaged(path) from cause


def extract_database(opened: Opened, to: Path, progress: Progress) -> None:
    """Copy the database out, to a file that does not exist yet, and compare its hash.

    Raises OperatorError when the backup is damaged, OSError when ``to`` cannot be written.
    """
    wanted, digest, done = opened.manifest.database, hashlib.sha256(), 0
    with opened.path.open("rb") as file, to.open("xb") as out:
        to.chmod(0o600)
        file.seek(opened.database_at)
        for piece in _pieces(file, wanted.size):
            digest.update(piece)
            out.write(piece)
            done += len(piece)
            progress("reading", done, wanted.size)
    if (done, digest.hexdigest()) != (wanted.size, wanted.sha256):
        raise damaged(opened.path)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(_PIECE, size))):
        size -= len(piece)
        yield piece


# ---- what can be wrong with it


def incomplete(path: Path) -> OperatorError:
    """Return what to say of a file that ends too early."""
    return OperatorError(f"The backup {path} is incomplete: its end is missing", _USE_ANOTHER)


def damaged(path: Path) -> OperatorError:
    """Return what to say of a file whose bytes are not those that were written."""
    return OperatorError(f"The backup {path} is damaged", _USE_ANOTHER)


def newer(path: Path) -> OperatorError:
    """Return what to say of a backup from the future."""
    return OperatorError(
        f"The backup {path} was made by a newer version of Vigil",
        "install that version; nothing was changed",
    )


_USE_ANOTHER = "use another backup; nothing was changed"
