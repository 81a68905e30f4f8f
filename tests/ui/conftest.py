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


@pytest.fixture(autouse=True)
def _garbage_of_windows_in_the_main_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no thread of a test collect a widget: that ends the process, see main_thread_garbage."""
    if "qapp" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()
