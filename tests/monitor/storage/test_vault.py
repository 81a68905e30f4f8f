"""The vault opens with each of its secrets and with no other, and is whole or as it was."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import keyring
import msgspec
import pytest

from monitor.errors import OperatorError
from monitor.storage.keys import KeyringError, keep_in_keyring, spelled
from monitor.storage.vault import (
    NoVaultError,
    Vault,
    WrongKeyError,
    os_slot,
    passphrase_slot,
    read_vault,
    recovery_slot,
    write_vault,
)
from tests.keyrings import WorkingKeyring
from tests.keys import KEY, OTHER_KEY, PASSPHRASE, QUICK, RECOVERY, vault_for

WRAPPING = b"w" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vault.json"
    write_vault(path, vault_for())
    return path


@pytest.fixture
def ring() -> Iterator[WorkingKeyring]:
    before, working = keyring.get_keyring(), WorkingKeyring()
    keyring.set_keyring(working)
    yield working
    keyring.set_keyring(before)


@pytest.mark.parametrize("secret", [PASSPHRASE, spelled(RECOVERY), spelled(RECOVERY).lower()])
def test_passphrase_and_recovery_key_bring_the_key_back(file: Path, secret: str) -> None:
    assert read_vault(file).unlock(secret) == KEY


def test_the_keyring_brings_the_key_back(ring: WorkingKeyring) -> None:
    keep_in_keyring(str(KEY.database), WRAPPING)
    vault = Vault(database=KEY.database, slots=(os_slot(KEY, WRAPPING),))
    assert vault.unlock_with_keyring() == KEY


@pytest.mark.parametrize(
    "secret", ["", "wrong", PASSPHRASE + " ", spelled(RECOVERY[::-1]), "\ud800"]
)
def test_another_secret_is_one_sentence_and_changes_nothing(file: Path, secret: str) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongKeyError, match="does not open") as wrong:
        read_vault(file).unlock(secret)
    assert "\n" not in str(wrong.value)
    assert file.read_bytes() == before


def test_a_key_of_another_folder_in_the_keyring_does_not_open_it(ring: WorkingKeyring) -> None:
    vault = Vault(database=KEY.database, slots=(os_slot(KEY, WRAPPING),))
    for wrong in (b"x" * 32, b"short"):
        keep_in_keyring(str(KEY.database), wrong)
        with pytest.raises(WrongKeyError, match="keyring of this computer does not open"):
            vault.unlock_with_keyring()


def test_a_vault_without_a_place_in_the_keyring_does_not_ask_it(file: Path) -> None:
    with pytest.raises(KeyringError, match="not in the keyring"):
        read_vault(file).unlock_with_keyring()


def test_a_slot_opens_only_in_the_vault_it_was_made_for() -> None:
    elsewhere = Vault(database=uuid4(), slots=vault_for().slots)
    with pytest.raises(WrongKeyError):
        elsewhere.unlock(PASSPHRASE)
    with pytest.raises(WrongKeyError):
        elsewhere.unlock(spelled(RECOVERY))


def test_a_slot_opens_only_as_the_kind_it_was_made_as() -> None:
    disguised = passphrase_slot(KEY, PASSPHRASE, QUICK)
    wrapped_as_os = os_slot(KEY, QUICK.wrapping_key(PASSPHRASE))
    swapped = msgspec.structs.replace(
        disguised, nonce=wrapped_as_os.nonce, wrapped=wrapped_as_os.wrapped
    )
    with pytest.raises(WrongKeyError):
        Vault(database=KEY.database, slots=(swapped,)).unlock(PASSPHRASE)


def test_no_bit_of_a_slot_may_change() -> None:
    slot = recovery_slot(KEY, RECOVERY)
    for bit in range(len(slot.wrapped) * 8):
        changed = bytearray(slot.wrapped)
        changed[bit // 8] ^= 1 << bit % 8
        bad = msgspec.structs.replace(slot, wrapped=bytes(changed))
        with pytest.raises(WrongKeyError):
            Vault(database=KEY.database, slots=(bad,)).unlock(spelled(RECOVERY))


def test_two_vaults_of_one_key_have_nothing_in_common() -> None:
    one, two = passphrase_slot(KEY, "same", QUICK), passphrase_slot(KEY, "same", QUICK)
    assert one.nonce != two.nonce
    assert one.wrapped != two.wrapped
    assert KEY.raw not in one.wrapped
    fresh = passphrase_slot(KEY, "same"), passphrase_slot(KEY, "same")
    assert fresh[0].kdf.salt != fresh[1].kdf.salt


# ---- the file


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_this_user_may_read_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_is_written_whole_and_nothing_is_left_beside_it(file: Path) -> None:
    file.with_name("vault.json.new").write_text("half", encoding="utf-8")  # of a killed process
    write_vault(file, vault_for(replace(OTHER_KEY)))
    assert read_vault(file).database == OTHER_KEY.database
    assert [path.name for path in file.parent.iterdir()] == ["vault.json"]


def test_a_vault_that_cannot_be_written_leaves_the_one_before(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OperatorError, match="No space left"):
        write_vault(file, vault_for(OTHER_KEY))
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["vault.json"]


def test_a_folder_that_was_never_set_up_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NoVaultError, match="vigil init"):
        read_vault(tmp_path / "vault.json")


GOOD = msgspec.json.encode(vault_for()).decode()
BAD = {
    "empty": "",
    "cut short": GOOD[:-40],
    "no object": "[]",
    "no JSON": "\x00" * 300,
    "not UTF-8": "\udcff",
    "without slots": GOOD[: GOOD.index('"slots"')] + '"slots":[]}',
    "another format": GOOD.replace("vigil-vault", "keepass"),
    "an unknown field": GOOD[:-1] + ',"colour":"red"}',
    "an unknown kind": GOOD.replace('"recovery"', '"magic"'),
    "endless brackets": "[" * 100_000,
    "a cost that would take all memory": GOOD.replace('"memory_kib":64', '"memory_kib":99999999'),
    "a short nonce": GOOD.replace('"nonce":"', '"nonce":"AAAA", "was":"', 1),
    "version zero": GOOD.replace('"version":1', '"version":0'),
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_damaged_vault_is_one_sentence_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vault.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    with pytest.raises(OperatorError, match="damaged") as refused:
        read_vault(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == before


def test_a_vault_of_a_newer_version_says_so(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    path.write_text(GOOD.replace('"version":1', '"version":2, "new":1'), encoding="utf-8")
    with pytest.raises(OperatorError, match="newer version"):
        read_vault(path)
