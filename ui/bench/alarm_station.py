"""A station for the alarm benchmark: the real one, whose player only tells when it began.

Knows how a station is put together. Must not know what is measured, nor Qt.

``python -m ui.bench.alarm_station FOLDER COMMIT_S``: a commit takes so many seconds more; ends when
its standard input ends.
"""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.alarms.profile import default_profile
from monitor.clock import SystemClock
from monitor.engine import Published
from monitor.gate import DemoGate
from monitor.news import Board
from monitor.pipe import Doorbell
from monitor.settings import open_data_folder
from monitor.station import Station
from monitor.storage.database import Database
from ui.bench.sample import KEY
from ui.bench.telling import tell
from ui.composition import chairs_of, reader_for, recording
from ui.second_voice import second_voice

RULE = "O2-2"
"""HIGH at once below 85 %: no delay of the rule hides ours."""


class TellingPlayer:
    """Plays nothing and tells when it would."""

    def play(self, file: Path) -> None:
        """Tell of a file."""
        tell("second", file.stem)

    def tend(self) -> None:
        """Nothing can go wrong."""

    def stop(self) -> None:
        """Nothing is to be heard."""


class TellingBoard(Board):
    """Tells when an alarm first is in a picture."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple[str, float]] = set()

    def publish(self, published: Published) -> None:
        """Take a newer picture."""
        snapshot = published.snapshot
        for alarm in snapshot.alarms:
            occurrence = (snapshot.chair, alarm.since_s)
            if alarm.rule == RULE and alarm.is_heard and occurrence not in self._told:
                self._told.add(occurrence)
                tell("state", snapshot.chair)
        super().publish(published)


def slow_down(commit_s: float) -> None:
    """Let every transaction of this process stay open so much longer before it is committed."""
    writing = Database.writing

    @contextlib.contextmanager
    def slow(database: Database) -> Iterator[Any]:
        with writing(database) as connection:
            yield connection
            time.sleep(commit_s)

    setattr(Database, "writing", slow)  # noqa: B010 - to mypy another method than the one it is


def run(path: Path) -> None:
    """Serve until standard input ends."""
    folder = open_data_folder(path)
    clock, chairs, board = SystemClock(), chairs_of(folder), TellingBoard()
    with (
        recording(
            folder.database,
            KEY,
            clock,
            chairs,
            default_profile(),
            is_kept=False,
            publish=board.publish,
        ) as recorded,
        second_voice(path, board, TellingPlayer) as siren,
    ):
        engine = recorded.engine
        readers = [reader_for(chair, engine, clock) for chair in chairs]
        here = Station(engine, board, readers, DemoGate(engine.inbox.put), siren=siren)
        threading.Thread(target=_end_with_input, args=(here,), daemon=True).start()
        doorbell = Doorbell(path, here.greet)
        try:
            here.run()
        finally:
            doorbell.close()


def _end_with_input(here: Station) -> None:
    sys.stdin.buffer.read()
    here.stop()


if __name__ == "__main__":
    slow_down(float(sys.argv[2]))
    run(Path(sys.argv[1]))
