"""Keys are derived, spelled and kept as the brief says, and a keyring that fails is a sentence."""

import unicodedata
from collections.abc import Callable, Iterator
from uuid import uuid4

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend

from monitor.errors import OperatorError
from monitor.storage import keys
from monitor.storage.keys import (
    Argon2,
    DataKey,
    KeyringError,
    forget_in_keyring,
    from_keyring,
    keep_in_keyring,
    new_recovery_key,
    read_recovery_key,
    spelled,
)
from tests.keyrings import (
    FailingKeyring,
    ForgetfulKeyring,
    HangingKeyring,
    LockedKeyring,
    WorkingKeyring,
)
from tests.keys import KEY, OTHER_KEY, QUICK

UseKeyring = Callable[[KeyringBackend], None]


@pytest.fixture
def use_keyring() -> Iterator[UseKeyring]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


# ---- the data key


def test_a_key_is_never_shown() -> None:
    assert KEY.raw.hex() not in repr(KEY)
    assert repr(KEY.raw) not in f"{KEY} {[KEY]}"


def test_every_new_key_is_another() -> None:
    one, two = DataKey.random(), DataKey.random()
    assert len(one.raw) == 32
    assert (one.raw, one.database) != (two.raw, two.database)


def test_a_key_goes_through_a_pipe_as_one_line() -> None:
    line = KEY.as_line()
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert DataKey.from_line(line) == KEY


@pytest.mark.parametrize("line", [b"", b"\n", b"00 00\n", b"\xff\n", b"zz" * 32, KEY.as_line()[2:]])
def test_anything_else_on_standard_input_is_one_sentence(line: bytes) -> None:
    with pytest.raises(OperatorError, match="No key came"):
        DataKey.from_line(line)


def test_every_purpose_and_every_database_has_a_key_of_its_own() -> None:
    same_raw = DataKey(KEY.raw, OTHER_KEY.database)
    found = {KEY.raw, KEY.derived("spill"), KEY.derived("audit"), same_raw.derived("spill")}
    assert len(found) == 4
    assert KEY.derived("spill") == KEY.derived("spill")


# ---- the passphrase


def test_a_new_passphrase_costs_what_the_brief_asks_for() -> None:
    kdf = Argon2(b"0" * 16)
    assert (kdf.memory_kib, kdf.passes, kdf.lanes) == (64 * 1024, 3, 4)


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    composed = unicodedata.normalize("NFC", "Schlüssel für Änne")
    taken_apart = unicodedata.normalize("NFD", composed)
    assert composed != taken_apart
    assert QUICK.wrapping_key(composed) == QUICK.wrapping_key(taken_apart)
    assert QUICK.wrapping_key(composed) != QUICK.wrapping_key(composed + " ")


# ---- the recovery key


def test_a_recovery_key_is_eight_groups_of_four() -> None:
    groups = spelled(new_recovery_key()).split("-")
    assert [len(group) for group in groups] == [4] * 8


@given(st.binary(min_size=20, max_size=20), st.sampled_from([str.lower, str.upper]))
def test_it_is_read_in_any_case_and_with_any_spacing(
    recovery: bytes, cased: Callable[[str], str]
) -> None:
    text = cased(spelled(recovery))
    for typed in (text, text.replace("-", ""), text.replace("-", "  ") + "\n"):
        assert read_recovery_key(typed) == recovery


@given(st.text(max_size=50))
def test_any_other_text_is_no_recovery_key(text: str) -> None:
    found = read_recovery_key(text)
    assert found is None or len(found) == 20


def test_digits_that_are_never_printed_are_read_as_the_letters_they_look_like() -> None:
    recovery = read_recovery_key("OIBA-" * 8)
    assert recovery is not None
    assert read_recovery_key("018a " * 8) == recovery


# ---- the keyring


def test_what_is_kept_in_the_keyring_comes_back_under_our_name(use_keyring: UseKeyring) -> None:
    working = WorkingKeyring()
    use_keyring(working)
    keep_in_keyring(str(KEY.database), b"k" * 32)
    assert from_keyring(str(KEY.database)) == b"k" * 32
    assert list(working.held) == [("Vigil", str(KEY.database))]
    forget_in_keyring(str(KEY.database))
    with pytest.raises(KeyringError, match="holds no key for this data folder"):
        from_keyring(str(KEY.database))


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        (FailingKeyring(), "No recommended backend was available"),
        (LockedKeyring(), "Failed to unlock the collection!"),
        (FailingKeyring(RuntimeError("")), "RuntimeError"),
        (FailingKeyring(OSError("the bus has gone\nsecond line")), "the bus has gone"),
        (ForgetfulKeyring(), "does not give back"),
    ],
    ids=["none", "locked", "broken", "two lines", "null"],
)
def test_a_keyring_that_cannot_be_used_is_one_sentence(
    use_keyring: UseKeyring, backend: KeyringBackend, why: str
) -> None:
    use_keyring(backend)
    with pytest.raises(KeyringError) as refused:
        keep_in_keyring(str(uuid4()), b"k" * 32)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(KeyringError):
        from_keyring(str(uuid4()))


def test_a_keyring_that_waits_for_ever_is_given_up(
    use_keyring: UseKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "KEYRING_ANSWERS_WITHIN_S", 0.02)
    hanging = HangingKeyring()
    use_keyring(hanging)
    with pytest.raises(KeyringError, match="does not answer"):
        from_keyring(str(KEY.database))
    hanging.released.set()


def test_a_keyring_that_holds_something_else_is_one_sentence(use_keyring: UseKeyring) -> None:
    working = WorkingKeyring()
    working.held["Vigil", str(KEY.database)] = "no key"
    use_keyring(working)
    with pytest.raises(KeyringError, match="is no key"):
        from_keyring(str(KEY.database))
