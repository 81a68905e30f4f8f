"""A HIGH that nobody answers, as large as the chart: over the chart, never over the numbers.

Knows how it looks (clinical.md 1.2 and section 4), large, or as a band while a form is open. When
it comes and goes is decided elsewhere.
"""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from monitor.alarms.priority import Priority
from ui.theme import Theme
from ui.view_models.alarms import is_lit
from ui.view_models.chair_alarms import EscalationView
from ui.view_models.colours import ColourRole, bright, dark
from ui.widgets.fitting import fitted, wrapped_height
from ui.widgets.flash import FlashSurface
from ui.widgets.labels import may_shrink, plain_label

EDGE, BAND_EDGE = 26, 10
"""Pixels of the ground around the words: what flashes."""
HIGHEST, LEAST_LARGE, BAND = 360, 220, 88
"""Pixels: the most it takes of the chart, the least for the large form, and the band."""
SIDE, ABOVE, BAND_ABOVE, GAP = 28, 12, 4, 4
"""Pixels of the plate around the words, and between two lines of them."""
TEXT_SIZES = (36, 30, 26, 22, 18)


class EscalationBand(FlashSurface):
    """Its edge flashes with all other HIGH alarms; the words stand still, black on red."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__()
        self.setParent(window)
        self._theme = theme
        self._view: EscalationView | None = None
        self._shown: tuple[EscalationView | None, QRect] = (None, QRect())
        self._room = QRect()
        bold = QFont.Weight.Bold
        sizes = (theme.sizes["stopped"], *TEXT_SIZES)
        self._text_fonts = [theme.font(size, bold) for size in sizes]
        self._title_fonts = [theme.font(size, bold) for size in (30, 24, 20)]
        self._detail_fonts = [theme.font(size, bold) for size in (26, 20)]
        self._hint_fonts = [theme.font(theme.sizes["title"], bold)]
        labels = [may_shrink(plain_label(theme, role=ColourRole.ON_ALARM)) for _ in range(4)]
        self._title, self._text, self._detail, self._hint = labels
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._arrange()
        self.hide()

    @property
    def is_called(self) -> bool:
        """Whether there is a HIGH to show, if there is room."""
        return self._view is not None

    def render_view(self, view: EscalationView | None) -> None:
        """Show ``view`` where there is room for it, or nothing."""
        self._view = view
        if view is not None:
            self.setAccessibleName(f"{view.title}. {view.text}. {view.detail}")
        self._show()

    def place(self, room: QRect, *, is_alone: bool) -> None:
        """Take the upper part of this rectangle: a band of it unless ``is_alone`` over the chart.

        Without room for the band it is hidden: the banner says the same, in one line.
        """
        is_large = is_alone and room.height() >= LEAST_LARGE
        height = min(room.height(), HIGHEST) if is_large else BAND
        has_room = room.height() >= height
        self._room = QRect(room.left(), room.top(), room.width(), height) if has_room else QRect()
        self._show()

    def flash(self, monotonic_s: float) -> None:
        """Put the edge into the half of its flash that belongs to this moment."""
        role = bright if is_lit(Priority.HIGH, monotonic_s) else dark
        self.fill(self._theme.colour(role(Priority.HIGH)))

    def _show(self) -> None:
        view = None if self._room.isEmpty() else self._view
        if view is not None and (view, self._room) != self._shown:
            self.setGeometry(self._room)
            self._say(view, is_large=self._room.height() > BAND)
        self._shown = (view, self._room)
        self.setVisible(view is not None)
        if view is not None:
            self.raise_()  # over the chart's own words; forms keep their place beside it

    def _say(self, view: EscalationView, *, is_large: bool) -> None:
        """Give title, delay and key a line each, and what is left to the alarm's own words."""
        edge, above = (EDGE, ABOVE) if is_large else (BAND_EDGE, BAND_ABOVE)
        self._edge.setContentsMargins(edge, edge, edge, edge)
        self._words.setContentsMargins(SIDE, above, SIDE, above)
        width = self._room.width() - 2 * (edge + SIDE)
        left = self._room.height() - 2 * (edge + above)
        for label, fonts, text in (
            (self._title, self._title_fonts, view.title),
            (self._detail, self._detail_fonts, view.detail),
            (self._hint, self._hint_fonts, view.hint),
        ):
            usable = fonts if is_large else fonts[-1:]
            left -= _one_line(label, usable, text, width) + GAP
        self._hint.setVisible(is_large)  # while a form is open its keys are others
        self._text.setVisible(is_large)
        if is_large:
            _put(self._text, self._text_fonts, view.text, QSize(width, left - GAP))
        for layout in (self._edge, self._words):
            layout.activate()

    def _arrange(self) -> None:
        plate = FlashSurface()
        plate.fill(self._theme.colour(ColourRole.ALARM_HIGH))
        self._words = QVBoxLayout(plate)
        self._words.setSpacing(GAP)
        for label in (self._title, self._text, self._detail, self._hint):
            self._words.addWidget(label)
        self._words.addStretch()
        self._edge = QVBoxLayout(self)
        self._edge.addWidget(plate)


def _one_line(label: QLabel, fonts: list[QFont], text: str, width: int) -> int:
    """Show ``text`` on one line, cut at a word at worst; return how many pixels high it is."""
    wide = (font for font in fonts if QFontMetrics(font).horizontalAdvance(text) <= width)
    font = next(wide, fonts[-1])
    line = wrapped_height(font, "Ag", width)
    _put(label, [font], text, QSize(width, line))
    return line


def _put(label: QLabel, fonts: list[QFont], text: str, room: QSize) -> None:
    """Show the part of ``text`` that fits, and tell all of it to a screen reader."""
    font, shown = fitted(fonts, text, room)
    label.setFont(font)
    label.setText(shown)
    label.setAccessibleName(text)
    label.setFixedHeight(wrapped_height(font, shown, room.width()))
