"""What people type, checked before it is kept: one line, several lines, and how lines are compared.

Knows Unicode. Must not know what a text is about; whoever asks says what to call it.
"""

import unicodedata

from monitor.errors import OperatorError

LONGEST_TEXT = 4000
"""In characters: two printed pages, enough for any note."""

_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_BLANKS = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)))
"""Letters and marks that show nothing (Unicode's default-ignorable ones, and the empty Braille)."""
_SIGNS = frozenset(map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2)))
"""Format characters that are seen: the signs before Arabic and Syriac numbers."""
_JOINERS = frozenset("\u200c\u200d")
_LAST_LATIN = 0x024F
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
_BARE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Letters whose accents Unicode does not take apart."""


def checked_line(what: str, text: str, longest: int, *, may_be_empty: bool = False) -> str:
    """Return a text of one line, composed (NFC) and with single spaces. Raises OperatorError.

    Any script, quotes and markup are kept as they are; it is shown as plain text.
    """
    _check_length(what, text, longest)
    cleaned = " ".join(unicodedata.normalize("NFC", _seen(text)).split())
    if any(unicodedata.category(one) in ("Cn", "Co") for one in cleaned):
        raise _not_shown(what)
    return _checked(what, cleaned, may_be_empty=may_be_empty)


def checked_text(
    what: str, text: str, longest: int = LONGEST_TEXT, *, may_be_empty: bool = False
) -> str:
    """Return a text of any number of lines, composed (NFC). Raises OperatorError."""
    _check_length(what, text, longest)
    lines = unicodedata.normalize("NFC", _seen(text)).replace("\t", " ").splitlines()
    cleaned = "\n".join(line.rstrip() for line in lines).strip("\n ")
    return _checked(what, cleaned, may_be_empty=may_be_empty)


def search_key(text: str) -> str:
    """Return the form in which names are compared: letters and digits only, single spaces.

    Case, width, accents and punctuation make no difference: "O’Brien-Łoś" is "o brien los".
    """
    seen = "".join(one for one in text if not is_invisible(one))
    folded = unicodedata.normalize("NFKC", seen).casefold().translate(_BARE_LETTERS)
    bare = (one for one in unicodedata.normalize("NFKD", folded) if not _is_mark(one))
    return " ".join("".join(one if one.isalnum() else " " for one in bare).split())


def _check_length(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise OperatorError(
            f"The {what} has {len(text):,} characters", f"write {longest:,} at most"
        )


def _checked(what: str, cleaned: str, *, may_be_empty: bool) -> str:
    if not may_be_empty and not any(map(_is_visible, cleaned)):
        raise OperatorError(f"The {what} is empty", "write one")
    if any(_is_treacherous(one) for one in cleaned if one != "\n"):
        raise _not_shown(what)
    return cleaned


def _not_shown(what: str) -> OperatorError:
    return OperatorError(
        f"The {what} has characters that cannot be shown", "leave out control characters"
    )


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing: texts with and without it look alike."""
    if character in _BLANKS or _is_selector(character):
        return True
    is_format = unicodedata.category(character) == "Cf" and character not in _SIGNS
    return is_format and not _is_turning(character)


def _seen(text: str) -> str:
    """Return a text without what is not seen.

    Joiners and selectors stay where they change the letter before them: in Persian, Indian and
    Japanese names and in pictures; never after a Latin letter or a digit.
    """
    kept: list[str] = []
    for one in text:
        is_forming = one in _JOINERS or _is_selector(one)
        if not is_invisible(one) or (is_forming and kept and ord(kept[-1]) > _LAST_LATIN):
            kept.append(one)
    while kept and is_invisible(kept[-1]) and not _is_selector(kept[-1]):
        kept.pop()
    return "".join(kept)


def _is_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _is_mark(character: str) -> bool:
    """Whether a character only changes another: an accent, or an invisible joiner."""
    return unicodedata.category(character) in ("Mn", "Cf")


def _is_treacherous(character: str) -> bool:
    """Whether a character breaks lines, cannot be stored, or turns the text around it."""
    is_no_character = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    unprintable = unicodedata.category(character) in _UNPRINTABLE
    return is_no_character or unprintable or _is_turning(character)


def _is_turning(character: str) -> bool:
    return unicodedata.bidirectional(character) in _BIDI_CONTROLS
