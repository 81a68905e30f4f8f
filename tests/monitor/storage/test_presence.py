"""A database that has gone is never made anew in silence."""

from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage.presence import note_database, require_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vigil.db"


def test_a_folder_that_was_never_used_needs_none(path: Path) -> None:
    require_database(path)


def test_a_database_that_is_there_is_all_that_is_asked(path: Path) -> None:
    path.write_bytes(b"rows")
    note_database(path)
    note_database(path)
    require_database(path)


def test_one_that_is_only_in_its_journal_yet_is_there(path: Path) -> None:
    path.touch()
    path.with_name("vigil.db-wal").write_bytes(b"rows")
    note_database(path)
    require_database(path)


@pytest.mark.parametrize("is_empty", [True, False])
def test_one_that_has_gone_or_is_empty_now_is_a_sentence_that_says_what_to_do(
    path: Path, is_empty: bool
) -> None:
    path.write_bytes(b"rows")
    note_database(path)
    path.unlink()
    if is_empty:
        path.touch()
    with pytest.raises(OperatorError, match="restore a backup; to begin without"):
        require_database(path)


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    note_database(tmp_path / "missing" / "vigil.db")
