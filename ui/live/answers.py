"""The question after a long absence: which row is marked, and what becomes of an answer.

Knows the bridge's sessions and the window's keys. Changes no state of a session itself.
"""

from collections.abc import Callable
from dataclasses import replace

from monitor.snapshot import SessionSnapshot
from ui.bridge import UiBridge
from ui.live.intents import Intents
from ui.live.window import VigilWindow
from ui.view_models.screen import is_running
from ui.view_models.waiting import waiting_panel


class Answers:
    """Call ``show`` on every tick. ``for_eyes`` hides what may not be seen now."""

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        intents: Intents,
        for_eyes: Callable[[SessionSnapshot], SessionSnapshot],
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._intents = intents
        self._for_eyes = for_eyes
        self._marked_id = ""
        self._seen = ""
        window.waiting_marked.connect(self._mark)
        window.waiting_moved.connect(self._move)
        window.waiting_resumed.connect(self._resume)
        window.waiting_ended.connect(self._end)

    def show(self) -> None:
        """Show the question, or take it away."""
        lost, waiting = self._lost, self._waiting
        panel = waiting_panel(
            [self._for_eyes(one) for one in waiting],
            [self._for_eyes(one) for one in lost],
            self._marked,
            unresumed=self._unresumed,
        )
        self._window.render_waiting(panel)

    @property
    def is_alarm(self) -> bool:
        """Whether a session is lost and nobody has said that they have seen it."""
        return bool(self._bridge.lost or self._unresumed)

    @property
    def _unresumed(self) -> str:
        """Why the station cannot bring sessions back, unless somebody has seen it."""
        reason = self._bridge.unresumed
        return "" if reason == self._seen else reason

    # ---- which row

    @property
    def _waiting(self) -> list[SessionSnapshot]:
        shown = (news.snapshot for news in self._bridge.sessions.values())
        return [one for one in shown if one.waiting is not None and is_running(one)]

    @property
    def _lost(self) -> list[SessionSnapshot]:
        return [news.snapshot for news in self._bridge.lost.values()]

    @property
    def _rows(self) -> list[SessionSnapshot]:
        return [*self._lost, *self._waiting]

    @property
    def _marked(self) -> int:
        """The marked row; it stays with its session when others come and go."""
        ids = [one.session_id for one in self._rows]
        return ids.index(self._marked_id) if self._marked_id in ids else 0

    def _mark(self, row: int) -> None:
        if row < len(self._rows):
            self._marked_id = self._rows[row].session_id

    def _move(self, by: int) -> None:
        self._mark(min(max(self._marked + by, 0), max(len(self._rows) - 1, 0)))

    def _chosen(self, is_all: bool) -> list[SessionSnapshot]:
        return self._rows if is_all else self._rows[self._marked :][:1]

    # ---- the answers

    def _resume(self, is_all: bool) -> None:
        if self._unresumed:
            self._seen = self._unresumed
            return
        chosen = self._chosen(is_all)
        for lost in [one for one in chosen if one in self._lost and not is_all]:
            self._bridge.forget_lost(lost.session_id)
        waiting = [one for one in chosen if one.waiting is not None and one not in self._lost]
        self._intents.resume([one for one in waiting if _can_resume(one) or not is_all])

    def _end(self, is_all: bool) -> None:
        if self._unresumed:
            return
        waiting = [one for one in self._chosen(is_all) if one not in self._lost]
        if waiting:
            self._intents.ask_to_end_interrupted([self._named(one) for one in waiting])

    def _named(self, one: SessionSnapshot) -> SessionSnapshot:
        return replace(one, patient=self._for_eyes(one).patient)


def _can_resume(snapshot: SessionSnapshot) -> bool:
    return snapshot.waiting is not None and not snapshot.waiting.obstacle
