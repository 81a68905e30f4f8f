"""A backup is verified before it has its name; one that fails leaves nothing behind."""

import contextlib
import os
import random
import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.storage import backup, migrations
from monitor.storage.backup import Cancelled, Source, Watch, make_backup, prove
from monitor.storage.backup_file import open_backup
from monitor.storage.backup_folder import list_backups, prune
from monitor.storage.backup_rules import Keep
from monitor.storage.connection import Access, encrypted
from monitor.storage.database import Database, open_database
from monitor.storage.plain_to_encrypted import _fingerprint
from monitor.storage.recorder import append
from monitor.storage.soundness import sound_database
from monitor.storage.verify import verify
from tests.keys import KEY, OTHER_KEY, raw, set_up
from tests.monitor.storage.backups import AT, TOO_LATE, back_up, counts, ending_at, names, record
from tests.monitor.storage.conftest import Maker

STEPS = ("copying", "writing", "reading", "checking", "verifying", "closing")


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return record(tmp_path / "data")


@pytest.fixture
def to(tmp_path: Path) -> Path:
    return tmp_path / "Sicherung ü 病院"


def content(database: Path) -> dict[str, tuple[int, str]]:
    with contextlib.closing(raw(database)) as connection:
        return _fingerprint(connection)


def unpacked(path: Path, place: Path) -> Path:
    place.mkdir()
    prove(open_backup(path), KEY, place / "vigil.db", Watch())
    return place / "vigil.db"


def test_a_backup_holds_every_row_and_is_the_only_file(source, to, tmp_path) -> None:
    made = back_up(source, to)
    assert names(to) == ["vigil-20261122T051500Z.vigilbackup"]
    assert made.verdict.is_intact
    assert made.manifest.rows == counts(source.database)
    assert made.size == made.path.stat().st_size
    assert content(unpacked(made.path, tmp_path / "out")) == content(source.database)
    if os.name != "nt":
        assert made.path.stat().st_mode & 0o077 == 0


def test_it_carries_its_own_vault(source: Source, to: Path) -> None:
    assert open_backup(back_up(source, to).path).vault == source.vault.read_bytes()


def test_two_of_the_same_second_do_not_touch_each_other(source: Source, to: Path) -> None:
    first = back_up(source, to)
    before = first.path.read_bytes()
    second = back_up(source, to)
    assert names(to) == [second.path.name, first.path.name]
    assert first.path.read_bytes() == before


@pytest.mark.parametrize("step", STEPS)
def test_cancelled_at_any_step_nothing_is_left(source: Source, to: Path, step: str) -> None:
    with pytest.raises(Cancelled):
        back_up(source, to, watch=ending_at(step))
    assert names(to) == []
    assert back_up(source, to).verdict.is_intact


def test_a_long_check_is_cancelled_in_its_middle(source: Source, to: Path, monkeypatch) -> None:
    """SQLite itself is asked to stop: the answer is the same sentence."""
    from monitor.storage import soundness

    monkeypatch.setattr(soundness, "_STEPS_BETWEEN_LOOKS", 1)
    seen: list[str] = []
    asked: list[int] = []

    def is_over() -> bool:
        if seen[-1:] == ["checking"]:
            asked.append(1)
        return len(asked) > 2

    with pytest.raises(Cancelled):
        back_up(source, to, watch=Watch(lambda what, *_: seen.append(what), is_over))
    assert seen[-1] == "checking"
    assert names(to) == []


def test_what_a_kill_left_goes_with_the_next_backup_and_nothing_else(source, to: Path) -> None:
    left = to / f".vigil-{KEY.database.hex[:8]}.unfinished"
    left.mkdir(parents=True)
    (left / "copy.db").write_text("half")
    theirs = to / ".vigil-00000000.unfinished"
    theirs.mkdir()
    back_up(source, to)
    assert not left.exists()
    assert theirs.exists()


@pytest.mark.parametrize("step", ["reading", "checking"])
def test_a_backup_that_does_not_prove_itself_is_no_backup(source, to, step: str) -> None:
    """The draft or its copy is damaged on the disk while it is proved."""

    def damage(what: str, _done: int, _of: int) -> None:
        (shop,) = to.glob(".vigil-*")
        victim = shop / {"reading": "draft", "checking": "proof.db"}[step]
        if what == ("writing" if step == "reading" else "checking"):
            spoil(victim, victim.stat().st_size // 2)

    with pytest.raises(OperatorError):
        back_up(source, to, watch=Watch(damage))
    assert names(to) == []


def spoil(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))


def test_fewer_rows_than_the_source_had_are_no_backup(source, to, monkeypatch) -> None:
    real = backup.row_counts
    answers = [{"reading": 1}]  # of the source; then the copy is counted as it is
    monkeypatch.setattr(backup, "row_counts", lambda c: answers.pop() if answers else real(c))
    with pytest.raises(OperatorError, match="is damaged"):
        back_up(source, to)
    assert names(to) == []


def test_an_altered_record_is_backed_up_all_the_same_and_its_name_says_so(source, to) -> None:
    with contextlib.closing(raw(source.database)) as connection:
        connection.execute("DROP TRIGGER blood_pressure_unchanged")
        connection.execute("UPDATE blood_pressure SET systolic = 99")
    made = back_up(source, to)
    assert not made.verdict.is_intact
    assert made.path.name == "vigil-20261122T051500Z-altered.vigilbackup"
    assert [one.is_doubtful for one in list_backups(to, KEY.database)] == [True]


def test_a_record_whose_session_was_removed_is_altered_not_damaged(source, to: Path) -> None:
    """Else whoever removes one row would end all backups of a clinic."""
    with contextlib.closing(raw(source.database)) as connection:
        connection.execute("DROP TRIGGER session_kept")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM session")
    assert not back_up(source, to).verdict.is_intact


def test_pages_that_contradict_each_other_are_damage(source: Source, to: Path) -> None:
    """Every page is authentic, but one tree points where another does."""
    with contextlib.closing(raw(source.database)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = "
            "(SELECT rootpage FROM sqlite_master WHERE name = 'reading') WHERE name = 'happening'"
        )
    with pytest.raises(OperatorError):
        back_up(source, to)
    assert names(to) == []


def test_a_damaged_database_is_not_backed_up_and_every_flipped_byte_is_found(
    tmp_path: Path,
) -> None:
    """Reliability brief, row 18: bytes flipped in copies."""
    source = record(tmp_path / "data")
    noise, found = random.Random(18), 0
    for number in range(25):
        rotten = tmp_path / f"rotten{number}"
        shutil.copytree(source.database.parent, rotten)
        spoil(rotten / "vigil.db", noise.randrange(16, source.database.stat().st_size))
        with pytest.raises(OperatorError):
            back_up(Source(rotten / "vigil.db", rotten / "vault.json", KEY, ""), tmp_path / "to")
        found += 1
        shutil.rmtree(rotten)
    assert found == 25
    assert names(tmp_path / "to") == []


def test_damage_in_a_page_that_no_row_uses_is_found_too(source: Source) -> None:
    """Only SQLCipher's own check reads such a page; a row may be put into it tomorrow."""
    with contextlib.closing(raw(source.database)) as connection:
        connection.execute("CREATE TABLE gone (x)")
        connection.execute("INSERT INTO gone VALUES (zeroblob(400000))")
        connection.execute("DROP TABLE gone")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with sound_database(source.database, KEY):
        pass
    spoil(source.database, source.database.stat().st_size - 4096 * 40)
    with pytest.raises(OperatorError, match="damaged"), sound_database(source.database, KEY):
        pass


def test_a_backup_under_load_is_one_moment_of_the_record(source: Source, to, tmp_path) -> None:
    """Reliability brief, row 28: a recorder writes all the while; every chain is whole."""
    maker, over = Maker("5e55102"), threading.Event()
    with open_database(source.database, KEY) as database:
        append(database, [maker.opened()])
        seen: list[int] = []

        def write() -> None:
            while not over.is_set():
                append(database, [maker.reading(float(maker.seq))])

        writer = threading.Thread(target=write, name="writer")
        writer.start()
        try:
            for number in range(3):
                made = back_up(source, to, AT + timedelta(seconds=number))
                seen.append(made.manifest.rows["reading"])
        finally:
            over.set()
            writer.join()
    assert seen == sorted(set(seen)), "each is a later moment"
    copy = unpacked(made.path, tmp_path / "out")
    with contextlib.closing(raw(source.database)) as here, contextlib.closing(raw(copy)) as there:
        query = "SELECT * FROM reading WHERE session_id = '5e55102' AND seq <= ? ORDER BY seq"
        (last,) = there.execute("SELECT max(seq) FROM reading").fetchone()
        kept = there.execute(query, (last,)).fetchall()
        assert kept == here.execute(query, (last,)).fetchall()
        assert [row[1] for row in kept] == list(range(2, last + 1))


def test_a_backup_of_an_older_schema_is_proved_too_and_not_logged_by_migrating(
    tmp_path: Path, to: Path
) -> None:
    set_up(tmp_path / "old")
    path = tmp_path / "old" / "vigil.db"
    with Database(path, Access.WRITE, encrypted(KEY)) as old, old.writing() as connection:
        migrations.upgrade(connection, "0002")
    made = back_up(Source(path, tmp_path / "old" / "vault.json", KEY, "0"), to)
    assert made.manifest.revision == "0002"
    out = unpacked(made.path, tmp_path / "out")
    with open_database(out, KEY, read_only=True) as database:
        assert verify(database).is_intact


def test_without_room_nothing_is_begun(source: Source, to: Path, monkeypatch) -> None:
    monkeypatch.setattr(backup, "LOW_BYTES", 1 << 62)
    with pytest.raises(OperatorError, match="not enough room"):
        back_up(source, to)
    assert names(to) == []


def test_a_disk_that_fills_up_on_the_way_leaves_nothing(source, to: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "write_backup", full)
    with pytest.raises(OperatorError, match="not enough room"):
        back_up(source, to)
    assert names(to) == []


def test_a_folder_that_is_not_there_or_not_ours_is_said_to_be_so(source, tmp_path) -> None:
    with pytest.raises(OperatorError, match="cannot be used for a backup"):
        make_backup(source, tmp_path / "none", AT, Watch())


def test_the_vault_of_another_database_is_not_packed(source: Source, to: Path) -> None:
    set_up(source.database.parent, OTHER_KEY)
    with pytest.raises(OperatorError, match="of another database"):
        back_up(source, to)


# ---- the folder


def test_only_whole_backups_of_this_installation_are_listed(source, to, tmp_path) -> None:
    made = back_up(source, to)
    theirs = back_up(record(tmp_path / "theirs", OTHER_KEY), to, AT + timedelta(seconds=1))
    cut = to / "vigil-20261122T051502Z.vigilbackup"
    cut.write_bytes(made.path.read_bytes()[:-1])
    (to / "vigil-20261122T051503Z.vigilbackup").symlink_to(made.path)
    (to / "vigil-20261122T051504Z.vigilbackup").mkdir()
    shutil.copy(made.path, to / "my copy.vigilbackup")
    assert [one.path for one in list_backups(to, KEY.database)] == [made.path]
    assert [one.path for one in list_backups(to, OTHER_KEY.database)] == [theirs.path]


def test_pruning_touches_no_file_that_is_not_ours(source: Source, to: Path, tmp_path) -> None:
    old = back_up(source, to, AT - timedelta(days=800))
    theirs = back_up(record(tmp_path / "theirs", OTHER_KEY), to, AT - timedelta(days=900))
    new = back_up(source, to, AT)
    foreign = to / "vigil-20200101T000000Z.vigilbackup"
    foreign.write_text("something of mine")
    gone = prune(to, KEY.database, Keep(1, 0, 0), TOO_LATE)
    assert gone == (old.path,)
    assert set(names(to)) == {theirs.path.name, new.path.name, foreign.name}


def test_a_folder_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="connect its disk"):
        list_backups(tmp_path / "none", KEY.database)
