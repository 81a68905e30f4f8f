"""Cut a byte stream into frames: the splitters that drivers share.

Knows flags, escapes, byte offsets and longest lengths. Must not know what a frame means.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EscapedFraming:
    """The figures of a flag-delimited, byte-stuffed protocol.

    ``longest``: most bytes between two flags after un-escaping. After ``escape`` the ``bit`` is
    set in the next byte, and every byte may be escaped, so on the wire twice as many are legal.
    """

    flag: int
    escape: int
    bit: int
    longest: int


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood between two flags, un-escaped, and what of it was seen on the wire.

    ``offset``: place of the opening flag in the stream. ``is_cut``: it ended inside an escape.
    """

    offset: int
    payload: bytes
    raw: bytes
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Overlong:
    """A run longer than any legal frame, dropped; ``raw`` holds only its beginning."""

    offset: int
    raw: bytes


class EscapedSplitter:
    """Split a stream at its flags, whatever its chunking, in linear time and bounded memory.

    A flag closes one frame and opens the next. Empty runs are nothing, and bytes before the first
    flag are the tail of a frame that was not seen: neither is reported.
    """

    def __init__(self, framing: EscapedFraming) -> None:
        self._framing = framing
        self._flag = bytes([framing.flag])
        self._longest_raw = 2 * framing.longest
        self._position = 0
        self._run = bytearray()
        self._opened_at = 0
        self._is_inside = False

    @property
    def buffered(self) -> int:
        """Bytes held back for an unfinished frame."""
        return len(self._run)

    def reset(self) -> None:
        """Forget the unfinished frame, as after a new connection; offsets go on counting."""
        self._run.clear()
        self._is_inside = False

    def feed(self, data: bytes) -> list[Frame | Overlong]:
        """Take the next bytes of the stream; return the runs that ended in them, in order."""
        found: list[Frame | Overlong] = []
        start = 0
        while (flag_at := data.find(self._flag, start)) >= 0:
            self._take(data, start, flag_at, found)
            self._close(found)
            self._opened_at = self._position + flag_at
            self._is_inside = True
            start = flag_at + 1
        self._take(data, start, len(data), found)
        self._position += len(data)
        return found

    def _take(self, data: bytes, start: int, end: int, found: list[Frame | Overlong]) -> None:
        if not self._is_inside:
            return
        room = self._longest_raw - len(self._run)
        self._run += data[start : min(end, start + room)]
        if end - start > room:
            found.append(Overlong(self._opened_at, bytes(self._run)))
            self.reset()

    def _close(self, found: list[Frame | Overlong]) -> None:
        if not self._run:
            return
        raw = bytes(self._run)
        self._run.clear()
        payload, is_cut = unescape(raw, self._framing)
        if len(payload) > self._framing.longest:
            found.append(Overlong(self._opened_at, raw))
        else:
            found.append(Frame(self._opened_at, payload, raw, is_cut))


def unescape(raw: bytes, framing: EscapedFraming) -> tuple[bytes, bool]:
    """Undo the byte stuffing of ``raw``; also say whether it ended right after an escape."""
    out = bytearray()
    start = 0
    while (escape_at := raw.find(framing.escape, start)) >= 0:
        out += raw[start:escape_at]
        if escape_at + 1 == len(raw):
            return bytes(out), True
        out.append(raw[escape_at + 1] | framing.bit)
        start = escape_at + 2
    out += raw[start:]
    return bytes(out), False


def escape(payload: bytes, framing: EscapedFraming) -> bytes:
    """Enclose ``payload`` in flags, with flags and escapes in it stuffed."""
    out = bytearray([framing.flag])
    for byte in payload:
        if byte in (framing.flag, framing.escape):
            out += bytes([framing.escape, byte & ~framing.bit])
        else:
            out.append(byte)
    out.append(framing.flag)
    return bytes(out)
