"""A simulated GE CARESCAPE monitor: requests in, level-10 records out, on its own clock.

Knows the protocol document only (protocols/multiparameter_monitors.md 1.2 to 1.7). Must not know
the driver or its tables: a wrong offset must not agree with itself.
"""

from struct import pack, pack_into, unpack_from

from devices.drivers.ge_s5.simulated_cuff import INVALID, SimulatedCuff, to_field
from devices.simulation.device import Bedside, TrueVitals

FIRST_RECORD_S = 0.5
ONE_SHOT_PAUSE_S = 5.0
LONGEST_REQUEST_BYTES = 512

_EXISTS_AND_ACTIVE = 0b11
_HR_FROM_ECG = 9 << 3
_CLASS_BYTES = 278
_LEVEL_10_DISPLAYED = 0xA1
_DENY_BASIC = 1
# Class basic (1.5): offset of each group and how many 16-bit values follow status and label.
_GROUPS = {
    "ecg": (4, 5),
    "p1": (20, 4),
    "p2": (34, 4),
    "p3": (48, 4),
    "p4": (62, 4),
    "nibp": (76, 4),
    "t1": (90, 1),
    "t2": (98, 1),
    "t3": (106, 1),
    "t4": (114, 1),
    "spo2": (122, 4),
    "co2": (136, 4),
    "o2": (150, 2),
    "n2o": (160, 2),
    "aa": (170, 3),
    "flow": (182, 8),
    "co": (204, 4),
    "nmt": (218, 3),
    "svo2": (236, 1),
    "p5": (244, 4),
    "p6": (258, 4),
}
_ECG_EXTRA = 230  # hr_ecg, hr_max, hr_min; no status before them


class GeS5Simulator:
    """The device side, deterministic: ECG, cuff and finger sensor, no waves, alarms or trends.

    The EXT classes are sent with their right size and tag and are otherwise zero.
    ``shortest_interval_s``: 1 as the recorded level-10 monitor, 5 as the document promises.
    """

    def __init__(self, bedside: Bedside, shortest_interval_s: int = 1) -> None:
        self._bedside = bedside
        self._shortest_interval_s = shortest_interval_s
        self._cuff = SimulatedCuff(bedside)
        self._received = bytearray()
        self._next_at: float | None = None
        self._interval_s = 0
        self._classes = 0
        self._one_shot_at: float | None = None
        self._number = 0

    def receive(self, data: bytes, t: float) -> None:
        """Take bytes of the host; whatever is no whole and valid request is not answered."""
        self._received += data
        *runs, rest = bytes(self._received).split(b"\x7e")
        self._received = bytearray(rest[-LONGEST_REQUEST_BYTES:])
        for run in runs:
            request = _phdb_request(run)
            if request is not None:
                self._obey(*request, t)

    def _obey(self, kind: int, interval_s: int, classes: int, t: float) -> None:
        if kind != 1 or interval_s < -1 or 0 < interval_s < self._shortest_interval_s:
            return
        if interval_s == -1 and self._is_too_soon(t):
            return
        self._interval_s = max(interval_s, 0)
        self._classes = classes
        self._next_at = None if interval_s == 0 else t + FIRST_RECORD_S

    def _is_too_soon(self, t: float) -> bool:
        """Say whether the last answered one-record request was less than 5 s ago (1.4)."""
        if self._one_shot_at is not None and t - self._one_shot_at < ONE_SHOT_PAUSE_S:
            return True
        self._one_shot_at = t
        return False

    def emit(self, t: float) -> bytes:
        """Return the records that are due up to second ``t``."""
        out = bytearray()
        while self._next_at is not None and self._next_at <= t:
            out += self._record(self._next_at)
            self._next_at = self._next_at + self._interval_s if self._interval_s > 0 else None
        return bytes(out)

    def _record(self, t: float) -> bytes:
        seconds = int(self._bedside.clock_at(t)) % 2**32
        classes = self._body(seconds, t)
        sub_records = b"".join(pack("<hB", _CLASS_BYTES * i, 1) for i in range(len(classes)))
        sub_records += pack("<hB", 0, 0xFF)
        body = b"".join(classes)
        head = pack("<hBBHIIh", 40 + len(body), self._number, 10, 0, seconds, 0, 0)
        self._number = (self._number + 1) % 256
        return _on_the_wire(head + sub_records.ljust(24, b"\0")[:24] + body)

    def _body(self, seconds: int, t: float) -> list[bytes]:
        wanted = [not self._classes & _DENY_BASIC, *(self._classes & bit for bit in (2, 4, 8))]
        self._cuff.run_to(t)
        basic = self._basic(self._bedside.patient(t))
        contents = [basic, bytes(270), bytes(270), bytes(270)]
        return [
            pack("<I", seconds) + contents[i] + pack("<BBBB", 0, 0, _LEVEL_10_DISPLAYED, i)
            for i in range(4)
            if wanted[i]
        ]

    def _basic(self, true: TrueVitals) -> bytes:
        pulse = to_field(true.pulse, 1)
        finger = true.finger_sensor_on
        class_bytes = bytearray(4 + 270)
        for name in _GROUPS:
            _write(class_bytes, name, 0, 0, [])
        _write(class_bytes, "ecg", _EXISTS_AND_ACTIVE | _HR_FROM_ECG, 0x1200, [pulse])
        _write(class_bytes, "nibp", _EXISTS_AND_ACTIVE, self._cuff.label, self._cuff.triple)
        on_finger = [to_field(true.spo2, 100), pulse] if finger else []
        _write(class_bytes, "spo2", _EXISTS_AND_ACTIVE, 0, on_finger)
        pack_into("<hhh", class_bytes, _ECG_EXTRA, pulse, INVALID, INVALID)
        return bytes(class_bytes[4:])


def _write(class_bytes: bytearray, name: str, status: int, label: int, values: list[int]) -> None:
    """Write a group; values that are not given become the code for "invalid"."""
    offset, size = _GROUPS[name]
    padded = [*values, *[INVALID] * (size - len(values))]
    pack_into(f"<IH{size}h", class_bytes, offset, status, label, *padded)


def _on_the_wire(record: bytes) -> bytes:
    """Add the checksum, stuff flags and escapes, enclose in flags (1.2)."""
    summed = record + bytes([sum(record) & 0xFF])
    return b"\x7e" + summed.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + b"\x7e"


def _phdb_request(run: bytes) -> tuple[int, int, int] | None:
    """Read kind, interval and class bits out of one run; None for all but a perfect request."""
    request = bytearray()
    stuffed = False
    for byte in run:
        if byte == 0x7D and not stuffed:
            stuffed = True
            continue
        request.append(byte | 0x20 if stuffed else byte)
        stuffed = False
    if stuffed or len(request) != 50 or sum(request[:-1]) & 0xFF != request[-1]:
        return None
    length, main, offset, kind = unpack_from("<h12xhhB", request)
    if (length, main, offset, kind) != (49, 0, 0, 0):
        return None
    record_kind, interval_s, classes = unpack_from("<BhI", request, 40)
    return record_kind, interval_s, classes
