"""What people type about a patient, read: dates, minutes, and what is searched for.

Knows the ways in which a date is written. Must not know Qt, or where patients are kept.
"""

import re
import unicodedata
from datetime import date

from monitor.errors import OperatorError

LONGEST_MINUTES = 240
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_SLASHES = re.compile(r"\d{1,4}[/\\]\d{1,2}[/\\]\d{1,4}")
_SHORT_YEAR = re.compile(r"\d{1,2}[.-]\s*\d{1,2}[.-]\s*\d{2}")
HOW = "write year-month-day (1980-03-31) or day.month.year (31.3.1980)"


def typed_date(text: str) -> date:
    """Return the day that was typed. Raises OperatorError unless it can be one day only."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _ISO.fullmatch(plain):
        return _day(*map(int, found.groups()))
    if found := _DOTS.fullmatch(plain):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    if _SLASHES.fullmatch(plain):
        raise OperatorError("A date with slashes can be two different days", HOW)
    if _SHORT_YEAR.fullmatch(plain):
        raise OperatorError("The year has two digits only", HOW)
    raise OperatorError("That is no date", HOW)


def is_like_date(text: str) -> bool:
    """Whether it is meant as a date, readable or not."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return any(form.fullmatch(plain) for form in (_ISO, _DOTS, _SLASHES, _SHORT_YEAR))


def typed_minutes(text: str) -> int:
    """Return the minutes that were typed. Raises OperatorError."""
    plain = unicodedata.normalize("NFKC", text).strip()
    minutes = int(plain) if plain.isdecimal() and len(plain) <= 4 else 0
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise OperatorError("That is no time for an infusion", f"write 1 to {LONGEST_MINUTES}")
    return minutes


def searched(text: str) -> tuple[str, date | None]:
    """Return the words and the day of birth that are looked for: a whole date is a day."""
    try:
        return "", typed_date(text)
    except OperatorError:
        return text, None


def is_enough(text: str) -> bool:
    """Whether to look for it: one letter would show half of the clinic to whoever passes by."""
    plain = text.strip()
    return len(plain) > 1 or plain.isdecimal() or (plain != "" and ord(plain) > _LAST_ALPHABET)


_LAST_ALPHABET = 0x2E7F
"""Behind it one character can be a whole name."""


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as cause:
        raise OperatorError(f"There is no day {day}.{month}.{year}", "check the date") from cause
