"""Brings the open sessions of a database back into an engine, at once or when it can be read again.

Wires storage to the engine. Must not know windows or devices.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from monitor.engine import Engine
from monitor.engine_messages import CameBack
from monitor.errors import OperatorError
from monitor.recall import Past
from monitor.records import Record
from monitor.storage.keys import DataKey
from monitor.storage.last_resort import open_to_read
from monitor.storage.salvage import open_sessions
from monitor.storage.stored import StoredSession
from monitor.storage.unsaved import with_unsaved

RETRY_S = 2.0


class Recorder(Protocol):
    """What is asked of the recorder."""

    def waiting_rows(self) -> Sequence[Record]:
        """Return the rows that are not yet in the database, in order of arrival."""


class Resumption:
    """Call ``begin`` before the engine runs, ``end`` when it is over.

    A database that is locked or damaged at that moment stops no monitoring: it is read again every
    few seconds until it gives its open sessions back. ``fault`` says why it does not, "" when it
    has; any thread may ask.
    """

    def __init__(
        self,
        path: Path,
        key: DataKey,
        engine: Engine,
        recorder: Recorder,
    ) -> None:
        self._path = path
        self._key = key
        self._engine = engine
        self._recorder = recorder
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="resumption", daemon=True)
        self.fault = ""

    def begin(self) -> None:
        """Bring every open session back: to its chair, or to where somebody must answer for it."""
        try:
            for past in self._open_sessions():
                self._engine.resume(past)
        except OperatorError as fault:
            self.fault = str(fault)
            self._thread.start()

    def end(self) -> None:
        """Try no more."""
        self._is_over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while self.fault and not self._is_over.wait(RETRY_S):
            self._try_again()

    def _try_again(self) -> None:
        try:
            found = self._open_sessions()
        except OperatorError as fault:
            self.fault = str(fault)
            return
        for past in found:
            self._engine.inbox.put(CameBack(past))
        self.fault = ""

    def _open_sessions(self) -> list[Past]:
        waiting = self._recorder.waiting_rows()  # before the database: then in both, not in neither
        with open_to_read(self._path, self._key) as database:
            stored = open_sessions(database)
        return [past_of(session) for session in with_unsaved(stored, waiting)]


def past_of(session: StoredSession) -> Past:
    """Return what the engine needs of a stored session."""
    last_seq = max([session.last_seq, *(row.stamp.seq for row in session.rows[-1:])])
    return Past(session.opened, session.rows, last_seq, session.unread, obstacle=session.problem)
