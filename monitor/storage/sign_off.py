"""What is added to a session after its end: notes, who the patient was, amendments, signatures.

Knows who may add what, and when a record can be signed. Must not know screens or passwords: whoever
calls has asked for the password again where permissions.py says so.

After a signature the database itself takes nothing but amendments and signatures.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action, require
from monitor.amendments import Change, addendum, amendment, as_amended
from monitor.authority import with_patient
from monitor.clock import Instant
from monitor.entries import USUAL, EntryLimits, entry
from monitor.entry_messages import EnterNote, IdentifyPatient
from monitor.errors import OperatorError
from monitor.records import (
    AmendmentKept,
    Entry,
    IdentificationKept,
    Meaning,
    SignatureKept,
)
from monitor.storage.database import Database
from monitor.storage.ended import Ended, add
from monitor.storage.heads import Signer
from monitor.texts import checked_text

_PATIENT = ("patient_id", "course_id", "patient")


class SignOff:
    """Adds to ended sessions, one transaction each. ``signer`` vouches for what is signed.

    ``limits`` are the clinic's ceilings for what is entered (settings.toml).

    Every method raises OperatorError when it is refused; nothing was written then.
    """

    def __init__(
        self, database: Database, signer: Signer | None = None, limits: EntryLimits = USUAL
    ) -> None:
        self._database = database
        self._signer = signer
        self._limits = limits

    def note(self, session_id: str, text: str, by: Actor, now: Instant) -> Entry:
        """Write something down after the end; add it to a signed session with ``add_to``."""
        require(by.role, Action.ENTER_NOTE)

        def make(ended: Ended) -> Sequence[Entry]:
            _refuse_signed(ended)
            return [entry(EnterNote(session_id, text, by.by, by.user_id), ended.stamp)]

        return add(self._database, session_id, now, make)[0]

    def identify(self, command: IdentifyPatient, by: Actor, now: Instant) -> Sequence[Entry]:
        """Say who of the register the patient was, under the name of ``by``.

        Of a signed session that amends what was said before.
        """
        require(by.role, Action.IDENTIFY)
        said_by = replace(command, by=by.by, by_id=by.user_id)

        def make(ended: Ended) -> Sequence[Entry]:
            registered = with_patient(said_by, *ended.patient(command.patient_id))
            said = entry(registered, ended.stamp)
            if not (ended.is_signed and isinstance(said, IdentificationKept)):
                return [said]
            require(by.role, Action.AMEND)
            return _amended_patient(ended, said, by)

        return add(self._database, command.session_id, now, make)

    def amend(  # noqa: PLR0917 - which field of which row, its new value and why, by whom and when
        self, session_id: str, seq: int, field: str, new: Any, reason: str, by: Actor, now: Instant
    ) -> AmendmentKept:
        """Say what a field of row ``seq`` should read; the row itself is never changed."""
        require(by.role, Action.AMEND)
        change = Change(field, new, reason, by.by, by.user_id)

        def make(ended: Ended) -> Sequence[AmendmentKept]:
            reads = as_amended([ended.row(seq), *ended.entered])[seq]
            if isinstance(reads, IdentificationKept):
                raise OperatorError("The patient is not amended", "say anew who the patient is")
            return [amendment(reads, ended.stamp, change, self._limits)]

        return add(self._database, session_id, now, make)[0]

    def add_to(
        self, session_id: str, text: str, reason: str, by: Actor, now: Instant
    ) -> AmendmentKept:
        """Add to the session as a whole what was forgotten and belongs to no row."""
        require(by.role, Action.AMEND)

        def make(ended: Ended) -> Sequence[AmendmentKept]:
            return [addendum(ended.stamp, text, reason, by.by, by.user_id)]

        return add(self._database, session_id, now, make)[0]

    def sign(
        self,
        session_id: str,
        meaning: Meaning,
        by: Actor,
        now: Instant,
        *,
        comment: str = "",
        accept_missing: bool = False,
    ) -> SignatureKept:
        """Answer for the record as it is now; the database closes it with that.

        Refused while nobody has said who the patient is, and while rows are missing that may still
        come, unless ``accept_missing``: they would find the session closed.
        """
        require(by.role, Action.SIGN)
        said = checked_text("comment", comment, may_be_empty=True)

        def make(ended: Ended) -> Sequence[SignatureKept]:
            _refuse_unready(ended, accept_missing=accept_missing)
            link, chain = ended.tip.links, ended.tip.chain.hex()
            return [SignatureKept(ended.stamp, meaning, said, link, chain, by.by, by.user_id)]

        return add(self._database, session_id, now, make, self._signer)[0]


def _refuse_signed(ended: Ended) -> None:
    if ended.is_signed:
        raise OperatorError("The session is signed", "add to it by an amendment, with a reason")


def _refuse_unready(ended: Ended, *, accept_missing: bool) -> None:
    if not ended.tip.summary.identified_seq:
        raise OperatorError(
            "Nobody has said who the patient is", "identify the patient before signing"
        )
    if ended.missing > 0 and not accept_missing:
        raise OperatorError(
            f"{ended.missing} rows of this session are not in the database",
            "wait until everything is recorded, or sign what is there",
        )


def _amended_patient(ended: Ended, said: IdentificationKept, by: Actor) -> Sequence[AmendmentKept]:
    reads = as_amended(ended.entered)[ended.tip.summary.identified_seq]
    changed = [name for name in _PATIENT if getattr(reads, name) != getattr(said, name)]
    if not changed:
        raise OperatorError("This is the patient already", "choose another, or leave it")
    changes = [
        Change(name, getattr(said, name), said.reason, by.by, by.user_id) for name in changed
    ]
    return [amendment(reads, ended.stamp, change) for change in changes]
