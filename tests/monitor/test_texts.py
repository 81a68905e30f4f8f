"""What people type is kept as it is, whatever the script, or refused in one sentence."""

import pytest

from monitor.errors import OperatorError
from monitor.texts import checked_line, checked_text, search_key


@pytest.mark.parametrize(
    "text",
    [
        'O\'Hara "x" <b>bold</b>',
        '=HYPERLINK("x")',
        "Žofia Łoś 李小龍 محمد 💊",
        "می\u200cخواهم",
        "'; DROP TABLE patient; --",
    ],
)
def test_quotes_markup_formulas_and_any_script_are_kept_as_they_are(text: str) -> None:
    assert checked_line("name", text, 200) == text
    assert checked_text("note", text) == text


def test_composition_and_spaces_are_made_uniform() -> None:
    assert checked_line("name", "  Zoe\u0308 \t Mu\u0308ller ", 200) == "Zoë Müller"


def test_a_text_keeps_its_lines() -> None:
    assert checked_text("note", "\r\n one \r\n\r\ntwo\tthree\n") == "one\n\ntwo three"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x" * 10_000, r"The name has 10,000 characters: write 200 at most"),
        ("", "The name is empty"),
        (" \u200b\u00ad ", "The name is empty"),
        ("a\x00b", "cannot be shown"),
        ("a\u202eb", "cannot be shown"),
        ("a\ud800b", "cannot be shown"),
    ],
)
def test_what_cannot_be_shown_or_is_too_long_is_refused(text: str, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        checked_line("name", text, 200)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("O’Brien-Łoś", "o brien los"),
        ("STRAẞE", "strasse"),
        ("Øystein Þórðarson", "oystein thordarson"),
        ("Ｗｅｂｅｒ", "weber"),
        ("José  María", "jose maria"),
        ("李小龍", "李小龍"),
        ("***", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(typed: str, key: str) -> None:
    assert search_key(typed) == key
    assert search_key(key) == key


@pytest.mark.parametrize(
    "unseen", list("\u200b\u200d\u00ad\ufeff\u2060\u034f\u3164\u2800\ufff9\ufe0f")
)
def test_what_nobody_sees_is_not_kept(unseen: str) -> None:
    assert checked_line("name", f"Web{unseen}er{unseen}", 200) == "Weber"
    assert checked_text("note", f"Web{unseen}er{unseen}") in ("Weber", "Weber\ufe0f")
    assert search_key(f"Web{unseen}er") == "weber"
    with pytest.raises(OperatorError, match="is empty"):
        checked_line("name", unseen * 3, 200)


@pytest.mark.parametrize("unknown", ["\uffff", "\ufdd0", "\U0001fffe"])
def test_what_is_no_character_is_refused(unknown: str) -> None:
    with pytest.raises(OperatorError, match="cannot be shown"):
        checked_line("name", f"Web{unknown}er", 200)
    with pytest.raises(OperatorError, match="cannot be shown"):
        checked_text("note", f"Web{unknown}er")


@pytest.mark.parametrize("unknown", ["\u0378", "\ue000"])
def test_a_line_has_no_letters_of_nobody(unknown: str) -> None:
    with pytest.raises(OperatorError, match="cannot be shown"):
        checked_line("name", f"Web{unknown}er", 200)


@pytest.mark.parametrize(
    "text", ["\u2764\ufe0f", "\u8fbb\U000e0100\u6751", "\u0dc1\u0dca\u200d\u0dbb\u0dd3"]
)
def test_joiners_and_selectors_stay_where_they_change_a_letter(text: str) -> None:
    assert checked_line("name", text, 200) == text
