"""What is entered becomes a row, or is refused in one sentence that says what to do."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.amendments import Change, addendum, amended_fields, amendment, as_amended
from monitor.entries import EntryLimits, NewEntry, entry
from monitor.entry_lines import line_of, when
from monitor.entry_messages import EnterDose, EnterEvent, EnterNote, EnterScale, IdentifyPatient
from monitor.errors import OperatorError
from monitor.readings import Quality
from monitor.records import (
    DoseKept,
    EventKept,
    HappeningKept,
    PressureKept,
    ReadingKept,
    ScaleKept,
    Stamp,
)
from monitor.vitals import Vital

STAMP = Stamp("s1", 7, 600.0, datetime(2026, 11, 22, tzinfo=UTC))
LATER = replace(STAMP, seq=8, t_s=700.0)
DOSE = EnterDose("s1", "Ketamine", "IV", 35.0, "mg", 70.0, "L1", 15.0, "Carla", 590.0, "Ben", "u-2")
INFINITE = float("inf")
PRESSURE = PressureKept(STAMP, "ge_s5", 120.0, 80.0, 93.0, 70.0, None, False, Quality.OK)


def changed(field: str, new: Any, reason: str = "misread") -> Change:
    return Change(field, new, reason, "Ben", "u-2")


def test_a_dose_is_kept_with_everything_about_it() -> None:
    kept = entry(DOSE, STAMP)
    given = ("Ketamine", "IV", 35.0, "mg", 70.0, "L1", 15.0, "Carla", 590.0)
    assert kept == DoseKept(STAMP, *given, "Ben", "u-2")
    assert (line_of(kept), when(kept)) == ("Ketamine 35 mg IV (Ben)", 590.0)


def test_without_a_time_it_is_now() -> None:
    kept = entry(EnterEvent("s1", "nausea", "mild"), STAMP)
    assert kept == EventKept(STAMP, "nausea", "mild", 600.0)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (replace(DOSE, amount=0), "not above 0"),
        (replace(DOSE, amount=-3.0), "not above 0"),
        (replace(DOSE, amount=350.0 * 10), "3500 is above 500 mg"),
        (replace(DOSE, amount=1.0, unit="g"), "above 500 mg"),
        (replace(DOSE, amount=float("nan")), "dose is no number"),
        (replace(DOSE, amount=True), "dose is no number"),
        (replace(DOSE, unit="mq"), "unit 'mq'"),
        (replace(DOSE, drug=" "), "drug is empty"),
        (replace(DOSE, route=""), "route is empty"),
        (replace(DOSE, weight_kg=19.9), "weight is 19.9 kg: enter one from 20 to 400 kg"),
        (replace(DOSE, weight_kg=401), "weight is 401 kg"),
        (replace(DOSE, waste=-1.0), "wasted amount is -1"),
        (replace(DOSE, witness=""), "waste has no witness"),
        (replace(DOSE, at_s=-0.1), "before the session"),
        (replace(DOSE, at_s=601.5), "in the future"),
        (replace(DOSE, at_s=float("inf")), "time is no number"),
        (EnterEvent("s1", ""), "event is empty"),
        (EnterEvent("s1", "nausea", "x" * 4001), "4,001 characters"),
        (EnterScale("s1", "MOAA/S", 6.0), "total of MOAA/S is 6: enter one from 0 to 5"),
        (EnterScale("s1", "CADSS", 93.0), "0 to 92"),
        (EnterScale("s1", "own", 1.0, {str(n): 1.0 for n in range(65)}), "more than 64 items"),
        (EnterScale("s1", "own", 1.0, {"item": float("nan")}), "no number"),
        (EnterNote("s1", "\n "), "note is empty"),
        (EnterNote("s1", "a\x07b"), "cannot be shown"),
        (IdentifyPatient("s1", "", "Weber"), "patient's id is empty"),
        (IdentifyPatient("s1", "p-1", "x" * 10_000), "10,000 characters"),
    ],
)
def test_what_cannot_be_true_is_refused_in_one_sentence(command: NewEntry, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        entry(command, STAMP)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "command",
    [
        replace(DOSE, amount=500.0),
        replace(DOSE, drug="Paracetamol", amount=1.0, unit="g"),
        replace(DOSE, drug="NaCl 0.9 %", amount=500.0, unit="mL"),
        replace(DOSE, waste=0.0, witness=""),
        replace(DOSE, at_s=600.9),
        EnterScale("s1", "KSET", 31.0),
    ],
)
def test_what_is_usual_is_taken(command: NewEntry) -> None:
    entry(command, STAMP)


def test_the_ceiling_can_be_another() -> None:
    limits = EntryLimits(ketamine_mg=1000.0)
    assert entry(replace(DOSE, amount=600.0), STAMP, limits)


def test_an_amendment_keeps_both_readings_and_the_row_as_it_was() -> None:
    dose = entry(DOSE, STAMP)
    first = amendment(dose, LATER, changed("amount", 30))
    assert (first.target_table, first.target_seq) == ("dose", 7)
    assert (first.field, first.old, first.new) == ("amount", 35.0, 30)
    reads = as_amended([dose, first])[7]
    assert reads == replace(dose, amount=30)
    second = amendment(reads, replace(LATER, seq=9), changed("amount", 32.5))
    assert second.old == 30
    rows = [dose, first, second]
    assert as_amended(rows)[7] == replace(dose, amount=32.5)
    assert amended_fields(rows) == {7: {"amount"}}
    assert "35.0 to 30" in line_of(first)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (changed("amount", 0), "not above 0"),
        (changed("amount", "30"), "no number"),
        (changed("weight_kg", 5.0), "weight is 5 kg"),
        (changed("drug", None), "no text"),
        (changed("by", "somebody else"), "nothing called 'by'"),
        (changed("stamp", 1), "nothing called"),
        (changed("__class__", 1), "nothing called"),
        (changed("amount", 35.0), "changes nothing"),
        (changed("amount", 30.0, " "), "reason is empty"),
    ],
)
def test_an_amendment_that_would_not_have_been_entered_is_refused(
    change: Change, says: str
) -> None:
    with pytest.raises(OperatorError, match=says):
        amendment(entry(DOSE, STAMP), LATER, change)


def test_a_measured_value_can_be_called_an_artefact_by_an_amendment() -> None:
    row = ReadingKept(STAMP, "ge_s5", Vital.SPO2, 71.0, Quality.OK, "oximeter")
    change = amendment(row, LATER, changed("quality", "artifact"))
    assert as_amended([row, change])[7].quality is Quality.ARTIFACT
    with pytest.raises(OperatorError, match="use one of ok"):
        amendment(row, LATER, changed("quality", "nonsense"))


def test_an_amendment_is_not_amended() -> None:
    dose = entry(DOSE, STAMP)
    first = amendment(dose, LATER, changed("amount", 30))
    with pytest.raises(OperatorError, match="nothing called"):
        amendment(first, replace(LATER, seq=9), changed("new", 31))


def test_an_addendum_belongs_to_the_session() -> None:
    added = addendum(LATER, "escort came late", "forgotten", "Ben", "u-2")
    assert (added.target_table, added.target_seq, added.field) == ("session", 1, "addendum")


def test_a_scale_keeps_its_items() -> None:
    kept = entry(EnterScale("s1", "MOAA/S", 4, {"voice": 1}), STAMP)
    assert kept == ScaleKept(STAMP, "MOAA/S", 4, {"voice": 1.0}, 600.0)


@pytest.mark.parametrize(
    "row",
    [
        ReadingKept(STAMP, "ge_s5", Vital.SPO2, 71.0, Quality.OK, "oximeter"),
        PRESSURE,
        HappeningKept(STAMP, "gap", {}),
    ],
)
def test_what_a_measured_row_is_and_when_is_not_amended(row: Any) -> None:
    for field in {one.name for one in fields(row)} & {"kind", "device", "vital", "taken_utc"}:
        with pytest.raises(OperatorError, match="nothing called"):
            amendment(row, LATER, changed(field, "phase"))


@pytest.mark.parametrize(
    "new", [INFINITE, -INFINITE, float("nan"), 10**400, -5e9, 301, "120", True]
)
@pytest.mark.parametrize("field", ["systolic", "diastolic", "mean", "pulse"])
def test_a_pressure_that_nobody_can_have_is_not_amended_in(field: str, new: Any) -> None:
    with pytest.raises(OperatorError):
        amendment(PRESSURE, LATER, changed(field, new))


@pytest.mark.parametrize("vital", list(Vital))
def test_no_vital_is_amended_to_what_nobody_can_have(vital: Vital) -> None:
    row = ReadingKept(STAMP, "ge_s5", vital, 71.0, Quality.OK, "oximeter")
    for new in (INFINITE, float("nan"), 10**400, -5e9, 1001.0):
        with pytest.raises(OperatorError):
            amendment(row, LATER, changed("value", new))
    assert amendment(row, LATER, changed("value", None)).new is None
    assert amendment(row, LATER, changed("value", 40.0)).new == 40.0


@pytest.mark.parametrize("field", ["systolic", "diastolic", "quality", "is_stale"])
def test_what_must_be_there_is_not_amended_to_nothing(field: str) -> None:
    with pytest.raises(OperatorError, match="same kind"):
        amendment(PRESSURE, LATER, changed(field, None))


def test_a_pressure_is_amended_within_what_can_be() -> None:
    assert amendment(PRESSURE, LATER, changed("systolic", 140)).new == 140
    assert amendment(PRESSURE, LATER, changed("mean", None)).new is None
    assert amendment(PRESSURE, LATER, changed("is_stale", True)).new is True
    with pytest.raises(OperatorError, match="same kind"):
        amendment(PRESSURE, LATER, changed("is_stale", 5))
    with pytest.raises(OperatorError, match="No living adult has a systolic of 301 mmHg"):
        amendment(PRESSURE, LATER, changed("systolic", 301))


def test_a_number_of_hundreds_of_digits_is_no_dose() -> None:
    with pytest.raises(OperatorError, match="no number"):
        entry(replace(DOSE, amount=10**400), STAMP)
