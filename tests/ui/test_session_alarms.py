"""``vigil sessions --alarms``: the figures for people and for programs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.snapshot import AlarmState
from monitor.storage.database import open_database
from monitor.storage.recorder import append
from tests.keys import KEY, set_up
from tests.monitor.storage.conftest import Maker
from ui.cli import main

SOUNDING, ACKNOWLEDGED = AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED


class Clinic:
    """A data folder with sessions of one hour."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.words = ["--data", str(path), "--passphrase-file", str(set_up(path))]

    def record(self, session_id: str, *onsets_s: float, is_simulated: bool = False) -> None:
        """Alarms that begin at these seconds; the first is acknowledged after 20 s."""
        maker = Maker(session_id)
        rows = [replace(maker.opened(), is_simulated=is_simulated)]
        rows += [maker.transition(t_s) for t_s in onsets_s]
        if onsets_s:
            seen = maker.transition(onsets_s[0] + 20.0)
            rows.append(replace(seen, old=SOUNDING, new=ACKNOWLEDGED))
        rows.append(maker.phase("ended", 3600.0))
        with open_database(self.path / "vigil.db", KEY) as database:
            append(database, rows)

    def told(self, capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
        assert main(["sessions", "--alarms", *words, *self.words]) == 0
        return capsys.readouterr().out.splitlines()


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path / "data")


def test_nothing_recorded_is_said_and_no_figure_is_made_up(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clinic.told(capsys, "--json") == []
    assert main(["sessions", "--alarms", *clinic.words]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "no session is recorded" in told.err


def test_a_line_a_session_and_all_together_for_people(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.record("aaaaaaaa1", 10.0, 100.0, 200.0)
    clinic.record("bbbbbbbb2")
    head, first, second, *rest = clinic.told(capsys)
    assert head.split()[:3] == ["session", "opened", "(UTC)"]
    assert first.split()[0] == "aaaaaaaa"
    assert first.split()[3:8] == ["60.0", "3", "0", "0", "3.0"]
    assert "BP-H2" in first
    assert second.split()[3:9] == ["60.0", "0", "0", "0", "0.0", "-"]
    text = "\n".join(rest)
    assert "Over all 2 sessions, 2.0 hours:" in text
    assert "HIGH 100% (about 5%)" in text
    assert "1 of 3 (33%), after 20 s in the middle" in text
    assert "in 1 sessions: BP-H2" in text
    assert "simulated" not in text


def test_simulated_sessions_are_summed_up_apart(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.record("aaaaaaaa1", 10.0)
    clinic.record("bbbbbbbb2", is_simulated=True)
    lines = [json.loads(line) for line in clinic.told(capsys, "--json")]
    assert [line["kind"] for line in lines] == ["session", "session", "over_all", "over_all"]
    real, simulated = lines[2:]
    assert (real["simulated"], real["sessions"], real["onsets"]) == (False, 1, 1)
    assert (simulated["simulated"], simulated["sessions"], simulated["onsets"]) == (True, 1, 0)
    assert simulated["acknowledged_share"] is None
    text = "\n".join(clinic.told(capsys))
    assert "Over all 1 sessions of simulated devices, 1.0 hours:" in text


def test_programs_get_every_figure_and_null_for_a_share_of_nothing(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.record("aaaaaaaa1", 0.0, 60.0, 120.0, 180.0, 240.0)
    clinic.record("bbbbbbbb2")
    busy, quiet, both = (json.loads(line) for line in clinic.told(capsys, "--json"))
    assert busy["session"] == "aaaaaaaa1"
    assert busy["onsets_by_priority"] == {"high": 5, "medium": 0, "low": 0}
    assert busy["priority_mix"] == {"high": 1.0, "medium": 0.0, "low": 0.0}
    assert busy["floods"] == [{"from_s": 0.0, "to_s": 240.0, "onsets": 5}]
    assert busy["chatter"] == [{"rule": "BP-H2", "from_s": 0.0, "to_s": 240.0, "onsets": 5}]
    assert quiet["per_hour"] == 0.0
    for name in ("priority_mix", "confirmed_share", "acknowledged_share", "acknowledged_p90_s"):
        assert quiet[name] is None
    assert (both["high_medium_median"], both["high_medium_p90"]) == (0.0, 5.0)
    assert both["within_goal"] is False
    assert both["chattering_rules"] == ["BP-H2"]


def test_that_the_figures_were_looked_at_is_logged(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic.record("aaaaaaaa1")
    clinic.told(capsys)
    with open_database(clinic.path / "vigil.db", KEY) as database, database.reading() as connection:
        query = "SELECT count(*) FROM audit WHERE action = 'record.viewed'"
        assert connection.exec_driver_sql(query).scalar_one() == 1
