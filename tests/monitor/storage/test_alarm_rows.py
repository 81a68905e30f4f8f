"""The alarm figures of stored sessions are those of their rows."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.alarms.priority import Priority
from monitor.alarms.quality import alarm_quality
from monitor.errors import OperatorError
from monitor.records import HappeningKept, Record
from monitor.snapshot import AlarmState
from monitor.storage.alarm_rows import every_quality, session_quality
from monitor.storage.database import Database
from monitor.storage.history import load_session
from monitor.storage.recorder import append
from tests.monitor.storage.conftest import Maker

SOUNDING, ACKNOWLEDGED = AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED


def alarmed(maker: Maker) -> list[Record]:
    """A session with a HIGH alarm that is acknowledged, a refuted one, and silence for a while."""
    first, seen = maker.opened(), maker.transition(10.0)
    answer = replace(maker.transition(40.0), old=SOUNDING, new=ACKNOWLEDGED)
    waits = replace(maker.transition(45.0), rule="HR-H1", new=AlarmState.PENDING)
    over = replace(
        maker.transition(50.0),
        old=ACKNOWLEDGED,
        new=AlarmState.QUIET,
        text="Not confirmed, repeat 150/90",
        since_s=None,
    )
    pause = {"state": "paused", "until_s": 180.0, "reason": "", "by": "Ben"}
    off = {"rule": "HR-H1", "is_off": True, "reason": "pacemaker", "by": "Dr. Weber"}
    quiet = [
        HappeningKept(maker.stamp(60.0), "audio", pause),
        HappeningKept(maker.stamp(300.0), "alarm_off", off),
    ]
    return [first, seen, answer, waits, over, *quiet]


def test_a_database_without_sessions_has_no_figures(database: Database) -> None:
    assert every_quality(database) == ()


def test_the_figures_are_those_of_all_rows(database: Database, maker: Maker) -> None:
    append(database, [*alarmed(maker), maker.reading(590.0), maker.phase("ended", 600.0)])
    ((summary, quality),) = every_quality(database)
    stored = load_session(database, maker.session_id)
    assert quality == alarm_quality(stored.rows)
    assert summary.session_id == maker.session_id
    assert quality.by_priority == {Priority.HIGH: 1}
    assert (quality.refuted, quality.acknowledged_s) == (1, (30.0,))
    assert (quality.paused_share, quality.alarm_off_share) == (0.2, 0.5)
    assert session_quality(database, maker.session_id) == quality


def test_an_open_session_is_as_long_as_its_last_reading(database: Database, maker: Maker) -> None:
    append(database, [*alarmed(maker), maker.reading(900.0)])
    assert session_quality(database, maker.session_id).session_s == 900.0
    assert every_quality(database)[0][1].session_s == 900.0


def test_each_session_has_its_own_figures_in_the_order_of_opening(database: Database) -> None:
    for session_id in ("b", "a", "c"):
        maker = Maker(session_id)
        rows = [maker.opened()] if session_id == "a" else alarmed(maker)
        append(database, rows)
    found = {summary.session_id: quality.onsets for summary, quality in every_quality(database)}
    assert list(found.items()) == [("a", 0), ("b", 1), ("c", 1)]
    assert session_quality(database, "a").onsets == 0
    assert session_quality(database, "c").onsets == 1


def test_an_unknown_session_is_said_so(database: Database) -> None:
    with pytest.raises(OperatorError, match="There is no session s9"):
        session_quality(database, "s9")


@pytest.mark.parametrize("value", ["7", "{"])
def test_a_row_that_was_changed_is_said_in_a_sentence(
    database: Database, maker: Maker, path: Path, value: str
) -> None:
    append(database, alarmed(maker))
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER alarm_transition_unchanged")
        connection.exec_driver_sql("UPDATE alarm_transition SET value = ?", (value,))
    with pytest.raises(OperatorError, match="cannot be read: the database is damaged"):
        every_quality(database)
