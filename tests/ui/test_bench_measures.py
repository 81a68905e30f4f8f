"""Each benchmark at a tiny size: it runs, and its figure follows the work."""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from monitor.errors import BugError
from monitor.records import Record
from monitor.storage import writer
from monitor.storage.backup import Made, make_backup
from monitor.storage.database import Database, open_database
from monitor.storage.history import list_sessions
from monitor.storage.stored import SessionSummary
from monitor.storage.verify import verify
from ui.bench import backups, commits, latency, listing, size
from ui.bench.benchmark import Work
from ui.bench.figures import Figure
from ui.bench.sample import Plan, new_database, session

Ticks = Callable[[float], None]


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    """Stop the benchmarks' clock; return how to move it by so many seconds."""
    now = [0.0]
    for module in (commits, listing, backups):
        monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def by_name(figures: Any) -> dict[str, Figure]:
    return {figure.gauge.name: figure for figure in figures}


# ---- the sample


def test_a_sample_session_verifies_and_is_listed_as_a_whole_one(tmp_path: Path) -> None:
    with new_database(tmp_path / "vigil.db") as database:
        writer.append(database, session(7, 600))
        assert verify(database).is_intact
        (summary,) = list_sessions(database)
    assert (summary.readings, summary.pressures, summary.alarms) == (18, 18, 1)
    assert (summary.phase.value, summary.last_t_s) == ("ended", 5400.0)


def test_sample_sessions_differ_and_their_rows_are_in_order_of_time() -> None:
    assert session(1, 60)[0].stamp.session_id != session(2, 60)[0].stamp.session_id
    stamps = [row.stamp for row in session(1, 60)]
    assert [stamp.seq for stamp in stamps] == list(range(1, len(stamps) + 1))
    assert all(
        one.t_s <= other.t_s or one.t_s == 2253.0 for one, other in itertools.pairwise(stamps)
    )


# ---- commits


def test_commits_run_on_both_databases(tmp_path: Path) -> None:
    figures = by_name(commits.compare(Work(tmp_path), commits.Size(2, 5)))
    assert figures["commits"].value > 0
    assert figures["commits"].peer_value
    assert figures["commit_p99"].value > 0
    assert "2 rounds of 5" in figures["commits"].note


def test_the_peer_of_the_commits_is_really_not_encrypted(tmp_path: Path) -> None:
    list(commits.compare(Work(tmp_path), commits.Size(1, 2)))
    assert (tmp_path / "plain.db").read_bytes().startswith(b"SQLite format 3")
    assert not (tmp_path / "encrypted.db").read_bytes().startswith(b"SQLite")


def test_a_slower_commit_shows_in_rate_and_ratio(
    tmp_path: Path, tick: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def append(database: Database, rows: Sequence[Record]) -> None:
        writer.append(database, rows)
        tick(0.010 if database.path.name == "encrypted.db" else 0.004)

    monkeypatch.setattr(commits, "append", append)
    figures = by_name(commits.compare(Work(tmp_path), commits.Size(3, 4)))
    rate, slowest = figures["commits"], figures["commit_p99"]
    assert (rate.value, rate.peer_value, rate.ratio) == pytest.approx((100, 250, 0.4))
    assert (slowest.value, slowest.peer_value) == pytest.approx((10, 4))


def test_a_few_slow_commits_show_in_the_99th_percentile(
    tmp_path: Path, tick: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = itertools.count()
    monkeypatch.setattr(commits, "append", lambda *_: tick(2.0 if next(count) % 50 == 0 else 0.001))
    figures = by_name(commits.compare(Work(tmp_path), commits.Size(1, 100)))
    assert figures["commit_p99"].value == pytest.approx(2000)
    assert not figures["commit_p99"].is_good


# ---- size


def test_twice_the_readings_take_about_twice_the_disk(tmp_path: Path) -> None:
    found = []
    for every_s in (2, 4):
        folder = tmp_path / str(every_s)
        folder.mkdir()
        (figure,) = size.weigh(Work(folder), Plan(1, every_s))
        found.append(figure.value)
    assert 1.7 < found[0] / found[1] < 2.2
    assert figure.peer_value
    assert figure.ratio
    assert 1.0 <= figure.ratio < 1.2


# ---- the list


def test_the_list_runs_on_two_clinics_with_the_same_sessions(tmp_path: Path) -> None:
    figures = by_name(listing.compare(Work(tmp_path), Plan(3, 60), rounds=2))
    assert set(figures) >= {"open", "list"}
    assert figures["list"].value > 0
    assert figures["list"].target is None  # three sessions say nothing of ten thousand
    assert "3 sessions" in figures["list"].note


def test_a_list_that_reads_the_readings_is_seen_in_the_ratio(
    tmp_path: Path, tick: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(database: Database) -> tuple[SessionSummary, ...]:
        found = list_sessions(database)
        tick(0.001 * sum(one.readings for one in found))
        return found

    def opened(*words: Any, read_only: bool) -> Database:
        tick(0.002)
        return open_database(*words, read_only=read_only)

    monkeypatch.setattr(listing, "list_sessions", listed)
    monkeypatch.setattr(listing, "open_database", opened)
    figures = by_name(listing.compare(Work(tmp_path), Plan(2, 60), rounds=2))
    assert figures["open"].value == pytest.approx(2)
    assert figures["list"].value == pytest.approx(2 * 180)
    assert figures["list"].ratio == pytest.approx(10)


@pytest.mark.parametrize(
    "forge",
    [
        lambda found: found[1:],
        lambda found: (replace(found[0], readings=0), *found[1:]),
        lambda found: (replace(found[0], last_t_s=0.0), *found[1:]),
    ],
)
def test_a_list_that_is_fast_for_being_wrong_is_no_figure(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    forge: Callable[[tuple[SessionSummary, ...]], tuple[SessionSummary, ...]],
) -> None:
    monkeypatch.setattr(listing, "list_sessions", lambda database: forge(list_sessions(database)))
    with pytest.raises(BugError, match="list is wrong"):
        list(listing.compare(Work(tmp_path), Plan(2, 600), rounds=1))


def test_the_target_of_the_list_holds_for_the_full_size_only() -> None:
    assert listing.LIST.target
    assert listing.LIST.target.value == 150
    assert listing.FULL.sessions == 10_000
    assert listing.QUICK.sessions < listing.FULL.sessions


# ---- backups


def test_a_backup_is_timed_from_the_copy_to_the_last_verified_row(
    tmp_path: Path, tick: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*words: Any) -> Made:
        made = make_backup(*words)
        tick(3.0)
        return made

    monkeypatch.setattr(backups, "make_backup", slow)
    (figure,) = backups.back_up(Work(tmp_path), Plan(2, 600))
    assert figure.value == 3.0
    assert "2 sessions" in figure.note
    assert "verifying" in figure.note


def test_a_backup_that_leaves_a_session_out_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*words: Any) -> Made:
        made = make_backup(*words)
        return replace(made, verdict=replace(made.verdict, sessions=1))

    monkeypatch.setattr(backups, "make_backup", short)
    with pytest.raises(BugError, match="1 sessions, of 2"):
        list(backups.back_up(Work(tmp_path), Plan(2, 600)))


# ---- latency


def test_a_disk_that_takes_longer_shows_in_the_committed_row_and_not_in_the_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*words: Any) -> None:
        threading.Event().wait(0.1)
        writer_append(*words)

    writer_append = writer.append
    monkeypatch.setattr(writer, "append", slow)
    delays = latency.watch(tmp_path / "vigil.db", latency.Size(90.0, 60.0))
    assert delays.decided
    assert delays.committed
    assert min(delays.committed) > 100
    assert sorted(delays.decided)[len(delays.decided) // 2] < 100


def test_a_session_in_which_nothing_came_is_no_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(latency, "watch", lambda *_: latency.Delays())
    with pytest.raises(BugError, match="said nothing"):
        list(latency.measure(Work(tmp_path, is_quick=True)))


def test_one_slow_reading_in_fifty_is_in_the_latency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays = latency.Delays([1.0] * 98 + [60.0] * 2, [5.0] * 100)
    monkeypatch.setattr(latency, "watch", lambda *_: delays)
    alarm, row = latency.measure(Work(tmp_path, is_quick=True))
    assert (alarm.value, row.value) == (60.0, 5.0)
    assert not alarm.is_good
