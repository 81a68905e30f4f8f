"""``vigil record``: one headless session from a port into the database.

Composes reader, engine and recorder in one process. Must not import Qt.
"""

import argparse
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from devices.registry import find_driver
from devices.transport import Transport
from monitor.alarms.profile import default_profile, load_profile
from monitor.channel_messages import EndSession, OpenSession
from monitor.clock import Clock, FastClock, SystemClock
from monitor.engine import Ask, Chair, Stop
from monitor.records import TransitionKept
from monitor.settings import open_data_folder
from ui.approved_profiles import keeper_of
from ui.cli import data_folder
from ui.command_line import who
from ui.composition import (
    Recording,
    line_opener,
    reader_for,
    recording,
    signer_of,
)
from ui.keys import find_key
from ui.only_writer import only_writer
from ui.tally import Tally, transition_fact
from ui.voice import note, progress, tell, tell_json

CHAIR = "record"
LOOK_EVERY_S = 0.2


def record(options: argparse.Namespace) -> int:
    """Record for the minutes asked for; exit 1 when no valid data came."""
    info = find_driver(options.driver)
    profile = load_profile(options.profile) if options.profile else default_profile()
    folder = open_data_folder(data_folder(options))
    key = find_key(folder, options)
    chair = Chair(CHAIR, info.key, info.title, info.maturity.value, options.port)
    clock = _clock(options.speed)
    tally = Tally(_announcer(as_json=options.json))
    with only_writer(folder.path):  # first: the port of another's session is not ours to open
        opened = line_opener(options.port, info)()  # what is wrong with it is said at once
        with recording(
            folder.database,
            key,
            clock,
            (chair,),
            profile,
            speed=options.speed,
            signer=signer_of(folder, key),
            tally=tally,
            approved=None if options.profile else keeper_of(folder, key, clock),
        ) as run:
            _record(run, chair, opened, options.minutes * 60)
    return _conclude(tally, as_json=options.json)


def _clock(speed: float) -> Clock:
    return SystemClock() if speed == 1 else FastClock(speed, datetime.now(UTC))


def _announcer(*, as_json: bool) -> Callable[[TransitionKept], None]:
    def announce(row: TransitionKept) -> None:
        if as_json:
            tell_json(transition_fact(row))
        else:
            note(f"{row.stamp.t_s:8.1f} s  {row.rule} {row.priority.word} {row.new}: {row.text}")

    return announce


def _record(run: Recording, chair: Chair, opened: Transport, duration_s: float) -> None:
    """Open a session, let engine and reader work, and end it when its time is over."""
    engine = threading.Thread(target=run.engine.run, name="engine")
    reader = reader_for(chair, run.engine, run.clock, opened)
    run.engine.handle(Ask(OpenSession(chair.name, "", 0.0, by=who())))
    session = run.engine.session_at(chair.name)
    engine.start()
    reader.start()
    try:
        _wait(run.clock, duration_s)
    finally:
        reader.stop()
        reader.join(5)
        if session is not None:
            session_id = session.picture.opened.stamp.session_id
            run.engine.inbox.put(Ask(EndSession(session_id, by=who())))
        run.engine.inbox.put(Stop())
        engine.join()


def _wait(clock: Clock, duration_s: float) -> None:
    """Wait with a progress bar until the time is over or somebody stops the program."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    start, shown = clock.now(), 0.0
    with progress(duration_s, "recording") as bar:
        while shown < duration_s and not stopped.wait(LOOK_EVERY_S):
            passed = min(clock.now().seconds_since(start), duration_s)
            bar.update(passed - shown)
            shown = passed


def _conclude(tally: Tally, *, as_json: bool) -> int:
    session_id = next(iter(tally.session_ids))
    if as_json:
        tell_json({"kind": "summary", "session": session_id, **tally.figures()})
    else:
        tell(
            f"Session {session_id}: {tally.readings} readings, "
            f"{tally.blood_pressures} blood pressures, {tally.gaps} gaps."
        )
    if tally.readings + tally.blood_pressures == 0:
        note("vigil: no valid data came from the device; check cable, port and line settings.")
        return 1
    return 0
