"""``vigil decode`` on rubbish, on closed and full streams, and into a pipe that breaks."""

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from devices.decode import Decoder
from devices.drivers.ge_s5 import INFO
from devices.testing import simulated_sample
from ui.cli import main
from ui.commands.device import CHUNK, HELD_AT_MOST, _until_first_valid

BAD = b"\x7e\x01"
SAMPLE = simulated_sample(INFO)
FULL = Path("/dev/full")


def decoded(capsys: pytest.CaptureFixture[str], file: Path) -> tuple[list[dict[str, object]], str]:
    assert main(["decode", "ge_s5", str(file), "--json"]) == 0
    shown = capsys.readouterr()
    return [json.loads(line) for line in shown.out.splitlines()], shown.err


def test_what_precedes_the_first_valid_frame_is_shown_once_it_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "line.raw"
    file.write_bytes(BAD * 3 + SAMPLE)
    events, said = decoded(capsys, file)
    kinds = [event["kind"] for event in events]
    assert kinds[:4] == ["bad_frame"] * 3 + ["reading"]
    assert said == ""


@pytest.mark.parametrize("shift", [0, 1, 7])
def test_of_many_bad_frames_the_first_are_shown_the_rest_is_counted_and_no_value_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shift: int
) -> None:
    file = tmp_path / "line.raw"
    bad_frames = 2 * CHUNK // len(BAD) - 1  # without a shift, the next piece begins with a value
    file.write_bytes(b"\x7e" * shift + BAD * bad_frames + b"\x7e\x7e" + SAMPLE)
    events, said = decoded(capsys, file)
    file.write_bytes(SAMPLE)
    alone, _ = decoded(capsys, file)
    shown = [event["kind"] for event in events if event["kind"] != "bad_frame"]
    assert shown == [event["kind"] for event in alone]
    dropped = bad_frames - (len(events) - len(shown))
    assert dropped > 0
    assert said == (f"vigil: {dropped} more bad frames before the first valid one are not shown.\n")


def test_rubbish_without_end_takes_no_memory() -> None:
    pieces = (BAD * (CHUNK // len(BAD)) for _ in range(20))
    decoder = Decoder(INFO)
    tracemalloc.start()
    try:
        beginning = _until_first_valid(
            decoder, (event for data in pieces for event in decoder.feed(data))
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(beginning.events) == HELD_AT_MOST
    assert beginning.dropped > 30_000
    assert peak < 4_000_000


def test_closed_standard_input_is_said_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["decode", "ge_s5", "-"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "vigil: standard input is closed: pipe bytes into it or name a file.\n",
    )


def test_an_input_that_fails_while_it_is_read_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    memory = Path("/proc/self/mem")  # opens, and answers a read at 0 with EIO
    if not memory.exists():
        pytest.skip("this system has no file that opens but cannot be read")
    assert main(["decode", "ge_s5", str(memory)]) == 2
    assert "vigil: /proc/self/mem cannot be read (" in capsys.readouterr().err


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_output_that_cannot_be_written_is_not_blamed_on_the_input(
    tmp_path: Path, form: list[str]
) -> None:
    file = tmp_path / "line.raw"
    file.write_bytes(SAMPLE)
    words = [sys.executable, "-m", "ui.cli", "decode", "ge_s5", str(file), *form]
    with FULL.open("wb") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 2
    said = "vigil: standard output cannot be written (No space left on device): send it to a place"
    assert done.stderr.decode() == f"{said} that has room.\n"


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reader_that_has_enough_is_no_fault(tmp_path: Path, form: list[str]) -> None:
    file = tmp_path / "line.raw"
    file.write_bytes(SAMPLE * 2000)
    words = [sys.executable, "-m", "ui.cli", "decode", "ge_s5", str(file), *form]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdout=pipe, stderr=pipe) as decoding:
        assert decoding.stdout is not None
        assert decoding.stderr is not None
        assert decoding.stdout.readline()
        decoding.stdout.close()
        assert decoding.stderr.read() == b""
        assert decoding.wait(60) == 0
