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
