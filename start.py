"""Set Vigil up on a computer that has only Python, then start it or, with "test", check it.

Knows the virtual environment, the locked requirements and the system libraries that Qt asks for.
Must not import the program, nor anything beyond the standard library.
"""

import sys

if sys.version_info < (3, 11):
    print(
        f"Vigil needs Python 3.11 or newer, this is {sys.version_info[0]}.{sys.version_info[1]}: "
        "install a newer one and start this file with it, for example: python3.11 start.py",
        file=sys.stderr,
    )
    sys.exit(2)

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sysconfig
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "set-up-by-start.txt"
PROGRAM, TESTS = HERE / "requirements.txt", HERE / "requirements-dev.txt"
LAYOUT = {"base": str(VENV), "platbase": str(VENV)}
SCRIPTS = Path(sysconfig.get_path("scripts", "venv", LAYOUT))
PACKAGES = Path(sysconfig.get_path("purelib", "venv", LAYOUT))
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")

# Shared libraries that the PySide6 wheels leave to the system, and the Debian and Ubuntu package
# of each (measured on bare roots: resources/docs/decisions/0001-one-script-sets-everything-up.md).
OFFSCREEN = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libpulse.so.0": "libpulse0",
    "libXrandr.so.2": "libxrandr2",  # for QtMultimedia's backend, with or without a window
}
WINDOW = OFFSCREEN | {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class SetupError(Exception):
    """Something a person can mend; the message says what and how."""


def main(arguments: Sequence[str]) -> int:
    """Set up what the arguments need, run it, and return its exit code."""
    try:
        testing = list(arguments[:1]) == ["test"]
        display = has_display(sys.platform, os.environ)
        if sys.platform == "linux":
            install_system(missing(libraries_for(arguments, display)))
        prepare(TESTS if testing else PROGRAM)
        if testing:
            return run_checks(arguments[1:])
        return subprocess.call([SCRIPTS / "vigil", *vigil_arguments(arguments, display)])
    except SetupError as error:
        say(f"{error}")
        return 2
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """Tell the person; standard output belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


def has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Return whether a window can open: always on Windows and macOS."""
    return platform != "linux" or any(environment.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY"))


def vigil_arguments(arguments: Sequence[str], display: bool) -> list[str]:
    """Return what vigil is started with: by default the demo, in a window if there can be one."""
    return list(arguments) or ["demo", *([] if display else ["--headless"])]


def libraries_for(arguments: Sequence[str], display: bool) -> Mapping[str, str]:
    """Return the libraries (name of the file: package) without which the command cannot work."""
    if arguments[:1] == ["test"]:
        return OFFSCREEN
    opens_window = not arguments or (arguments[0] == "demo" and "--headless" not in arguments)
    return WINDOW if display and opens_window else {}


def missing(libraries: Mapping[str, str]) -> list[str]:
    """Return the packages this computer lacks, Debian's separate python3-venv among them."""
    packages = [package for name, package in libraries.items() if not can_load(name)]
    if importlib.util.find_spec("ensurepip") is None:
        packages.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return packages


def can_load(name: str) -> bool:
    """Ask the loader itself: it knows every distribution's folders, a package database does not."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_system(packages: Sequence[str]) -> None:
    """Install packages with apt-get as root; else name the one command that does.

    Without apt-get the libraries are named and the set-up goes on: Qt says what it cannot load.
    """
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        say(f"This system lacks (by their Debian names) {names}: install them if the start fails.")
        return
    install = f"apt-get install -y --no-install-recommends {names}"
    advice = f"type this, then the same command again:\n  sudo apt-get update && sudo {install}"
    if os.geteuid() != 0:
        raise SetupError(f"System packages are missing; {advice}")
    say(f"Installing system packages: {names}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run_quietly(["apt-get", "update"], f"The package lists could not be fetched; {advice}")
    run_quietly(install.split(), f"System packages could not be installed; {advice}")


def prepare(requirements: Path) -> None:
    """Bring .venv to the locked requirements, quickly if it is there already.

    The stamp is written last and removed first: a half-made environment has none and is made anew.
    """
    stamp = STAMP.read_text(encoding="utf-8") if STAMP.exists() and PYTHON.exists() else ""
    todo = still_to_do(stamp, basis(), digest(requirements))
    if todo == "nothing":
        return
    STAMP.unlink(missing_ok=True)
    if todo == "rebuild":
        say(f"Making the virtual environment {VENV}")
        run_quietly([sys.executable, "-m", "venv", "--clear", VENV], f"{VENV} cannot be made")
    say(f"Fetching the packages of {requirements.name}; the first time this takes some minutes")
    pip_install("--require-hashes", "-r", str(requirements))
    say("Installing Vigil itself")
    pip_install("--no-index", "--no-deps", "--no-build-isolation", "-e", str(HERE))
    point_to_checkout()
    files = {PROGRAM, requirements}  # the second contains the first
    STAMP.write_text("\n".join([basis(), *map(digest, files)]), encoding="utf-8")


def still_to_do(stamp: str, basis: str, wanted: str) -> str:
    """Return "nothing", "install" or "rebuild" for what the stamp says was finished."""
    lines = stamp.split()
    if lines[:1] != [basis]:
        return "rebuild"
    return "nothing" if wanted in lines[1:] else "install"


def basis() -> str:
    """Return what a virtual environment is tied to: this Python and this folder."""
    return hashlib.sha256(f"{sys.version} {sys.base_prefix} {HERE}".encode()).hexdigest()


def digest(requirements: Path) -> str:
    """Return a fingerprint of the requirements and of the project's own description."""
    text = requirements.read_bytes() + (HERE / "pyproject.toml").read_bytes()
    return hashlib.sha256(requirements.name.encode() + text).hexdigest()


def pip_install(*what: str) -> None:
    """Run pip of the virtual environment, naming each package as it is fetched."""
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        *what,
    ]
    run_quietly(command, "pip failed: mend what it says above, then type the same command again")


def run_quietly(command: Sequence[str | Path], advice: str) -> None:
    """Run a step of the set-up; show its last lines, and the advice, only when it fails."""
    last: deque[str] = deque(maxlen=12)
    pipe, merged = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(
        command, stdout=pipe, stderr=merged, encoding="utf-8", errors="replace"
    ) as process:
        for line in process.stdout or ():
            last.append(line)
            if line.startswith("Collecting "):
                say(f"  {line.split()[1].replace('==', ' ')}")
    if process.returncode:
        raise SetupError("".join(last) + advice)


def point_to_checkout() -> None:
    """Let Python find the checkout by a relative path.

    pip writes it absolute in UTF-8, which Python before 3.13 reads in the code page of Windows:
    in a folder with an umlaut no module would be found.
    """
    for pth in PACKAGES.glob("*vigil.pth"):
        pth.write_text(os.path.relpath(HERE, PACKAGES) + "\n", encoding="ascii")


def run_checks(pytest_arguments: Sequence[str]) -> int:
    """Run every check, also after one failed; return 1 if any did."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    results = {}
    for title, command in {
        "lint": ["ruff", "check", "."],
        "format": ["ruff", "format", "--check", "."],
        "types": ["mypy"],
        "import contracts": ["lint-imports"],
        "tests": ["pytest", "-n", "2", *pytest_arguments],
    }.items():
        print(f"\n--- {title}: {' '.join(command)}", flush=True)
        began = time.monotonic()
        code = subprocess.call([SCRIPTS / command[0], *command[1:]], cwd=HERE, env=environment)
        results[title] = f"{'FAILED' if code else 'ok'} in {time.monotonic() - began:.0f} s"
    print("\n" + ", ".join(f"{title} {result}" for title, result in results.items()), flush=True)
    return int(any(result.startswith("FAILED") for result in results.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
