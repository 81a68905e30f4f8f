"""The paper of the picture: its size, its colours, its panes and its words.

Knows matplotlib and places in pixels. Must not know what is drawn. Must not import Qt.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from monitor.picture import Picture
from monitor.snapshot import LimitView
from monitor.storage.stored import StoredSession
from resources import path_to
from ui.chart_facts import Axis, Span, alarm_spans, axis_of, limits_of, spread
from ui.view_models.colours import ColourRole

WIDTH_PX, HEIGHT_PX, DPI = 1600, 900, 100
LEFT_PX, RIGHT_PX = 120, 1450
TOP_PX, BOTTOM_PX = 112, 810
"""Where the panes lie; around them title, axis labels, names of limits and footer."""
BETWEEN_PX = 14


@cache
def _tokens() -> dict[str, str]:
    text = path_to("theme/dark.toml").read_text(encoding="utf-8")
    colours: dict[str, str] = tomllib.loads(text)["colour"]
    return colours


def colour_of(role: ColourRole) -> str:
    """Return the colour of a role, the same as on the screen."""
    return _tokens()[role]


def new_figure() -> Figure:
    """Return an empty picture of 1600 x 900 pixels."""
    size = (WIDTH_PX / DPI, HEIGHT_PX / DPI)
    figure = Figure(size, dpi=DPI, facecolor=colour_of(ColourRole.BACKGROUND))
    FigureCanvasAgg(figure)  # makes itself the figure's canvas
    return figure


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawing: the figure, and what of the session is drawn on it."""

    figure: Figure
    stored: StoredSession
    picture: Picture
    axis: Axis
    spans: tuple[Span, ...]
    limits: tuple[LimitView, ...]

    @classmethod
    def of(cls, stored: StoredSession, figure: Figure) -> "Sheet":
        """Lay out a session on a figure."""
        facts = (stored.picture(), axis_of(stored), tuple(alarm_spans(stored)), limits_of(stored))
        return cls(figure, stored, *facts)

    @property
    def minutes_per_px(self) -> float:
        """How much time one pixel is."""
        return (self.axis.high - self.axis.low) / (RIGHT_PX - LEFT_PX)

    def pane(self, top_px: float, height_px: float) -> Axes:
        """Return a new pane with the session's time axis, without labels."""
        place = (
            LEFT_PX / WIDTH_PX,
            1 - (top_px + height_px) / HEIGHT_PX,
            (RIGHT_PX - LEFT_PX) / WIDTH_PX,
            height_px / HEIGHT_PX,
        )
        pane = self.figure.add_axes(place, facecolor=colour_of(ColourRole.SURFACE))
        pane.set_xlim(self.axis.low, self.axis.high)
        pane.set_xticks([minute for minute, _ in self.axis.ticks()], labels=[])
        pane.tick_params(length=0, labelsize=9, labelcolor=colour_of(ColourRole.TEXT_2))
        pane.grid(color=colour_of(ColourRole.LINE), linewidth=0.6)
        pane.set_axisbelow(True)
        pane.spines[:].set_visible(False)
        return pane

    def units_per_px(self, pane: Axes) -> float:
        """How much of the pane's own scale one pixel is."""
        low, high = pane.get_ylim()
        return (high - low) / (pane.get_position().height * HEIGHT_PX)

    def beside(self, pane: Axes, texts: list[tuple[float, str, str]]) -> None:
        """Write (place on the scale, text, colour) right of a pane, where no data is."""
        places = spread([y for y, _, _ in texts], 15 * abs(self.units_per_px(pane)))
        x = self.axis.high + 6 * self.minutes_per_px
        for y, (_, text, colour) in zip(places, texts, strict=True):
            pane.text(x, y, text, color=colour, fontsize=9, va="center", parse_math=False)

    def say(
        self,
        x_px: float,
        y_px: float,
        text: str,
        size: float,
        role: ColourRole = ColourRole.TEXT_1,
        *,
        align: str = "left",
    ) -> None:
        """Write text on the sheet; what is large or first is bold."""
        self.figure.text(
            x_px / WIDTH_PX,
            1 - y_px / HEIGHT_PX,
            text,
            fontsize=size,
            color=colour_of(role),
            ha=align,
            fontweight="bold" if role is ColourRole.TEXT_1 else "normal",
            parse_math=False,
        )
