"""What people type, checked before it is kept: one line, several lines, and how lines are compared.

Knows Unicode. Must not know what a text is about; whoever asks says what to call it.
"""

import unicodedata

from monitor.errors import OperatorError

LONGEST_TEXT = 4000
"""In characters: two printed pages, enough for any note."""

_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
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
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    return _checked(what, cleaned, may_be_empty=may_be_empty)


def checked_text(
    what: str, text: str, longest: int = LONGEST_TEXT, *, may_be_empty: bool = False
) -> str:
    """Return a text of any number of lines, composed (NFC). Raises OperatorError."""
    _check_length(what, text, longest)
    lines = unicodedata.normalize("NFC", text).replace("\t", " ").splitlines()
    cleaned = "\n".join(line.rstrip() for line in lines).strip("\n ")
    return _checked(what, cleaned, may_be_empty=may_be_empty)


def search_key(text: str) -> str:
    """Return the form in which names are compared: letters and digits only, single spaces.

    Case, width, accents and punctuation make no difference: "O’Brien-Łoś" is "o brien los".
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_BARE_LETTERS)
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
        raise OperatorError(
            f"The {what} has characters that cannot be shown", "leave out control characters"
        )
    return cleaned


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _is_mark(character: str) -> bool:
    """Whether a character only changes another: an accent, or an invisible joiner."""
    return unicodedata.category(character) in ("Mn", "Cf")


def _is_treacherous(character: str) -> bool:
    """Whether a character breaks lines, cannot be stored, or turns the text around it."""
    is_turning = unicodedata.bidirectional(character) in _BIDI_CONTROLS
    return is_turning or unicodedata.category(character) in _UNPRINTABLE
