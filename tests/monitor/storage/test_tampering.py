"""Whatever is altered with another tool is found, and the row is named.

Each kind of attack is tried 300 times at random (40 at the desk) on a real encrypted file. Three
sessions: one that ended, one that was running when the station stopped, and one without any rows.
"""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.storage import schema
from monitor.storage.audit import Audit
from monitor.storage.chain import STATION_STARTED, STATION_STOPPED, log_station
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.database import open_database
from monitor.storage.hashing import hashed_columns
from monitor.storage.heads import Ed25519Signer, key_id, statement
from monitor.storage.recorder import append
from monitor.storage.verify import Verdict, verify
from tests.keys import KEY, raw
from tests.monitor.storage.attacker import Attacker, Row, attack
from tests.monitor.storage.conftest import OPENED, Maker
from tests.thorough import times

SIGNER, FORGER = Ed25519Signer(bytes(range(32))), Ed25519Signer(bytes(32))
ENDED, RUNNING, EMPTY = "ended", "running", "waiting"

many = hypothesis.settings(max_examples=times(300, 40), deadline=None, database=None)
sessions = st.sampled_from([ENDED, RUNNING])
any_number = st.integers(0, 10**6)

Tamper = Callable[[Callable[[Attacker], Any]], tuple[Any, Verdict]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with three sessions; nobody has it open."""
    path = tmp_path_factory.mktemp("tampering") / "vigil.db"
    with open_database(path, KEY) as database:
        log_station(database, STATION_STARTED, {"process": 7}, OPENED, SIGNER)
        for session_id in (ENDED, RUNNING):
            maker = Maker(session_id)
            append(database, [maker.opened(), maker.phase("baseline", 0.0)], SIGNER)
            for n in range(1, 9):
                batch = [maker.reading(n + 0.25, 70.0 + n), maker.pressure(float(n), 120.0 + n)]
                batch += [maker.transition(n + 0.5), maker.reading(n + 0.75, None)]
                append(database, batch, SIGNER)
            if session_id == ENDED:
                append(database, [maker.phase("ended", 99.0)], SIGNER)
            Audit(database).append("u-1", "session.exported", session_id, {"to": "csv"}, OPENED)
        append(database, [Maker(EMPTY).opened()], SIGNER)
        log_station(database, STATION_STOPPED, {"process": 7}, OPENED + timedelta(days=1), SIGNER)
    assert [file.name for file in path.parent.iterdir()] == ["vigil.db"]
    return path


@pytest.fixture
def tamper(original: Path, tmp_path: Path) -> Tamper:
    """Return a function that does something to a fresh copy, and verifies that."""
    path = tmp_path / "copy.db"

    def tamper(alter: Callable[[Attacker], Any]) -> tuple[Any, Verdict]:
        shutil.copyfile(original, path)
        with attack(path) as attacker:
            told = alter(attacker)
        with open_database(path, KEY, read_only=True) as database:
            return told, verify(database, public_keys=[SIGNER.public_key])

    return tamper


def _named(verdict: Verdict) -> tuple[str, str, Any]:
    first = verdict.breaks[0]
    return first.table, first.session_id, first.seq


def _place(row: Row) -> tuple[str, str, Any]:
    session_id = row.values.get("session_id", row.values.get("id", ""))
    return row.table, "" if row.table == "audit" else session_id, row.seq


def test_without_an_attack_nothing_is_found(tamper: Tamper) -> None:
    _, verdict = tamper(lambda _: None)
    assert verdict.breaks == ()
    assert (verdict.sessions, verdict.rows) == (3, 70)
    assert (verdict.audit_rows, verdict.heads) == (9, 6)


def _other(value: Any, how: int) -> Any:
    """Return something else than a value: a little more, another type, or nothing at all."""
    match value:
        case None:
            return how
        case str():
            return [value + " ", value[:-1] or "x", b"blob", value.encode()][how % 4]
        case bytes():
            return [bytes(len(value)), value[:-1], "text"][how % 3]
        case int():
            return [value + 1 + how, -value - 1, "text"][how % 3]
        case _:
            return [value * (1 + 2**-52) or 5e-324, value + 1, "text"][how % 3]


def test_an_edited_value_is_found_and_its_row_named(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number, any_number, any_number)
    def edited(session_id: str, which: int, column: int, how: int) -> None:
        def alter(attacker: Attacker) -> Row:
            audit = attacker.table("audit")
            rows = [attacker.session(session_id), *attacker.rows(session_id), *audit]
            row = rows[which % len(rows)]
            names = [*hashed_columns(schema.metadata.tables[row.table]), "chain"]
            free = [name for name in names if name not in ("session_id", "id", "seq", "number")]
            name = free[column % len(free)]
            attacker.put(row, **{name: _other(row.values[name], how)})
            return row

        row, verdict = tamper(alter)
        assert _named(verdict) == _place(row)
        assert verdict.breaks[0].flaw is Flaw.CHANGED

    edited()


def test_a_text_that_is_no_text_is_found_and_its_row_named(tamper: Tamper) -> None:
    def alter(attacker: Attacker) -> Row:
        row = attacker.rows(ENDED)[3]
        attacker.run("UPDATE reading SET source = CAST(x'ff41' AS TEXT) WHERE seq = 3")
        return row

    _, verdict = tamper(alter)
    assert verdict.breaks[0] == Break("reading", ENDED, 3, Flaw.CHANGED, verdict.breaks[0].why)


def test_another_place_in_the_chain_is_found_and_its_row_named(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number, st.integers(1, 40) | st.just("text"))
    def moved(session_id: str, which: int, link: int | str) -> None:
        def alter(attacker: Attacker) -> Row:
            rows = attacker.rows(session_id)
            row = rows[which % len(rows)]
            hypothesis.assume(row.link != link)
            attacker.put(row, link=link)
            return row

        row, verdict = tamper(alter)
        assert _named(verdict) == _place(row)

    moved()


def test_a_deleted_row_is_found_and_named(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number, st.booleans())
    def deleted(session_id: str, which: int, is_covered_up: bool) -> None:
        def alter(attacker: Attacker) -> Row:
            rows = [*attacker.rows(session_id), *attacker.table("audit")]
            row = rows[which % len(rows)]
            attacker.drop(row)
            if is_covered_up:
                attacker.close_ranks(session_id)
            return row

        row, verdict = tamper(alter)
        first = verdict.breaks[0]
        is_last = row.seq == (35 if session_id == ENDED else 34) and row.table != "audit"
        if is_covered_up and row.table != "audit" and not is_last:
            # The row behind the hole is the first that does not fit.
            assert (first.session_id, first.seq) == (session_id, row.seq + 1)
        else:
            assert first.flaw is Flaw.REMOVED
            assert (first.session_id, first.seq) == (_place(row)[1], row.seq)

    deleted()


@pytest.mark.parametrize("session_id", [ENDED, RUNNING, EMPTY])
@pytest.mark.parametrize("what", ["its row", "all of it"])
def test_a_session_that_is_gone_is_found_and_named(
    tamper: Tamper, session_id: str, what: str
) -> None:
    def alter(attacker: Attacker) -> None:
        attacker.drop(attacker.session(session_id))
        if what == "all of it":
            attacker.wipe(session_id)

    _, verdict = tamper(alter)
    assert _named(verdict) == ("session", session_id, None)
    assert verdict.breaks[0].flaw is Flaw.REMOVED


def test_an_inserted_row_is_found_and_named(tamper: Tamper) -> None:
    @many
    @given(sessions, st.tuples(any_number, any_number), any_number, *[st.booleans()] * 2)
    def inserted(
        session_id: str, where: tuple[int, int], new_seq: int, is_copy: bool, makes_room: bool
    ) -> None:
        which, at = where

        def alter(attacker: Attacker) -> Row:
            rows = attacker.rows(session_id)
            like, link = rows[which % len(rows)], at % (len(rows) + 1) + 1
            chain = like.values["chain"] if is_copy else random.Random(at).randbytes(32)
            changes = {"seq": 1000 + new_seq, "link": link, "chain": chain}
            extra = replace(like, values=like.values | changes)
            if makes_room:
                for row in reversed(rows[link - 1 :]):
                    attacker.put(row, link=row.link + 1)
            attacker.add(extra)
            if makes_room:
                attacker.close_ranks(session_id)
            return extra

        row, verdict = tamper(alter)
        assert _named(verdict) == _place(row)
        if not makes_room or row.link < 34:
            assert verdict.breaks[0].flaw is Flaw.INSERTED

    inserted()


def test_a_row_added_at_the_end_of_a_chain_computed_for_it_is_found(tamper: Tamper) -> None:
    def alter(attacker: Attacker) -> None:
        last = attacker.rows(RUNNING)[-1]
        values = last.values | {"seq": last.seq + 1, "link": last.link + 1}
        attacker.add(replace(last, values=values))
        old_tip = attacker.run("SELECT * FROM session_tip").fetchall()
        attacker.recompute(RUNNING)
        attacker.run("DELETE FROM session_tip")
        for tip in old_tip:
            attacker.all("INSERT INTO session_tip VALUES ({})", ", ".join("?" * len(tip)), *tip)

    _, verdict = tamper(alter)
    assert _named(verdict) == ("reading", RUNNING, 35)
    assert verdict.breaks[0].flaw is Flaw.INSERTED


def test_a_session_nobody_opened_is_found(tamper: Tamper) -> None:
    def alter(attacker: Attacker) -> None:
        opened = attacker.session(EMPTY)
        attacker.add(replace(opened, values=opened.values | {"id": "made up"}))
        attacker.run(
            "INSERT INTO session_tip (session_id, links, last_seq, anchored, chain, phase,"
            " last_t_s, readings, pressures, alarms, identified_seq, signed_link)"
            " VALUES ('made up', 0, 1, 0, x'', '', 0, 0, 0, 0, 0, 0)"
        )
        attacker.recompute("made up")

    _, verdict = tamper(alter)
    assert _named(verdict) == ("session", "made up", None)
    assert verdict.breaks[0].flaw is Flaw.INSERTED


PARTS = st.sets(st.sampled_from(["seq", "content", "link", "chain"]), min_size=1, max_size=3)


def _swap(attacker: Attacker, one: Row, other: Row, parts: set[str]) -> None:
    """Exchange parts of two rows: their numbers, what they say, or what chains them."""

    def part_of(name: str) -> str:
        return name if name in ("seq", "link", "chain") else "content"

    def mixed(own: Row, foreign: Row) -> Row:
        content = foreign if "content" in parts else own
        values = {
            name: (foreign if part_of(name) in parts else own).values[name]
            for name in content.values
        }
        return Row(content.table, values)

    attacker.drop(one)
    attacker.drop(other)
    attacker.add(mixed(one, other))
    attacker.add(mixed(other, one))


def test_two_rows_that_changed_places_are_found_and_the_first_is_named(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number, any_number, PARTS)
    def swapped(session_id: str, which: int, with_which: int, parts: set[str]) -> None:
        def alter(attacker: Attacker) -> tuple[Row, Row]:
            rows = attacker.rows(session_id)
            one, other = rows[which % len(rows)], rows[with_which % len(rows)]
            hypothesis.assume(one.link < other.link)
            _swap(attacker, one, other, parts)
            return one, other

        (one, other), verdict = tamper(alter)
        first = verdict.breaks[0]
        assert first.flaw is Flaw.REORDERED
        assert first.session_id == session_id
        assert first.seq in (one.seq, other.seq)

    swapped()


def test_two_audit_rows_that_changed_places_are_found(tamper: Tamper) -> None:
    def alter(attacker: Attacker) -> None:
        rows = attacker.table("audit")
        one, other = rows[2], rows[6]
        attacker.drop(one)
        attacker.drop(other)
        attacker.add(replace(one, values=one.values | {"number": other.seq}))
        attacker.add(replace(other, values=other.values | {"number": one.seq}))

    _, verdict = tamper(alter)
    assert _named(verdict) == ("audit", "", 3)
    assert verdict.breaks[0].flaw is Flaw.REORDERED


def test_a_cut_tail_is_found_and_its_first_row_named(tamper: Tamper) -> None:
    @many
    @given(sessions, st.integers(1, 34), st.booleans())
    def cut(session_id: str, count: int, is_covered_up: bool) -> None:
        def alter(attacker: Attacker) -> Row:
            gone = attacker.rows(session_id)[-count:]
            for row in gone:
                attacker.drop(row)
            if is_covered_up:
                attacker.close_ranks(session_id)
            return gone[0]

        row, verdict = tamper(alter)
        first = verdict.breaks[0]
        assert (first.session_id, first.seq, first.flaw) == (session_id, row.seq, Flaw.REMOVED)

    cut()


def test_a_cut_tail_of_the_log_is_found_and_its_first_row_named(tamper: Tamper) -> None:
    @many
    @given(st.integers(1, 9))
    def cut(count: int) -> None:
        def alter(attacker: Attacker) -> Row:
            gone = attacker.table("audit")[-count:]
            for row in gone:
                attacker.drop(row)
            return gone[0]

        row, verdict = tamper(alter)
        first = verdict.breaks[0]
        assert (first.table, first.seq, first.flaw) == ("audit", row.seq, Flaw.REMOVED)

    cut()


def test_a_chain_computed_anew_is_found_and_the_session_named(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number)
    def computed(session_id: str, which: int) -> None:
        def alter(attacker: Attacker) -> Row:
            rows = [attacker.session(session_id), *attacker.rows(session_id)]
            row = rows[which % len(rows)]
            attacker.put(row, t_s=row.values["t_s"] + 1)
            attacker.recompute(session_id)
            return row

        row, verdict = tamper(alter)
        first = verdict.breaks[0]
        assert (first.session_id, first.flaw) == (session_id, Flaw.CHANGED)
        assert first.seq <= row.seq
        assert "computed anew" in first.why
        if row.table == "session":
            assert first.table == "session"

    computed()


def test_a_log_computed_anew_with_a_chain_is_found_by_the_signed_head(tamper: Tamper) -> None:
    @many
    @given(sessions, any_number, st.booleans())
    def computed(session_id: str, which: int, forges_heads: bool) -> None:
        def alter(attacker: Attacker) -> None:
            rows = [attacker.session(session_id), *attacker.rows(session_id)]
            row = rows[which % len(rows)]
            attacker.put(row, t_s=row.values["t_s"] + 1)
            attacker.recompute(session_id)
            _anchor_anew(attacker, session_id)
            attacker.recompute_log()
            if forges_heads:
                _sign_anew(attacker)

        _, verdict = tamper(alter)
        table = "signed_head" if forges_heads else "audit"
        assert {one.table for one in verdict.breaks} == {table}
        assert verdict.breaks[0].flaw is Flaw.CHANGED

    computed()


def _anchor_anew(attacker: Attacker, session_id: str) -> None:
    chains = {row.link: row.values["chain"].hex() for row in attacker.rows(session_id)}
    chains[0] = attacker.session(session_id).values["chain"].hex()
    for row in attacker.table("audit"):
        if row.values["subject"] == session_id and "links" in row.values["detail"]:
            links = int(row.values["detail"].rsplit(":", 1)[1].rstrip("}"))
            attacker.put(row, detail=f'{{"chain":"{chains[links]}","links":{links}}}')


def _sign_anew(attacker: Attacker) -> None:
    chains = {row.seq: row.values["chain"] for row in attacker.table("audit")}
    for row in attacker.table("signed_head"):
        chain = chains[row.values["audit_number"]]
        head = row.values | {"audit_chain": chain, "key_id": key_id(FORGER.public_key)}
        signature = FORGER.sign(statement(head))
        attacker.put(row, audit_chain=chain, key_id=head["key_id"], signature=signature)


@pytest.mark.parametrize("keeps_names", [True, False])
def test_a_forged_head_under_our_keys_name_is_found(tamper: Tamper, keeps_names: bool) -> None:
    def alter(attacker: Attacker) -> None:
        row = attacker.table("signed_head")[1]
        named = row.values["key_id"] if keeps_names else key_id(FORGER.public_key)
        head = row.values | {"at_utc_us": 0, "key_id": named}
        attacker.put(row, at_utc_us=0, key_id=named, signature=FORGER.sign(statement(head)))

    _, verdict = tamper(alter)
    assert _named(verdict) == ("signed_head", "", 2)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_head_is_found(tamper: Tamper, number: int) -> None:
    _, verdict = tamper(lambda attacker: attacker.drop(attacker.table("signed_head")[number - 1]))
    assert _named(verdict) == ("signed_head", "", number)
    assert verdict.breaks[0].flaw is Flaw.REMOVED


@pytest.mark.parametrize(
    ("change", "session_id"),
    [
        ("links = links + 1", ENDED),
        ("links = 3", ENDED),
        ("links = 'text'", ENDED),
        ("chain = x'00'", ENDED),
        ("last_seq = 3", ENDED),
        ("session_id = 'x'", "x"),
        ("phase = 'baseline'", ENDED),
        ("alarms = 0", ENDED),
        ("patient_id = 'somebody else'", ENDED),
        ("signed_link = 3", ENDED),
    ],
)
def test_a_changed_record_of_a_chains_end_is_found(
    tamper: Tamper, change: str, session_id: str
) -> None:
    def alter(attacker: Attacker) -> None:
        statement = "UPDATE session_tip SET {} WHERE session_id = ?"
        attacker.all(statement, change, ENDED)

    _, verdict = tamper(alter)
    assert verdict.breaks[0].session_id == session_id


def test_a_lifted_trigger_is_found(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    shutil.copyfile(original, path)
    connection = raw(path)
    connection.execute("DROP TRIGGER reading_kept")
    connection.close()
    with open_database(path, KEY, read_only=True) as database:
        (first,) = verify(database).breaks
    assert (first.table, first.seq, first.flaw) == ("sqlite_master", "reading_kept", Flaw.REMOVED)


def test_a_whole_session_moved_to_another_id_is_found(tamper: Tamper) -> None:
    def alter(attacker: Attacker) -> None:
        attacker.move(ENDED, "other")
        attacker.recompute("other")

    _, verdict = tamper(alter)
    assert {(one.session_id, one.flaw) for one in verdict.breaks} == {
        (ENDED, Flaw.REMOVED),
        ("other", Flaw.INSERTED),
    }
