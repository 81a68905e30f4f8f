"""``vigil station``: the background process alone.

Composes station, engine, recorder and readers. Must not import Qt.
"""

import argparse
import faulthandler
import logging
import os
import signal
import threading

from monitor.alarms.profile import default_profile
from monitor.pipe import Doorbell
from monitor.relauncher import Relauncher
from monitor.settings import open_data_folder
from monitor.station import Board, Station
from ui.cli import data_folder
from ui.composition import (
    chairs_of,
    clock_for,
    reader_for,
    recording,
    signer_of,
)
from ui.keys import find_key
from ui.only_writer import only_writer
from ui.scheduled_backups import scheduled_backups
from ui.voice import note

CRASHED = 70
"""Exit code of a station whose engine failed: sysexits' "internal software error"."""


def station(options: argparse.Namespace) -> int:
    """Run until SIGTERM, or with --until-idle until nobody needs it."""
    folder = open_data_folder(data_folder(options))
    chairs = chairs_of(folder)
    key = find_key(folder, options)
    time = folder.settings.time
    clock = clock_for(time)
    board = Board()
    faulthandler.enable()
    threading.excepthook = _die
    with (
        only_writer(folder.path) as hold,
        recording(
            folder.database,
            key,
            clock,
            chairs,
            default_profile(),
            speed=time.speed if time else 1.0,
            resume=True,
            signer=signer_of(folder, key),
            is_kept=not folder.settings.throw_away,
            publish=board.publish,
        ) as run,
        scheduled_backups(folder, key, clock) as backup,
    ):
        readers = [reader_for(chair, run.engine, clock) for chair in chairs]
        here = Station(
            run.engine,
            board,
            readers,
            until_idle=options.until_idle,
            relauncher=Relauncher(input_line=key.as_line()),
            is_wanted=lambda: (
                (not folder.settings.throw_away or folder.database.exists()) and hold.is_kept()
            ),
            backup=backup,
            unresumed=run.unresumed,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: here.stop())
        doorbell = Doorbell(folder.path, here.greet)
        note(f"vigil station: {len(chairs)} chairs, data in {folder.path}")
        try:
            here.run()
        finally:
            doorbell.close()
    return 0


def _die(failure: threading.ExceptHookArgs) -> None:
    """End the process when a thread fails: the desktop sounds HIGH and starts it again."""
    logging.getLogger("vigil").critical(
        "thread %s failed", failure.thread and failure.thread.name, exc_info=failure.exc_value
    )
    os._exit(CRASHED)
