"""The CSV follows the contract: its columns, its times, its numbers, and no formula."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from monitor.export.csv_export import write_csv
from monitor.records import PressureKept
from monitor.storage.stored import StoredSession


@pytest.fixture
def lines(stored: StoredSession, tmp_path: Path) -> list[dict[str, str]]:
    write_csv(stored, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_first_columns_are_the_time_and_the_seconds_of_the_infusion(lines) -> None:
    assert list(lines[0])[:2] == ["time_utc", "infusion_s"]
    assert lines[2]["time_utc"] == "2026-11-19T09:16:00.250000Z"
    assert lines[2]["infusion_s"] == "-599.75"


def test_there_is_one_line_for_each_row_of_the_record(lines) -> None:
    assert [line["seq"] for line in lines] == list("1234567")
    kinds = "session phase reading reading phase blood_pressure alarm"
    assert [line["kind"] for line in lines] == kinds.split()


def test_a_cuff_reading_stands_at_the_time_it_was_taken(lines) -> None:
    cuff = lines[5]
    pressures = (cuff["systolic_mmHg"], cuff["diastolic_mmHg"], cuff["mean_mmHg"])
    assert pressures == ("184", "101", "129")
    assert (cuff["time_utc"], cuff["infusion_s"]) == ("2026-11-19T09:25:56.500000Z", "-3.5")
    assert (cuff["recorded_utc"], cuff["session_s"]) == ("2026-11-19T09:26:02.000000Z", "602")
    assert (cuff["is_stale"], cuff["source"], cuff["pulse_per_min"]) == ("false", "cuff", "80")


def test_a_stale_cuff_reading_has_no_time_of_its_own(stored: StoredSession, tmp_path: Path) -> None:
    cuff = stored.rows[4]
    assert isinstance(cuff, PressureKept)
    stale = replace(cuff, taken_utc=None, is_stale=True)
    write_csv(replace(stored, rows=(*stored.rows[:4], stale)), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        *_, line = csv.DictReader(file)
    assert (line["systolic_mmHg"], line["is_stale"]) == ("184", "true")
    assert (line["time_utc"], line["infusion_s"]) == ("", "")
    assert (line["recorded_utc"], line["session_s"]) == ("2026-11-19T09:26:02.000000Z", "602")


@pytest.mark.parametrize(("is_simulated", "said"), [(True, "true"), (False, "false")])
def test_every_line_says_whether_it_is_simulated(
    stored: StoredSession, tmp_path: Path, is_simulated: bool, said: str
) -> None:
    opened = replace(stored.opened, is_simulated=is_simulated)
    write_csv(replace(stored, opened=opened), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [line["is_simulated"] for line in csv.DictReader(file)] == [said] * 7


def test_numbers_have_a_dot_and_a_missing_value_is_blank_with_its_reason(lines) -> None:
    assert lines[2]["spo2_percent"] == "96.65"
    missing = lines[3]
    assert (missing["vital"], missing["pulse_per_min"]) == ("pulse_rate", "")
    assert missing["quality"] == "sensor_off"


def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(lines) -> None:
    assert (lines[6]["text"], lines[6]["by"]) == ("'-184/101 at or above 180", "'@nurse")
    cells = [cell for line in lines for name, cell in line.items() if name != "infusion_s"]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_the_second_column_is_blank_when_there_was_no_infusion(
    stored: StoredSession, tmp_path: Path
) -> None:
    write_csv(replace(stored, rows=stored.rows[:3]), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert {line["infusion_s"] for line in csv.DictReader(file)} == {""}


def test_an_existing_file_is_never_written_over(stored: StoredSession, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine")
    with pytest.raises(OperatorError, match="exists already"):
        write_csv(stored, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_a_folder_that_is_not_there_is_said(stored: StoredSession, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be written"):
        write_csv(stored, tmp_path / "nowhere" / "out.csv")


def test_an_export_that_is_broken_off_leaves_no_half_file(
    stored: StoredSession, tmp_path: Path
) -> None:
    def cancel(_rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_csv(stored, tmp_path / "out.csv", cancel)
    assert not (tmp_path / "out.csv").exists()
