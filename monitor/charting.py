"""What people enter while a session runs: it becomes a row of the session, or is refused.

Knows the ledger of a session. Must not know chairs, storage or who may enter what.
"""

from monitor.amendments import Change, amendment, as_amended
from monitor.clock import Instant
from monitor.entries import USUAL, EntryLimits, entry
from monitor.entry_messages import AmendEntry, EntryCommand
from monitor.errors import OperatorError
from monitor.ledger import Ledger
from monitor.picture import Picture
from monitor.records import AmendmentKept, Entry, IdentificationKept, Stamp
from monitor.snapshot import Phase


def enter(ledger: Ledger, command: EntryCommand, now: Instant, limits: EntryLimits = USUAL) -> None:
    """Keep what somebody enters. Raises OperatorError when it is refused; no row is counted then.

    An ended session takes entries through the database only (storage/sign_off.py).
    """
    if ledger.picture.phase is Phase.ENDED:
        raise OperatorError("The session has ended", "write it into the record instead")
    stamp = ledger.next_stamp(now)
    row: Entry
    if isinstance(command, AmendEntry):
        row = _amendment(ledger.picture, command, stamp, limits)
    else:
        row = entry(command, stamp, limits)
    ledger.count_from(stamp.seq)
    ledger.add(row)


def _amendment(
    picture: Picture, command: AmendEntry, stamp: Stamp, limits: EntryLimits
) -> AmendmentKept:
    reads = as_amended(picture.entries).get(command.seq)
    if reads is None:
        raise OperatorError(f"No entry has the number {command.seq}", "choose the entry to amend")
    if isinstance(reads, IdentificationKept):
        raise OperatorError("The patient is not amended", "say anew who the patient is")
    change = Change(command.field, command.new, command.reason, command.by, command.by_id)
    return amendment(reads, stamp, change, limits)
