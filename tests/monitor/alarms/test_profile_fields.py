"""One rule of an alarm profile: a wrong field is refused by file, rule and field, in words.

Knows profile.py and the kinds of rules.
"""

import copy
from typing import Any

import pytest

from monitor.alarms.profile import Profile, profile_from
from monitor.errors import OperatorError
from tests.monitor.alarms.profiles import refusal, with_field

SOME = {"priority": "low"}
LATE, HIGH_TOO = {"priority": "low", "delay_s": 5}, {"priority": "high", "delay_s": 5}

WRONG_FIELDS = [
    # limits
    ("BP-H2", "when", ["systolic >= 400 mmHg"], "limit", "beyond what a living adult can have"),
    ("BP-H2", "when", ["systolic >= 165 mmHg"], "clears", "must lie on the calm side of"),
    ("BP-H2", "when", ["systolic >= 170 mmHg"], "clears", "'systolic <= 170 mmHg' must lie on"),
    ("BP-H2", "when", ["systolic >= 180"], "when", "the unit is missing: write mmHg behind 180"),
    ("BP-H2", "when", ["systolic >= 24 kPa"], "when", "'kPa' is not its unit: write mmHg"),
    ("BP-H2", "when", [], "when", "there is no limit"),
    ("BP-H2", "when", "systolic >= 180 mmHg", "when", "it must be a list"),
    ("BP-H2", "when", [180], "when", "it must be a text that is not empty"),
    ("BP-H2", "clears", [], "clears", "nothing would end this alarm"),
    ("BP-H2", "clears", ["systolic <= 1 mmHg"], "limit", "beyond what a living adult can have"),
    ("BP-H2", "clears", ["systolic >= 170 mmHg"], "clears", "must look the other way than"),
    ("BP-H2", "clears", ["spo2 >= 90 %"], "clears", "of a vital that does not begin this alarm"),
    ("BP-L1", "clears", ["systolic >= 90 mmHg"], "clears", "must lie on the calm side"),
    ("BP-R1", "clears", ["systolic < baseline + 40 mmHg"], "clears", "must lie on the calm side"),
    ("BP-R2", "clears", ["systolic < 1.3 * baseline"], "clears", "must lie on the calm side"),
    ("BP-R2", "clears", ["systolic < 1.4 * baseline"], "clears", "must lie on the calm side"),
    ("BP-R2", "when", ["systolic >= 4 * baseline"], "limit", "no sensible share of a baseline"),
    ("BP-R2", "when", ["systolic >= 0.2 * baseline"], "limit", "no sensible share of a baseline"),
    ("HR-H1", "when", ["pulse_rate > 999 /min"], "limit", "beyond what a living adult can have"),
    ("HR-H1", "at_once", ["spo2 < 85 %"], "at_once", "'spo2 < 85 %' is of another vital"),
    ("O2-2", "at_once", ["spo2 < 0 %"], "limit", "beyond what a living adult can have"),
    # numbers
    ("BP-H2", "refuted_within_s", 0, "refuted_within_s", "0 is not above 0"),
    ("BP-H2", "refuted_within_s", "180", "refuted_within_s", "it must be a number"),
    ("BP-H2", "refuted_within_s", True, "refuted_within_s", "it must be a number"),
    ("BP-H2", "refuted_within_s", float("nan"), "refuted_within_s", "it must be a number"),
    ("BP-H2", "clear_readings", 0, "clear_readings", "it must be a whole number from 1 up"),
    ("BP-H2", "clear_readings", 1.5, "clear_readings", "it must be a whole number from 1 up"),
    ("BP-H2", "clear_readings", True, "clear_readings", "it must be a whole number from 1 up"),
    ("BP-H3", "escalates_after_s", 0, "escalates_after_s", "0 is not above 0"),
    ("BP-D", "at_least_mmhg", 0, "at_least_mmhg", "0 is not above 0"),
    ("BP-D", "within_s", -600, "within_s", "-600 is not above 0"),
    ("HR-H1", "clear_for_s", -1, "clear_for_s", "-1 s is no time"),
    ("HR-H1", "stale_after_s", 0, "stale_after_s", "0 is not above 0"),
    ("TECH-2", "cuff_hold_s", -1, "cuff_hold_s", "-1 s is no time"),
    ("TECH-2", "vitals", [], "vitals", "there is none"),
    ("TECH-2", "vitals", ["puls"], "vitals", "it must be one of systolic, diastolic"),
    ("TECH-3", "clear_frames", 0, "clear_frames", "it must be a whole number"),
    ("TECH-8", "more_than_s", 0, "more_than_s", "0 is not above 0"),
    ("PR-D", "more_than_per_min", 0, "more_than_per_min", "0 is not above 0"),
    ("PR-D", "readings", 0, "readings", "it must be a whole number"),
    # so much that the alarm would never begin, or never end
    ("BP-H2", "refuted_within_s", 601, "refuted_within_s", "601 is above 600"),
    ("BP-H2", "clear_readings", 6, "clear_readings", "6 is above 5"),
    ("HR-H1", "clear_for_s", 121, "clear_for_s", "121 is above 120"),
    ("TECH-3", "clear_frames", 31, "clear_frames", "31 is above 30"),
    ("PR-D", "readings", 11, "readings", "11 is above 10"),
    # what hides what
    ("O2-2", "group", "pulse", "group", "'pulse' is about pulse_rate, this rule about spo2"),
    ("CLIN-1", "scale", "MOAAS", "scale", "'MOAAS' is none of MOAA/S"),
    ("CLIN-1", "clears_from", 3, "clears_from", "3 must be above 3"),
    ("CLIN-2", "scales", ["MOAA/S", "Pain"], "scales", "'Pain' is none of MOAA/S"),
    ("CLIN-2", "every_s", 0, "every_s", "0 is not above 0"),
    # words
    ("BP-H2", "systolic", 180, "systolic", "there is no such field"),
    ("BP-H2", "kind", "cuf_limit", "kind", '"cuf_limit" is none of cuff_limit, cuff_change'),
    ("BP-H2", "latch", "maybe", "latch", "it must be one of no, visual, yes"),
    ("BP-H2", "latch", ["yes"], "latch", "it must be one of no, visual, yes"),
    ("BP-H2", "group", 7, "group", "it must be a text that is not empty"),
    ("TECH-9", "title", "", "title", "it must be a text that is not empty"),
    # tiers
    ("HR-H1", "tiers", [], "tiers", "there is none"),
    ("HR-H1", "tiers", "high", "tiers", "it must be a list"),
    ("HR-H1", "tiers", ["high"], "tiers", "it must be a table"),
    ("HR-H1", "tiers", [LATE | {"delay_s": -5}], "delay_s", "-5 s is no delay"),
    ("HR-H1", "tiers", [LATE | {"delay_s": float("inf")}], "tiers, delay_s", "it must be a number"),
    ("HR-H1", "tiers", [{"priority": "red"}], "tiers, priority", "it must be one of low, medium"),
    ("HR-H1", "tiers", [{"priority": ["low"]}], "tiers, priority", "it must be one of low"),
    ("HR-H1", "tiers", [{"delay_s": 5}], "tiers, priority", "it is missing"),
    ("HR-H1", "tiers", [LATE | {"delay": 5}], "tiers, delay", "there is no such field"),
    ("HR-H1", "tiers", [LATE | {"after": "x"}], "tiers, after", "it must be a number"),
    ("HR-H1", "tiers", [HIGH_TOO, LATE], "tiers", "each must be more urgent"),
    ("HR-H1", "tiers", [LATE, LATE], "tiers", "each must be more urgent"),
    ("HR-H1", "tiers", [LATE, HIGH_TOO], "delay_s", "the more urgent tier must come later"),
    ("TECH-3", "tiers", [SOME], "delay_s", "0 is not above 0"),
    ("TECH-2", "tiers", [SOME], "delay_s", "0 is not above 0"),
    ("TECH-6", "tiers", [SOME], "after", "0 is not above 0"),
    ("TECH-4", "tiers", [SOME | {"after": 0}], "after", "0 is not above 0"),
    ("BP-H1", "tiers", [SOME | {"after": 3}], "after", "by the first or the second reading"),
    ("BP-H1", "tiers", [LATE | {"after": 1}], "delay_s", "counted, not timed: use after = 1 or 2"),
    (
        "BP-H1",
        "tiers",
        [SOME | {"after": 2}, {"priority": "high", "after": 2}],
        "after",
        "the more urgent tier must come later",
    ),
    ("CLIN-1", "tiers", [SOME], "after", "say from which total down"),
    (
        "CLIN-1",
        "tiers",
        [SOME | {"after": 1}, {"priority": "high", "after": 1}],
        "after",
        "the more urgent tier must lie lower",
    ),
]


@pytest.mark.parametrize(("rule", "field", "value", "named", "problem"), WRONG_FIELDS)
def test_a_wrong_field_is_refused_by_file_rule_and_field(  # noqa: PLR0917 - one row of the list
    profile: Profile, rule: str, field: str, value: Any, named: str, problem: str
) -> None:
    raw = with_field(profile.raw, rule, field, value)
    with pytest.raises(OperatorError) as refused:
        profile_from(raw, "site.toml")
    what = refused.value.what
    assert what.startswith("alarm profile site.toml: ")
    assert f"rule {rule}, {named}: " in what
    assert problem in what
    assert refused.value.what_to_do == "correct it in the alarm profile"


@pytest.mark.parametrize(
    ("rule", "when", "clears", "problem"),
    [
        ("BP-H2", ["pulse_rate > 120 /min"], ["pulse_rate < 115 /min"], "come from the cuff"),
        ("HR-H1", ["systolic > 150 mmHg"], ["systolic < 140 mmHg"], "one vital that comes all"),
        (
            "HR-H1",
            ["pulse_rate > 120 /min", "spo2 < 90 %"],
            ["pulse_rate < 115 /min", "spo2 > 91 %"],
            "one vital that comes all the time",
        ),
    ],
)
def test_a_kind_looks_only_at_vitals_that_come_its_way(
    profile: Profile, rule: str, when: list[str], clears: list[str], problem: str
) -> None:
    raw = with_field(with_field(profile.raw, rule, "when", when), rule, "clears", clears)
    assert f"rule {rule}, when: " in refusal(raw)
    assert problem in refusal(raw)


def test_calm_bounds_of_another_origin_cannot_be_compared_and_are_taken(profile: Profile) -> None:
    """An absolute limit with a relative clear value, as a site may want it."""
    clears = ["systolic < baseline + 10 mmHg"]
    assert refusal(with_field(profile.raw, "BP-H1", "clears", clears)) == ""
    assert refusal(with_field(profile.raw, "BP-R2", "clears", clears)) == ""
    assert refusal(with_field(profile.raw, "BP-R2", "clears", ["systolic < 160 mmHg"])) == ""


def test_a_rule_without_an_id_or_a_name_is_refused(profile: Profile) -> None:
    for value in (" ", 7):
        assert "rule, id: it must be a text" in refusal(
            with_field(profile.raw, "HR-H1", "id", value)
        )
    raw = with_field(profile.raw, "HR-H1", "id", "BP-H2")
    assert "rule BP-H2: it is there more than once" in refusal(raw)
    raw = copy.deepcopy(profile.raw)
    del raw["rule"][0]["id"]
    assert "rule id: it is missing" in refusal(raw)
