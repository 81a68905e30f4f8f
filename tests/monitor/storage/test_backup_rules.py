"""When a backup is due, how old the newest is, and which ones the rule keeps."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.storage.backup_rules import (
    Backup,
    Keep,
    age_s,
    is_due,
    is_name_of_ours,
    name_for,
    says_altered,
    superfluous,
)

NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
KEEP = Keep(daily=7, weekly=4, monthly=12)


def made(hours_ago: float, *, is_doubtful: bool = False) -> Backup:
    return Backup(
        Path(f"{hours_ago}-{is_doubtful}"), NOW - timedelta(hours=hours_ago), 1, is_doubtful
    )


def test_a_name_is_the_moment_in_utc_and_known_again() -> None:
    assert name_for(NOW) == "vigil-20261122T051500Z.vigilbackup"
    assert name_for(NOW, 2, is_altered=True) == "vigil-20261122T051500Z-2-altered.vigilbackup"
    assert is_name_of_ours(name_for(NOW, 12, is_altered=True))
    assert says_altered(name_for(NOW, is_altered=True))
    assert not says_altered(name_for(NOW, 2))


@pytest.mark.parametrize(
    "name",
    [
        "vigil.db",
        "vigil-2026.vigilbackup",
        "x" + name_for(NOW),
        name_for(NOW) + ".old",
        "notes.txt",
    ],
)
def test_another_name_is_none_of_ours(name: str) -> None:
    assert not is_name_of_ours(name)


def test_a_backup_is_due_when_none_is_there_or_the_newest_is_old_enough() -> None:
    assert is_due([], NOW, 24)
    assert is_due([made(24), made(60)], NOW, 24)
    assert not is_due([made(23.9), made(60)], NOW, 24)


def test_the_age_is_that_of_the_newest_that_proved_itself() -> None:
    assert age_s([], NOW) is None
    assert age_s([made(50), made(72)], NOW) == 50 * 3600
    assert age_s([made(1, is_doubtful=True), made(50)], NOW) == 50 * 3600
    assert age_s([made(1, is_doubtful=True)], NOW) is None


def test_a_backup_from_the_future_is_no_news_it_comes_from_a_wrong_clock() -> None:
    assert is_due([made(-48)], NOW, 24)
    assert age_s([made(-48), made(60)], NOW) == 60 * 3600
    assert age_s([made(-0.5)], NOW) == 0.0
    assert made(-48) not in superfluous([made(-48), made(1)], Keep(1, 0, 0), NOW)


def test_a_year_of_daily_backups_comes_down_to_days_weeks_and_months() -> None:
    backups = [made(24.0 * day) for day in range(365)]
    gone = superfluous(backups, KEEP, NOW)
    kept = sorted({one.made_utc.date().isoformat() for one in backups if one not in gone})
    assert kept == [
        "2025-12-31",
        *("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"),
        *("2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31"),
        *("2026-11-01", "2026-11-08", "2026-11-15"),
        *(f"2026-11-{day}" for day in range(16, 23)),
    ]
    assert list(gone) == sorted(gone, key=lambda one: one.made_utc)


def test_of_several_on_one_day_the_newest_stays() -> None:
    backups = [made(1), made(2), made(3)]
    assert superfluous(backups, KEEP, NOW) == (made(3), made(2))


def test_a_backup_of_an_altered_record_pushes_no_good_one_out() -> None:
    altered = [made(hour, is_doubtful=True) for hour in (1, 25, 49)]
    good = made(3)
    assert good not in superfluous([*altered, good], Keep(1, 0, 0), NOW)
    assert made(1, is_doubtful=True) not in superfluous([*altered, good], Keep(1, 0, 0), NOW)


@given(
    st.lists(st.tuples(st.integers(-100, 20_000), st.booleans()), unique=True),
    st.integers(1, 9),
    st.integers(0, 5),
    st.integers(0, 13),
)
def test_the_newest_and_the_newest_good_one_always_stay(
    hours: list[tuple[int, bool]], daily: int, weekly: int, monthly: int
) -> None:
    backups = [made(hour, is_doubtful=altered) for hour, altered in hours]
    gone = superfluous(backups, Keep(daily, weekly, monthly), NOW)
    kept = [one for one in backups if one not in gone]
    assert age_s(kept, NOW) == age_s(backups, NOW)
    assert is_due(kept, NOW, 24) == is_due(backups, NOW, 24)
    assert superfluous(kept, Keep(daily, weekly, monthly), NOW) == ()
