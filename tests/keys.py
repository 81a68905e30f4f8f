"""Keys for tests: one that opens at once, and a data folder that was set up with a passphrase.

Knows the vault. Nothing here is secret.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from monitor.storage.connection import Access, encrypted
from monitor.storage.keys import Argon2, DataKey
from monitor.storage.vault import FILE_NAME, Vault, passphrase_slot, recovery_slot, write_vault

KEY = DataKey(bytes(range(32)), UUID("5e551010-0000-4000-8000-00000000c1e4"))
OTHER_KEY = DataKey(bytes(range(1, 33)), UUID("5e551010-0000-4000-8000-000000000bad"))
PASSPHRASE = "correct horse ä battery"  # noqa: S105 - opens folders of tests only
RECOVERY = bytes(range(20))
QUICK = Argon2(b"salt" * 4, memory_kib=64, passes=1, lanes=1)
"""For tests only: a guess costs nothing."""


def vault_for(key: DataKey = KEY) -> Vault:
    slots = (passphrase_slot(key, PASSPHRASE, QUICK), recovery_slot(key, RECOVERY))
    return Vault(database=key.database, slots=slots)


def set_up(folder: Path, key: DataKey = KEY) -> Path:
    """Give a data folder a vault; return the file with its passphrase, which lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    write_vault(folder / FILE_NAME, vault_for(key))
    file = folder.with_name(f"{folder.name}.passphrase")
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return file


def raw(path: Path, key: DataKey = KEY, access: Access = Access.WRITE) -> Any:
    """Return a bare connection to an encrypted database, as a tool that knows the key has it."""
    return encrypted(key).open(path, access)
