"""Puts a restored record in the place of what a data folder holds: whole, or not at all.

Knows names and renames. Must not know databases or keys. Nothing that was there is ever deleted.

    replaced-TIME.preparing/new    what is restored, while it is written and verified
    replaced-TIME.unfinished/      the old files go in, then those of new/ go to their places
    replaced-TIME/                 the old files, kept: the new ones are in their places

A kill between two steps is undone by the next who takes the folder's lock (``put_back``).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from monitor.storage.private_file import sync_folder

DATABASE, VAULT = "vigil.db", "vault.json"
_PLACED = (DATABASE, VAULT)
_NEW, _PREPARING, _UNFINISHED = "new", ".preparing", ".unfinished"


def record_files(folder: Path) -> list[Path]:
    """Return the files of the record that lies in a data folder: database, vault, spill."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.name == VAULT
        or path.name.startswith(DATABASE)
        or (path.name.startswith("spill") and path.suffix == ".bin")
    )


@contextmanager
def preparing(folder: Path, at: datetime) -> Iterator[Path]:
    """Give an empty folder for what is to be restored; unless swapped in, it goes again.

    Raises OSError.
    """
    place = folder / f"replaced-{at:%Y%m%dT%H%M%SZ}{_PREPARING}"
    new = place / _NEW
    new.mkdir(mode=0o700, parents=True)
    try:
        yield new
    finally:
        put_back(folder)


def swap_in(new: Path) -> Path | None:
    """Put the files of ``new`` in their places; return where the old ones are kept, if any.

    Raises OSError; ``put_back`` then brings the old state back.
    """
    folder = new.parent.parent
    place = _renamed(new.parent, new.parent.with_suffix(_UNFINISHED))
    old = record_files(folder)
    for path in old:
        path.rename(place / path.name)
    for name in _PLACED:
        (place / _NEW / name).rename(folder / name)
    sync_folder(place)
    sync_folder(folder)
    (place / _NEW).rmdir()
    if old:
        return _renamed(place, place.with_suffix(""))
    place.rmdir()
    return None


def put_back(folder: Path) -> bool:
    """Undo a replacement that was broken off; say whether there was one. Raises OSError."""
    found = False
    for place in sorted(folder.glob(f"replaced-*{_UNFINISHED}")):
        found = True
        _undo(folder, place)
    for place in sorted(folder.glob(f"replaced-*{_PREPARING}")):
        found = True
        shutil.rmtree(place)  # nothing but what was taken out of a backup
    return found


def _undo(folder: Path, place: Path) -> None:
    """Take back what was put in place, then bring back what was there.

    Without ``new`` everything was in its place: only the last rename was missing.
    """
    new = place / _NEW
    if not new.exists():
        if any(place.iterdir()):
            _renamed(place, place.with_suffix(""))
        else:
            place.rmdir()
        return
    for name in _PLACED:
        if not (new / name).exists() and (folder / name).exists():
            (folder / name).rename(new / name)
    for path in sorted(place.iterdir()):
        if path != new:
            path.rename(folder / path.name)
    sync_folder(folder)
    # By this name it holds nothing but copies: a kill from here on can only leave them.
    shutil.rmtree(_renamed(place, place.with_suffix(_PREPARING)))


def _renamed(path: Path, to: Path) -> Path:
    path.rename(to)
    sync_folder(to.parent)
    return to
