"""The head of an alarm profile, and fields that are missing: refused by name, in words.

Knows profile.py.
"""

import copy
from typing import Any

import pytest

from monitor.alarms.profile import CuffStep, Profile, profile_from
from monitor.errors import OperatorError
from tests.monitor.alarms.profiles import refusal, with_field


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"rule": []}, "rule: there is no [[rule]] table"),
        ({"rule": {}}, "rule: there is no [[rule]] table"),
        ({"rule": [7]}, "rule: it must be a table"),
        ({"rules": []}, "rules: there is no such field"),
        ({"name": 7}, "name: it must be a text"),
        ({"for_whom": ""}, "for_whom: it must be a text"),
        ({"version": 0}, "version: it must be a whole number"),
        ({"realarm_s": 5}, "realarm_s: it must be a table"),
        ({"realarm_s": {"high": 120}}, "realarm_s, low: it is missing"),
        ({"realarm_s": {"high": 1, "medium": 3, "low": 6, "red": 1}}, "red: there is no such"),
        ({"realarm_s": {"high": 400, "medium": 300, "low": 600}}, "more urgent not the later"),
        ({"realarm_s": {"high": 120, "medium": 700, "low": 600}}, "more urgent not the later"),
        ({"realarm_s": {"high": 0, "medium": 300, "low": 600}}, "each must be above 0"),
        ({"escalates_after_s": 0}, "escalates_after_s: 0 s is not between 0 and 600 s"),
        ({"escalates_after_s": 601}, "escalates_after_s: 601 s is not between 0 and 600 s"),
        ({"cuff": 300}, "cuff: it must be a list of { from_s, interval_s }"),
        ({"cuff": []}, "cuff: it must be a list of { from_s, interval_s }"),
        ({"cuff": [300]}, "cuff: it must be a table"),
        ({"cuff": [{"from_s": 0}]}, "cuff, interval_s: it is missing"),
        ({"cuff": [{"interval_s": 300}]}, "cuff, from_s: it is missing"),
        ({"cuff": [{"from_s": 0, "interval_s": 300, "x": 1}]}, "cuff, x: there is no such field"),
        ({"cuff": [{"from_s": 9, "interval_s": 300}]}, "cuff: from_s must begin with 0 and rise"),
        ({"cuff": [{"from_s": 0, "interval_s": 300}] * 2}, "from_s must begin with 0 and rise"),
        ({"cuff": [{"from_s": 0, "interval_s": 29}]}, "29 s is not between 30 and 3600 s"),
        ({"cuff": [{"from_s": 0, "interval_s": 3601}]}, "3601 s is not between 30 and 3600 s"),
    ],
)
def test_a_wrong_head_is_refused(profile: Profile, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OperatorError, match=r"alarm profile site\.toml") as refused:
        profile_from(profile.raw | change, "site.toml")
    assert sentence in str(refused.value)


def test_bounds_that_are_just_allowed_are_taken(profile: Profile) -> None:
    steps = [{"from_s": 0, "interval_s": 30}, {"from_s": 60, "interval_s": 3600}]
    head = {
        "cuff": steps,
        "escalates_after_s": 600,
        "realarm_s": {"high": 1, "medium": 1, "low": 1},
    }
    taken = profile_from(profile.raw | head)
    assert taken.cuff == (CuffStep(0, 30), CuffStep(60, 3600))
    assert taken.escalates_after_s == 600
    raw = with_field(profile.raw, "O2-2", "clear_for_s", 0)
    next(each for each in raw["rule"] if each["id"] == "TECH-2")["cuff_hold_s"] = 0
    assert refusal(raw) == ""


@pytest.mark.parametrize("field", ["name", "version", "realarm_s", "escalates_after_s", "for_whom"])
def test_a_missing_head_is_named(profile: Profile, field: str) -> None:
    raw = {key: value for key, value in profile.raw.items() if key != field}
    assert f"{field}: it is missing" in refusal(raw)


@pytest.mark.parametrize(
    ("rule", "field"),
    [("BP-H2", "when"), ("BP-H2", "tiers"), ("HR-H1", "stale_after_s"), ("TECH-9", "fault")],
)
def test_a_missing_field_is_named(profile: Profile, rule: str, field: str) -> None:
    raw = copy.deepcopy(profile.raw)
    table = next(each for each in raw["rule"] if each["id"] == rule)
    del table[field]
    assert f"rule {rule}, {field}: it is missing" in refusal(raw)
