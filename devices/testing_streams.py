"""Bytes as bad wires give them: cut anywhere, torn, repeated, drowned in garbage.

Knows samples of a device and seeded dice. Must not know drivers; only tests import it.
"""

import random
from collections.abc import Iterable
from itertools import pairwise

GARBAGE_BYTES = 1_000_000
PIECE_BYTES = 997


def cut(stream: bytes, points: Iterable[int]) -> list[bytes]:
    """Cut a stream at ``points``; equal points give empty pieces, as timeouts do."""
    marks = [0, *sorted(min(max(point, 0), len(stream)) for point in points), len(stream)]
    return [stream[a:b] for a, b in pairwise(marks)]


def garbage_before(sample: bytes, *, has_noise: bool) -> list[bytes]:
    """Return what may stand before a good frame: noise, torn frames, runs of one byte."""
    dice = random.Random(3)
    torn = [sample[:at] for at in (1, 2, 5, len(sample) // 2, len(sample) - 1)]
    tails = [sample[at:] for at in (1, len(sample) // 3)]
    runs = [bytes([byte]) * 300 for byte in (0x00, 0x02, 0x7D, 0x7E, 0xFF)]
    noise = [dice.randbytes(dice.randrange(1, 3000)) for _ in range(10)]
    return [*torn, *tails, *runs, *(noise if has_noise else ())]


def damaged(sample: bytes, *, has_noise: bool) -> list[bytes]:
    """Return the sample between and inside garbage, doubled and torn."""
    return [
        before + sample + before + sample[len(sample) // 2 :] + sample
        for before in garbage_before(sample, has_noise=has_noise)
    ]


def floods(sample: bytes) -> list[bytes]:
    """Return 1 MB of garbage of each kind: noise, one byte for ever, frames without an end."""
    dull = [b"\x00", b"\x02", b"\x7d", b"\x7e", b"\x7e\x80", b"\xff", b"0", b"\r", b"\n"]
    endless = sample[: len(sample) // 2] + b"0" * GARBAGE_BYTES
    long = [endless[:GARBAGE_BYTES], *(byte * (GARBAGE_BYTES // len(byte)) for byte in dull)]
    return [random.Random(4).randbytes(GARBAGE_BYTES), *long]


def pieces(stream: bytes) -> Iterable[bytes]:
    """Cut a stream as a busy reader gets it."""
    return (stream[at : at + PIECE_BYTES] for at in range(0, len(stream), PIECE_BYTES))
