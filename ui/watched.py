"""Long work on a terminal: a progress bar on standard error, and Ctrl+C that ends it cleanly.

Knows signals and tqdm. Must not know what the work is.
"""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from tqdm import tqdm

from monitor.storage.backup import Watch

BAR = "{desc} {percentage:3.0f}%|{bar}| [{elapsed}<{remaining}]"


@contextlib.contextmanager
def watched(*, is_quiet: bool = False) -> Iterator[Watch]:
    """Show how far the work is, on a terminal; Ctrl+C and SIGTERM ask it to end."""
    over = threading.Event()
    steps: list[str] = []
    with (
        _asking_to_end(over),
        tqdm(
            total=1,
            file=sys.stderr,
            disable=True if is_quiet else None,
            bar_format=BAR,
            leave=False,
        ) as bar,
    ):

        def show(what: str, done: int, of: int) -> None:
            if steps[-1:] != [what]:
                steps.append(what)
                bar.reset(total=max(of, 1))
                bar.set_description_str(what, refresh=False)
            bar.update(done - bar.n)

        yield Watch(show, over.is_set)


@contextlib.contextmanager
def _asking_to_end(over: threading.Event) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: Any) -> None:
        over.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
