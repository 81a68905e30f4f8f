"""The only place that makes labels, so that no patient name is ever taken for HTML.

Knows plain text, colours by role and tooltips. Must not know what the words mean.
"""

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import Theme
from ui.view_models.colours import ColourRole


def plain_label(
    theme: Theme,
    font: QFont | None = None,
    role: ColourRole = ColourRole.TEXT_1,
    text: str = "",
) -> QLabel:
    """Return a label that shows its text as it is: Qt would load an image out of a name."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font or theme.font(theme.sizes["body"]))
    label.setText(text)
    recolour(label, theme, role)
    return label


def recolour(label: QLabel, theme: Theme, role: ColourRole) -> None:
    """Give the label the colour of a role.

    By its own style sheet: a palette is lost again when a sheet is set on any parent (seen).
    """
    dress(label, f"color: {theme.colours[role]};")


def dress(widget: QWidget, style: str) -> None:
    """Set the widget's own style sheet, only when it differs."""
    if widget.styleSheet() != style:
        widget.setStyleSheet(style)


def say(label: QLabel, text: str) -> None:
    """Show ``text`` and tell it to a screen reader, only when it has changed."""
    if label.text() != text or label.accessibleName() != text:
        label.setText(text)
        label.setAccessibleName(text)


def say_elided(label: QLabel, text: str, width: int, brief: str = "") -> None:
    """Show as much of ``text`` as fits in ``width`` pixels; all of it is in the tooltip.

    What is cut shows at least ``brief``, or that instead.
    """
    shown = label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
    if shown != text and not shown.startswith(brief):
        shown = brief
    if label.text() != shown or label.accessibleName() != text:
        label.setText(shown)
        label.setAccessibleName(text)
        plain_tooltip(label, text)


def plain_tooltip(widget: QWidget, text: str) -> None:
    """Set a tooltip; its text is escaped because Qt guesses whether a tooltip is HTML."""
    widget.setToolTip(f"<qt>{html.escape(text)}</qt>" if text else "")


def may_shrink(label: QLabel) -> QLabel:
    """Let the label wrap and be narrower than its text, so that it never widens the window."""
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
