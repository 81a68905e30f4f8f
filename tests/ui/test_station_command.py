"""``vigil station`` in process: what ends it, and what a fault of one of its threads does.

What it does meanwhile is told in tests/process. Knows the command's own wiring only.
"""

import argparse
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.address import address_of
from monitor.station import Station
from tests.keys import set_up
from ui.commands import station as command
from ui.only_writer import is_held

WAIT_S = 10.0


@pytest.fixture(autouse=True)
def exits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Keep this process as it was: its signals, its hook, and its life; give its exit codes."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    monkeypatch.setattr(faulthandler, "enable", lambda: None)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    yield codes
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, life: type[Station]) -> int:
    data = tmp_path / "data"
    secret = set_up(data)
    monkeypatch.setattr(command, "Station", life)
    options = argparse.Namespace(data=str(data), passphrase_file=secret, until_idle=False)
    return command.station(options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    class Signalled(Station):
        def run(self) -> None:
            data = tmp_path / "data"
            assert is_held(data)
            assert address_of(data) is not None
            signal.raise_signal(number)
            assert self._over.wait(WAIT_S)
            super().run()

    assert run(tmp_path, monkeypatch, Signalled) == 0
    assert not is_held(tmp_path / "data")
    assert address_of(tmp_path / "data") is None


def test_a_thread_that_fails_ends_the_whole_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exits: list[int], caplog
) -> None:
    """A half of a station would look alive: no alarms, and nobody to start it again."""

    class Broken(Station):
        def run(self) -> None:
            thread = threading.Thread(target=lambda: 1 / 0, name="engine")
            thread.start()
            thread.join(WAIT_S)
            self.stop()
            super().run()

    run(tmp_path, monkeypatch, Broken)
    assert exits == [command.CRASHED]
    assert "thread engine failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
