"""The kills: real ones, and the proof that a loss, a wrong row or a damage would be found."""

import random
import sys
from collections.abc import Callable, Sequence, Set
from pathlib import Path

import pytest

from monitor.errors import BugError
from monitor.storage.schema import TRIGGERS
from tests.keys import raw
from ui.bench import kills
from ui.bench.benchmark import Work
from ui.bench.judging import Verdict, judge
from ui.bench.kills import Toll, kill_often, report
from ui.bench.sample import KEY
from ui.bench.writing import FILE_NAME, write

HASTY = (
    "import sys; from pathlib import Path; from ui.bench.writing import main; "
    "main(Path(sys.argv[1]), is_hasty=True)"
)


@pytest.fixture
def told(tmp_path: Path) -> set[int]:
    """Return the numbers that a recorder told, which has written 30 rows and ended."""
    numbers: set[int] = set()
    assert write(tmp_path, numbers.update, 30) == 0
    return numbers


def altered(folder: Path, *statements: str) -> None:
    connection = raw(folder / FILE_NAME, KEY)
    for trigger in TRIGGERS:
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    for sql in TRIGGERS.values():
        connection.execute(sql)
    connection.close()


# ---- real processes


def test_a_killed_recorder_has_every_row_it_told_of(tmp_path: Path) -> None:
    toll = kill_often(Work(tmp_path), 2, random.Random(3))
    assert toll.kills == 2
    assert toll.acknowledged > 0
    assert (toll.lost, toll.wrong, toll.integrity_failures, toll.broken_chains) == (0, 0, 0, 0)


def test_a_recorder_that_tells_before_it_writes_is_caught(tmp_path: Path) -> None:
    toll = kill_often(Work(tmp_path), 2, random.Random(3), (sys.executable, "-c", HASTY))
    assert toll.lost > 0
    lost, *_ = report(toll)
    assert not lost.is_good


def test_a_recorder_that_cannot_start_is_no_good_figure(tmp_path: Path) -> None:
    with pytest.raises(BugError, match="does not write"):
        kill_often(Work(tmp_path), 1, random.Random(3), (sys.executable, "-c", "raise SystemExit"))


# ---- judging


def test_a_folder_that_nobody_touched_is_good(tmp_path: Path, told: set[int]) -> None:
    assert told == set(range(1, 31))
    verdict = judge(tmp_path, told)
    assert verdict.is_good
    assert (verdict.acknowledged, verdict.stored) == (30, 30)


def test_an_acknowledged_row_that_is_not_there_is_lost(tmp_path: Path, told: set[int]) -> None:
    verdict = judge(tmp_path, told | {31})
    assert verdict.lost == {31}
    assert not verdict.is_good


def test_a_row_with_another_value_is_altered_and_breaks_the_chain(
    tmp_path: Path, told: set[int]
) -> None:
    altered(tmp_path, "UPDATE reading SET value = value + 1 WHERE seq = 5")
    verdict = judge(tmp_path, told)
    assert (verdict.altered, verdict.broken_chains, verdict.holes) == (1, 1, 0)
    assert not verdict.is_good


def test_a_row_missing_in_the_middle_is_lost_and_a_hole(tmp_path: Path, told: set[int]) -> None:
    altered(tmp_path, "DELETE FROM reading WHERE seq = 5")
    verdict = judge(tmp_path, told)
    assert (verdict.lost, verdict.holes, verdict.broken_chains) == ({5}, 1, 1)


def test_a_damaged_page_is_an_integrity_failure(tmp_path: Path, told: set[int]) -> None:
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(data)
    assert judge(tmp_path, told).integrity_failures == 1


# ---- counting, with victims that die at once


class Dead:
    """A recorder that told of some rows before it was killed."""

    def __init__(self, _folder: Path, _command: Sequence[str]) -> None:
        pass

    def let_go(self) -> None:
        pass

    def wait_for_rows(self, count: int) -> None:
        pass

    def killed(self) -> set[int]:
        return {4, 5, 6}


class AtOnce(random.Random):
    """Chance that kills without delay."""

    def random(self) -> float:
        return 0.0


def toll_of(verdicts: Callable[[Set[int]], Verdict], monkeypatch: pytest.MonkeyPatch) -> Callable:
    monkeypatch.setattr(kills, "Victim", Dead)
    monkeypatch.setattr(kills, "judge", lambda _folder, told: verdicts(told))
    return lambda folder, times: kill_often(Work(folder), times, AtOnce())


def test_a_row_that_stays_lost_counts_once_a_kill_that_told_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that the next recorder writes anew counts all the same."""
    found = iter([Verdict(lost=frozenset({6})), Verdict(), Verdict()])
    toll = toll_of(lambda _told: next(found), monkeypatch)(tmp_path, 3)
    assert (toll.lost, toll.kills) == (1, 3)


def test_a_lost_row_is_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Set[int]] = []

    def verdict(told: Set[int]) -> Verdict:
        asked.append(set(told))
        return Verdict(lost=frozenset({5}) if len(asked) == 1 else frozenset())

    monkeypatch.setattr(Dead, "killed", lambda _self: {4} if asked else {4, 5})
    toll_of(verdict, monkeypatch)(tmp_path, 2)
    assert asked == [{4, 5}, {4}]


def test_every_damage_counts_and_what_stays_wrong_counts_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Verdict(altered=1, holes=1, integrity_failures=1, broken_chains=1)
    toll = toll_of(lambda _told: broken, monkeypatch)(tmp_path, 3)
    assert (toll.wrong, toll.integrity_failures, toll.broken_chains) == (2, 3, 3)
    assert [figure.is_good for figure in report(toll)] == [True, False, False, False]


def test_kills_before_which_nothing_was_recorded_prove_nothing() -> None:
    with pytest.raises(BugError, match="prove nothing"):
        list(report(Toll(kills=200)))
