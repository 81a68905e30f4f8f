"""From keys to commands: what a person asked for becomes a message to the station.

Knows what makes sense in which phase and what must be asked first. Changes no state itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from monitor.channel_messages import (
    Acknowledge,
    EndInfusion,
    EndSession,
    OpenSession,
    StartInfusion,
)
from monitor.snapshot import Phase, SessionSnapshot
from ui.bridge import UiBridge
from ui.live.window import VigilWindow

CLOSE_QUESTION = (
    "A session is running. Without this window it goes on recording, but no alarm is seen or "
    "heard at this computer. Close the window?"
)


@dataclass(frozen=True, slots=True)
class Where:
    """What the screen shows now: the chair, and its session unless the chair is free."""

    chair: str
    session: SessionSnapshot | None


class Intents:
    """Answers the window's signals. ``hush`` cuts the sound of what was just acknowledged."""

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        where: Callable[[], Where],
        hush: Callable[[], None],
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._where = where
        self._hush = hush
        self._on_yes: Callable[[], object] | None = None
        window.acknowledged.connect(self._acknowledge)
        window.infusion_started.connect(self._start_infusion)
        window.infusion_ended.connect(self._end_infusion)
        window.session_end_asked.connect(self._ask_to_end)
        window.new_session_asked.connect(self._open_form)
        window.session_wanted.connect(self._open_session)
        window.answered.connect(self._answer)

    def ask_to_close(self, close: Callable[[], object]) -> None:
        """Ask whether the window may close although a session runs."""
        self._ask(CLOSE_QUESTION, close)

    def _acknowledge(self) -> None:
        """Acknowledge what is on the screen, and only that: another may begin at this moment."""
        session = self._where().session
        if session is None:
            return
        sent = [
            self._bridge.send(Acknowledge(session.session_id, alarm.rule))
            for alarm in session.alarms
        ]
        if any(sent):
            self._hush()

    def _start_infusion(self) -> None:
        session = self._where().session
        if session is not None and session.phase in (Phase.PREPARATION, Phase.BASELINE):
            self._bridge.send(StartInfusion(session.session_id))

    def _end_infusion(self) -> None:
        session = self._where().session
        if session is not None and session.phase is Phase.INFUSION:
            self._ask(
                f"End the infusion of {session.patient} at {session.chair}? Recovery begins.",
                lambda: self._bridge.send(EndInfusion(session.session_id)),
            )

    def _ask_to_end(self) -> None:
        session = self._where().session
        if session is not None:
            self._ask(
                f"End the session of {session.patient} at {session.chair}? Its recording ends.",
                lambda: self._bridge.send(EndSession(session.session_id)),
            )

    def _open_form(self) -> None:
        where = self._where()
        if where.session is None and where.chair:
            self._window.free.open_form()

    def _open_session(self, patient: str, minutes: int) -> None:
        self._bridge.send(OpenSession(self._where().chair, patient, minutes * 60.0))

    def _ask(self, question: str, on_yes: Callable[[], object]) -> None:
        self._on_yes = on_yes
        self._window.question.ask(question)

    def _answer(self, is_yes: bool) -> None:
        on_yes, self._on_yes = self._on_yes, None
        self._window.session.question.dismiss()
        self._window.free.question.dismiss()
        if is_yes and on_yes is not None:
            on_yes()
