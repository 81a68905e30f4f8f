"""The disk fails at the n-th write or sync, for every n: all rows must be there in the end.

Run it on Linux with strace: ``python tests/bench/nth_fault.py [--rows N] [--most N]``. SQLite's
own way of testing: the same short recording, from the making of the database on, again and again,
with the first, second, third ... call failing once, until it comes to its end untouched.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ui.bench.judging import judge

FAULTS = (
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("fsync,fdatasync", "EIO"),
    ("ftruncate", "EIO"),
    ("unlink", "EIO"),
)
WRITE = """
import sys
from pathlib import Path
from ui.bench.writing import write
sys.exit(1 if write(Path(sys.argv[1]), lambda numbers: None, int(sys.argv[2])) else 0)
"""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=60)
    words.add_argument("--most", type=int, default=1000, help="so many n per fault at most")
    words.add_argument("--first", type=int, default=1)
    options = words.parse_args()
    if shutil.which("strace") is None:
        sys.exit("nth_fault: strace is needed, which makes the calls fail.")
    began, bad, figures = time.monotonic(), 0, {}
    for calls, error in FAULTS:
        faults, misses = one_kind(calls, error, options)
        figures[f"{calls} {error}"] = faults
        bad += len(misses)
        for miss in misses:
            print(f"{calls} {error}: {miss}", file=sys.stderr)
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"injected": figures, "bad": bad, "seconds": seconds}))
    sys.exit(1 if bad else 0)


def one_kind(calls: str, error: str, options: argparse.Namespace) -> tuple[int, list[str]]:
    """Let each call of a kind fail in turn; return how many did, and what went wrong."""
    misses: list[str] = []
    for n in range(options.first, options.first + options.most):
        with tempfile.TemporaryDirectory() as name:
            was_injected, miss = one_run(Path(name), calls, f"error={error}:when={n}", options.rows)
        if not was_injected:
            return n - options.first, misses
        misses += [f"n={n}: {miss}"] if miss else []
    return options.most, misses


def one_run(folder: Path, calls: str, fault: str, rows: int) -> tuple[bool, str]:
    """Record with one fault; say whether it came to it, and what is wrong afterwards."""
    trace, data = folder / "trace", folder / "data"
    words = ["strace", "-f", "--seccomp-bpf", "-o", trace, "-e", f"trace={calls}"]
    words += ["-e", f"inject={calls}:{fault}", sys.executable, "-c", WRITE, data, str(rows)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    except subprocess.TimeoutExpired:
        return True, "it did not end"
    was_injected = "(INJECTED)" in trace.read_text(encoding="utf-8", errors="replace")
    if done.returncode:
        return was_injected, f"exit {done.returncode}: {done.stderr[-300:]}"
    verdict = judge(data, set(range(1, rows + 1)))
    return was_injected, "" if verdict.is_good else str(verdict)


if __name__ == "__main__":
    main()
