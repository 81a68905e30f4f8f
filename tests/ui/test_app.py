"""How the desktop ends: a signal is no person, so a session that runs keeps its screen."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from monitor.channel import ChannelClosed, MemoryChannel, in_memory_pair
from monitor.channel_messages import Goodbye, SessionUpdate, StationAlive
from monitor.clock import SystemClock
from monitor.errors import OperatorError
from tests.ui.fixtures import CHAIR, HELLO, snapshot, whole_chart
from tests.ui.room import nobody_is_known
from ui.app import run_desktop
from ui.people.errands import Errands
from ui.people.reception import demonstration

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals to oneself are POSIX")


class Ward:
    """A station that says its messages every 20 ms until a signal was sent to its desktop."""

    def __init__(self, number: int, *updates: SessionUpdate) -> None:
        self.ours, self.theirs = in_memory_pair()
        self.heard: list[object] = []
        self.closed = False
        self._number = number
        self._says = (StationAlive(42, (CHAIR,)), *updates)
        self._turns = 0
        self._timer = QTimer()
        self._timer.timeout.connect(self._turn)
        self._timer.start(20)

    def connect(self) -> MemoryChannel | None:
        return None if self.closed else self.ours

    def _turn(self) -> None:
        self._turns += 1
        for message in self._says:
            self.theirs.send(message)
        self.heard += self.theirs.receive()
        if len(self.heard) > 1 and self._turns > 10:  # greeted, and told of its sessions
            self._timer.stop()
            os.kill(os.getpid(), self._number)

    def goodbyes(self) -> list[object]:
        self._timer.stop()
        try:
            self.heard += self.theirs.receive()
            with pytest.raises(ChannelClosed):
                self.theirs.receive()
        except ChannelClosed:
            pass
        return [message for message in self.heard if isinstance(message, Goodbye)]


@pytest.fixture(autouse=True)
def _signals(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def run(ward: Ward, folder: Path, *, throw_away: bool = False) -> int:
    return run_desktop(
        ward.connect,
        lambda: None,
        HELLO,
        reception=demonstration(SystemClock(), Errands()),
        patients=nobody_is_known(),
        sound_folder=folder,
        stop_station_on_close=throw_away,
    )


def running() -> SessionUpdate:
    return SessionUpdate(snapshot(), whole_chart())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_a_session_runs_hangs_up_without_a_goodbye(
    tmp_path: Path, number: signal.Signals
) -> None:
    """So that the station brings the screen back."""
    ward = Ward(number, running())
    assert run(ward, tmp_path) == 0
    assert ward.goodbyes() == []
    assert ward.theirs._closed[0]


def test_a_signal_while_no_session_runs_says_goodbye(tmp_path: Path) -> None:
    ward = Ward(signal.SIGTERM)
    assert run(ward, tmp_path) == 0
    assert ward.goodbyes() == [Goodbye()]


def test_a_signal_ends_a_demonstration_with_its_station(tmp_path: Path) -> None:
    ward = Ward(signal.SIGINT, running())
    assert run(ward, tmp_path, throw_away=True) == 0
    assert ward.goodbyes() == [Goodbye(stop_station=True)]


def test_a_display_that_does_not_answer_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":48213")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(OperatorError, match="No display answers at DISPLAY=:48213"):
        run(Ward(signal.SIGTERM), tmp_path)
