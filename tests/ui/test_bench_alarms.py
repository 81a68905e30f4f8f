"""What the benchmarks of replay and simulated sessions count, on a few sessions."""

from pathlib import Path

import pytest

from monitor.alarms.priority import Priority
from monitor.alarms.profile import default_profile
from ui.bench import ketamine, replaying
from ui.bench.benchmark import Work
from ui.bench.ketamine import Heard, Patient, heard


def test_the_same_seed_is_the_same_patient() -> None:
    one, again, other = Patient(1), Patient(1), Patient(2)
    times = range(0, 3600, 300)
    readings = [one.reading(t) for t in times]
    assert readings == [again.reading(t) for t in times]
    assert readings != [other.reading(t) for t in times]


def test_the_pressure_rises_to_its_peak_as_the_brief_says() -> None:
    at_peak = [Patient(seed).reading(ketamine.PEAK_S) for seed in range(2000)]
    systolic, diastolic = (sum(column) / 2000 for column in zip(*at_peak, strict=True))
    assert systolic == pytest.approx(125 + 16, abs=1)
    assert diastolic == pytest.approx(78 + 11, abs=1)


def test_a_session_is_heard_by_rule_and_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    def crisis(_patient: Patient, t: float) -> tuple[float, float]:
        return (184, 90) if t == 600 else (130, 80)

    monkeypatch.setattr(Patient, "reading", crisis)
    for repeats in (True, False):
        found = heard(1, default_profile(), repeats=repeats)
        assert found.alarms["BP-H2", Priority.HIGH] == 1
        assert found.of(Priority.HIGH) == 1


def test_a_prompt_is_repeated_where_there_is_a_nurse(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def prompting(_patient: Patient, t: float) -> tuple[float, float]:
        asked.append(t)
        return (165, 90) if t == 600 else (145, 80)

    monkeypatch.setattr(Patient, "reading", prompting)
    heard(1, default_profile(), repeats=True)
    assert [t for t in asked if t % 300] == [690]
    asked.clear()
    heard(1, default_profile(), repeats=False)
    assert [t for t in asked if t % 300] == []


def test_ninety_of_a_hundred_have_no_more_than_the_90th_percentile() -> None:
    sessions = [Heard() for _ in range(10)]
    for count, one in enumerate(sessions):
        one.alarms["BP-H2", Priority.HIGH] = count
    assert ketamine._p90(sessions) == 8


def test_a_replay_that_alarms_is_timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(replaying, "LENGTH_S", 600)
    (figure,) = replaying.measure(Work(tmp_path, is_quick=True))
    assert figure.value > 0
