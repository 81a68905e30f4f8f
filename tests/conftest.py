"""What every test gets: an offscreen Qt, a data folder of its own, ../shared, no leaked thread.

Knows the environment of the tests. Must not know any room of the program.
"""

import os
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
import pytest

# Qt and matplotlib read these once, at import: they must stand before any test module is collected.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("MPLBACKEND", "Agg")
# No test may reach the keyring of a person; the processes it starts inherit this.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
THREAD_GRACE_S = 2.0

# Whether a change may land must not depend on luck: the usual run repeats itself. New examples are
# looked for on purpose, with VIGIL_THOROUGH.
hypothesis.settings.register_profile(
    "usual", max_examples=50, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("thorough", max_examples=300, deadline=None, print_blob=True)
hypothesis.settings.load_profile("thorough" if os.environ.get("VIGIL_THOROUGH") else "usual")


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point VIGIL_DATA at an empty folder, so that no test can reach the records of a person."""
    monkeypatch.setenv("VIGIL_DATA", str(tmp_path / "vigil-data"))


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    """Fail a test that leaves a thread running; one that is just ending gets a moment."""
    before = set(threading.enumerate())
    yield
    give_up = time.monotonic() + THREAD_GRACE_S
    leaked = [thread for thread in threading.enumerate() if _is_ours(thread, before)]
    for thread in leaked:
        thread.join(max(0.0, give_up - time.monotonic()))
    names = [thread.name for thread in leaked if thread.is_alive()]
    assert not names, f"threads left running: {names}"


def _is_ours(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    # Qt's own threads show up as Dummy-N once they call Python; tqdm keeps one thread for good.
    foreign = thread.name.startswith("Dummy-") or type(thread).__module__.startswith("tqdm")
    return thread not in before and not foreign


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder beside the checkout that holds bytes of real devices and real traces."""
    if not SHARED.is_dir():
        pytest.skip("the folder shared does not stand beside this checkout")
    return SHARED


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _refuse_needless_skip(report: Report) -> Report:
    """Turn a skip "for want of shared" into a failure when the folder is there."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    if report.skipped and SHARED.is_dir() and "shared" in reason.lower():
        report.outcome = "failed"
        report.longrepr = f"skipped although {SHARED} exists: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_needless_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_needless_skip((yield))
