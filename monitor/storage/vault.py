"""The vault: the data key, wrapped once for each secret that may bring it back (vault.json).

Knows the file and its slots. Must not know the database, nor where a secret comes from.

Each slot is AES-256-GCM; its additional data bind it to the database, its kind and the form of the
file, so that no slot can be carried into another vault (reliability brief, 1.4).
"""

import secrets
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.errors import OperatorError
from monitor.storage.keys import (
    KEY_BYTES,
    Argon2,
    DataKey,
    KeyringError,
    from_keyring,
    read_recovery_key,
    recovery_wrapping_key,
)
from monitor.storage.private_file import replace_private

FILE_NAME = "vault.json"
FORM = 1
NONCE_BYTES = 12
_TAG_BYTES = 16

Nonce = Annotated[bytes, msgspec.Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
Wrapped = Annotated[
    bytes, msgspec.Meta(min_length=KEY_BYTES + _TAG_BYTES, max_length=KEY_BYTES + _TAG_BYTES)
]


class WrongKeyError(OperatorError):
    """The secret does not open the vault."""


class NoVaultError(OperatorError):
    """The data folder was never set up, or its vault has gone."""


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """The data key, wrapped with a key that comes from one secret."""

    kind: ClassVar[str]
    nonce: Nonce
    wrapped: Wrapped


class OsSlot(Slot, frozen=True, tag="os"):
    """Wrapped with a random key that the system's keyring keeps."""

    kind: ClassVar[str] = "os"


class PassphraseSlot(Slot, frozen=True, tag="passphrase"):
    """Wrapped with a key that Argon2id derives from a passphrase."""

    kind: ClassVar[str] = "passphrase"
    kdf: Argon2


class RecoverySlot(Slot, frozen=True, tag="recovery"):
    """Wrapped with a key derived from the recovery key in the clinic's safe."""

    kind: ClassVar[str] = "recovery"


AnySlot = OsSlot | PassphraseSlot | RecoverySlot


def os_slot(key: DataKey, wrapping: bytes) -> OsSlot:
    """Wrap the data key with the keyring's key (32 bytes)."""
    return OsSlot(*_wrap(key, OsSlot.kind, wrapping))


def passphrase_slot(key: DataKey, passphrase: str, kdf: Argon2 | None = None) -> PassphraseSlot:
    """Wrap the data key with a passphrase; takes as long as trying one does."""
    kdf = kdf or Argon2(secrets.token_bytes(16))
    return PassphraseSlot(*_wrap(key, PassphraseSlot.kind, kdf.wrapping_key(passphrase)), kdf)


def recovery_slot(key: DataKey, recovery: bytes) -> RecoverySlot:
    """Wrap the data key with the recovery key."""
    wrapping = recovery_wrapping_key(recovery, key.database)
    return RecoverySlot(*_wrap(key, RecoverySlot.kind, wrapping))


def _wrap(key: DataKey, kind: str, wrapping: bytes) -> tuple[bytes, bytes]:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce, AESGCM(wrapping).encrypt(nonce, key.raw, _bound_to(key.database, kind))


def _bound_to(database: UUID, kind: str) -> bytes:
    return f"{database}|{kind}|{FORM}".encode()


class SealedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A private key under AES-256-GCM."""

    nonce: Nonce
    wrapped: Wrapped


class SigningKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key that signs the record; not ``sealed``, its private half is in the keyring."""

    public: Annotated[bytes, msgspec.Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]
    sealed: SealedKey | None = None


class Vault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What vault.json holds; nothing in it is secret without what opens it.

    ``signing``: the keys that signed the record one after the other; the last one does now.
    """

    format: Literal["vigil-vault"] = "vigil-vault"
    version: Literal[1] = 1
    database: UUID
    slots: Annotated[tuple[AnySlot, ...], msgspec.Meta(min_length=1, max_length=16)]
    signing: Annotated[tuple[SigningKey, ...], msgspec.Meta(max_length=1024)] = ()

    @property
    def has_os_slot(self) -> bool:
        """Whether the system's keyring may bring the key back."""
        return any(isinstance(slot, OsSlot) for slot in self.slots)

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase may bring the key back."""
        return any(isinstance(slot, PassphraseSlot) for slot in self.slots)

    def unlock_with_keyring(self) -> DataKey:
        """Return the data key by the keyring's key. Raises KeyringError or WrongKeyError."""
        if not self.has_os_slot:
            raise KeyringError(
                "The key of this data folder is not in the keyring", "use the passphrase"
            )
        wrapping = from_keyring(str(self.database))
        for slot in self.slots:
            if isinstance(slot, OsSlot) and (key := self._open(slot, wrapping)):
                return key
        raise WrongKeyError(
            "The key in the keyring of this computer does not open the vault",
            "use the passphrase or the recovery key; nothing was changed",
        )

    def unlock(self, secret: str) -> DataKey:
        """Return the data key by a passphrase or the recovery key. Raises WrongKeyError."""
        for slot in self.slots:
            wrapping = self._wrapping_key(slot, secret)
            if wrapping is not None and (key := self._open(slot, wrapping)):
                return key
        raise WrongKeyError(
            "This passphrase or recovery key does not open the data folder",
            "try again, or use the recovery key from the clinic's safe; nothing was changed",
        )

    def _wrapping_key(self, slot: AnySlot, secret: str) -> bytes | None:
        match slot:
            case OsSlot():
                return None
            case PassphraseSlot():
                return slot.kdf.wrapping_key(secret)
            case RecoverySlot():
                recovery = read_recovery_key(secret)
                return recovery and recovery_wrapping_key(recovery, self.database)

    def _open(self, slot: AnySlot, wrapping: bytes) -> DataKey | None:
        bound_to = _bound_to(self.database, slot.kind)
        try:
            raw = AESGCM(wrapping).decrypt(slot.nonce, slot.wrapped, bound_to)
        except (InvalidTag, ValueError):  # ValueError: the keyring's key has another length
            return None
        return DataKey(raw, self.database)


def read_vault(path: Path) -> Vault:
    """Read a vault. Raises NoVaultError, or OperatorError when it is damaged; never changes it."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as cause:
        raise NoVaultError(
            f"The data folder {path.parent} has not been set up yet", "run 'vigil init'"
        ) from cause
    except OSError as cause:
        raise OperatorError(
            f"The vault {path} cannot be read ({cause.strerror})", "make it yours to read"
        ) from cause
    return vault_from(path, data)


class _Form(msgspec.Struct):
    version: int = FORM


def vault_from(path: Path, data: bytes) -> Vault:
    """Return the vault that these bytes of ``path`` are. Raises OperatorError."""
    try:
        if msgspec.json.decode(data, type=_Form).version > FORM:
            raise OperatorError(
                f"The vault {path} was made by a newer version of Vigil",
                "install that version; nothing was changed",
            )
        return msgspec.json.decode(data, type=Vault)
    except (msgspec.MsgspecError, ValueError, RecursionError) as cause:
        raise OperatorError(
            f"The vault {path} is damaged, and without it the database stays closed",
            "put back its copy from a backup; nothing was changed",
        ) from cause


def write_vault(path: Path, vault: Vault) -> None:
    """Write a vault whole or not at all, for this user only. Raises OperatorError."""
    text = msgspec.json.format(msgspec.json.encode(vault), indent=2)
    try:
        replace_private(path, text + b"\n")
    except OSError as cause:
        raise OperatorError(
            f"The vault {path} cannot be written ({cause.strerror})",
            "check that the folder is yours and the disk is not full",
        ) from cause
