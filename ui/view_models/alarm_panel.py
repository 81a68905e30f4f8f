"""The panel in which alarms are set and observations entered: its pages as values.

Knows what a nurse must read to choose. Must not know Qt, nor who may do it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.alarms.priority import Priority
from monitor.errors import OperatorError
from monitor.snapshot import LimitSettingView, SessionSnapshot
from ui.view_models.alarms import MARKS, is_shown
from ui.view_models.chair_alarms import ChairAlarm
from ui.view_models.numerics import limit_name
from ui.view_models.words import sentence_case

MOST_NUMBERED = 9


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One row, cell by cell; ``priority`` colours its mark. ``is_changed``: not as usual."""

    cells: tuple[str, ...]
    priority: Priority | None = None
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class PanelField:
    """A line to fill in, and what stands in it at first."""

    name: str
    label: str
    fill: str = ""


@dataclass(frozen=True, slots=True)
class AlarmPanelView:
    """One page. ``page`` tells pages apart; ``big`` is what was chosen, ``told`` what is wrong.

    ``marked`` is the row that Enter means, -1 for none; ``action`` says what Enter does.
    """

    page: str
    title: str
    text: str
    action: str
    rows: tuple[PanelRow, ...] = ()
    marked: int = -1
    fields: tuple[PanelField, ...] = ()
    big: str = ""
    told: str = ""


# ---- limits


def limits_page(snapshot: SessionSnapshot, marked: int) -> AlarmPanelView:
    """Return the list of limits that may be changed."""
    off = {one.rule for one in snapshot.alarms_off}
    limits = snapshot.limit_settings
    rows = tuple(_limit_row(one, limits, is_off=one.rule in off) for one in limits)
    warned = "".join(f" {text}." for text in snapshot.limit_warnings)
    return AlarmPanelView(
        "limits",
        f"Alarm limits of {snapshot.chair}",
        f"Profile: {snapshot.profile}. A change counts for this session only.{warned}",
        "Change this limit",
        rows,
        marked,
    )


def limit_page(snapshot: SessionSnapshot, limit: LimitSettingView, told: str) -> AlarmPanelView:
    """Return the page that asks for another number."""
    says = "" if not limit.is_changed else f" {snapshot.profile} says {_number(limit.standard)}."
    return AlarmPanelView(
        f"limit {limit.rule} {limit.vital}",
        f"{limit_words(limit)} ({limit.rule}) · {MARKS[limit.priority]}"
        f" {limit.priority.word.upper()}",
        f"Now {limit_value(limit)}.{says} The new limit counts for this session only.",
        "Change it",
        fields=(
            PanelField("value", f"New limit, {_unit(limit)}", _number(limit.value)),
            PanelField("reason", "Reason"),
        ),
        told=told,
    )


def limit_words(limit: LimitSettingView) -> str:
    """Return ``SYS high``, or ``SYS above baseline`` for one that counts from it."""
    name = limit_name(limit.vital)
    if limit.is_relative:
        return f"{name} {'above' if limit.is_upper else 'below'} baseline"
    return f"{name} {'high' if limit.is_upper else 'low'}"


def limit_value(limit: LimitSettingView) -> str:
    """Return the number with its unit, ``+40 mmHg`` for one that counts from the baseline."""
    return f"{'+' if limit.is_relative and limit.value > 0 else ''}{_number(limit.value)} " + _unit(
        limit
    )


def typed_number(text: str) -> float:
    """Return the number that was typed. Raises OperatorError."""
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", ".").removeprefix("+")
    digits = plain.removeprefix("-").replace(".", "", 1)
    if not digits.isdecimal() or len(digits) > 6:
        raise OperatorError("That is no number", "type digits, like 165")
    return float(plain)


def _limit_row(
    one: LimitSettingView, limits: Sequence[LimitSettingView], *, is_off: bool
) -> PanelRow:
    mark = f"{MARKS[one.priority]} {one.priority.word.upper()}"
    changed = f"changed, profile {_number(one.standard)}" if one.is_changed else ""
    off = "ALARM OFF" if is_off else ""
    bound = f"fixed, {one.why_fixed}" if one.why_fixed else ""
    note = " · ".join(text for text in (off, changed, bound) if text)
    words = limit_words(one) + (", crisis" if _is_crisis(one, limits) else "")
    cells = (words, limit_value(one), mark, one.rule, note)
    return PanelRow(cells, one.priority, one.is_changed)


def _is_crisis(one: LimitSettingView, limits: Sequence[LimitSettingView]) -> bool:
    """Whether it lies above another limit that is as urgent, as a crisis above a high pressure."""
    return any(
        (other.vital, other.priority, other.is_upper, other.is_relative)
        == (one.vital, one.priority, True, False)
        and one.is_upper
        and not one.is_relative
        and other.value < one.value
        for other in limits
    )


def _unit(limit: LimitSettingView) -> str:
    return str(limit.vital.unit.value)


def _number(value: float) -> str:
    return f"{value:g}"


# ---- off


@dataclass(frozen=True, slots=True)
class OffChoice:
    """An alarm rule that may be switched off, or is."""

    rule: str
    words: str
    is_off: bool
    priority: Priority | None = None


def off_choices(snapshot: SessionSnapshot) -> tuple[OffChoice, ...]:
    """Return the rules to choose from: those off, those that are shown, those with a limit."""
    found = {one.rule: OffChoice(one.rule, one.words, is_off=True) for one in snapshot.alarms_off}
    for alarm in snapshot.alarms:
        if is_shown(alarm) and not alarm.is_own:  # of those nobody may switch one off
            choice = OffChoice(alarm.rule, sentence_case(alarm.text), False, alarm.priority)
            found.setdefault(alarm.rule, choice)
    for limit in snapshot.limit_settings:
        of_rule = [one for one in snapshot.limit_settings if one.rule == limit.rule]
        words = ", ".join(f"{limit_words(one)} {limit_value(one)}" for one in of_rule)
        found.setdefault(limit.rule, OffChoice(limit.rule, words, False, limit.priority))
    return tuple(found.values())


def alarms_off_page(snapshot: SessionSnapshot, marked: int) -> AlarmPanelView:
    """Return the list of alarms to switch off or on again."""
    choices = off_choices(snapshot)
    rows = tuple(_off_row(one) for one in choices)
    is_off = bool(choices) and choices[min(marked, len(choices) - 1)].is_off
    return AlarmPanelView(
        "alarms off",
        f"Switch an alarm off at {snapshot.chair}",
        "An alarm that is off neither sounds nor shows, until it is switched on or the session"
        " ends. A physician decides.",
        "Switch it on again" if is_off else "Switch it off",
        rows,
        marked,
    )


def reason_page(page: str, title: str, told: str) -> AlarmPanelView:
    """Return the page that asks why something is switched off."""
    text = "It stays off until somebody switches it on, or the session ends."
    return AlarmPanelView(
        page, title, text, "Switch it off", fields=(PanelField("reason", "Reason"),), told=told
    )


def _off_row(one: OffChoice) -> PanelRow:
    mark = "" if one.priority is None else MARKS[one.priority]
    return PanelRow(("OFF" if one.is_off else "on", mark, one.words, one.rule), None, one.is_off)


# ---- the alarms of all chairs


def alarms_page(alarms: Sequence[ChairAlarm], marked: int) -> AlarmPanelView:
    """Return the list of all alarms; Enter or a number goes to the chair of one."""
    return AlarmPanelView(
        "alarms",
        "Alarms of all chairs",
        "The most urgent first. A number, or Enter, goes to its chair."
        if alarms
        else "No chair has an alarm.",
        "Go there" if alarms else "",
        tuple(_alarm_row(number, one) for number, one in enumerate(alarms, start=1)),
        marked,
    )


def _alarm_row(number: int, one: ChairAlarm) -> PanelRow:
    line = one.line
    note = f" · {line.note}" if line.note else ""
    key = str(number) if number <= MOST_NUMBERED else ""
    cells = (key, f"{line.mark} {line.word}", one.place, line.text, f"{line.duration}{note}")
    return PanelRow(cells, line.priority, one.is_calling)
