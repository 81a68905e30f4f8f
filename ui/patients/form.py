"""The patient form: looks for somebody, or adds them, until a person has confirmed who it is.

Knows the pages and the errand under way. Must not know Qt, sessions, or who may do what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from monitor.accounts.people import Actor
from monitor.clock import Clock
from monitor.errors import OperatorError
from monitor.patients import Course, Details, Duplicate, Patient
from ui.patients.answers import best_first, confirmed, not_saved, read
from ui.patients.looks import Looks
from ui.people.book import OpenBook, OpenRegister
from ui.people.errands import Errands
from ui.view_models.patients import (
    Alike,
    Confirm,
    Find,
    New,
    PatientView,
    Purpose,
    State,
    has_profiles,
    patient_view,
    prefilled,
    profile_of,
)
from ui.view_models.typed import is_enough, searched, typed_minutes

NO_COURSE = "The courses cannot be read, so the session belongs to none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form brought: who it is, the course that goes on, the planned minutes.

    ``profile`` is the title of the alarm profile, "" the clinic's standard.
    """

    patient: Patient
    course_id: str
    minutes: int
    profile: str = ""


Done = Callable[[Chosen], bool]
"""Hears what was chosen; says whether it went out. Else the form stays as it is."""


class PatientForm:
    """One form. Whatever touches the disk is an errand; its answer comes with a later ``tick``."""

    def __init__(
        self, look: OpenRegister, open_book: OpenBook, errands: Errands, clock: Clock
    ) -> None:
        self._look_up = look
        self._open_book = open_book
        self._errands = errands
        self._clock = clock
        self._looks = Looks(open_book, errands, clock)
        self._purpose: Purpose | None = None
        self._actor: Actor | None = None
        self._done: Done = lambda _: False
        self._state: State = Find()
        self._opening = 0
        self._turn = 0
        self._is_searching = False
        self._left = Find()
        self._draft: tuple[str, Mapping[str, str]] = ("", {})

    @property
    def purpose(self) -> Purpose | None:
        """What the form is open for, None while it is closed."""
        return self._purpose

    @property
    def actor(self) -> Actor | None:
        """For whom it was opened."""
        return self._actor

    @property
    def view(self) -> PatientView | None:
        """The form as it is to be shown, None while it is closed."""
        if self._purpose is None:
            return None
        return patient_view(self._state, self._purpose, self._turn)

    def open(self, purpose: Purpose, actor: Actor, done: Done) -> None:
        """Show the form, empty. What was under way no longer counts."""
        self.close()
        self._purpose, self._actor, self._done = purpose, actor, done
        self._go(Find())

    def close(self) -> None:
        """Take the form away and forget what was typed."""
        if self._purpose is not None and self._actor is not None:
            self._looks.log(self._actor)
        self._opening += 1
        self._purpose, self._actor, self._state = None, None, Find()
        self._left, self._draft = Find(), ("", {})

    def tick(self) -> None:
        """Take the answers that have come."""
        self._errands.poll()
        self._looks.tick()

    def end(self) -> None:
        """Close for good and give the log a moment for its last rows."""
        self.close()
        self._looks.close()

    def take_notice(self) -> str:
        """Return what the person at the screen should be told, once."""
        return self._looks.take_notice()

    # ---- what a person does

    def search(self, text: str) -> None:
        """Look for what is typed, after what is looked for now."""
        if isinstance(self._state, Find) and text != self._state.text:
            self._state = replace(self._state, text=text, wants_one=False, fault="")
            self._look()

    def move(self, by: int) -> None:
        """Mark another row of a list."""
        if isinstance(self._state, Find | Alike):
            self.mark(self._state.marked + by)

    def mark(self, row: int) -> None:
        """Mark a row of a list; before the first is the first, behind the last the last."""
        state = self._state
        if isinstance(state, Find):
            self._state = replace(state, marked=max(0, min(row, len(state.hits) - 1)))
        elif isinstance(state, Alike) and not state.is_busy:
            self._state = replace(state, marked=max(0, min(row, len(state.found) - 1)))

    def go_on(self, typed: Mapping[str, str]) -> None:
        """Do what Enter does on this page; ``typed`` is what stands in its lines."""
        match self._state:
            case Find() as state:
                self._choose_hit(state)
            case New(is_busy=False):
                self._save(typed)
            case Alike(is_busy=False) as state:
                self._choose(state.found[state.marked].patient)
            case Confirm(is_busy=False) as state:
                self._confirm(state, typed.get("minutes", state.minutes))
            case _:
                pass

    def another_way(self) -> None:
        """Do what F4 does on this page: somebody new, or the next alarm profile."""
        match self._state:
            case Find(text=text):
                looked_for, typed = self._draft
                self._go(New(typed if typed and looked_for == text else prefilled(text)))
            case Alike(is_busy=False) as state:
                self._add(replace(state, is_busy=True), state.details, despite=True)
            case Confirm(is_busy=False) as state if self._purpose and has_profiles(self._purpose):
                following = (state.profile + 1) % len(self._purpose.profiles)
                self._state = replace(state, profile=following)
            case _:
                pass

    def back(self, typed: Mapping[str, str]) -> None:
        """Go one page back, from the first out of the form; what was ``typed`` is kept."""
        match self._state:
            case Find():
                self.close()
            case Alike(new=new):
                self._go(new)
            case New():
                self._draft = (self._left.text, dict(typed))
                self._go_to_find()
            case Confirm():
                self._go_to_find()

    # ---- looking

    def _go_to_find(self) -> None:
        """Show the search and look again: whoever was just saved must be found."""
        self._go(self._left)
        self._opening += 1  # an answer from before the way back may lack them
        self._look_again()

    def _look_again(self) -> None:
        if isinstance(self._state, Find) and is_enough(self._state.text):
            self._state = replace(self._state, found_for="", fault="")
            self._look()

    def _look(self) -> None:
        """Look for what is typed now, unless an answer is awaited: that one looks again."""
        state = self._state
        if self._is_searching or not isinstance(state, Find) or state.is_current:
            return
        if not is_enough(state.text):
            self._state = Find(state.text, state.text)
            return
        text, opening = state.text, self._opening
        self._is_searching = True
        self._errands.run(
            lambda: self._search(text),
            lambda hits: self._found(opening, text, hits),
            lambda fault: self._found(opening, text, (), fault),
        )

    def _search(self, text: str) -> tuple[Patient, ...]:
        with self._look_up() as register:
            return best_first(text, register.patients.search(*searched(text)))

    def _found(self, opening: int, text: str, hits: tuple[Patient, ...], fault: str = "") -> None:
        self._is_searching = False
        state = self._state
        if opening != self._opening or not isinstance(state, Find):
            self._look()
            return
        marked = state.marked if hits == state.hits else 0
        self._state = replace(state, found_for=text, hits=hits, marked=marked, fault=fault)
        self._looks.seen(hits)
        if text != state.text:
            self._look()
        elif state.wants_one and len(hits) == 1:
            self._choose(hits[0])

    def _choose_hit(self, state: Find) -> None:
        """Take the marked hit; while they are looked for, the only one, if there is one only.

        When there is none, look again: somebody may have been added since.
        """
        if not state.is_current and not state.fault:
            self._state = replace(state, wants_one=True)
        elif state.hits and not state.fault:
            self._choose(state.hits[state.marked])
        else:
            self._look_again()

    # ---- a new patient

    def _save(self, typed: Mapping[str, str]) -> None:
        details, wrong = read(typed, self._today)
        if wrong:
            self._go(New(dict(typed), wrong))
        else:
            self._add(New(dict(typed), is_busy=True), details, despite=False)

    def _add(self, waiting: New | Alike, details: Details, *, despite: bool) -> None:
        self._state, opening = waiting, self._opening
        actor, now, today = self._actor, self._clock.now(), self._today

        def work() -> Patient | tuple[Duplicate, ...]:
            with self._open_book() as book:
                found = () if despite else book.patients.find_duplicates(details)
                if found or actor is None:
                    return found
                return book.patients.add(details, actor, now, today, despite=despite)

        self._errands.run(
            work,
            lambda answer: self._added(opening, waiting, details, answer),
            lambda fault: self._not_added(opening, waiting, fault),
        )

    def _added(
        self,
        opening: int,
        waiting: New | Alike,
        details: Details,
        answer: Patient | tuple[Duplicate, ...],
    ) -> None:
        if opening != self._opening or self._state != waiting:
            return
        if isinstance(answer, Patient):
            self._choose(answer)
        elif isinstance(waiting, New):
            self._looks.seen(one.patient for one in answer)
            self._go(Alike(replace(waiting, is_busy=False), details, answer))

    def _not_added(self, opening: int, waiting: New | Alike, fault: str) -> None:
        if opening == self._opening and self._state == waiting and self._purpose is not None:
            said = not_saved(fault, self._purpose)
            self._state = replace(waiting, is_busy=False, fault=said)

    # ---- one patient

    def _choose(self, patient: Patient) -> None:
        self._go(Confirm(patient))
        opening, waiting = self._opening, self._state

        def work() -> tuple[Course, ...]:
            with self._look_up() as register:
                return register.courses.open_of(patient.id, self._today)

        def show(courses: tuple[Course, ...], note: str = "") -> None:
            if opening == self._opening and self._state == waiting:
                self._state = confirmed(patient, courses, note)

        self._errands.run(work, show, lambda fault: show((), f"{NO_COURSE}. {fault}."))

    def _confirm(self, state: Confirm, minutes: str) -> None:
        try:
            planned = typed_minutes(minutes)
        except OperatorError as fault:
            self._go(replace(state, minutes=minutes, fault=f"{fault}."))
            return
        course_id = state.course.id if state.course else ""
        profile = profile_of(state, self._purpose) if self._purpose else ""
        if self._done(Chosen(state.patient, course_id, planned, profile)):
            self.close()

    # ---- where it is

    def _go(self, state: State) -> None:
        """Show a page, or its faults, with the cursor where it is needed."""
        if isinstance(self._state, Find):
            self._left = replace(self._state, wants_one=False)
        self._state = state
        self._turn += 1

    @property
    def _today(self) -> date:
        return self._clock.now().utc.astimezone().date()
