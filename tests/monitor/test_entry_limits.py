"""The clinic's own ceilings reach what is entered while a session runs."""

import pytest

from monitor.channel_messages import OpenSession, StartInfusion
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Engine
from monitor.entries import USUAL, EntryLimits
from monitor.entry_messages import AmendEntry, EnterDose
from monitor.records import DoseKept
from tests.monitor.fakes import OPENED_UTC, PROFILE, Keeper


def refusals(limits: EntryLimits) -> list[str]:
    """Return what is refused of a dose of 100 mg, one of 130 mg, and 130 mg as an amendment."""
    keeper, said = Keeper(), list[str]()
    chair = Chair("Chair 1", "ge_s5", "GE S/5", "simulated", "port-1")
    engine = Engine(ManualClock(OPENED_UTC), [chair], PROFILE, keeper, limits=limits)
    engine.handle(Ask(OpenSession("Chair 1", "Ann"), said.append))
    session = engine.session_at("Chair 1")
    assert session is not None
    session_id = session.picture.opened.stamp.session_id
    engine.handle(Ask(StartInfusion(session_id), said.append))
    for amount in (100.0, 130.0):
        engine.handle(Ask(EnterDose(session_id, "Ketamine", "IV", amount), said.append))
    seq = next(row.stamp.seq for row in keeper.rows if isinstance(row, DoseKept))
    change = AmendEntry(session_id, seq, "amount", 130.0, "misread")
    engine.handle(Ask(change, said.append))
    return said


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (USUAL, []),
        (EntryLimits(ketamine_mg=120.0), ["A dose of 130 is above 120 mg"] * 2),
    ],
)
def test_a_dose_above_the_clinics_ceiling_is_refused(
    limits: EntryLimits, expected: list[str]
) -> None:
    assert [said.partition(":")[0] for said in refusals(limits)] == expected
