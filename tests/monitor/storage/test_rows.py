"""Whatever a session leaves behind comes back from the database as it was."""

from dataclasses import replace
from datetime import UTC, datetime, timezone
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alarms.priority import Priority
from monitor.errors import BugError
from monitor.readings import Quality
from monitor.records import (
    AmendmentKept,
    DoseKept,
    EventKept,
    HappeningKept,
    IdentificationKept,
    LimitChangeKept,
    NoteKept,
    PressureKept,
    ReadingKept,
    ScaleKept,
    SessionOpened,
    Stamp,
    TransitionKept,
)
from monitor.snapshot import AlarmState
from monitor.storage.database import Database
from monitor.storage.history import load_session
from monitor.storage.recorder import append
from monitor.storage.rows import encode, to_microseconds, to_utc
from monitor.vitals import Vital

SESSION = "hypothesis"
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
numbers = st.floats(allow_nan=False)
maybe = st.none() | numbers
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
values = st.dictionaries(texts, st.floats(allow_nan=False, allow_infinity=False), max_size=3)
details = st.dictionaries(texts, st.none() | st.booleans() | st.integers() | numbers | texts)
plain = st.none() | st.floats(allow_nan=False, allow_infinity=False) | texts
qualities = st.sampled_from(Quality)
states = st.sampled_from(AlarmState)
stamps = st.builds(Stamp, st.just(SESSION), st.integers(2, 2**63 - 1), numbers, moments)

sessions = st.builds(
    SessionOpened,
    st.builds(Stamp, st.just(SESSION), st.just(1), numbers, moments),
    *[texts] * 4,
    st.booleans(),
    numbers,
    numbers,
    texts,
    st.integers(-86400, 86400),
    texts,
    details,
)
rows = st.one_of(
    st.builds(ReadingKept, stamps, texts, st.sampled_from(Vital), maybe, qualities, texts),
    st.builds(
        PressureKept,
        stamps,
        texts,
        numbers,
        numbers,
        maybe,
        maybe,
        st.none() | moments,
        st.booleans(),
        qualities,
    ),
    st.builds(
        TransitionKept,
        stamps,
        texts,
        st.sampled_from(Priority),
        states,
        states,
        values,
        values,
        texts,
        texts,
        maybe,
        maybe,
        maybe,
    ),
    st.builds(HappeningKept, stamps, texts.filter(lambda kind: kind != "phase"), details),
    st.builds(IdentificationKept, stamps, texts, st.none() | texts, *[texts] * 4),
    st.builds(EventKept, stamps, texts, texts, numbers, texts, texts),
    st.builds(
        DoseKept,
        stamps,
        texts,
        texts,
        st.floats(0, exclude_min=True),
        texts,
        maybe,
        texts,
        maybe,
        texts,
        numbers,
        texts,
        texts,
    ),
    st.builds(ScaleKept, stamps, texts, numbers, values, numbers, texts, texts),
    st.builds(NoteKept, stamps, texts, texts, texts),
    st.builds(LimitChangeKept, stamps, texts, texts, plain, plain, texts, texts, texts),
    st.builds(
        AmendmentKept,
        stamps,
        texts.filter(lambda table: table != "identification"),
        st.integers(1, 99),
        texts,
        plain,
        plain,
        texts,
        texts,
        texts,
    ),
)


def _of_session(number: int, record):
    """A recorded session is there for good: each example has its own."""
    return replace(record, stamp=replace(record.stamp, session_id=f"{SESSION}-{number}."))


def test_any_session_comes_back_as_it_was(database: Database) -> None:
    numbers_of_sessions = count()

    @given(sessions, st.lists(rows, max_size=8, unique_by=lambda row: row.stamp.seq))
    def stored_and_loaded(opened, kept) -> None:
        number = next(numbers_of_sessions)
        records = [_of_session(number, record) for record in (opened, *kept)]
        append(database, records)
        stored = load_session(database, records[0].stamp.session_id)
        assert stored.opened == records[0]
        assert list(stored.rows) == sorted(records[1:], key=lambda row: row.stamp.seq)

    stored_and_loaded()


def test_rows_sent_again_change_nothing(database: Database, records) -> None:
    append(database, records)
    append(database, [replace(records[2], value=1.0), *records])
    assert list(load_session(database, "5e55101").rows) == records[1:]


@given(moments)
def test_a_moment_keeps_every_microsecond(moment: datetime) -> None:
    assert to_utc(to_microseconds(moment)) == moment


def test_a_value_that_is_not_a_number_is_refused(maker) -> None:
    with pytest.raises(BugError, match="not a number"):
        encode(maker.reading(value=float("nan")))


def test_a_time_without_its_zone_is_refused(maker) -> None:
    row = maker.reading()
    naive = replace(row, stamp=replace(row.stamp, utc=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point of the test
    with pytest.raises(BugError, match="cannot be stored"):
        encode(naive)


def test_a_time_of_another_zone_is_kept_as_the_same_moment(database: Database, maker) -> None:
    from datetime import timedelta

    opened, row = maker.opened(), maker.reading()
    away = row.stamp.utc.astimezone(timezone(timedelta(hours=5, minutes=30)))
    append(database, [opened, replace(row, stamp=replace(row.stamp, utc=away))])
    assert load_session(database, "5e55101").rows == (row,)
