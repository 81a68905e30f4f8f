"""Nothing of a patient can be read in any file, and what cannot be opened stays as it is."""

import os
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from monitor.errors import OperatorError
from monitor.records import HappeningKept, Record
from monitor.storage import connection as connection_module
from monitor.storage.connection import library, require_new_enough
from monitor.storage.database import Database, open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.plain_to_encrypted import settle
from monitor.storage.recorder import Recorder, append
from tests.keys import KEY, OTHER_KEY, set_up
from tests.monitor.storage.first_form import NOTE, ODD_VALUE, PATIENT, make_first_form
from tests.traces import traces, written

SECRETS = written(PATIENT, "Quijote", "470211/4711", NOTE, "Amoxicillin", ODD_VALUE, KEY.raw)


@pytest.fixture
def telling(records: list[Record], maker) -> list[Record]:
    """A session with a name, a number, a note and a value that can be looked for."""
    note = HappeningKept(maker.stamp(5.0), "note", {"text": NOTE})
    named = replace(records[0], patient=PATIENT)
    return [named, *records[1:], maker.reading(6.0, ODD_VALUE), note]


def test_the_search_finds_what_a_plain_database_shows(path: Path) -> None:
    make_first_form(path)
    found = traces(path.parent, SECRETS)
    for kind in ("utf-8", "big", "Quijote", "Amoxicillin", "470211"):
        assert any(kind in line for line in found)


def test_no_file_shows_a_name_a_number_a_note_or_a_reading(path: Path, telling) -> None:
    set_up(path.parent)
    recorder = Recorder(lambda: open_database(path, KEY))
    recorder.start()
    recorder.put(telling)
    assert recorder.flush(10)
    assert path.with_name("vigil.db-wal").stat().st_size > 0
    assert traces(path.parent, SECRETS) == []
    recorder.stop()
    assert traces(path.parent, SECRETS) == []
    with open_database(path, KEY, read_only=True) as database:
        assert load_session(database, "5e55101").opened.patient == PATIENT
        assert traces(path.parent, SECRETS) == []


def test_after_an_encrypted_first_form_has_proved_itself_no_file_shows_anything(
    path: Path,
) -> None:
    make_first_form(path)
    settle(path, KEY)
    assert traces(path.parent, SECRETS)  # the original is still there
    settle(path, KEY)
    assert traces(path.parent, SECRETS) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_this_user_may_read_the_database_and_its_journal(path: Path, database) -> None:
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == dict.fromkeys(("vigil.db", "vigil.db-wal", "vigil.db-shm"), 0o600)


def test_the_file_begins_with_the_number_its_vault_names(path: Path, database: Database) -> None:
    assert path.read_bytes()[:16] == KEY.database.bytes


# ---- what cannot be opened stays as it is


def refused(path: Path, key=KEY) -> str:
    """Open as reader and as writer; return the sentence, once every file proved untouched."""
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    sentences = set()
    for read_only in (True, False):
        with pytest.raises(OperatorError) as fault:
            opened_and_listed(path, key, read_only=read_only)
        sentences.add(str(fault.value))
    assert {file: file.read_bytes() for file in before} == before
    (sentence,) = sentences
    assert "\n" not in sentence
    return sentence


def opened_and_listed(path: Path, key, *, read_only: bool) -> None:
    with open_database(path, key, read_only=read_only) as database:
        load_session(database, "5e55101")
        list_sessions(database)


@pytest.fixture
def filled(path: Path, records) -> Path:
    with open_database(path, KEY) as database:
        append(database, records)
    return path


def test_the_vault_of_another_database_is_told_and_changes_nothing(filled: Path) -> None:
    assert "no Vigil database of this folder's vault" in refused(filled, OTHER_KEY)


def test_a_right_number_with_a_wrong_key_changes_nothing(filled: Path) -> None:
    assert "damaged" in refused(filled, replace(OTHER_KEY, database=KEY.database))


@pytest.mark.parametrize("offset", [16, 100, 2000, 4095])
def test_a_flipped_bit_in_the_first_page_is_told_and_changes_nothing(
    filled: Path, offset: int
) -> None:
    flip(filled, offset)
    assert "The database is damaged" in refused(filled)


def test_a_flipped_bit_in_the_number_is_told_and_changes_nothing(filled: Path) -> None:
    flip(filled, 3)
    assert "no Vigil database" in refused(filled)


def test_a_flipped_bit_in_any_other_page_is_told_when_it_is_read(filled: Path) -> None:
    pages = filled.stat().st_size // 4096
    good = filled.read_bytes()
    for page in range(1, pages):
        flip(filled, page * 4096 + 77)
        with pytest.raises(OperatorError, match="damaged"):
            read_everything(filled)
        filled.write_bytes(good)
    read_everything(filled)


def read_everything(path: Path) -> None:
    """Read every page, also those that no row of ours is on."""
    with open_database(path, KEY, read_only=True) as database, database.reading() as run:
        faults = run.exec_driver_sql("PRAGMA cipher_integrity_check").all()
        if faults:
            raise OperatorError("The database is damaged", "restore a backup")


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_database_cut_short_is_told_and_changes_nothing(filled: Path, share: float) -> None:
    data = filled.read_bytes()
    filled.write_bytes(data[: int(len(data) * share)])
    assert refused(filled)


def test_nothing_is_written_to_standard_error_for_it(
    filled: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    flip(filled, 100)
    refused(filled)
    assert capfd.readouterr() == ("", "")


# ---- never without the library, never with an old one


def test_without_the_library_nothing_is_opened_and_nothing_made(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_name: str) -> ModuleType:
        raise ImportError("no sqlcipher3 here")

    library.cache_clear()
    monkeypatch.setattr(connection_module.importlib, "import_module", gone)
    with pytest.raises(OperatorError, match=r"sqlcipher3.* cannot be loaded"):
        open_database(path, KEY)
    assert not path.parent.exists()
    monkeypatch.undo()
    library.cache_clear()


def test_a_library_that_can_corrupt_a_file_is_refused() -> None:
    with pytest.raises(OperatorError, match=r"SQLite 3\.51\.2"):
        require_new_enough((3, 51, 2))
    require_new_enough((3, 51, 3))
    require_new_enough(library().sqlite_version_info)
