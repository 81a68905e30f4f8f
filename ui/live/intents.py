"""From keys to commands: what a person asked for becomes a message to the station.

Knows what makes sense in which phase, and what must be asked first. Changes no state itself; how
a session is opened and whose it is: starting.py.
"""

from collections.abc import Callable, Sequence

from monitor.accounts.permissions import Action
from monitor.channel_messages import (
    Acknowledge,
    EndInfusion,
    EndInterrupted,
    EndSession,
    ResumeSession,
    StartInfusion,
)
from monitor.snapshot import Phase, SessionSnapshot
from ui.bridge import UiBridge
from ui.live.leave import Leave, Where
from ui.live.questions import Questions
from ui.live.window import VigilWindow

CLOSE_QUESTION = (
    "A session is running. Without this window it goes on recording and this computer still sounds "
    "HIGH and MEDIUM alarms, but nobody sees why, nor any number. Close the window?"
)
CLOSE_QUESTION_WITHOUT_SOUND = (
    "A session is running. Without this window it goes on recording, but no alarm is seen or "
    "heard at this computer. Close the window?"
)
CLOSE_QUESTION_OF_DEMONSTRATION = (
    "This is a demonstration: closing the window ends it, with all its sessions. Close the window?"
)
CLOSING = "close the window while a session runs"
"""What is refused, in words: who wants to close the window did not ask to end the session."""

_OfSession = StartInfusion | EndInfusion | EndSession | ResumeSession | EndInterrupted


class Intents:
    """Answers the window's signals. ``hush`` cuts the sound of what was just acknowledged.

    ``is_heard_without`` says whether the station's alarms are heard here when there is no window;
    ``is_demonstration``: with the window all of it ends.
    """

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        where: Callable[[], Where],
        hush: Callable[[], None],
        *,
        leave: Leave,
        questions: Questions,
        is_heard_without: Callable[[], bool] = lambda: True,
        is_demonstration: bool = False,
    ) -> None:
        self._bridge = bridge
        self._is_heard_without = is_heard_without
        self._is_demonstration = is_demonstration
        self._where = where
        self._hush = hush
        self._leave = leave
        self._questions = questions
        window.acknowledged.connect(self._acknowledge)
        window.infusion_started.connect(self._start_infusion)
        window.infusion_ended.connect(self._end_infusion)
        window.session_end_asked.connect(self._ask_to_end)

    def ask_to_close(
        self, running: Callable[[], Sequence[SessionSnapshot]], close: Callable[[], object]
    ) -> None:
        """Ask whether the window may close although sessions run; who may end them may close.

        Anybody may while nobody can sign in: a window that only a kill closes helps nobody.
        """
        if self._may_leave(running()):
            self._questions.ask(
                self._close_question(), lambda: self._may_leave(running()) and close()
            )

    def _close_question(self) -> str:
        if self._is_demonstration:
            return CLOSE_QUESTION_OF_DEMONSTRATION
        return CLOSE_QUESTION if self._is_heard_without() else CLOSE_QUESTION_WITHOUT_SOUND

    def _may_leave(self, running: Sequence[SessionSnapshot]) -> bool:
        may_end = (self._leave(Action.END_SESSION, session, told_as=CLOSING) for session in running)
        return self._leave.is_barred or all(may_end)

    def resume(self, waiting: Sequence[SessionSnapshot]) -> None:
        """Sessions that waited for an answer go on."""
        for session in waiting:
            self._send(Action.RESUME_SESSION, session, ResumeSession)

    def ask_to_end_interrupted(self, waiting: Sequence[SessionSnapshot]) -> None:
        """Ask whether sessions that wait were over when they were interrupted."""
        if any(self._leave(Action.END_SESSION, session) is None for session in waiting):
            return
        names = ", ".join(f"{session.patient} at {session.chair}" for session in waiting)
        held = sum(session.waiting.held for session in waiting if session.waiting)
        dropped = f" {held} values that are held are dropped." if held else ""
        self._questions.ask(
            f"End as interrupted: {names}? The record ends where it was interrupted.{dropped}",
            lambda: self._end_interrupted(waiting),
        )

    def _end_interrupted(self, waiting: Sequence[SessionSnapshot]) -> None:
        for session in waiting:
            self._send(Action.END_SESSION, session, EndInterrupted)

    def _acknowledge(self) -> None:
        """Acknowledge what is on the screen, and only that: another may begin at this moment."""
        session = self._where().session
        if session is None or (actor := self._leave(Action.ACKNOWLEDGE, session)) is None:
            return
        name, by = session.session_id, actor.by
        sent = [
            self._bridge.send(Acknowledge(name, alarm.rule, by, alarm.since_s, actor.user_id))
            for alarm in session.alarms
        ]
        if any(sent):
            self._hush()

    def _start_infusion(self) -> None:
        session = self._where().session
        if session is not None and session.phase in (Phase.PREPARATION, Phase.BASELINE):
            self._send(Action.START_INFUSION, session, StartInfusion)

    def _end_infusion(self) -> None:
        session = self._where().session
        if session is not None and session.phase is Phase.INFUSION:
            self._ask_and_send(
                f"End the infusion of {session.patient} at {session.chair}? Recovery begins.",
                Action.END_INFUSION,
                session,
                EndInfusion,
            )

    def _ask_to_end(self) -> None:
        session = self._where().session
        if session is not None:
            self._ask_and_send(
                f"End the session of {session.patient} at {session.chair}? Its recording ends.",
                Action.END_SESSION,
                session,
                EndSession,
            )

    # ---- asked first

    def _send(
        self,
        action: Action,
        session: SessionSnapshot,
        command: type[_OfSession],
    ) -> None:
        if (actor := self._leave(action, session)) is not None:
            self._bridge.send(command(session.session_id, by=actor.by, by_id=actor.user_id))

    def _ask_and_send(
        self,
        question: str,
        action: Action,
        session: SessionSnapshot,
        command: type[_OfSession],
    ) -> None:
        """Ask for leave before the question and after it: the controls may lock meanwhile."""
        if self._leave(action, session) is not None:
            self._questions.ask(question, lambda: self._send(action, session, command))
