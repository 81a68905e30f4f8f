"""Waiting rows keep their order, and what is lost is counted and the least important."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.records import ReadingKept
from monitor.storage.backlog import Backlog


def _numbers(entries) -> list[int]:
    return [entry.number for entry in entries]


def test_rows_leave_in_the_order_in_which_they_came(maker) -> None:
    backlog = Backlog()
    backlog.add([maker.opened(), maker.reading(), maker.pressure(), maker.reading()])
    assert _numbers(backlog.take(3)) == [1, 2, 3]
    assert backlog.waiting == 4
    backlog.settle()
    assert _numbers(backlog.take(3)) == [4]


def test_rows_that_could_not_be_written_come_first_again(maker) -> None:
    backlog = Backlog()
    backlog.add([maker.opened(), maker.reading(), maker.pressure()])
    backlog.take(2)
    backlog.add([maker.reading()])
    backlog.put_back()
    assert _numbers(backlog.take(9)) == [1, 2, 3, 4]


def test_past_its_capacity_the_oldest_plain_reading_is_lost_and_counted(maker) -> None:
    backlog = Backlog(capacity=3)
    backlog.add([maker.opened(), maker.reading(), maker.pressure(), maker.reading()])
    backlog.add([maker.transition()])
    kept = [type(entry.record).__name__ for entry in backlog.take(9)]
    assert kept == ["SessionOpened", "PressureKept", "TransitionKept"]
    assert (backlog.waiting, backlog.lost) == (3, 2)


def test_when_only_urgent_rows_are_left_the_opening_of_the_session_stays(maker) -> None:
    backlog = Backlog(capacity=2)
    backlog.add([maker.opened(), maker.pressure(), maker.pressure()])
    assert _numbers(backlog.take(9)) == [1, 2]
    assert backlog.lost == 1


def test_a_refused_row_counts_as_lost(maker) -> None:
    backlog = Backlog()
    backlog.add([maker.reading(), maker.reading()])
    backlog.take(9)
    backlog.settle(refused=1)
    assert (backlog.waiting, backlog.lost, backlog.settled_up_to) == (0, 1, 2)


steps = st.lists(st.sampled_from(["plain", "urgent", "take", "put_back", "settle"]), max_size=60)


@given(steps, st.integers(1, 6))
def test_every_row_is_waiting_or_written_or_counted_as_lost(happenings, capacity) -> None:
    backlog, written, taken = Backlog(capacity), 0, 0
    for step in happenings:
        match step:
            case "plain":
                backlog.add([READING])
            case "urgent":
                backlog.add([URGENT_ROW])
            case "take":
                backlog.put_back()
                taken = len(backlog.take(2))
            case "put_back":
                backlog.put_back()
                taken = 0
            case "settle":
                backlog.settle()
                written, taken = written + taken, 0
        assert backlog.waiting + written + backlog.lost == backlog.arrived
        assert backlog.waiting <= capacity + 1
        assert 0 <= backlog.settled_up_to <= backlog.arrived


def _row(kind: str):
    from datetime import UTC, datetime

    from monitor.readings import Quality
    from monitor.records import HappeningKept, Stamp
    from monitor.vitals import Vital

    stamp = Stamp("s", 1, 0.0, datetime(2026, 1, 1, tzinfo=UTC))
    if kind == "plain":
        return ReadingKept(stamp, "ge_s5", Vital.SPO2, 97.0, Quality.OK, "oximeter")
    return HappeningKept(stamp, "link", {})


READING, URGENT_ROW = _row("plain"), _row("urgent")
