"""``vigil export all`` as a clinic meets it: a new folder, a row in the log, plain words."""

import hashlib
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from monitor.export import everything
from tests.keys import raw
from tests.ui.test_session_commands import Clinic
from ui.unfinished_exports import NOTE


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path / "data")


def logged(clinic: Clinic) -> list[dict[str, object]]:
    with closing(raw(clinic.path / "vigil.db")) as connection:
        query = "SELECT detail FROM audit WHERE action = 'record.exported'"
        return [json.loads(detail) for (detail,) in connection.execute(query)]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_everything_goes_into_a_new_folder_and_the_log_vouches_for_it(
    clinic: Clinic, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert clinic.vigil("export", "all", "--to", form, str(out)) == 0
    (row,) = logged(clinic)
    assert row["sha256"] == hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    assert row["to"] == form
    assert (out / "schema.md").exists()
    told = capsys.readouterr()
    assert told.out == ""
    assert "not encrypted" in told.err
    assert clinic.vigil("verify") == 1  # made without a key: its signatures are unchecked
    assert "nothing was altered" in capsys.readouterr().out


def test_what_is_there_is_left_as_it_is(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    cases = [
        ("out", "exists already"),
        ("none/out", "There is no folder"),
        ("data/out", "holds nothing unencrypted"),
        ("data/../data", "holds nothing unencrypted"),
    ]
    for name, says in cases:
        assert clinic.vigil("export", "all", "--to", "csv", str(tmp_path / name)) == 2
        told = capsys.readouterr().err
        assert says in told
        assert told.count("\n") == 1
    assert clinic.vigil("export", "all", "--to", "csv", "-") == 2
    assert logged(clinic) == []
    assert list((tmp_path / "out").iterdir()) == []


def test_the_hidden_folder_is_noted_before_anything_is_in_it(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    real = everything._tables

    def look(record: Any, place: Path, *more: Any) -> Any:
        noted = json.loads((clinic.path / NOTE).read_text())
        seen.append((noted, len(list(place.iterdir()))))
        assert noted == str(place.resolve())
        return real(record, place, *more)

    monkeypatch.setattr(everything, "_tables", look)
    assert clinic.vigil("export", "all", "--to", "csv", str(tmp_path / "out")) == 0
    assert [files for _, files in seen] == [0]
    assert not (clinic.path / NOTE).exists()
