"""A station is well when it can be reached, speaks, and its sessions move; time is passed in."""

from collections.abc import Callable

from monitor.channel import MemoryChannel, in_memory_pair
from monitor.channel_messages import SessionUpdate, StationAlive
from monitor.chart_part import ChartPart
from monitor.snapshot import Phase
from tests.ui.fixtures import CHAIR, snapshot
from ui.station_check import IS_WELL_WITHIN_S, is_well

ALIVE = StationAlive(42, (CHAIR,))
RUNS = SessionUpdate(snapshot(), ChartPart("s1", True))
ENDED = SessionUpdate(snapshot(phase=Phase.ENDED), ChartPart("s1", True))


class Line:
    """A station that answers calls as ``answer`` says, on a time that passes only in pauses."""

    def __init__(self, answer: Callable[["Line"], MemoryChannel | None]) -> None:
        self.now_s = 100.0
        self.calls = 0
        self.closed: list[MemoryChannel] = []
        self.is_there = True
        self.each_pause: Callable[[], None] = lambda: None
        self._answer = answer

    def call(self) -> MemoryChannel | None:
        self.calls += 1
        return self._answer(self)

    def pause(self, seconds: float) -> None:
        self.now_s += seconds
        self.each_pause()

    def is_well(self) -> bool:
        return is_well(self.call, lambda: self.is_there, lambda: self.now_s, self.pause)


def saying(*messages: object) -> Callable[[Line], MemoryChannel]:
    def answer(_line: Line) -> MemoryChannel:
        ours, theirs = in_memory_pair()
        for message in messages:
            theirs.send(message)
        return ours

    return answer


def test_two_heartbeats_without_a_session_are_well_at_once() -> None:
    line = Line(saying(ALIVE, ALIVE))
    assert line.is_well()
    assert line.now_s == 100.0


def test_one_heartbeat_may_be_the_last() -> None:
    assert not Line(saying(ALIVE)).is_well()


def test_a_session_must_have_news_and_not_only_its_last_picture() -> None:
    assert not Line(saying(ALIVE, RUNS, ALIVE)).is_well()
    assert Line(saying(ALIVE, RUNS, RUNS, ALIVE)).is_well()
    assert Line(saying(ALIVE, ENDED, ALIVE)).is_well()
    assert Line(saying(ALIVE, RUNS, ENDED, ALIVE)).is_well()


def test_one_that_says_nothing_is_given_up_in_time() -> None:
    line = Line(saying())
    assert not line.is_well()
    assert IS_WELL_WITHIN_S <= line.now_s - 100.0 < IS_WELL_WITHIN_S + 0.5
    assert line.calls == 1


def test_one_that_cannot_be_reached_is_called_until_the_time_is_over() -> None:
    line = Line(lambda _line: None)
    assert not line.is_well()
    assert line.calls >= 8


def test_one_that_is_reached_at_the_second_call_is_well() -> None:
    line = Line(lambda line: None if line.calls == 1 else saying(ALIVE, ALIVE)(line))
    assert line.is_well()


def test_one_that_hangs_up_is_called_again() -> None:
    def hang_up(line: Line) -> MemoryChannel:
        if line.calls > 1:
            return saying(ALIVE, ALIVE)(line)
        ours, theirs = in_memory_pair()
        theirs.close()
        return ours

    assert Line(hang_up).is_well()


def test_a_pause_of_this_process_is_no_silence_of_the_station() -> None:
    line = Line(lambda line: (setattr(line, "now_s", line.now_s + 30), None)[1])
    pauses = iter((True, True))

    def stall() -> None:
        line.now_s += 30 if next(pauses, False) else 0

    line.each_pause = stall
    assert not line.is_well()
    assert line.calls >= 3


def test_nobody_waits_for_one_that_has_gone() -> None:
    line = Line(lambda _line: None)
    line.each_pause = lambda: setattr(line, "is_there", False)
    assert not line.is_well()
    assert line.calls == 1


def test_every_call_is_hung_up() -> None:
    ends: list[MemoryChannel] = []

    def answer(_line: Line) -> MemoryChannel:
        ours, theirs = in_memory_pair()
        theirs.send(ALIVE)
        theirs.send(ALIVE)
        ends.append(theirs)
        return ours

    assert Line(answer).is_well()
    assert all(end._closed[0] for end in ends)
