"""Reception: who is at this desktop and what they may do; the lock of its controls.

Knows accounts and time. Must not know Qt; whatever touches a disk or compares a password is an
errand (door.py, journal.py), for the screen waits for nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from monitor.accounts import unlock
from monitor.accounts.auto_lock import Unlocked
from monitor.accounts.events import AccountEvent, EventKind
from monitor.accounts.people import NOBODY, Actor, Role, emergency_actor
from monitor.accounts.permissions import Action, may, require
from monitor.accounts.sign_in import OpenSignIn, SignedIn, acting, break_glass, identify, sign_out
from monitor.accounts.unlock import Answer
from monitor.clock import Clock
from monitor.errors import OperatorError
from ui.people.clinic import Clinic, demo_clinic
from ui.people.door import Door
from ui.people.errands import Errands
from ui.people.journal import Journal
from ui.people.tries import given_up, is_same
from ui.view_models.people import (
    Demo,
    Form,
    Here,
    Nobody,
    PanelView,
    Sealed,
    Standing,
    Unknown,
    Unstaffed,
    WhoView,
    form_for,
    is_locked,
    who_view,
)

LOOK_EVERY_S = 2.0
PANEL_LASTS_S = 120.0
"""Seconds after which a panel that nobody uses goes: it lies over a part of the chart."""
VISITOR = Actor("demonstration", "", Role.NOBODY)
"""Whoever uses a demonstration: nobody's name is kept."""


class Reception:
    """Call ``tick`` ten times a second, and ``touch`` when somebody uses the desktop."""

    def __init__(
        self, clinic: Clinic, clock: Clock, errands: Errands, *, is_demo: bool = False
    ) -> None:
        self._clinic = clinic
        self._clock = clock
        self._errands = errands
        self._standing = _first_standing(clinic, is_demo=is_demo)
        self._notice = ""
        self._again = ""
        self._looked_s = float("-inf")
        self._touched_s = self._now_s
        book = clinic.open_book
        self._journal = Journal(book, errands, self._say, self._now_s)
        self._door = Door(
            book,
            clinic.unseal,
            clinic.passwords,
            clock,
            errands,
            came=self._came,
            answered=self._answered,
            unsealed=self._unsealed,
        )

    # ---- what is to be seen

    @property
    def who(self) -> WhoView:
        """Who is signed in."""
        return who_view(self._standing)

    @property
    def panel(self) -> PanelView | None:
        """The panel, None while it is closed."""
        return self._door.view(self._standing)

    @property
    def hides_names(self) -> bool:
        """Whether no patient's name may be shown now."""
        return self._clinic.hides_names and not self.who.is_open

    @property
    def wants_somebody(self) -> bool:
        """Whether a desk without work should ask who is there."""
        return isinstance(self._standing, Nobody | Unstaffed | Sealed)

    @property
    def is_barred(self) -> bool:
        """Whether nobody can sign in, because the records do not work: so it was met last."""
        unread = isinstance(self._standing, Unknown) and bool(self._standing.fault)
        return unread or self._door.is_stuck

    def take_notice(self) -> str:
        """Return what the person at the screen should be told, once."""
        notice, self._notice = self._notice, ""
        return notice

    # ---- who may do what

    def actor_for(self, emergency: str = "") -> Actor:
        """Return who acts now; in a session nobody has answered for, the one who started it."""
        if isinstance(self._standing, Demo):
            return VISITOR
        opened = self._standing.opened if isinstance(self._standing, Here) else None
        actor = acting(opened)
        return emergency_actor(emergency) if emergency and actor == NOBODY else actor

    def refusal(self, action: Action, emergency: str = "") -> str:
        """Return "" when whoever acts now may do this, else one sentence that says who may."""
        if isinstance(self._standing, Demo):
            return ""
        try:
            require(self.actor_for(emergency).role, action)
        except OperatorError as no:
            standing = self._standing
            if isinstance(standing, Here) and may(standing.opened.person.role, action):
                return f"The controls are locked: unlock them to {action}"
            return f"{no} (F3)"
        return ""

    # ---- time

    def tick(self) -> None:
        """Let time pass: answers come, controls lock, a forgotten panel goes."""
        self._errands.poll()
        self._journal.tick(self._now_s)
        if isinstance(self._standing, Unknown) and self._now_s - self._looked_s >= LOOK_EVERY_S:
            self._look()
        if isinstance(self._standing, Here):
            self._take(unlock.tick(self._standing.opened, self._clock.now(), self._clinic.idle_s))
        if self._door.form is not None and self._now_s - self._touched_s >= PANEL_LASTS_S:
            self.close_panel()

    def touch(self) -> None:
        """Somebody uses keyboard, mouse or screen."""
        self._touched_s = self._now_s
        if isinstance(self._standing, Here):
            self._take(unlock.touch(self._standing.opened, self._clock.now(), self._clinic.idle_s))

    # ---- what people ask for

    def lock_or_open(self) -> None:
        """Lock the controls; when they are locked or nobody is here, ask who it is, or cancel."""
        if isinstance(self._standing, Demo):
            self._say("A demonstration has no accounts: everybody may do everything.")
        elif isinstance(self._standing, Here) and not is_locked(self._standing):
            self._take(unlock.lock_by_hand(self._standing.opened, self._clock.now()))
        elif self._door.form is None:
            self.ask_who()
        else:
            self._door.close()

    def ask_who(self, again: str = "") -> None:
        """Open the panel with what has to be asked before the controls work.

        ``again``: the key that was pressed in vain; who has signed in then is told to press it.
        """
        self._again = again
        if not self.who.is_open and self._door.form is None:
            self._touched_s = self._now_s
            self._door.open(form_for(self._standing))

    def ask_for_pin(self) -> None:
        """Open the form for a PIN, for somebody who is signed in."""
        if isinstance(self._standing, Here) and not is_locked(self._standing):
            self._door.open(Form.PIN)

    def ask_another(self) -> None:
        """Let another person sign in; until they have, whoever is here stays, and all goes on."""
        if isinstance(self._standing, Here | Nobody):
            self._touched_s = self._now_s
            self._door.open(Form.SIGN_IN)

    def close_panel(self) -> None:
        """Take the panel away."""
        self._again = ""
        self._door.close()

    def submit(self, typed: Mapping[str, str]) -> None:
        """Take what was filled in; the answer comes with a later ``tick``."""
        self._door.submit(typed, self._standing)

    def leave(self) -> None:
        """Sign out."""
        if isinstance(self._standing, Here):
            self._log(sign_out(self._standing.opened, self._clock.now()))
            self._standing = Nobody()
            self._door.close()

    def break_glass(self, chair: str, start: Callable[[Actor], bool]) -> None:
        """Start without signing in; ``start`` says whether it went out. Waits for nothing."""
        actor, event = break_glass(chair, self._clock.now())
        if start(actor):
            self._log(event)
            self._door.close()

    def identified(self, emergency: str) -> None:
        """Note that who is signed in answers for a break-glass start."""
        if isinstance(self._standing, Here):
            person = self._standing.opened.person
            self._log(identify(emergency_actor(emergency), person, self._clock.now()))

    def tested_sound(self, result: str) -> None:
        """Note how a sound test ended, and who was at the desktop."""
        utc, detail = self._clock.now().utc, {"result": result}
        self._log(AccountEvent(EventKind.SOUND_TESTED, self.actor_for(), utc, detail=detail))

    def close(self) -> None:
        """Sign out and give the log a moment for its last rows."""
        self.leave()
        self._journal.close()

    # ---- what came of it

    @property
    def _now_s(self) -> float:
        return self._clock.now().monotonic

    def _say(self, sentence: str) -> None:
        self._notice = sentence

    def _log(self, *events: AccountEvent) -> None:
        if not isinstance(self._standing, Demo):
            self._journal.log(*events)

    def _look(self) -> None:
        def ask() -> bool:
            with self._clinic.open_book() as book:
                return book.has_people()

        self._looked_s = self._now_s
        self._errands.run(ask, self._looked, self._unread)

    def _looked(self, has_people: bool) -> None:
        if isinstance(self._standing, Unknown):
            self._standing = Nobody() if has_people else Unstaffed()
            if self._door.form is Form.SIGN_IN and not has_people:
                self._door.open(Form.FIRST)

    def _unsealed(self) -> None:
        """The key is here: look who works here, and ask who it is if the panel is still open."""
        if isinstance(self._standing, Sealed):
            self._standing = Unknown()
            if self._door.form is Form.OPEN:
                self._door.open(Form.SIGN_IN)
            self._look()

    def _unread(self, sentence: str) -> None:
        if isinstance(self._standing, Unknown):
            self._standing = Unknown(sentence)

    def _take(self, answer: Answer) -> None:
        """Take over a lock that time or a hand has moved."""
        if is_locked(Here(answer.sign_in)) and not is_locked(self._standing):
            self._door.close()
        self._standing = Here(answer.sign_in)
        self._log(*answer.events)

    def _came(self, newcomer: SignedIn, was_given_up: bool) -> None:
        if was_given_up:
            self._log(sign_out(newcomer.sign_in, self._clock.now()))
            return
        self.leave()
        self._door.close()
        opened = replace(newcomer.sign_in, lock=Unlocked(self._clock.now()))
        self._standing = Here(opened)
        more = self._take_again() or "Ctrl+P sets a PIN, Ctrl+L locks."
        self._say(f"{opened.person.name} is signed in. {more}")

    def _answered(self, answer: Answer, was_given_up: bool) -> None:
        """Take over what came of a PIN or a password, if it is still the same sign-in."""
        standing = self._standing
        if not isinstance(standing, Here) or not is_same(standing.opened, answer.sign_in):
            return
        if is_locked(standing) and was_given_up:
            self._given_up(standing.opened, answer)
        elif is_locked(standing):
            self._standing = Here(answer.sign_in)
            if answer.is_unlocked and (again := self._take_again()):
                self._say(again)
        elif not was_given_up:
            self._standing = Here(replace(standing.opened, pin=answer.sign_in.pin))
            self._say("The PIN is set; it unlocks the controls until you sign out.")

    def _take_again(self) -> str:
        again, self._again = self._again, ""
        return f"Now press {again} again." if again else ""

    def _given_up(self, opened: OpenSignIn, answer: Answer) -> None:
        self._take(unlock.lock_by_hand(answer.sign_in, self._clock.now()))
        self._standing = Here(given_up(opened, answer))


def demonstration(clock: Clock, errands: Errands) -> Reception:
    """Return the reception of a demonstration: no accounts, no log, everybody may do everything."""
    return Reception(demo_clinic(), clock, errands, is_demo=True)


def _first_standing(clinic: Clinic, *, is_demo: bool) -> Standing:
    if clinic.is_sealed:
        return Sealed()
    return Demo() if is_demo else Unknown()
