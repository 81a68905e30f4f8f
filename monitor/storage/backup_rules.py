"""When a backup is due, how old the newest is, and which ones may go: pure rules over times.

Knows names and times of backups. Must not touch files.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

SUFFIX = ".vigilbackup"
TOO_OLD_S = 48 * 3600.0
"""After so long without a verified backup the desktop says so in red (issue 3)."""
CLOCK_MAY_DIFFER = timedelta(hours=1)
_NAME = re.compile(r"vigil-\d{8}T\d{6}Z(-\d+)?(-altered)?\.vigilbackup")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in a folder.

    ``is_doubtful``: what it holds had been altered before it was made, or nobody vouches for it
    where the installation signs its backups.
    """

    path: Path
    made_utc: datetime
    size: int
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months keep their newest backup."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


def name_for(made_utc: datetime, attempt: int = 1, *, is_altered: bool = False) -> str:
    """Return the name of a backup; ``attempt`` counts up while the name is taken."""
    number = f"-{attempt}" if attempt > 1 else ""
    word = "-altered" if is_altered else ""
    return f"vigil-{made_utc:%Y%m%dT%H%M%SZ}{number}{word}{SUFFIX}"


def is_name_of_ours(name: str) -> bool:
    """Whether a file may be one of ours by its name."""
    return _NAME.fullmatch(name) is not None


def says_altered(name: str) -> bool:
    """Whether the name says that the record had been altered before."""
    return name.endswith(f"-altered{SUFFIX}")


def age_s(backups: Iterable[Backup], now: datetime) -> float | None:
    """Return the seconds since the newest backup that proved itself, None when there is none."""
    made = [one.made_utc for one in _past(backups, now) if not one.is_doubtful]
    return max(0.0, (now - max(made)).total_seconds()) if made else None


def is_due(backups: Iterable[Backup], now: datetime, every_h: float) -> bool:
    """Whether the next backup should be made now."""
    made = [one.made_utc for one in _past(backups, now)]
    return not made or now - max(made) >= timedelta(hours=every_h)


def superfluous(backups: Sequence[Backup], keep: Keep, now: datetime) -> tuple[Backup, ...]:
    """Return the backups that the rule does not keep, the oldest first.

    Kept are the newest of each of the last days, weeks and months that have one, the newest of
    all, the newest that proved itself, and what comes from the future: a clock was wrong then.
    """
    past = sorted(_past(backups, now), key=lambda one: one.made_utc, reverse=True)
    kept = {one.path for one in (past[:1] + [one for one in past if not one.is_doubtful][:1])}
    for count, period in ((keep.daily, _day), (keep.weekly, _week), (keep.monthly, _month)):
        kept |= {one.path for one in _newest_of_each(past, period)[:count]}
    return tuple(one for one in reversed(past) if one.path not in kept)


def _past(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    return [one for one in backups if one.made_utc <= now + CLOCK_MAY_DIFFER]


def _newest_of_each(
    newest_first: Iterable[Backup], period: Callable[[datetime], object]
) -> list[Backup]:
    """Return the newest of each period; one that proved itself goes before one that did not."""
    found: dict[object, Backup] = {}
    for one in newest_first:
        known = found.setdefault(period(one.made_utc), one)
        if known.is_doubtful and not one.is_doubtful:
            found[period(one.made_utc)] = one
    return list(found.values())


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return (at.year, at.month)
