"""One limit changed for a session: what moves with it, what is refused, and who is raised then.

Knows changed_limit.py, the shipped profile and the board that adopts the change.
"""

from typing import TYPE_CHECKING

import pytest

from monitor.alarms.changed_limit import ChangeableLimit, changeable, with_limit
from monitor.alarms.crossing import warnings
from monitor.alarms.limits import limit_from
from monitor.alarms.profile import Profile, profile_from
from monitor.errors import OperatorError
from tests.monitor.alarms.profiles import with_field

if TYPE_CHECKING:
    from conftest import Chair


def written(profile: Profile, rule: str, field: str) -> list[str]:
    return [str(limit) for limit in getattr(profile.rule(rule), field)]


@pytest.mark.parametrize(
    ("rule", "field", "new", "when", "clears"),
    [
        (
            "BP-H1",
            "systolic",
            170,
            ["systolic > 170 mmHg", "diastolic > 100 mmHg"],
            ["systolic <= 160 mmHg", "diastolic <= 95 mmHg"],
        ),
        (
            "BP-H1",
            "diastolic",
            90.5,
            ["systolic > 160 mmHg", "diastolic > 90.5 mmHg"],
            ["systolic <= 150 mmHg", "diastolic <= 85.5 mmHg"],
        ),
        (
            "BP-R1",
            "systolic",
            30,
            ["systolic >= baseline + 30 mmHg", "diastolic >= baseline + 25 mmHg"],
            ["systolic < baseline + 20 mmHg", "diastolic < baseline + 20 mmHg"],
        ),
        (
            "BP-L2",
            "systolic",
            75,
            [
                "systolic < 75 mmHg",
                "systolic <= baseline - 40 mmHg and systolic < 100 mmHg",
            ],
            ["systolic >= 85 mmHg"],
        ),
        ("HR-H1", "pulse_rate", 130, ["pulse_rate > 130 /min"], ["pulse_rate < 125 /min"]),
        (
            "O2-0",
            "spo2",
            93,
            ["spo2 < 93 %", "spo2 <= baseline - 4 %"],
            ["spo2 >= 94 %", "spo2 >= baseline - 3 %"],
        ),
    ],
)
def test_the_clear_value_moves_along_and_nothing_else_does(  # noqa: PLR0917 - one row of the list
    profile: Profile, rule: str, field: str, new: float, when: list[str], clears: list[str]
) -> None:
    changed = with_limit(profile, rule, field, new)
    assert (written(changed, rule, "when"), written(changed, rule, "clears")) == (when, clears)
    others = [r for r in changed.rules if r.id != rule]
    assert others == [r for r in profile.rules if r.id != rule]


def test_the_profile_itself_stays_as_it_is_and_the_changed_one_can_be_kept(
    profile: Profile,
) -> None:
    before = repr(profile.raw)
    changed = with_limit(profile, "HR-H1", "pulse_rate", 130)
    assert repr(profile.raw) == before
    assert profile_from(changed.raw) == changed
    assert with_limit(changed, "HR-H1", "pulse_rate", 120) == profile


def test_changes_add_up(profile: Profile) -> None:
    once = with_limit(profile, "BP-H1", "systolic", 170)
    twice = with_limit(once, "BP-H1", "diastolic", 105)
    assert written(twice, "BP-H1", "when") == ["systolic > 170 mmHg", "diastolic > 105 mmHg"]


@pytest.mark.parametrize(
    ("rule", "field", "new", "why"),
    [
        ("BP-H9", "systolic", 170, "The alarm BP-H9 has no limit of systolic"),
        ("BP-D", "systolic", 20, "The alarm BP-D has no limit of systolic"),
        ("TECH-9", "fault", 1, "The alarm TECH-9 has no limit of fault"),
        ("BP-H1", "pulse_rate", 170, "The alarm BP-H1 has no limit of pulse_rate"),
        ("BP-R2", "systolic", 1.4, "The limit of systolic in BP-R2 is not one number"),
        ("HR-L1", "pulse_rate", 45, "The limit of pulse_rate in HR-L1 is not one number"),
        ("BP-H1", "systolic", float("nan"), "'nan' is no number"),
        ("BP-H1", "systolic", float("inf"), "'inf' is no number"),
        ("BP-H3", "systolic", 500, "beyond what a living adult can have"),
        ("BP-H1", "systolic", 85, "85 would lie at or below the MEDIUM alarm at 90 (BP-L1)"),
        ("BP-H1", "systolic", 90, "90 would lie at or below the MEDIUM alarm at 90 (BP-L1)"),
        ("BP-L1", "systolic", 165, "165 would lie at or above the MEDIUM alarm at 160 (BP-H1)"),
        ("BP-H1", "systolic", 185, "185 would lie beyond the HIGH alarm at 180 (BP-H2)"),
        ("BP-H2", "systolic", 155, "155 would lie before the MEDIUM alarm at 160 (BP-H1)"),
        ("HR-L2", "pulse_rate", 51, "51 would lie before the MEDIUM alarm at 50 (HR-L1)"),
    ],
)
def test_what_would_be_no_limit_is_refused(
    profile: Profile, rule: str, field: str, new: float, why: str
) -> None:
    with pytest.raises(OperatorError) as refused:
        with_limit(profile, rule, field, new)
    assert why in refused.value.what
    assert "alarm profile" not in refused.value.what


@pytest.mark.parametrize(
    ("rule", "field", "new"),
    [("BP-H1", "systolic", 91), ("BP-H1", "systolic", 180), ("HR-L2", "pulse_rate", 50)],
)
def test_what_just_does_not_cross_is_taken(
    profile: Profile, rule: str, field: str, new: float
) -> None:
    assert with_limit(profile, rule, field, new).rule(rule) != profile.rule(rule)


def test_the_limits_that_may_be_changed_are_listed_with_their_numbers(profile: Profile) -> None:
    found = {(one.rule, one.field): one for one in changeable(profile)}
    assert found["BP-H1", "systolic"] == ChangeableLimit("BP-H1", "systolic", 160, True, False)
    assert found["BP-L2", "systolic"] == ChangeableLimit("BP-L2", "systolic", 80, False, False)
    assert found["BP-R1", "diastolic"] == ChangeableLimit("BP-R1", "diastolic", 25, True, True)
    assert found["O2-0", "spo2"] == ChangeableLimit("O2-0", "spo2", 94, False, False)
    assert not {"HR-L1", "BP-R2", "BP-D", "TECH-3"} & {rule for rule, _ in found}
    for one in changeable(profile):
        with_limit(profile, one.rule, one.field, one.value)


def test_a_vital_with_two_limits_in_one_rule_has_none_that_may_be_changed(
    profile: Profile,
) -> None:
    raw = with_limit(profile, "HR-H1", "pulse_rate", 120).raw
    rule = next(each for each in raw["rule"] if each["id"] == "HR-H1")
    rule["when"] = ["pulse_rate > 120 /min", "pulse_rate > 125 /min"]
    assert "HR-H1" not in {one.rule for one in changeable(profile_from(raw))}


def test_a_vital_of_which_nobody_knows_what_equals_off_is_never_said_to(profile: Profile) -> None:
    raw = with_field(profile.raw, "BP-H1", "when", ["mean > 250 mmHg"])
    raw = with_field(raw, "BP-H1", "clears", ["mean < 240 mmHg"])
    assert not [line for line in warnings(profile_from(raw).rules) if "mean" in line]


# ---- what becomes of alarms


def change(chair: "Chair", t: float, rule: str, field: str, new: float) -> None:
    chair.board.adopt(with_limit(chair.board.profile, rule, field, new))
    chair.tick(t)


def test_an_alarm_beyond_the_new_limit_goes_on_as_it_was(chair: "Chair") -> None:
    chair.pulses(0, 20, 131)
    chair.acknowledge(20, "HR-H1")
    before = chair.view("HR-H1")
    change(chair, 21, "HR-H1", "pulse_rate", 125)
    after = chair.view("HR-H1")
    assert (after.state, after.since_s, after.until_s) == (
        before.state,
        before.since_s,
        before.until_s,
    )
    assert after.text == "Pulse 131 above 125"
    assert chair.changes("HR-H1")[-1] == "medium: sounding to acknowledged"


def test_an_alarm_that_the_new_limit_allows_ends_by_its_clearing_limit(chair: "Chair") -> None:
    chair.pulses(0, 20, 128)
    change(chair, 20.5, "HR-H1", "pulse_rate", 130)
    assert chair.view("HR-H1").text == "Pulse 128 not yet below 125"
    chair.pulses(21, 31, 124)
    assert chair.state("HR-H1") == "unseen"


def test_a_new_limit_counts_its_delay_from_when_it_is_beyond(chair: "Chair") -> None:
    chair.pulses(0, 30, 112)
    change(chair, 30.5, "HR-H1", "pulse_rate", 110)
    chair.pulses(31, 45, 112)
    assert chair.state("HR-H1") == "nothing"
    chair.pulse(46, 112)
    assert chair.state("HR-H1") == "sounding"
    assert chair.last("HR-H1").since_s == 30.5


def test_a_delay_under_way_goes_on_under_the_new_limit(chair: "Chair") -> None:
    chair.pulses(0, 10, 131)
    change(chair, 10.5, "HR-H1", "pulse_rate", 125)
    chair.pulses(11, 15, 131)
    assert chair.state("HR-H1") == "sounding"


def test_a_cuff_alarm_that_the_new_limit_does_not_know_ends(chair: "Chair") -> None:
    chair.cuff(0, 165, 90)
    change(chair, 10, "BP-H1", "systolic", 170)
    assert chair.state("BP-H1") == "unseen"
    assert chair.last("BP-H1").text == "Pressure 165/90"


def test_a_cuff_reading_from_before_counts_under_the_new_limit(chair: "Chair") -> None:
    chair.cuff(0, 155, 80)
    chair.cuff(300, 156, 80)
    assert chair.state("BP-H1") == "nothing"
    change(chair, 310, "BP-H1", "systolic", 150)
    assert chair.view("BP-H1").text == "Systolic 156 above 150"
    assert chair.view("BP-H1").priority.word == "medium", "two readings are beyond it"


def test_a_covered_alarm_goes_on_behind_its_cover(chair: "Chair") -> None:
    chair.pulses(0, 20, 150)
    change(chair, 20.5, "HR-H2", "pulse_rate", 145)
    chair.pulses(21, 31, 130)
    assert chair.state("HR-H1") == "sounding"
    assert chair.last("HR-H1").since_s == 0


def test_what_a_limit_moved_by_is_read_back_from_its_text(profile: Profile) -> None:
    limit = limit_from("systolic >= baseline + 40 mmHg")
    assert str(limit.clauses[0].moved(-40)) == "systolic >= 1 * baseline"
    assert limit_from("systolic >= 1 * baseline").clauses[0].moved(40) == limit.clauses[0]
