"""The audit rows of a recording process: that it began, and that it ends.

Knows what waits for a disk that takes nothing now. Must not know sessions, nor decide what is said.
"""

import os
import threading
from collections.abc import Callable
from datetime import datetime

from monitor.clock import Clock
from monitor.engine import APP_VERSION
from monitor.errors import OperatorError
from monitor.storage.chain import log_station
from monitor.storage.database import Database
from monitor.storage.heads import Signer
from ui.voice import note


class StationLog:
    """Logs with the moment at which it happened; recording does not depend on it."""

    def __init__(
        self,
        open_database: Callable[[], Database],
        clock: Clock,
        signer: Signer | None,
        settings: str = "",
    ) -> None:
        """Begin; ``settings`` is the fingerprint of what this process was told to do."""
        self._settings = settings
        self._open_database = open_database
        self._clock = clock
        self._signer = signer
        self._waiting: list[tuple[str, datetime]] = []
        self._lock = threading.Lock()

    def say(self, action: str) -> None:
        """Log an action of this process now, or as soon as the disk takes it."""
        self._waiting.append((action, self._clock.now().utc))
        self.catch_up()

    def catch_up(self) -> None:
        """Write what waits; safe in any thread."""
        with self._lock:
            try:
                while self._waiting:
                    self._write(*self._waiting[0])
                    self._waiting.pop(0)
            except OperatorError as fault:
                note(f"vigil: {self._waiting[0][0]} could not be logged ({fault}).")

    def _write(self, action: str, at: datetime) -> None:
        detail = {
            "process": os.getpid(),
            "app_version": APP_VERSION,
            "settings": self._settings,
        }
        with self._open_database() as database:
            log_station(database, action, detail, at, self._signer)
