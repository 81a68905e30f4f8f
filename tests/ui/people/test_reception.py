"""The reception without a window: what happens when the disk is slow, away, or comes back."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.accounts.events import AccountEvent
from monitor.accounts.people import NOBODY, Role
from monitor.accounts.permissions import Action
from monitor.clock import ManualClock
from monitor.errors import OperatorError
from tests.keys import KEY
from tests.ui.fixtures import run_at_once
from tests.ui.people.desktop import ANNA, NINE, PIN, HeldErrands, Records, reception
from ui.people.book import Book, book_of
from ui.people.errands import Errands
from ui.people.reception import Reception, demonstration
from ui.view_models.people import Form

SIGN_IN = {"name": "anna", "password": ANNA}


class Disk:
    """A book on a disk that can be pulled out."""

    def __init__(self, records: Records) -> None:
        self._open = book_of(records.path, KEY)
        self.is_out = False
        self.is_full = False

    @contextlib.contextmanager
    def book(self) -> Iterator[Book]:
        if self.is_out:
            raise OperatorError("The disk has gone", "plug it in")
        with self._open() as book:
            yield replace(book, log=self._refuse) if self.is_full else book

    def _refuse(self, _: AccountEvent) -> object:
        raise OperatorError("The disk is full", "make room")


def clock() -> ManualClock:
    return ManualClock(NINE, monotonic=500.0)


def at_the_door(records: Records, held: HeldErrands | None = None) -> Reception:
    """Return a reception that knows that there are accounts, its panel open."""
    made = reception(book_of(records.path, KEY), clock(), held.errands if held else None)
    made.tick()
    if held:
        held.let_go()
    made.tick()
    made.ask_who()
    return made


def test_a_slow_disk_stalls_nothing_and_the_panel_says_so(records: Records) -> None:
    slow = HeldErrands()
    desk = at_the_door(records, slow)
    desk.submit(SIGN_IN)
    desk.tick()
    assert desk.panel is not None
    assert (desk.panel.is_busy, desk.panel.told) == (True, "One moment …")
    desk.submit(SIGN_IN)
    slow.let_go()
    desk.tick()
    assert desk.actor_for().name == "Anna Weber"
    assert records.log() == ["user.signed_in"]


def test_a_sign_in_that_was_given_up_lets_nobody_in(records: Records) -> None:
    slow = HeldErrands()
    desk = at_the_door(records, slow)
    desk.submit(SIGN_IN)
    desk.close_panel()
    slow.let_go()
    desk.tick()
    slow.let_go()
    desk.tick()
    assert desk.actor_for() == NOBODY
    assert records.log() == ["user.signed_in", "user.signed_out"]


def test_an_unlock_that_was_given_up_leaves_the_controls_locked(records: Records) -> None:
    slow = HeldErrands()
    desk = at_the_door(records, slow)
    desk.submit(SIGN_IN)
    slow.let_go()
    desk.tick()
    desk.lock_or_open()
    desk.lock_or_open()
    desk.submit({"password": ANNA})
    desk.close_panel()
    slow.let_go()
    desk.tick()
    assert desk.actor_for() == NOBODY
    assert "Locked" in desk.who.text


def locked_with_pin(records: Records, slow: HeldErrands) -> Reception:
    """Return a desk that Anna locked after setting a PIN, asking for it."""
    desk = at_the_door(records, slow)
    for typed in (SIGN_IN, {"pin": PIN, "again": PIN}):
        desk.submit(typed)
        slow.let_go()
        desk.tick()
        desk.ask_for_pin()
    desk.lock_or_open()
    desk.lock_or_open()
    return desk


def test_a_try_that_is_given_up_before_its_answer_makes_no_room_for_more(records: Records) -> None:
    slow = HeldErrands()
    desk = locked_with_pin(records, slow)
    for number in range(5):
        desk.submit({"pin": f"11122{number}"})
        desk.close_panel()
        desk.ask_who()
    slow.let_go()
    desk.tick()
    assert records.log().count("controls.unlock_refused") == 1
    desk.submit({"pin": "999111"})
    slow.let_go()
    desk.tick()
    assert desk.panel is not None
    assert desk.panel.told == "The PIN is wrong: 1 try left"


def test_a_try_while_another_is_checked_says_so(records: Records) -> None:
    slow = HeldErrands()
    desk = locked_with_pin(records, slow)
    desk.submit({"pin": "111222"})
    desk.close_panel()
    desk.ask_who()
    desk.submit({"pin": PIN})
    assert desk.panel is not None
    assert "still being checked" in desk.panel.told


def test_a_right_pin_that_was_given_up_counts_as_a_try_and_gives_none_back(
    records: Records,
) -> None:
    slow = HeldErrands()
    desk = locked_with_pin(records, slow)
    for pin in ("111222", PIN):
        desk.submit({"pin": pin})
        desk.close_panel()
        slow.let_go()
        desk.tick()
        slow.let_go()
        desk.tick()
        desk.ask_who()
    assert "Locked" in desk.who.text
    desk.submit({"pin": "111223"})
    slow.let_go()
    desk.tick()
    assert desk.panel is not None
    assert desk.panel.form is Form.UNLOCK_PASSWORD


def test_a_pin_that_is_set_while_the_desk_locks_does_not_unlock_it(records: Records) -> None:
    slow = HeldErrands()
    desk = at_the_door(records, slow)
    desk.submit(SIGN_IN)
    slow.let_go()
    desk.tick()
    desk.ask_for_pin()
    desk.submit({"pin": PIN, "again": PIN})
    desk.lock_or_open()
    slow.let_go()
    desk.tick()
    assert "Locked" in desk.who.text


def test_what_could_not_be_logged_is_logged_when_the_disk_is_back(records: Records) -> None:
    time, disk = clock(), Disk(records)
    desk = reception(disk.book, time)
    desk.tick()
    disk.is_out = True
    desk.break_glass("Chair 1", lambda _: True)
    desk.tick()
    assert "cannot be logged now" in desk.take_notice()
    assert records.log() == []
    disk.is_out = False
    time.advance(4.0)
    desk.tick()
    assert records.log() == []
    time.advance(1.0)
    desk.tick()
    assert records.log() == ["break_glass.started"]


def test_an_event_that_met_a_full_disk_is_not_lost(records: Records) -> None:
    time, disk = clock(), Disk(records)
    desk = reception(disk.book, time)
    desk.tick()
    disk.is_full = True
    desk.break_glass("Chair 1", lambda _: True)
    disk.is_full = False
    time.advance(5.0)
    desk.tick()
    assert records.log() == ["break_glass.started"]


def test_the_last_events_are_written_when_the_desktop_closes(records: Records) -> None:
    disk = Disk(records)
    desk = reception(disk.book, clock())
    desk.tick()
    disk.is_out = True
    desk.break_glass("Chair 1", lambda _: True)
    disk.is_out = False
    desk.close()
    assert records.log() == ["break_glass.started"]


def test_a_start_that_did_not_go_out_is_not_logged(records: Records) -> None:
    desk = reception(book_of(records.path, KEY), clock())
    desk.tick()
    desk.break_glass("Chair 1", lambda _: False)
    desk.tick()
    assert records.log() == []


def test_accounts_that_were_away_are_found_when_they_are_back(records: Records) -> None:
    time, disk = clock(), Disk(records)
    disk.is_out = True
    desk = reception(disk.book, time)
    desk.tick()
    desk.tick()
    assert desk.who.text == "Accounts cannot be read"
    disk.is_out = False
    time.advance(2.0)
    desk.tick()
    desk.tick()
    assert "Nobody signed in" in desk.who.text


def test_without_a_key_the_accounts_say_what_to_do(records: Records) -> None:
    desk = reception(book_of(records.path, None), clock())
    desk.tick()
    desk.tick()
    desk.ask_who()
    assert desk.panel is not None
    assert "no key to the accounts" in desk.panel.text


def test_a_database_that_only_a_station_may_bring_up_to_date_is_left_alone(
    records: Records,
) -> None:
    records.path.unlink()
    desk = reception(book_of(records.path, KEY), clock())
    desk.tick()
    assert not records.path.exists()


def test_in_a_demonstration_everybody_may_do_everything_and_nothing_is_logged() -> None:
    desk = demonstration(clock(), Errands(run_at_once))
    desk.tick()
    assert desk.who.text == "Demo, nobody signed in"
    assert [desk.refusal(action) for action in Action] == [""] * len(Action)
    desk.break_glass("Chair 1", lambda _: True)
    desk.lock_or_open()
    assert desk.panel is None
    assert "no accounts" in desk.take_notice()
    desk.close()


def test_what_is_asked_depends_on_who_may(records: Records) -> None:
    desk = at_the_door(records)
    assert desk.refusal(Action.ACKNOWLEDGE) == ""
    assert "a nurse or a physician" in desk.refusal(Action.OPEN_SESSION)
    assert desk.refusal(Action.END_SESSION, "e1") == ""
    assert desk.actor_for("e1").role is Role.BREAK_GLASS
    assert desk.refusal(Action.SIGN, "e1") != ""


def test_who_is_signed_in_acts_under_their_own_name_in_an_emergencys_session(
    records: Records,
) -> None:
    desk = at_the_door(records)
    desk.submit(SIGN_IN)
    desk.tick()
    assert desk.actor_for("e1").name == "Anna Weber"


def test_an_unexpected_fault_is_a_sentence_and_the_desk_lives_on(
    records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    class Torn:
        @contextlib.contextmanager
        def book(self) -> Iterator[Book]:
            raise ValueError("a bug")
            yield

    desk = reception(Torn().book, clock())
    desk.tick()
    desk.tick()
    assert desk.who.text == "Accounts cannot be read"
    assert "errand" in caplog.text


def test_the_panel_that_asks_for_a_name_becomes_the_first_administrators(
    tmp_path: Path,
) -> None:
    slow = HeldErrands()
    empty = Records(tmp_path / "new")
    desk = reception(book_of(empty.path, KEY), clock(), slow.errands)
    desk.tick()
    desk.ask_who()
    assert desk.panel is not None
    assert desk.panel.form is Form.SIGN_IN
    slow.let_go()
    desk.tick()
    assert desk.panel.form is Form.FIRST
