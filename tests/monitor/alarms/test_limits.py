"""The grammar of limits: what is written is what is read, and what is malformed is one sentence.

Knows limits.py only.
"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.alarms.limits import Clause, Limit, Only, limit_from
from monitor.errors import OperatorError
from monitor.vitals import Unit, Vital

SYSTOLIC, PULSE, SPO2 = Vital.SYSTOLIC, Vital.PULSE_RATE, Vital.SPO2
OPS = (">", ">=", "<", "<=")
numbers = st.integers(-3000, 3000).map(lambda tenths: tenths / 10)
onlys = st.none() | st.builds(Only, st.booleans(), st.sampled_from(OPS), numbers)
absolute = st.builds(Clause, st.sampled_from(Vital), st.sampled_from(OPS), numbers, only=onlys)
relative = st.builds(
    Clause, st.sampled_from(Vital), st.sampled_from(OPS), numbers, st.just(1.0), only=onlys
)
shares = st.builds(
    Clause,
    st.sampled_from(Vital),
    st.sampled_from(OPS),
    st.just(0.0),
    st.integers(1, 300).map(lambda percent: percent / 100),
    only=onlys,
)
limits = st.lists(absolute | relative | shares, min_size=1, max_size=3).map(
    lambda clauses: Limit(tuple(clauses))
)


@given(limits)
def test_a_limit_that_is_written_is_read_as_the_same(limit: Limit) -> None:
    assert limit_from(str(limit)) == limit


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("systolic >= 180 mmHg", Clause(SYSTOLIC, ">=", 180)),
        ("  systolic  >=  180   mmHg ", Clause(SYSTOLIC, ">=", 180)),
        ("spo2 < 87.5 %", Clause(SPO2, "<", 87.5)),
        ("systolic >= baseline + 40 mmHg", Clause(SYSTOLIC, ">=", 40, 1)),
        ("pulse_rate < baseline - 15 /min", Clause(PULSE, "<", -15, 1)),
        ("systolic >= 1.3 * baseline", Clause(SYSTOLIC, ">=", 0, 1.3)),
        (
            "pulse_rate < 50 /min unless baseline < 60 /min",
            Clause(PULSE, "<", 50, 0, Only(False, "<", 60)),
        ),
        (
            "pulse_rate < baseline - 15 /min if baseline < 60 /min",
            Clause(PULSE, "<", -15, 1, Only(True, "<", 60)),
        ),
    ],
)
def test_each_form_of_a_clause_is_read(text: str, clause: Clause) -> None:
    assert limit_from(text) == Limit((clause,))


def test_clauses_joined_by_and_are_one_limit() -> None:
    text = "systolic <= baseline - 40 mmHg and systolic < 100 mmHg"
    vagal = limit_from(text)
    assert vagal == Limit((Clause(SYSTOLIC, "<=", -40, 1), Clause(SYSTOLIC, "<", 100)))
    assert str(vagal) == text


# ---- what is malformed


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "write it like 'systolic >= 180 mmHg'"),
        ("systolic", "write it like 'systolic >= 180 mmHg'"),
        ("systolic >=", "write it like 'systolic >= 180 mmHg'"),
        ("systolic = 180 mmHg", "write it like 'systolic >= 180 mmHg'"),
        ("systolic >= 180 mmHg and", "'mmHg and' is not its unit: write mmHg behind 180"),
        ("systolic >= 180 mmHg and ", "write it like 'systolic >= 180 mmHg'"),
        ("if baseline < 60 /min", "write it like 'systolic >= 180 mmHg'"),
        ("pressure >= 180 mmHg", "'pressure' is no vital sign we know"),
        ("systolic >= 180", "the unit is missing: write mmHg behind 180"),
        ("systolic >= 180 mmhg", "'mmhg' is not its unit: write mmHg behind 180"),
        ("systolic >= 24 kPa", "'kPa' is not its unit: write mmHg behind 24"),
        ("systolic >= 180 mmHg mmHg", "'mmHg mmHg' is not its unit: write mmHg behind 180"),
        ("pulse_rate > 120 bpm", "'bpm' is not its unit: write /min behind 120"),
        ("systolic >= high mmHg", "'high' is no number"),
        ("systolic >= nan mmHg", "'nan' is no number"),
        ("systolic >= inf mmHg", "'inf' is no number"),
        ("systolic >= -inf mmHg", "'-inf' is no number"),
        ("systolic >= baseline + 40", "the unit is missing: write mmHg behind 40"),
        ("systolic >= baseline + x mmHg", "'x' is no number"),
        ("systolic >= x * baseline", "'x' is no number"),
        ("systolic >= baseline", "'baseline' is no number"),
        ("systolic >= baseline * 1.3", "'baseline' is no number"),
        ("systolic >= 5 if baseline < 60 mmHg", "the unit is missing: write mmHg behind 5"),
        ("systolic >= if baseline < 60 mmHg", "write it like 'systolic >= 180 mmHg'"),
        ("pulse_rate < 50 /min unless", "after 'if' or 'unless' write 'baseline < 60 /min'"),
        ("pulse_rate < 50 /min if weight < 60 kg", "after 'if' or 'unless' write"),
        ("pulse_rate < 50 /min if baseline = 60 /min", "after 'if' or 'unless' write"),
        ("pulse_rate < 50 /min if baseline < 60", "the unit is missing: write /min behind 60"),
        ("pulse_rate < 50 /min if baseline < x /min", "'x' is no number"),
    ],
)
def test_what_is_malformed_is_refused_with_its_reason(text: str, problem: str) -> None:
    with pytest.raises(OperatorError) as refused:
        limit_from(text)
    quoted = " ".join(text.split())
    assert refused.value.what.startswith(f"limit '{quoted}': ")
    assert problem in refused.value.what
    assert refused.value.what_to_do == "correct it in the alarm profile"


words = st.sampled_from(
    [
        *("systolic", "pulse_rate", ">=", "<", "180", "baseline", "+", "*", "1.3"),
        *("mmHg", "/min", "and", "if", "unless", "x", "nan"),
    ]
)


@given(st.text(max_size=200) | st.lists(words, max_size=12).map(" ".join))
@example("systolic\n>= 180 mmHg x\n")
@example("x" * 5000)
def test_any_text_is_a_limit_or_refused_in_one_short_sentence(text: str) -> None:
    limit, what = read(text)
    if limit is None:
        assert len(what.splitlines()) == 1
        assert len(what) < 300
    else:
        assert limit_from(str(limit)) == limit


def read(text: str) -> tuple[Limit | None, str]:
    """Return the limit, or why there is none."""
    try:
        return limit_from(text), ""
    except OperatorError as refused:
        return None, refused.what


@given(st.sampled_from(Vital), st.sampled_from(OPS), numbers, st.sampled_from(["", *Unit, "kPa"]))
def test_a_missing_or_another_unit_is_always_refused(
    vital: Vital, op: str, number: float, unit: str
) -> None:
    text = f"{vital.value} {op} {number:g} {unit}"
    if unit == vital.unit:
        assert limit_from(text) == Limit((Clause(vital, op, number),))
        return
    with pytest.raises(OperatorError, match="unit"):
        limit_from(text)


# ---- what a limit says of values


@pytest.mark.parametrize(
    ("text", "value", "is_met"),
    [
        ("systolic >= 180 mmHg", 179.9, False),
        ("systolic >= 180 mmHg", 180, True),
        ("systolic > 180 mmHg", 180, False),
        ("systolic > 180 mmHg", 180.1, True),
        ("systolic <= 180 mmHg", 180, True),
        ("systolic <= 180 mmHg", 180.1, False),
        ("systolic < 180 mmHg", 180, False),
        ("systolic < 180 mmHg", 179.9, True),
        ("systolic >= baseline + 40 mmHg", 164.9, False),
        ("systolic >= baseline + 40 mmHg", 165, True),
        ("systolic <= baseline - 40 mmHg", 85, True),
        ("systolic <= baseline - 40 mmHg", 85.1, False),
        ("systolic >= 1.2 * baseline", 150, True),
        ("systolic >= 1.2 * baseline", 149.9, False),
        ("systolic < 100 mmHg if baseline < 126 mmHg", 90, True),
        ("systolic < 100 mmHg if baseline < 125 mmHg", 90, None),
        ("systolic < 100 mmHg unless baseline < 125 mmHg", 90, True),
        ("systolic < 100 mmHg unless baseline < 126 mmHg", 90, None),
        ("systolic > 100 mmHg and systolic < 120 mmHg", 110, True),
        ("systolic > 100 mmHg and systolic < 120 mmHg", 130, False),
        ("systolic > 100 mmHg and diastolic < 60 mmHg", 110, None),
        ("systolic > 100 mmHg and diastolic < 60 mmHg", 90, False),
        ("diastolic > 100 mmHg", 110, None),
    ],
)
def test_a_limit_is_met_not_met_or_cannot_be_judged(
    text: str, value: float, is_met: bool | None
) -> None:
    assert limit_from(text).is_met({SYSTOLIC: value}, {SYSTOLIC: 125}) is is_met


@pytest.mark.parametrize(
    ("text", "is_met"),
    [
        ("systolic >= baseline + 40 mmHg", None),
        ("systolic >= 1.1 * baseline", None),
        ("systolic < 100 mmHg if baseline < 200 mmHg", None),
        ("systolic < 100 mmHg unless baseline < 200 mmHg", True),
    ],
)
def test_without_a_baseline_relative_limits_are_not_in_force(
    text: str, is_met: bool | None
) -> None:
    assert limit_from(text).is_met({SYSTOLIC: 90}, {SPO2: 98}) is is_met


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("systolic >= 180 mmHg", "systolic 184 at or above 180"),
        ("systolic > 160 mmHg", "systolic 184 above 160"),
        ("systolic < 190 mmHg", "systolic 184 below 190"),
        ("systolic <= 190.5 mmHg", "systolic 184 at or below 190.5"),
        ("systolic >= baseline + 40 mmHg", "systolic 184 at or above 165 (baseline 125)"),
        ("systolic >= 1.3 * baseline", "systolic 184 at or above 162.5 (baseline 125)"),
        ("diastolic < 50 mmHg", "diastolic below 50"),
        ("diastolic > baseline + 5 mmHg", "diastolic above baseline + 5"),
        ("diastolic < baseline - 5 mmHg", "diastolic below baseline - 5"),
        ("respiratory_rate < 8 /min", "respiratory_rate below 8"),
    ],
)
def test_a_clause_says_how_the_value_stands(text: str, words: str) -> None:
    clause = limit_from(text).clauses[0]
    assert clause.words({SYSTOLIC: 184}, {SYSTOLIC: 125}) == words


def test_a_derived_bound_is_said_with_one_decimal() -> None:
    clause = limit_from("systolic >= 1.3 * baseline").clauses[0]
    assert clause.bound_words({SYSTOLIC: 123}) == "at or above 159.9"
