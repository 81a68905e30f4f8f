"""A desktop for the alarm benchmark: the real window, whose loudspeaker only tells when it began.

Knows how a desktop is put together, and what of it flashes. Must not know what is measured.

``python -m ui.bench.alarm_desktop FOLDER SHARE``: its main thread stands still for a second at a
time, at random, that share of all time; ends when its standard input ends.
"""

import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from monitor.alarms.priority import Priority
from monitor.channel_messages import Hello
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from monitor.pipe import connect
from ui import main_thread_garbage
from ui.app import FIRST_SIZE, tick_timer
from ui.bench.telling import tell
from ui.bridge import UiBridge
from ui.bursts import Tone
from ui.live.desk import Desk
from ui.patients.form import PatientForm
from ui.people.errands import Errands
from ui.people.reception import demonstration
from ui.theme import Theme, apply, load_theme
from ui.view_models.colours import bright
from ui.widgets.banner import AlarmBanner
from ui.widgets.elsewhere import ElsewhereStrip
from ui.widgets.flash import FlashSurface

STALL_S = 1.0


class TellingSounder:
    """Plays nothing and tells when it would."""

    fault = ""
    output = "bench"

    def play(self, tone: Tone) -> None:
        """Tell of a tone."""
        tell("first", tone.value)

    def stop(self) -> None:
        """Nothing is to be heard."""


class FlashWatch(QObject):
    """Tells when what flashes was painted in its bright half, at each change to it."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        super().__init__()
        self._lit = theme.colour(bright(Priority.HIGH))
        self._was_lit: dict[QObject, bool] = {}
        window = desk.window
        for kind in (AlarmBanner, ElsewhereStrip):
            for surface in window.findChildren(kind):
                surface.installEventFilter(self)

    def eventFilter(self, surface: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at what is being painted; it is on the screen when the event loop turns again."""
        if event.type() is QEvent.Type.Paint and isinstance(surface, FlashSurface):
            is_lit = surface.palette().color(QPalette.ColorRole.Window) == self._lit
            if is_lit and not self._was_lit.get(surface):
                QTimer.singleShot(0, partial(tell, "flash"))
            self._was_lit[surface] = is_lit
        elif event.type() is QEvent.Type.Hide:
            self._was_lit[surface] = False
        return False


class TellingDesk(Desk):
    """Tells when it knows of no alarm that sounds any more."""

    def __init__(self, theme: Theme, bridge: UiBridge) -> None:
        clock = SystemClock()
        super().__init__(
            theme,
            bridge,
            TellingSounder(),
            time.monotonic,
            reception=demonstration(clock, Errands()),
            patients=PatientForm(_no_records, _no_records, Errands(), clock),
        )
        self._news = bridge
        self._was_quiet = False

    def tick(self) -> None:
        """Tick, and tell."""
        super().tick()
        shown = [news.snapshot for news in self._news.sessions.values()]
        is_quiet = not any(alarm.is_heard for one in shown for alarm in one.alarms)
        if is_quiet and not self._was_quiet:
            self._hush()  # as whoever acknowledges here: else the burst goes on to its end
            tell("quiet")
        self._was_quiet = is_quiet


@contextlib.contextmanager
def _no_records() -> Iterator[Any]:
    raise OperatorError("There are no patients here", "measure")
    yield


class Stalls:
    """Stops the main thread for a second now and then; pauses between are exponential."""

    def __init__(self, share: float) -> None:
        self._rng = random.Random(os.getpid())
        self._mean_pause_s = STALL_S * (1 - share) / share
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._stall)
        self._wait()

    def _stall(self) -> None:
        time.sleep(STALL_S)
        self._wait()

    def _wait(self) -> None:
        self._timer.start(round(1e3 * self._rng.expovariate(1 / self._mean_pause_s)))


def run(folder: Path, share_stalled: float) -> None:
    """Show the window until standard input ends."""
    app, theme = QApplication(["vigil"]), load_theme()
    apply(theme, app)
    main_thread_garbage.take_over()
    hello = Hello(os.getpid(), ())
    bridge = UiBridge(partial(connect, folder), lambda: None, time.monotonic, hello)
    desk = TellingDesk(theme, bridge)
    desk.window.resize(FIRST_SIZE)
    desk.window.show()
    watch, timer = FlashWatch(desk, theme), tick_timer(desk)
    stalls = Stalls(share_stalled) if share_stalled else None
    threading.Thread(target=_end_with_input, daemon=True).start()
    app.exec()
    del watch, timer, stalls


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # nothing here is worth keeping


if __name__ == "__main__":
    run(Path(sys.argv[1]), float(sys.argv[2]))
