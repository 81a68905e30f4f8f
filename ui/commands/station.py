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
from monitor.gate import ClinicGate, DemoGate, Gate
from monitor.news import Board
from monitor.pipe import Doorbell
from monitor.relauncher import Relauncher
from monitor.settings import DataFolder, open_data_folder
from monitor.station import Station
from monitor.storage.gate_book import GateBook
from monitor.storage.keys import DataKey
from ui.approved_profiles import keeper_of, watched
from ui.cli import data_folder
from ui.composition import (
    Recording,
    chairs_of,
    clock_for,
    reader_for,
    recording,
    signer_of,
)
from ui.keys import find_key
from ui.only_writer import only_writer
from ui.scheduled_backups import scheduled_backups
from ui.second_voice import second_voice
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
    profiles = keeper_of(folder, key, clock)
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
            limits=folder.settings.entries.limits,
            is_kept=not folder.settings.throw_away,
            approved=profiles,
            publish=board.publish,
        ) as run,
        watched(profiles, run.engine),
        scheduled_backups(folder, key, clock) as backup,
        second_voice(folder.path, board) as siren,
    ):
        readers = [reader_for(chair, run.engine, clock) for chair in chairs]
        here = Station(
            run.engine,
            board,
            readers,
            _gate(folder, key, run, board),
            until_idle=options.until_idle,
            relauncher=Relauncher(input_line=key.as_line()),
            is_wanted=lambda: (
                (not folder.settings.throw_away or folder.database.exists()) and hold.is_kept()
            ),
            backup=backup,
            unresumed=run.unresumed,
            siren=siren,
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


def _gate(folder: DataFolder, key: DataKey, run: Recording, board: Board) -> Gate:
    """Return what judges the commands; a demonstration has no accounts to judge by."""
    pass_on = run.engine.inbox.put
    if folder.settings.throw_away:
        return DemoGate(pass_on)
    book = GateBook(folder.database, key, lambda: run.recorder.status().is_recording)
    return ClinicGate(book, board.emergency_of, pass_on)


def _die(failure: threading.ExceptHookArgs) -> None:
    """End the process when a thread fails: the desktop sounds HIGH and starts it again."""
    logging.getLogger("vigil").critical(
        "thread %s failed", failure.thread and failure.thread.name, exc_info=failure.exc_value
    )
    os._exit(CRASHED)
