"""Approved alarm profiles: who may, what is refused, and which version is in force."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.accounts.people import NOBODY, Actor, Role
from monitor.alarms.approval import fingerprint
from monitor.errors import OperatorError
from monitor.storage import profiles
from monitor.storage.chain_check import Flaw
from monitor.storage.database import Database, open_database
from monitor.storage.heads import Ed25519Signer, sealing
from monitor.storage.profile_book import ProfileBook
from monitor.storage.profiles import ProfileRegister
from monitor.storage.verify import verify
from resources import path_to
from tests.keys import KEY, raw
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.site import AT, NURSE, PHYSICIAN, approve, site

SIGNER = Ed25519Signer(bytes(range(32)))
ADMIN = Actor("u-9", "Ada", Role.ADMINISTRATOR)


@pytest.fixture
def clinic(path: Path) -> Iterator[Database]:
    with open_database(path, KEY, before_commit=sealing(SIGNER)) as database:
        yield database


def titles(database: Database) -> list[str]:
    return [profile.title for profile in ProfileRegister(database).in_force().profiles]


def faults(database: Database) -> tuple[str, ...]:
    return ProfileRegister(database).in_force().faults


def flaws(database: Database) -> list[tuple[str, Any, Flaw]]:
    broken = verify(database, public_keys=[SIGNER.public_key]).breaks
    return [(one.table, one.seq, one.flaw) for one in broken]


def test_nothing_is_in_force_by_itself(clinic: Database) -> None:
    assert ProfileRegister(clinic).in_force() == profiles.InForce()
    assert ProfileRegister(clinic).history() == ()


def test_an_approved_version_is_in_force_with_who_when_and_why(clinic: Database) -> None:
    text = site()
    done = approve(clinic, text)
    assert (done.number, done.title, done.approved_by) == (1, "Ketamine IV v2", PHYSICIAN.by)
    assert (done.by_id, done.at, done.reason) == ("u-1", AT.utc, "agreed by the board")
    assert ProfileRegister(clinic).history() == (done,)
    in_force = ProfileRegister(clinic).in_force()
    (profile,) = in_force.profiles
    rule = profile.rule("HR-H1")
    assert rule is not None
    assert rule.words == "Pulse above 125"
    assert (in_force.texts, in_force.faults) == (frozenset({text}), ())


def test_the_approval_is_logged_with_the_hash_of_the_text_and_signed(
    clinic: Database, path: Path
) -> None:
    approve(clinic, site())
    with raw(path) as connection:
        query = "SELECT number, actor, action, subject, detail FROM audit ORDER BY number DESC"
        number, actor, action, subject, detail = connection.execute(query).fetchone()
        covered = connection.execute("SELECT max(audit_number) FROM signed_head").fetchone()
    said = json.loads(detail)
    assert (actor, action, subject, covered) == ("u-1", "profile.approved", "1", (number,))
    assert (said["profile"], said["version"]) == ("Ketamine IV", 2)
    assert said["sha256"] == fingerprint(site())
    assert flaws(clinic) == []


def test_the_newest_version_of_each_name_is_in_force_and_older_texts_are_known(
    clinic: Database,
) -> None:
    for text in (site(2), site(1, 130, "Ward 7"), site(3, 121)):
        approve(clinic, text)
    assert sorted(titles(clinic)) == ["Ketamine IV v3", "Ward 7 v1"]
    assert site(2) in ProfileRegister(clinic).in_force().texts
    versions = [one.version for one in ProfileRegister(clinic).history("Ketamine IV")]
    assert versions == [2, 3]


@pytest.mark.parametrize("by", [NURSE, NOBODY], ids=str)
def test_only_a_physician_or_an_administrator_approves(clinic: Database, by: Actor) -> None:
    with pytest.raises(OperatorError, match="Only a physician or an administrator may edit an"):
        approve(clinic, site(), by)
    assert titles(clinic) == []
    approve(clinic, site(), ADMIN)
    assert titles(clinic) == ["Ketamine IV v2"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (site(1), "There is Ketamine IV v5 already, and this is v1: give it version = 6"),
        (site(5), "There is Ketamine IV v5 already, and this is v5: give it version = 6"),
        (site(1, name="ketamine iv"), "There is a profile 'Ketamine IV' already"),
        (site(9, name="Ward 7 v2"), "'Ward 7 v2' ends like a version"),
        (site(9, name="Ward  7"), "it has blanks that nobody sees"),
        (site(9, name="W" * 61), "The profile's name has 61 characters"),
        (site(9, name="a\u202eb"), "characters that cannot be shown"),
        (site(9).replace(" /min", ""), "the unit is missing: write /min behind 125 (line 10;"),
        (site(9, 301), "'pulse_rate > 301 /min' is beyond what a living adult can have (line 10;"),
        (site(9, 40), "crosses 'pulse_rate < 40 /min' of HR-L2"),
        (site(9).replace("HR-H1", "HR-H9"), "rule HR-H9: 'ketamine_iv_v1' has no such rule"),
        (site(9).replace("= 15", "= -15"), "rule HR-H1, delay_s: -15 s is no delay"),
        (site(9).replace("= 15", "= 900"), "rule HR-H1, delay_s: 900 s is more than 300 s"),
        (site(9)[:-40], "(at the end, line 15)"),
    ],
)
def test_what_cannot_be_in_force_is_refused_in_words_and_the_last_version_stays(
    clinic: Database, text: str, sentence: str
) -> None:
    approve(clinic, site(5))
    with pytest.raises(OperatorError) as refused:
        approve(clinic, text)
    assert sentence in str(refused.value)
    assert titles(clinic) == ["Ketamine IV v5"]
    assert len(ProfileRegister(clinic).history()) == 1


def test_a_rule_of_the_programs_own_is_nobodys_to_replace(clinic: Database) -> None:
    own = '\n[[rule]]\nid = "TECH-11"\nkind = "named_fault"\nfault = "x"\ntitle = "x"\n'
    whole = path_to("defaults/ketamine_iv_v1.toml").read_text(encoding="utf-8")
    whole = whole.replace("version = 1", "version = 2")
    tail = 'latch = "no"\ntiers = [{ priority = "low" }]\n'
    with pytest.raises(OperatorError, match="rule TECH-11: it is the program's own"):
        approve(clinic, f"{whole}{own}{tail}")
    assert titles(clinic) == []


def test_without_a_reason_nothing_is_approved(clinic: Database) -> None:
    with pytest.raises(OperatorError, match="The reason is empty"):
        ProfileRegister(clinic).approve(site(), "site.toml", PHYSICIAN, " ", AT)
    assert titles(clinic) == []


# ---- somebody with the key and another SQLite tool


@pytest.fixture
def three(clinic: Database) -> Database:
    for version, above in ((2, 125), (3, 126), (4, 127)):
        approve(clinic, site(version, above))
    return clinic


@pytest.mark.parametrize(
    ("change", "flaw", "why"),
    [
        ("UPDATE alarm_profile SET text = replace(text, '127', '190') WHERE number = 3",
         Flaw.CHANGED, "Ketamine IV v4 was altered since it was approved"),
        ("UPDATE alarm_profile SET text = CAST(x'ff00' AS TEXT) WHERE number = 3",
         Flaw.CHANGED, "Ketamine IV v4 was altered since it was approved"),
        ("UPDATE alarm_profile SET approved_by = 'Ben (nurse)' WHERE number = 3",
         Flaw.CHANGED, "Ketamine IV v4 was altered since it was approved"),
        ("UPDATE alarm_profile SET at_utc_us = 'soon' WHERE number = 3",
         Flaw.CHANGED, "Ketamine IV v4 was altered since it was approved"),
        ("DELETE FROM alarm_profile WHERE number = 3",
         Flaw.REMOVED, "Ketamine IV v4 was approved and is gone"),
    ],
)  # fmt: skip
def test_a_version_that_was_altered_falls_back_to_the_last_good_one_and_is_found(
    three: Database, path: Path, change: str, flaw: Flaw, why: str
) -> None:
    with attack(path) as attacker:
        attacker.run(change)
    assert titles(three) == ["Ketamine IV v3"]
    assert faults(three) == (f"{why}; Ketamine IV v3 stays in force",)
    assert flaws(three) == [("alarm_profile", "3", flaw)]


def test_two_altered_versions_fall_back_two_steps_and_all_of_them_to_the_shipped_one(
    three: Database, path: Path
) -> None:
    with attack(path) as attacker:
        attacker.run("UPDATE alarm_profile SET reason = 'x' WHERE number > 1")
    assert titles(three) == ["Ketamine IV v2"]
    with attack(path) as attacker:
        attacker.run("UPDATE alarm_profile SET reason = 'x'")
    assert titles(three) == []
    assert faults(three) == (
        "Ketamine IV v4 was altered since it was approved; Ketamine IV v1 stays in force",
    )


def test_a_version_that_was_put_there_is_not_in_force_and_is_found(
    three: Database, path: Path
) -> None:
    with attack(path) as attacker:
        attacker.run(
            "INSERT INTO alarm_profile SELECT 4, name, 5, replace(text, '127', '190'), "
            "approved_by, by_id, at_utc_us, reason FROM alarm_profile WHERE number = 3"
        )
    assert titles(three) == ["Ketamine IV v4"]
    assert faults(three) == ("nobody approved row 4 of the alarm profiles",)
    assert flaws(three) == [("alarm_profile", "4", Flaw.INSERTED)]


def test_an_approval_that_nobody_signed_is_found(path: Path) -> None:
    with open_database(path, KEY, before_commit=sealing(SIGNER)) as database:
        approve(database, site())
    with open_database(path, KEY) as database:
        approve(database, site(3))
        assert flaws(database) == [("signed_head", 2, Flaw.REMOVED)]


def test_an_older_version_under_a_good_one_is_no_matter_for_a_session(
    three: Database, path: Path
) -> None:
    with attack(path) as attacker:
        attacker.run("UPDATE alarm_profile SET reason = 'x' WHERE number = 2")
    assert (titles(three), faults(three)) == (["Ketamine IV v4"], ())
    assert flaws(three) == [("alarm_profile", "2", Flaw.CHANGED)]


def test_a_profile_whose_base_says_something_else_now_is_in_force_and_says_so(
    three: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update of the program that changed what ships, which a text only refers to."""
    monkeypatch.setattr(profiles, "meaning", lambda _profile: "another")
    assert titles(three) == ["Ketamine IV v4"]
    (fault,) = faults(three)
    assert fault.startswith("Ketamine IV v4 says something else than when it was approved")


# ---- the station's look


def test_the_book_tells_what_is_new_once(three: Database, path: Path) -> None:
    book = ProfileBook(path, KEY)
    first = book.news()
    assert first is not None
    assert [profile.title for profile in first.profiles] == ["Ketamine IV v4"]
    assert book.news() is None
    approve(three, site(5))
    again = book.news()
    assert again is not None
    assert [profile.title for profile in again.profiles] == ["Ketamine IV v5"]


def test_a_book_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="There is no database"):
        ProfileBook(tmp_path / "vigil.db", KEY).news()
