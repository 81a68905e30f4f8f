"""Buttons with a key: each says its key, has an accessible name and a tooltip.

Knows Qt. Must not know what happens when one is pressed.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton

from ui.theme import Theme
from ui.widgets.labels import plain_tooltip


def key_button(theme: Theme, text: str, key: str, tip: str, is_strong: bool = False) -> QPushButton:
    """Return a button that shows its key; the key itself is bound by the window."""
    button = QPushButton(f"{text}   {key}" if key else text)
    button.setFont(theme.font(theme.sizes["body"], QFont.Weight.DemiBold))
    button.setAccessibleName(text)
    button.setAccessibleDescription(f"{tip} Key {key}." if key else tip)
    plain_tooltip(button, f"{tip} Key {key}." if key else tip)
    button.setProperty("strong", is_strong)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def big_target(button: QPushButton, pixels: int) -> QPushButton:
    """Make the button at least ``pixels`` high and twice as wide: a finger must hit it."""
    button.setStyleSheet(f"min-height: {pixels}px; min-width: {2 * pixels}px;")
    return button
