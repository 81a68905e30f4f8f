"""A display that does not answer is a sentence before Qt is loaded, which would abort."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from ui import display
from ui.display import has_display, require_display

NOBODY = ":48213"
"""Higher than any number a real server has."""

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="local sockets of X and Wayland")


def usable(**environment: str) -> bool:
    try:
        require_display(environment, "linux")
    except OperatorError:
        return False
    return True


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the folder of a listening socket called X7, as X and Wayland servers have it."""
    monkeypatch.setattr(display, "X11_FOLDER", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "X7"))
        listening.listen()
        yield tmp_path


def test_without_any_name_there_is_no_display() -> None:
    assert not has_display({}, "linux")
    with pytest.raises(OperatorError, match="no display to show a window on"):
        require_display({}, "linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_there_always_is_one(platform: str) -> None:
    assert has_display({}, platform)
    require_display({"DISPLAY": NOBODY}, platform)


@needs_posix
@pytest.mark.parametrize(
    "dead",
    [
        {"DISPLAY": NOBODY},
        {"DISPLAY": "localhost:1"},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": "localhost:99999999"},
        {"WAYLAND_DISPLAY": "wayland-77", "XDG_RUNTIME_DIR": "/nowhere"},
        {"DISPLAY": NOBODY, "QT_QPA_PLATFORM": "xcb"},
    ],
)
def test_a_display_that_is_named_and_does_not_answer_is_said_with_its_name(
    dead: dict[str, str],
) -> None:
    assert has_display(dead, "linux")
    with pytest.raises(OperatorError, match=dead.get("WAYLAND_DISPLAY", dead.get("DISPLAY", ""))):
        require_display(dead, "linux")


@needs_posix
def test_one_that_answers_is_enough(server: Path) -> None:
    assert usable(DISPLAY=":7")
    assert usable(DISPLAY="unix:7.0")
    assert usable(WAYLAND_DISPLAY="X7", XDG_RUNTIME_DIR=str(server))
    assert usable(WAYLAND_DISPLAY=str(server / "X7"), DISPLAY=NOBODY)
    assert not usable(DISPLAY=":8")


def test_the_display_that_qt_was_told_to_use_counts(server: Path) -> None:
    assert not usable(DISPLAY=":8", WAYLAND_DISPLAY=str(server / "X7"), QT_QPA_PLATFORM="xcb")
    assert not has_display({"DISPLAY": ":7", "QT_QPA_PLATFORM": "wayland"}, "linux")
    assert usable(DISPLAY=NOBODY, QT_QPA_PLATFORM="offscreen")
    assert usable(QT_QPA_PLATFORM="xcb;minimal:enable_fonts")
