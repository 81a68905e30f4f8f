"""Where the cards and overlays lie over a screen: over the chart, never over numbers or banner.

Knows sizes and places. Must not know what a card shows, or when it is open.
"""

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from ui.live.alarm_controls import AlarmControls
from ui.live.free_chair import FreeChairScreen
from ui.live.one_chair import RIGHT_WIDTH, OneChairScreen
from ui.patients.panel import PatientPanel
from ui.people.panel import PeoplePanel
from ui.widgets.overlays import KeyHelp, StoppedOverlay

FOOT_HEIGHT = 60
FREE_HEAD = 130
"""Pixels for who is signed in and the name of a free chair, above a panel."""


class Layers:
    """Places what lies over the window ``over``; ``chairs`` is the list at its left."""

    def __init__(
        self,
        over: QWidget,
        chairs: QWidget,
        *,
        session: OneChairScreen,
        free: FreeChairScreen,
        cards: tuple[PeoplePanel, PatientPanel, AlarmControls],
        overlays: tuple[KeyHelp, StoppedOverlay],
    ) -> None:
        self._over = over
        self._chairs = chairs
        self._session = session
        self._free = free
        self._people, self._patients, self._alarms = cards
        self._help, self._stopped = overlays

    def resized(self, *, shows_session: bool) -> None:
        """Keep all in place when the window has another size."""
        self._stopped.setGeometry(self._over.rect())
        self._help.adjustSize()
        free_width = self._over.width() - self._left - RIGHT_WIDTH - self._help.width()
        free_height = self._over.height() - self._help.height()
        self._help.move(self._left + max(0, free_width // 2), free_height * 2 // 3)
        self.place(shows_session=shows_session)

    def make_room(self, *, shows_session: bool) -> None:
        """Place the cards, and leave room for one at a free chair."""
        shown = [card for card in self._cards if not card.isHidden()]
        self.place(shows_session=shows_session)
        self._free.make_room(max((card.height() for card in shown), default=0))

    def place(self, *, shows_session: bool) -> None:
        """Put the cards over the chart, or below what stands at a free chair."""
        area = self._area(shows_session=shows_session)
        right = RIGHT_WIDTH if shows_session else 0
        bottom = self._over.height() - FOOT_HEIGHT
        self._patients.fit(bottom - area.top() - self._alarms.band_height)
        self._alarms.fit(area)
        for card in self._cards:
            free_width = self._over.width() - self._left - right - card.width()
            card.move(self._left + max(0, free_width // 2), max(0, bottom - card.height()))
        self._place_escalation(area)

    def _place_escalation(self, area: QRect) -> None:
        """Lay the large HIGH over the chart; above a form that is open, never on it."""
        tops = [one.y() for one in self._cards if not one.isHidden()]
        bottom = min((area.bottom() + 1, *tops))
        free = QRect(area.topLeft(), QSize(area.width(), max(0, bottom - area.top())))
        self._alarms.place_escalation(free, is_alone=not tops)

    def _area(self, *, shows_session: bool) -> QRect:
        """Return where nothing lies that must be seen: the chart, or a free chair's middle."""
        chart = self._session.chart
        if shows_session:
            return QRect(chart.mapTo(self._over, chart.rect().topLeft()), chart.size())
        height = self._over.height() - FOOT_HEIGHT - FREE_HEAD
        return QRect(self._left, FREE_HEAD, self._over.width() - self._left, height)

    @property
    def _cards(self) -> tuple[QWidget, ...]:
        return (self._people, self._patients, self._alarms.panel)

    @property
    def _left(self) -> int:
        return 0 if self._chairs.isHidden() else self._chairs.width()
