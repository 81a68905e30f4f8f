"""The escaped splitter: offsets, chunking, bounded memory.

Knows the GE figures of the framing, as an example. Must not know records.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.framing import EscapedFraming, EscapedSplitter, Frame, Overlong, escape, unescape

GE = EscapedFraming(flag=0x7E, escape=0x7D, bit=0x20, longest=20)
FLAG = b"\x7e"


def split(*pieces: bytes) -> list[Frame | Overlong]:
    splitter = EscapedSplitter(GE)
    return [run for piece in pieces for run in splitter.feed(piece)]


def test_a_frame_has_the_offset_of_its_opening_flag() -> None:
    assert split(b"~abc~~de~") == [
        Frame(0, b"abc", b"abc", False),
        Frame(5, b"de", b"de", False),
    ]


def test_a_shared_flag_closes_one_frame_and_opens_the_next() -> None:
    assert [(run.offset, run.raw) for run in split(b"~abc~de~")] == [(0, b"abc"), (4, b"de")]


def test_bytes_before_the_first_flag_are_the_tail_of_a_frame_not_seen() -> None:
    assert split(b"tail of something much longer than a frame~a~") == [Frame(42, b"a", b"a", False)]


def test_empty_runs_are_nothing() -> None:
    assert split(FLAG * 1000) == []


@pytest.mark.parametrize(
    ("raw", "payload", "is_cut"),
    [
        (b"a\x7d\x5eb", b"a\x7eb", False),
        (b"\x7d\x5d", b"\x7d", False),
        (b"\x7d\x7d\x7d\x7d", b"\x7d\x7d", False),
        (b"\x7d\x41", b"\x61", False),
        (b"a\x7d", b"a", True),
        (b"\x7d", b"", True),
    ],
)
def test_after_an_escape_the_bit_is_set_in_the_next_byte(
    raw: bytes, payload: bytes, is_cut: bool
) -> None:
    assert unescape(raw, GE) == (payload, is_cut)
    assert split(FLAG + raw + FLAG) == [Frame(0, payload, raw, is_cut)]


def test_the_longest_frame_is_told_even_when_every_byte_is_escaped() -> None:
    assert split(escape(b"\x7e" * 20, GE)) == [Frame(0, b"\x7e" * 20, b"\x7d\x5e" * 20, False)]


def test_a_frame_one_byte_too_long_is_told_as_overlong() -> None:
    assert split(b"~" + b"x" * 21 + b"~y~") == [
        Overlong(0, b"x" * 21),
        Frame(22, b"y", b"y", False),
    ]


def test_an_endless_run_is_told_once_at_once_and_dropped_to_the_next_flag() -> None:
    splitter = EscapedSplitter(GE)
    assert splitter.feed(b"~" + b"x" * 40) == []
    assert splitter.feed(b"x") == [Overlong(0, b"x" * 40)]
    assert splitter.buffered == 0
    assert splitter.feed(b"x" * 100_000) == []
    assert splitter.buffered == 0
    assert splitter.feed(b"~ok~") == [Frame(100_042, b"ok", b"ok", False)]


def test_reset_forgets_half_a_frame_and_goes_on_counting() -> None:
    splitter = EscapedSplitter(GE)
    splitter.feed(b"~half")
    assert splitter.buffered == 4
    splitter.reset()
    assert splitter.buffered == 0
    assert splitter.feed(b"rest~new~") == [Frame(9, b"new", b"new", False)]


@given(st.binary(max_size=20))
def test_escape_and_split_are_inverse(payload: bytes) -> None:
    found = split(escape(payload, GE))
    assert [run.payload for run in found if isinstance(run, Frame)] == [payload] * bool(payload)


tricky_bytes = st.lists(st.sampled_from(b"\x7e\x7d\x5e\x5dab\x00"), max_size=200).map(bytes)


@given(tricky_bytes, st.lists(st.integers(0, 200)))
def test_any_chunking_gives_the_same_runs(stream: bytes, points: list[int]) -> None:
    marks = [0, *sorted(points), len(stream)]
    pieces = [stream[a:b] for a, b in pairwise(marks)]
    assert split(*pieces) == split(stream) == split(*(bytes([byte]) for byte in stream))
