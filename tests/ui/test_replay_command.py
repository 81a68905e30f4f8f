"""``vigil replay``: the lines for a script, the table for a person, and what is refused.

Knows the command line. What alarms when: tests/monitor.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from ui.cli import main

HEADER = "t_s,sys,dia,map,pr,spo2"
CRISIS = ("1800,130,80,,,", "1805,184,101,,,", "1900,150,90,,,", "2200,150,90,,,")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "trace.csv"


def write(file: Path, *lines: str) -> str:
    file.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return str(file)


def facts(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["replay", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err.removeprefix("vigil: ").rstrip("\n")


def test_each_change_is_one_object_a_line_as_the_contract_says(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", write(file, *CRISIS), "--json"]) == 0
    first, *_ = facts(capsys)
    assert first == {
        "t_s": 1805.0,
        "rule": "BP-H2",
        "priority": "high",
        "from": "quiet",
        "to": "sounding",
        "value": {"systolic": 184, "diastolic": 101},
        "limit": {"systolic": 180, "diastolic": 110},
    }


def test_the_last_line_is_the_summary(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", write(file, "-300,120,70,,60,", *CRISIS), "--json"]) == 0
    summary = facts(capsys)[-1]
    beyond = summary.pop("time_above_limit_s")
    assert summary == {
        "kind": "summary",
        "profile": "Ketamine IV v1",
        "duration_s": 2500,
        "rows": 5,
        "cuff_readings": 5,
        "rejected": 0,
        "baseline": {"systolic": 120, "diastolic": 70, "pulse": 60, "spo2": None},
        "counts": summary["counts"],
    }
    assert list(summary["counts"]) == ["high", "medium", "low"]
    assert summary["counts"]["high"] == 1
    assert (beyond["BP-H2"], beyond["BP-H3"]) == (95, 0)


def test_a_person_gets_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", write(file, *CRISIS)]) == 0
    head, first, *_, counts, beyond = capsys.readouterr().out.splitlines()
    assert head.split() == ["time", "alarm", "priority", "was", "is", "value", "limit"]
    assert first == (
        "30:05  BP-H2  high      quiet     sounding  systolic 184, diastolic 101  "
        "systolic 180, diastolic 110"
    )
    assert counts.startswith("Alarms in 6.7 min, as they sounded: 1 high, ")
    assert beyond.startswith("Time beyond the limits of: BP-H2 1:35, ")


def test_a_calm_trace_is_said_to_be_calm(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", write(file, "0,130,80,,70,98", "3,,,,70,98")]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "No alarm."


def test_a_delay_that_ends_with_nothing_is_for_scripts_only(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ("0,,,,70,", "1,,,,125,", "2,,,,80,")
    assert main(["replay", write(file, *rows)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "No alarm."
    assert main(["replay", write(file, *rows), "--json"]) == 0
    assert [(one["from"], one["to"]) for one in facts(capsys)[:-1]] == [
        ("quiet", "pending"),
        ("pending", "quiet"),
    ]


def test_hold_repeats_values(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = write(file, "0,,,,125,", "60,,,,125,")
    assert main(["replay", trace, "--json", "--hold", "60"]) == 0
    assert [one["to"] for one in facts(capsys)[:-1]] == ["pending", "sounding"]


def test_the_baseline_can_be_given(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = write(file, "0,150,80,,,")
    assert main(["replay", trace, "--json", "--baseline", "110///-"]) == 0
    found = facts(capsys)
    assert [one["rule"] for one in found[:-1]] == ["BP-R1"]
    assert found[-1]["baseline"]["systolic"] == 110
    assert main(["replay", trace, "--json"]) == 0
    assert len(facts(capsys)) == 1


def test_another_profile_can_be_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trace = write(file, "0,165,80,,,")
    assert main(["replay", trace, "--json", "--profile", "hypertensive"]) == 0
    found = facts(capsys)
    assert len(found) == 1
    assert found[0]["profile"].startswith("Ketamine IV, hypertensive") or "ypertensive" in str(
        found
    )


def test_impossible_values_are_said_beside_the_result_and_counted(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", write(file, "0,250,245,,0,98"), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "vigil: line 2 of trace.csv: nobody has the pressure 250/245; it is left out.",
        "vigil: line 2 of trace.csv: nobody has a pr of 0; it is left out.",
    ]
    assert json.loads(out.splitlines()[-1])["rejected"] == 2


def test_of_many_impossible_values_the_first_are_said(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", write(file, *(f"{t},,,,0," for t in range(13)))]) == 0
    said = capsys.readouterr().err.splitlines()
    assert (len(said), said[-1]) == (11, "vigil: 3 more values are left out.")


def test_what_is_no_trace_is_one_sentence_and_exit_code_2(
    tmp_path: Path, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, write(file, "60,,,,x,")) == (
        "Line 2 of trace.csv is wrong: 'x' in pr is no number: leave blank what was not measured."
    )
    assert "is a directory" in refused(capsys, str(tmp_path)).lower()
    assert "No such file" in refused(capsys, str(tmp_path / "none.csv"))
    file.write_bytes(b"")
    assert refused(capsys, str(file)).startswith("The trace trace.csv is empty")
    file.write_bytes(bytes(range(256)) * 400)
    assert refused(capsys, str(file)).startswith("Line 1 of trace.csv is wrong")
    assert "is no baseline" in refused(capsys, write(file, "0,,,,70,"), "--baseline", "125/78")
    assert "profile" in refused(capsys, write(file, "0,,,,70,"), "--profile", "no such one")


def test_a_line_without_an_end_is_refused_without_being_read(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with file.open("wb") as opened:
        opened.truncate(100_000_000)
    assert refused(capsys, str(file)).startswith("Line 1 of trace.csv is wrong: it is too long")


@pytest.mark.parametrize("hold", ["0", "-1", "nan", "x", "inf"])
def test_a_hold_that_is_no_time_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str], hold: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["replay", write(file, "0,,,,70,"), f"--hold={hold}"])
    assert caught.value.code == 2
    assert "is not a number above 0" in capsys.readouterr().err
