"""The tables of the Datex-Ohmeda record: header, sub-records, groups, invalid codes, requests.

Knows offsets and bits, each with its place in the document. Must not know time or what is new.
Source: GE M1017617 and 8005313, 12th editions, as in protocols/multiparameter_monitors.md 1.
"""

from dataclasses import dataclass
from struct import Struct, pack, unpack_from

from devices.framing import EscapedFraming, escape
from monitor.readings import Quality

HEADER_BYTES = 40
LONGEST_DATA_BYTES = 1450
FRAMING = EscapedFraming(  # 1.2
    flag=0x7E, escape=0x7D, bit=0x20, longest=HEADER_BYTES + LONGEST_DATA_BYTES + 1
)

MAIN_PHDB = 0
DISPLAYED = 1  # sub-record type: displayed values; 2 and 3 are trends, 4 AUX (1.4, 1.5)
CLASS_BASIC = 0
ALL_CLASSES = 0x0E  # basic (not denied) with EXT1, EXT2, EXT3 (1.4)
CANCEL = 0  # tx_ival that ends the stream (1.4)

_END_OF_LIST = 0xFF
_SUB_RECORDS = Struct("<" + "hB" * 8)
_SUB_RECORD_BYTES = 278
_LOWEST_VALUE = -32000  # below are codes, not numbers (1.5, "Invalid encodings")
_INVALID = -32767
_OUT_OF_RANGE = (-32764, -32763)


def fault_of(payload: bytes, is_cut: bool) -> str | None:
    """Say in one word why this is no valid frame, None when it is one (1.2)."""
    record = payload[:-1]
    if len(record) < HEADER_BYTES:
        return "short"
    if is_cut:
        return "aborted"
    if sum(record) % 256 != payload[-1]:
        return "checksum"
    if unpack_from("<h", record)[0] != len(record):
        return "length"
    return None


def sent_at(record: bytes) -> int:
    """Return when a valid record was sent, seconds since 1970 on the monitor's clock (1.3)."""
    seconds: int = unpack_from("<I", record, 6)[0]
    return seconds


def basic_class(record: bytes) -> bytes | None:
    """Return the displayed values of class basic in a valid record, None when it has none."""
    if unpack_from("<h", record, 14)[0] != MAIN_PHDB:
        return None
    fields = _SUB_RECORDS.unpack_from(record, 16)
    for offset, kind in zip(fields[::2], fields[1::2], strict=True):
        if kind == _END_OF_LIST:
            return None
        start = HEADER_BYTES + offset
        if kind == DISPLAYED and offset >= 0 and start + _SUB_RECORD_BYTES <= len(record):
            sub_record = record[start : start + _SUB_RECORD_BYTES]
            if _is_basic(sub_record):
                return sub_record
    return None


def _is_basic(sub_record: bytes) -> bool:
    tag: int = unpack_from("<H", sub_record, 276)[0]  # cl_drilvl_subt
    return tag & 0x0F == DISPLAYED and tag >> 8 & 0x0F == CLASS_BASIC


@dataclass(frozen=True, slots=True)
class Group:
    """One module's part of a class: status bits, label bits and its raw 16-bit values."""

    status: int
    label: int
    values: tuple[int, ...]

    @property
    def is_present(self) -> bool:
        """The module exists (status bit 0)."""
        return bool(self.status & 1)

    @property
    def is_active(self) -> bool:
        """The module measures (status bit 1)."""
        return bool(self.status & 2)


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Where a group stands in the basic class, and how many 16-bit values it has."""

    offset: int
    size: int

    def read(self, basic: bytes) -> Group:
        """Take the group out of a 278-byte basic class."""
        status, label, *values = unpack_from(f"<IH{self.size}h", basic, self.offset)
        return Group(status, label, tuple(values))


ECG = GroupTable(offset=4, size=5)  # hr, st1, st2, st3, imp_rr
NIBP = GroupTable(offset=76, size=4)  # sys, dia, mean (1/100 mmHg), hr
SPO2 = GroupTable(offset=122, size=4)  # SpO2 (1/100 %), pr, ir_amp, SvO2

ECG_ARTEFACT = 1 << 8
ECG_LEARNING = 1 << 9
ECG_SOURCES = (1, 9)
SOURCE_NAMES = {  # ECG status bits 3-6, what `hr` was counted from (1.5)
    1: "ecg",
    2: "invasive pressure 1",
    3: "invasive pressure 2",
    4: "invasive pressure 3",
    5: "invasive pressure 4",
    6: "pleth",
    7: "invasive pressure 5",
    8: "invasive pressure 6",
    9: "ecg",
    10: "invasive pressure 7",
    11: "invasive pressure 8",
    12: "pleth 2",
}

NIBP_MEASURING = 1 << 5
NIBP_OLDER_THAN_60_S = 1 << 8


def rate_source(ecg: Group) -> int:
    """Return the number of the signal that the monitor counts its heart rate from."""
    return ecg.status >> 3 & 0x0F


def is_value(raw: int) -> bool:
    """Say whether a 16-bit field holds a number; 0 is one."""
    return raw >= _LOWEST_VALUE


def is_plain_invalid(raw: int) -> bool:
    """Say whether a field holds the code for "invalid", as after a failed measurement."""
    return raw == _INVALID


def quality_of(raw: int) -> Quality:
    """Translate an invalid code to our words; OK for a number."""
    if is_value(raw):
        return Quality.OK
    return Quality.OUT_OF_RANGE if raw in _OUT_OF_RANGE else Quality.UNAVAILABLE


def build_request(main_type: int, data: bytes) -> bytes:
    """Frame one request to the monitor: one sub-record, unused fields zero (1.4)."""
    one_sub_record = _SUB_RECORDS.pack(0, 0, 0, _END_OF_LIST, *[0] * 12)
    head = pack("<h12xh", HEADER_BYTES + len(data), main_type)
    record = head + one_sub_record + data
    return escape(record + bytes([sum(record) % 256]), FRAMING)


def phdb_request(kind: int, interval_s: int, classes: int = ALL_CLASSES) -> bytes:
    """Ask for records of ``kind`` every ``interval_s`` (0 cancels, -1 sends one) (1.4)."""
    return build_request(MAIN_PHDB, pack("<BhIh", kind, interval_s, classes, 0))
