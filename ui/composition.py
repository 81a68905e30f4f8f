"""The composition root of everything without a window: folder, recorder, engine, readers.

Wires; decides nothing. Must not import Qt.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from devices.driver import DriverInfo
from devices.reader import DeviceReader
from devices.registry import find_driver
from devices.serial_transport import open_transport
from devices.transport import Transport
from monitor.alarms.profile import Profile
from monitor.clock import Clock, FastClock, SystemClock
from monitor.engine import APP_VERSION, Chair, Engine, Published, local_zone
from monitor.errors import OperatorError
from monitor.settings import ChairSettings, DataFolder, TimeSettings
from monitor.storage.chain import STATION_STARTED, STATION_STOPPED, log_station
from monitor.storage.connection import OutOfDateError, unencrypted
from monitor.storage.database import inspect, open_database
from monitor.storage.heads import Signer
from monitor.storage.history import open_sessions
from monitor.storage.keys import DataKey
from monitor.storage.plain_to_encrypted import is_plain, settle
from monitor.storage.recorder import Recorder
from ui.tally import Tally
from ui.voice import note


@dataclass(frozen=True, slots=True)
class Recording:
    """An engine with the recorder it keeps its rows in."""

    engine: Engine
    recorder: Recorder
    clock: Clock


@contextlib.contextmanager
def recording(
    database_path: Path,
    key: DataKey,
    clock: Clock,
    chairs: tuple[Chair, ...],
    profile: Profile,
    *,
    speed: float = 1.0,
    resume: bool = False,
    signer: Signer | None = None,
    tally: Tally | None = None,
    publish: Callable[[Published], None] | None = None,
    decided: Callable[[int], None] = lambda _received_ns: None,
    committed: Callable[[tuple[int, ...]], None] = lambda _received_ns: None,
) -> Iterator[Recording]:
    """Open the database, resume what is open in it if asked, and drain the recorder at the end.

    Beginning and end are logged; ``signer`` vouches for the record then and when a session ends.

    For the one process that holds the data folder: a database of an older form is brought up to
    date first.
    """
    for sentence in settle(database_path, key):
        note(f"vigil: {sentence}.")
    open_database(database_path, key).close()  # what is wrong with it is said at once
    recorder = Recorder(
        lambda: open_database(database_path, key), committed=committed, signer=signer
    )
    engine = Engine(
        clock,
        chairs,
        profile,
        tally.before(recorder) if tally else recorder,
        publish=publish,
        decided=decided,
        speed=speed,
        time_zone=local_zone(),
    )
    recorder.start()
    log = partial(_log_station, database_path, key, clock, signer)
    log(STATION_STARTED)
    try:
        if resume:
            resume_all(database_path, key, engine)
        yield Recording(engine, recorder, clock)
    finally:
        if not recorder.stop():
            note("vigil: the last rows could not be written; the record ends before them.")
        log(STATION_STOPPED)


def _log_station(
    path: Path, key: DataKey, clock: Clock, signer: Signer | None, action: str
) -> None:
    """Log a beginning or an end; recording does not depend on it."""
    if not path.exists():
        return  # the folder of a demonstration, which is over
    detail = {"process": os.getpid(), "app_version": APP_VERSION}
    try:
        with open_database(path, key) as database:
            log_station(database, action, detail, clock.now().utc, signer)
    except OperatorError as fault:
        note(f"vigil: {action} could not be logged ({fault}).")


def check_database(path: Path, key: DataKey) -> None:
    """Raise OperatorError for what is wrong with a database, unless a station's start mends it."""
    if not path.exists():
        return
    try:
        open_database(path, key, read_only=True).close()
    except OutOfDateError:
        if is_plain(path):
            inspect(path, unencrypted())


def resume_all(database_path: Path, key: DataKey, engine: Engine) -> None:
    """Bring every open session back whose chair still exists."""
    known = {view.chair for view in engine.chairs}
    with open_database(database_path, key, read_only=True) as database:
        for stored in open_sessions(database):
            if stored.opened.chair in known:
                engine.resume(stored.opened, stored.rows)


def clock_for(time: TimeSettings | None) -> Clock:
    """Return the computer's clock, or the fast one of a demonstration folder."""
    return SystemClock() if time is None else FastClock(time.speed, time.anchor)


def chair_for(settings: ChairSettings) -> Chair:
    """Return the engine's view of a chair. Raises OperatorError for an unknown driver."""
    info = find_driver(settings.driver)
    return Chair(
        settings.name,
        info.key,
        info.title,
        info.maturity.value,
        settings.port,
        settings.simulated,
        settings.cuff_interval_s,
    )


def reader_for(
    chair: Chair, engine: Engine, clock: Clock, opened: Transport | None = None
) -> DeviceReader:
    """Return the reader of a chair's device; its batches go to the engine's inbox.

    ``opened`` is the port when it is open already; the reader closes it.
    """
    info = find_driver(chair.driver)
    open_line = line_opener(chair.port, info)
    waiting = [opened] if opened else []
    return DeviceReader(
        chair.name,
        info.key,
        info,
        lambda: waiting.pop() if waiting else open_line(),
        clock=clock,
        inbox=engine.inbox.put,
    )


def line_opener(port: str, info: DriverInfo) -> Callable[[], Transport]:
    """Return a function that opens the port with the driver's first line settings."""
    return lambda: open_transport(port, info.line_settings[0])


def chairs_of(folder: DataFolder) -> tuple[Chair, ...]:
    """Return all chairs of a data folder."""
    return tuple(chair_for(settings) for settings in folder.settings.chair)
