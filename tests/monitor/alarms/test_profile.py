"""Alarm profiles: what ships is as the clinical brief says, and a wrong file is refused in words.

Knows profile.py and rules.py.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile, load_profile, profile_from, rules_from
from monitor.alarms.rules import Rule
from monitor.errors import OperatorError


def test_the_shipped_profile_is_ketamine_iv_v1_with_its_rules(profile: Profile) -> None:
    assert profile.title == "Ketamine IV v1"
    assert [(rule.id, rule.latch.value) for rule in profile.rules] == [
        ("BP-H2", "yes"),
        ("HR-H1", "visual"),
        ("TECH-3", "no"),
        ("TECH-9", "no"),
        ("TECH-9R", "no"),
        ("TECH-9S", "no"),
    ]
    assert profile.realarm_s == {Priority.HIGH: 120, Priority.MEDIUM: 300, Priority.LOW: 600}


def test_a_profile_survives_being_kept_with_a_session_as_json(profile: Profile) -> None:
    assert profile_from(json.loads(json.dumps(profile.raw))) == profile
    assert rules_from(profile.raw) == profile.rules


def test_every_rule_has_words_of_its_own(profile: Profile) -> None:
    assert [rule.words for rule in profile.rules] == [
        "Systolic at or above 180 or diastolic at or above 110",
        "Pulse above 120",
        "No data from the monitor",
        "Alarm sound",
        "Recording",
        "Disk",
    ]
    with pytest.raises(NotImplementedError):
        _ = Rule.words.fget(profile.rules[0])


BP, HR, SILENCE, SOUND = range(4)
LOW, HIGH = {"priority": "low", "delay_s": 5}, {"priority": "high", "delay_s": 5}

WRONG_FIELDS = [
    (BP, "systolic_mmhg", 400, "rule BP-H2, systolic_mmhg: 400 mmHg is no value a living adult"),
    (BP, "systolic_mmhg", 165, "rule BP-H2, clear_systolic_mmhg: 170 must be below the limit 165"),
    (BP, "clear_diastolic_mmhg", 110, "rule BP-H2, clear_diastolic_mmhg: 110 must be below"),
    (BP, "clear_systolic_mmhg", 1, "rule BP-H2, clear_systolic_mmhg: 1 mmHg is no value"),
    (BP, "confirm_within_s", 0, "rule BP-H2, confirm_within_s: 0 is not above 0"),
    (BP, "clear_readings", 0, "rule BP-H2, clear_readings: it must be a whole number"),
    (BP, "clear_readings", 1.5, "rule BP-H2, clear_readings: it must be a whole number"),
    (BP, "clear_readings", True, "rule BP-H2, clear_readings: it must be a whole number"),
    (BP, "systolic_mmhg", "180", "rule BP-H2, systolic_mmhg: it must be a number"),
    (BP, "systolic_mmhg", True, "rule BP-H2, systolic_mmhg: it must be a number"),
    (BP, "systolic_mmhg", float("nan"), "rule BP-H2, systolic_mmhg: it must be a number"),
    (BP, "systolic", 180, "rule BP-H2, systolic: there is no such field"),
    (BP, "kind", "presure_high", 'rule BP-H2, kind: "presure_high" is none of pressure_high'),
    (BP, "latch", "maybe", "rule BP-H2, latch: it must be one of no, visual, yes"),
    (BP, "id", " ", "rule, id: it must be a text that is not empty"),
    (BP, "id", "HR-H1", "rule HR-H1: it is there more than once"),
    (HR, "above_per_min", 110, "rule HR-H1, clear_below_per_min: 115 must be below the limit 110"),
    (HR, "above_per_min", 999, "rule HR-H1, above_per_min: 999 /min is no value a living adult"),
    (HR, "clear_for_s", -1, "rule HR-H1, clear_for_s: -1 is not above 0"),
    (HR, "stale_after_s", 0, "rule HR-H1, stale_after_s: 0 is not above 0"),
    (HR, "tiers", [], "rule HR-H1, tiers: there is none"),
    (HR, "tiers", "high", "rule HR-H1, tiers: it must be a list"),
    (HR, "tiers", ["high"], "rule HR-H1, tiers: it must be a table"),
    (HR, "tiers", [{"priority": "low", "delay_s": -5}], "rule HR-H1, delay_s: -5 s is no delay"),
    (HR, "tiers", [{"priority": "red", "delay_s": 5}], "rule HR-H1, tiers, priority: it must be"),
    (HR, "tiers", [{"priority": ["low"], "delay_s": 5}], "tiers, priority: it must be one of"),
    (HR, "tiers", [{"priority": "low"}], "rule HR-H1, tiers, delay_s: it is missing"),
    (HR, "tiers", [LOW | {"delay": 5}], "rule HR-H1, tiers, delay: there is no such field"),
    (HR, "tiers", [HIGH, LOW], "rule HR-H1, tiers: each must be more urgent"),
    (HR, "tiers", [LOW, HIGH | {"delay_s": 1}], "rule HR-H1, tiers: each must be more urgent"),
    (SILENCE, "clear_frames", 0, "rule TECH-3, clear_frames: it must be a whole number"),
    (SILENCE, "tiers", [LOW | {"delay_s": 0}], "rule TECH-3, delay_s: 0 is not above 0"),
    (SOUND, "title", "", "rule TECH-9, title: it must be a text that is not empty"),
]


@pytest.mark.parametrize(("rule", "field", "value", "sentence"), WRONG_FIELDS)
def test_a_wrong_field_is_refused_by_file_rule_and_field(
    profile: Profile, rule: int, field: str, value: Any, sentence: str
) -> None:
    raw = copy.deepcopy(profile.raw)
    raw["rule"][rule][field] = value
    with pytest.raises(OperatorError) as refused:
        profile_from(raw, "site.toml")
    assert refused.value.what.startswith("alarm profile site.toml: ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": []}, "rule: there is no [[rule]] table"),
        ({"rule": {}}, "rule: there is no [[rule]] table"),
        ({"rule": [7]}, "rule: it must be a table"),
        ({"rules": []}, "rules: there is no such field"),
        ({"name": 7}, "name: it must be a text"),
        ({"version": 0}, "version: it must be a whole number"),
        ({"realarm_s": 5}, "realarm_s: it must be a table"),
        ({"realarm_s": {"high": 120}}, "realarm_s, low: it is missing"),
        ({"realarm_s": {"high": 400, "medium": 300, "low": 600}}, "more urgent not the later"),
        ({"realarm_s": {"high": 0, "medium": 300, "low": 600}}, "each must be above 0"),
    ],
)
def test_a_wrong_head_is_refused(profile: Profile, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OperatorError, match=r"alarm profile site\.toml") as refused:
        profile_from(profile.raw | change, "site.toml")
    assert sentence in str(refused.value)


def test_a_missing_field_is_named(profile: Profile) -> None:
    raw = copy.deepcopy(profile.raw)
    del raw["rule"][0]["confirm_within_s"]
    with pytest.raises(OperatorError, match="rule BP-H2, confirm_within_s: it is missing"):
        profile_from(raw)


def test_a_truncated_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    for text in ('name = "Site"\nversion = ', 'name = "Site"\nversion 1\n'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(OperatorError, match=r"alarm profile site\.toml: .*line 2"):
            load_profile(path)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OperatorError, match=r"alarm profile site\.toml"):
        load_profile(path)
    with pytest.raises(OperatorError, match=r"alarm profile gone\.toml: No such file"):
        load_profile(tmp_path / "gone.toml")
