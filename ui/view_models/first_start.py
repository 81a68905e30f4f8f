"""The pages of the first start as values: what will happen, what is asked, what is shown once.

Knows words and fields. Must not know Qt, files or keys.
"""

from dataclasses import dataclass
from enum import StrEnum

from ui.view_models.people import AGAIN, CHECKING, NAME, NEW, PRINTED, Field

LONGEST_SECRET = 1024


class Page(StrEnum):
    """Where the first start is."""

    WELCOME = "welcome"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a page
    RECOVERY = "recovery key"
    TYPE_BACK = "type back"
    ADMINISTRATOR = "administrator"
    CODE = "code of the signing key"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PageView:
    """One page. ``shown_key`` is the recovery key, or the signing key's code, to be written down.

    ``can_cancel``: nothing is made yet.
    """

    page: Page
    title: str
    text: str
    fields: tuple[Field, ...]
    action: str
    told: str = ""
    shown_key: str = ""
    is_busy: bool = False
    can_cancel: bool = True


_SECRET = Field("passphrase", "Passphrase", LONGEST_SECRET, is_secret=True)
_BACK = Field("back", "The recovery key, from the paper", LONGEST_SECRET)
_OPENER = Field("secret", "Passphrase or recovery key", LONGEST_SECRET, is_secret=True)

_FIELDS = {
    Page.PASSPHRASE: (_SECRET, AGAIN),
    Page.TYPE_BACK: (_BACK,),
    Page.ADMINISTRATOR: (PRINTED, NAME, NEW, AGAIN),
    Page.OPEN: (_OPENER,),
}
_TITLES = {
    Page.WELCOME: ("Set Vigil up", "Begin"),
    Page.PASSPHRASE: ("Choose a passphrase", "Use it"),
    Page.RECOVERY: ("The recovery key", "I have written it down"),
    Page.TYPE_BACK: ("Type the recovery key back", "Go on"),
    Page.ADMINISTRATOR: ("The first administrator", "Set Vigil up"),
    Page.CODE: ("Vigil is set up", "Open the live screen"),
    Page.OPEN: ("Open the records", "Open"),
}
_TEXTS = {
    Page.RECOVERY: "It opens the records when this computer or the passphrase is lost; without it "
    "they are lost as well. It is shown this once. Write it down and keep it in the clinic's safe.",
    Page.TYPE_BACK: "Upper or lower case and spaces make no difference. If the paper is not right, "
    "cancel and begin again: there will be another key.",
    Page.ADMINISTRATOR: "An administrator adds the other people who work here. "
    "With this page everything is made.",
    Page.CODE: "The record is signed with a key of this installation. Write its code beside the "
    "recovery key: who verifies a record compares it. It can be seen again with 'vigil verify'.",
}


def welcome_text(folder: str) -> str:
    """Return what will happen."""
    return (
        f"Records will be kept in {folder}, encrypted.\n\n"
        "1   This computer's keyring opens them when Vigil starts; where there is none, "
        "you choose a passphrase.\n"
        "2   A recovery key is shown once, and you type it back. Have pen and paper ready.\n"
        "3   You choose name and password of the first administrator.\n\n"
        "Nothing is made before the last step; until then Esc leaves everything as it was."
    )


def page_view(
    page: Page, *, text: str = "", told: str = "", shown_key: str = "", is_busy: bool = False
) -> PageView:
    """Return a page; ``text`` replaces the page's own."""
    title, action = _TITLES[page]
    return PageView(
        page,
        title,
        text or _TEXTS.get(page, ""),
        _FIELDS.get(page, ()),
        action,
        CHECKING if is_busy else told,
        shown_key,
        is_busy,
        can_cancel=page is not Page.CODE,
    )
