"""Finds the line of a profile's file that a problem is about, so that a person need not search.

Knows how a profile is written. Must not know what is wrong with it.
"""

import re
from collections.abc import Iterator, Sequence

_ID = re.compile(r"""^\s*["']?id["']?\s*=\s*["']([^"']*)["']""")
_TABLE = re.compile(r"^\s*\[")


def line_of(text: str, problem: str) -> str:
    """Return " (line 12)", or where the rule begins; "" when the problem names neither."""
    lines = text.splitlines()
    rule = _rule_in(lines, problem)
    if rule is None:
        at = _field_in(lines, range(len(lines)), problem)
        return "" if at is None else f" (line {at + 1})"
    at = _quoted_in(lines, rule, problem) or _field_in(lines, rule, problem)
    if at is None:
        return f" (the rule begins in line {rule.start + 1})"
    return f" (line {at + 1}; the rule begins in line {rule.start + 1})"


def _rule_in(lines: Sequence[str], problem: str) -> range | None:
    """Return the lines of the rule that the problem names first, of those in the file."""
    found = [
        (place, span)
        for rule_id, span in _rules(lines)
        if (place := _place_of(rule_id, problem)) is not None
    ]
    return min(found, key=lambda one: (one[0], -one[1].start))[1] if found else None


def _rules(lines: Sequence[str]) -> Iterator[tuple[str, range]]:
    """Yield each rule's id, and its lines from the one with the id on."""
    for start, line in enumerate(lines):
        if match := _ID.match(line):
            after = range(start + 1, len(lines))
            end = next((n for n in after if _TABLE.match(lines[n])), len(lines))
            yield match[1], range(start, end)


def _place_of(rule_id: str, problem: str) -> int | None:
    """Return where a problem speaks of a rule: as "rule X," or "rule X:", or of another one's."""
    match = re.search(rf"(?<![\w-]){re.escape(rule_id)}(?![\w-])", problem) if rule_id else None
    return match.start() if match else None


def _quoted_in(lines: Sequence[str], where: range, problem: str) -> int | None:
    """Return the line in which something stands that the problem quotes, such as a limit."""
    quotes = [quote for quote in re.findall(r"'([^']+)'", problem) if len(quote) > 1]
    return next((n for quote in quotes for n in where if quote in lines[n]), None)


def _field_in(lines: Sequence[str], where: range, problem: str) -> int | None:
    """Return the line of the innermost field that the problem names, or of its table.

    Of several the one in which a number of the problem stands.
    """
    numbers = [re.escape(number) for number in re.findall(r"-?\d+(?:\.\d+)?", problem)]
    for name in reversed(re.findall(r"\b[a-z]\w*(?=[,:])", problem)):
        field = re.compile(
            rf"^\s*(?:\[+\s*{name}\s*\]+|[\"']?{name}[\"']?\s*=|.*[{{,]\s*{name}\s*=)"
        )
        found = [n for n in where if field.match(lines[n])]
        exact = [n for n in found for one in numbers if re.search(rf"= *{one}\b", lines[n])]
        if found:
            return (exact or found)[0]
    return None
