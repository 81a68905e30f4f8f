"""Backups by schedule in a station: a thread that looks, and a process that makes them.

Composes the keeper with the settings and our own command. Must not know how a backup is made.
"""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from monitor.backup_keeper import BackupKeeper, Schedule
from monitor.channel_messages import BackupState
from monitor.clock import Clock
from monitor.relauncher import say_to
from monitor.settings import DataFolder
from monitor.storage.keys import DataKey
from ui.station_starter import own_command

GIVEN_UP_AFTER_S = 2.0
"""A network folder that hangs must not hold up the end of a station."""


@contextlib.contextmanager
def scheduled_backups(
    folder: DataFolder, key: DataKey, clock: Clock
) -> Iterator[Callable[[], BackupState | None]]:
    """Keep backups coming while the block runs; give what says how old the newest is.

    Where none are scheduled, and in a demonstration, that says None.
    """
    plan = folder.settings.backup
    if plan is None or folder.settings.throw_away or folder.is_accelerated:
        yield lambda: None
        return
    schedule = Schedule(folder.path, Path(plan.folder).expanduser(), key.database, plan.every_h)
    keeper = BackupKeeper(schedule, clock, lambda: start_backup(folder, key))
    over = threading.Event()
    thread = threading.Thread(target=keeper.run, args=(over,), name="backups", daemon=True)
    thread.start()
    try:
        yield lambda: keeper.state
    finally:
        over.set()
        thread.join(GIVEN_UP_AFTER_S)


def start_backup(folder: DataFolder, key: DataKey) -> "subprocess.Popen[bytes]":
    """Start a backup by schedule as a process of its own. Raises OSError."""
    words = ("backup", "--by-schedule", "--key-from-stdin")
    child = subprocess.Popen(  # noqa: S603 - our own command
        [*own_command(), "--data", str(folder.path), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    say_to(child, key.as_line())
    return child
