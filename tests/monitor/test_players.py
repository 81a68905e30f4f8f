"""Playing a file with what the system has: one that fails or hangs is replaced by the next."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.players import HANGS_AFTER_S, ProgramPlayer, player_here

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows plays without a program")
PATIENCE_S = 20.0


def program(folder: Path, name: str, then: str) -> tuple[str, ...]:
    """Return a program that notes the file it was given and then does something."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} $1" >> "{folder}/log"\n{then}\n')
    path.chmod(0o700)
    return (str(path),)


def log_of(folder: Path) -> list[str]:
    path = folder / "log"
    return path.read_text().splitlines() if path.exists() else []


def until(is_so: Callable[[], bool], do: Callable[[], object] = lambda: None) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        do()
        time.sleep(0.01)


def test_a_file_is_given_to_the_first_program(tmp_path: Path) -> None:
    player = ProgramPlayer([program(tmp_path, "one", ""), program(tmp_path, "two", "")])
    player.play(Path("a.wav"))
    until(lambda: player._process is None, player.tend)
    assert log_of(tmp_path) == ["one a.wav"]


def test_a_program_that_fails_is_replaced_at_once_and_tried_last_from_then_on(
    tmp_path: Path,
) -> None:
    player = ProgramPlayer([program(tmp_path, "one", "exit 1"), program(tmp_path, "two", "")])
    player.play(Path("a.wav"))
    until(lambda: player._process is None, player.tend)
    player.play(Path("b.wav"))
    until(lambda: player._process is None, player.tend)
    assert log_of(tmp_path) == ["one a.wav", "two a.wav", "two b.wav"]


def test_a_program_that_is_gone_is_replaced(tmp_path: Path) -> None:
    player = ProgramPlayer([(str(tmp_path / "gone"),), program(tmp_path, "two", "")])
    player.play(Path("a.wav"))
    until(lambda: player._process is None, player.tend)
    assert log_of(tmp_path) == ["two a.wav"]


def test_when_all_fail_each_is_tried_once_and_the_next_burst_tries_again(tmp_path: Path) -> None:
    names = [program(tmp_path, name, "exit 1") for name in ("one", "two")]
    player = ProgramPlayer(names)
    for file in ("a.wav", "b.wav"):
        player.play(Path(file))
        until(lambda: player._process is None and not player._left, player.tend)
    assert log_of(tmp_path) == ["one a.wav", "two a.wav", "one b.wav", "two b.wav"]


def test_a_program_that_hangs_is_ended_and_replaced(tmp_path: Path) -> None:
    now = [0.0]
    hanging = program(tmp_path, "one", "exec sleep 1000")
    player = ProgramPlayer([hanging, program(tmp_path, "two", "")], lambda: now[0])
    player.play(Path("a.wav"))
    until(lambda: log_of(tmp_path) == ["one a.wav"])
    first = player._process
    now[0] = HANGS_AFTER_S
    player.tend()
    assert player._process is first
    now[0] += 0.1
    player.tend()
    assert first is not None
    assert first.poll() is not None
    until(lambda: player._process is None, player.tend)
    assert log_of(tmp_path) == ["one a.wav", "two a.wav"]


def test_falling_silent_ends_the_program(tmp_path: Path) -> None:
    player = ProgramPlayer([program(tmp_path, "one", "exec sleep 1000")])
    player.play(Path("a.wav"))
    process = player._process
    player.stop()
    assert process is not None
    assert process.poll() is not None
    player.tend()
    player.stop()


def test_another_file_cuts_the_one_that_plays(tmp_path: Path) -> None:
    player = ProgramPlayer([program(tmp_path, "one", "exec sleep 1000")])
    player.play(Path("a.wav"))
    first = player._process
    player.play(Path("b.wav"))
    assert first is not None
    assert first.poll() is not None
    player.stop()


def test_without_any_program_there_is_no_player(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert player_here() is None
    (name,) = program(tmp_path, "aplay", "")
    assert shutil.which("aplay") == name
    assert player_here() is not None
