"""The composition root of everything without a window: folder, recorder, engine, readers.

Wires; decides nothing. Must not import Qt.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from devices.driver import DriverInfo
from devices.reader import DeviceReader
from devices.registry import find_driver
from devices.serial_transport import open_transport
from devices.transport import Transport
from monitor.alarms.profile import Profile
from monitor.boot import this_boot
from monitor.clock import Clock, FastClock, SystemClock
from monitor.engine import Chair, Engine, Published, local_zone
from monitor.entries import USUAL, EntryLimits
from monitor.errors import OperatorError
from monitor.profile_keeper import ProfileKeeper
from monitor.settings import ChairSettings, DataFolder, TimeSettings, fingerprint
from monitor.storage.chain import STATION_STARTED, STATION_STOPPED
from monitor.storage.connection import NotOursError, OutOfDateError, unencrypted
from monitor.storage.damage import DamageSearch
from monitor.storage.database import NewerError, inspect, open_database
from monitor.storage.heads import Signer
from monitor.storage.keys import DataKey
from monitor.storage.opening import Opening
from monitor.storage.plain_to_encrypted import is_plain
from monitor.storage.presence import require_database
from monitor.storage.recorder import Recorder
from monitor.storage.refuge import DiskRefuge
from monitor.storage.seal import AesSeal
from monitor.storage.signing import LateSigner, obtain_signer
from monitor.storage.vault import FILE_NAME
from ui.approved_profiles import look_first
from ui.resumption import Resumption
from ui.station_log import StationLog
from ui.tally import Tally
from ui.voice import note

SEARCH_ENDS_WITHIN_S = 1.0


@dataclass(frozen=True, slots=True)
class Recording:
    """An engine with the recorder it keeps its rows in."""

    engine: Engine
    recorder: Recorder
    clock: Clock
    unresumed: Callable[[], str] = lambda: ""
    """Why open sessions are not back yet, "" when they are."""


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
    limits: EntryLimits = USUAL,
    is_kept: bool = True,
    tally: Tally | None = None,
    approved: ProfileKeeper | None = None,
    publish: Callable[[Published], None] | None = None,
    decided: Callable[[int], None] = lambda _received_ns: None,
    committed: Callable[[tuple[int, ...]], None] = lambda _received_ns: None,
) -> Iterator[Recording]:
    """Open the database, resume what is open in it if asked, and drain the recorder at the end.

    Beginning and end are logged; ``signer`` vouches for the record then and when a session ends.

    For the one process that holds the data folder: a database of an older form is brought up to
    date first. With a disk that is full, read-only or damaged it begins all the same, and records
    when that ends. ``is_kept``: rows are worth a refuge of 36 MB while the database refuses them.
    What was ``approved`` goes before ``profile``, also for sessions that come back without theirs.
    Raises OperatorError for what does not pass: a file that is not ours, or of a newer Vigil.
    """
    opening = Opening(database_path, key, lambda sentence: note(f"vigil: {sentence}."))
    fault = opening.fault_at_start()
    if fault is not None:
        note(f"vigil: NOT RECORDING: {fault}.")
    log = StationLog(opening, clock, signer, fingerprint(database_path.parent))
    recorder = Recorder(
        opening,
        lambda view: log.catch_up() if view.is_recording else None,
        committed=committed,
        refuge=_refuge(database_path.parent, key) if is_kept else None,
        signer=signer,
    )
    engine = Engine(
        clock,
        chairs,
        profile,
        tally.before(recorder) if tally else recorder,
        publish=publish,
        decided=decided,
        speed=speed,
        time_zone=local_zone,
        boot=this_boot() if resume else "",
        limits=limits,
    )
    if approved is not None:
        look_first(approved, engine)
    recorder.start()
    log.say(STATION_STARTED)
    resumption = Resumption(database_path, key, engine, recorder)
    search = DamageSearch(database_path, key, recorder.warn)
    try:
        if resume:
            resumption.begin()
            if resumption.fault:
                note(f"vigil: the open sessions cannot be brought back yet: {resumption.fault}.")
        if is_kept:
            search.start()
        yield Recording(engine, recorder, clock, lambda: resumption.fault)
    finally:
        resumption.end()
        search.join(SEARCH_ENDS_WITHIN_S)
        if not recorder.stop():
            note("vigil: the last rows could not be written; the record ends before them.")
        if database_path.exists():  # else the folder of a demonstration, which is over
            log.say(STATION_STOPPED)


def _refuge(folder: Path, key: DataKey) -> DiskRefuge:
    return DiskRefuge(folder, AesSeal(key.derived("spill")))


def signer_of(folder: DataFolder, key: DataKey) -> Signer | None:
    """Return what signs the record of a folder that this process holds; a demonstration's is not.

    Its key is fetched, or made, when something is signed for the first time.
    """
    if folder.settings.throw_away:
        return None
    return LateSigner(lambda: obtain_signer(folder.path / FILE_NAME, key))


def check_database(path: Path, key: DataKey) -> None:
    """Raise OperatorError for what is wrong with a database and keeps a station from starting."""
    require_database(path)
    if not path.exists():
        return
    try:
        open_database(path, key, read_only=True).close()
    except OutOfDateError:
        if is_plain(path):
            inspect(path, unencrypted())
    except (NotOursError, NewerError):
        raise
    except OperatorError as fault:  # the disk: a station monitors without it, and says so
        note(f"vigil: {fault}.")


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
