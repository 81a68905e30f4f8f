"""The glyphs of cuff readings: a bar, a caret at each end, a tick at the mean; never joined.

Knows the shapes of clinical.md section 7. Must not know readings or limits.
"""

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from ui.theme import Theme
from ui.view_models.chart_view import CuffBar, Furniture
from ui.view_models.colours import ColourRole

CARET_PIXELS = 16
TICK_PIXELS = 11
BAR_PIXELS = 2
"""Wider than one pixel, which is dear for curves but not for some dozens of bars."""
_COLOURS = (
    ColourRole.NIBP,
    ColourRole.ALARM_LOW,
    ColourRole.ALARM_MEDIUM,
    ColourRole.ALARM_HIGH,
)


class CuffGlyphs:
    """All cuff readings of the chart, one set of items per colour."""

    def __init__(self, theme: Theme, plot: Any) -> None:
        self._sets = {role: _GlyphSet(theme, plot, role) for role in _COLOURS}

    def draw(self, furniture: Furniture) -> None:
        """Draw the bars of ``furniture``."""
        for role, glyphs in self._sets.items():
            glyphs.draw([bar for bar in furniture.bars if bar.colour is role])


class _GlyphSet:
    """The glyphs of one colour."""

    def __init__(self, theme: Theme, plot: Any, role: ColourRole) -> None:
        colour = theme.colour(role)
        self._bars = pg.PlotCurveItem(pen=pg.mkPen(colour, width=BAR_PIXELS), connect="pairs")
        self._systolic = _carets(_caret(points_down=True), colour)
        self._diastolic = _carets(_caret(points_down=False), colour)
        self._means = pg.ScatterPlotItem(
            symbol=_tick(), size=TICK_PIXELS, pen=pg.mkPen(colour, width=BAR_PIXELS)
        )
        for item in (self._bars, self._systolic, self._diastolic, self._means):
            plot.addItem(item)

    def draw(self, bars: Sequence[CuffBar]) -> None:
        """Draw ``bars`` and nothing else."""
        ends = [(bar.x, y) for bar in bars for y in (bar.diastolic, bar.systolic)]
        self._bars.setData([x for x, _ in ends], [y for _, y in ends])
        xs = [bar.x for bar in bars]
        self._systolic.setData(xs, [bar.systolic for bar in bars])
        self._diastolic.setData(xs, [bar.diastolic for bar in bars])
        means = [(bar.x, bar.mean) for bar in bars if bar.mean is not None]
        self._means.setData([x for x, _ in means], [y for _, y in means])


def _carets(symbol: QPainterPath, colour: Any) -> Any:
    return pg.ScatterPlotItem(symbol=symbol, size=CARET_PIXELS, pen=None, brush=pg.mkBrush(colour))


def _caret(points_down: bool) -> QPainterPath:
    """Return a triangle whose tip lies on the value itself (y grows downwards)."""
    base = -0.45 if points_down else 0.45
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(-0.32, base), QPointF(0.32, base), QPointF(0.0, 0.0)]))
    path.closeSubpath()
    return path


def _tick() -> QPainterPath:
    path = QPainterPath()
    path.moveTo(-0.5, 0.0)
    path.lineTo(0.5, 0.0)
    return path
