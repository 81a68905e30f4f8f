"""Errands: in their order, beside the main thread, and never a dead thread."""

import threading

import pytest

from monitor.errors import OperatorError
from ui.people.errands import UNEXPECTED, Errands


def test_work_is_done_beside_the_caller_in_the_order_given() -> None:
    errands, done = Errands(), []
    here = threading.current_thread()
    threads: list[threading.Thread] = []

    def work(number: int) -> int:
        threads.append(threading.current_thread())
        return number

    for number in range(20):
        errands.run(lambda n=number: work(n), done.append, done.append)
    errands.finish(5.0)
    assert done == list(range(20))
    assert here not in threads


def test_an_answer_waits_until_it_is_asked_for() -> None:
    errands, done = Errands(), []
    errands.run(lambda: "yes", done.append, done.append)
    errands._idle.wait(5.0)
    assert done == []
    errands.poll()
    assert done == ["yes"]


def test_the_worlds_fault_and_ours_both_become_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    errands, told = Errands(), []

    def full() -> None:
        raise OperatorError("The disk is full", "make room")

    errands.run(full, told.append, told.append)
    errands.run(lambda: {}["bug"], told.append, told.append)
    errands.run(lambda: "alive", told.append, told.append)
    errands.finish(5.0)
    assert told == ["The disk is full: make room", UNEXPECTED, "alive"]
    assert "KeyError" in caplog.text


def test_to_finish_takes_no_longer_than_allowed() -> None:
    errands, release = Errands(), threading.Event()
    errands.run(lambda: release.wait(20), lambda _: None, lambda _: None)
    errands.finish(0.01)
    release.set()
    errands.finish(5.0)
