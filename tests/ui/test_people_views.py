"""What the panel and the top bar say, as values."""

from datetime import UTC, datetime

import pytest

from monitor.accounts.auto_lock import Cause, Locked, Unlocked
from monitor.accounts.people import Role, new_person
from monitor.accounts.sign_in import OpenSignIn, Pin
from monitor.clock import Instant
from ui.view_models.people import (
    Demo,
    Form,
    Here,
    Nobody,
    Sealed,
    Standing,
    Told,
    Unknown,
    Unstaffed,
    form_for,
    panel_view,
    told_text,
    who_view,
)

NOW = Instant(100.0, datetime(2026, 11, 22, 9, tzinfo=UTC))
ANNA = new_person("anna", "Anna Weber", Role.NURSE)
OPEN = OpenSignIn(ANNA, NOW, Unlocked(NOW))
LOCKED = OpenSignIn(ANNA, NOW, Locked(NOW, Cause.IDLE))
WITH_PIN = OpenSignIn(ANNA, NOW, Locked(NOW, Cause.HAND), Pin("hash"))
SPENT = OpenSignIn(ANNA, NOW, Locked(NOW, Cause.HAND), Pin("hash", failures=3))


@pytest.mark.parametrize(
    ("standing", "text", "is_open"),
    [
        (Demo(), "Demo, nobody signed in", True),
        (Sealed(), "Records locked · Ctrl+L", False),
        (Unknown(), "Reading the accounts", False),
        (Unknown("The disk has gone"), "Accounts cannot be read", False),
        (Unstaffed(), "No administrator yet · Ctrl+L", False),
        (Nobody(), "Nobody signed in · Ctrl+L", False),
        (Here(OPEN), "Anna Weber (nurse)", True),
        (Here(LOCKED), "Locked · Ctrl+L · Anna Weber", False),
    ],
)
def test_the_top_bar_says_who_is_here(standing: Standing, text: str, is_open: bool) -> None:
    who = who_view(standing)
    assert (who.text, who.is_open) == (text, is_open)


@pytest.mark.parametrize(
    ("standing", "form"),
    [
        (Sealed(), Form.OPEN),
        (Unstaffed(), Form.FIRST),
        (Nobody(), Form.SIGN_IN),
        (Unknown("why"), Form.SIGN_IN),
        (Here(LOCKED), Form.UNLOCK_PASSWORD),
        (Here(WITH_PIN), Form.UNLOCK_PIN),
        (Here(SPENT), Form.UNLOCK_PASSWORD),
    ],
)
def test_the_panel_asks_for_what_is_missing(standing: Standing, form: Form) -> None:
    assert form_for(standing) is form


@pytest.mark.parametrize(
    ("now_s", "words"),
    [
        (100.0, "Wrong: try again in 4 s"),
        (100.5, "Wrong: try again in 4 s"),
        (103.1, "Wrong: try again in 1 s"),
        (104.0, "Wrong: try again"),
        (200.0, "Wrong: try again"),
    ],
)
def test_the_seconds_to_wait_are_counted_down(now_s: float, words: str) -> None:
    assert told_text(Told("Wrong", 104.0), now_s) == words


def test_break_glass_is_offered_wherever_somebody_could_be_kept_out() -> None:
    offered = {
        form: panel_view(form, Nobody(), Told(), 0.0, is_busy=False).break_glass for form in Form
    }
    kept_out = {Form.SIGN_IN, Form.FIRST, Form.OPEN, Form.UNLOCK_PIN, Form.UNLOCK_PASSWORD}
    assert {form for form, is_offered in offered.items() if is_offered} == kept_out


def test_every_form_hides_what_is_secret_and_shows_what_is_not() -> None:
    for form in Form:
        view = panel_view(form, Nobody(), Told(), 0.0, is_busy=False)
        for field in view.fields:
            assert field.is_secret == (field.key not in {"name", "printed"}), (form, field)


def test_why_the_accounts_cannot_be_read_stands_in_the_panel() -> None:
    view = panel_view(Form.SIGN_IN, Unknown("The disk has gone"), Told(), 0.0, is_busy=False)
    assert view.text == "The disk has gone"
