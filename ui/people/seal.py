"""The seal of a data folder: its key, or the vault that a person may open to bring it.

Knows that a window may be there before the key is. Must not know screens, nor what the key opens.
"""

from pathlib import Path

from monitor.storage.keys import DataKey
from monitor.storage.vault import read_vault


class Seal:
    """Holds the key of a folder once somebody or something has brought it."""

    def __init__(self, key: DataKey | None, vault: Path) -> None:
        self._vault = vault
        self.key = key

    @property
    def is_shut(self) -> bool:
        """Whether the key is not here and a person can bring it."""
        return self.key is None and self._vault.exists()

    def open(self, secret: str) -> None:
        """Bring the key with a passphrase or the recovery key; slow. Raises OperatorError."""
        self.key = read_vault(self._vault).unlock(secret)
