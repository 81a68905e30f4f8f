"""``vigil init``: the folder is set up whole, or nothing is made."""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from monitor.storage.database import open_database
from monitor.storage.heads import key_id
from monitor.storage.keys import DataKey, spelled
from monitor.storage.people import PeopleRegister
from monitor.storage.vault import read_vault
from tests.keyrings import WorkingKeyring
from tests.keys import KEY, PASSPHRASE, QUICK, set_up
from tests.monitor.storage.first_form import make_first_form
from tests.terminal import Terminal
from ui.cli import main
from ui.commands import init as command

needs_terminal = pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")


class Desk:
    """A folder to set up, and the files a person names."""

    def __init__(self, home: Path) -> None:
        self.data = home / "data"
        self.secret, self.paper = home / "secret.txt", home / "paper.txt"
        self.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def init(self, *more: str | Path) -> int:
        return main([*map(str, ("--data", self.data, "init", *more))])

    def init_with_files(self) -> int:
        return self.init("--passphrase-file", self.secret, "--recovery-file", self.paper)

    def sessions(self, *more: str | Path) -> int:
        return main([*map(str, ("--data", self.data, "sessions", *more))])

    @property
    def is_untouched(self) -> bool:
        left = {path.name for path in self.data.iterdir()} if self.data.exists() else set()
        return left <= {"station.lock", "settings.toml"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess costs nothing here; what it costs is tested in test_keys.py."""
    slot = command.passphrase_slot
    monkeypatch.setattr(command, "passphrase_slot", lambda key, text: slot(key, text, QUICK))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def ring() -> Iterator[WorkingKeyring]:
    before, working = keyring.get_keyring(), WorkingKeyring()
    keyring.set_keyring(working)
    yield working
    keyring.set_keyring(before)


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line of a refusal."""
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert line.startswith("vigil: ")
    return line


# ---- without a terminal


def test_files_make_a_folder_that_passphrase_and_recovery_key_open(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.init_with_files() == 0
    assert "passphrase opens it" in capsys.readouterr().err
    assert (desk.data / "vigil.db").read_bytes()[:6] != b"SQLite"
    assert desk.sessions("--passphrase-file", desk.secret) == 0
    assert desk.sessions("--passphrase-file", desk.paper) == 0
    assert re.fullmatch(r"([A-Z2-7]{4}-){7}[A-Z2-7]{4}\n", desk.paper.read_text())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_key_files_are_for_this_user_only(desk: Desk) -> None:
    desk.init_with_files()
    for file in (desk.data / "vault.json", desk.data / "vigil.db", desk.paper):
        assert file.stat().st_mode & 0o777 == 0o600


def test_with_a_keyring_nobody_is_asked_again(desk: Desk, ring: WorkingKeyring) -> None:
    assert desk.init("--recovery-file", desk.paper) == 0
    vault = read_vault(desk.data / "vault.json")
    (signing,) = vault.signing
    name = f"{vault.database} signing {key_id(signing.public)}"
    assert list(ring.held) == [("Vigil", str(vault.database)), ("Vigil", name)]
    assert [slot.kind for slot in vault.slots] == ["os", "recovery"]
    assert desk.sessions() == 0


def test_a_keyring_that_lost_the_key_is_a_sentence_and_the_recovery_key_still_opens(
    desk: Desk, ring: WorkingKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.init("--recovery-file", desk.paper)
    ring.held.clear()
    before = (desk.data / "vigil.db").read_bytes()
    capsys.readouterr()
    assert desk.sessions() == 2
    told = sentence(capsys)
    assert "holds no key for this data folder" in told
    assert "--passphrase-file" in told
    assert (desk.data / "vigil.db").read_bytes() == before
    assert desk.sessions("--passphrase-file", desk.paper) == 0


def test_without_keyring_passphrase_and_terminal_it_says_what_to_name(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk.init() == 2
    assert "--passphrase-file" in sentence(capsys)
    assert desk.init("--passphrase-file", desk.secret) == 2
    assert "--recovery-file" in sentence(capsys)
    assert desk.is_untouched


def test_a_folder_that_is_set_up_is_left_alone(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.init_with_files()
    before = {p: p.read_bytes() for p in desk.data.iterdir()}
    capsys.readouterr()
    assert desk.init("--passphrase-file", desk.secret, "--recovery-file", "new.txt") == 2
    assert "set up already" in sentence(capsys)
    assert {p: p.read_bytes() for p in desk.data.iterdir()} == before


def test_an_encrypted_database_without_its_vault_gets_no_other(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.init_with_files()
    (desk.data / "vault.json").unlink()
    desk.paper.unlink()
    before = (desk.data / "vigil.db").read_bytes()
    capsys.readouterr()
    assert desk.init_with_files() == 2
    assert "not the vault that opens it" in sentence(capsys)
    for words in (["sessions"], ["backup", str(desk.data.parent)], ["key", "public"], ["verify"]):
        assert main([*words, "--data", str(desk.data)]) == 2
        assert "vigil restore FILE --replace" in sentence(capsys)
    assert not list(desk.data.glob("vigil.db-*"))
    assert (desk.data / "vigil.db").read_bytes() == before
    assert not desk.paper.exists()


def test_a_database_of_the_first_form_is_encrypted_on_the_way(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    make_first_form(desk.data / "vigil.db")
    assert desk.sessions() == 2
    assert "vigil init" in sentence(capsys)
    assert desk.init_with_files() == 0
    assert "every row was compared" in capsys.readouterr().err
    assert desk.sessions("--passphrase-file", desk.secret, "--json") == 0
    assert capsys.readouterr().out.count("\n") == 3


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"short\n", "too short"),
        (b"\xff\xfe\xff passphrase", "UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_passphrase_file_that_will_not_do_is_a_sentence(
    desk: Desk, capsys: pytest.CaptureFixture[str], content: bytes | None, why: str
) -> None:
    desk.secret.unlink() if content is None else desk.secret.write_bytes(content)
    assert desk.init_with_files() == 2
    assert why in sentence(capsys)
    assert desk.is_untouched
    assert not desk.paper.exists()


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\r\nanother line"])
def test_only_the_first_line_counts_whatever_its_end(desk: Desk, ending: bytes) -> None:
    desk.init_with_files()
    desk.secret.write_bytes(b"\xef\xbb\xbf" + PASSPHRASE.encode() + ending)
    assert desk.sessions("--passphrase-file", desk.secret) == 0


def test_a_recovery_file_is_never_written_over(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.paper.write_text("mine", encoding="utf-8")
    assert desk.init_with_files() == 2
    assert "exists already" in sentence(capsys)
    assert desk.paper.read_text() == "mine"
    assert desk.is_untouched


@pytest.mark.parametrize("place", ["recovery.txt", "deeper/recovery.txt"])
def test_the_recovery_key_does_not_lie_beside_what_it_opens(
    desk: Desk, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    words = ("--passphrase-file", desk.secret, "--recovery-file", desk.data / place)
    assert desk.init(*words) == 2
    assert "outside the data folder" in sentence(capsys)
    assert desk.is_untouched


def test_a_disk_that_fails_at_the_last_moment_takes_everything_back(
    desk: Desk,
    ring: WorkingKeyring,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.storage.vault.replace_private", full)
    assert desk.init_with_files() == 2
    assert "No space left" in sentence(capsys)
    assert desk.is_untouched
    assert not desk.paper.exists()
    assert ring.held == {}


# ---- other commands on a folder that is not set up, or with the wrong secret


@pytest.mark.parametrize("command", ["record", "desktop"])
def test_a_folder_that_was_never_set_up_names_the_command(
    desk: Desk, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    # Without a passphrase file the desktop sets the folder up in its window (test_first_start).
    words: tuple[str | Path, ...] = ("--passphrase-file", desk.secret)
    if command == "record":
        words = ("record", "--driver", "ge_s5", "--port", "socket://127.0.0.1:9", "--minutes", "1")
    assert main(["--data", str(desk.data), *map(str, words)]) == 2
    assert "run 'vigil init'" in sentence(capsys)
    assert desk.is_untouched


@pytest.fixture
def station(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., str]:
    """Start a station that refuses to run, with nothing to read; return its sentence."""

    def station(*words: str | Path) -> str:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        assert main(["--data", str(desk.data), "station", *map(str, words)]) == 2
        return sentence(capsys)

    return station


def test_a_station_without_a_key_is_one_sentence(desk: Desk, station: Callable[..., str]) -> None:
    assert "run 'vigil init'" in station()
    assert "No key came" in station("--key-from-stdin")
    desk.init_with_files()
    assert "nobody to ask" in station()
    desk.secret.write_text("not the passphrase", encoding="utf-8")
    assert "does not open" in station("--passphrase-file", desk.secret)


@pytest.mark.parametrize("words", [("sessions",), ()])
def test_a_wrong_passphrase_is_one_sentence_and_changes_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    desk.init_with_files()
    before = {p: p.read_bytes() for p in desk.data.iterdir()}
    capsys.readouterr()
    desk.secret.write_text("not the passphrase", encoding="utf-8")
    options = ("--data", str(desk.data), "--passphrase-file", str(desk.secret))
    assert main([*options, *words]) == 2
    assert "does not open the data folder" in sentence(capsys)
    assert {p: p.read_bytes() for p in desk.data.iterdir()} == before


def test_the_folder_of_a_demonstration_keeps_its_key_to_itself(
    desk: Desk, station: Callable[..., str]
) -> None:
    desk.data.mkdir()
    (desk.data / "settings.toml").write_text("throw_away = true\n", encoding="utf-8")
    assert "demonstration" in station()


# ---- on a terminal


def shown_key(terminal: Terminal) -> str:
    terminal.wait_for("Type it back")
    found = re.search(r"([A-Z2-7]{4}-){7}[A-Z2-7]{4}", terminal.seen)
    assert found
    return found[0]


@needs_terminal
def test_on_a_terminal_the_passphrase_is_typed_twice_and_the_recovery_key_typed_back(
    desk: Desk,
) -> None:
    with Terminal("--data", str(desk.data), "init") as terminal:
        terminal.answer("New passphrase: ", PASSPHRASE)
        terminal.answer("The same again: ", PASSPHRASE)
        key = shown_key(terminal)
        terminal.answer("Type it back", "AAAA-" + key[5:])
        terminal.answer("Type it back", key.lower().replace("-", " "))
        terminal.answer("Sign-in name of the administrator", "")
        assert terminal.ends() == 0, terminal.seen
    assert terminal.seen.count(key) == 1
    assert PASSPHRASE not in terminal.seen
    vault = read_vault(desk.data / "vault.json")
    assert vault.unlock(PASSPHRASE) == vault.unlock(key)


@needs_terminal
def test_on_a_terminal_the_administrator_is_added_as_well(desk: Desk) -> None:
    words = ("--data", str(desk.data), "init", "--passphrase-file", str(desk.secret))
    with Terminal(*words, "--recovery-file", str(desk.paper)) as terminal:
        terminal.answer("Sign-in name of the administrator", "boss")
        terminal.answer("Full name", "Dr Anna Weber")
        terminal.answer("Password: ", "the boss has a long password")
        terminal.answer("The same again: ", "the boss has a long password")
        assert terminal.ends() == 0, terminal.seen
    assert "the boss has" not in terminal.seen
    with open_database(desk.data / "vigil.db", the_key(desk), read_only=True) as database:
        (boss,) = PeopleRegister(database).people()
    assert (boss.sign_in_name, boss.name, boss.role) == ("boss", "Dr Anna Weber", "administrator")


@needs_terminal
def test_an_administrator_who_cannot_be_added_leaves_the_folder_set_up(desk: Desk) -> None:
    words = ("--data", str(desk.data), "init", "--passphrase-file", str(desk.secret))
    with Terminal(*words, "--recovery-file", str(desk.paper)) as terminal:
        terminal.answer("Sign-in name of the administrator", "boss")
        terminal.answer("Full name", "")
        terminal.answer("Password: ", "short")
        terminal.answer("The same again: ", "short")
        assert terminal.ends() == 0, terminal.seen
    assert "the window asks for the administrator" in terminal.seen
    assert desk.sessions("--passphrase-file", desk.secret) == 0


def the_key(desk: Desk) -> DataKey:
    return read_vault(desk.data / "vault.json").unlock(PASSPHRASE)


@needs_terminal
def test_typed_wrong_three_times_nothing_is_made(desk: Desk) -> None:
    words = ("--data", str(desk.data), "init", "--passphrase-file", str(desk.secret))
    with Terminal(*words) as terminal:
        for wrong in (spelled(bytes(20)), "", "no key"):
            terminal.answer("Type it back", wrong)
        assert terminal.ends() == 2
    assert "nothing was made" in terminal.seen
    assert desk.is_untouched


@needs_terminal
def test_two_passphrases_that_differ_make_nothing(desk: Desk) -> None:
    with Terminal("--data", str(desk.data), "init") as terminal:
        terminal.answer("New passphrase: ", PASSPHRASE)
        terminal.answer("The same again: ", PASSPHRASE + "x")
        assert terminal.ends() == 2
    assert "differ" in terminal.seen
    assert desk.is_untouched


@needs_terminal
@pytest.mark.parametrize("typed", [PASSPHRASE, spelled(bytes(range(20)))])
def test_a_command_asks_on_the_terminal_up_to_three_times(desk: Desk, typed: str) -> None:
    set_up(desk.data)
    open_database(desk.data / "vigil.db", KEY).close()
    with Terminal("--data", str(desk.data), "sessions") as terminal:
        terminal.answer("Passphrase or recovery key: ", "wrong one")
        terminal.answer("Passphrase or recovery key: ", typed)
        assert terminal.ends() == 0, terminal.seen
    assert typed not in terminal.seen
    with Terminal("--data", str(desk.data), "sessions") as terminal:
        for _ in range(3):
            terminal.answer("Passphrase or recovery key: ", "wrong one")
        assert terminal.ends() == 2
    assert "does not open the data folder" in terminal.seen
