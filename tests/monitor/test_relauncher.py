"""A desktop is started again at once, or soon, and finds the key on standard input."""

import sys
from pathlib import Path

from monitor.channel_messages import Hello
from monitor.relauncher import AT_ONCE_A_MINUTE, LATER_EVERY_S, Relauncher

HELLO = Hello(1, ("vigil",))


class Starts(Relauncher):
    """Starts nothing; knows when it would."""

    def __init__(self) -> None:
        super().__init__(lambda: self.now_s)
        self.now_s = 1000.0
        self.at: list[float] = []

    def _start(self, hello: Hello) -> bool:
        self.at.append(self.now_s - 1000.0)
        return True

    def ask_for(self, seconds: float) -> None:
        """Ask twice a second, as the station does while it has lost its desktop."""
        end = self.now_s + seconds
        while self.now_s < end:
            self.relaunch(HELLO)
            self.now_s += 0.5


def test_one_that_dies_at_once_is_started_three_times_and_then_every_five_seconds() -> None:
    starts = Starts()
    starts.ask_for(60.0)
    assert starts.at[:4] == [0.0, 0.5, 1.0, 6.0]
    assert [b - a for a, b in zip(starts.at[2:], starts.at[3:], strict=False)] == [5.0] * 11


def test_the_fourth_within_a_minute_is_back_at_once_when_it_lived_for_five_seconds() -> None:
    starts = Starts()
    for _ in range(6):
        assert starts.relaunch(HELLO)
        starts.now_s += LATER_EVERY_S


def test_no_screen_is_dark_for_longer_than_five_seconds_before_its_next_start() -> None:
    starts = Starts()
    starts.ask_for(600.0)
    assert max(b - a for a, b in zip(starts.at, starts.at[1:], strict=False)) == LATER_EVERY_S


def test_after_a_quiet_minute_three_come_at_once_again() -> None:
    starts = Starts()
    starts.ask_for(20.0)
    starts.now_s += 61.0
    for _ in range(AT_ONCE_A_MINUTE):
        assert starts.relaunch(HELLO)
    assert not starts.relaunch(HELLO)


def started(relauncher: Relauncher, code: str, out: Path) -> bytes:
    assert relauncher.relaunch(Hello(1, (sys.executable, "-c", code, str(out))))
    for child in relauncher._children:
        child.wait(30)
    return out.read_bytes()


ECHO = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())"


def test_the_line_is_all_there_is_on_standard_input(tmp_path: Path) -> None:
    relauncher = Relauncher(input_line=b"the key\n")
    assert started(relauncher, ECHO, tmp_path / "one") == b"the key\n"
    assert started(Relauncher(), ECHO, tmp_path / "two") == b""


def test_one_that_does_not_read_is_no_error(tmp_path: Path) -> None:
    code = "import os, sys; os.close(0); open(sys.argv[1], 'w').close()"
    assert started(Relauncher(input_line=b"the key\n"), code, tmp_path / "one") == b""
