"""The steps of the first start: what each page's answer leads to.

Knows pages and errands. Must not know Qt; the work itself is in ui/set_up.py.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from monitor.accounts.people import Role, new_person
from monitor.clock import Clock
from monitor.storage.keys import DataKey, KeyringError
from monitor.storage.vault import Vault
from ui.people.errands import Errands
from ui.set_up import SetUp
from ui.view_models.first_start import Page, PageView, page_view, welcome_text

Answer = TypeVar("Answer")
DIFFER = "The two differ: type the same twice"


class Steps(Protocol):
    """What a window of the first start shows and asks."""

    key: DataKey | None

    def view(self) -> PageView:
        """Return the page to show."""

    def tick(self) -> None:
        """Take in what an errand brought."""

    def submit(self, typed: Mapping[str, str]) -> None:
        """Go on with what was filled in."""

    def abandon(self) -> None:
        """Leave everything as it was."""


class FirstStart:
    """Sets a data folder up; ``key`` is there when all is done."""

    def __init__(self, set_up: SetUp, folder: str, clock: Clock, errands: Errands) -> None:
        self._set_up = set_up
        self._clock = clock
        self._errands = errands
        self._page = Page.WELCOME
        self._text = welcome_text(folder)
        self._told = ""
        self._is_busy = False
        self._is_over = False
        self._made: DataKey | None = None
        self.key: DataKey | None = None

    def view(self) -> PageView:
        """Return the page to show."""
        shown = {
            Page.RECOVERY: self._set_up.recovery_key,
            Page.CODE: self._set_up.signing_code,
        }.get(self._page, "")
        told, busy = self._told, self._is_busy
        return page_view(self._page, text=self._text, told=told, shown_key=shown, is_busy=busy)

    def tick(self) -> None:
        """Take in what an errand brought."""
        self._errands.poll()

    def submit(self, typed: Mapping[str, str]) -> None:
        """Go on with what was filled in."""
        if self._is_busy or self._is_over:
            return
        if "again" in typed and typed["again"] != typed[_first_of_two(typed)]:
            self._told = DIFFER
            return
        match self._page:
            case Page.WELCOME:
                self._do(self._keyring, self._after_keyring)
            case Page.PASSPHRASE:
                self._do(lambda: self._set_up.use_passphrase(typed["passphrase"]), self._show_key)
            case Page.RECOVERY:
                self._go_to(Page.TYPE_BACK)
            case Page.TYPE_BACK:
                self._type_back(typed["back"])
            case Page.ADMINISTRATOR:
                self._do(lambda: self._finish(typed), self._finished)
            case Page.CODE | Page.OPEN:
                self.key = self._made

    def abandon(self) -> None:
        """Leave everything as it was, unless all is made; an errand under way ends first."""
        self._is_over = True
        self.key = self._made
        if self.key is None:
            self._errands.run(self._set_up.abandon, lambda _: None, lambda _: None)
            self._errands.finish(2.0)

    # ---- the work

    def _keyring(self) -> str:
        """Try the keyring; return why it cannot be used, "" when it can."""
        try:
            self._set_up.use_keyring()
        except KeyringError as fault:
            return fault.what
        return ""

    def _after_keyring(self, why_not: str) -> None:
        if why_not:
            self._go_to(Page.PASSPHRASE)
            self._text = (
                f"{why_not}. So a passphrase opens the records each time Vigil starts: "
                "at least 8 characters, such as four words."
            )
        else:
            self._go_to(Page.RECOVERY)

    def _show_key(self, _: None) -> None:
        self._go_to(Page.RECOVERY)

    def _type_back(self, typed: str) -> None:
        if self._set_up.is_recovery_key(typed):
            self._go_to(Page.ADMINISTRATOR)
        else:
            self._told = "That is not the recovery key: look again at the paper"

    def _finish(self, typed: Mapping[str, str]) -> DataKey:
        person = new_person(typed["name"], typed["printed"], Role.ADMINISTRATOR)
        return self._set_up.finish(person, typed["new"], self._clock.now())

    def _finished(self, key: DataKey) -> None:
        self._made = key
        self._go_to(Page.CODE)

    # ---- from page to page

    def _do(self, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        def went_well(answer: Answer) -> None:
            self._is_busy = False
            then(answer)

        self._is_busy = True
        self._errands.run(work, went_well, self._failed)

    def _failed(self, sentence: str) -> None:
        self._is_busy, self._told = False, sentence

    def _go_to(self, page: Page) -> None:
        self._page, self._text, self._told = page, "", ""


class OpenFolder:
    """Asks for the passphrase or the recovery key of a folder that no keyring opens."""

    def __init__(self, vault: Vault, why: str, errands: Errands) -> None:
        self._vault = vault
        self._why = why
        self._errands = errands
        self._told = ""
        self._is_busy = False
        self.key: DataKey | None = None

    def view(self) -> PageView:
        """Return the page to show."""
        return page_view(Page.OPEN, text=f"{self._why}.", told=self._told, is_busy=self._is_busy)

    def tick(self) -> None:
        """Take in what an errand brought."""
        self._errands.poll()

    def submit(self, typed: Mapping[str, str]) -> None:
        """Try what was typed."""
        if not self._is_busy:
            self._is_busy = True
            secret = typed["secret"]
            self._errands.run(lambda: self._vault.unlock(secret), self._opened, self._failed)

    def abandon(self) -> None:
        """Nothing was changed."""

    def _opened(self, key: DataKey) -> None:
        self.key = key

    def _failed(self, sentence: str) -> None:
        self._is_busy, self._told = False, sentence


def _first_of_two(typed: Mapping[str, str]) -> str:
    return "passphrase" if "passphrase" in typed else "new"
