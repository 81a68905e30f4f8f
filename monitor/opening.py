"""How a session is opened: what is refused, its first record, and who the patient is.

Knows the command and the chair. Must not know the engine's threads, storage or screens.
"""

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from monitor.alarms.profile import Profile
from monitor.channel_messages import OpenSession
from monitor.entries import LONGEST_PATIENT
from monitor.entry_messages import IdentifyPatient
from monitor.errors import OperatorError
from monitor.picture import Picture
from monitor.places import Chair
from monitor.records import SessionOpened, Stamp
from monitor.texts import checked_line


def checked(command: OpenSession, running: Iterable[Picture]) -> OpenSession:
    """Return the command with its names cleaned. Raises OperatorError when it is refused."""
    if not (0 <= command.planned_infusion_s < inf and 0 <= command.cuff_interval_s < inf):
        raise OperatorError("These are no times for a session", "plan it anew")
    if command.patient_id:
        refuse_elsewhere(command.patient_id, "", running)
    patient = checked_line("patient's name", command.patient, LONGEST_PATIENT, may_be_empty=True)
    return replace(command, patient=patient)


def first_record(  # noqa: PLR0917 - what is known of the session at its very beginning
    command: OpenSession,
    chair: Chair,
    stamp: Stamp,
    time_zone: tuple[str, int],
    profile: Profile,
    app_version: str,
) -> SessionOpened:
    """Return the opening record of a session that was asked for with ``checked``."""
    zone, offset_s = time_zone
    return SessionOpened(
        stamp,
        chair.name,
        command.patient,
        chair.driver,
        chair.port,
        chair.is_simulated,
        command.planned_infusion_s,
        command.cuff_interval_s or profile.cuff_interval_s(0.0),
        zone,
        offset_s,
        app_version,
        dict(profile.raw),
    )


def identity(command: OpenSession, opened: SessionOpened) -> IdentifyPatient:
    """Return who the patient is, as it was said when the session was opened."""
    return IdentifyPatient(
        opened.stamp.session_id,
        command.patient_id,
        command.patient,
        command.course_id,
        by=command.by,
        by_id=command.by_id,
    )


def refuse_elsewhere(patient_id: str, session_id: str, running: Iterable[Picture]) -> None:
    """Raise OperatorError when the patient has another running session: nobody sits twice."""
    for picture in running:
        known, opened = picture.identification, picture.opened
        is_other = opened.stamp.session_id != session_id
        if is_other and known is not None and known.patient_id == patient_id:
            raise OperatorError(
                f"This patient has a running session at {opened.chair}", "end that one first"
            )
