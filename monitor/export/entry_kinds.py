"""The names, in exported files, of the rows that people entered.

Knows the records' types. Must not know any format.
"""

from monitor.records import (
    AmendmentKept,
    DoseKept,
    Entry,
    EventKept,
    IdentificationKept,
    LimitChangeKept,
    NoteKept,
    ScaleKept,
    SignatureKept,
)

ENTRY_KINDS: dict[str, type[Entry]] = {
    "identification": IdentificationKept,
    "event": EventKept,
    "dose": DoseKept,
    "scale": ScaleKept,
    "note": NoteKept,
    "limit_change": LimitChangeKept,
    "amendment": AmendmentKept,
    "signature": SignatureKept,
}
ENTRY_NAMES = {kind: name for name, kind in ENTRY_KINDS.items()}
