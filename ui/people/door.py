"""The door: the panel in which people say who they are, and what came of it.

Knows which form is open and the try under way. Must not know Qt, nor who may do what.
"""

from collections.abc import Callable, Mapping
from typing import assert_never

from monitor.accounts.passwords import Passwords
from monitor.accounts.sign_in import Refused, SignedIn
from monitor.accounts.unlock import PIN_TRIES, Answer
from monitor.clock import Clock
from ui.people import proofs
from ui.people.book import OpenBook
from ui.people.errands import Errands
from ui.view_models.people import Form, Here, PanelView, Standing, Told, panel_view

STILL_CHECKING = "The try before this one is still being checked: try again in a moment"
"""One after the other, also when the panel was closed meanwhile: else three tries were many."""
_TO_COME = (Form.SIGN_IN, Form.UNLOCK_PIN, Form.UNLOCK_PASSWORD)
"""What is typed there is only compared: a fault is the records', never one of what was typed."""


class Door:
    """One panel. ``came`` and ``answered`` hear what a try brought; the flag: it was given up."""

    def __init__(
        self,
        open_book: OpenBook,
        unseal: Callable[[str], object],
        passwords: Passwords,
        clock: Clock,
        errands: Errands,
        *,
        came: Callable[[SignedIn, bool], None],
        answered: Callable[[Answer, bool], None],
        unsealed: Callable[[], None],
    ) -> None:
        self._open_book = open_book
        self._unseal = unseal
        self._passwords = passwords
        self._clock = clock
        self._errands = errands
        self._came = came
        self._answered = answered
        self._unsealed = unsealed
        self._form: Form | None = None
        self._told = Told()
        self._attempt = 0
        self._is_busy = False
        self._is_under_way = False
        self._is_stuck = False
        self._old_password = ""
        self._newcomer: SignedIn | None = None

    @property
    def form(self) -> Form | None:
        """The form that is open."""
        return self._form

    @property
    def is_stuck(self) -> bool:
        """Whether the last try to sign in or unlock met records that do not work."""
        return self._is_stuck

    def view(self, standing: Standing) -> PanelView | None:
        """Return the panel as it is to be shown, None while it is closed."""
        if self._form is None:
            return None
        now_s = self._clock.now().monotonic
        return panel_view(self._form, standing, self._told, now_s, is_busy=self._is_busy)

    def open(self, form: Form, told: str = "") -> None:
        """Show a form, empty. What is under way no longer counts."""
        self.close()
        self._form, self._told = form, Told(told)

    def close(self) -> None:
        """Take the panel away and forget what was typed."""
        self._attempt += 1
        self._form, self._told, self._is_busy = None, Told(), False
        newcomer, self._newcomer, self._old_password = self._newcomer, None, ""
        if newcomer is not None:
            self._came(newcomer, True)

    def submit(self, typed: Mapping[str, str], standing: Standing) -> None:
        """Try what was filled in; the answer comes later."""
        if self._form is None or self._is_busy:
            return
        if self._is_under_way:
            self._told = Told(STILL_CHECKING)
        elif lacks := proofs.lacking(self._form, typed):
            self._told = Told(lacks)
        elif self._form is Form.OPEN:
            self._try(lambda: self._open_records(typed["secret"]))
        elif (proof := self._proof(self._form, typed, standing)) is not None:
            self._try(lambda: self._by_the_book(proof), is_to_come=self._form in _TO_COME)

    def _proof(
        self, form: Form, typed: Mapping[str, str], standing: Standing
    ) -> proofs.Proof | None:
        passwords, now = self._passwords, self._clock.now()
        match form:
            case Form.SIGN_IN:
                self._old_password = typed["password"]
                return proofs.sign_in(passwords, typed, now)
            case Form.FIRST:
                return proofs.first(passwords, typed, now)
            case Form.NEW_PASSWORD if self._newcomer is not None:
                old = self._old_password
                return proofs.new_password(passwords, self._newcomer, old, typed, now)
            case Form.PIN if isinstance(standing, Here):
                return proofs.pin(passwords, standing.opened, typed, now)
            case Form.UNLOCK_PIN | Form.UNLOCK_PASSWORD if isinstance(standing, Here):
                return proofs.unlock(passwords, standing.opened, typed, now)
            case _:
                return None

    def _open_records(self, secret: str) -> proofs.Outcome:
        self._unseal(secret)
        return proofs.Unsealed()

    def _by_the_book(self, proof: proofs.Proof) -> proofs.Outcome:
        with self._open_book() as book:
            return proof(book)

    def _try(self, work: Callable[[], proofs.Outcome], *, is_to_come: bool = False) -> None:
        self._attempt = attempt = self._attempt + 1
        self._is_busy = self._is_under_way = True
        self._errands.run(
            work,
            lambda outcome: self._outcome(outcome, is_over=attempt != self._attempt),
            lambda sentence: self._failed(sentence, is_to_come, is_over=attempt != self._attempt),
        )

    def _failed(self, sentence: str, is_to_come: bool, *, is_over: bool) -> None:
        self._is_stuck = self._is_stuck or is_to_come
        self._tell(Told(sentence), is_over=is_over)

    def _tell(self, told: Told, *, is_over: bool) -> None:
        self._is_under_way = False
        if not is_over:
            self._is_busy, self._told = False, told

    def _outcome(self, outcome: proofs.Outcome, *, is_over: bool) -> None:
        self._is_stuck = False
        self._tell(Told(), is_over=is_over)
        match outcome:
            case SignedIn() if outcome.sign_in.person.must_change_password and not is_over:
                self._ask_for_new_password(outcome)
            case SignedIn():
                self._newcomer = None
                self._came(outcome, is_over)
            case Refused():
                until_s = self._clock.now().monotonic + outcome.wait_s
                self._tell(Told(outcome.what, until_s), is_over=is_over)
            case proofs.Unsealed():
                self._unsealed()
            case Answer():
                self._take_answer(outcome, is_over=is_over)
            case _:
                assert_never(outcome)

    def _ask_for_new_password(self, newcomer: SignedIn) -> None:
        old = self._old_password
        self.open(Form.NEW_PASSWORD)
        self._newcomer, self._old_password = newcomer, old

    def _take_answer(self, answer: Answer, *, is_over: bool) -> None:
        self._answered(answer, is_over)
        if is_over:
            return
        if answer.needs_password:
            self.open(Form.UNLOCK_PASSWORD, "The PIN no longer counts: use the password")
        elif answer.is_unlocked:
            self.close()
        else:
            tried = 0 if answer.sign_in.pin is None else answer.sign_in.pin.failures
            left = PIN_TRIES - tried
            self._told = Told(f"The PIN is wrong: {left} tr{'y' if left == 1 else 'ies'} left")
