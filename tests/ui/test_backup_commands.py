"""``vigil backup`` and ``vigil restore`` as a person or a script meets them."""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.settings import BackupSettings, Settings, read_settings, write_settings
from monitor.storage import backup_file
from monitor.storage.backup_record import read_record
from monitor.storage.database import open_database
from monitor.storage.verify import verify
from tests.keys import KEY, OTHER_KEY, PASSPHRASE, RECOVERY, raw
from tests.monitor.storage.backups import back_up, names, record
from ui.cli import main
from ui.command_line import who
from ui.commands import backup as command
from ui.only_writer import only_writer


class Clinic:
    """A data folder with one session, a folder for backups, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = record(folder / "data", readings=20)
        self.data = folder / "data"
        self.to = folder / "Sicherung ü"
        self.passphrase = folder / "data.passphrase"

    def vigil(self, *words: object, data: Path | None = None, secret: Path | None = None) -> int:
        where = ["--data", data or self.data, "--passphrase-file", secret or self.passphrase]
        return main([str(word) for word in (*words, *where)])

    def verifies(self, data: Path | None = None) -> bool:
        """Whether nothing is altered; this record was made without a key, so nothing is signed."""
        with open_database((data or self.data) / "vigil.db", KEY, read_only=True) as database:
            return verify(database).is_intact

    def backed_up(self) -> Path:
        assert self.vigil("backup", self.to) == 0
        return max(self.to.iterdir())

    def log(self, data: Path | None = None) -> list[tuple[str, str, str]]:
        with contextlib.closing(raw((data or self.data) / "vigil.db")) as connection:
            query = "SELECT actor, action, detail FROM audit ORDER BY number"
            return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


def test_a_backup_is_made_told_of_logged_and_remembered(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    told = capsys.readouterr()
    assert f"Wrote {file}" in told.out
    assert "opened and verified, 1 session and" in told.out
    assert told.err == ""
    part = backup_file.part_of(file)
    actor, action, detail = clinic.log()[-1]
    assert (actor, action) == (who(), "backup.made")
    assert json.loads(detail)["sha256"] == part.sha256
    assert "Demo patient" not in detail
    remembered = read_record(clinic.data)
    assert (remembered.file, remembered.sha256, remembered.why) == (str(file), part.sha256, "")


def test_json_is_one_object(clinic: Clinic, capsys) -> None:
    assert clinic.vigil("backup", "--json", clinic.to) == 0
    fact = json.loads(capsys.readouterr().out)
    assert (fact["rows"]["reading"], fact["intact"]) == (20, True)
    assert clinic.vigil("backup", "--json", "--check", fact["file"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == fact["rows"]


def test_a_drill_opens_a_backup_and_leaves_nothing(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    before = names(clinic.to)
    assert clinic.vigil("backup", "--check", file) == 0
    assert "can be restored: 1 session" in capsys.readouterr().out
    assert names(clinic.to) == before
    file.write_bytes(file.read_bytes()[:-2000])
    assert clinic.vigil("backup", "--check", file) == 2
    assert names(clinic.to) == before


def test_a_restored_folder_works_like_the_old_one(clinic: Clinic, tmp_path, capsys) -> None:
    file, new = clinic.backed_up(), tmp_path / "Neu 病院" / "data"
    capsys.readouterr()
    assert clinic.vigil("restore", file, data=new) == 0
    assert f"into {new}: verified, 1 session" in capsys.readouterr().out
    assert clinic.vigil("sessions", data=new) == 0
    assert "5e55101" in capsys.readouterr().out
    assert clinic.vigil("verify", data=new) == 1  # made without a key
    assert "nothing was altered" in capsys.readouterr().out
    assert clinic.vigil("backup", clinic.to, data=new) == 0
    assert clinic.log(new)[-3][1] == "backup.restored"


def test_the_recovery_key_restores_too(clinic: Clinic, tmp_path: Path) -> None:
    from monitor.storage.keys import spelled

    paper = tmp_path / "paper"
    paper.write_text(spelled(RECOVERY) + "\n")
    assert clinic.vigil("restore", clinic.backed_up(), data=tmp_path / "new", secret=paper) == 0


def test_over_a_record_only_with_the_word_and_the_old_one_is_kept(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    assert clinic.vigil("restore", file) == 2
    assert "is not empty: name a new one with --data, or say --replace" in capsys.readouterr().err
    assert clinic.vigil("restore", "--replace", file) == 0
    (kept,) = clinic.data.glob("replaced-*")
    assert f"kept in {kept}" in capsys.readouterr().out
    assert (kept / "vigil.db").exists()
    assert clinic.verifies()


def test_a_running_station_is_not_restored_over(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    with only_writer(clinic.data):
        assert clinic.vigil("restore", "--replace", file) == 2
    assert "records into" in capsys.readouterr().err
    assert not list(clinic.data.glob("replaced-*"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data[:-5000], "is incomplete"),
        (lambda data: data[:100], "is incomplete"),
        (lambda _: b"", "is no Vigil backup"),
        (lambda _: b"PK\x03\x04 holiday photos", "is no Vigil backup"),
        (lambda data: data[:40_000] + bytes([data[40_000] ^ 1]) + data[40_001:], "is damaged"),
        (lambda data: data.replace(b'"version": 2', b'"version": 3'), "a newer version of Vigil"),
        (lambda data: data.replace(b'"revision": "', b'"revision": "9'), "is "),
    ],
)
def test_a_bad_file_is_one_sentence_and_nothing_is_made(clinic, spoil, said, capsys) -> None:
    file = clinic.backed_up()
    capsys.readouterr()
    file.write_bytes(spoil(file.read_bytes()))
    new = clinic.folder / "new"
    assert clinic.vigil("restore", file, data=new) == 2
    assert clinic.vigil("restore", "--replace", file) == 2
    assert clinic.vigil("backup", "--check", file) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 3
    assert all(said in line for line in told.err.splitlines())
    assert not new.exists()
    assert clinic.verifies()


def test_a_backup_of_a_newer_schema_is_said_to_be_newer(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    data = file.read_bytes()
    at = data.index(b'"revision": "') + 13
    file.write_bytes(data[:at] + b"9" + data[at + 1 :])
    assert clinic.vigil("restore", file, data=clinic.folder / "new") == 2
    assert "a newer version of Vigil: install that version" in capsys.readouterr().err
    assert not (clinic.folder / "new").exists()


def test_another_clinic_s_backup_is_one_sentence(clinic: Clinic, tmp_path: Path, capsys) -> None:
    theirs = back_up(record(tmp_path / "theirs", OTHER_KEY), tmp_path / "their backups").path
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase\n")
    assert clinic.vigil("restore", theirs, data=tmp_path / "new", secret=wrong) == 2
    assert "does not open the backup" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    assert clinic.vigil("restore", "--replace", theirs) == 2
    assert "of another installation" in capsys.readouterr().err
    assert clinic.verifies()


def test_a_file_or_folder_that_cannot_be_used_is_one_sentence(clinic: Clinic, capsys) -> None:
    file = clinic.backed_up()
    capsys.readouterr()
    for words in (
        ("restore", clinic.folder / "none.vigilbackup"),
        ("restore", clinic.folder),
        ("backup", clinic.data),
        ("backup", clinic.data / "inside"),
        ("backup", clinic.folder / "no" / "such"),
        ("backup", file),
        ("backup",),
        ("backup", "--by-schedule"),
        ("backup", clinic.to, "--check", file),
    ):
        assert clinic.vigil(*words) == 2, words
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_no_backup_and_nobody_waits_for_it(clinic: Clinic, capsys) -> None:
    os.mkfifo(clinic.folder / "pipe")
    assert clinic.vigil("restore", "--replace", clinic.folder / "pipe") == 2
    assert "pipe is no file" in capsys.readouterr().err


def test_a_database_that_was_damaged_before_the_backup_names_the_backup(clinic, capsys) -> None:
    file = clinic.backed_up()
    data, opened = bytearray(file.read_bytes()), backup_file.open_backup(file)
    end = opened.database_at + opened.manifest.database.size
    data[opened.database_at + 9000] ^= 255
    spoilt = hashlib.sha256(data[opened.database_at : end]).hexdigest().encode()
    whole = opened.manifest.database.sha256.encode()
    file.write_bytes(bytes(data).replace(whole, spoilt))
    capsys.readouterr()
    assert clinic.vigil("restore", file, data=clinic.folder / "new") == 2
    assert capsys.readouterr().err == (
        f"vigil: The backup {file} is damaged: use another backup; nothing was changed.\n"
    )


def test_a_restore_says_what_it_does_not_bring_back(clinic: Clinic, capsys) -> None:
    new = clinic.folder / "new"
    assert clinic.vigil("restore", clinic.backed_up(), data=new) == 0
    assert f"they are in {new / 'settings.toml'}" in capsys.readouterr().out


def test_a_folder_with_a_character_that_no_path_has_is_one_sentence(clinic, capsys) -> None:
    (clinic.data / "settings.toml").write_text('[backup]\nfolder = "a\\u0000x"\n')
    for words in (("backup",), ("station",)):
        assert clinic.vigil(*words) == 2
        assert "settings.toml cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("export", "\udcff", "--to", "csv", "out.csv"), ("erase", "\udcff", "--reason", "x")]
)
def test_a_word_that_is_no_text_is_one_sentence(clinic: Clinic, words, capsys) -> None:
    assert clinic.vigil(*words) == 2
    assert capsys.readouterr().err == (
        "vigil: The word '\\udcff' is no UTF-8 text: type it anew.\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_what_lies_beside_the_record_is_this_user_s_alone(clinic: Clinic) -> None:
    clinic.backed_up()
    with only_writer(clinic.data):
        for name in ("backup.lock", "station.lock"):
            assert (clinic.data / name).stat().st_mode & 0o777 == 0o600


def test_there_is_one_backup_at_a_time(clinic: Clinic, capsys) -> None:
    import filelock

    with filelock.FileLock(clinic.data / command.LOCK):
        assert clinic.vigil("backup", clinic.to) == 2
    assert "is being made" in capsys.readouterr().err


def test_a_failure_is_remembered_beside_the_last_good_one(clinic, monkeypatch, capsys) -> None:
    good = clinic.backed_up()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.storage.backup.write_backup", full)
    assert clinic.vigil("backup", clinic.to) == 2
    remembered = read_record(clinic.data)
    assert remembered.file == str(good)
    assert "not enough room" in remembered.why
    assert names(clinic.to) == [good.name]


def test_a_backup_that_cannot_be_logged_is_kept_and_that_is_said(clinic, capsys) -> None:
    with contextlib.closing(raw(clinic.source.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert clinic.vigil("backup", clinic.to) == 0
    assert "could not be logged" in capsys.readouterr().err
    assert len(names(clinic.to)) == 1


def test_an_altered_record_is_backed_up_and_the_answer_is_no(clinic: Clinic, capsys) -> None:
    with contextlib.closing(raw(clinic.source.database)) as connection:
        connection.execute("DROP TRIGGER reading_unchanged")
        connection.execute("UPDATE reading SET value = 1")
    assert clinic.vigil("backup", clinic.to) == 1
    assert "ALTERED" in capsys.readouterr().out
    (name,) = names(clinic.to)
    assert name.endswith("-altered.vigilbackup")
    assert "altered" in read_record(clinic.data).why


def test_by_schedule_the_rule_prunes_and_the_log_says_vigil(clinic, monkeypatch, capsys) -> None:
    monkeypatch.setattr(command.os, "nice", lambda _: 0)
    plan = BackupSettings(str(clinic.to), keep_daily=1, keep_weekly=0, keep_monthly=0)
    write_settings(clinic.data / "settings.toml", Settings(backup=plan))
    old = back_up(clinic.source, clinic.to, datetime.now(UTC) - timedelta(days=3)).path
    assert clinic.vigil("backup", "--by-schedule") == 0
    assert not old.exists()
    assert len(names(clinic.to)) == 1
    assert f"deleted the old backup {old.name}" in capsys.readouterr().err
    assert clinic.log()[-1][:2] == ("vigil", "backup.made")


def test_a_schedule_makes_no_folder_where_a_disk_is_missing(clinic: Clinic, capsys) -> None:
    plan = BackupSettings(str(clinic.folder / "usb" / "backups"))
    (clinic.folder / "usb").mkdir()
    write_settings(clinic.data / "settings.toml", Settings(backup=plan))
    assert clinic.vigil("backup", "--by-schedule") == 2
    assert "connect its disk" in capsys.readouterr().err
    assert names(clinic.folder / "usb") == []


def test_the_next_who_holds_the_folder_undoes_a_restore_that_was_killed(clinic: Clinic) -> None:
    before = clinic.source.database.read_bytes()
    place = clinic.data / "replaced-20261122T051500Z.unfinished"
    (place / "new").mkdir(parents=True)
    (place / "new" / "vault.json").write_text("new")
    clinic.source.database.rename(place / "vigil.db")
    clinic.source.database.write_text("new")
    with only_writer(clinic.data):
        assert clinic.source.database.read_bytes() == before
    assert not place.exists()


def test_a_backup_by_hand_deletes_none(clinic: Clinic) -> None:
    old = back_up(clinic.source, clinic.to, datetime.now(UTC) - timedelta(days=900)).path
    clinic.backed_up()
    assert old.exists()


def test_the_settings_of_backups_survive_being_written(tmp_path: Path) -> None:
    plan = BackupSettings('Sicherung "ü"\\病院', 12.0, 3, 2, 1)
    write_settings(tmp_path / "settings.toml", Settings(backup=plan))
    assert read_settings(tmp_path / "settings.toml").backup == plan


def test_a_database_of_a_newer_vigil_is_listed_and_not_exported_or_recorded(clinic, capsys) -> None:
    with contextlib.closing(raw(clinic.source.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert clinic.vigil("sessions", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["readings"] == 20
    assert told.err.count("made by a newer version of Vigil; it is only read") == 1
    assert clinic.vigil("verify") == 1  # made without a key
    capsys.readouterr()
    out = clinic.folder / "out.csv"
    assert clinic.vigil("export", "5e55", "--to", "csv", out) == 2
    assert "install that version" in capsys.readouterr().err
    assert not out.exists()
    assert clinic.vigil("backup", clinic.to) == 2


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_a_backup_cleanly(clinic: Clinic) -> None:
    """A process of its own, and a bar on a file that is no terminal."""
    slow = (
        "import sys, time, monitor.storage.backup as b; tell = b.Watch.tell\n"
        "def slowly(self, what, done, of):\n"
        "    print(what, flush=True); time.sleep(0.05); tell(self, what, done, of)\n"
        "b.Watch.tell = slowly; b.PAGES_AT_ONCE = 1\n"
        "from ui.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["backup", clinic.to, "--data", clinic.data, "--passphrase-file", clinic.passphrase]
    with subprocess.Popen(
        [sys.executable, "-c", slow, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout.readline() == b"copying\n"
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert said == b"vigil: Cancelled: start again when there is time; nothing was left behind.\n"
    assert names(clinic.to) == []
    assert PASSPHRASE not in said.decode()
    assert KEY.raw.hex() not in said.decode()
