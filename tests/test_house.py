"""House rules that no linter knows: what may stand in a file, how large it is, what it loads.

Knows the folder of the project as text and starts Python on it. Must not import the program itself.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("monitor", "devices", "ui", "resources", "tests")
TOP_LEVEL = {
    *ROOMS, ".ci", ".git", ".gitattributes", ".gitignore", ".pre-commit-config.yaml",
    "CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "requirements-dev.txt",
    "requirements.txt", "start.py",
}  # fmt: skip
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
TEXT = {".py", ".md", ".toml", ".txt", ".yaml", ".json", ".csv", ".html", ".svg", ".mako", ""}
MOST_LINES = 350
# In pieces, so that this file does not name what it looks for.
REGISTRY_HOSTS = [
    "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com",
    "cra" + "tes.io", "ana" + "conda.org", "deb." + "debian.org", "archive." + "ubuntu.com",
    "files" + ".python",
]  # fmt: skip
MACHINE_PATH = re.compile(
    r"(?<![\w.:~/*])/(?:work|root|opt|home/[a-z]+|Users/\w+|mnt|usr/local)/[\w.]|\b[A-Z]:\\+Users\\"
)
UNEXPLAINED = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?::\s*[A-Z0-9, ]+|\[[\w, -]+\])?\s*$")


def is_ignored(path: Path) -> bool:
    return any(fnmatch(part, pattern) for part in path.parts for pattern in IGNORED)


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project that git would keep, relative to its root."""
    for top in sorted(ROOT.iterdir()):
        if top.name != ".git" and not is_ignored(Path(top.name)):
            for path in [top] if top.is_file() else sorted(top.rglob("*")):
                kept = path.is_file() and not is_ignored(path.relative_to(ROOT))
                if kept and (not suffixes or path.suffix in suffixes):
                    yield path.relative_to(ROOT)


def lines_of(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def found(pattern: re.Pattern[str], paths: Iterator[Path]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:90]}"
        for path in paths
        for number, line in enumerate(lines_of(path), 1)
        if pattern.search(line)
    ]


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def named(requirements: list[str]) -> set[str]:
    return {re.split(r"[ <>=!~;\[]", line)[0].lower() for line in requirements}


def pins(name: str) -> dict[str, str]:
    """Return each locked package with its versions (markers and all) in one string."""
    pinned: dict[str, str] = {}
    for line in lines_of(Path(name)):
        if "==" in line:
            package, rest = line.rstrip(" \\").split("==", 1)
            pinned[package] = f"{pinned.get(package, '')}{rest};"
    return pinned


def test_the_top_level_shows_only_what_the_customer_fixed_and_what_tools_expect() -> None:
    there = {path.name for path in ROOT.iterdir() if not is_ignored(Path(path.name))}
    assert there <= TOP_LEVEL


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile("|".join(map(re.escape, REGISTRY_HOSTS)), re.IGNORECASE)
    assert found(hosts, files(*TEXT)) == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert found(MACHINE_PATH, files(*TEXT)) == []
    assert found(re.compile(re.escape(str(ROOT))), files(*TEXT)) == []


def test_no_file_of_the_program_is_longer_than_a_person_can_hold() -> None:
    sizes = {path: len(lines_of(path)) for path in files(".py") if path.parts[0] != "tests"}
    assert {str(path): size for path, size in sizes.items() if size > MOST_LINES} == {}


def test_every_exception_from_a_check_says_why_on_its_line() -> None:
    assert found(UNEXPLAINED, files(".py")) == []


def test_every_python_file_opens_with_what_it_is() -> None:
    with_text = (path for path in files(".py") if any(lines_of(path)))
    assert [str(path) for path in with_text if not lines_of(path)[0].startswith(('"""', "#"))] == []


LOAD_ALL = """
import importlib, pkgutil, sys
for room in ("monitor", "devices"):
    package = importlib.import_module(room)
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        # env.py runs only inside Alembic; the kit is for tests of drivers
        if not module.name.endswith(".env") and module.name != "devices.testing":
            importlib.import_module(module.name)
            print(module.name)
print("loaded:", sorted(sys.modules.keys() & {"PySide6", "shiboken6", "pyqtgraph"}))
"""


def test_importing_the_core_and_the_devices_loads_no_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *modules, loaded = done.stdout.splitlines()
    assert {"monitor.readings", "devices.driver"} <= set(modules)
    assert loaded == "loaded: []"


def test_importing_the_command_line_loads_no_qt() -> None:
    code = "import sys, ui.cli; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_package_has_a_hash_and_no_line_is_an_option_of_pip(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.sub(r"\\\n\s*", " ", text).splitlines()[1:]
    assert entries
    one = re.compile(r"[a-z0-9-]+==[\w.+]+( ; [^-]+)?( --hash=sha256:[0-9a-f]{64})+")
    assert [entry for entry in entries if not one.fullmatch(re.sub(" +", " ", entry))] == []


def test_the_lock_for_tests_is_the_lock_of_the_program_and_more() -> None:
    program, tests = pins("requirements.txt"), pins("requirements-dev.txt")
    assert program.items() <= tests.items()


def test_every_package_that_pyproject_names_is_locked() -> None:
    extras = project()["optional-dependencies"]
    program = named(project()["dependencies"] + extras["setup"])
    assert program <= pins("requirements.txt").keys()
    assert named(extras["dev"]) <= pins("requirements-dev.txt").keys()


def test_every_package_that_pyproject_names_says_what_it_is_for() -> None:
    extras = project()["optional-dependencies"]
    wanted = named(sum(extras.values(), project()["dependencies"]))
    table = [line for line in lines_of(Path("resources/docs/dependencies.md")) if "|" in line]
    told = {name.lower() for line in table for name in line.split("|")[1].strip().split(", ")}
    assert wanted <= told
    assert told - wanted <= {"package", "---"}
