"""From keys to commands: what a person asked for becomes a message to the station.

Knows what makes sense in which phase, what must be asked first, and whom to ask for leave.
Changes no state itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.channel_messages import (
    Acknowledge,
    EndInfusion,
    EndInterrupted,
    EndSession,
    Identify,
    OpenSession,
    ResumeSession,
    StartInfusion,
)
from monitor.snapshot import Phase, SessionSnapshot
from ui.bridge import UiBridge
from ui.live.free_chair import DEFAULT_MINUTES
from ui.live.window import VigilWindow
from ui.people.reception import Reception

CLOSE_QUESTION = (
    "A session is running. Without this window it goes on recording, but no alarm is seen or "
    "heard at this computer. Close the window?"
)
UNKNOWN_PATIENT = "Not identified"
"""The patient of a session that was started without asking anything."""

_KEYS = {
    Action.OPEN_SESSION: "N",
    Action.START_INFUSION: "I",
    Action.END_INFUSION: "E",
    Action.IDENTIFY: "Ctrl+I",
}
"""What to press again after signing in; an action of several keys is not here."""

_OfSession = StartInfusion | EndInfusion | EndSession | ResumeSession | EndInterrupted


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
        reception: Reception,
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._where = where
        self._hush = hush
        self._reception = reception
        self._on_yes: Callable[[], object] | None = None
        window.acknowledged.connect(self._acknowledge)
        window.infusion_started.connect(self._start_infusion)
        window.infusion_ended.connect(self._end_infusion)
        window.session_end_asked.connect(self._ask_to_end)
        window.new_session_asked.connect(self._open_form)
        window.session_wanted.connect(self._open_session)
        window.answered.connect(self._answer)
        window.break_glass_asked.connect(self._break_glass)
        window.identify_asked.connect(self._ask_to_identify)

    def ask_to_close(
        self, running: Callable[[], Sequence[SessionSnapshot]], close: Callable[[], object]
    ) -> None:
        """Ask whether the window may close although sessions run; who may end them may close."""
        if self._may_leave(running()):
            self._ask(CLOSE_QUESTION, lambda: self._may_leave(running()) and close())

    def _may_leave(self, running: Sequence[SessionSnapshot]) -> bool:
        return all(self._leave_for(Action.END_SESSION, session) for session in running)

    def resume(self, waiting: Sequence[SessionSnapshot]) -> None:
        """Sessions that waited for an answer go on."""
        for session in waiting:
            self._send(Action.RESUME_SESSION, session, ResumeSession)

    def ask_to_end_interrupted(self, waiting: Sequence[SessionSnapshot]) -> None:
        """Ask whether sessions that wait were over when they were interrupted."""
        if any(self._leave_for(Action.END_SESSION, session) is None for session in waiting):
            return
        names = ", ".join(f"{session.patient} at {session.chair}" for session in waiting)
        held = sum(session.waiting.held for session in waiting if session.waiting)
        dropped = f" {held} values that are held are dropped." if held else ""
        self._ask(
            f"End as interrupted: {names}? The record ends where it was interrupted.{dropped}",
            lambda: self._end_interrupted(waiting),
        )

    def _end_interrupted(self, waiting: Sequence[SessionSnapshot]) -> None:
        for session in waiting:
            self._send(Action.END_SESSION, session, EndInterrupted)

    def _acknowledge(self) -> None:
        """Acknowledge what is on the screen, and only that: another may begin at this moment."""
        session = self._where().session
        if session is None or (actor := self._leave_for(Action.ACKNOWLEDGE, session)) is None:
            return
        name, by = session.session_id, actor.by
        sent = [
            self._bridge.send(Acknowledge(name, alarm.rule, by=by, since_s=alarm.since_s))
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

    def _open_form(self) -> None:
        where = self._where()
        if where.session is None and where.chair and self._leave_for(Action.OPEN_SESSION):
            self._window.free.open_form()

    def _open_session(self, patient: str, minutes: int) -> None:
        if (actor := self._leave_for(Action.OPEN_SESSION)) is not None:
            chair, planned_s = self._where().chair, minutes * 60.0
            self._bridge.send(OpenSession(chair, patient, planned_s, by=actor.by))
            self._window.free.close_form()

    # ---- without signing in

    def _break_glass(self) -> None:
        """Start a session at this free chair at once; who it was and for whom is said later."""
        where = self._where()
        if where.session is not None or not where.chair:
            self._bridge.say(f"{where.chair or 'This screen'} is not free: go to a free chair.")
            return
        self._reception.break_glass(where.chair, self._start_now)

    def _start_now(self, actor: Actor) -> bool:
        chair, planned_s = self._where().chair, DEFAULT_MINUTES * 60.0
        return self._bridge.send(
            OpenSession(chair, UNKNOWN_PATIENT, planned_s, by=actor.by, emergency=actor.user_id)
        )

    def _ask_to_identify(self) -> None:
        session = self._where().session
        if session is None or not session.emergency:
            return
        if (actor := self._leave_for(Action.IDENTIFY)) is not None:
            self._ask(
                f"{actor.by}: do you answer for this session at {session.chair}, "
                "which was started without signing in?",
                lambda: self._identify(session),
            )

    def _identify(self, session: SessionSnapshot) -> None:
        """Send who answers for the session. The place where its patient is to be named as well."""
        actor = self._leave_for(Action.IDENTIFY)
        if actor is not None and self._bridge.send(Identify(session.session_id, actor.by)):
            self._reception.identified(session.emergency)

    # ---- leave, questions and answers

    def _leave_for(self, action: Action, session: SessionSnapshot | None = None) -> Actor | None:
        """Return who acts, if they may do this; else say who may, and ask who is there."""
        emergency = "" if session is None else session.emergency
        refusal = self._reception.refusal(action, emergency)
        if not refusal:
            return self._reception.actor_for(emergency)
        self._bridge.say(f"{refusal}.")
        self._reception.ask_who(_KEYS.get(action, ""))
        return None

    def _send(
        self,
        action: Action,
        session: SessionSnapshot,
        command: type[_OfSession],
    ) -> None:
        if (actor := self._leave_for(action, session)) is not None:
            self._bridge.send(command(session.session_id, by=actor.by))

    def _ask_and_send(
        self,
        question: str,
        action: Action,
        session: SessionSnapshot,
        command: type[_OfSession],
    ) -> None:
        """Ask for leave before the question and after it: the controls may lock meanwhile."""
        if self._leave_for(action, session) is not None:
            self._ask(question, lambda: self._send(action, session, command))

    def _ask(self, question: str, on_yes: Callable[[], object]) -> None:
        self._on_yes = on_yes
        self._window.question.ask(question)

    def _answer(self, is_yes: bool) -> None:
        on_yes, self._on_yes = self._on_yes, None
        self._window.session.question.dismiss()
        self._window.free.question.dismiss()
        if is_yes and on_yes is not None:
            on_yes()
