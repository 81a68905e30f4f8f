"""What a list shows is kept with the chain's end, equals what the rows say, and is read at once."""

import random
from dataclasses import asdict, replace

import pytest

from monitor.records import HappeningKept, Record
from monitor.snapshot import AlarmState, Phase
from monitor.storage import history
from monitor.storage.database import Database
from monitor.storage.history import list_sessions, load_session
from monitor.storage.recorder import append
from monitor.storage.verify import verify
from tests.monitor.storage.conftest import Maker


def full_session(maker: Maker) -> list[Record]:
    onset = maker.transition(30.0)
    again = replace(maker.transition(31.0), old=AlarmState.ACKNOWLEDGED, new=AlarmState.SOUNDING)
    return [
        maker.phase("baseline", 0.0),
        *(maker.reading(float(n)) for n in range(5)),
        maker.phase("infusion", 6.0),
        replace(maker.pressure(7.0), is_stale=True),
        maker.pressure(8.0),
        onset,
        again,
        *maker.entries(40.0),
        maker.identification("p-2", 41.0),
        maker.phase("recovery", 50.0),
        maker.phase("ended", 60.0),
    ]


def counted(database: Database, session_id: str) -> dict[str, object]:
    """What the rows say, counted in the plainest way."""
    stored = load_session(database, session_id)
    phases = [row.detail["phase"] for row in stored.rows if isinstance(row, HappeningKept)]
    picture = stored.picture()
    return {
        "patient": stored.patient,
        "patient_id": getattr(stored.identification, "patient_id", None),
        "phase": phases[-1] if phases else Phase.PREPARATION,
        "last_t_s": stored.last_t_s,
        "readings": sum(type(row).__name__ == "ReadingKept" for row in stored.rows),
        "pressures": len(picture.trends.cuffs),
        "alarms": sum(entry.priority is not None for entry in picture.trends.log),
    }


@pytest.mark.parametrize("seed", range(8))
def test_in_whatever_order_rows_arrive_the_sum_is_that_of_the_rows(
    database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    maker = Maker(f"s{seed}")
    opened, rows = maker.opened(), full_session(maker)
    if seed:
        chance.shuffle(rows)
    append(database, [opened])
    while rows:
        cut = chance.randrange(1, 8)
        append(database, rows[:cut])
        del rows[:cut]
        (summary,) = list_sessions(database)
    shown = asdict(summary)
    wanted = counted(database, opened.stamp.session_id) | {"alarms": 1}
    assert {name: shown[name] for name in wanted} == wanted
    assert verify(database).is_intact


def test_the_sessions_of_one_patient_are_listed(database: Database) -> None:
    for number in range(3):
        maker = Maker(f"s{number}")
        patient = maker.identification(f"p-{number % 2}")
        append(database, [maker.opened(), patient])
    assert [one.session_id for one in list_sessions(database, "p-0")] == ["s0", "s2"]
    assert list_sessions(database, "p-9") == ()


@pytest.mark.parametrize("by_patient", [False, True])
def test_a_list_reads_no_row_of_any_session(database: Database, by_patient: bool) -> None:
    queries: list[str] = []
    with database.reading() as connection:
        run = connection.exec_driver_sql

        class Spy:
            def exec_driver_sql(self, query: str, values: tuple[str, ...] = ()):
                queries.append(query)
                return run(query, values)

        history.listed(Spy(), "p-0" if by_patient else None)
        (query,) = queries
        values = ("p-0",) if by_patient else ()
        plan = [row[3] for row in run(f"EXPLAIN QUERY PLAN {query}", values)]
    assert {part.split()[1] for part in plan if part.startswith(("SCAN", "SEARCH"))} == {
        "session",
        "tip",
    }
    if by_patient:
        assert any("ix_session_tip_patient_id" in part for part in plan)
    else:
        assert plan[0] == "SCAN session USING COVERING INDEX ix_session_list"
        assert not any("TEMP B-TREE" in part for part in plan)
