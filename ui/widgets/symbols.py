"""Symbols of alarm states, drawn as lines: a bell or a triangle under a cross, solid or dashed.

Knows the shapes of IEC 60417-5576, 5576-2 and 5319 (clinical.md 1.5): a solid cross until somebody
changes it, a dashed one for a time. Must not know what is silenced.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QWidget

from ui.view_models.silence import Symbol

SIZE = 42
CROSS, GAP = 2.0, 1.8
DASHES, FIRST_DASH = [2.7, 1.6], 3.24
"""Dash, gap and offset in widths of the cross: three dashes, of which one lies in the middle."""
SHAPE_ALPHA = 0.8
_UNIT = 24.0
"""Shapes are drawn in a square of this side."""


class SymbolIcon(QWidget):
    """One symbol in one colour."""

    def __init__(self, colour: QColor) -> None:
        super().__init__()
        self._colour = colour
        self._symbol = Symbol.AUDIO_PAUSED
        self.setFixedSize(QSize(SIZE, SIZE))

    def render_symbol(self, symbol: Symbol) -> None:
        """Show ``symbol``."""
        if symbol is not self._symbol:
            self._symbol = symbol
            self.update()
        self.setAccessibleName(symbol.value)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the symbol."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture())
        painter.end()

    def _picture(self) -> QPixmap:
        """Draw the shape, then its cross with a gap around it, on nothing."""
        picture = QPixmap(self.size() * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(SIZE / _UNIT, SIZE / _UNIT)
        is_triangle = self._symbol is Symbol.ALARM_OFF
        shape = QColor(self._colour)
        shape.setAlphaF(SHAPE_ALPHA)
        painter.fillPath(triangle_path() if is_triangle else bell_path(), shape)
        cross = _cross(self._symbol)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.strokePath(cross, QPen(self._colour, GAP))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.fillPath(cross, self._colour)
        painter.end()
        return picture


def _cross(symbol: Symbol) -> QPainterPath:
    """Return the bars of the cross: dashed for what ends by itself."""
    stroker = QPainterPathStroker()
    stroker.setWidth(CROSS)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    if symbol is Symbol.AUDIO_PAUSED:
        stroker.setDashPattern(DASHES)
        stroker.setDashOffset(FIRST_DASH)
    down, up = (stroker.createStroke(bar) for bar in bars())  # apart: each has its own dashes
    return down.united(up)


def bell_path() -> QPainterPath:
    """Return a bell with its clapper."""
    path = QPainterPath(QPointF(3.5, 17.2))
    path.cubicTo(7.0, 14.5, 5.0, 4.4, 12.0, 4.4)
    path.cubicTo(19.0, 4.4, 17.0, 14.5, 20.5, 17.2)
    path.closeSubpath()
    path.addEllipse(QRectF(10.9, 2.6, 2.2, 2.6))
    path.addEllipse(QRectF(9.8, 18.2, 4.4, 3.2))
    return path


def triangle_path() -> QPainterPath:
    """Return the triangle of an alarm."""
    path = QPainterPath(QPointF(12.0, 1.5))
    path.lineTo(23.5, 21.0)
    path.lineTo(0.5, 21.0)
    path.closeSubpath()
    return path


def bars() -> tuple[QPainterPath, QPainterPath]:
    """Return the two lines of the cross, over the whole square."""
    down, up = QPainterPath(QPointF(2.5, 2.5)), QPainterPath(QPointF(21.5, 2.5))
    down.lineTo(21.5, 21.5)
    up.lineTo(2.5, 21.5)
    return down, up
