"""A restored record takes the place of the old one whole or not at all; the old one is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.storage import replacement
from monitor.storage.replacement import preparing, put_back, record_files, swap_in

AT = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
OLD = {
    "vigil.db": "old",
    "vigil.db-wal": "old journal",
    "vigil.db.plain": "older",
    "vault.json": "old vault",
    "spill.bin": "old spill",
    "spill-unread-1.bin": "old rows",
}
NEW = {"vigil.db": "new", "vault.json": "new vault"}
STAYS = {"settings.toml": "chairs", "station.lock": "", "notes.txt": "mine"}


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (OLD | STAYS).items():
        (tmp_path / name).write_text(text)
    return tmp_path


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def prepare(new: Path) -> Path:
    for name, text in NEW.items():
        (new / name).write_text(text)
    return new


def test_the_old_files_are_kept_aside_and_what_is_no_record_stays(folder: Path) -> None:
    with preparing(folder, AT) as new:
        kept = swap_in(prepare(new))
    assert content(folder) == NEW | STAYS
    assert kept == folder / "replaced-20261122T051500Z"
    assert content(kept) == OLD


def test_in_an_empty_folder_nothing_is_left_but_the_new_files(tmp_path: Path) -> None:
    with preparing(tmp_path, AT) as new:
        assert swap_in(prepare(new)) is None
    assert content(tmp_path) == NEW
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NEW)


def test_what_is_not_swapped_in_goes_again(folder: Path) -> None:
    with preparing(folder, AT) as new:
        prepare(new)
    assert content(folder) == OLD | STAYS
    assert not list(folder.glob("replaced-*"))


@pytest.mark.parametrize("is_empty", [False, True])
def test_killed_after_any_step_the_next_start_finds_the_old_record_or_the_new(
    folder: Path, is_empty: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_empty:
        for path in record_files(folder):
            path.unlink()
    old = content(folder)
    outcomes = []
    for step in range(1, 40):
        with kill_at(step, monkeypatch) as kill:
            try:
                place = folder / "replaced-20261122T051500Z.preparing" / "new"
                place.mkdir(parents=True)
                swap_in(prepare(place))
            except Killed:
                pass
        for again in range(1, 40):  # and the one who mends is killed, too
            with kill_at(again, monkeypatch) as mending:
                try:
                    put_back(folder)
                except Killed:
                    continue
            break
        assert mending is not None
        outcomes.append(content(folder) == old)
        assert not list(folder.glob("replaced-*.*"))
        if not outcomes[-1]:
            assert content(folder) == NEW | {name: old[name] for name in STAYS}
            kept = list(folder.glob("replaced-*"))
            assert [content(path) for path in kept] == ([] if is_empty else [OLD])
            break
        assert not list(folder.glob("replaced-*"))
        del kill
    assert outcomes[0]
    assert not outcomes[-1]
    assert len(outcomes) > 3


class kill_at:  # noqa: N801 - reads as a verb where it is used
    """Kill the process at the n-th change of the folder, before it happens."""

    def __init__(self, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self._left = step
        self._patch = monkeypatch.context()

    def __enter__(self) -> "kill_at":
        patch = self._patch.__enter__()
        for name in ("rename", "rmdir", "unlink"):
            self._guard(patch, Path, name)
        self._guard(patch, replacement.shutil, "rmtree", _half_deleted)
        return self

    def __exit__(self, *fault: object) -> None:
        self._patch.__exit__(*fault)

    def _guard(
        self,
        patch: pytest.MonkeyPatch,
        where: object,
        name: str,
        before: Callable[[Path], None] = lambda _: None,
    ) -> None:
        real = getattr(where, name)

        def guarded(*words: object, **named: object) -> object:
            self._left -= 1
            if self._left == 0:
                before(words[0])
                raise Killed
            return real(*words, **named)

        patch.setattr(where, name, guarded)


def _half_deleted(place: Path) -> None:
    """A folder is deleted file by file: the kill comes after the first."""
    (place / "new" / "vigil.db").unlink()
