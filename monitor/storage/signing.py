"""The installation's signing key: where it is kept, and a signer that waits for no keyring.

Knows the keyring and the vault, which holds the public half. Must not know what is signed.

The private half never lies in the database. Where the keyring opens the folder it is in the
keyring, under a name of its own; elsewhere it is in the vault, sealed with a key derived from the
data key: that keeps it from whoever has the files alone, and not from whoever has the data key
(decision 0006).
"""

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.errors import OperatorError
from monitor.storage.heads import Ed25519Signer, key_id
from monitor.storage.keys import (
    KEY_BYTES,
    DataKey,
    KeyringError,
    find_in_keyring,
    forget_in_keyring,
    keep_in_keyring,
)
from monitor.storage.vault import (
    NONCE_BYTES,
    SealedKey,
    SigningKey,
    Vault,
    read_vault,
    write_vault,
)

log = logging.getLogger(__name__)

WITHIN_S = 1.0
"""So long a row waits for a keyring; the next signed head vouches for it as well."""


class SigningKeyGoneError(OperatorError):
    """The private half is nowhere: a new key has to take over."""


def spelled_code(public: bytes) -> str:
    """Return the short code of a public key, for paper: the name that signed heads carry."""
    return spelled(key_id(public))


def spelled(code: str) -> str:
    """Return a key's name in groups of four, as a person compares it."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def new_signing_key(key: DataKey, *, in_keyring: bool) -> SigningKey:
    """Make a signing key; keep its private half in the keyring, or sealed where none takes it."""
    private = secrets.token_bytes(KEY_BYTES)
    public = Ed25519Signer(private).public_key
    if in_keyring:
        with contextlib.suppress(KeyringError):
            keep_in_keyring(_account(key, public), private)
            return SigningKey(public)
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(key.derived("signing"))
    return SigningKey(public, SealedKey(nonce, cipher.encrypt(nonce, private, public)))


def forget_signing_key(key: DataKey, made: SigningKey) -> None:
    """Take a key that is not needed after all out of the keyring, as well as that can be done."""
    if made.sealed is None:
        with contextlib.suppress(KeyringError):
            forget_in_keyring(_account(key, made.public))


def signer_from(key: DataKey, kept: SigningKey) -> Ed25519Signer:
    """Return the signer of a key. Raises KeyringError, or SigningKeyGoneError."""
    private = _private(key, kept)
    signer = None if private is None else Ed25519Signer(private)
    if signer is None or signer.public_key != kept.public:
        raise SigningKeyGoneError(
            f"The private half of the signing key {spelled_code(kept.public)} is not here",
            "the next start of a station makes another",
        )
    return signer


def _private(key: DataKey, kept: SigningKey) -> bytes | None:
    if kept.sealed is None:
        found = find_in_keyring(_account(key, kept.public))
        return found if found is not None and len(found) == KEY_BYTES else None
    cipher = AESGCM(key.derived("signing"))
    with contextlib.suppress(InvalidTag):
        return cipher.decrypt(kept.sealed.nonce, kept.sealed.wrapped, kept.public)
    return None


def _account(key: DataKey, public: bytes) -> str:
    return f"{key.database} signing {key_id(public)}"


def obtain_signer(vault_file: Path, key: DataKey) -> Ed25519Signer:
    """Return the installation's signer; make a key where there is none, or its half has gone.

    For the process that holds the data folder. Earlier public keys stay in the vault, because
    they check what they signed. Raises OperatorError.
    """
    vault = read_vault(vault_file)
    if vault.signing:
        try:
            return signer_from(key, vault.signing[-1])
        except SigningKeyGoneError as gone:
            log.warning("%s", gone.what)
    made = new_signing_key(key, in_keyring=vault.has_os_slot)
    try:
        _add(vault_file, vault, made)
    except OperatorError:
        forget_signing_key(key, made)
        raise
    log.warning("the record is signed with a new key from now on: %s", spelled_code(made.public))
    return signer_from(key, made)


def _add(vault_file: Path, vault: Vault, made: SigningKey) -> None:
    signing = (*vault.signing, made)
    write_vault(vault_file, msgspec.structs.replace(vault, signing=signing))


class LateSigner:
    """A signer whose key is fetched in a thread: a keyring may ask a person, or hang.

    It is fetched when the first signature is asked for, which waits a moment; until it is there
    nothing is signed, and recording goes on.
    """

    def __init__(self, obtain: Callable[[], Ed25519Signer], within_s: float = WITHIN_S) -> None:
        self._obtain = obtain
        self._within_s = within_s
        self._signer: Ed25519Signer | None = None
        self._why = "it has not been fetched yet"
        self._is_known = threading.Event()
        self._thread = threading.Thread(target=self._fetch, name="signer", daemon=True)
        self._starting = threading.Lock()

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which others check the signatures. Raises OperatorError."""
        return self._ready().public_key

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes of signature. Raises OperatorError when there is no key now."""
        return self._ready().sign(message)

    def _fetch(self) -> None:
        try:
            self._signer = self._obtain()
        except OperatorError as fault:
            self._why = fault.what
        finally:
            self._is_known.set()

    def _ready(self) -> Ed25519Signer:
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()
        self._is_known.wait(self._within_s)
        self._within_s = 0.0  # once is enough: rows wait
        if self._signer is None:
            raise OperatorError(
                f"The signing key cannot be had now ({self._why})", "recording goes on unsigned"
            )
        return self._signer
