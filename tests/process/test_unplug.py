"""The cable is pulled again and again while a session is recorded: reader, engine and disk.

Real ptys, real threads, a fast clock; one process, because no process dies here.
"""

import itertools
import os
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.reader import DeviceReader
from devices.registry import find_driver
from devices.serial_transport import open_transport
from devices.simulation.device import Bedside
from devices.simulation.endpoints import PtyEndpoint
from devices.simulation.patient import patient
from devices.simulation.scenarios import find_scenario
from devices.simulation.serve import exchange
from monitor.alarms.profile import default_profile
from monitor.channel_messages import OpenSession
from monitor.clock import FastClock
from monitor.engine import Ask, Chair, Stop
from monitor.records import HappeningKept, ReadingKept
from monitor.storage.database import open_database
from monitor.storage.history import list_sessions, load_session
from monitor.vitals import Vital
from tests.keys import KEY
from ui.composition import recording

PULLS = 50
SPEED = 10.0
CADENCE_S = 1.0
JITTER_S = 1.5
"""A loaded machine and the fast clock may stretch the second between two records by so much."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


class Wall:
    """The socket in the wall: a stable path that leads to a new pty after each pull."""

    def __init__(self, path: Path, clock: FastClock) -> None:
        self.path = path
        self._clock = clock
        info = find_driver("ge_s5")
        assert info.simulate is not None
        truth = patient(find_scenario("calm"), 1)
        self._device = info.simulate(Bedside(truth, datetime(2026, 1, 1, tzinfo=UTC)))
        self._on = clock.now()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._endpoint = PtyEndpoint()
        self._show()
        self._thread = threading.Thread(target=self._live)
        self._thread.start()

    def pull(self) -> None:
        with self._lock:
            self._endpoint.close()
            self._endpoint = PtyEndpoint()
            self._show()

    def _show(self) -> None:
        new = self.path.with_suffix(".new")
        new.symlink_to(self._endpoint.url)
        new.replace(self.path)

    def _live(self) -> None:
        while not self._stop.wait(0.01):
            with self._lock:
                t = self._clock.now().seconds_since(self._on)
                self._endpoint.write_some(exchange(self._device, self._endpoint, t))

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._endpoint.close()


def wait_for(fact: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def test_fifty_pulls_are_fifty_gaps_in_one_session(tmp_path: Path) -> None:
    dice = random.Random(7)
    clock = FastClock(SPEED, datetime.now(UTC))
    wall = Wall(tmp_path / "port", clock)
    info = find_driver("ge_s5")
    chair = Chair("Chair 1", info.key, info.title, info.maturity.value, str(wall.path))
    database = tmp_path / "vigil.db"
    with recording(database, KEY, clock, (chair,), default_profile(), speed=SPEED) as run:
        run.engine.handle(Ask(OpenSession("Chair 1", "")))
        session = run.engine.session_at("Chair 1")
        assert session is not None
        reader = DeviceReader(
            "Chair 1",
            info.key,
            info,
            lambda: open_transport(str(wall.path), info.line_settings[0]),
            clock=clock,
            inbox=run.engine.inbox.put,
        )
        engine = threading.Thread(target=run.engine.run)
        engine.start()
        reader.start()
        samples = session.picture.trends.samples
        gaps = session.picture.trends.gaps
        wait_for(lambda: len(samples) > 2)
        for pulled in range(PULLS):
            before = len(samples)
            time.sleep(dice.uniform(0.0, 0.2))
            wall.pull()
            wait_for(lambda count=pulled: len(gaps) > count)
            wait_for(lambda count=before: len(samples) > count + 2)
        reader.stop()
        reader.join()
        run.engine.inbox.put(Stop())
        engine.join()
    wall.close()
    check_record(database)


def check_record(path: Path) -> None:
    with open_database(path, KEY, read_only=True) as database:
        (summary,) = list_sessions(database)
        stored = load_session(database, summary.session_id)
    assert [row.stamp.seq for row in stored.rows] == list(range(2, len(stored.rows) + 2))
    gaps = [
        (row.detail["from_s"], row.detail["to_s"])
        for row in stored.rows
        if isinstance(row, HappeningKept) and row.kind == "gap"
    ]
    assert len(gaps) == PULLS
    times = [
        row.stamp.t_s
        for row in stored.rows
        if isinstance(row, ReadingKept) and row.vital is Vital.SPO2
    ]
    for earlier, later in itertools.pairwise(times):
        if later - earlier > CADENCE_S + JITTER_S:
            assert any(start <= later and end >= earlier for start, end in gaps)
