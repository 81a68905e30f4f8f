"""One sweep over bare rows hashes exactly what the careful check hashes, and excuses nothing."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.storage import schema, session_check
from monitor.storage.database import Database, open_database
from monitor.storage.hashing import hashed_columns, leaf
from monitor.storage.recorder import append
from monitor.storage.sweep import FORMS, canonical_form, swept
from monitor.storage.verify import verify
from tests.keys import KEY
from tests.monitor.storage.attacker import attack
from tests.monitor.storage.conftest import Maker

SESSION = "5e55101"
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.binary(max_size=40),
)


def test_there_is_a_form_for_every_table_with_the_columns_that_are_hashed() -> None:
    assert [form.table for form in FORMS] == [table.name for table in schema.TABLES]
    assert [form.names for form in FORMS] == [hashed_columns(table) for table in schema.TABLES]


@settings(max_examples=300, deadline=None, database=None)
@given(data=st.data(), which=st.integers(0, len(FORMS) - 1))
def test_its_canonical_form_is_byte_for_byte_that_of_the_careful_check(
    data: st.DataObject, which: int
) -> None:
    form = FORMS[which]
    values = data.draw(st.tuples(*(VALUES for _ in form.names)))
    kept = {n: v for n, v in zip(form.names, values, strict=True) if v is not None}
    assert canonical_form(form, values) == msgspec.msgpack.encode((form.table, kept))


def test_text_that_is_no_text_has_no_form_in_either() -> None:
    form = FORMS[0]
    values = ["\udce9", *(None for _ in form.names[1:])]
    with pytest.raises(ValueError, match="surrogates"):
        canonical_form(form, values)
    with pytest.raises(ValueError, match="surrogates"):
        leaf(form.table, dict(zip(form.names, values, strict=True)))


def _whole_session(database: Database, maker: Maker, phase: str) -> None:
    readings = [maker.reading(float(n)) for n in range(5, 9)]
    append(database, [maker.opened(), maker.phase("baseline", 0.0), *readings, maker.pressure()])
    append(database, [*maker.entries(), maker.reading(60.0), maker.phase(phase, 50.0)])
    append(database, [maker.reading(70.0)])  # late


@pytest.mark.parametrize("phase", ["infusion", "ended"])
def test_a_sound_session_is_never_looked_at_row_by_row(
    database: Database, maker: Maker, monkeypatch, phase: str
) -> None:
    _whole_session(database, maker, phase)
    with database.reading() as connection:
        found = swept(connection, maker.session_id)
        said = connection.exec_driver_sql("SELECT last_t_s, readings FROM session_tip").one()
    assert found is not None
    assert (found.sum.last_t_s, found.sum.readings) == tuple(said)
    monkeypatch.delattr(session_check, "diagnose")
    monkeypatch.setattr(session_check, "_examined", None)
    verdict = verify(database)
    assert (verdict.is_intact, verdict.rows) == (True, len(found.chains))


WRONG: dict[str, str] = {
    "place taken": "UPDATE reading SET link = 2 WHERE link = 3",
    "place far away": "UPDATE reading SET link = 99 WHERE link = 3",
    "place before the first": "UPDATE reading SET link = -1 WHERE link = 3",
    "last place counted from the end": (
        "UPDATE reading SET link = -1 WHERE link = (SELECT max(link) FROM reading)"
    ),
    "place that is text": "UPDATE reading SET link = 'x' WHERE link = 3",
    "place that is nearly one": "UPDATE reading SET link = 3.5 WHERE link = 3",
    "value": "UPDATE reading SET value = value + 1 WHERE link = 3",
    "value as text": "UPDATE reading SET vital = CAST(vital AS BLOB) WHERE link = 3",
    "broken text": "UPDATE reading SET source = CAST(x'6fe9' AS TEXT) WHERE link = 3",
    "chain": "UPDATE reading SET chain = zeroblob(32) WHERE link = 3",
    "chain as text": "UPDATE reading SET chain = 'x' WHERE link = 3",
    "row gone": "DELETE FROM reading WHERE link = 3",
    "session's own row": "UPDATE session SET chair = 'Chair 9'",
    "end": "UPDATE session_tip SET links = links - 1",
    "last number": "UPDATE session_tip SET last_seq = last_seq + 1",
    "end's value": "UPDATE session_tip SET chain = zeroblob(32)",
    "no end": "DELETE FROM session_tip",
    "sum": "UPDATE session_tip SET readings = readings + 1",
    "sum of time": "UPDATE session_tip SET last_t_s = 1e9",
}


@pytest.mark.parametrize("how", WRONG)
@pytest.mark.parametrize("phase", ["infusion", "ended"])
def test_what_the_careful_check_finds_one_sweep_does_not_excuse(
    path: Path, maker: Maker, how: str, phase: str
) -> None:
    with open_database(path, KEY) as database:
        _whole_session(database, maker, phase)
    with attack(path) as attacker:
        attacker.run(WRONG[how])
    with open_database(path, KEY) as database:
        found = verify(database).breaks
        assert found == _by_the_careful_check(database)
    assert {one.session_id for one in found} == {SESSION}


def test_a_log_cut_before_an_entry_is_found_though_the_tip_agrees(path: Path, maker: Maker) -> None:
    with open_database(path, KEY) as database:
        append(database, [maker.opened(), maker.note()])
    with attack(path) as attacker:
        attacker.run("DELETE FROM audit WHERE number > 1")
        attacker.run("UPDATE session_tip SET anchored = 0")
    with open_database(path, KEY) as database:
        (found,) = verify(database).breaks
    assert (found.table, found.session_id) == ("audit", SESSION)


def _by_the_careful_check(database: Database) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session_check, "swept", lambda _connection, _session_id: None)
        return verify(database).breaks
