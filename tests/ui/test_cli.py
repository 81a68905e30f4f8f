"""The commands as a person or a script meets them: output, exit codes, one sentence an error."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.settings import FILE_NAME
from monitor.storage.database import open_database
from tests.keys import KEY, raw, set_up
from ui.cli import main
from ui.only_writer import only_writer

NO_QT = """
import importlib.abc, sys
class NoQt(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "pyqtgraph", "shiboken6"):
            raise ImportError("a headless command asked for " + name)
sys.meta_path.insert(0, NoQt())
from ui.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(*words: str | Path, stdin: bytes = b"", **env: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-c", NO_QT, *map(str, words)],
        input=stdin,
        capture_output=True,
        timeout=110,
        check=False,
        env=os.environ | env,
    )


def sentence(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Return the one line of an error that a person can mend."""
    assert done.returncode == 2
    assert done.stdout == b""
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("vigil")
    return lines[0]


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo") / "Ergebnis ä"
    done = run("demo", "--headless", "--out", out, DISPLAY="")
    assert done.returncode == 0, done.stderr.decode()
    return out


def test_the_headless_demo_leaves_chart_readings_and_summary_without_qt(demo_folder: Path) -> None:
    assert (demo_folder / "chart.png").read_bytes().startswith(b"\x89PNG")
    summary = json.loads((demo_folder / "summary.json").read_text())
    assert summary["simulated"] is True
    assert summary["blood_pressures"] >= 12
    assert summary["alarm_onsets"]["high"] >= 1
    assert summary["alarm_onsets"]["medium"] >= 1
    assert (demo_folder / "readings.csv").read_text().count("\n") > 3600


def test_the_demo_replaces_only_what_a_demo_left(demo_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "precious"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    assert "other files" in sentence(run("demo", "--headless", "--out", other))
    assert (other / "thesis.txt").read_text() == "mine"


def test_wrong_use_is_one_sentence() -> None:
    assert "invalid choice" in sentence(run("dance"))
    assert "not a number above 0" in sentence(run("simulate", "ge_s5", "--pty", "--speed", "-1"))


def test_an_unknown_driver_names_the_known_ones(tmp_path: Path) -> None:
    assert "ge_s5" in sentence(run("decode", "nope", tmp_path))


@pytest.mark.parametrize("content", [b"", b"no capture at all", b"\x7e\x00\x7e" * 50])
def test_a_file_that_is_no_capture_is_said_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.raw"
    file.write_bytes(content)
    assert "no valid frame" in sentence(run("decode", "ge_s5", file, "--json"))


def test_decode_reads_standard_input_and_a_closed_pipe_is_no_error(shared: Path) -> None:
    raw = (shared / "data/captures/ge_s5_bx50_raw.raw").read_bytes()
    done = run("decode", "ge_s5", "-", "--json", stdin=raw)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert events[0]["offset"] == 0
    assert {event["kind"] for event in events} == {"blood_pressure", "reading"}


def test_a_port_that_does_not_exist_is_said_before_anything_is_written(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB7"
    data = tmp_path / "data"
    words = ("record", "--driver", "ge_s5", "--port", port, "--minutes", "1", "--data", data)
    assert "ttyUSB7" in sentence(run(*words, "--passphrase-file", set_up(data)))
    assert not (data / "vigil.db").exists()


def test_a_second_station_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    secret = set_up(data)
    with only_writer(data):
        words = ("station", "--data", data, "--passphrase-file", secret)
        assert "records into" in sentence(run(*words))


def test_a_database_of_a_newer_version_is_not_recorded_into_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "vigil.db"
    secret = set_up(file.parent)
    open_database(file, KEY).close()
    connection = raw(file)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    for words in (("station",), ("backup", tmp_path / "to")):
        assert "newer" in sentence(run(*words, "--data", file.parent, "--passphrase-file", secret))
    assert file.read_bytes() == before


def test_a_truncated_settings_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / FILE_NAME
    file.write_text('[[chair]]\nname = "Chair 1"\ndriver = "ge_')
    before = file.read_bytes()
    assert FILE_NAME in sentence(run("station", "--data", tmp_path))
    assert FILE_NAME in sentence(run("sessions", "--data", tmp_path))
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME]


def test_a_misspelled_driver_in_the_settings_is_said_before_a_window_opens(tmp_path: Path) -> None:
    words = '[[chair]]\nname = "Chair 1"\ndriver = "ge_55"\nport = "/dev/ttyUSB0"\n'
    (tmp_path / FILE_NAME).write_text(words)
    assert "ge_55" in sentence(run("--data", tmp_path, QT_QPA_PLATFORM="offscreen"))
    assert "ge_55" in sentence(run("station", "--data", tmp_path))


def test_the_desktop_without_a_display_is_one_sentence(tmp_path: Path) -> None:
    blind = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    if sys.platform.startswith("linux"):
        assert "display" in sentence(run("--data", tmp_path, **blind))


def test_no_session_yet_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "sessions"]) == 0
    assert "no session" in capsys.readouterr().err
    assert main(["sessions", "--data", str(tmp_path), "--json"]) == 0
    assert capsys.readouterr().out == ""


def test_devices_lists_drivers_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--json"]) == 0
    facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    drivers = {fact["key"]: fact for fact in facts if fact["kind"] == "driver"}
    assert drivers["ge_s5"]["maturity"] == "capture-verified"
    assert drivers["ge_s5"]["line_settings"][0].startswith("19200 8E1")
