"""The station's look at the alarm profiles: what it tells the engine, and what changes nothing."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alarms.profile import parse_profile, shipped_profiles
from monitor.alarms.profile_choice import choose
from monitor.clock import ManualClock
from monitor.engine_messages import Fault, ProfilesInForce
from monitor.errors import OperatorError
from monitor.profile_folder import FOLDER, MOST_FILES, folder_faults
from monitor.profile_keeper import News, ProfileKeeper
from monitor.storage.profiles import InForce
from resources import path_to
from tests.monitor.storage.site import site

SHIPPED = [profile.title for profile in shipped_profiles()]


class Book:
    """What was approved, in a list; ``fault``: why it cannot be read."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.faults: tuple[str, ...] = ()
        self.fault: Exception | None = None
        self._told: object = None

    def news(self) -> InForce | None:
        if self.fault:
            raise self.fault
        now = (tuple(self.texts), self.faults)
        if now == self._told:
            return None
        self._told = now
        found = {profile.name: profile for profile in (parse_profile(t, "x") for t in self.texts)}
        return InForce(tuple(found.values()), frozenset(self.texts), self.faults)


class Clinic:
    """A keeper over a folder and a book, and what it told."""

    def __init__(self, data: Path, wanted: str = "") -> None:
        self.folder = data / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        self.book = Book()
        self.clock = ManualClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
        self.keeper = ProfileKeeper(data, self.book, self.clock, wanted)

    def look(self) -> list[News]:
        told: list[News] = []
        self.keeper.look(told.append)
        return told

    def write(self, text: str, name: str = "site.toml") -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def clinic(tmp_path: Path) -> Clinic:
    return Clinic(tmp_path)


def in_force(told: list[News]) -> list[str]:
    (news,) = [one for one in told if isinstance(one, ProfilesInForce)]
    return [news.standard.title, *(other.title for other in news.others)]


def fault(told: list[News]) -> str:
    """The fault that was told, and nothing else."""
    (news,) = told
    assert isinstance(news, Fault)
    assert news.name == "profile"
    return news.text


def test_without_anything_approved_what_ships_is_in_force(clinic: Clinic) -> None:
    assert in_force(clinic.look()) == SHIPPED
    assert clinic.look() == []


def test_an_approved_version_goes_before_the_shipped_one_and_is_told_once(clinic: Clinic) -> None:
    clinic.book.texts = [site(2), site(1, name="Ward 7")]
    assert in_force(clinic.look()) == ["Ketamine IV v2", *SHIPPED[1:], "Ward 7 v1"]
    clinic.book.texts.append(site(3))
    assert in_force(clinic.look())[0] == "Ketamine IV v3"
    assert clinic.look() == []


def test_the_settings_name_the_standard_however_it_is_written(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, "ward  7")
    clinic.book.texts = [site(4, name="Ward 7")]
    assert in_force(clinic.look()) == ["Ward 7 v4", *SHIPPED]


def test_an_unknown_standard_leaves_the_shipped_default_and_says_so(tmp_path: Path) -> None:
    clinic = Clinic(tmp_path, "Ward 8")
    profiles, *faults = clinic.look()
    assert in_force([profiles]) == SHIPPED
    assert fault(faults) == (
        "settings.toml: there is no approved alarm profile 'Ward 8'; Ketamine IV v1 stays in force"
    )
    clinic.book.texts = [site(1, name="Ward 8")]
    profiles, *faults = clinic.look()
    assert in_force([profiles])[0] == "Ward 8 v1"
    assert fault(faults) == ""


BAD = [
    (site(3).replace(" /min", ""), "rule HR-H1, when: limit 'pulse_rate > 125': the unit is"),
    (site(3, 40), "crosses"),
    (site(3).replace("= 15", "= -15"), "rule HR-H1, delay_s: -15 s is no delay (line 15;"),
    (site(3).replace("HR-H1", "HR-H9"), "rule HR-H9: 'ketamine_iv_v1' has no such rule"),
    (site(3)[:-30], "line 15"),
    ("", "name: it is missing"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD)
def test_a_broken_file_changes_nothing_and_is_told_with_file_line_and_reason(
    clinic: Clinic, text: str, sentence: str
) -> None:
    clinic.book.texts = [site(2)]
    clinic.look()
    file = clinic.write(text)
    said = fault(clinic.look())
    assert said.startswith("site.toml: ")
    assert sentence in said
    assert said.endswith("; Ketamine IV v2 stays in force")
    assert clinic.look() == []
    file.unlink()
    assert fault(clinic.look()) == ""


def test_a_file_that_nobody_approved_is_told_until_somebody_does(clinic: Clinic) -> None:
    clinic.book.texts = [site(2)]
    clinic.look()
    clinic.write(site(3))
    said = "site.toml: Ketamine IV v3 is not approved; Ketamine IV v2 stays in force"
    assert fault(clinic.look()) == said
    clinic.book.texts.append(site(3))
    profiles, *faults = clinic.look()
    assert in_force([profiles])[0] == "Ketamine IV v3"
    assert fault(faults) == ""


def test_copies_of_what_was_approved_or_ships_are_no_fault(clinic: Clinic) -> None:
    clinic.book.texts = [site(2), site(3)]
    clinic.look()
    clinic.write(site(2), "ketamine_v2.toml")
    (clinic.folder / "ketamine_v3.toml").write_bytes(site(3).replace("\n", "\r\n").encode())
    clinic.write(path_to("defaults/elderly_v1.toml").read_text("utf-8"), "elderly.toml")
    clinic.write("neither read nor approved", "readme.txt")
    assert clinic.look() == []


def test_several_faults_are_one_line_with_their_count(clinic: Clinic) -> None:
    clinic.look()
    clinic.write(site(3), "b.toml")
    clinic.write("x", "a.toml")
    clinic.book.faults = ("Ward 7 v2 was altered since it was approved; it is off",)
    said = fault(clinic.look())
    assert said == f"{clinic.book.faults[0]} (and 2 more: see 'vigil profiles')"


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


def _bytes(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


def _long(path: Path) -> None:
    path.write_bytes(b"#" * 1_000_001)


@pytest.mark.parametrize("make", [_folder, _pipe, _dangling, _bytes, _long])
def test_what_is_no_profile_file_at_all_is_a_fault_and_holds_nothing_up(
    clinic: Clinic, make: Callable[[Path], None]
) -> None:
    clinic.look()
    make(clinic.folder / "site.toml")
    said = fault(clinic.look())
    assert said.startswith("site.toml: ")
    assert said.endswith("; Ketamine IV v1 stays in force")


def test_no_more_files_are_read_than_a_clinic_can_have(clinic: Clinic) -> None:
    for number in range(MOST_FILES + 5):
        clinic.write("x", f"{number:03}.toml")
    assert len(folder_faults(clinic.folder.parent, choose(), ())) == MOST_FILES


def test_what_was_read_stands_while_it_cannot_be_read_again(clinic: Clinic) -> None:
    clinic.book.texts = [site(2)]
    clinic.look()
    clinic.book.fault = OperatorError("The disk is full", "make room")
    assert fault(clinic.look()) == (
        "The approved alarm profiles cannot be read (The disk is full); "
        "Ketamine IV v2 stays in force"
    )
    clinic.book.fault = None
    assert fault(clinic.look()) == ""


def test_before_the_first_reading_what_ships_is_in_force_and_says_so(clinic: Clinic) -> None:
    clinic.book.fault = OperatorError("The disk is full", "make room")
    clinic.book.texts = [site(2)]
    profiles, *faults = clinic.look()
    assert in_force([profiles]) == SHIPPED
    assert fault(faults).endswith("(The disk is full); Ketamine IV v1 stays in force")
    clinic.book.fault = None
    profiles, *faults = clinic.look()
    assert (in_force([profiles])[0], fault(faults)) == ("Ketamine IV v2", "")


def test_a_mistake_of_ours_is_told_and_ends_no_station(clinic: Clinic, caplog) -> None:
    clinic.look()
    clinic.book.fault = ZeroDivisionError("a mistake")
    assert fault(clinic.look()) == "The alarm profiles cannot be looked after"
    assert "cannot be looked after" in caplog.text


def test_the_thread_looks_again_until_it_is_over(clinic: Clinic) -> None:
    over, told = threading.Event(), threading.Event()

    def hear(_news: News) -> None:
        over.set()
        told.set()

    clinic.clock.real_seconds = lambda _seconds: 0.0  # type: ignore[method-assign]  # a minute in no time
    clinic.keeper.run(over, hear)
    assert told.is_set()
    clinic.keeper.run(over, lambda _news: pytest.fail("it was over"))
