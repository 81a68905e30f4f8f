"""Keeps backups coming: looks once a minute whether one is due, and how old the newest is.

Knows the schedule and one running job, which is a process of its own: verifying takes processor
time that alarms and recording must not wait for. Must not know how a backup is made.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from monitor.channel_messages import BackupState
from monitor.clock import Clock, Instant
from monitor.errors import OperatorError
from monitor.storage.backup_folder import list_backups
from monitor.storage.backup_record import BackupRecord, read_record
from monitor.storage.backup_rules import Backup, age_s, is_due
from monitor.storage.backup_seal import known_keys
from monitor.storage.vault import FILE_NAME as VAULT

log = logging.getLogger(__name__)
LOOK_EVERY_S = 60.0
FIRST_AFTER_S = 60.0
"""After a start the open sessions come first, and a desktop that may be starting."""
RETRY_AFTER_S = 3600.0
LONGEST_JOB_S = 6 * 3600.0
"""One that takes longer hangs, such as on a network folder that is gone."""


class Job(Protocol):
    """A backup that is being made; subprocess.Popen is one."""

    def poll(self) -> int | None:
        """Return None while it runs, else its exit code."""

    def terminate(self) -> None:
        """Ask it to end."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Whose backups go where, and how often."""

    data_folder: Path
    folder: Path
    installation: UUID
    every_h: float


class BackupKeeper:
    """Call ``look`` now and then, or ``run`` in a thread; ``state`` may be read by any thread."""

    def __init__(self, schedule: Schedule, clock: Clock, start: Callable[[], Job]) -> None:
        self._schedule = schedule
        self._clock = clock
        self._start = start
        self._job: Job | None = None
        self._started_s = clock.now().monotonic - RETRY_AFTER_S + FIRST_AFTER_S
        self.state: BackupState | None = None

    def run(self, over: threading.Event) -> None:
        """Look until ``over`` is set; a job that runs then is asked to end."""
        while not over.is_set():
            self._look_safely()
            over.wait(self._clock.real_seconds(LOOK_EVERY_S))
        if self._job is not None and self._job.poll() is None:
            self._job.terminate()

    def _look_safely(self) -> None:
        try:
            self.look()
        except Exception:
            log.exception("the backups cannot be looked after")
            self.state = BackupState(None, "the backups cannot be looked after")

    def look(self) -> None:
        """See how old the newest backup is, and start one when it is due."""
        now = self._clock.now()
        if self._is_running(now):
            return
        record = read_record(self._schedule.data_folder)
        try:
            installation = self._schedule.installation
            known = known_keys(self._schedule.data_folder / VAULT, installation)
            backups = list_backups(self._schedule.folder, installation, known)
        except OperatorError as fault:
            self.state = BackupState(_age_by_record(record, now), fault.what)
            return
        self.state = BackupState(age_s(backups, now.utc), record.why)
        if self._is_time(backups, now):
            self._started_s = now.monotonic
            self._begin()

    def _is_running(self, now: Instant) -> bool:
        if self._job is None:
            return False
        if self._job.poll() is not None:
            self._job = None
            return False
        if now.monotonic - self._started_s > LONGEST_JOB_S:
            self._job.terminate()
        return True

    def _is_time(self, backups: tuple[Backup, ...], now: Instant) -> bool:
        is_soon_after = now.monotonic - self._started_s < RETRY_AFTER_S
        return not is_soon_after and is_due(backups, now.utc, self._schedule.every_h)

    def _begin(self) -> None:
        try:
            self._job = self._start()
        except OSError as fault:
            age = self.state.age_s if self.state else None
            self.state = BackupState(age, f"the backup cannot be started ({fault.strerror})")


def _age_by_record(record: BackupRecord, now: Instant) -> float | None:
    """Return how old the newest backup is by what is remembered: its folder cannot be seen."""
    if record.made_utc is None:
        return None
    return max(0.0, (now.utc - record.made_utc).total_seconds())
