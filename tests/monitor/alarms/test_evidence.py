"""Evidence: it holds what arrived, in bounded memory, and judges nothing.

Knows evidence.py and the two functions of conditions.py that read it.
"""

from monitor.alarms.evidence import CUFFS_KEPT, Cuff, Evidence
from monitor.vitals import Vital


def test_only_the_last_cuff_readings_are_kept_and_the_count_goes_on() -> None:
    evidence = Evidence(0.0)
    for t in range(CUFFS_KEPT + 10):
        evidence.pressure(Cuff(t, 120, 80))
    assert evidence.cuff_count == CUFFS_KEPT + 10
    assert len(evidence.cuffs_after(0)) == CUFFS_KEPT
    assert [cuff.t for cuff in evidence.cuffs_after(CUFFS_KEPT + 8)] == [
        CUFFS_KEPT + 8,
        CUFFS_KEPT + 9,
    ]
    assert evidence.cuffs_after(CUFFS_KEPT + 10) == ()


def test_a_value_is_fresh_up_to_its_age_and_an_invalid_one_never() -> None:
    evidence = Evidence(0.0)
    assert evidence.fresh_value(Vital.SPO2, 0, 5) is None
    evidence.value(Vital.SPO2, 10, 97)
    assert evidence.fresh_value(Vital.SPO2, 15, 5).value == 97
    assert evidence.fresh_value(Vital.SPO2, 15.001, 5) is None
    evidence.value(Vital.SPO2, 16, None)
    assert evidence.fresh_value(Vital.SPO2, 16, 5) is None


def test_an_inflation_counts_from_when_it_was_first_said() -> None:
    evidence = Evidence(0.0)
    evidence.cuff_measuring(10, True)
    evidence.cuff_measuring(15, True)
    assert evidence.measuring_since_s == 10
    evidence.cuff_measuring(20, False)
    assert evidence.measuring_since_s is None
