"""A desktop that is started again finds on standard input what it cannot ask for: the key."""

import sys
from pathlib import Path

from monitor.channel_messages import Hello
from monitor.relauncher import Relauncher


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
