"""The seal of the spill file: AES-256-GCM with a key of its own.

Knows one key. Must not know where it comes from: ``DataKey.derived("spill")``.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.storage.spill import BrokenSeal

NONCE_BYTES = 12


class AesSeal:
    """Seals bytes so that only the same key opens them, unchanged.

    Nonces are random: safe for 2^32 records of one key (NIST SP 800-38D, 8.3).
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes) -> bytes:
        """Return nonce, cipher text and tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises BrokenSeal."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as cause:
            raise BrokenSeal from cause
