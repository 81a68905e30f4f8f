"""The tally in front of the recorder: counts right, and keeps no row from the disk.

Knows rows and a keeper that is a list. Must not know terminals.
"""

from collections.abc import Sequence

import pytest

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.records import (
    HappeningKept,
    PressureKept,
    ReadingKept,
    Record,
    SessionOpened,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.vitals import Vital
from tests.monitor.fakes import OPENED_UTC, RECORDING, Keeper, opened_record
from ui.tally import Tally, transition_fact

QUIET, PENDING, SOUNDING = AlarmState.QUIET, AlarmState.PENDING, AlarmState.SOUNDING
ACKNOWLEDGED, UNSEEN = AlarmState.ACKNOWLEDGED, AlarmState.UNSEEN


def stamp(session_id: str = "s1") -> Stamp:
    return Stamp(session_id, 2, 10.0, OPENED_UTC)


def reading(value: float | None = 97) -> ReadingKept:
    return ReadingKept(stamp(), "ge_s5", Vital.SPO2, value, Quality.OK, "oximeter")


def pressure(*, is_stale: bool = False) -> PressureKept:
    return PressureKept(stamp(), "ge_s5", 130, 80, 97, 70, None, is_stale, Quality.OK)


def change(old: AlarmState, new: AlarmState, priority: Priority = Priority.HIGH) -> TransitionKept:
    value, limit = {"systolic": 184.0}, {"systolic": 180.0}
    return TransitionKept(stamp(), "BP-H2", priority, old, new, value, limit, "Systolic 184")


def counted(*rows: Record) -> Tally:
    tally = Tally()
    tally.before(Keeper()).put(rows)
    return tally


def test_figures_have_the_names_of_the_summary() -> None:
    rows = [
        opened_record(),
        reading(),
        reading(None),
        pressure(),
        HappeningKept(stamp(), "gap", {}),
    ]
    assert counted(*rows).figures() == {
        "readings": 2,
        "blood_pressures": 1,
        "gaps": 1,
        "alarm_onsets": {},
    }


def test_a_reading_held_from_before_the_session_is_not_counted() -> None:
    assert counted(pressure(is_stale=True), pressure()).blood_pressures == 1


def test_only_gaps_are_counted_as_gaps() -> None:
    kinds = ("phase", "link", "gap", "notice", "cuff", "gap")
    assert counted(*(HappeningKept(stamp(), kind, {}) for kind in kinds)).gaps == 2


@pytest.mark.parametrize(
    ("old", "new", "onsets"),
    [
        (QUIET, SOUNDING, 1),
        (PENDING, SOUNDING, 1),
        (UNSEEN, SOUNDING, 1),
        (ACKNOWLEDGED, SOUNDING, 0),
        (QUIET, PENDING, 0),
        (SOUNDING, ACKNOWLEDGED, 0),
        (SOUNDING, UNSEEN, 0),
    ],
)
def test_an_onset_is_a_new_occurrence_that_sounds(
    old: AlarmState, new: AlarmState, onsets: int
) -> None:
    assert counted(change(old, new)).onsets["high"] == onsets


def test_onsets_are_counted_by_priority() -> None:
    rows = [change(QUIET, SOUNDING, priority) for priority in Priority] * 2
    assert counted(*rows).figures()["alarm_onsets"] == {"low": 2, "medium": 2, "high": 2}


def test_sessions_are_listed_once_in_the_order_of_their_rows() -> None:
    rows = [HappeningKept(stamp(name), "phase", {}) for name in ("b", "a", "b")]
    assert list(counted(*rows).session_ids) == ["b", "a"]


def test_rows_and_their_arrival_go_on_to_the_recorder() -> None:
    keeper, rows = Keeper(), [opened_record(), reading()]
    front = Tally().before(keeper)
    front.put(rows, received_ns=5)
    assert (keeper.rows, keeper.received_ns) == (rows, [5])
    assert front.status() == RECORDING


def test_a_listener_that_fails_keeps_no_row_from_the_recorder() -> None:
    """The terminal that shows the alarms may be closed at any time."""

    def broken(_row: TransitionKept) -> None:
        raise BrokenPipeError

    keeper = Keeper()
    rows: Sequence[Record] = [change(QUIET, SOUNDING), reading()]
    with pytest.raises(BrokenPipeError):
        Tally(on_transition=broken).before(keeper).put(rows)
    assert keeper.rows == rows


def test_every_alarm_change_is_told() -> None:
    told: list[TransitionKept] = []
    rows = [change(QUIET, PENDING), reading(), change(PENDING, SOUNDING)]
    Tally(on_transition=told.append).before(Keeper()).put(rows)
    assert told == [rows[0], rows[2]]


def test_an_alarm_change_is_printed_as_the_contract_says() -> None:
    assert transition_fact(change(QUIET, SOUNDING)) == {
        "t_s": 10.0,
        "rule": "BP-H2",
        "priority": "high",
        "from": "quiet",
        "to": "sounding",
        "value": {"systolic": 184.0},
        "limit": {"systolic": 180.0},
    }


def test_an_opening_is_no_figure_but_a_session() -> None:
    tally = counted(opened_record("s7"))
    assert isinstance(opened_record("s7"), SessionOpened)
    assert (list(tally.session_ids), tally.readings) == (["s7"], 0)
