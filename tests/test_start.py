"""start.py without a network: what it asks for, names and starts, and when it does nothing.

Knows start.py only. Must not know the program that it starts.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import start

HEADLESS = ["demo", "--headless"]


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("win32", {}, True),
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_a_linux_without_a_display_variable_has_no_display(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert start.has_display(platform, environment) is expected


@pytest.mark.parametrize(
    ("arguments", "display", "expected"),
    [
        ([], True, ["demo"]),
        ([], False, HEADLESS),
        (["demo", "--chairs", "2"], False, ["demo", "--chairs", "2"]),
        (["devices", "--json"], True, ["devices", "--json"]),
    ],
)
def test_without_arguments_the_demo_starts_and_any_other_arguments_pass_through(
    arguments: list[str], display: bool, expected: list[str]
) -> None:
    assert start.vigil_arguments(arguments, display) == expected


def test_only_a_command_that_opens_a_window_asks_for_the_libraries_of_windows() -> None:
    assert start.libraries_for([], display=True) == start.WINDOW
    assert start.libraries_for(["demo", "--speed", "max"], display=True) == start.WINDOW
    assert start.libraries_for(HEADLESS, display=True) == {}
    assert start.libraries_for([], display=False) == {}
    assert start.libraries_for(["sessions"], display=True) == {}


def test_the_tests_ask_for_the_offscreen_libraries_with_or_without_a_display() -> None:
    for display in (True, False):
        assert start.libraries_for(["test"], display) == start.OFFSCREEN
    assert start.OFFSCREEN.items() < start.WINDOW.items()


def test_a_library_that_the_loader_finds_is_not_missing_and_one_it_does_not_find_is() -> None:
    libraries = {"libc.so.6" if sys.platform == "linux" else "": "c", "libno-such.so.9": "nothing"}
    assert "nothing" in start.missing(libraries)
    assert sys.platform != "linux" or "c" not in start.missing(libraries)


def test_debians_split_of_venv_is_named_with_the_version_of_this_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert start.missing({}) == [f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("", "rebuild"),  # a first run, an interrupted one, or somebody else's environment
        ("other-python\nwanted", "rebuild"),
        ("this-python\nold", "install"),
        ("this-python\nwanted", "nothing"),
        ("this-python\nprogram\nwanted", "nothing"),
    ],
)
def test_the_stamp_decides_between_nothing_installing_and_building_anew(
    stamp: str, expected: str
) -> None:
    assert start.still_to_do(stamp, "this-python", "wanted") == expected


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that start.py takes for its checkout, under a name as people have them."""
    here = tmp_path / "Vigil Prüfung"
    venv = here / ".venv"
    (venv / "packages").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml", ".venv/python"):
        (here / name).write_text(name, encoding="utf-8")
    places = {
        "HERE": here, "VENV": venv, "STAMP": venv / "stamp", "PYTHON": venv / "python",
        "PACKAGES": venv / "packages", "SCRIPTS": venv,
        "PROGRAM": here / "requirements.txt", "TESTS": here / "requirements-dev.txt",
    }  # fmt: skip
    for name, place in places.items():
        monkeypatch.setattr(start, name, place)
    return here


@pytest.fixture
def steps(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that collects the steps a set-up takes instead of taking them."""
    taken: list[str] = []

    def take(command: Sequence[str | Path], _advice: str) -> None:
        known = {"venv": "make", "--require-hashes": "requirements", "-e": "project"}
        taken.extend(step for word, step in known.items() if word in command)
        assert not start.STAMP.exists(), "a run that is cut off here would pass for a finished one"

    monkeypatch.setattr(start, "run_quietly", take)
    return taken


def test_the_second_run_does_nothing(steps: list[str]) -> None:
    start.prepare(start.PROGRAM)
    assert steps == ["make", "requirements", "project"]
    start.prepare(start.PROGRAM)
    assert steps == ["make", "requirements", "project"]


def test_the_tests_add_to_the_environment_of_the_program_and_serve_it_too(steps: list[str]) -> None:
    start.prepare(start.PROGRAM)
    steps.clear()
    start.prepare(start.TESTS)
    assert steps == ["requirements", "project"]
    steps.clear()
    start.prepare(start.PROGRAM)
    assert steps == []


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml"])
def test_changed_requirements_are_installed_into_the_same_environment(
    steps: list[str], checkout: Path, name: str
) -> None:
    start.prepare(start.PROGRAM)
    steps.clear()
    (checkout / name).write_text("something newer", encoding="utf-8")
    start.prepare(start.PROGRAM)
    assert steps == ["requirements", "project"]


def test_a_run_that_broke_off_is_begun_anew(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start.prepare(start.PROGRAM)
    (start.HERE / "requirements.txt").write_text("something newer", encoding="utf-8")
    with monkeypatch.context() as broken:

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(start, "pip_install", stop)
        with pytest.raises(KeyboardInterrupt):
            start.prepare(start.PROGRAM)
    steps.clear()
    start.prepare(start.PROGRAM)
    assert steps == ["make", "requirements", "project"]


def test_an_environment_whose_python_is_gone_is_made_anew(steps: list[str]) -> None:
    start.prepare(start.PROGRAM)
    steps.clear()
    start.PYTHON.unlink()
    start.prepare(start.PROGRAM)
    assert steps[0] == "make"


def test_the_path_file_is_relative_and_plain_ascii_below_a_folder_with_an_umlaut(
    checkout: Path,
) -> None:
    pth = start.PACKAGES / "_editable_impl_vigil.pth"
    pth.write_text(str(checkout), encoding="utf-8")
    start.point_to_checkout()
    assert (
        start.PACKAGES / pth.read_text(encoding="ascii").strip()
    ).resolve() == checkout.resolve()


def test_a_step_that_fails_shows_its_last_lines_and_the_advice() -> None:
    failing = [sys.executable, "-c", "print('no space left'); raise SystemExit(3)"]
    with pytest.raises(start.SetupError, match=r"(?s)no space left.*free some space"):
        start.run_quietly(failing, "free some space")


def test_each_package_is_named_as_it_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    start.run_quietly([sys.executable, "-c", "print('Collecting numpy==2.4.6 (from x)')"], "")
    assert capsys.readouterr().err == "  numpy 2.4.6\n"


needs_posix = pytest.mark.skipif(os.name != "posix", reason="apt-get and its rights exist on Linux")


@needs_posix
def test_without_rights_the_one_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(start.SetupError, match=r"sudo apt-get install .*libegl1 libgl1$"):
        start.install_system(["libegl1", "libgl1"])


@needs_posix
def test_as_root_the_packages_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    monkeypatch.setattr("shutil.which", lambda _name: "apt-get")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("DEBIAN_FRONTEND", "")
    monkeypatch.setattr(start, "run_quietly", lambda command, _: ran.append(" ".join(command)))
    start.install_system(["libegl1"])
    assert ran[0] == "apt-get update"
    assert ran[1].startswith("apt-get install -y")
    assert ran[1].endswith(" libegl1")


def test_another_distribution_is_told_the_names_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    start.install_system(["libegl1"])
    assert "libegl1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("codes", "expected"), [([0, 0, 0, 0, 0], 0), ([1, 0, 0, 0, 0], 1), ([0, 0, 0, 0, 1], 1)]
)
def test_all_five_checks_run_and_one_failure_fails_the_whole(
    codes: list[int], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, str]] = []

    def call(command: Sequence[str | Path], cwd: Path, env: dict[str, str]) -> int:
        ran.append((Path(command[0]).name, env["QT_QPA_PLATFORM"]))
        return codes[len(ran) - 1]

    monkeypatch.setattr("subprocess.call", call)
    assert start.run_checks(["-k", "alarm"]) == expected
    names = ["ruff", "ruff", "mypy", "lint-imports", "pytest"]
    assert ran == [(name, "offscreen") for name in names]


def test_a_fault_that_a_person_can_mend_is_one_text_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_requirements: Path) -> None:
        raise start.SetupError("the disk is full")

    monkeypatch.setattr(start, "prepare", fail)
    monkeypatch.setattr(start, "install_system", lambda _packages: None)
    assert start.main(["devices"]) == 2
    assert capsys.readouterr().err == "the disk is full\n"


def test_an_old_python_is_refused_in_one_sentence() -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 2); "
        f"runpy.run_path({str(start.HERE / 'start.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Vigil needs Python 3.11 or newer, this is 3.9")
    assert done.stderr.count("\n") == 1
