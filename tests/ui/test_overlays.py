"""MONITORING STOPPED gives its reason, when it has one, to eyes and to screen readers."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import load_theme
from ui.view_models.screen import stopped_view
from ui.widgets.overlays import StoppedOverlay


def shown(overlay: StoppedOverlay, parent: QWidget) -> list[str]:
    labels = overlay.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisibleTo(parent)]


def test_the_reason_is_shown_below_what_to_do_and_goes_with_it(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    overlay = StoppedOverlay(load_theme(), parent)
    overlay.render_view(stopped_view(7.0, "10:46:05", "The disk is full: make room"))
    assert shown(overlay, parent)[-1] == "The disk is full: make room."
    assert "disk is full" in overlay.accessibleName()
    overlay.render_view(stopped_view(8.0, "10:46:05", ""))
    assert len(shown(overlay, parent)) == 2
    assert "disk" not in overlay.accessibleName()
