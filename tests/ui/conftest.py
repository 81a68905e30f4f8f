"""What every test with a window needs."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.room import vigil_windows
from ui.theme import apply, load_theme


@pytest.fixture
def themed(qapp: QApplication) -> Iterator[None]:
    """End every window with its test: collected later, in another's event loop, it may crash."""
    apply(load_theme(), qapp)
    yield
    for window in vigil_windows(qapp):
        window.hide()
    gc.collect()
    qapp.processEvents()
