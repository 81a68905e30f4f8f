"""The installation's signature on a backup's manifest: made when it is written, judged when read.

Knows the manifest and public keys. Must not know the database. The manifest holds the hashes of
vault and database, so that who signed it vouches for all of the file.
"""

import logging
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from monitor.errors import OperatorError
from monitor.storage.backup_file import Manifest, Opened, damaged
from monitor.storage.heads import Signer, key_id
from monitor.storage.vault import Vault, read_vault, vault_from

log = logging.getLogger(__name__)

_PREFIX = b"vigil backup manifest 2\n"
Keys = Sequence[bytes]


class Seal(StrEnum):
    """Who vouches that a backup is as it was made."""

    KNOWN = "known"
    """A key of this installation, as it is known here."""
    OWN = "own"
    """A key that only the vault in the backup names."""
    NONE = "none"
    """Nobody: it was made before manifests were signed, or without the signing key."""


def statement(manifest: Manifest) -> bytes:
    """Return the bytes that are signed: the manifest without its signature, keys in order."""
    bare = msgspec.structs.replace(manifest, signature="")
    return _PREFIX + msgspec.json.encode(bare, order="sorted")


def sealed(manifest: Manifest, signer: Signer | None) -> Manifest:
    """Return the manifest with a signature; without one when the key cannot be had now."""
    if signer is None:
        return manifest
    try:
        named = msgspec.structs.replace(manifest, key_id=key_id(signer.public_key))
        signature = signer.sign(statement(named)).hex()
    except OperatorError as fault:
        log.warning("the backup could not be signed: %s", fault)
        return manifest
    return msgspec.structs.replace(named, signature=signature)


def keys_of(vault: Vault) -> Keys:
    """Return the public keys that check what an installation signed."""
    return tuple(one.public for one in vault.signing)


def known_keys(vault_file: Path, installation: UUID) -> Keys:
    """Return the public keys of an installation that a vault here names; none is no error."""
    try:
        vault = read_vault(vault_file)
    except OperatorError:
        return ()
    return keys_of(vault) if vault.database == installation else ()


def seal_of(opened: Opened, known: Keys) -> Seal:
    """Return who vouches for a backup. Raises OperatorError when its signature is wrong."""
    manifest = opened.manifest
    if not manifest.signature and not manifest.key_id:
        return Seal.NONE
    if _is_signed(manifest, known):
        return Seal.KNOWN
    if _is_signed(manifest, _own(opened)):
        return Seal.OWN
    raise damaged(opened.path)


def keys_for(opened: Opened, known: Keys) -> Keys:
    """Return the keys that may have signed the record in a backup. Raises as ``seal_of``."""
    match seal_of(opened, known):
        case Seal.KNOWN:
            return (*known, *_own(opened))  # the vault in it is vouched for as well
        case Seal.OWN:
            return _own(opened)
        case Seal.NONE:
            return known or _own(opened)


def _own(opened: Opened) -> Keys:
    return keys_of(vault_from(opened.path, opened.vault))


def _is_signed(manifest: Manifest, keys: Keys) -> bool:
    message = statement(manifest)
    return any(
        key_id(key) == manifest.key_id and _checks(key, manifest.signature, message) for key in keys
    )


def _checks(key: bytes, signature: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
