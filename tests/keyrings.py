"""Keyrings for tests: one that works, and the ways in which a real one fails.

Knows the interface of the keyring package, which takes one with ``set_keyring``.
"""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError


class WorkingKeyring(KeyringBackend):
    priority = 0.1  # type: ignore[assignment]  # keyring declares a property and takes a number

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class FailingKeyring(WorkingKeyring):
    """Raises on every call, as a locked or broken one does."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.fault = fault or NoKeyringError("No recommended backend was available. Install one.")

    def get_password(self, service: str, username: str) -> str | None:
        raise self.fault

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.fault

    def delete_password(self, service: str, username: str) -> None:
        raise self.fault


class LockedKeyring(FailingKeyring):
    def __init__(self) -> None:
        super().__init__(KeyringLocked("Failed to unlock the collection!"))


class ForgetfulKeyring(WorkingKeyring):
    """Takes everything and keeps nothing, as keyring's own null backend does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


class HangingKeyring(WorkingKeyring):
    """Waits for a window that nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait(20)

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait(20)
        return None
