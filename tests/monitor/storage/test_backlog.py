"""Waiting rows keep their order, and what is lost is counted and the least important."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.records import ReadingKept
from monitor.storage.backlog import Backlog, Entry


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


def test_rows_of_one_kind_that_could_not_be_written_keep_their_order(maker) -> None:
    backlog = Backlog()
    backlog.add([maker.reading(), maker.reading(), maker.pressure(), maker.pressure()])
    backlog.take(4)
    backlog.put_back()
    assert _numbers(backlog.take(2)) == [1, 2]
    backlog.settle()
    assert _numbers(backlog.take(9)) == [3, 4]


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


# ---- the spill


def spill(backlog: Backlog, into: dict[int, Entry], limit: int = 9) -> None:
    news = backlog.news(limit)
    if news:
        into.update({entry.number: entry for entry in news})
        backlog.offered(news, [entry.number for entry in news])


def test_each_row_is_offered_to_the_spill_once(maker) -> None:
    backlog = Backlog()
    backlog.add([maker.opened(), maker.reading(), maker.pressure()])
    assert _numbers(backlog.news(2)) == [1, 2]
    backlog.offered(backlog.news(2), [1, 2])
    assert _numbers(backlog.news(9)) == [3]
    backlog.offered(backlog.news(9), [])
    assert not backlog.has_news
    assert (backlog.waiting, backlog.unsafe) == (3, 1)


def test_a_safe_row_that_memory_has_no_room_for_is_parked_and_comes_back_in_its_place(
    maker,
) -> None:
    backlog, spilled = Backlog(capacity=3), {}
    backlog.add([maker.opened(), maker.reading(), maker.reading()])
    spill(backlog, spilled)
    backlog.add([maker.pressure(), maker.reading()])
    assert (backlog.waiting, backlog.lost, backlog.parked(9)) == (5, 0, (2, 3))
    assert _numbers(backlog.take(9)) == [1]
    backlog.settle()
    backlog.bring_back([2, 3], [spilled[2], spilled[3]])
    assert _numbers(backlog.take(9)) == [2, 3, 4, 5]
    backlog.settle()
    assert (backlog.waiting, backlog.lost, backlog.has_safe) == (0, 0, False)


def test_rows_fetched_for_a_try_drive_out_no_row_that_is_nowhere_else(maker) -> None:
    backlog, spilled = Backlog(capacity=2), {}
    for row in (maker.opened(), maker.reading(), maker.reading(), maker.reading()):
        backlog.add([row])
        spill(backlog, spilled)
    assert (backlog.parked(9), backlog.lost) == ((2, 3), 0)
    backlog.bring_back([2, 3], [spilled[2], spilled[3]])
    assert _numbers(backlog.take(9)) == [1, 2, 3, 4]
    backlog.add([maker.reading()])
    backlog.put_back()
    assert (backlog.parked(9), backlog.waiting, backlog.lost) == ((2, 3), 5, 0)
    backlog.add([maker.pressure()])
    assert (backlog.parked(9), backlog.waiting, backlog.lost) == ((2, 3, 4), 5, 1)


def test_a_parked_row_that_cannot_be_fetched_is_lost_and_holds_up_no_other(maker) -> None:
    backlog, spilled = Backlog(capacity=1), {}
    backlog.add([maker.reading()])
    spill(backlog, spilled)
    backlog.add([maker.pressure()])
    backlog.bring_back([1], [])
    assert _numbers(backlog.take(9)) == [2]
    assert (backlog.lost, backlog.has_safe) == (1, False)


def test_a_row_dropped_while_it_was_being_spilled_is_not_lost(maker) -> None:
    backlog = Backlog(capacity=1)
    backlog.add([maker.reading()])
    offered = backlog.news(9)
    backlog.add([maker.pressure()])
    assert backlog.lost == 1
    backlog.offered(offered, [1])
    assert (backlog.lost, backlog.parked(9)) == (0, (1,))


def test_rows_of_a_process_that_died_come_before_all_others(maker) -> None:
    left = [Entry(-1, maker.opened()), Entry(0, maker.reading())]
    backlog = Backlog()
    backlog.add([maker.reading()])
    backlog.recall(left, unread=3)
    assert _numbers(backlog.news(9)) == [1]
    assert _numbers(backlog.take(9)) == [-1, 0, 1]
    assert (backlog.lost, backlog.has_safe) == (3, True)
    backlog.settle()
    assert (backlog.waiting, backlog.has_safe) == (0, False)


STEPS = ["plain", "urgent", "take", "put_back", "settle", "spill", "bring_back"]


@given(st.lists(st.sampled_from(STEPS), max_size=60), st.integers(1, 6))
def test_every_row_is_waiting_or_written_or_counted_as_lost(happenings, capacity) -> None:
    backlog, written, taken = Backlog(capacity), [], ()
    spilled: dict[int, Entry] = {}
    for step in happenings:
        match step:
            case "plain":
                backlog.add([READING])
            case "urgent":
                backlog.add([URGENT_ROW])
            case "take":
                backlog.put_back()
                taken = backlog.take(2)
            case "put_back":
                backlog.put_back()
                taken = ()
            case "settle":
                backlog.settle()
                written += _numbers(taken)
                taken = ()
            case "spill":
                spill(backlog, spilled, limit=2)
            case "bring_back":
                parked = backlog.parked(2)
                backlog.bring_back(parked, [spilled[number] for number in parked])
        assert backlog.waiting + len(written) + backlog.lost == backlog.arrived
        assert 0 <= backlog.unsafe <= backlog.waiting
        assert 0 <= backlog.settled_up_to <= backlog.arrived
    assert written == sorted(set(written))


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
