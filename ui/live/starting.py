"""How a session begins at the screen: for whom, by whom; and who it was when nobody was asked.

Knows the patient form, break-glass and their messages. Looks for nobody itself (patients/).
"""

from collections.abc import Callable

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.channel_messages import Identify, OpenSession
from monitor.entry_messages import IdentifyPatient
from monitor.snapshot import SessionSnapshot
from ui.bridge import UiBridge
from ui.live.leave import Leave, Where
from ui.live.questions import Questions
from ui.live.window import VigilWindow
from ui.patients.form import Chosen, PatientForm
from ui.people.reception import Reception
from ui.view_models.patients import DEFAULT_MINUTES, UNKNOWN_PATIENT, Purpose

FORM_LASTS_S = 120.0
"""Seconds after which a form that nobody uses goes from a running session: it covers its chart."""
AFTERWARDS = "started without signing in, identified later"


class Starting:
    """Answers the window's wish for a session. Call ``tick`` and ``show`` ten times a second."""

    def __init__(
        self,
        window: VigilWindow,
        bridge: UiBridge,
        where: Callable[[], Where],
        form: PatientForm,
        *,
        reception: Reception,
        leave: Leave,
        questions: Questions,
    ) -> None:
        self._window = window
        self._bridge = bridge
        self._where = where
        self._form = form
        self._reception = reception
        self._leave = leave
        self._questions = questions
        self._now_s = self._used_s = 0.0
        window.new_session_asked.connect(self._ask_for_patient)
        window.break_glass_asked.connect(self._break_glass)
        window.identify_asked.connect(self._ask_to_identify)
        self._connect_form()

    def tick(self, now_s: float) -> None:
        """Let time pass: answers come, and a form that has lost its chair goes."""
        self._now_s = now_s
        self._form.tick()
        if notice := self._form.take_notice():
            self._bridge.say(notice)
        if self._form.purpose is not None and not self._is_still_wanted(self._form.purpose):
            self._form.close()

    def show(self) -> None:
        """Show the form; while whoever opened it may not act, nobody's name is to be seen."""
        purpose = self._form.purpose
        is_covered = purpose is not None and bool(self._reception.refusal(_action(purpose)))
        self._window.render_patients(self._form.view, is_covered=is_covered)

    def go_elsewhere(self) -> None:
        """Another chair is looked at: the form was for this one."""
        self._form.close()

    # ---- the form

    def _connect_form(self) -> None:
        form, panel = self._form, self._window.patients
        for signal, act in (
            (panel.searched, form.search),
            (panel.submitted, form.go_on),
            (panel.another_way_asked, form.another_way),
            (panel.left, form.back),
            (panel.moved, form.move),
            (panel.row_marked, form.mark),
        ):
            signal.connect(act)
            signal.connect(self._touch)

    def _touch(self) -> None:
        self._used_s = self._now_s

    def _is_still_wanted(self, purpose: Purpose) -> bool:
        """Whether the form's chair is as it was, and nobody else has signed in since."""
        where = self._where()
        session_id = "" if where.session is None else where.session.session_id
        is_here = (where.chair, session_id) == (purpose.chair, purpose.session_id)
        is_forgotten = not purpose.is_start and self._now_s - self._used_s >= FORM_LASTS_S
        is_covered = bool(self._reception.refusal(_action(purpose)))
        is_same = is_covered or self._reception.actor_for() == self._form.actor
        return is_here and is_same and not is_forgotten

    def _open(self, purpose: Purpose, actor: Actor, done: Callable[[Chosen], bool]) -> None:
        self._used_s = self._now_s
        self._form.open(purpose, actor, done)

    # ---- a session for a patient

    def _ask_for_patient(self) -> None:
        where = self._where()
        if where.session is not None or not where.chair:
            return
        if (actor := self._leave(Action.OPEN_SESSION)) is not None:
            purpose = Purpose(where.chair, profiles=self._bridge.profiles)
            self._open(purpose, actor, self._start)

    def _start(self, chosen: Chosen) -> bool:
        if (actor := self._leave(Action.OPEN_SESSION)) is None:
            return False
        return self._bridge.send(
            OpenSession(
                self._where().chair,
                chosen.patient.details.label,
                chosen.minutes * 60.0,
                by=actor.by,
                patient_id=chosen.patient.id,
                course_id=chosen.course_id,
                by_id=actor.user_id,
                profile=chosen.profile,
            )
        )

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
        is_sent = self._bridge.send(
            OpenSession(
                chair,
                UNKNOWN_PATIENT,
                planned_s,
                by=actor.by,
                emergency=actor.user_id,
                by_id=actor.user_id,
            )
        )
        if is_sent:
            self._form.close()
        return is_sent

    # ---- who it was

    def _ask_to_identify(self) -> None:
        """Ask who answers for the session, and then who the patient is; either may come alone."""
        session = self._where().session
        if session is None or (actor := self._who_identifies(session)) is None:
            return
        if session.emergency:
            self._questions.ask(
                f"{actor.by}: do you answer for this session at {session.chair}, "
                "which was started without signing in?",
                lambda: self._identify(session),
                lambda: self._ask_who_it_is(session),
            )
        else:
            self._ask_who_it_is(session)

    def _who_identifies(self, session: SessionSnapshot) -> Actor | None:
        if not session.emergency and session.patient != UNKNOWN_PATIENT:
            return None
        return self._leave(Action.IDENTIFY)

    def _identify(self, session: SessionSnapshot) -> None:
        actor = self._leave(Action.IDENTIFY)
        if actor is None:
            return
        if self._bridge.send(Identify(session.session_id, actor.by, actor.user_id)):
            self._reception.identified(session.emergency)
            self._ask_who_it_is(session)

    def _ask_who_it_is(self, session: SessionSnapshot) -> None:
        if session.patient != UNKNOWN_PATIENT:
            return
        if (actor := self._leave(Action.IDENTIFY)) is not None:
            purpose = Purpose(session.chair, session.session_id)
            self._open(purpose, actor, lambda chosen: self._name(session.session_id, chosen))

    def _name(self, session_id: str, chosen: Chosen) -> bool:
        if (actor := self._leave(Action.IDENTIFY)) is None:
            return False
        return self._bridge.send(
            IdentifyPatient(
                session_id,
                chosen.patient.id,
                chosen.patient.details.label,
                chosen.course_id,
                AFTERWARDS,
                by=actor.by,
                by_id=actor.user_id,
            )
        )


def _action(purpose: Purpose) -> Action:
    return Action.OPEN_SESSION if purpose.is_start else Action.IDENTIFY
