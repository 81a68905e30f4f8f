"""``vigil users`` as an administrator meets it, with passwords from files and no terminal."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import ManualClock
from tests.keys import raw, set_up
from ui.cli import main
from ui.commands import people

BOSS, NURSE = "the boss has a long password", "the nurse has a long password"
VICE = "the vice has chosen a password"
Run = Callable[..., int]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    """Return a function that writes a password into a file and returns its name."""

    def write(password: str) -> str:
        path = tmp_path / f"secret-{len(list(tmp_path.iterdir()))}"
        path.write_bytes(f"{password}\r\n".encode())
        return str(path)

    return write


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ManualClock:
    """Set the clock of the commands, so that nothing depends on how fast this computer is."""
    manual = ManualClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    monkeypatch.setattr(people, "_now", manual.now)
    return manual


@pytest.fixture
def users(tmp_path: Path, clock: ManualClock) -> Run:
    """Return a function that runs ``vigil users`` in a data folder of its own."""
    folder = tmp_path / "clinic"
    passphrase = set_up(folder)

    def run(*words: str) -> int:
        where = ("--data", str(folder), "--passphrase-file", str(passphrase))
        return main(["users", words[0], *where, *words[1:]])

    return run


@pytest.fixture
def boss(users: Run, file: Callable[[str], str]) -> str:
    """Create the first administrator; return the file with the password."""
    words = ("add", "boss", "--role", "administrator", "--new-password-file", file(BOSS))
    assert users(*words) == 0
    return file(BOSS)


@pytest.fixture
def listed(users: Run, capsys: pytest.CaptureFixture[str]) -> Callable[[], dict[str, str]]:
    """Return a function that lists names with their role, or "disabled"."""

    def look() -> dict[str, str]:
        capsys.readouterr()
        assert users("list", "--json") == 0
        facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {fact["user"]: "disabled" if fact["disabled"] else fact["role"] for fact in facts}

    return look


def test_the_first_administrator_signs_nobody_in_and_the_second_account_asks(
    users, file, boss, listed, capsys
) -> None:
    assert listed() == {"boss": "administrator"}
    words = ("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE))
    assert users(*words) == 2
    assert "A password is needed" in capsys.readouterr().err
    assert users(*words, "--password-file", boss) == 0
    assert listed() == {"anna": "nurse", "boss": "administrator"}


def test_the_first_account_is_an_administrators(users, file, listed, capsys) -> None:
    assert users("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE)) == 2
    assert "There is no administrator yet" in capsys.readouterr().err
    assert listed() == {}


def test_a_wrong_password_adds_nobody_and_makes_the_next_try_wait(
    users, file, boss, clock, capsys
) -> None:
    words = ("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE))
    assert users(*words, "--password-file", file("not the boss's password")) == 2
    assert capsys.readouterr().err.endswith("Name or password is wrong: try again in 1 s.\n")
    assert users(*words, "--password-file", boss) == 2
    assert "Too soon after a wrong password" in capsys.readouterr().err
    clock.advance(1)
    assert users(*words, "--password-file", boss) == 0


def test_a_nurse_does_not_manage_accounts(users, file, boss, listed, capsys) -> None:
    anna = ("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE))
    assert users(*anna, "--password-file", boss) == 0
    own = file("chosen by anna alone")
    words = ("--password-file", file(NURSE), "--new-password-file", own)
    assert users("password", "anna", *words) == 0
    assert users("disable", "boss", "--by", "anna", "--password-file", own) == 2
    assert "Only an administrator may manage users" in capsys.readouterr().err
    assert listed()["boss"] == "administrator"


def test_an_account_is_disabled_but_not_the_last_administrators(
    users, file, boss, listed, capsys
) -> None:
    anna = ("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE))
    assert users(*anna, "--password-file", boss) == 0
    assert users("disable", "ANNA", "--password-file", boss) == 0
    assert users("disable", "boss", "--password-file", boss) == 2
    assert "last administrator" in capsys.readouterr().err
    assert listed() == {"anna": "disabled", "boss": "administrator"}


def test_a_reset_password_takes_effect(users, file, boss) -> None:
    new = "another password of the boss"
    words = ("reset-password", "boss", "--new-password-file", file(new))
    assert users(*words, "--password-file", boss) == 0
    assert users(*words, "--password-file", file(new)) == 0


@pytest.fixture
def vice(users: Run, file: Callable[[str], str], boss: str) -> str:
    """Add a second administrator, whose password the first one chose; return its file."""
    words = ("add", "vice", "--role", "administrator", "--new-password-file", file(VICE))
    assert users(*words, "--password-file", boss) == 0
    return file(VICE)


def test_an_administrator_manages_nothing_with_a_password_that_somebody_else_chose(
    users, file, vice, listed, capsys
) -> None:
    words = ("disable", "boss", "--by", "vice", "--password-file")
    assert users(*words, vice) == 2
    said = capsys.readouterr().err
    assert "Somebody else chose the password of vice" in said
    assert "vigil users password NAME" in said
    own = file("chosen by the vice alone")
    assert users("password", "vice", "--password-file", vice, "--new-password-file", own) == 0
    assert users(*words, vice) == 2
    assert "is wrong" in capsys.readouterr().err
    assert listed()["boss"] == "administrator"


def test_the_administrator_with_a_password_of_ones_own_is_the_last_one(
    users, boss, vice, listed, capsys
) -> None:
    words = ("disable", "boss", "--by", "boss", "--password-file", boss)
    assert users(*words) == 2
    assert "last administrator" in capsys.readouterr().err
    assert listed()["boss"] == "administrator"


def test_ones_own_password_is_changed_by_the_old_one_into_another(
    users, file, vice, clock, capsys
) -> None:
    new = file("chosen by the vice alone")
    change = ("password", "vice", "--password-file")
    assert users(*change, file(BOSS), "--new-password-file", new) == 2
    assert "is wrong" in capsys.readouterr().err
    clock.advance(1)
    assert users(*change, vice, "--new-password-file", vice) == 2
    assert "The new password is the old one" in capsys.readouterr().err
    assert users(*change, vice, "--new-password-file", new) == 0
    words = ("disable", "boss", "--by", "vice", "--password-file")
    assert users(*words, new) == 0


def test_every_step_is_in_the_audit_log_and_no_name_or_password_is(
    users, file, boss, tmp_path
) -> None:
    words = ("add", "anna", "--role", "nurse", "--new-password-file", file(NURSE))
    assert users(*words, "--password-file", boss) == 0
    assert users("disable", "anna", "--password-file", file("not the boss's password")) == 2
    log = raw(tmp_path / "clinic" / "vigil.db")
    rows = log.execute(
        "SELECT actor, action, subject, detail FROM audit ORDER BY number"
    ).fetchall()
    (boss_id,) = log.execute("SELECT id FROM person WHERE sign_in_name = 'boss'").fetchone()
    log.close()
    assert [(actor, action) for actor, action, *_ in rows] == [
        ("nobody", "user.added"),
        (boss_id, "user.password_confirmed"),
        (boss_id, "user.added"),
        ("nobody", "user.sign_in_refused"),
    ]
    assert not any(word in repr(rows) for word in ("anna", "boss", "long password", "argon2"))


@pytest.mark.parametrize("name", ["x" * 10_000, "a\x1b[2Jb", ""])
def test_a_bad_name_is_one_sentence(users, file, name, capsys) -> None:
    words = ("add", name, "--role", "administrator", "--new-password-file", file(BOSS))
    assert users(*words) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 150


def test_a_weak_or_unreadable_password_is_one_sentence(users, file, listed, capsys) -> None:
    first = ("add", "boss", "--role", "administrator", "--new-password-file")
    for bad, why in (
        (file("short"), "has 5 characters"),
        (file(""), "has 0 characters"),
        (file("x" * 100_000), "characters: choose one of 1,024 at most"),
        ("/no/such/file", "cannot be read"),
    ):
        assert users(*first, bad) == 2
        said = capsys.readouterr().err
        assert why in said
        assert said.count("\n") == 1
    assert listed() == {}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A person at the terminal, who types what is in the list."""
    answers: list[str] = []
    monkeypatch.setattr(people, "has_terminal", lambda: True)
    monkeypatch.setattr(people, "ask_hidden", lambda prompt: answers.pop(0))
    return answers


def test_passwords_are_asked_on_the_terminal_the_new_one_twice(users, typed, listed) -> None:
    typed += [BOSS, BOSS]
    assert users("add", "boss", "--role", "administrator") == 0
    typed += [BOSS, NURSE, NURSE]
    assert users("add", "anna", "--role", "nurse", "--full-name", "Anna Weber") == 0
    assert listed() == {"anna": "nurse", "boss": "administrator"}


def test_two_new_passwords_that_differ_add_nobody(users, typed, listed, capsys) -> None:
    typed += [BOSS, NURSE]
    assert users("add", "boss", "--role", "administrator") == 2
    assert "differ" in capsys.readouterr().err
    assert listed() == {}


def test_one_of_several_administrators_says_who_it_is(users, typed, listed, capsys) -> None:
    typed += [BOSS, BOSS, BOSS, NURSE, NURSE]
    assert users("add", "boss", "--role", "administrator") == 0
    assert users("add", "vice", "--role", "administrator") == 0
    assert users("disable", "boss") == 2
    assert "--by NAME" in capsys.readouterr().err
    typed += [NURSE, VICE, VICE, VICE]
    assert users("password", "vice") == 0
    assert users("disable", "boss", "--by", "vice") == 0
    assert listed() == {"boss": "disabled", "vice": "administrator"}


def test_the_list_is_a_table_for_people(users, boss, capsys) -> None:
    assert users("list") == 0
    assert "administrator  active" in capsys.readouterr().out
