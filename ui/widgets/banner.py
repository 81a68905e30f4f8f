"""The alarm banner: the worst alarm in words, the others below it, and Acknowledge.

Knows how an alarm looks (clinical.md 1.2). Sends ``acknowledged``; changes no alarm itself.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from monitor.alarms.priority import Priority
from ui.theme import Theme
from ui.view_models.alarms import AlarmLine, BannerView, is_lit
from ui.view_models.colours import ColourRole, bright, dark
from ui.widgets.buttons import big_target, key_button
from ui.widgets.flash import FlashSurface
from ui.widgets.labels import may_shrink, plain_label, recolour, say, say_elided

OTHERS_MARGIN, LEAST_ROOM = 60, 200


class AlarmBanner(FlashSurface):
    """One strip over the whole width; always there, so that nothing moves when an alarm comes."""

    acknowledged = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: BannerView | None = None
        self._build()

    def render_view(self, view: BannerView) -> None:
        """Show ``view``."""
        if view == self._view:
            return
        self._view = view
        self._show_worst(view.worst, view.quiet_text)
        self._show_others(view.others_text)
        self._button.setVisible(view.can_acknowledge)

    def flash(self, monotonic_s: float) -> None:
        """Put the background into the half of its flash that belongs to this moment."""
        view = self._view
        if view is None or view.worst is None:
            self.fill(self._theme.colour(ColourRole.SURFACE))
        elif view.flashes is None:
            self.fill(self._theme.colour(dark(view.worst.priority)))
        else:
            self._flash(view.flashes, monotonic_s)

    def _flash(self, priority: Priority, monotonic_s: float) -> None:
        lit = is_lit(priority, monotonic_s)
        self.fill(self._theme.colour(bright(priority) if lit else dark(priority)))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show as much of the others as there is room for now."""
        super().resizeEvent(event)
        if self._view is not None:
            self._show_others(self._view.others_text)

    def _show_others(self, text: str) -> None:
        """Show the others on one line, so that the banner never grows; all are in its tooltip."""
        room = self._plate.width() - self._mark.sizeHint().width() - OTHERS_MARGIN
        say_elided(self._others, text, max(LEAST_ROOM, room))
        self._others.setVisible(bool(text))

    def _show_worst(self, line: AlarmLine | None, quiet_text: str) -> None:
        plate = ColourRole.SURFACE if line is None else bright(line.priority)
        ink = ColourRole.TEXT_2 if line is None else ColourRole.ON_ALARM
        self._plate.fill(self._theme.colour(plate))
        for label in (self._mark, self._text, self._others):
            recolour(label, self._theme, ink)
        say(self._mark, "" if line is None else f"{line.mark} {line.word}")
        say(self._text, quiet_text if line is None else _words(line))
        self._mark.setVisible(line is not None)

    def _build(self) -> None:
        theme = self._theme
        self.setAccessibleName("Alarm")
        self.setMinimumHeight(theme.sizes["alarm_target"] + 16)
        big = theme.font(theme.sizes["banner"], QFont.Weight.Bold)
        self._mark = plain_label(theme, big)
        self._text = may_shrink(plain_label(theme, big))
        self._others = plain_label(theme, theme.font(14, QFont.Weight.DemiBold))
        self._plate = FlashSurface()
        self._button = big_target(
            key_button(theme, "Acknowledge", "A", "Silence the alarms that sound now."),
            theme.sizes["alarm_target"],
        )
        self._button.clicked.connect(self.acknowledged)
        self._button.hide()
        self._arrange()

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._text)
        words.addWidget(self._others)
        words.addStretch(1)
        plate = QHBoxLayout(self._plate)
        plate.setContentsMargins(16, 2, 16, 2)
        plate.setSpacing(20)
        plate.addWidget(self._mark)
        plate.addLayout(words, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 8, 22, 8)
        row.setSpacing(22)
        row.addWidget(self._plate, 1)
        row.addWidget(_fixed(self._button))


def _words(line: AlarmLine) -> str:
    note = f" · {line.note}" if line.note else ""
    return f"{line.text} · {line.duration}{note}"


def _fixed(widget: QWidget) -> QWidget:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
    return widget
