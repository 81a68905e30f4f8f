"""The states around the numbers, in words: recording, cable, sound, phase, who sits there.

Knows what may be claimed: a state that is not known is called unknown. Must not know Qt.
"""

from dataclasses import dataclass

from monitor.snapshot import LinkState, Phase, RecordingView, SessionSnapshot
from ui.view_models.seen import Seen
from ui.view_models.sound_test import NOT_CONFIRMED, SHORT_DOUBT
from ui.view_models.words import clock_text

PART = " · "
"""Between name, date of birth and number of a registered patient (patients.Details.label)."""
DISCLAIMER = (
    "Secondary display. Not a primary alarm device. Do not rely on it to receive alarm signals. "
    "Keep the bedside monitor's own alarms on and audible, and keep a trained person with the "
    "patient. Delivery of data and alarms to this computer is not guaranteed."
)
"""Clinical brief 1.7, the text for the session screen."""
DISCLAIMER_SHORT = "Secondary display. Not a primary alarm device."

ROWS_IN_FLIGHT = 10.0
"""Rows a recorder may hold for its one second (architecture: the rest within 1 s)."""


@dataclass(frozen=True, slots=True)
class StatusItem:
    """One state in words; ``is_well`` False makes it stand out without an alarm colour."""

    text: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class TopView:
    """The head of the screen; the ``can`` facts say which buttons make sense now.

    ``identifiers`` are date of birth and number of a registered patient, else "".
    """

    chair: str
    patient: str
    phase: str
    is_infusing: bool
    clock: str
    simulated: str
    can_start_infusion: bool
    can_end_infusion: bool
    can_end_session: bool
    identifiers: str = ""


@dataclass(frozen=True, slots=True)
class StatusView:
    """The foot of the screen."""

    recording: StatusItem
    link: StatusItem
    sound: StatusItem
    device: str


def top_view(seen: Seen) -> TopView:
    """Return the head of a session's screen."""
    snapshot = seen.snapshot
    can_command = not seen.is_stopped and snapshot.waiting is None
    before = snapshot.phase in (Phase.PREPARATION, Phase.BASELINE)
    return TopView(
        chair=snapshot.chair,
        patient=patient_text(snapshot),
        phase=phase_text(seen),
        is_infusing=snapshot.phase is Phase.INFUSION,
        clock=seen.wall_clock(),
        simulated=simulated_text(snapshot),
        can_start_infusion=can_command and before,
        can_end_infusion=can_command and snapshot.phase is Phase.INFUSION,
        can_end_session=can_command,
        identifiers=snapshot.patient.partition(PART)[2],
    )


def status_view(seen: Seen, sound_fault: str) -> StatusView:
    """Return the foot of a session's screen."""
    return StatusView(
        recording=recording_item(seen),
        link=link_item(seen),
        sound=sound_item(sound_fault),
        device=device_text(seen.snapshot),
    )


def patient_text(snapshot: SessionSnapshot) -> str:
    """Return the patient; whether a session that waits is still theirs, nobody has said (H6)."""
    name = snapshot.patient.partition(PART)[0]
    return f"{name} - still here?" if snapshot.waiting else name


def phase_text(seen: Seen) -> str:
    """Return the phase and its clock, e.g. ``INFUSION 31:05 of 40:00``."""
    snapshot = seen.snapshot
    word = snapshot.phase.value.upper()
    if snapshot.waiting is not None:
        return f"WAITING · {word}"
    match snapshot.phase:
        case Phase.INFUSION:
            passed = clock_text(seen.age_s(snapshot.infusion_started_s or 0.0))
            return f"{word} {passed} of {clock_text(snapshot.planned_infusion_s)}"
        case Phase.RECOVERY:
            return f"{word} {clock_text(seen.age_s(snapshot.infusion_ended_s or 0.0))}"
        case Phase.PREPARATION | Phase.BASELINE:
            return f"{word} {clock_text(seen.now_s)}"
        case Phase.ENDED:
            return word


def simulated_text(snapshot: SessionSnapshot) -> str:
    """Return the watermark of simulated data with its speed, or "" for a real device."""
    if not snapshot.is_simulated:
        return ""
    return "SIMULATED" if snapshot.speed == 1.0 else f"SIMULATED ×{snapshot.speed:g}"


def device_text(snapshot: SessionSnapshot) -> str:
    """Return the device and how far its driver has been proven."""
    maturity = snapshot.device_maturity.replace("_", " ").lower()
    return f"{snapshot.device_title} · {maturity}" if maturity else snapshot.device_title


def recording_item(seen: Seen) -> StatusItem:
    """Say whether what is shown is also on disk."""
    recording = seen.snapshot.recording
    if seen.is_old:
        return StatusItem("Recording unknown", is_well=False)
    if (waiting := seen.snapshot.waiting) is not None:
        return StatusItem(f"NOT RECORDED - {waiting.held} values held", False)
    if not recording.is_recording:
        return StatusItem(f"NOT RECORDING - {recording.reason or 'reason unknown'}", is_well=False)
    return _while_recording(recording, ROWS_IN_FLIGHT * max(1.0, seen.snapshot.speed))


def _while_recording(recording: RecordingView, rows_in_flight: float) -> StatusItem:
    if recording.lost:
        return StatusItem(f"RECORDING WITH LOSS - {recording.lost} rows lost", is_well=False)
    if recording.waiting > rows_in_flight:
        return StatusItem(f"Recording - {recording.waiting} rows not yet saved", is_well=False)
    if recording.space:
        return StatusItem(f"Recording - {recording.space}", is_well=not recording.is_space_low)
    return StatusItem("Recording - all saved", is_well=True)


def link_item(seen: Seen) -> StatusItem:
    """Say what is known of the cable."""
    if seen.is_old:
        return StatusItem(_no_news(seen), is_well=False)
    link = seen.snapshot.link
    lasts = clock_text(seen.age_s(link.since_s))
    reason = f" - {link.reason}" if link.reason else ""
    match link.state:
        case LinkState.LIVE:
            return StatusItem(f"Monitor connected{_bad_frames(link.bad_frames)}", is_well=True)
        case LinkState.CONNECTING:
            return StatusItem(f"Connecting to the monitor for {lasts}{reason}", is_well=False)
        case LinkState.SILENT:
            return StatusItem(f"Monitor silent for {lasts}{reason}", is_well=False)
        case LinkState.LOST:
            return StatusItem(f"Monitor disconnected for {lasts}{reason}", is_well=False)


def sound_item(fault: str) -> StatusItem:
    """Say whether alarms can be heard; what nobody has confirmed is not called silent."""
    if not fault:
        return StatusItem("Sound on", is_well=True)
    is_doubt = fault.startswith(NOT_CONFIRMED)
    return StatusItem(SHORT_DOUBT if is_doubt else f"NO SOUND - {fault}", is_well=False)


def _no_news(seen: Seen) -> str:
    if seen.is_stopped:
        return "Monitor unknown - monitoring stopped"
    return f"No news from the station for {int(seen.since_receipt_s)} s"


def _bad_frames(count: int) -> str:
    if count == 0:
        return ""
    return f" · {count} bad frame{'' if count == 1 else 's'} dropped"
