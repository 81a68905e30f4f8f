"""Signed heads: the installation vouches for the audit log up to a row, and so for all it holds.

Knows Ed25519 (RFC 8032) and the statement that is signed. Must not know where the key is kept: a
key in the database, or one that the database's own key leads to, would prove nothing.
"""

import logging
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, func, select

from monitor.errors import BugError, OperatorError
from monitor.storage import audit
from monitor.storage.schema import signed_head as table

log = logging.getLogger(__name__)

STATEMENT = ("number", "at_utc_us", "audit_number", "audit_chain", "key_id")
"""The columns that are signed, in this order, behind the words of ``_PREFIX``."""
_PREFIX = b"vigil signed head 1\n"


class Signer(Protocol):
    """Signs for this installation."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which others check the signatures. Raises OperatorError as ``sign``."""

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes of signature. Raises OperatorError when the key cannot be had now."""


class Ed25519Signer:
    """A signer that holds its key in memory."""

    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which others check the signatures."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes of signature."""
        return self._key.sign(message)


def key_id(public_key: bytes) -> str:
    """Return the name of a key: the first 16 digits of its hash."""
    return sha256(public_key).hexdigest()[:16]


def sealing(signer: Signer) -> Callable[[Connection], None]:
    """Return what ends every writing transaction of a database whose log is signed."""
    return lambda connection: seal(connection, signer)


def seal(connection: Connection, signer: Signer | None) -> None:
    """Sign the log if the caller's writing transaction has added to it, and somebody can sign.

    So every row of the log is vouched for from the moment it is on the disk.
    """
    if signer is None:
        return
    at_utc_us = audit.unsealed_since(connection)
    if at_utc_us is not None:
        _sign_head(connection, signer, at_utc_us)


def _sign_head(connection: Connection, signer: Signer, at_utc_us: int) -> None:
    """Sign the log as it ends now.

    A key that cannot be had now is no reason to lose rows: the next head vouches for them as well.
    """
    end = audit.end(connection)
    number = connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
    head: dict[str, Any] = {
        "number": number + 1,
        "at_utc_us": at_utc_us,
        "audit_number": end.number,
        "audit_chain": end.chain,
    }
    try:
        head["key_id"] = key_id(signer.public_key)
        head["signature"] = signer.sign(statement(head))
    except OperatorError as fault:
        log.warning("the record could not be signed: %s", fault)
        return
    connection.execute(table.insert().values(head))


def statement(head: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed. Raises BugError when the row has none."""
    try:
        return _PREFIX + msgspec.msgpack.encode([head[name] for name in STATEMENT])
    except (TypeError, ValueError, OverflowError) as cause:
        raise BugError("A signed head holds what nobody can sign") from cause


def is_signed(head: Mapping[str, Any], public_key: bytes) -> bool:
    """Say whether a head's signature is good and of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(head["signature"], statement(head))
    except (InvalidSignature, TypeError, ValueError, BugError):
        return False
    return bool(head["key_id"] == key_id(public_key))
