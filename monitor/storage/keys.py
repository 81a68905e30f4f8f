"""The keys: the data key, and the three secrets that can bring it back.

Knows how a key is derived, spelled and kept in the system's keyring. Must not know files.
"""

import base64
import binascii
import secrets
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Self
from uuid import UUID, uuid4

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from monitor.errors import OperatorError

KEY_BYTES = 32
RECOVERY_BYTES = 20
"""160 bits: 8 groups of 4 base32 characters (reliability brief, 1.4)."""
SERVICE = "Vigil"
KEYRING_ANSWERS_WITHIN_S = 60.0
"""Long enough for a person to unlock it in the system's own window."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The 256-bit key of one database, and which database that is; a repr never shows it."""

    raw: bytes = field(repr=False)
    database: UUID

    @classmethod
    def random(cls) -> Self:
        """Return the key of a database that is to be made."""
        return cls(secrets.token_bytes(KEY_BYTES), uuid4())

    def derived(self, purpose: str) -> bytes:
        """Return another 256-bit key, for another file of the same folder."""
        return _expand(self.raw, self.database, purpose)

    def as_line(self) -> bytes:
        """Return the key as one line for the pipe to a process of ours; never for a file."""
        return f"{self.raw.hex()} {self.database.hex}\n".encode()

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Read what ``as_line`` wrote. Raises OperatorError when it is anything else."""
        try:
            raw, database = line.decode("ascii").split()
            key = cls(bytes.fromhex(raw), UUID(database))
        except ValueError:
            key = None
        if key is None or len(key.raw) != KEY_BYTES:
            raise OperatorError(
                "No key came on standard input", "leave --key-from-stdin to Vigil itself"
            )
        return key


def _expand(secret: bytes, database: UUID, purpose: str) -> bytes:
    info = f"vigil {purpose}".encode()
    return HKDF(SHA256(), KEY_BYTES, salt=database.bytes, info=info).derive(secret)


# ---- a passphrase


class Argon2(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it costs to try one passphrase; the defaults are the brief's (1.4): 0.2 s."""

    salt: Annotated[bytes, msgspec.Meta(min_length=16, max_length=64)]
    memory_kib: Annotated[int, msgspec.Meta(ge=64, le=1 << 20)] = 1 << 16
    passes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 3
    lanes: Annotated[int, msgspec.Meta(ge=1, le=8)] = 4

    def wrapping_key(self, passphrase: str) -> bytes:
        """Derive the key that wraps the data key; the same letters give it however composed."""
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
            self.salt,
            time_cost=self.passes,
            memory_cost=self.memory_kib,
            parallelism=self.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )


# ---- the recovery key


def new_recovery_key() -> bytes:
    """Return a fresh recovery key."""
    return secrets.token_bytes(RECOVERY_BYTES)


def spelled(recovery: bytes) -> str:
    """Return a recovery key as people write it down: 8 groups of 4 letters and digits."""
    letters = base64.b32encode(recovery).decode()
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def read_recovery_key(text: str) -> bytes | None:
    """Read a recovery key in any case, with any spacing; None when the text is none."""
    letters = "".join(text.replace("-", " ").split()).upper()
    try:  # no 0, 1 or 8 is ever printed: who types one has misread a letter
        found = base64.b32decode(letters.translate(str.maketrans("018", "OIB")))
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == RECOVERY_BYTES else None


def recovery_wrapping_key(recovery: bytes, database: UUID) -> bytes:
    """Derive the key that wraps the data key; 160 random bits need no slow derivation."""
    return _expand(recovery, database, "recovery")


# ---- the keyring of the system


class KeyringError(OperatorError):
    """There is no keyring, it is locked, it failed, or it does not hold the key."""


def keep_in_keyring(account: str, key: bytes) -> None:
    """Keep a key in the keyring and see that it can be had back. Raises KeyringError."""
    import keyring  # noqa: PLC0415 - looks for every installed backend: only who needs it waits

    text = key.hex()
    _ask(lambda: keyring.set_password(SERVICE, account, text))
    if _ask(lambda: keyring.get_password(SERVICE, account)) != text:
        raise _unusable("it does not give back what was put into it")


def from_keyring(account: str) -> bytes:
    """Return a key that was kept. Raises KeyringError."""
    found = find_in_keyring(account)
    if found is None:
        raise _unusable("it holds no key for this data folder")
    return found


def find_in_keyring(account: str) -> bytes | None:
    """Return a key that was kept, None when the keyring has none. Raises KeyringError."""
    import keyring  # noqa: PLC0415 - as above

    text = _ask(lambda: keyring.get_password(SERVICE, account))
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError as cause:
        raise _unusable("what it holds for this data folder is no key") from cause


def forget_in_keyring(account: str) -> None:
    """Remove a key that is not needed after all. Raises KeyringError."""
    import keyring  # noqa: PLC0415 - as above

    _ask(lambda: keyring.delete_password(SERVICE, account))


def _ask(question: "Callable[[], str | None]") -> str | None:
    """Ask the keyring in a thread: one that waits for a window nobody sees must not hold us up."""
    answers: list[str | None] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(question())
        except Exception as fault:  # noqa: BLE001 - a keyring is any package's code, and any error
            faults.append(fault)

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(KEYRING_ANSWERS_WITHIN_S)
    if faults:
        raise _unusable(_first_sentence(faults[0])) from faults[0]
    if not answers:
        raise _unusable("it does not answer")
    return answers[0]


def _first_sentence(fault: Exception) -> str:
    first = next(iter(str(fault).splitlines()), "").split(". ")[0].rstrip(".")
    return first or type(fault).__name__


def _unusable(why: str) -> KeyringError:
    return KeyringError(
        f"The keyring of this computer cannot be used ({why})", "use the passphrase"
    )
