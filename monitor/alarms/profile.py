"""An alarm profile: which rules are in force with which numbers, read from TOML and checked once.

Knows what a profile holds and where the shipped ones are. Must not know how a field is read
(profile_fields.py), readings or sessions.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.alarms.crossing import crossing_problems, late_problems
from monitor.alarms.priority import Priority
from monitor.alarms.profile_fields import (
    MEND,
    count_of,
    needed,
    number_of,
    only,
    rule_from,
    table_of,
    text_of,
    wrong,
)
from monitor.alarms.profile_lines import line_of
from monitor.alarms.rule_kinds import AlarmRule
from monitor.errors import OperatorError
from resources import path_to

DEFAULT = "ketamine_iv_v1"
SHIPPED = (DEFAULT, "hypertensive_v1", "elderly_v1", "esketamine_v1", "pain_long_infusion_v1")
"""The profiles that come with the program, by their file names."""
LONGEST_FILE = 1_000_000
_CUFF_STEP = ("from_s", "interval_s")
_TOP = {"name", "version", "for_whom", "realarm_s", "escalates_after_s", "cuff", "rule"}


@dataclass(frozen=True, slots=True)
class CuffStep:
    """From ``from_s`` of infusion on, a cuff reading is planned every ``interval_s`` seconds."""

    from_s: float
    interval_s: float


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules in force. ``raw`` is what they were read from, to be kept with the session.

    ``realarm_s``: how long after an acknowledgement an alarm that goes on sounds again.
    ``escalates_after_s``: a HIGH that nobody answers grows louder. ``cuff``: the planned readings.
    """

    name: str
    version: int
    raw: dict[str, Any]
    rules: tuple[AlarmRule, ...]
    realarm_s: Mapping[Priority, float]
    escalates_after_s: float
    cuff: tuple[CuffStep, ...]
    for_whom: str = ""

    @property
    def title(self) -> str:
        """Name and version as staff know it: "Ketamine IV v1"."""
        return f"{self.name} v{self.version}"

    def cuff_interval_s(self, infusion_s: float) -> float:
        """Return how often a cuff reading is planned at that second of the infusion."""
        begun = [step.interval_s for step in self.cuff if infusion_s >= step.from_s]
        return begun[-1] if begun else self.cuff[0].interval_s

    def rule(self, rule_id: str) -> AlarmRule | None:
        """Return the rule of this id; None when there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def default_profile() -> Profile:
    """Return the profile that is shipped: adults, "Ketamine IV v1"."""
    return shipped_profile(DEFAULT)


def shipped_profile(file_name: str) -> Profile:
    """Return one of ``SHIPPED``."""
    return load_profile(path_to(f"defaults/{file_name}.toml"))


def shipped_profiles() -> tuple[Profile, ...]:
    """Return all that come with the program, the default first."""
    return tuple(shipped_profile(name) for name in SHIPPED)


def find_profile(name: str) -> Profile:
    """Return the profile of a file, or the shipped one of this name. Raises OperatorError."""
    wanted = name.casefold().replace(" ", "_").replace("-", "_")
    for shipped in SHIPPED:
        if wanted in (shipped, shipped.rsplit("_v", 1)[0]):
            return shipped_profile(shipped)
    path = Path(name)
    if not path.suffix and not path.exists():
        known = ", ".join(shipped.rsplit("_v", 1)[0] for shipped in SHIPPED)
        raise OperatorError(f"There is no alarm profile '{name[:80]}'", f"name a file, or {known}")
    return load_profile(path)


def load_profile(path: Path) -> Profile:
    """Read a profile file. Raises OperatorError naming file, rule and field (or line)."""
    return parse_profile(profile_text(path), path.name)


def profile_text(path: Path) -> str:
    """Return what stands in a profile file, letter for letter. Raises OperatorError."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise OperatorError(f"alarm profile {path.name}: it is far too long", "check the file")
        if not path.is_file():  # to open a pipe would wait for ever
            raise OperatorError(f"alarm profile {path.name}: it is no file", "check the name")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise OperatorError(f"alarm profile {path.name}: {reason}", "check the file") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"alarm profile {path.name}: it is no UTF-8 text", MEND) from error


def parse_profile(text: str, source: str) -> Profile:
    """Read a profile from the text of its file. Raises OperatorError as ``load_profile``."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {text.count(chr(10)) + 1}"
        reason = str(error).replace("at end of document", end)
        raise OperatorError(f"alarm profile {source}: {reason}", MEND) from error
    except RecursionError as error:
        raise OperatorError(f"alarm profile {source}: it is nested too deep", MEND) from error
    try:
        return profile_from(merged(raw, source), source)
    except OperatorError as error:
        raise OperatorError(f"{error.what}{line_of(text, error.what)}", error.what_to_do) from error


def merged(raw: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the raw form with all it takes over from the shipped profile it is based on.

    What it says itself goes before; a rule replaces the one of the same id.
    """
    if "based_on" not in raw:
        return raw
    base, own = raw["based_on"], {key: raw[key] for key in raw if key != "based_on"}
    if base != DEFAULT:
        raise OperatorError(f"alarm profile {source}: based_on: it can only be '{DEFAULT}'", MEND)
    whole = shipped_profile(base).raw
    rules = own.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise OperatorError(f"alarm profile {source}: rule: they must be [[rule]] tables", MEND)
    ids = {str(rule.get("id")) for rule in rules}
    unknown = ids - {rule["id"] for rule in whole["rule"]}
    if unknown:
        raise OperatorError(
            f"alarm profile {source}: rule {min(unknown)}: '{base}' has no such rule to replace",
            MEND,
        )
    replaced = {str(rule.get("id")): rule for rule in rules}
    everything = [replaced.get(rule["id"], rule) for rule in whole["rule"]]
    return {**whole, **own, "rule": everything}


def profile_from(raw: dict[str, Any], source: str = "kept with the session") -> Profile:
    """Build a profile from its raw form (see ``Profile.raw``). Raises OperatorError."""
    try:
        only(raw, _TOP, "")
        profile = Profile(
            name=text_of(needed(raw, "name", ""), "name"),
            version=count_of(needed(raw, "version", ""), "version"),
            raw=raw,
            rules=rules_from(raw),
            realarm_s=_realarm(needed(raw, "realarm_s", "")),
            escalates_after_s=_escalation(needed(raw, "escalates_after_s", "")),
            cuff=_cuff(needed(raw, "cuff", "")),
            for_whom=text_of(needed(raw, "for_whom", ""), "for_whom"),
        )
        for where, problem in (*crossing_problems(profile.rules), *late_problems(profile.rules)):
            raise wrong(where, problem)
    except OperatorError as error:
        raise OperatorError(f"alarm profile {source}: {error.what}", error.what_to_do) from error
    return profile


def rules_from(raw: dict[str, Any]) -> tuple[AlarmRule, ...]:
    """Read the ``[[rule]]`` tables. Raises OperatorError naming rule and field."""
    tables = raw.get("rule")
    if not isinstance(tables, list) or not tables:
        raise wrong("rule", "there is no [[rule]] table, so nothing would alarm")
    rules = tuple(rule_from(table_of(table, "rule")) for table in tables)
    ids = [rule.id for rule in rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise wrong(f"rule {rule_id}", "it is there more than once")
    return rules


def _realarm(value: Any) -> dict[Priority, float]:
    table = table_of(value, "realarm_s")
    only(table, {priority.word for priority in Priority}, "realarm_s, ")
    times = {
        priority: number_of(needed(table, priority.word, "realarm_s, "), "realarm_s")
        for priority in Priority
    }
    if not 0 < times[Priority.HIGH] <= times[Priority.MEDIUM] <= times[Priority.LOW]:
        raise wrong("realarm_s", "each must be above 0, and the more urgent not the later")
    return times


def _escalation(value: Any) -> float:
    seconds = number_of(value, "escalates_after_s")
    if not 0 < seconds <= 600:
        raise wrong("escalates_after_s", f"{seconds:g} s is not between 0 and 600 s")
    return seconds


def _cuff(value: Any) -> tuple[CuffStep, ...]:
    if not isinstance(value, list) or not value:
        raise wrong("cuff", "it must be a list of { from_s, interval_s }")
    steps = []
    for entry in value:
        table = table_of(entry, "cuff")
        only(table, set(_CUFF_STEP), "cuff, ")
        numbers = {f: number_of(needed(table, f, "cuff, "), f"cuff, {f}") for f in _CUFF_STEP}
        steps.append(CuffStep(**numbers))
    if steps[0].from_s != 0 or [s.from_s for s in steps] != sorted({s.from_s for s in steps}):
        raise wrong("cuff", "from_s must begin with 0 and rise")
    for step in steps:
        if not 30 <= step.interval_s <= 3600:
            raise wrong("cuff, interval_s", f"{step.interval_s:g} s is not between 30 and 3600 s")
    return tuple(steps)
