"""A database of the first form becomes an encrypted one, whole or not at all; nothing is lost."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage import plain_to_encrypted
from monitor.storage.connection import OutOfDateError, encrypted, unencrypted
from monitor.storage.database import open_database
from monitor.storage.plain_to_encrypted import is_plain, settle
from tests.keys import KEY, OTHER_KEY, raw
from tests.monitor.storage.first_form import content, make_first_form

STEPS = ("cleared", "exported", "compared", "original kept", "swapped")
PROVING = "original removed"


@pytest.fixture
def plain(path: Path) -> Path:
    make_first_form(path)
    return path


def names(path: Path) -> list[str]:
    """Return what lies in the folder but SQLite's own journals."""
    return sorted(p.name for p in path.parent.iterdir() if not p.name.endswith(("-wal", "-shm")))


def kept(path: Path) -> dict[str, list[str]]:
    """Return every row, whichever form the database has."""
    return content(path, unencrypted() if is_plain(path) else encrypted(KEY))


def test_every_row_is_in_the_encrypted_database_and_the_original_beside_it(plain: Path) -> None:
    before = kept(plain)
    (told,) = settle(plain, KEY)
    assert "every row was compared. The original is kept as vigil.db.plain" in told
    assert not is_plain(plain)
    assert kept(plain) == before
    assert content(plain.with_name("vigil.db.plain"), unencrypted()) == before
    assert names(plain) == ["vigil.db", "vigil.db.plain"]


def test_it_is_then_migrated_and_used_like_any_other(plain: Path) -> None:
    settle(plain, KEY)
    with open_database(plain, KEY) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM session").scalar_one() == 3


def test_a_later_start_lets_go_of_the_original_and_says_so(plain: Path) -> None:
    before = kept(plain)
    settle(plain, KEY)
    (told,) = settle(plain, KEY)
    assert "was deleted" in told
    assert kept(plain) == before
    assert names(plain) == ["vigil.db"]
    assert settle(plain, KEY) == ()


def test_a_reader_does_not_encrypt_but_says_who_does(plain: Path) -> None:
    before = plain.read_bytes()
    for read_only in (True, False):
        with pytest.raises(OutOfDateError, match="not encrypted yet"):
            open_database(plain, KEY, read_only=read_only)
    assert plain.read_bytes() == before


def test_rows_that_a_killed_station_left_in_the_journal_are_kept(
    plain: Path, tmp_path: Path
) -> None:
    connection = raw_plain(plain)
    connection.execute("UPDATE session SET patient = 'late' WHERE id = '5e55100'")
    copy = tmp_path / "killed" / plain.name
    shutil.copytree(plain.parent, copy.parent)
    connection.close()
    assert copy.with_name("vigil.db-wal").stat().st_size > 0
    settle(copy, KEY)
    assert any("'late'" in row for row in kept(copy)["session"])
    assert not copy.with_name("vigil.db-wal").exists()


def raw_plain(path: Path):
    return unencrypted().open(path, plain_to_encrypted.Access.WRITE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_this_user_may_read_what_is_there_afterwards(plain: Path) -> None:
    settle(plain, KEY)
    modes = {p.name: p.stat().st_mode & 0o777 for p in plain.parent.iterdir()}
    assert modes == dict.fromkeys(modes, 0o600)


def test_where_a_disk_knows_no_second_names_a_verified_copy_is_kept(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    before = kept(plain)
    settle(plain, KEY)
    assert kept(plain) == before
    assert content(plain.with_name("vigil.db.plain"), unencrypted()) == before


# ---- what must not be touched


def test_another_programs_database_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir()
    connection = raw_plain(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    assert_left_alone(path, "no Vigil database")


def test_a_newer_database_is_left_as_it_is(plain: Path) -> None:
    connection = raw_plain(plain)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert_left_alone(plain, "newer version")


def test_a_damaged_database_is_left_as_it_is(plain: Path) -> None:
    data = bytearray(plain.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = b"\xa5" * 3000
    plain.write_bytes(data)
    with pytest.raises(OperatorError, match=r"damaged|cannot be encrypted"):
        settle(plain, KEY)
    assert is_plain(plain)
    assert plain.read_bytes()[100:] == data[100:]  # the header says which journal it uses
    assert names(plain) == ["vigil.db"]


def test_a_database_that_another_program_holds_is_left_as_it_is(plain: Path) -> None:
    other = raw_plain(plain)
    other.execute("BEGIN IMMEDIATE")
    before = plain.read_bytes()
    with pytest.raises(OperatorError, match="Another program holds"):
        settle(plain, KEY)
    assert plain.read_bytes() == before
    other.close()


def test_a_full_disk_leaves_the_database_as_it_was(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(plain)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(plain_to_encrypted, "_export", full)
    with pytest.raises(OperatorError, match="No space left"):
        settle(plain, KEY)
    assert is_plain(plain)
    assert kept(plain) == before
    assert names(plain) == ["vigil.db"]


def test_a_copy_that_differs_is_not_taken(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = plain_to_encrypted._export

    def careless(connection, draft: Path, key) -> None:
        export(connection, draft, key)
        copy = raw(draft)
        copy.execute("UPDATE reading SET value = value + 1e-9 WHERE seq = 12")
        copy.close()

    monkeypatch.setattr(plain_to_encrypted, "_export", careless)
    before = kept(plain)
    with pytest.raises(OperatorError, match="differs"):
        settle(plain, KEY)
    assert is_plain(plain)
    assert kept(plain) == before


def test_the_original_stays_when_the_encrypted_database_does_not_prove_itself(plain: Path) -> None:
    settle(plain, KEY)
    data = bytearray(plain.read_bytes())
    data[-100] ^= 1
    plain.write_bytes(data)
    with pytest.raises(
        OperatorError, match=r"damaged .* original is still there as vigil\.db\.plain"
    ):
        settle(plain, KEY)
    assert plain.read_bytes() == data
    assert is_plain(plain.with_name("vigil.db.plain"))


def test_nor_does_it_go_when_the_vault_is_another(plain: Path) -> None:
    settle(plain, KEY)
    with pytest.raises(OperatorError, match="original is still there"):
        settle(plain, OTHER_KEY)
    assert is_plain(plain.with_name("vigil.db.plain"))


def assert_left_alone(path: Path, why: str) -> None:
    before = path.read_bytes()
    with pytest.raises(OperatorError, match=why):
        settle(path, KEY)
    assert path.read_bytes() == before
    assert names(path) == ["vigil.db"]


# ---- killed on the way

DIES_AT = """
import os, sys
from pathlib import Path
from monitor.storage.plain_to_encrypted import settle
from tests.keys import KEY

def reached(step):
    if step == sys.argv[2]:
        os._exit(9)

print("begun", flush=True)
settle(Path(sys.argv[1]), KEY, reached)
"""


def child(path: Path, step: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", DIES_AT, str(path), step],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    )


@pytest.mark.parametrize("step", STEPS)
def test_death_after_any_step_leaves_the_old_or_the_new_database(plain: Path, step: str) -> None:
    before = kept(plain)
    with child(plain, step) as process:
        assert process.wait(60) == 9
    assert kept(plain) == before
    assert is_plain(plain) == (step != "swapped")
    for _ in range(2):
        settle(plain, KEY)
        assert not is_plain(plain)
        assert kept(plain) == before
    settle(plain, KEY)
    assert names(plain) == ["vigil.db"]


def test_death_after_the_original_went_leaves_the_new_database(plain: Path) -> None:
    before = kept(plain)
    settle(plain, KEY)
    with child(plain, PROVING) as process:
        assert process.wait(60) == 9
    assert kept(plain) == before
    assert names(plain) == ["vigil.db"]


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_death_at_any_moment_leaves_the_old_or_the_new_database(path: Path, tmp_path: Path) -> None:
    make_first_form(path, sessions=10, readings=2000)
    before = kept(path)
    takes_s = seconds_of(shutil.copytree(path.parent, tmp_path / "timed") / path.name)
    dice = random.Random(11)
    for _ in range(8):
        with child(path, "never") as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(dice.uniform(0.0, takes_s))
            process.send_signal(signal.SIGKILL)
        assert kept(path) == before
    settle(path, KEY)
    assert kept(path) == before


def seconds_of(path: Path) -> float:
    began = time.monotonic()
    settle(path, KEY)
    return time.monotonic() - began
