"""The patient form without a window: who is found, added, confirmed; and what a bad disk does."""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.accounts.people import Actor, Role
from monitor.clock import ManualClock
from monitor.errors import OperatorError
from monitor.patients import CourseDetails, Details, Patient
from monitor.storage.courses import CourseRegister
from monitor.storage.database import open_database
from tests.keys import KEY
from tests.ui.fixtures import run_at_once
from tests.ui.people.desktop import NINE, WEBER, HeldErrands, Records
from ui.patients.form import Chosen, PatientForm
from ui.people.book import Book, Register, book_of, register_of
from ui.people.errands import Errands
from ui.view_models.patients import Page, PatientView, Purpose

NURSE = Actor("u-1", "Anna", Role.NURSE)
TODAY = NINE.date()


class Desk:
    """A form and what it brought; ``put`` types into a page and presses Enter."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.book = book_of(records.path, KEY)
        self.register = register_of(records.path, KEY)
        self.clock = ManualClock(NINE)
        self.chosen: list[Chosen] = []
        self.is_heard = True
        self._begin(Errands(run_at_once))

    def _begin(self, errands: Errands) -> None:
        self.form = PatientForm(self.register, self.book, errands, self.clock)
        self.form.open(Purpose("Chair 1"), NURSE, self._done)

    def slowly(self) -> HeldErrands:
        """Let the disk take its time from now on."""
        held = HeldErrands()
        self._begin(held.errands)
        return held

    def _done(self, chosen: Chosen) -> bool:
        self.chosen.append(chosen)
        return self.is_heard

    @property
    def view(self) -> PatientView:
        self.form.tick()
        assert self.form.view is not None
        return self.form.view

    def search(self, text: str) -> PatientView:
        self.form.search(text)
        return self.view

    def enter(self, **typed: str) -> PatientView:
        self.form.go_on(typed)
        return self.view

    def start(self, minutes: str = "40") -> Chosen:
        self.form.tick()
        self.form.go_on({"minutes": minutes})
        return self.chosen[-1]

    def new(self, family: str = "Weber", given: str = "", born: str = "", number: str = "") -> Any:
        self.form.another_way()
        return self.again(family, given, born, number)

    def again(self, family: str, given: str = "", born: str = "", number: str = "") -> PatientView:
        typed = {
            "family_name": family,
            "given_name": given,
            "date_of_birth": born,
            "clinic_number": number,
        }
        return self.enter(**typed)

    def patients(self) -> list[Patient]:
        with self.register() as register:
            return list(register.patients.search(""))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database with Anna Weber, made once: migrating takes longest."""
    records = Records(tmp_path_factory.mktemp("empty"))
    records.register(WEBER)
    return records.path


@pytest.fixture
def desk(tmp_path: Path, empty: Path) -> Desk:
    shutil.copy(empty, tmp_path / empty.name)
    return Desk(Records(tmp_path))


# ---- finding


@pytest.mark.parametrize("typed", ["we", "WEBER", "anna", "4711", "1980-03-31", "31.3.1980"])
def test_a_patient_is_found_by_name_number_and_either_form_of_birth(desk: Desk, typed: str) -> None:
    (row,) = desk.search(typed).rows
    assert (row.name, row.identifiers) == ("Weber, Anna", "born 1980-03-31 · no. 4711")


def test_enter_shows_both_identifiers_and_enter_again_starts(desk: Desk) -> None:
    desk.search("we")
    view = desk.enter()
    assert view.page is Page.CONFIRM
    assert view.who is not None
    assert view.who.identifiers == "born 1980-03-31 · no. 4711"
    chosen = desk.start("55")
    assert (chosen.patient.details, chosen.minutes, chosen.course_id) == (WEBER, 55, "")
    assert desk.form.view is None


def test_whose_name_begins_so_comes_before_whose_middle_does(desk: Desk) -> None:
    desk.records.register(Details("Ahr Weber", "Bo", date(1990, 1, 1)))
    assert [row.name for row in desk.search("web").rows] == ["Weber, Anna", "Ahr Weber, Bo"]


def test_one_letter_shows_nobody(desk: Desk) -> None:
    assert desk.search("w").rows == ()
    assert desk.search("").rows == ()


def test_nobody_found_says_what_to_do(desk: Desk) -> None:
    view = desk.search("zz")
    assert "F4 adds a new patient" in view.told
    assert "F2 starts at once" in view.told
    assert desk.enter().page is Page.FIND


def test_the_arrows_stay_on_the_list(desk: Desk) -> None:
    desk.records.register(Details("Weber", "Berta", date(1990, 1, 1)))
    desk.search("weber")
    marks = []
    for by in (1, 1, -1, -1):
        desk.form.move(by)
        marks.append(desk.view.marked)
    assert marks == [1, 1, 0, 0]
    desk.form.move(1)
    view = desk.enter()
    assert view.who is not None
    assert view.who.name == "Weber, Berta"


def test_a_scanner_that_is_faster_than_the_disk_gets_the_only_hit(desk: Desk) -> None:
    held = desk.slowly()
    desk.form.search("4")
    held.let_go()  # the answer to "4" is on its way
    desk.form.search("4711")
    desk.form.go_on({})
    assert desk.view.page is Page.FIND  # what was found for "4" is not taken for it
    for _ in range(3):
        held.let_go()
        desk.form.tick()
    assert desk.view.page is Page.CONFIRM


def test_typing_during_a_search_is_searched_after_it_and_nothing_in_between(desk: Desk) -> None:
    held = desk.slowly()
    for text in ("we", "web", "webe", "zz"):
        desk.form.search(text)
    assert len(held.held) == 1
    assert desk.view.told == "Looking …"
    held.let_go()
    assert desk.view.rows[0].name == "Weber, Anna"
    held.let_go()
    assert desk.view.rows == ()


def test_an_answer_for_a_form_that_was_closed_is_not_shown(desk: Desk) -> None:
    held = desk.slowly()
    desk.form.search("we")
    desk.form.close()
    desk.form.open(Purpose("Chair 2"), NURSE, lambda _: True)
    held.let_go()
    assert desk.view.rows == ()
    desk.form.close()
    held.let_go()
    assert "patient.searched" not in desk.records.log()


# ---- somebody new


def test_a_new_patient_is_registered_by_whoever_is_signed_in(desk: Desk) -> None:
    assert desk.new("Łoś", "Zoë", "31.3.1980", "4712").page is Page.CONFIRM
    chosen = desk.start()
    assert chosen.patient.details == Details("Łoś", "Zoë", date(1980, 3, 31), "4712")
    assert chosen.patient.by == NURSE.by
    assert "patient.added" in desk.records.log()


def test_what_was_looked_for_stands_in_the_form_of_a_new_patient(desk: Desk) -> None:
    for text, line, value in (
        ("Zimmer, Eva", "given_name", "Eva"),
        ("99812", "clinic_number", "99812"),
        ("1.2.1990", "date_of_birth", "1.2.1990"),
    ):
        desk.search(text)
        desk.form.another_way()
        assert desk.view.fill[line] == value
        desk.form.back({})
        desk.form.search("")


ANGRY = '=HYPERLINK("x") <b onload="alert(1)">O\'Brien</b> 李 🎈'


@pytest.mark.parametrize("name", [ANGRY, "李", "O'Neil; DROP TABLE patient;--", "עברית", "Zoë"])
def test_any_name_is_kept_as_it_was_typed(desk: Desk, name: str) -> None:
    desk.new(name, name, "1999-09-09")
    chosen = desk.start()
    assert chosen.patient.details.family_name == name
    assert name in [one.details.family_name for one in desk.patients()]


@pytest.mark.parametrize(
    ("typed", "line", "words"),
    [
        (("", "Eva", "1980-01-01", ""), "family_name", "family name is empty"),
        (("x" * 10_000, "Eva", "1980-01-01", ""), "family_name", "10,000 characters"),
        (("Bell", "y" * 201, "1980-01-01", ""), "given_name", "200 at most"),
        (("Bell", "", "2080-01-01", ""), "date_of_birth", "in the future"),
        (("Bell", "", "31.2.1980", ""), "date_of_birth", "no day 31.2.1980"),
        (("Bell", "", "3/4/80", ""), "date_of_birth", "slashes can be two"),
        (("Bell", "", "3.4.80", ""), "date_of_birth", "two digits only"),
        (("Bell", "", "tomorrow", ""), "date_of_birth", "no date"),
        (("Bell", "", "0000-00-00", ""), "date_of_birth", "no day"),
        (("Bell", "", "", ""), "date_of_birth", "name alone is not enough"),
        (("Bell", "", "", "-"), "clinic_number", "no letter or digit"),
        (("Be\u202ell", "", "", "1"), "family_name", "cannot be shown"),
        (("Bell\ud800", "", "", "1"), "family_name", "cannot be shown"),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_nothing_typed_is_lost(
    desk: Desk, typed: tuple[str, str, str, str], line: str, words: str
) -> None:
    view = desk.new(*typed)
    assert view.page is Page.NEW
    assert list(view.faults) == [line]
    assert words in view.faults[line]
    assert view.focus == line
    assert tuple(view.fill.values()) == typed
    assert len(desk.patients()) == 1


def test_several_faults_are_said_at_once(desk: Desk) -> None:
    view = desk.new("", "", "3/4/80", "-")
    assert set(view.faults) == {"family_name", "date_of_birth", "clinic_number"}


def test_one_page_back_keeps_what_was_typed(desk: Desk) -> None:
    desk.search("Bell")
    desk.form.another_way()
    desk.form.back({"family_name": "Bell", "given_name": "Half a"})
    assert desk.view.fill == {"search": "Bell"}
    desk.form.another_way()
    assert desk.view.fill["given_name"] == "Half a"


# ---- somebody who is there already


def test_a_duplicate_is_shown_before_anything_is_saved(desk: Desk) -> None:
    view = desk.new("Wéber", "anna", "1980-03-31")
    assert view.page is Page.ALIKE
    assert view.rows[0].reason == "the same name and date of birth"
    assert len(desk.patients()) == 1
    assert desk.enter().page is Page.CONFIRM
    assert desk.start().patient.details == WEBER
    assert len(desk.patients()) == 1


def test_somebody_else_of_that_name_needs_a_key_of_its_own(desk: Desk) -> None:
    desk.new("Weber", "Anna", "1980-03-31", "4712")
    desk.form.another_way()
    assert desk.start().patient.details.clinic_number == "4712"
    assert len(desk.patients()) == 2
    assert '"despite"' in desk.records.everything_logged()


def test_back_from_the_duplicates_is_the_form_as_it_was(desk: Desk) -> None:
    desk.new("Weber", "Anna", "31.3.1980")
    desk.form.back({})
    view = desk.view
    assert (view.page, view.fill["date_of_birth"]) == (Page.NEW, "31.3.1980")


def test_enter_twice_saves_once(desk: Desk) -> None:
    held = desk.slowly()
    assert desk.new("Bell", "", "", "1").is_busy
    desk.again("Bell, typed on meanwhile", "", "", "2")
    for _ in range(4):
        held.let_go()
        desk.form.tick()
    assert [one.details.family_name for one in desk.patients()] == ["Bell", "Weber"]


# ---- before it starts


@pytest.mark.parametrize("minutes", ["", "0", "241", "x", "1e2", "-5", "99999999999"])
def test_a_time_that_is_none_is_said_at_its_line(desk: Desk, minutes: str) -> None:
    desk.search("we")
    desk.enter()
    view = desk.enter(minutes=minutes)
    assert "1 to 240" in view.faults["minutes"]
    assert view.fill["minutes"] == minutes
    assert desk.chosen == []


def test_an_enter_before_the_course_is_known_starts_nothing(desk: Desk) -> None:
    held = desk.slowly()
    desk.form.search("we")
    held.let_go()
    desk.form.tick()
    desk.form.go_on({})
    desk.form.go_on({"minutes": "40"})
    assert desk.chosen == []


def test_the_form_stays_when_the_start_does_not_go_out(desk: Desk) -> None:
    desk.is_heard = False
    desk.search("we")
    desk.enter()
    desk.start()
    assert desk.view.page is Page.CONFIRM


def begin_course(desk: Desk, title: str, planned: int | None = None) -> str:
    (patient,) = desk.patients()
    with open_database(desk.records.path, KEY) as database:
        details = CourseDetails(patient.id, TODAY, title, planned)
        register = CourseRegister(database)
        return register.add(details, NURSE, ManualClock(NINE).now(), TODAY).id


def test_the_only_open_course_goes_on_by_itself(desk: Desk) -> None:
    course_id = begin_course(desk, "Series of 2026")
    desk.search("we")
    assert desk.enter().told == "Course: Series of 2026"
    assert desk.start().course_id == course_id


def test_of_several_open_courses_none_is_guessed(desk: Desk) -> None:
    begin_course(desk, "one")
    begin_course(desk, "two")
    desk.search("we")
    assert "2 courses are open" in desk.enter().told
    assert desk.start().course_id == ""


# ---- a bad disk


class Disk:
    """Lets nobody read or write while it is ``broken``."""

    def __init__(self, desk: Desk) -> None:
        self._opens = (desk.register, desk.book)
        self.is_broken = False

    @contextlib.contextmanager
    def look(self) -> Iterator[Register]:
        self._check()
        with self._opens[0]() as register:
            yield register

    @contextlib.contextmanager
    def open(self) -> Iterator[Book]:
        self._check()
        with self._opens[1]() as book:
            yield book

    def _check(self) -> None:
        if self.is_broken:
            raise OperatorError("The database is locked", "try again")


@pytest.fixture
def disk(desk: Desk) -> Disk:
    made = Disk(desk)
    desk.register, desk.book = made.look, made.open
    desk._begin(Errands(run_at_once))
    return made


def test_a_search_that_fails_names_the_way_without_it_and_enter_tries_again(
    desk: Desk, disk: Disk
) -> None:
    disk.is_broken = True
    told = desk.search("we").told
    assert "The database is locked: try again" in told
    assert "F2 starts at once, without identifying" in told
    disk.is_broken = False
    assert len(desk.enter().rows) == 1


def test_a_patient_who_cannot_be_saved_is_not_lost(desk: Desk, disk: Disk) -> None:
    disk.is_broken = True
    view = desk.new("Bell", "", "", "1")
    assert "Not saved. The database is locked" in view.told
    assert "F2 starts without identifying" in view.told
    disk.is_broken = False
    assert desk.again("Bell", "", "", "1").page is Page.CONFIRM


def test_without_the_courses_the_session_starts_all_the_same(desk: Desk, disk: Disk) -> None:
    begin_course(desk, "Series")
    desk.search("we")
    disk.is_broken = True
    assert "belongs to none" in desk.enter().told
    assert desk.start().course_id == ""


# ---- the log


def test_one_row_of_the_log_says_whose_names_were_shown(desk: Desk) -> None:
    for text in ("we", "web", "webe"):
        desk.search(text)
    desk.form.close()
    desk.form.tick()
    assert desk.records.log().count("patient.searched") == 1
    (patient,) = desk.patients()
    logged = desk.records.everything_logged().splitlines()[-1]
    assert logged.startswith(f"{NURSE.user_id} patient.searched")
    assert patient.id in logged
    assert "Weber" not in logged


def test_a_form_that_showed_nobody_is_not_logged(desk: Desk) -> None:
    desk.search("zz")
    desk.form.close()
    desk.form.end()
    assert "patient.searched" not in desk.records.log()


# ---- going back to the search


def test_whoever_was_just_saved_is_found_after_going_back(desk: Desk) -> None:
    assert desk.search("Zwicky").rows == ()
    assert desk.new("Zwicky", "Eva", "1.2.1990").page is Page.CONFIRM
    desk.form.back({})
    view = desk.view
    assert [row.name for row in view.rows] == ["Zwicky, Eva"]
    assert "Nobody" not in view.told
    assert desk.enter().page is Page.CONFIRM


def test_an_answer_from_before_the_saving_is_not_taken_after_going_back(desk: Desk) -> None:
    held = desk.slowly()
    desk.form.search("Zwicky")
    desk.form.another_way()
    desk.form.go_on({"family_name": "Zwicky", "date_of_birth": "1.2.1990"})
    desk.form.back({})
    for _ in range(5):
        held.let_go()
        assert "Nobody" not in desk.view.told
    assert [row.name for row in desk.view.rows] == ["Zwicky"]


def test_a_saving_that_ends_after_going_back_is_found_as_well(desk: Desk) -> None:
    held = desk.slowly()
    desk.form.search("Zwicky")
    held.let_go()
    desk.form.tick()
    desk.form.another_way()
    desk.form.go_on({"family_name": "Zwicky", "date_of_birth": "1.2.1990"})
    saving, held.held = held.held, []
    desk.form.back({})
    held.let_go()
    assert desk.view.rows == ()
    held.held += saving
    for _ in range(5):
        held.let_go()
        desk.form.tick()
    assert [row.name for row in desk.view.rows] == ["Zwicky"]


def test_enter_searches_again_while_nobody_is_found(desk: Desk) -> None:
    assert desk.search("Zwicky").rows == ()
    desk.records.register(Details("Zwicky", "Eva", date(1990, 2, 1)))
    assert [row.name for row in desk.enter().rows] == ["Zwicky, Eva"]
