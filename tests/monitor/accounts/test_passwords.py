"""Which passwords are good enough, how strongly they are kept, and what is never told apart."""

import argon2
import pytest
from argon2.profiles import CHEAPEST
from hypothesis import given
from hypothesis import strategies as st

from monitor.accounts.passwords import LONGEST, STRENGTH, Passwords, check_new_password
from monitor.errors import OperatorError

PASSWORDS = Passwords(CHEAPEST)


def test_the_real_strength_is_argon2id_of_rfc_9106_and_stands_in_the_hash() -> None:
    kept = Passwords().hash("correct horse battery")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert argon2.extract_parameters(kept) == STRENGTH
    assert (STRENGTH.salt_len, STRENGTH.hash_len) == (16, 32)
    # OWASP's floor: 19 MiB with two passes
    assert STRENGTH.memory_cost >= 19 * 1024
    assert STRENGTH.time_cost >= 2


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_password_fits_its_own_hash_and_no_other(one: str, other: str) -> None:
    kept = PASSWORDS.hash(one)
    assert PASSWORDS.matches(one, kept)
    if one != other:
        assert PASSWORDS.matches(other, kept) is (nfc(one) == nfc(other))


def nfc(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


def test_two_keyboards_that_compose_a_letter_differently_give_the_same_password() -> None:
    assert PASSWORDS.matches("Fru\u0308hstu\u0308ckstisch", PASSWORDS.hash("Frühstückstisch"))


def test_the_same_password_is_never_kept_the_same_way_twice() -> None:
    assert PASSWORDS.hash("correct horse battery") != PASSWORDS.hash("correct horse battery")


@pytest.mark.parametrize("password", ["", "anything at all", "x" * 2_000_000, "\ud800"])
def test_an_account_that_does_not_exist_fits_no_password(password: str) -> None:
    assert PASSWORDS.matches(password, None) is False


def test_an_account_that_does_not_exist_takes_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[argon2.Parameters] = []
    verify = argon2.PasswordHasher.verify

    def watch(self: argon2.PasswordHasher, kept: str, password: bytes) -> bool:
        compared.append(argon2.extract_parameters(kept))
        return verify(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watch)
    PASSWORDS.matches("a wrong password", None)
    PASSWORDS.matches("a wrong password", PASSWORDS.hash("the right password"))
    assert compared == [CHEAPEST, CHEAPEST]


def test_a_damaged_hash_fits_nothing_and_breaks_nothing() -> None:
    for kept in ("x", "$argon2id$", PASSWORDS.hash("correct horse battery")[:-4]):
        assert PASSWORDS.matches("correct horse battery", kept) is False


def test_a_hash_of_another_strength_is_outdated() -> None:
    kept = PASSWORDS.hash("correct horse battery")
    assert not PASSWORDS.is_outdated(kept)
    assert Passwords().is_outdated(kept)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "            ",
        "aaaaaaaaaaaa",
        "密码密码密码密码密码密码",
        "🔑" * 12,
        "ä" * LONGEST,
    ],
)
def test_any_twelve_characters_will_do(password: str) -> None:
    check_new_password(password, "anna", "Anna Weber")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "has 5 characters: choose one of at least 12"),
        ("", "has 0 characters"),
        ("a\u0308" * 11, "has 11 characters"),
        ("x" * 1025, "has 1,025 characters"),
        ("Anna-Lena Weber", "is the user's name"),
        ("ANNA-LENA  weber", "is the user's name"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence_that_does_not_repeat_it(
    password: str, why: str
) -> None:
    with pytest.raises(OperatorError, match=why) as refusal:
        check_new_password(password, "aweber", "Anna-Lena Weber")
    assert password == "" or password not in str(refusal.value)
