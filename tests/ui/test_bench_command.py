"""``vigil bench``: what is told, the exit code, and that nothing is left behind."""

import json
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from monitor.errors import OperatorError
from tests.ui.test_cli import run
from ui.bench import registry
from ui.bench.benchmark import Benchmark, Work
from ui.bench.figures import Bound, Figure, Gauge, Target
from ui.cli import main
from ui.commands import bench

FAST = Gauge("fast", "how long it takes", "ms", "a rival", Target(Bound.AT_MOST, 5, "the issue"))
FREE = Gauge("free", "what is left", "MB")
Say = Callable[..., None]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> Say:
    """Put benchmarks in the place of the real ones."""

    def say(*benchmarks: Benchmark) -> None:
        monkeypatch.setattr(bench, "BENCHMARKS", benchmarks)

    return say


def reading(value: float, *, is_judged: bool = True) -> Benchmark:
    def measure(work: Work) -> Iterable[Figure]:
        (work.folder / "left").write_text("a file that nobody deletes")
        yield FAST.reads(value, peer_value=2.0, note="one round", is_judged=is_judged)

    return Benchmark("speed", "1 s", (FAST,), measure)


def failing(fault: BaseException) -> Benchmark:
    def measure(work: Work) -> Iterable[Figure]:
        (work.folder / "left").write_text("a file that nobody deletes")
        raise fault
        yield  # a generator, as the others

    return Benchmark("broken", "1 s", (FREE,), measure)


def facts(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_figure_is_one_object_a_line_with_its_peer_and_target(
    says: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(reading(4.0))
    assert main(["bench", "--json", "--folder", str(tmp_path)]) == 0
    assert facts(capsys) == [
        {
            "name": "fast",
            "value": 4,
            "unit": "ms",
            "peer": "a rival",
            "peer_value": 2,
            "ratio": 2,
            "target": 5,
            "is_met": True,
            "note": "one round",
        }
    ]


def test_a_missed_target_is_said_and_exits_with_1(
    says: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(reading(5.5))
    assert main(["bench", "--folder", str(tmp_path)]) == 1
    assert "MISSED" in capsys.readouterr().out


def test_a_figure_of_too_little_work_is_held_against_no_target(
    says: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(reading(5.5, is_judged=False))
    assert main(["bench", "--quick", "--json", "--folder", str(tmp_path)]) == 0
    (fact,) = facts(capsys)
    assert (fact["target"], fact["is_met"]) == (None, None)
    assert str(fact["note"]).startswith("short form")


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError("disk"), None])
def test_nothing_is_left_behind_however_it_ends(
    says: Say, tmp_path: Path, fault: BaseException | None
) -> None:
    says(failing(fault) if fault else reading(1.0))
    before = signal.getsignal(signal.SIGTERM)
    if isinstance(fault, OSError):
        with pytest.raises(OSError, match="disk"):
            main(["bench", "--folder", str(tmp_path)])
    else:
        assert main(["bench", "--folder", str(tmp_path)]) == (130 if fault else 0)
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_termination_ends_it_as_ctrl_c_does(says: Say, tmp_path: Path) -> None:
    def measure(_work: Work) -> Iterable[Figure]:
        signal.raise_signal(signal.SIGTERM)
        yield FREE.reads(1.0)

    says(Benchmark("long", "1 hour", (FREE,), measure))
    assert main(["bench", "--folder", str(tmp_path)]) == 130
    assert list(tmp_path.iterdir()) == []


def test_only_the_named_benchmarks_run(
    says: Say, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says(failing(AssertionError("it was not asked for")), reading(1.0))
    assert main(["bench", "speed", "--json", "--folder", str(tmp_path)]) == 0
    assert [fact["name"] for fact in facts(capsys)] == ["fast"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "There is no benchmark nonsense"),
        (["--folder", "does-not-exist"], "cannot be written"),
    ],
)
def test_wrong_use_is_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1


def test_the_list_names_every_figure_and_runs_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["bench", "--list", "--folder", str(tmp_path / "not there")]) == 0
    told = capsys.readouterr().out
    for one in registry.BENCHMARKS:
        for gauge in one.gauges:
            assert gauge.measures in told


def test_names_are_given_once() -> None:
    benchmarks = registry.BENCHMARKS
    names = [one.name for one in benchmarks]
    figures = [gauge.name for one in benchmarks for gauge in one.gauges]
    assert len(set(names)) == len(names)
    assert len(set(figures)) == len(figures)


def test_a_disk_without_room_is_said_before_anything_is_recorded(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="GB of disk"):
        Work(tmp_path).require_room(10**18)


def test_a_benchmark_runs_without_qt(tmp_path: Path) -> None:
    done = run("bench", "size", "--quick", "--json", "--folder", tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["name"] == "size"
    assert list(tmp_path.iterdir()) == []
