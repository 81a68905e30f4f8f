"""How many rows are lost when a recorder is killed: none of those it said it had.

Run it: ``python tests/bench/kills.py [--kills N] [--folder DIR]``. A recorder with the encrypted
database writes as fast as it may and is killed with -9 at a random moment, N times (200), most
often while it writes, sometimes while it opens. Prints one JSON object; exit 1 when a row is lost.
"""

import argparse
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from writing import NUMBER, Verdict, judge, write

KILLS_PER_FOLDER = 20
LONGEST_LIFE_S = 0.25
SHARE_KILLED_WHILE_OPENING = 0.2


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--folder", type=Path)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--control", action="store_true", help="a recorder that lies: must fail")
    options = words.parse_args()
    chance = random.Random(options.seed)
    began, total, kills, opening = time.monotonic(), Verdict(), 0, 0
    while kills < options.kills:
        some = min(KILLS_PER_FOLDER, options.kills - kills)
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            verdict, early, integrity = one_folder(Path(folder), some, chance, lies=options.control)
        total.add(verdict)
        total.integrity_failures += integrity
        kills, opening = kills + some, opening + early
    figures = asdict(total)
    print(
        json.dumps(
            {
                "kills": kills,
                "of_these_while_opening": opening,
                "acknowledged_rows": figures.pop("acknowledged"),
                **figures,
                "seconds": round(time.monotonic() - began, 1),
            }
        )
    )
    sys.exit(0 if total.is_good else 1)


def one_folder(
    folder: Path, kills: int, chance: random.Random, *, lies: bool
) -> tuple[Verdict, int, int]:
    """Kill so many recorders in one folder, each going on where the one before was killed.

    Returns the last verdict, how many died while opening, and how often the database was damaged
    after one of the kills before.
    """
    acknowledged: set[int] = set()
    verdict, early, damaged = Verdict(), 0, 0
    for _ in range(kills):
        damaged += verdict.integrity_failures
        waits = chance.random() >= SHARE_KILLED_WHILE_OPENING
        told = one_life(folder, chance.random() * LONGEST_LIFE_S, waits_for_rows=waits, lies=lies)
        early += not told
        acknowledged |= told
        verdict = judge(folder, acknowledged)
    return verdict, early, damaged


def one_life(folder: Path, life_s: float, *, waits_for_rows: bool, lies: bool) -> set[int]:
    """Let a recorder live and kill it; return the numbers of the rows it acknowledged."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            write(folder, tell, lies=lies)
        finally:
            os._exit(3)
    os.close(tell)
    if waits_for_rows:
        select.select([hear], [], [], 20)
    time.sleep(life_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(hear, "rb") as pipe:
        data = pipe.read()
    whole = len(data) - len(data) % NUMBER.size
    return {number for (number,) in NUMBER.iter_unpack(data[:whole])}


if __name__ == "__main__":
    main()
