"""Garbage goes in the main thread, when it is due, and never in a worker."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from ui import main_thread_garbage


class Knot:
    """Holds itself: only the collector ends it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def knots(count: int) -> list[weakref.ref[Knot]]:
    return [weakref.ref(Knot()) for _ in range(count)]


def test_a_worker_that_allocates_much_collects_nothing() -> None:
    main_thread_garbage.take_over()
    (knot,) = knots(1)
    worker = threading.Thread(target=lambda: knots(5000))
    worker.start()
    worker.join()
    assert knot() is not None
    main_thread_garbage.collect()
    assert knot() is None


def test_nothing_is_collected_before_it_is_due() -> None:
    main_thread_garbage.take_over()
    (knot,) = knots(1)
    main_thread_garbage.collect()
    assert knot() is not None
