"""The signing key is made, kept and found again; without it the record goes on unsigned."""

import threading
from collections.abc import Iterator
from pathlib import Path

import keyring
import msgspec
import pytest

from monitor.errors import OperatorError
from monitor.storage.database import open_database
from monitor.storage.heads import Ed25519Signer
from monitor.storage.recorder import append
from monitor.storage.signing import (
    LateSigner,
    SigningKeyGoneError,
    new_signing_key,
    obtain_signer,
    signer_from,
    spelled_code,
)
from monitor.storage.vault import FILE_NAME, os_slot, read_vault, write_vault
from monitor.storage.verify import verify
from tests.keyrings import LockedKeyring, WorkingKeyring
from tests.keys import KEY, OTHER_KEY, PASSPHRASE, vault_for

WAIT_S = 10.0


@pytest.fixture
def ring() -> Iterator[WorkingKeyring]:
    before = keyring.get_keyring()
    ring = WorkingKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A vault without a signing key, as one from before there was such a thing."""
    write_vault(tmp_path / FILE_NAME, vault_for())
    return tmp_path / FILE_NAME


def with_keyring(file: Path) -> None:
    vault = read_vault(file)
    slots = (*vault.slots, os_slot(KEY, bytes(32)))
    write_vault(file, msgspec.structs.replace(vault, slots=slots))


@pytest.mark.parametrize("in_keyring", [True, False])
def test_the_private_half_comes_back_from_where_it_is_kept(
    ring: WorkingKeyring, in_keyring: bool
) -> None:
    made = new_signing_key(KEY, in_keyring=in_keyring)
    assert signer_from(KEY, made).public_key == made.public
    assert (made.sealed is None) is in_keyring is bool(ring.held)


def test_without_a_keyring_it_is_sealed_and_opens_with_the_data_key_alone() -> None:
    made = new_signing_key(KEY, in_keyring=True)  # conftest.py: there is none
    assert made.sealed is not None
    assert signer_from(KEY, made).public_key == made.public
    with pytest.raises(SigningKeyGoneError):
        signer_from(OTHER_KEY, made)


def test_another_keys_private_half_is_not_taken_for_it(ring: WorkingKeyring) -> None:
    made, other = (new_signing_key(KEY, in_keyring=True) for _ in range(2))
    names = list(ring.held)
    ring.held[names[0]] = ring.held[names[1]]
    with pytest.raises(SigningKeyGoneError, match=spelled_code(made.public)):
        signer_from(KEY, made)
    assert signer_from(KEY, other).public_key == other.public


def test_a_folder_from_before_gets_a_key_once(file: Path) -> None:
    first = obtain_signer(file, KEY)
    assert [one.public for one in read_vault(file).signing] == [first.public_key]
    assert obtain_signer(file, KEY).public_key == first.public_key
    assert read_vault(file).unlock(PASSPHRASE) == KEY


def test_in_a_folder_that_the_keyring_opens_it_is_in_the_keyring(
    ring: WorkingKeyring, file: Path
) -> None:
    with_keyring(file)
    obtain_signer(file, KEY)
    assert read_vault(file).signing[0].sealed is None
    assert len(ring.held) == 1


def test_when_its_private_half_has_gone_another_takes_over_and_the_old_one_still_checks(
    ring: WorkingKeyring, file: Path, caplog
) -> None:
    with_keyring(file)
    old = obtain_signer(file, KEY).public_key
    ring.held.clear()
    new = obtain_signer(file, KEY).public_key
    assert [one.public for one in read_vault(file).signing] == [old, new]
    assert spelled_code(old) in caplog.text
    assert spelled_code(new) in caplog.text


def test_a_keyring_that_is_locked_today_has_not_lost_it(ring: WorkingKeyring, file: Path) -> None:
    with_keyring(file)
    obtain_signer(file, KEY)
    before = file.read_bytes()
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(OperatorError, match="keyring"):
        obtain_signer(file, KEY)
    assert file.read_bytes() == before


def test_a_vault_that_cannot_be_written_leaves_no_key_behind(
    ring: WorkingKeyring, file: Path
) -> None:
    with_keyring(file)
    file.with_name(f"{FILE_NAME}.new").mkdir()
    with pytest.raises(OperatorError, match="cannot be written"):
        obtain_signer(file, KEY)
    assert ring.held == {}
    assert read_vault(file).signing == ()


# ---- a signer that waits for nothing


def test_rows_do_not_wait_for_a_keyring_and_the_next_head_vouches_for_them(
    path: Path, maker
) -> None:
    answered = threading.Event()
    ready = Ed25519Signer(bytes(32))

    def ask() -> Ed25519Signer:
        answered.wait(WAIT_S)
        return ready

    late = LateSigner(ask, within_s=0.0)
    with open_database(path, KEY) as database:
        append(database, [maker.opened(), maker.phase("ended")], late)
        assert verify(database).heads == 0
        answered.set()
        late._is_known.wait(WAIT_S)
        other = type(maker)("another")
        append(database, [other.opened(), other.phase("ended")], late)
        verdict = verify(database, public_keys=[ready.public_key])
    assert verdict.is_intact
    assert verdict.heads == 1


def test_a_key_that_cannot_be_had_is_no_error_of_recording(path: Path, maker, caplog) -> None:
    def refuse() -> Ed25519Signer:
        raise OperatorError("The keyring is locked", "unlock it")

    with open_database(path, KEY) as database:
        append(database, [maker.opened(), maker.phase("ended")], LateSigner(refuse))
        assert (verify(database).rows, verify(database).heads) == (2, 0)
    assert "The keyring is locked" in caplog.text
