"""``vigil demo``: the main job on simulated devices, in a throw-away data folder.

With a window: simulators and station as processes of their own. Headless: in lockstep, leaving
chart, readings and summary behind. Imports Qt only through show.py.
"""

import argparse
import contextlib
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from math import isinf
from pathlib import Path
from typing import Any

import msgspec

from devices.registry import find_driver
from devices.simulation.scenarios import find_scenario
from monitor.alarms.profile import default_profile
from monitor.clock import ManualClock
from monitor.engine import APP_VERSION, Chair, Engine
from monitor.errors import OperatorError
from monitor.export.csv_export import write_csv
from monitor.settings import FILE_NAME, ChairSettings, Settings, TimeSettings, write_settings
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.keys import DataKey
from monitor.storage.stored import StoredSession
from ui.bedside import local_endpoint, simulated_device, utc_now
from ui.chart_image import draw_chart
from ui.commands.show import has_display, require_display, show
from ui.composition import Recording, recording
from ui.demo_nurse import attend
from ui.lockstep import SESSION_S, Bed, make_bed, run_lockstep
from ui.station_starter import own_command
from ui.tally import Tally
from ui.voice import progress, tell

DRIVER = "ge_s5"
SUMMARY = "summary.json"
MAKER = "vigil demo"


def demo(options: argparse.Namespace) -> int:
    """Show the demonstration, or record it without a window."""
    find_scenario(options.scenario)
    if options.headless or not has_display():
        return _headless(options)
    return _with_window(options)


# ---- with a window


def _with_window(options: argparse.Namespace) -> int:
    speed = options.speed or 1.0
    if isinf(speed):
        raise OperatorError("--speed max has no window", "add --headless, or give a number")
    require_display()
    with tempfile.TemporaryDirectory(prefix="vigil-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        anchor = utc_now()  # one for all processes, else the clocks of the devices were wrong
        devices = [
            _device_process(options, (speed, anchor), n, folder) for n in range(options.chairs)
        ]
        chairs = tuple(
            ChairSettings(f"Chair {n + 1}", DRIVER, url, simulated=True)
            for n, (_, url) in enumerate(devices)
        )
        times = None if speed == 1 else TimeSettings(speed, anchor)
        write_settings(folder / FILE_NAME, Settings(chairs, times, throw_away=True))
        names = [chair.name for chair in chairs]
        threading.Thread(target=attend, args=(folder, names, speed), daemon=True).start()
        try:
            key = DataKey.random()  # in no file: with the demonstration's processes it is gone
            return show(folder, lambda: key, stop_station=True)
        finally:
            for process, _ in devices:
                process.terminate()
                process.wait(5)
    return 0


def _device_process(
    options: argparse.Namespace, pace: tuple[float, datetime], number: int, folder: Path
) -> tuple["subprocess.Popen[str]", str]:
    """Start a simulated device; it outlives this process as long as the folder exists."""
    words = device_words(options.scenario, pace, number, folder)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*own_command(), *words], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    url = process.stdout.readline().strip() if process.stdout else ""
    if not url:
        raise OperatorError("The simulated device did not start", "see the message above")
    return process, url


def device_words(
    scenario: str, pace: tuple[float, datetime], number: int, folder: Path
) -> list[str]:
    """Return the command of a simulated device; ``pace`` is the speed and anchor of all clocks."""
    # Not a pty: its number is given to the next one, and a reader that looks for the old would
    # find the new. TCP works on every system.
    speed, anchor = pace
    words = ["simulate", DRIVER, "--tcp", "0", "--scenario", scenario]
    words += ["--speed", str(speed), "--anchor", anchor.isoformat()]
    return [*words, "--seed", str(number), "--while-exists", str(folder)]


# ---- without a window


def _headless(options: argparse.Namespace) -> int:
    out: Path = options.out
    _prepare(out)
    began = time.monotonic()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="vigil-demo-", ignore_cleanup_errors=True) as name:
        database, key = Path(name) / "vigil.db", DataKey.random()  # nobody opens it after us
        chairs = tuple(_chair(n + 1) for n in range(options.chairs))
        clock = ManualClock(utc_now())
        with recording(
            database, key, clock, chairs, default_profile(), is_kept=False, tally=tally
        ) as run:
            _run(run, clock, chairs, options)
        facts = _leave(database, key, out, options.scenario)
    summary = {
        "made_by": MAKER,
        "is_finished": True,
        "app_version": APP_VERSION,
        "simulated": True,
        "simulated_s": SESSION_S,
        "real_s": round(time.monotonic() - began, 2),
        **tally.figures(),
        "sessions": facts,
    }
    _write_summary(out, summary)
    tell(f"{SUMMARY}, chart and readings of {options.chairs} session(s) are in {out}")
    return 0


def _prepare(out: Path) -> None:
    """Make an empty folder; only what an earlier demonstration left there is replaced."""
    try:
        if out.exists() and any(out.iterdir()):
            if MAKER.encode() not in _bytes(out / SUMMARY):
                raise OperatorError(
                    f"The folder {out} holds other files", "name an empty one with --out"
                )
            shutil.rmtree(out)
        out.mkdir(parents=True, exist_ok=True)
        _write_summary(out, {"made_by": MAKER, "is_finished": False})
    except OSError as cause:
        raise OperatorError(
            f"The folder {out} cannot be used ({cause.strerror})", "name another with --out"
        ) from cause


def _write_summary(out: Path, summary: dict[str, Any]) -> None:
    text = msgspec.json.format(msgspec.json.encode(summary), indent=2)
    (out / SUMMARY).write_bytes(text + b"\n")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _chair(number: int) -> Chair:
    info = find_driver(DRIVER)
    return Chair(
        f"Chair {number}", info.key, info.title, info.maturity.value, "simulated", is_simulated=True
    )


def _run(
    run: Recording, clock: ManualClock, chairs: tuple[Chair, ...], options: argparse.Namespace
) -> None:
    with (
        _beds(run.engine, clock, chairs, options.scenario) as beds,
        progress(SESSION_S, f"{len(beds)} simulated session(s)") as bar,
    ):
        run_lockstep(
            run.engine,
            clock,
            beds,
            speed=options.speed or float("inf"),
            on_step=bar.update,
            settle=run.recorder.flush,
        )


@contextlib.contextmanager
def _beds(
    engine: Engine, clock: ManualClock, chairs: tuple[Chair, ...], scenario: str
) -> Iterator[list[Bed]]:
    beds: list[Bed] = []
    try:
        for seed, chair in enumerate(chairs):
            info, device = simulated_device(DRIVER, scenario, seed, clock.now().utc)
            beds.append(
                make_bed(chair.name, info, device, local_endpoint(), engine=engine, clock=clock)
            )
        yield beds
    finally:
        for bed in beds:
            bed.unplug()


def _leave(database: Path, key: DataKey, out: Path, scenario: str) -> list[dict[str, Any]]:
    """Write chart and readings of every session; return the facts about each."""
    with open_database(database, key, read_only=True) as opened:
        stored = [load_session(opened, one.session_id) for one in list_sessions(opened)]
        for session in stored:
            folder = (
                out if len(stored) == 1 else out / session.opened.chair.lower().replace(" ", "-")
            )
            folder.mkdir(exist_ok=True)
            write_csv(session, folder / "readings.csv")
            draw_chart(session, folder / "chart.png")
        return [_fact(session, scenario) for session in stored]


def _fact(session: StoredSession, scenario: str) -> dict[str, Any]:
    tally = Tally()
    for row in session.rows:
        tally.count(row)
    return {
        "session": session.session_id,
        "chair": session.opened.chair,
        "scenario": scenario,
        "duration_s": session.last_t_s,
        **tally.figures(),
    }
