"""The desktop put together: application, theme, bridge, sound, window, and one timer.

Composition root of the window. Must not know devices, storage or SQL; decides nothing clinical.
"""

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication

from monitor.channel_messages import Hello
from monitor.errors import OperatorError
from ui.bridge import Connect, UiBridge
from ui.live.desk import Desk
from ui.sound import Loudspeaker
from ui.theme import apply, load_theme

log = logging.getLogger(__name__)
CRASHED = 70  # sysexits' "internal software error", as the station's
TICK_MS = 100  # architecture: the bridge polls at 10 Hz
FIRST_SIZE = QSize(1440, 900)
_DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def has_display() -> bool:
    """Say whether a window can be shown; Qt ends the whole process when it finds out itself."""
    return not sys.platform.startswith("linux") or any(map(os.environ.get, _DISPLAY_VARIABLES))


def run_desktop(
    connect: Connect,
    start_station: Callable[[], None],
    hello: Hello,
    *,
    sound_folder: Path,
    now: Callable[[], float] = time.monotonic,
    stop_station_on_close: bool = False,
) -> int:
    """Show the desktop until its window is closed; return the exit code.

    ``connect`` returns a channel to a running station or None; ``start_station`` starts one and
    ends one that hangs. Both are called beside the main thread. ``sound_folder`` takes the alarm
    sounds. Raises OperatorError without a display.
    """
    if not has_display():
        raise OperatorError(
            "there is no display for a window", "use 'vigil demo --headless' or log in to a desktop"
        )
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["vigil"])
    theme = load_theme()
    apply(theme, app)
    bridge = UiBridge(connect, start_station, now, hello)
    desk = Desk(theme, bridge, Loudspeaker(sound_folder), now, stop_station_on_close)
    timer = tick_timer(desk)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.exit())  # unlike quit, it asks no window
    desk.window.resize(FIRST_SIZE.boundedTo(app.primaryScreen().availableSize()))
    desk.window.show()
    code = app.exec()
    timer.stop()
    bridge.close(stop_station_on_close)
    return code


def tick_timer(desk: Desk, die: Callable[[], None] = lambda: os._exit(CRASHED)) -> QTimer:
    """Start the timer that drives ``desk``.

    A picture that can no longer be drawn would stand still and look fresh: the process ends
    instead, and the station starts it again.
    """

    def tick() -> None:
        try:
            desk.tick()
        except Exception:
            log.exception("the screen could not be drawn")
            die()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    desk.tick()
    return timer
