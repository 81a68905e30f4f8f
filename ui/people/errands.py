"""Errands: work that would hold up the screen, run one after another beside the main thread.

Knows order and answers. Must not know Qt, nor what the work is.
"""

import logging
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from monitor.errors import OperatorError
from ui.station_search import Task, run_in_thread

log = logging.getLogger(__name__)
UNEXPECTED = "This did not work: an unexpected fault, see the log"

Answer = TypeVar("Answer")


class Errands:
    """Runs work in the order in which it was given; ``poll`` brings the answers to the caller.

    There is a thread only while there is work, so none is left when all is done.
    """

    def __init__(self, in_background: Callable[[str, Task], None] = run_in_thread) -> None:
        self._in_background = in_background
        self._waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._left = 0
        self._idle = threading.Event()
        self._idle.set()

    def run(
        self,
        work: Callable[[], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[str], None],
    ) -> None:
        """Do ``work`` beside the caller; at a later ``poll`` one of the other two hears of it.

        ``failed`` gets a sentence for people.
        """
        self._waiting.put(lambda: self._answers.put(_outcome(work, then, failed)))
        with self._lock:
            self._left += 1
            self._idle.clear()
            if self._left > 1:
                return
        self._in_background("errands", self._work)

    def poll(self) -> None:
        """Hand over the answers that have come; waits for nothing."""
        while not self._answers.empty():
            self._answers.get()()

    def finish(self, seconds: float) -> None:
        """Wait, at most so long, until nothing is under way, and hand over the answers."""
        self._idle.wait(seconds)
        self.poll()

    def _work(self) -> None:
        is_more = True
        while is_more:
            self._waiting.get()()
            with self._lock:
                self._left -= 1
                is_more = self._left > 0
                if not is_more:
                    self._idle.set()


def _outcome(
    work: Callable[[], Answer], then: Callable[[Answer], None], failed: Callable[[str], None]
) -> Task:
    """Do the work; return what is to be called with its answer, or with what went wrong."""
    try:
        answer = work()
    except OperatorError as fault:
        sentence = str(fault)
    except Exception:
        log.exception("an errand of the desktop failed")  # a bug of ours: the desk stays usable
        sentence = UNEXPECTED
    else:
        return lambda: then(answer)
    return lambda: failed(sentence)
