"""The JSON holds the whole session."""

import json
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.export.json_export import read_json, write_json
from monitor.storage.stored import StoredSession


def test_the_session_can_be_rebuilt_from_it(stored: StoredSession, tmp_path: Path) -> None:
    write_json(stored, tmp_path / "out.json")
    assert read_json(tmp_path / "out.json") == stored


def test_it_is_plain_json_that_says_what_it_is(stored: StoredSession, tmp_path: Path) -> None:
    write_json(stored, tmp_path / "out.json")
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert (content["format"], content["version"]) == ("vigil-session", 1)
    assert content["infusion_started_s"] == 600.0
    assert content["rows"][4] == {
        "row": "blood_pressure",
        "session_id": "5e55101",
        "seq": 6,
        "t_s": 602.0,
        "utc": "2026-11-19T09:26:02Z",
        "device": "ge_s5",
        "systolic": 184.0,
        "diastolic": 101.0,
        "mean": 129.0,
        "pulse": 80.0,
        "taken_utc": "2026-11-19T09:25:56.500000Z",
        "is_stale": False,
        "quality": "ok",
    }
    assert content["rows"][5]["priority"] == "high"


def test_a_session_without_rows_is_written(stored: StoredSession, tmp_path: Path) -> None:
    empty = StoredSession(stored.opened, ())
    write_json(empty, tmp_path / "out.json")
    assert read_json(tmp_path / "out.json") == empty


def test_an_existing_file_is_never_written_over(stored: StoredSession, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("mine")
    with pytest.raises(OperatorError, match="exists already"):
        write_json(stored, tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "mine"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format":"vigil-session","version":1}'])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.json").write_text(content)
    with pytest.raises(OperatorError):
        read_json(tmp_path / "other.json")
