"""Setting a data folder up: the steps that the terminal and the window share.

Knows the vault, the keyring and the database. Must not know who is asked, nor Qt.
"""

import contextlib
import secrets
from collections.abc import Iterator

from monitor.accounts.administration import Office
from monitor.accounts.passwords import Passwords, check_new_password
from monitor.accounts.people import Person, check_first
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.settings import DataFolder
from monitor.storage.connection import unencrypted
from monitor.storage.database import inspect, open_database
from monitor.storage.keys import (
    KEY_BYTES,
    DataKey,
    KeyringError,
    forget_in_keyring,
    keep_in_keyring,
    new_recovery_key,
    read_recovery_key,
    spelled,
)
from monitor.storage.people import PeopleRegister
from monitor.storage.plain_to_encrypted import settle
from monitor.storage.signed import open_signed
from monitor.storage.signing import forget_signing_key, new_signing_key, spelled_code
from monitor.storage.vault import (
    FILE_NAME,
    AnySlot,
    OsSlot,
    Vault,
    os_slot,
    passphrase_slot,
    recovery_slot,
    write_vault,
)
from ui.keys import is_set_up, require_no_lost_vault
from ui.only_writer import only_writer

SHORTEST_PASSPHRASE = 8


def require_new(folder: DataFolder) -> None:
    """Raise OperatorError when there is a vault, or a database that a new vault cannot open."""
    if is_set_up(folder):
        raise OperatorError(f"The data folder {folder.path} is set up already", "just start Vigil")
    path = folder.database
    if not path.exists() or path.stat().st_size == 0:
        return
    require_no_lost_vault(folder)
    inspect(path, unencrypted())


def long_enough(passphrase: str) -> str:
    """Return a passphrase that will do. Raises OperatorError."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise OperatorError(
            f"The passphrase is too short, it needs {SHORTEST_PASSPHRASE} characters",
            "choose a longer one, such as four words",
        )
    return passphrase


def keyring_slot(key: DataKey) -> OsSlot:
    """Put a new wrapping key into the keyring and wrap the data key with it.

    Raises KeyringError.
    """
    wrapping = secrets.token_bytes(KEY_BYTES)
    keep_in_keyring(str(key.database), wrapping)
    return os_slot(key, wrapping)


def forget(key: DataKey) -> None:
    """Take the wrapping key out of the keyring again, as well as that can be done."""
    with contextlib.suppress(KeyringError):
        forget_in_keyring(str(key.database))


def write_keys(folder: DataFolder, key: DataKey, slots: tuple[AnySlot, ...]) -> str:
    """Write the vault: from now on the folder is set up. Raises OperatorError.

    Returns the short code of the key that signs the record.
    """
    in_keyring = any(isinstance(slot, OsSlot) for slot in slots)
    made = new_signing_key(key, in_keyring=in_keyring)
    vault = Vault(database=key.database, slots=slots, signing=(made,))
    try:
        write_vault(folder.path / FILE_NAME, vault)
    except OperatorError:
        forget_signing_key(key, made)
        raise
    return spelled_code(made.public)


def make_database(folder: DataFolder, key: DataKey) -> tuple[str, ...]:
    """Make the database, or encrypt the one that is there; return what is to be said of it."""
    told = tuple(settle(folder.database, key))
    open_database(folder.database, key).close()
    return told


def add_administrator(
    folder: DataFolder,
    key: DataKey,
    person: Person,
    password: str,
    *,
    now: Instant,
    passwords: Passwords,
) -> None:
    """Add the first account. Raises OperatorError when there is one, or the disk fails."""
    with open_signed(folder.database, key) as database:
        Office(PeopleRegister(database), passwords).add_first(person, password, now)


class SetUp:
    """One set-up under way. Nothing is on the disk until ``finish``; ``abandon`` leaves nothing."""

    def __init__(self, folder: DataFolder, passwords: Passwords) -> None:
        """Raise OperatorError when the folder cannot be set up."""
        require_new(folder)
        self._folder = folder
        self._passwords = passwords
        self._key = DataKey.random()
        self._recovery = new_recovery_key()
        self._slots: tuple[AnySlot, ...] = ()
        self.signing_code = ""
        """The short code of the key that signs the record, once all is made."""

    @property
    def recovery_key(self) -> str:
        """The recovery key, spelled for paper."""
        return spelled(self._recovery)

    def is_recovery_key(self, typed: str) -> bool:
        """Whether this is the recovery key, typed back."""
        return read_recovery_key(typed) == self._recovery

    def use_keyring(self) -> None:
        """Let this computer's keyring open the folder. Raises KeyringError."""
        self._slots = (keyring_slot(self._key),)

    def use_passphrase(self, passphrase: str) -> None:
        """Let a passphrase open the folder; takes 0.2 s. Raises OperatorError."""
        self._slots = (passphrase_slot(self._key, long_enough(passphrase)),)

    def finish(self, person: Person, password: str, now: Instant) -> DataKey:
        """Make vault, database and administrator; return the key.

        Raises OperatorError before the vault is written, and then nothing is made. A fault after
        that leaves a folder that is set up, to which the desktop adds the administrator.
        """
        check_first(person)
        check_new_password(password, person.sign_in_name, person.name)
        slots = (*self._slots, recovery_slot(self._key, self._recovery))
        folder, key = self._folder, self._key
        with only_writer(folder.path):
            require_new(folder)
            self.signing_code = write_keys(folder, key, slots)
            self._slots = ()
            with contextlib.suppress(OperatorError):  # the station says it, and better
                make_database(folder, key)
                add_administrator(folder, key, person, password, now=now, passwords=self._passwords)
        return key

    def abandon(self) -> None:
        """Take back what is outside the folder: the keyring's entry, unless all was finished."""
        if any(isinstance(slot, OsSlot) for slot in self._slots):
            forget(self._key)
        self._slots = ()


@contextlib.contextmanager
def unwinding() -> Iterator[contextlib.ExitStack]:
    """Undo what was noted, in reverse, unless the block ends well."""
    with contextlib.ExitStack() as undo:
        yield undo
        undo.pop_all()
