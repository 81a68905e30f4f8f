"""Colours, type and style of the screen, read from the tokens in ``resources/theme``.

Knows tokens and Qt's palette, fonts and style sheets. Must not know any widget or screen.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from monitor.errors import OperatorError
from resources import path_to
from ui.view_models.colours import ColourRole

FAMILY = "Inter"


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens in force: colours by role, sizes in pixels by name, and the font's family."""

    colours: Mapping[str, str]
    sizes: Mapping[str, int]
    family: str

    def colour(self, role: ColourRole, alpha: float = 1.0) -> QColor:
        """Return the colour of a role, ``alpha`` from 0 (invisible) to 1."""
        colour = QColor(self.colours[role])
        colour.setAlphaF(alpha)
        return colour

    def font(self, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the font in this size, with figures of equal width."""
        font = QFont(self.family)
        font.setPixelSize(pixels)
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def font_of_capitals(self, height: int, weight: QFont.Weight) -> QFont:
        """Return the smallest font whose capitals are at least ``height`` pixels high."""
        for pixels in range(height, 3 * height):
            font = self.font(pixels, weight)
            if QFontMetrics(font).capHeight() >= height:
                return font
        return self.font(2 * height, weight)


def load_theme(name: str = "dark") -> Theme:
    """Read a theme. Raises OperatorError when the file lacks a token or is no TOML."""
    file = f"theme/{name}.toml"
    try:
        tokens = tomllib.loads(path_to(file).read_text(encoding="utf-8"))
        colours, sizes = tokens["colour"], tokens["size"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise OperatorError(f"the theme {file} cannot be read", "install Vigil again") from error
    missing = [role.value for role in ColourRole if role.value not in colours]
    if missing:
        raise OperatorError(f"the theme {file} lacks {', '.join(missing)}", "install Vigil again")
    return Theme(colours, sizes, _load_fonts())


def apply(theme: Theme, app: QApplication) -> None:
    """Give the whole application this look."""
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setFont(theme.font(theme.sizes["body"]))
    app.setStyleSheet(_style_sheet(theme))


def _load_fonts() -> str:
    """Load every font shipped and return the family to use, the system's own when there is none."""
    try:
        files = sorted(path_to("fonts").glob("*.ttf"))
    except FileNotFoundError:
        files = []
    loaded = [
        family
        for file in files
        for family in QFontDatabase.applicationFontFamilies(
            QFontDatabase.addApplicationFont(str(file))
        )
    ]
    if FAMILY in loaded:
        return FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def _palette(theme: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: ColourRole.BACKGROUND,
        QPalette.ColorRole.Base: ColourRole.SURFACE,
        QPalette.ColorRole.AlternateBase: ColourRole.RAISED,
        QPalette.ColorRole.Button: ColourRole.RAISED,
        QPalette.ColorRole.ToolTipBase: ColourRole.RAISED,
        QPalette.ColorRole.Highlight: ColourRole.ACCENT_DEEP,
        QPalette.ColorRole.WindowText: ColourRole.TEXT_1,
        QPalette.ColorRole.Text: ColourRole.TEXT_1,
        QPalette.ColorRole.ButtonText: ColourRole.TEXT_1,
        QPalette.ColorRole.ToolTipText: ColourRole.TEXT_1,
        QPalette.ColorRole.HighlightedText: ColourRole.TEXT_1,
        QPalette.ColorRole.PlaceholderText: ColourRole.TEXT_2,
    }
    palette = QPalette()
    for role, token in roles.items():
        palette.setColor(role, theme.colour(token))
    return palette


def _style_sheet(theme: Theme) -> str:
    """Return the few rules that a palette cannot express; colours of text stay in the palette."""
    token = theme.colours
    return f"""
        QPushButton {{ background: {token["raised"]}; border: 1px solid {token["line"]};
            border-radius: 8px; padding: 0 14px; min-height: 36px; }}
        QPushButton:hover, QPushButton:focus {{ border-color: {token["accent"]}; }}
        QPushButton:pressed {{ background: {token["line"]}; }}
        QPushButton:disabled {{ color: {token["text3"]}; }}
        QPushButton[strong="true"] {{ background: {token["accent_deep"]}; }}
        QFrame#card {{ background: {token["surface"]}; border: 1px solid {token["line"]};
            border-radius: 12px; }}
        QFrame#bar {{ background: {token["surface"]}; border: none; }}
        QFrame#strip {{ background: {token["raised"]}; border: 1px solid {token["accent"]};
            border-radius: 8px; }}
        QLineEdit#field {{ background: {token["background"]};
            border: 1px solid {token["line"]}; border-radius: 6px;
            padding: 0 10px; min-height: 38px; }}
        QLineEdit#field:focus {{ border-color: {token["accent"]}; }}
        QListWidget {{ background: transparent; border: none; }}
        QListWidget::item {{ padding: 2px 0; }}
        QToolTip {{ color: {token["text1"]}; background: {token["raised"]};
            border: 1px solid {token["line"]}; padding: 6px; }}
    """
