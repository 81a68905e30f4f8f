"""Who is at this desktop, and the panel in which people say who they are, as values to show.

Knows accounts and words. Must not know Qt, storage or how a password is compared.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from monitor.accounts.auto_lock import Unlocked
from monitor.accounts.passwords import LONGEST, SHORTEST
from monitor.accounts.people import LONGEST_NAME, LONGEST_SIGN_IN_NAME
from monitor.accounts.sign_in import OpenSignIn
from monitor.accounts.unlock import PIN_DIGITS, PIN_TRIES

# ---- who is here


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration: no accounts, and everybody may do everything."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The accounts could not be read yet; ``fault`` says why, "" while they are being read."""

    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """This window has no key to the accounts; a passphrase brings it."""


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """Nobody has an account yet."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """There are accounts, and nobody is signed in."""


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody is signed in; the controls may be locked."""

    opened: OpenSignIn


Standing = Demo | Unknown | Sealed | Unstaffed | Nobody | Here


SIGN_IN, LOCKED = "Sign in · Ctrl+L", "Locked · Ctrl+L"


@dataclass(frozen=True, slots=True)
class WhoView:
    """Who is signed in, for the top bar. ``is_open``: the controls do what is asked.

    ``brief`` is what must be readable where there is no room for all of ``text``.
    """

    text: str
    is_open: bool
    brief: str = ""


_ASKED = {
    Sealed: ("Records locked · Ctrl+L", LOCKED),
    Unstaffed: ("No administrator yet · Ctrl+L", SIGN_IN),
    Nobody: ("Nobody signed in · Ctrl+L", SIGN_IN),
}


def is_locked(standing: Standing) -> bool:
    """Whether somebody is signed in and the controls are locked."""
    return isinstance(standing, Here) and not isinstance(standing.opened.lock, Unlocked)


def who_view(standing: Standing) -> WhoView:
    """Return who is signed in, in words."""
    match standing:
        case Demo():
            return WhoView("Demo, nobody signed in", is_open=True)
        case Unknown():
            words = "Accounts cannot be read" if standing.fault else "Reading the accounts"
            return WhoView(words, is_open=False)
        case Sealed() | Unstaffed() | Nobody():
            words, brief = _ASKED[type(standing)]
            return WhoView(words, is_open=False, brief=brief)
        case Here(opened) if is_locked(standing):
            name = opened.person.name
            return WhoView(f"{LOCKED} · {name}", is_open=False, brief=LOCKED)
        case Here(opened):
            return WhoView(opened.person.actor.by, is_open=True)
        case _:
            assert_never(standing)


# ---- the panel


class Form(StrEnum):
    """What the panel asks for."""

    SIGN_IN = "sign in"
    NEW_PASSWORD = "new password"  # noqa: S105 - the name of a form
    FIRST = "first administrator"
    PIN = "pin"
    OPEN = "open the records"
    UNLOCK_PIN = "unlock with pin"
    UNLOCK_PASSWORD = "unlock with password"  # noqa: S105 - the name of a form


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in. ``longest`` in characters."""

    key: str
    label: str
    longest: int
    is_secret: bool = False
    is_digits: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the panel says about the last try; ``until_s`` (monotonic) is when the next is heard."""

    words: str = ""
    until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PanelView:
    """The panel as it is to be shown; ``told`` is "" when there is nothing to say."""

    form: Form
    title: str
    text: str
    fields: tuple[Field, ...]
    action: str
    told: str
    is_busy: bool
    for_another: bool
    break_glass: bool


NAME = Field("name", "Sign-in name", LONGEST_SIGN_IN_NAME)
PASSWORD = Field("password", "Password", LONGEST, is_secret=True)
NEW = Field("new", f"New password, at least {SHORTEST} characters", LONGEST, is_secret=True)
AGAIN = Field("again", "The same again", LONGEST, is_secret=True)
PRINTED = Field("printed", "Full name, as it is printed", LONGEST_NAME)
SECRET = Field("secret", "Passphrase or recovery key", LONGEST, is_secret=True)
PIN = Field("pin", "PIN", PIN_DIGITS, is_secret=True, is_digits=True)
PIN_AGAIN = Field("again", "The same again", PIN_DIGITS, is_secret=True, is_digits=True)

_FIELDS = {
    Form.SIGN_IN: (NAME, PASSWORD),
    Form.NEW_PASSWORD: (NEW, AGAIN),
    Form.FIRST: (PRINTED, NAME, NEW, AGAIN),
    Form.PIN: (PIN, PIN_AGAIN),
    Form.OPEN: (SECRET,),
    Form.UNLOCK_PIN: (PIN,),
    Form.UNLOCK_PASSWORD: (PASSWORD,),
}
_TITLES = {
    Form.SIGN_IN: ("Sign in", "Sign in"),
    Form.NEW_PASSWORD: ("Choose your own password", "Use it"),
    Form.FIRST: ("The first administrator", "Add and sign in"),
    Form.PIN: ("A PIN for quick unlock", "Set the PIN"),
    Form.OPEN: ("Open the records", "Open"),
    Form.UNLOCK_PIN: ("Unlock", "Unlock"),
    Form.UNLOCK_PASSWORD: ("Unlock", "Unlock"),
}
_TEXTS = {
    Form.SIGN_IN: "Alarms can be acknowledged without it.",
    Form.NEW_PASSWORD: "Somebody else chose the one you just used.",
    Form.FIRST: "Nobody has an account here yet. An administrator adds the others "
    "(vigil users add).",
    Form.OPEN: "This window has no key to the accounts. The passphrase of the records brings it; "
    "then people can sign in. Monitoring goes on meanwhile.",
    Form.PIN: f"{PIN_DIGITS} digits; it counts until you sign out.",
}
CHECKING = "One moment …"


def form_for(standing: Standing) -> Form:
    """Return what has to be asked before the controls work."""
    match standing:
        case Sealed():
            return Form.OPEN
        case Unstaffed():
            return Form.FIRST
        case Here(opened) if is_locked(standing):
            return Form.UNLOCK_PIN if _has_pin(opened) else Form.UNLOCK_PASSWORD
        case Demo() | Unknown() | Nobody() | Here():
            return Form.SIGN_IN
        case _:
            assert_never(standing)


def panel_view(
    form: Form, standing: Standing, told: Told, now_s: float, *, is_busy: bool
) -> PanelView:
    """Return the panel; ``now_s`` is monotonic, as ``Told.until_s`` is."""
    title, action = _TITLES[form]
    unlocks = form in (Form.UNLOCK_PIN, Form.UNLOCK_PASSWORD)
    return PanelView(
        form,
        title,
        _text(form, standing),
        _FIELDS[form],
        action,
        CHECKING if is_busy else told_text(told, now_s),
        is_busy,
        for_another=unlocks,
        break_glass=unlocks or form in (Form.SIGN_IN, Form.FIRST, Form.OPEN),
    )


def told_text(told: Told, now_s: float) -> str:
    """Return the words with the seconds that are left to wait, counted down."""
    left_s = math.ceil(told.until_s - now_s)
    if told.until_s == 0.0:
        return told.words
    return f"{told.words}: try again{f' in {left_s} s' if left_s > 0 else ''}"


def _text(form: Form, standing: Standing) -> str:
    if not isinstance(standing, Here) or form not in (Form.UNLOCK_PIN, Form.UNLOCK_PASSWORD):
        fault = standing.fault if isinstance(standing, Unknown) else ""
        return fault or _TEXTS.get(form, "")
    what = "PIN" if form is Form.UNLOCK_PIN else "password"
    return f"The controls are locked. The {what} of {standing.opened.person.name} unlocks them."


def _has_pin(opened: OpenSignIn) -> bool:
    return opened.pin is not None and opened.pin.failures < PIN_TRIES
