"""Passwords: which are good enough, how they are kept, and whether one is right.

Knows argon2id. Must not know accounts, and never shows, logs or keeps a password.
"""

import base64
import secrets
import unicodedata

from argon2 import Parameters, PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from monitor.accounts.people import sign_in_key
from monitor.errors import OperatorError

STRENGTH = RFC_9106_LOW_MEMORY
"""argon2id, 64 MiB, 3 passes, 4 lanes: RFC 9106 section 4, second choice; above OWASP's floor."""

SHORTEST = 12
LONGEST = 1024
"""In characters (reliability brief 5.2); the upper one keeps a flood of text out of the hash."""


class Passwords:
    """Hashes passwords and compares them, at one strength.

    A hash carries its own parameters, so that older ones still fit after STRENGTH has grown.
    """

    def __init__(self, strength: Parameters = STRENGTH) -> None:
        self._hasher = PasswordHasher.from_parameters(strength)
        self._nobodys = _hash_of_nothing(strength)

    def hash(self, password: str) -> str:
        """Return what may be kept of a password: an argon2id hash with a salt of its own."""
        return self._hasher.hash(normalised(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one of which ``kept`` was kept.

        ``kept`` None, an account that does not exist, takes the same work and is always wrong.
        """
        if len(password) > LONGEST:
            password = ""
        try:
            is_right = self._hasher.verify(kept or self._nobodys, normalised(password))
        except (VerificationError, InvalidHashError):
            return False
        return is_right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made at another strength and should be made again."""
        return self._hasher.check_needs_rehash(kept)


def check_new_password(password: str, *names: str) -> None:
    """Raise OperatorError unless the password may be chosen.

    The one rule besides length is that it is none of the ``names`` of its owner: rules about
    kinds of characters make passwords no better (NIST SP 800-63B 5.1.1.2).
    """
    if len(password) > LONGEST:
        raise OperatorError(
            f"The password has {len(password):,} characters", f"choose one of {LONGEST:,} at most"
        )
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        raise OperatorError(
            f"The password has {length} characters", f"choose one of at least {SHORTEST}"
        )
    if sign_in_key(password) in {sign_in_key(name) for name in names}:
        raise OperatorError("The password is the user's name", "choose another")


def normalised(password: str) -> bytes:
    """Return the bytes that are hashed: the same however a keyboard composes its letters (NFC).

    A lone surrogate, which no keyboard makes, gets bytes of its own rather than an error.
    """
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash_of_nothing(strength: Parameters) -> str:
    """Return a hash of full strength that fits no password, made without any work."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (strength.salt_len, strength.hash_len)
    )
    work = f"m={strength.memory_cost},t={strength.time_cost},p={strength.parallelism}"
    return f"$argon2id$v={strength.version}${work}${salt}${digest}"
