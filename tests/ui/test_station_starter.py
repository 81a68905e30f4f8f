"""A station is handed the key by pipe, where no other process can read it."""

import sys
from pathlib import Path

import pytest

from tests.keys import KEY
from ui import station_starter
from ui.station_starter import STATION_LOG, StationStarter

ECHO = (
    "import os, sys; line = sys.stdin.buffer.readline(); rest = sys.stdin.buffer.read();"
    "print(line, rest, sys.argv[1:], dict(os.environ))"
)


def launched(folder: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Start ``code`` in place of a station; return what it said."""
    monkeypatch.setattr(station_starter, "own_command", lambda: (sys.executable, "-c", code))
    starter = StationStarter(folder, KEY)
    starter.start()
    child = starter._child
    assert child is not None
    child.wait(30)
    return (folder / STATION_LOG).read_text(encoding="utf-8")


def test_the_key_comes_by_pipe_and_stands_in_no_argument_and_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = launched(tmp_path, ECHO, monkeypatch)
    assert said.startswith(f"{KEY.as_line()!r} b''")
    assert "--key-from-stdin" in said
    assert said.count(KEY.raw.hex()) == 1


def test_a_station_that_dies_at_once_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert launched(tmp_path, "import os; os._exit(3)", monkeypatch) == ""
