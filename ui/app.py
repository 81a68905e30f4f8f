"""The desktop put together: application, theme, bridge, sound, window, and one timer.

Composition root of the window. Must not know devices, storage or SQL; decides nothing clinical.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from monitor.channel_messages import Hello
from monitor.players import player_here
from ui import main_thread_garbage
from ui.bridge import UiBridge
from ui.display import require_display
from ui.first_start.steps import Steps
from ui.first_start.window import show_steps
from ui.live.desk import Desk
from ui.loudspeaker import Loudspeaker
from ui.patients.form import PatientForm
from ui.people.reception import Reception
from ui.people.use import UseFilter
from ui.station_search import Connect
from ui.theme import Theme, apply, load_theme
from ui.volume import VolumeWatch

log = logging.getLogger(__name__)
CRASHED = 70  # sysexits' "internal software error", as the station's
TICK_MS = 100  # architecture: the bridge polls at 10 Hz
FIRST_SIZE = QSize(1440, 900)


def run_desktop(
    connect: Connect,
    start_station: Callable[[], None],
    hello: Hello,
    *,
    reception: Reception,
    patients: PatientForm,
    sound_folder: Path,
    now: Callable[[], float] = time.monotonic,
    stop_station_on_close: bool = False,
) -> int:
    """Show the desktop until its window is closed; return the exit code.

    ``connect`` returns a channel to a running station or None; ``start_station`` starts one and
    ends one that hangs. Both are called beside the main thread. ``sound_folder`` takes the alarm
    sounds; ``reception`` knows who may use the controls, ``patients`` finds who is treated. Raises
    OperatorError without a display.

    SIGTERM and SIGINT end it without a question, so without a goodbye while a session runs (see
    UiBridge.close): the station brings the screen back, unless the computer is logged out and there
    is none, or ``stop_station_on_close`` says that what it records is thrown away.
    """
    app, theme = _application()
    main_thread_garbage.take_over()
    bridge = UiBridge(connect, start_station, now, hello)
    sounder, volume = Loudspeaker(sound_folder), VolumeWatch()
    desk = Desk(
        theme,
        bridge,
        sounder,
        now,
        stop_station_on_close,
        reception=reception,
        patients=patients,
        volume=lambda: volume.state,
        has_second_voice=player_here() is not None,
    )
    use = UseFilter(app, reception.touch)
    timer = tick_timer(desk)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.exit())  # unlike quit, it asks no window
    desk.window.resize(FIRST_SIZE.boundedTo(app.primaryScreen().availableSize()))
    desk.window.show()
    with volume.watching():
        code = app.exec()
    timer.stop()
    use.stop()
    bridge.close(stop_station_on_close)
    patients.end()
    reception.close()
    return code


def run_first_start(steps: Steps) -> None:
    """Show the window of the first start until there is a key or somebody closes it.

    Raises OperatorError without a display.
    """
    app, theme = _application()
    show_steps(theme, app, steps)


def _application() -> tuple[QApplication, Theme]:
    """Return the one application, in our look. Raises OperatorError without a display."""
    require_display()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["vigil"])
    theme = load_theme()
    apply(theme, app)
    return app, theme


def tick_timer(desk: Desk, die: Callable[[], None] = lambda: os._exit(CRASHED)) -> QTimer:
    """Start the timer that drives ``desk``.

    A picture that can no longer be drawn would stand still and look fresh: the process ends
    instead, and the station starts it again.
    """

    def tick() -> None:
        try:
            desk.tick()
            main_thread_garbage.collect()
        except Exception:
            log.exception("the screen could not be drawn")
            die()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    desk.tick()
    return timer
