"""Who can write into the folder of the backups makes none look newer, fuller or ours.

Every attack changes a backup as somebody does who knows its form, and all hashes in it, but has
no signing key of the installation.
"""

import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.errors import OperatorError
from monitor.storage.backup import Source, Watch, make_backup, prove
from monitor.storage.backup_file import (
    DATABASE,
    MANIFEST,
    Manifest,
    extract_database,
    open_backup,
    part_of,
    text_part,
    write_backup,
)
from monitor.storage.backup_folder import list_backups, prune
from monitor.storage.backup_rules import Keep, age_s
from monitor.storage.backup_seal import Seal, keys_for, known_keys, seal_of, sealed
from monitor.storage.heads import Ed25519Signer
from monitor.storage.keys import DataKey
from monitor.storage.signed import open_signed, signer_at_hand
from monitor.storage.signing import new_signing_key, signer_from
from monitor.storage.vault import FILE_NAME, read_vault, write_vault
from tests.keys import KEY, OTHER_KEY
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.backups import AT, record

FORGER = Ed25519Signer(bytes(range(7, 39)))
YEAR = timedelta(days=365)


def _signing_record(folder: Path, key: DataKey = KEY) -> Source:
    """Make a data folder whose vault has a signing key, and a small record in it."""
    source = record(folder, key)
    made = new_signing_key(key, in_keyring=False)
    vault = read_vault(source.vault)
    write_vault(source.vault, msgspec.structs.replace(vault, signing=(made,)))
    with open_signed(source.database, key) as database, database.writing() as connection:
        connection.info["vigil_log_grew_utc_us"] = 0  # sign what was recorded without the key
    return replace(source, signer=signer_at_hand(source.vault, key))


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return _signing_record(tmp_path / "data")


@pytest.fixture
def backup(source: Source, tmp_path: Path) -> Path:
    to = tmp_path / "backups"
    to.mkdir()
    return make_backup(source, to, AT, Watch()).path


def _known(source: Source) -> Any:
    return known_keys(source.vault, source.key.database)


def _rewritten(
    path: Path, change: Callable[[Manifest], Manifest], vault: bytes | None = None
) -> Path:
    """Write a backup anew, as another file of the folder, with another manifest or vault."""
    opened = open_backup(path)
    database = path.with_name("taken-out")
    extract_database(opened, database, lambda *_: None)
    held = opened.vault if vault is None else vault
    manifest = msgspec.structs.replace(opened.manifest, vault=text_part(held))
    forged = path.with_name("vigil-20270101T000000Z.vigilbackup")
    with forged.open("wb") as out:
        write_backup(out, change(manifest), held, database, lambda *_: None)
    database.unlink()
    return forged


def _dated(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(manifest, made_utc=manifest.made_utc + YEAR)


def _bare(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(manifest, key_id="", signature="")


def _of_form_1(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(_bare(manifest), version=1)


def _proved(path: Path, source: Source, room: Path) -> Any:
    return prove(open_backup(path), source.key, room / "proof.db", Watch(), _known(source))


def test_a_backup_is_signed_by_the_installation_and_so_is_the_record_in_it(
    source: Source, backup: Path, tmp_path: Path
) -> None:
    opened = open_backup(backup)
    assert seal_of(opened, _known(source)) is Seal.KNOWN
    assert seal_of(opened, ()) is Seal.OWN  # where nothing is known but the backup
    verdict = _proved(backup, source, tmp_path)
    assert (verdict.is_intact, verdict.are_signatures_checked) == (True, True)
    (found,) = list_backups(backup.parent, KEY.database, _known(source))
    assert not found.is_doubtful


CHANGES: dict[str, Callable[[Manifest], Manifest]] = {
    "another moment": _dated,
    "other rows": lambda m: msgspec.structs.replace(m, rows=m.rows | {"reading": 10**6}),
    "another program": lambda m: msgspec.structs.replace(m, app_version="9.9"),
    "form 1": lambda m: msgspec.structs.replace(m, version=1),
    "no key": lambda m: msgspec.structs.replace(m, key_id=""),
    "no signature": lambda m: msgspec.structs.replace(m, signature=""),
    "nonsense": lambda m: msgspec.structs.replace(m, signature="x" * 128),
    "a forger's": lambda m: sealed(_bare(_dated(m)), FORGER),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_changed_manifest_is_no_backup_of_ours(
    source: Source, backup: Path, tmp_path: Path, how: str
) -> None:
    forged = _rewritten(backup, CHANGES[how])
    with pytest.raises(OperatorError, match="is damaged"):
        _proved(forged, source, tmp_path)
    listed = list_backups(backup.parent, KEY.database, _known(source))
    assert [one.path for one in listed] == [backup]


@pytest.mark.parametrize("strip", [_bare, _of_form_1])
def test_one_without_a_signature_restores_but_makes_nothing_look_newer(
    source: Source, backup: Path, tmp_path: Path, strip: Callable[[Manifest], Manifest]
) -> None:
    forged = _rewritten(backup, lambda manifest: _dated(strip(manifest)))
    assert seal_of(open_backup(forged), _known(source)) is Seal.NONE
    assert _proved(forged, source, tmp_path).is_intact
    now, known = AT + YEAR, _known(source)
    assert age_s(list_backups(backup.parent, KEY.database, known), now) == YEAR.total_seconds()
    prune(backup.parent, KEY.database, Keep(1, 0, 0), now, known)
    assert backup.exists()


def test_where_the_installation_does_not_sign_one_without_a_signature_counts(
    tmp_path: Path,
) -> None:
    source, to = record(tmp_path / "plain"), tmp_path / "to"
    to.mkdir()
    made = make_backup(source, to, AT, Watch())
    (found,) = list_backups(to, KEY.database, _known(source))
    assert (found.is_doubtful, made.manifest.signature) == (False, "")


def test_a_swapped_vault_needs_the_signature_too(
    source: Source, backup: Path, tmp_path: Path
) -> None:
    vault = msgspec.structs.replace(read_vault(source.vault), signing=())
    other = tmp_path / "other.json"
    write_vault(other, vault)
    forged = _rewritten(backup, lambda manifest: manifest, other.read_bytes())
    with pytest.raises(OperatorError, match="is damaged"):
        _proved(forged, source, tmp_path)


def test_a_record_and_vault_of_a_forgers_own_key_are_told_from_the_installations(
    source: Source, backup: Path, tmp_path: Path
) -> None:
    made = new_signing_key(KEY, in_keyring=False)
    forger = tmp_path / "forger.json"
    write_vault(forger, msgspec.structs.replace(read_vault(source.vault), signing=(made,)))
    own = signer_from(KEY, made)
    forged = _rewritten(backup, lambda m: sealed(_bare(_dated(m)), own), forger.read_bytes())
    assert seal_of(open_backup(forged), _known(source)) is Seal.OWN
    doubtful = {one.path for one in _listed(backup, source) if one.is_doubtful}
    assert doubtful == {forged}


def _listed(backup: Path, source: Source) -> Any:
    return list_backups(backup.parent, KEY.database, _known(source))


def test_without_a_signature_only_the_keys_known_here_check_the_record(
    source: Source, backup: Path, tmp_path: Path
) -> None:
    made = new_signing_key(KEY, in_keyring=False)
    forger = tmp_path / "forger.json"
    write_vault(forger, msgspec.structs.replace(read_vault(source.vault), signing=(made,)))
    forged = open_backup(_rewritten(backup, _bare, forger.read_bytes()))
    assert list(keys_for(forged, _known(source))) == list(_known(source))


def test_a_log_rewritten_in_a_backup_is_found_by_its_signed_heads(
    source: Source, tmp_path: Path
) -> None:
    to = tmp_path / "to"
    to.mkdir()
    with attack(source.database) as attacker:
        attacker.put(attacker.table("audit")[0], actor="somebody else")
        attacker.recompute_log()
    made = make_backup(source, to, AT, Watch())
    assert made.path.name.endswith("-altered.vigilbackup")
    assert [one.table for one in made.verdict.breaks] == ["audit"]


def test_a_backup_of_another_installation_is_refused_whoever_signed_it(
    source: Source, backup: Path, tmp_path: Path
) -> None:
    theirs = _signing_record(tmp_path / "theirs", OTHER_KEY)
    with pytest.raises(OperatorError, match="of another installation"):
        prove(open_backup(backup), OTHER_KEY, tmp_path / "p.db", Watch(), _known(theirs))
    assert list_backups(backup.parent, OTHER_KEY.database, _known(theirs)) == ()
    assert known_keys(theirs.vault, KEY.database) == ()


def test_any_tar_still_opens_a_signed_backup(backup: Path) -> None:
    with tarfile.open(backup) as archive:
        assert archive.getnames() == [MANIFEST, FILE_NAME, DATABASE]
        member = archive.extractfile(MANIFEST)
        assert isinstance(member, io.BufferedReader)
        assert msgspec.json.decode(member.read())["signature"]


def test_a_key_that_cannot_be_had_makes_an_unsigned_backup(
    source: Source, tmp_path: Path, caplog
) -> None:
    class Locked:
        @property
        def public_key(self) -> bytes:
            raise OperatorError("The keyring is locked", "unlock it")

        def sign(self, message: bytes) -> bytes:
            raise AssertionError(message)

    to = tmp_path / "to"
    to.mkdir()
    made = make_backup(replace(source, signer=Locked()), to, AT, Watch())
    assert (made.manifest.key_id, made.manifest.signature) == ("", "")
    assert part_of(made.path).size == made.size
    assert "could not be signed" in caplog.text
    caplog.clear()
