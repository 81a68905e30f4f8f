"""Alarm profiles: what ships is as the clinical brief says, and a wrong file is refused in words.

Knows profile.py and the kinds of rules.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from monitor.alarms.limit_rules import CuffLimit, LimitRule, ValueLimit
from monitor.alarms.priority import Priority
from monitor.alarms.profile import (
    LONGEST_FILE,
    SHIPPED,
    Profile,
    find_profile,
    load_profile,
    merged,
    parse_profile,
    profile_from,
    rules_from,
    shipped_profile,
)
from monitor.alarms.rule_kinds import (
    FrameSilence,
    NamedFault,
    ObservationDue,
    Silence,
    ValueMissing,
)
from monitor.alarms.rules import Latch, Rule, Tier
from monitor.errors import OperatorError
from resources import path_to

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
TABLE = {
    "BP-H3": ("yes", "blood_pressure", {HIGH: (0, 1)}),
    "BP-H2": ("yes", "blood_pressure", {HIGH: (0, 1)}),
    "BP-L2": ("yes", "blood_pressure", {HIGH: (0, 1)}),
    "BP-H1": ("visual", "blood_pressure", {LOW: (0, 1), MEDIUM: (0, 2)}),
    "BP-L1": ("visual", "blood_pressure", {LOW: (0, 1), MEDIUM: (0, 2)}),
    "BP-R1": ("visual", "blood_pressure", {LOW: (0, 1), MEDIUM: (0, 2)}),
    "BP-R2": ("no", "blood_pressure", {LOW: (0, 2)}),
    "BP-D": ("no", "blood_pressure", {LOW: (0, None)}),
    "HR-H2": ("yes", "pulse", {HIGH: (10, None)}),
    "HR-L2": ("yes", "pulse", {HIGH: (10, None)}),
    "HR-H1": ("visual", "pulse", {MEDIUM: (15, None)}),
    "HR-L1": ("visual", "pulse", {MEDIUM: (15, None)}),
    "HR-R": ("no", "pulse", {LOW: (60, None)}),
    "O2-2": ("yes", "spo2", {HIGH: (10, None)}),
    "O2-1": ("visual", "spo2", {MEDIUM: (15, None)}),
    "O2-0": ("no", "spo2", {LOW: (30, None)}),
    "TECH-3": ("no", "device", {LOW: (5, None), MEDIUM: (15, None)}),
    "TECH-2": ("no", "device", {LOW: (10, None), MEDIUM: (30, None)}),
    "TECH-7": ("no", "device", {LOW: (10, None), MEDIUM: (30, None)}),
    "TECH-6": ("no", "cuff", {LOW: (0, 1), MEDIUM: (0, 2)}),
    "TECH-4": ("no", "cuff", {LOW: (120, 1), MEDIUM: (60, 2)}),
    "TECH-8": ("no", "", {LOW: (0, None)}),
    "PR-D": ("no", "", {LOW: (0, None)}),
    "TECH-9": ("no", "", {MEDIUM: (0, None)}),
    "TECH-9R": ("no", "", {MEDIUM: (0, None)}),
    "TECH-9S": ("no", "", {MEDIUM: (0, None)}),
    "CLIN-1": ("yes", "", {MEDIUM: (0, 3), HIGH: (0, 1)}),
    "CLIN-2": ("no", "", {LOW: (300, None)}),
}
"""Latch, group, and per priority the delay and the step, as in clinical.md section 4."""


def test_the_shipped_profile_is_ketamine_iv_v1_with_every_row_of_the_table(
    profile: Profile,
) -> None:
    assert profile.title == "Ketamine IV v1"
    found = {
        rule.id: (
            rule.latch.value,
            rule.group,
            {tier.priority: (tier.delay_s, tier.after) for tier in rule.tiers},
        )
        for rule in profile.rules
    }
    assert found == TABLE
    assert profile.realarm_s == {HIGH: 120, MEDIUM: 300, LOW: 600}
    assert profile.escalates_after_s == 60
    assert [rule.id for rule in profile.rules if rule.escalates_after_s] == ["BP-H3"]


def test_a_profile_survives_being_kept_with_a_session_as_json(profile: Profile) -> None:
    assert profile_from(json.loads(json.dumps(profile.raw))) == profile
    assert rules_from(profile.raw) == profile.rules


def test_every_rule_has_words_of_its_own(profile: Profile) -> None:
    words = {rule.id: rule.words for rule in profile.rules}
    assert words["BP-H2"] == "Systolic at or above 180 or diastolic at or above 110"
    assert words["BP-R1"] == (
        "Systolic at or above baseline + 40 or diastolic at or above baseline + 25"
    )
    assert words["BP-R2"] == "Systolic at or above 1.3 * baseline"
    assert words["BP-L2"] == "Systolic below 80", "the vagal fall needs two clauses"
    assert words["BP-D"] == "Systolic changed by 30 or more"
    assert words["HR-H1"] == "Pulse above 120"
    assert words["HR-L1"] == "Pulse below 50 or pulse below baseline - 15"
    assert words["O2-2"] == "SpO2 below 88"
    assert words["TECH-3"] == "No data from the monitor"
    assert words["CLIN-1"] == "MOAA/S is low"
    assert len(set(words.values())) == len(words)
    with pytest.raises(NotImplementedError):
        _ = Rule.words.fget(profile.rules[0])


def test_a_rule_without_problems_of_its_own_has_none() -> None:
    rule = NamedFault(id="X", latch=Latch.NO, tiers=(Tier(LOW),), fault="f", title="t")
    assert list(rule.problems()) == []


# ---- the plan of cuff readings, and a rule by its name


def test_the_cuff_plan_may_change_in_the_course_of_the_infusion(profile: Profile) -> None:
    steps = [{"from_s": 0, "interval_s": 300}, {"from_s": 3600, "interval_s": 900}]
    long = profile_from(profile.raw | {"cuff": steps})
    assert [long.cuff_interval_s(t) for t in (-5, 0, 3599.9, 3600, 9e9)] == [
        300,
        300,
        300,
        900,
        900,
    ]


def test_a_rule_is_found_by_its_id(profile: Profile) -> None:
    assert profile.rule("HR-H1").vital.value == "pulse_rate"
    assert profile.rule("HR-H9") is None


# ---- files


def test_every_profile_that_ships_can_be_read_and_has_a_title_of_its_own() -> None:
    titles = {shipped_profile(name).title for name in SHIPPED}
    assert len(titles) == len(SHIPPED)
    assert all(shipped_profile(name).for_whom for name in SHIPPED)


@pytest.mark.parametrize("name", ["Ketamine IV", "ketamine-iv", "KETAMINE_IV_V1"])
def test_a_shipped_profile_is_found_by_its_name(profile: Profile, name: str) -> None:
    assert find_profile(name) == profile


def test_a_profile_is_found_by_its_file_and_an_unknown_name_is_refused(
    profile: Profile, tmp_path: Path
) -> None:
    path = tmp_path / "site.toml"
    path.write_text(path_to("defaults/ketamine_iv_v1.toml").read_text("utf-8"), "utf-8")
    assert find_profile(str(path)) == profile
    with pytest.raises(OperatorError, match="There is no alarm profile 'oral'") as refused:
        find_profile("oral")
    assert "ketamine_iv, hypertensive, elderly" in refused.value.what_to_do
    with pytest.raises(OperatorError, match=r"oral\.toml: No such file"):
        find_profile(str(tmp_path / "oral.toml"))


def test_a_file_without_a_suffix_is_found_too(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "site"
    path.write_text(path_to("defaults/ketamine_iv_v1.toml").read_text("utf-8"), "utf-8")
    assert find_profile(str(path)) == profile


@pytest.mark.parametrize("lines", [1, 40, 80, 200, 300])
def test_a_truncated_file_is_refused_with_a_reason(lines: int) -> None:
    whole = path_to("defaults/ketamine_iv_v1.toml").read_text("utf-8").splitlines()
    half = "\n".join(whole[:lines]) + "\nx = "
    with pytest.raises(OperatorError, match=rf"alarm profile site\.toml: .*line {lines + 1}"):
        parse_profile(half, "site.toml")


def test_a_file_that_ends_within_a_rule_names_what_is_missing() -> None:
    whole = path_to("defaults/ketamine_iv_v1.toml").read_text("utf-8")
    half = whole[: whole.index('id = "BP-H2"')] + 'id = "BP-H2"\nkind = "cuff_limit"\n'
    line = half[: half.index('id = "BP-H2"')].count("\n") + 1
    with pytest.raises(OperatorError) as refused:
        parse_profile(half, "site.toml")
    assert refused.value.what == (
        "alarm profile site.toml: rule BP-H2, latch: it is missing "
        f"(the rule begins in line {line})"
    )


def test_a_problem_of_the_head_names_no_line() -> None:
    with pytest.raises(OperatorError) as refused:
        parse_profile('name = "Site"\n', "site.toml")
    assert refused.value.what == "alarm profile site.toml: version: it is missing"


def test_a_file_with_limits_that_cross_is_refused_with_its_line() -> None:
    whole = path_to("defaults/ketamine_iv_v1.toml").read_text("utf-8")
    crossing = whole.replace("pulse_rate < 40 /min", "pulse_rate < 55 /min").replace(
        "pulse_rate > 45 /min", "pulse_rate > 60 /min"
    )
    line = crossing[: crossing.index('id = "HR-L2"')].count("\n") + 1
    at = crossing[: crossing.index("pulse_rate < 55 /min")].count("\n") + 1
    with pytest.raises(OperatorError) as refused:
        parse_profile(crossing, "site.toml")
    assert refused.value.what == (
        "alarm profile site.toml: rule HR-L2, when: 'pulse_rate < 55 /min' is more urgent than "
        "'pulse_rate < 50 /min unless baseline < 60 /min' of HR-L1, so it must lie further out "
        f"(line {at}; the rule begins in line {line})"
    )


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"alarm profile .*: it is no file"):
        load_profile(tmp_path)


def test_a_file_that_is_no_text_not_there_or_far_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OperatorError, match=r"alarm profile site\.toml: it is no UTF-8 text"):
        load_profile(path)
    with pytest.raises(OperatorError, match=r"alarm profile gone\.toml: No such file"):
        load_profile(tmp_path / "gone.toml")
    path.write_text("#" * LONGEST_FILE, "utf-8")
    with pytest.raises(OperatorError, match="name: it is missing"):
        load_profile(path)
    path.write_text("#" * (LONGEST_FILE + 1), "utf-8")
    with pytest.raises(OperatorError, match=r"alarm profile site\.toml: it is far too long"):
        load_profile(path)
    with pytest.raises(OperatorError, match="alarm profile deep: it is nested too deep"):
        parse_profile("a = " + "[" * 100_000, "deep")


# ---- profiles that are based on the shipped one


def based(**own: Any) -> dict[str, Any]:
    return {"based_on": "ketamine_iv_v1", "name": "Site", "version": 3, **own}


def test_a_profile_may_say_only_what_differs(profile: Profile) -> None:
    rule = next(each for each in profile.raw["rule"] if each["id"] == "BP-H1")
    other = rule | {"when": ["systolic > 170 mmHg"], "clears": ["systolic <= 160 mmHg"]}
    site = profile_from(merged(based(rule=[other]), "site.toml"))
    assert site.title == "Site v3"
    assert [rule.id for rule in site.rules] == [rule.id for rule in profile.rules]
    changed = [a.id for a, b in zip(site.rules, profile.rules, strict=True) if a != b]
    assert changed == ["BP-H1"]
    assert "based_on" not in site.raw


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"based_on": "ketamine_iv_v2"}, "based_on: it can only be 'ketamine_iv_v1'"),
        ({"based_on": 7}, "based_on: it can only be 'ketamine_iv_v1'"),
        ({"rule": 7}, r"rule: they must be \[\[rule\]\] tables"),
        ({"rule": [7]}, r"rule: they must be \[\[rule\]\] tables"),
        ({"rule": [{"id": "BP-H9"}]}, "rule BP-H9: 'ketamine_iv_v1' has no such rule to replace"),
        ({"rule": [{"kind": "cuff_limit"}]}, "rule None: 'ketamine_iv_v1' has no such rule"),
    ],
)
def test_a_base_that_is_none_is_refused(own: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OperatorError, match=rf"alarm profile site\.toml: {sentence}"):
        merged(based(**own), "site.toml")


def test_a_profile_without_a_base_is_taken_as_it_is(profile: Profile) -> None:
    assert merged(profile.raw, "site.toml") is profile.raw


# ---- what each kind makes of its tiers


def test_only_values_wait_for_a_delay_in_the_lifecycle(profile: Profile) -> None:
    """Silence measures itself, and cuff readings are counted."""
    tier = Tier(LOW, delay_s=5)
    waits = {rule.id for rule in profile.rules if rule.sounds_after_s(tier) == 5}
    assert waits == {rule.id for rule in profile.rules if not isinstance(rule, Silence | CuffLimit)}
    assert {"HR-H1", "O2-2", "TECH-9", "CLIN-1"} <= waits
    kinds = {type(rule) for rule in profile.rules if isinstance(rule, Silence)}
    assert {FrameSilence, ValueMissing, ObservationDue} <= kinds


def test_a_limit_rule_looks_one_way(profile: Profile) -> None:
    up = {rule.id for rule in profile.rules if isinstance(rule, LimitRule) and rule.is_upper}
    assert up == {"BP-H1", "BP-H2", "BP-H3", "BP-R1", "BP-R2", "HR-H1", "HR-H2", "HR-R"}
    assert isinstance(profile.rule("O2-2"), ValueLimit)
