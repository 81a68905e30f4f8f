"""``vigil verify`` as a person or a script meets it, and the trace that an export leaves."""

import contextlib
import hashlib
import json
from pathlib import Path

import keyring
import msgspec
import pytest

from monitor.alarms.profile import default_profile
from monitor.clock import ManualClock
from monitor.settings import DataFolder, Settings, open_data_folder
from monitor.storage.chain import STATION_STARTED, STATION_STOPPED, log_station
from monitor.storage.database import open_database
from monitor.storage.heads import Ed25519Signer, key_id
from monitor.storage.recorder import append
from monitor.storage.schema import TRIGGERS
from monitor.storage.signing import new_signing_key, signer_from, spelled_code
from monitor.storage.vault import FILE_NAME, read_vault, write_vault
from tests.keyrings import WorkingKeyring
from tests.keys import KEY, raw, set_up
from tests.monitor.storage.conftest import OPENED, Maker
from tests.monitor.storage.golden import load
from ui.cli import main
from ui.composition import recording, signer_of

SIGNER = Ed25519Signer(bytes(range(32)))


class Folder:
    """A data folder with one session of 4 rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.words = ["--data", str(path), "--passphrase-file", str(set_up(path))]
        self.database = path / "vigil.db"
        maker = Maker()
        with open_database(self.database, KEY) as database:
            rows = [maker.opened(), maker.reading(), maker.pressure(), maker.phase("ended")]
            append(database, rows, SIGNER)

    def vigil(self, *words: str | Path) -> int:
        return main([*map(str, words), *self.words])

    def run(self, *statements: str) -> None:
        with contextlib.closing(raw(self.database)) as connection:
            for statement in statements:
                connection.execute(statement)

    def log(self) -> list[tuple[str, str, str]]:
        with contextlib.closing(raw(self.database)) as connection:
            query = "SELECT action, subject, detail FROM audit ORDER BY number"
            return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "vigil.pub"
    file.write_text(SIGNER.public_key.hex() + "\n")
    return file


def test_a_record_as_it_was_written_is_said_to_be_so(folder: Folder, key_file, capsys) -> None:
    assert folder.vigil("verify", "--public-key", key_file) == 0
    told = capsys.readouterr()
    assert "Nothing was altered: 4 rows of 1 sessions" in told.out
    assert told.err == ""


def test_a_signed_record_without_a_public_key_is_not_called_good(folder: Folder, capsys) -> None:
    assert folder.vigil("verify", "5e55") == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("NOT CHECKED: the signatures, because no public key is known here")
    assert told[1].startswith("As far as was checked, nothing was altered: 4 rows")
    assert folder.vigil("verify", "--json") == 1
    summary = json.loads(capsys.readouterr().out)
    assert (summary["intact"], summary["signatures_due"]) == (False, True)


def test_who_takes_the_heads_and_the_vaults_keys_away_does_not_end_the_check(
    folder: Folder, capsys
) -> None:
    sign_anew(folder)
    file = folder.path / FILE_NAME
    write_vault(file, msgspec.structs.replace(read_vault(file), signing=()))
    folder.run("DROP TRIGGER signed_head_kept", "DELETE FROM signed_head")
    folder.run(TRIGGERS["signed_head_kept"])
    assert folder.vigil("verify") == 1
    told = capsys.readouterr()
    assert "ALTERED" not in told.out
    assert "NOT CHECKED: the signatures" in told.out
    assert "There is no signing key yet" in told.err


def test_a_record_from_before_there_were_signatures_is_good(tmp_path: Path, capsys) -> None:
    words = ["--data", str(tmp_path), "--passphrase-file", str(set_up(tmp_path))]
    load("0001", tmp_path / "vigil.db")
    open_database(tmp_path / "vigil.db", KEY).close()
    assert main(["verify", *words]) == 0
    told = capsys.readouterr()
    assert "Nothing was altered" in told.out
    assert "this record was never signed" in told.err


def test_the_public_key_of_the_vault_checks_the_signatures(folder: Folder, capsys) -> None:
    made = sign_anew(folder)
    assert folder.vigil("verify") == 0
    told = capsys.readouterr()
    assert "2 signed heads" in told.out
    assert f"signed with {spelled_code(made)}, says the vault" in told.err
    assert "--public-key" not in told.err
    folder.run("DROP TRIGGER signed_head_unchanged", "UPDATE signed_head SET key_id = 'x'")
    assert folder.vigil("verify") == 1


def test_the_head_that_is_missing_is_a_finding_and_why_that_may_be_is_said(
    folder: Folder, capsys
) -> None:
    sign_anew(folder)
    folder.run("DROP TRIGGER signed_head_kept", "DELETE FROM signed_head WHERE number = 2")
    assert folder.vigil("verify") == 1
    told = capsys.readouterr()
    assert "ALTERED: table signed_head" in told.out
    assert "the next start of a station signs it" in told.err


def test_a_private_half_that_is_gone_is_a_sentence_and_no_finding(folder: Folder, capsys) -> None:
    ring = WorkingKeyring()
    before = keyring.get_keyring()
    keyring.set_keyring(ring)
    try:
        made = sign_anew(folder, in_keyring=True)
        assert [name for _, name in ring.held] == [f"{KEY.database} signing {key_id(made)}"]
        assert folder.vigil("verify") == 0
        ring.held.clear()
        capsys.readouterr()
        assert folder.vigil("verify") == 0
    finally:
        keyring.set_keyring(before)
    assert f"The private half of the signing key {spelled_code(made)} is not here" in (
        capsys.readouterr().err
    )


def sign_anew(folder: Folder, *, in_keyring: bool = False) -> bytes:
    """Let the installation have a key, with which a station signs; return its public half."""
    made = new_signing_key(KEY, in_keyring=in_keyring)
    file = folder.path / FILE_NAME
    write_vault(file, msgspec.structs.replace(read_vault(file), signing=(made,)))
    signer = signer_from(KEY, made)
    folder.run("DROP TRIGGER signed_head_kept", "DELETE FROM signed_head")
    folder.run(TRIGGERS["signed_head_kept"])
    with open_database(folder.database, KEY) as database:
        for action in (STATION_STARTED, STATION_STOPPED):
            log_station(database, action, {}, OPENED, signer)
    return made.public


def test_an_altered_row_is_named_and_the_answer_is_no(folder: Folder, capsys) -> None:
    folder.run("DROP TRIGGER blood_pressure_unchanged", "UPDATE blood_pressure SET systolic = 99")
    assert folder.vigil("verify") == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("ALTERED: table sqlite_master, row blood_pressure_unchanged")
    assert lines[1].startswith("ALTERED: table blood_pressure, session 5e55101, row 3: changed (")


def test_json_is_one_object_a_line(folder: Folder, key_file: Path, capsys) -> None:
    assert folder.vigil("verify", "--json", "--public-key", key_file) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["kind"], summary["intact"], summary["rows"]) == ("summary", True, 4)
    assert summary["signatures_checked"] is True
    folder.run("DROP TRIGGER reading_kept", "DELETE FROM reading")
    assert folder.vigil("verify", "--json") == 1
    facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [fact["kind"] for fact in facts] == ["break", "break", "summary"]
    assert (facts[1]["session"], facts[1]["seq"], facts[1]["flaw"]) == ("5e55101", 2, "removed")
    assert facts[2]["intact"] is False


def test_what_an_attacker_wrote_does_not_reach_the_terminal_as_it_is(folder, capsys) -> None:
    folder.run("DROP TRIGGER happening_unchanged", "PRAGMA foreign_keys = OFF")
    folder.run("UPDATE happening SET session_id = char(27) || '[2J' || CAST(x'ff' AS TEXT)")
    assert folder.vigil("verify") == 1
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\\x1b[2J\\udcff" in told
    assert folder.vigil("verify", "--json") == 1


def test_verification_changes_no_byte(folder: Folder) -> None:
    before = folder.database.read_bytes()
    folder.vigil("verify")
    assert folder.database.read_bytes() == before


@pytest.mark.parametrize("words", [("verify", "nope"), ("verify", "report.pdf")])
def test_what_cannot_be_verified_is_said_in_one_sentence(folder, words, capsys) -> None:
    assert folder.vigil(*words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("content", ["", "text", "00ff", "ä"])
def test_a_file_that_holds_no_public_key_is_refused(folder, key_file, content, capsys) -> None:
    key_file.write_text(content, encoding="utf-8")
    assert folder.vigil("verify", "--public-key", key_file) == 2
    assert "no public key" in capsys.readouterr().err


def test_a_folder_without_a_record_is_said_to_have_none(tmp_path: Path, capsys) -> None:
    file = set_up(tmp_path / "empty")
    words = ["--data", str(tmp_path / "empty"), "--passphrase-file", str(file)]
    assert main(["verify", *words]) == 2
    assert "No session" in capsys.readouterr().err
    assert not (tmp_path / "empty" / "vigil.db").exists()


def test_an_export_is_logged_with_the_hash_of_its_file_and_no_name(
    folder: Folder, tmp_path: Path, key_file: Path
) -> None:
    out = tmp_path / "out.csv"
    assert folder.vigil("export", "5e55", "--to", "csv", out) == 0
    action, subject, detail = folder.log()[-1]
    assert (action, subject) == ("session.exported", "5e55101")
    file_hash = hashlib.sha256(out.read_bytes()).hexdigest()
    assert json.loads(detail) == {"rows": 3, "sha256": file_hash, "to": "csv"}
    assert "Demo patient" not in str(folder.log())
    assert folder.vigil("verify", "--public-key", key_file) == 0


def test_an_export_that_cannot_be_logged_is_not_made(folder: Folder, tmp_path, capsys) -> None:
    out = tmp_path / "out.csv"
    with contextlib.closing(raw(folder.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert folder.vigil("export", "5e55", "--to", "csv", out) == 2
    assert "Another program holds the database" in capsys.readouterr().err
    assert not out.exists()


def test_a_recording_process_logs_its_beginning_and_its_end_and_signs_both(
    folder: Folder, key_file: Path
) -> None:
    clock = ManualClock(OPENED)
    with recording(folder.database, KEY, clock, (), default_profile(), signer=SIGNER):
        assert [row[0] for row in folder.log()][2:] == ["station.started"]
    assert [row[0] for row in folder.log()][3:] == ["station.stopped"]
    assert folder.vigil("verify", "--public-key", key_file) == 0
    with recording(folder.database, KEY, clock, (), default_profile()):
        pass
    assert folder.vigil("verify", "--public-key", key_file) == 1  # the last stop is not signed


def test_what_a_folder_records_is_signed_with_its_own_key(folder: Folder, capsys) -> None:
    data = open_data_folder(folder.path)
    signer = signer_of(data, KEY)
    with recording(folder.database, KEY, ManualClock(OPENED), (), default_profile(), signer=signer):
        pass
    folder.run("DROP TRIGGER signed_head_kept", "DELETE FROM signed_head WHERE number = 1")
    assert signer is not None
    (kept,) = read_vault(folder.path / FILE_NAME).signing
    assert signer.public_key == kept.public
    with contextlib.closing(raw(folder.database)) as connection:
        heads = connection.execute("SELECT key_id FROM signed_head").fetchall()
    assert heads == [(key_id(kept.public),)] * 2


def test_a_demonstration_is_not_signed(tmp_path: Path) -> None:
    assert signer_of(DataFolder(tmp_path, Settings(throw_away=True)), KEY) is None


def test_the_end_of_a_demonstration_makes_no_new_database(tmp_path: Path) -> None:
    path = tmp_path / "demo" / "vigil.db"
    with recording(path, KEY, ManualClock(OPENED), (), default_profile()):
        for file in sorted(path.parent.iterdir()):
            file.unlink()
        path.parent.rmdir()
    assert not path.parent.exists()
