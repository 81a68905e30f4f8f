"""What is weak in a profile is said, in words, and what ships is not weak (hazard H13)."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from monitor.alarms.profile import SHIPPED, Profile, profile_from, shipped_profile
from monitor.alarms.profile_diff import differences
from monitor.alarms.profile_warnings import warnings_of
from monitor.errors import OperatorError

Change = Callable[[dict[str, Any]], None]


def changed(profile: Profile, rule: str, **fields: Any) -> Profile:
    """Return the profile with other fields in one rule."""
    raw = copy.deepcopy(profile.raw)
    next(each for each in raw["rule"] if each["id"] == rule).update(fields)
    return profile_from(raw)


def without(profile: Profile, *rules: str) -> Profile:
    raw = copy.deepcopy(profile.raw)
    raw["rule"] = [each for each in raw["rule"] if each["id"] not in rules]
    return profile_from(raw)


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_ships_is_weak(name: str) -> None:
    assert warnings_of(shipped_profile(name)) == ()


def test_every_missing_row_is_named_with_what_nobody_is_told_of(profile: Profile) -> None:
    assert warnings_of(without(profile, "O2-2", "TECH-9")) == (
        "O2-2 is missing: nobody is told of 'SpO2 below 88'",
        "TECH-9 is missing: nobody is told of 'Alarm sound'",
    )


TIER = {"priority": "medium", "delay_s": 15}
WEAK: list[tuple[str, dict[str, Any], str]] = [
    ("BP-H3", {"when": ["systolic >= 221 mmHg", "diastolic >= 120 mmHg"]},
     "BP-H3: 'systolic >= 221 mmHg' is so wide that it equals off"),
    ("BP-H3", {"when": ["systolic >= 200 mmHg", "diastolic >= 131 mmHg"]},
     "BP-H3: 'diastolic >= 131 mmHg' is so wide that it equals off"),
    ("BP-L2", {"when": ["systolic < 69 mmHg"]}, "'systolic < 69 mmHg' is so wide"),
    ("HR-H2", {"when": ["pulse_rate > 161 /min"]}, "'pulse_rate > 161 /min' is so wide"),
    ("HR-L2", {"when": ["pulse_rate < 34 /min"]}, "'pulse_rate < 34 /min' is so wide"),
    ("O2-2", {"when": ["spo2 < 84 %"]}, "'spo2 < 84 %' is so wide"),
    ("BP-R1", {"when": ["systolic >= baseline + 81 mmHg", "diastolic >= baseline + 25 mmHg"]},
     "'systolic >= baseline + 81 mmHg' is so wide"),
    ("BP-R2", {"when": ["systolic >= 1.7 * baseline"]}, "'systolic >= 1.7 * baseline' is so wide"),
    ("HR-R", {"when": ["pulse_rate >= baseline + 61 /min"]}, "is so wide that it equals off"),
    ("O2-0", {"when": ["spo2 < 94 %", "spo2 <= baseline - 11 %"]}, "is so wide that it equals off"),
    ("HR-H2", {"tiers": [{"priority": "high", "delay_s": 11}]},
     "HR-H2: a delay of 11 s hides what comes and goes (HIGH)"),
    ("HR-H1", {"tiers": [TIER | {"delay_s": 16}]}, "a delay of 16 s hides what comes and goes"),
    ("O2-0", {"tiers": [{"priority": "low", "delay_s": 61}]}, "a delay of 61 s hides"),
    ("O2-1", {"stale_after_s": 1}, "never judged by a monitor that sends once a second"),
    ("O2-1", {"stale_after_s": 31}, "a value that counts for 31 s is not of now"),
    ("BP-H2", {"when": ["systolic >= 180 mmHg and diastolic >= 60 mmHg", "diastolic >= 110 mmHg"]},
     "BP-H2 has no plain limit of high systolic any more"),
    ("HR-H1", {"when": ["pulse_rate > 120 /min if baseline >= 100 /min"]},
     "HR-H1 has no plain limit of high pulse any more"),
    ("BP-H2", {"tiers": [{"priority": "high", "after": 2}]},
     "BP-H2: HIGH comes later than in the shipped profile"),
    ("BP-H1", {"tiers": [{"priority": "low", "after": 1}]}, "BP-H1 is never MEDIUM any more"),
    ("BP-H2", {"latch": "visual"}, "BP-H2: latch = visual, so one that ends unseen"),
    ("TECH-3", {"tiers": [{"priority": "low", "delay_s": 11}, TIER | {"delay_s": 20}]},
     "TECH-3: LOW comes later than in the shipped profile"),
    ("TECH-4", {"tiers": [{"priority": "low", "after": 2, "delay_s": 120},
                          {"priority": "medium", "after": 3, "delay_s": 60}]},
     "TECH-4: LOW comes later than in the shipped profile"),
    ("TECH-2", {"vitals": ["spo2"]}, "TECH-2 does not watch pulse_rate any more"),
    ("TECH-2", {"cuff_hold_s": 121}, "TECH-2, cuff_hold_s: 121 is more than twice the shipped 60"),
    ("CLIN-1", {"tiers": [{"priority": "medium", "after": 2}, {"priority": "high", "after": 1}]},
     "CLIN-1: MEDIUM comes later than in the shipped profile"),
    ("CLIN-2", {"scales": ["MOAA/S"]}, "CLIN-2 does not watch Dissociation any more"),
    ("BP-D", {"at_least_mmhg": 61}, "BP-D, at_least_mmhg: 61 is more than twice the shipped 30"),
    ("TECH-9R", {"fault": "space"}, "TECH-9R speaks of 'space', and nobody of 'recording'"),
    ("BP-H3", {"escalates_after_s": 121}, "BP-H3: nobody hears more of it for 121 s"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "fields", "sentence"), WEAK)
def test_what_makes_a_rule_weaker_is_said(
    profile: Profile, rule: str, fields: dict[str, Any], sentence: str
) -> None:
    said = warnings_of(changed(profile, rule, **fields))
    assert [one for one in said if sentence in one], said


AT_THE_BOUND: list[tuple[str, dict[str, Any]]] = [
    ("BP-H3", {"when": ["systolic >= 220 mmHg", "diastolic >= 130 mmHg"]}),
    ("BP-L2", {"when": ["systolic < 70 mmHg"]}),
    ("HR-H2", {"when": ["pulse_rate > 160 /min"]}),
    ("HR-L2", {"when": ["pulse_rate < 35 /min"]}),
    ("O2-2", {"when": ["spo2 < 85 %"]}),
    ("HR-H2", {"tiers": [{"priority": "high", "delay_s": 10}]}),
    ("HR-H1", {"tiers": [TIER]}),
    ("O2-0", {"tiers": [{"priority": "low", "delay_s": 60}]}),
    ("O2-1", {"stale_after_s": 2}),
    ("O2-1", {"stale_after_s": 30}),
    ("TECH-2", {"cuff_hold_s": 120}),
    ("BP-D", {"at_least_mmhg": 60}),
    ("BP-H3", {"escalates_after_s": 120}),
    ("BP-H1", {"tiers": [{"priority": "medium", "after": 1}]}),
    ("BP-H1", {"latch": "yes"}),
]


@pytest.mark.parametrize(("rule", "fields"), AT_THE_BOUND)
def test_at_the_bound_or_stricter_nothing_is_said(
    profile: Profile, rule: str, fields: dict[str, Any]
) -> None:
    assert warnings_of(changed(profile, rule, **fields)) == ()


def test_a_rule_of_another_kind_under_a_known_id_is_said(profile: Profile) -> None:
    raw = copy.deepcopy(profile.raw)
    place = next(n for n, each in enumerate(raw["rule"]) if each["id"] == "O2-2")
    raw["rule"][place] = {
        "id": "O2-2", "kind": "named_fault", "fault": "x", "title": "x", "latch": "yes",
        "tiers": [{"priority": "high"}],
    }  # fmt: skip
    assert warnings_of(profile_from(raw)) == (
        "O2-2 is of another kind than the shipped one ('SpO2 below 88')",
    )


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ({"realarm_s": {"high": 241, "medium": 300, "low": 600}},
         "realarm_s: 241 s is long until a HIGH sounds again"),
        ({"realarm_s": {"high": 120, "medium": 601, "low": 1200}}, "601 s is long until a MEDIUM"),
        ({"realarm_s": {"high": 120, "medium": 300, "low": 1201}}, "1201 s is long until a LOW"),
        ({"escalates_after_s": 121}, "escalates_after_s: nobody hears more of a HIGH for 121 s"),
        ({"cuff": [{"from_s": 0, "interval_s": 1201}]},
         "cuff: 1201 s are long between two blood pressures"),
    ],
)  # fmt: skip
def test_times_of_the_whole_profile_that_are_too_long_are_said(
    profile: Profile, head: dict[str, Any], sentence: str
) -> None:
    (said,) = warnings_of(profile_from(profile.raw | head))
    assert sentence in said


@pytest.mark.parametrize("rule", ["HR-H1", "TECH-2", "TECH-3", "TECH-7"])
def test_a_delay_of_more_than_five_minutes_is_refused(profile: Profile, rule: str) -> None:
    changed(profile, rule, tiers=[TIER | {"delay_s": 300}])
    with pytest.raises(OperatorError, match=f"rule {rule}, delay_s: 301 s is more than 300 s"):
        changed(profile, rule, tiers=[TIER | {"delay_s": 301}])


def test_an_upper_limit_of_a_full_saturation_equals_off(profile: Profile) -> None:
    raw = copy.deepcopy(profile.raw)
    rule = {
        "id": "O2-H", "kind": "value_limit", "when": ["spo2 > 100 %"], "clears": ["spo2 < 99 %"],
        "clear_for_s": 5, "stale_after_s": 5, "latch": "no",
        "tiers": [{"priority": "low", "delay_s": 15}],
    }  # fmt: skip
    raw["rule"].append(rule)
    assert warnings_of(profile_from(raw)) == ("O2-H: 'spo2 > 100 %' is so wide that it equals off",)


# ---- what differs


def test_a_profile_differs_in_nothing_from_itself(profile: Profile) -> None:
    assert differences(profile, profile) == ()
    assert differences(profile, profile_from(profile.raw | {"version": 9})) == ()


def test_each_field_that_differs_is_a_line_of_its_own(profile: Profile) -> None:
    new = changed(
        without(profile, "BP-D"), "HR-H1", when=["pulse_rate > 125 /min"], tiers=[TIER]
    )  # fmt: skip
    new = profile_from(new.raw | {"escalates_after_s": 45})
    assert differences(profile, new) == (
        "escalates_after_s: 60 -> 45",
        "BP-D: gone",
        "HR-H1, when: pulse_rate > 120 /min -> pulse_rate > 125 /min",
    )
    assert "BP-D: new, cuff_change" in differences(new, profile)


def test_lists_and_tables_are_written_in_words(profile: Profile) -> None:
    new = changed(profile, "BP-H1", tiers=[{"priority": "medium", "after": 1}])
    (line,) = differences(profile, new)
    assert line == (
        "BP-H1, tiers: priority low after 1 or priority medium after 2 -> priority medium after 1"
    )
    (line,) = differences(new, changed(new, "BP-H1", refuted_within_s=60))
    assert line == "BP-H1, refuted_within_s: nothing -> 60"
