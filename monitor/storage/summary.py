"""What a session's rows add up to, kept beside the end of its chain so that a list reads no rows.

Knows rows as values by column name. Must not know where they are kept, nor the chain.

Whatever the order in which rows arrive, the sum is the same: late ones from the spill count too.
"""

import json
from dataclasses import dataclass, fields
from typing import Any

from monitor.snapshot import AlarmState, Phase
from monitor.storage.rows import Values

_RANK = {phase.value: rank for rank, phase in enumerate(Phase)}


@dataclass(slots=True)
class Summary:
    """The columns of session_tip from ``phase`` on.

    ``last_t_s`` is the last second before or at the end of the session. ``patient`` is the name of
    the last identification, ``signed_link`` the link of the newest signature, 0 without any.
    """

    phase: str = Phase.PREPARATION.value
    last_t_s: float = 0.0
    readings: int = 0
    pressures: int = 0
    alarms: int = 0
    patient_id: str | None = None
    course_id: str | None = None
    patient: str | None = None
    identified_seq: int = 0
    signed_link: int = 0

    def take(self, table: str, row: Values, link: int) -> None:
        """Count one more row, which is the link of this number."""
        if self.phase != Phase.ENDED:
            self.last_t_s = max(self.last_t_s, row["t_s"])
        match table:
            case "reading":
                self.readings += 1
            case "blood_pressure":
                self.pressures += not row["is_stale"]
            case "alarm_transition":
                is_onset = row["new"] == AlarmState.SOUNDING
                self.alarms += is_onset and row["old"] != AlarmState.ACKNOWLEDGED
            case "happening" if row["kind"] == "phase":
                self._enter(json.loads(row["detail"]).get("phase"), row["t_s"])
            case "identification" if row["seq"] > self.identified_seq:
                self.identified_seq = row["seq"]
                self.patient_id, self.course_id = row["patient_id"], row["course_id"]
                self.patient = row["patient"]
            case "amendment":
                self._amend(row)
            case "signature":
                self.signed_link = link
            case _:
                pass

    def _enter(self, phase: Any, t_s: float) -> None:
        """Note a phase: they only ever go forward."""
        if _RANK.get(phase, -1) > _RANK[self.phase]:
            self.phase = phase
        if phase == Phase.ENDED:
            self.last_t_s = t_s

    def _amend(self, row: Values) -> None:
        is_of_patient = (row["target_table"], row["target_seq"]) == (
            "identification",
            self.identified_seq,
        )
        if is_of_patient and row["field"] in ("patient_id", "course_id", "patient"):
            setattr(self, row["field"], json.loads(row["new"]))


COLUMNS = tuple(field.name for field in fields(Summary))
