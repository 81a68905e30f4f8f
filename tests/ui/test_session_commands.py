"""``vigil sessions``, ``vigil export`` to standard output, and who may open a port to record."""

import csv
import hashlib
import io
import json
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.storage.database import open_database
from monitor.storage.recorder import append
from tests.keys import KEY, raw, set_up
from tests.monitor.storage.conftest import Maker
from ui.cli import main
from ui.commands.sessions import COLUMN, on_one_line
from ui.only_writer import only_writer

PATIENT = "İpek \x1b[2J<b>"


class Clinic:
    """A data folder with one session of 4 rows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.words = ["--data", str(path), "--passphrase-file", str(set_up(path))]
        maker = Maker()
        opened = replace(maker.opened(), patient=PATIENT)
        rows = [opened, maker.reading(), maker.pressure(), maker.phase("ended")]
        with open_database(path / "vigil.db", KEY) as database:
            append(database, rows)
        self.session = opened.stamp.session_id

    def vigil(self, *words: str) -> int:
        return main([*words, *self.words])

    def exports(self) -> list[dict[str, object]]:
        return self.logged("session.exported")

    def logged(self, action: str) -> list[dict[str, object]]:
        with closing(raw(self.path / "vigil.db")) as connection:
            query = "SELECT detail FROM audit WHERE action = ? ORDER BY number"
            return [json.loads(detail) for (detail,) in connection.execute(query, (action,))]


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path / "data")


def test_the_list_names_the_patient_and_sends_the_terminal_no_command(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clinic.vigil("sessions") == 0
    head, line = capsys.readouterr().out.splitlines()
    assert "patient" in head
    assert "İpek �[2J<b>" in line
    assert clinic.vigil("sessions", "--json") == 0
    assert json.loads(capsys.readouterr().out)["patient"] == PATIENT
    assert clinic.logged("record.viewed") == [{"sessions": 1}, {"sessions": 1}]


def test_a_name_without_end_is_cut_to_its_column() -> None:
    assert on_one_line("x" * COLUMN) == "x" * COLUMN
    assert on_one_line("x" * 10_000) == "x" * (COLUMN - 1) + "…"
    assert on_one_line("a\nb\u202ec") == "a�b�c"


def test_a_terminal_that_lacks_a_letter_shows_its_number(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with io.TextIOWrapper(io.BytesIO(), "ascii") as old_terminal:
        monkeypatch.setattr("sys.stdout", old_terminal)
        assert clinic.vigil("sessions") == 0
        monkeypatch.undo()
        old_terminal.flush()
        assert isinstance(old_terminal.buffer, io.BytesIO)
        assert rb"\u0130pek" in old_terminal.buffer.getvalue()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_to_standard_output_is_the_file_and_leaves_its_trace(
    clinic: Clinic, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, form: str
) -> None:
    file = tmp_path / f"out.{form}"
    assert clinic.vigil("export", clinic.session, "--to", form, str(file)) == 0
    capfdbinary.readouterr()
    assert clinic.vigil("export", clinic.session, "--to", form, "-") == 0
    told = capfdbinary.readouterr()
    assert told.out == file.read_bytes()
    assert told.err == b""
    assert not Path("-").exists()
    to_file, to_output = clinic.exports()
    assert to_file == to_output
    assert to_output["sha256"] == hashlib.sha256(told.out).hexdigest()


def test_what_comes_out_is_the_csv_of_the_contract(
    clinic: Clinic, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert clinic.vigil("export", clinic.session, "--to", "csv", "-") == 0
    text = capfdbinary.readouterr().out.decode()
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [line["kind"] for line in lines] == ["session", "reading", "blood_pressure", "phase"]
    assert {line["is_simulated"] for line in lines} <= {"true", "false"}


def test_an_export_into_a_closed_output_is_said_in_one_sentence(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout", None)
    assert clinic.vigil("export", clinic.session, "--to", "csv", "-") == 2
    assert capsys.readouterr().err.startswith("vigil: standard output is closed: ")


def test_a_speed_that_is_none_names_the_word_that_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["demo", "--speed", "fast"])
    assert "'fast' is not a number above 0, nor 'max';" in capsys.readouterr().err


def test_record_leaves_the_port_alone_while_another_holds_the_folder(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as device, only_writer(clinic.path):
        device.setblocking(False)
        port = f"socket://127.0.0.1:{device.getsockname()[1]}"
        words = ("record", "--driver", "ge_s5", "--port", port, "--minutes", "1")
        assert clinic.vigil(*words) == 2
        with pytest.raises(BlockingIOError):
            device.accept()
    assert "records into" in capsys.readouterr().err
