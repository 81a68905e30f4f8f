"""Gives an engine the alarm profiles that were approved, at its start and once a minute after.

Wires the keeper to the database, the settings and the engine. Must not import Qt.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

from monitor.clock import Clock
from monitor.engine import Engine
from monitor.engine_messages import Fault
from monitor.profile_keeper import News, ProfileKeeper
from monitor.settings import DataFolder
from monitor.storage.keys import DataKey
from monitor.storage.profile_book import ProfileBook
from ui.voice import note

GIVEN_UP_AFTER_S = 2.0
"""A network folder that hangs must not hold up the end of a station."""


def keeper_of(folder: DataFolder, key: DataKey, clock: Clock) -> ProfileKeeper:
    """Return what keeps the profiles of a data folder in force."""
    book = ProfileBook(folder.database, key)
    return ProfileKeeper(folder.path, book, clock, folder.settings.alarms.profile)


def look_first(keeper: ProfileKeeper, engine: Engine) -> None:
    """Put the profiles in force before the engine's thread runs, and before any row is recorded."""
    keeper.look(_said(engine.handle))


@contextlib.contextmanager
def watched(keeper: ProfileKeeper, engine: Engine) -> Iterator[None]:
    """Look again once a minute while the block runs, in a thread of its own."""
    over = threading.Event()
    work = (over, _said(engine.inbox.put))
    thread = threading.Thread(target=keeper.run, args=work, name="profiles", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(GIVEN_UP_AFTER_S)


def _said(tell: Callable[[News], None]) -> Callable[[News], None]:
    """Return ``tell`` that also says a fault where the station's words are kept."""

    def tell_and_note(news: News) -> None:
        if isinstance(news, Fault) and news.text:
            note(f"vigil: alarm profile: {news.text}.")
        tell(news)

    return tell_and_note
