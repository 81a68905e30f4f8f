"""Notices that somebody uses the application: keys, mouse, touch.

Knows Qt's events. Must not know what follows from use.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

_USE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
    }
)


class UseFilter(QObject):
    """Calls ``used`` for every event that a person makes; lets all of them pass."""

    def __init__(self, app: QApplication, used: Callable[[], None]) -> None:
        super().__init__()
        self._app = app
        self._used = used
        app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at an event before anybody gets it."""
        if event.type() in _USE:
            self._used()
        return False

    def stop(self) -> None:
        """Look no more."""
        self._app.removeEventFilter(self)
