"""Whether a text tells who a patient is: by a name, the clinic number or the date of birth.

Knows how these are written. Must not know what the text is for.
"""

import re
from datetime import date
from itertools import permutations

from monitor.patients import Details, number_key
from monitor.texts import search_key

SHORTEST_NAME = 2
"""Letters; one alone is an initial, and a word of many languages."""
SURE_INSIDE = 4
"""Letters of a name, from which on it is found within a word too: "Weber" in "Webers"."""
SURE_NUMBER = 3
"""Letters and digits of a clinic number, from which on it is found among others too."""
_LAST_LATIN = 0x024F


def names_patient(text: str, details: Details) -> bool:
    """Whether a text holds a name, the clinic number or the date of birth of a patient.

    It errs on the side of yes: the year of birth alone is enough.
    """
    return (
        any(_holds_name(search_key(text), key) for key in details.name_keys)
        or _holds_number(text, details.number_key)
        or (details.date_of_birth is not None and _holds_date(text, details.date_of_birth))
    )


def _holds_name(text: str, name: str) -> bool:
    words = [word for word in name.split() if len(word) >= SHORTEST_NAME or _is_whole_name(word)]
    return any(_holds_word(text, word) for word in words)


def _holds_word(text: str, word: str) -> bool:
    is_sure = len(word) >= SURE_INSIDE or _is_whole_name(word)
    return word in text if is_sure else word in text.split()


def _is_whole_name(word: str) -> bool:
    """Whether a letter of it may be a name, in scripts that put no spaces between words."""
    return any(ord(one) > _LAST_LATIN for one in word)


def _holds_number(text: str, number: str) -> bool:
    wanted = _bare(number)
    if not wanted:
        return False
    if len(wanted) >= SURE_NUMBER:
        return wanted in _bare(number_key(text))
    return wanted in {_bare(number_key(word)) for word in text.split()}


def _bare(key: str) -> str:
    return "".join(filter(str.isalnum, key))


def _holds_date(text: str, born: date) -> bool:
    found = [int(digits) for digits in re.findall(r"[0-9]{1,8}", search_key(text))]
    if born.year in found:
        return True
    parts = {born.year % 100, born.month, born.day}
    triples = zip(found, found[1:], found[2:], strict=False)
    return any(set(three) == parts for three in triples) or bool(_squashed(born) & _digits(text))


def _digits(text: str) -> set[str]:
    return set(re.findall(r"[0-9]+", search_key(text)))


def _squashed(born: date) -> set[str]:
    """Return the date as digits alone, in any order: 19700102, 020170."""
    years = (f"{born.year:04}", f"{born.year % 100:02}")
    day_and_month = (f"{born.month:02}", f"{born.day:02}")
    orders = (permutations((year, *day_and_month)) for year in years)
    return {"".join(order) for some in orders for order in some}
