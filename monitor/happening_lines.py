"""What happened in a session, as a line of the running list, in the words of the clinic.

Knows the details of the rows of kind "happening". Must not know screens.
"""

from typing import Any

from monitor.accounts.people import NOBODY
from monitor.readings import as_whole
from monitor.snapshot import BaselineView

CLOCK_AGREES_S = 5.0
"""The monitor sends whole seconds, and they may be late."""


def line_of_happening(kind: str, detail: dict[str, Any]) -> str:
    """Return the line of a happening that changes nothing else on the screen; "" for none."""
    match kind:
        case "audio" | "alarm_off" | "device_clock":
            return setting_line(kind, detail)
        case "break_glass":
            return "Started without signing in, to be identified later"
        case "identified":
            return f"{detail['by']} answers for this session"
        case "confirmed" | "interrupted":
            return answer_line(kind, detail)
        case _:
            return ""


def baseline_line(baseline: BaselineView, by: str) -> str:
    """Say what the relative limits count from."""
    pressure = (baseline.systolic, baseline.diastolic)
    said = ["/".join("--" if value is None else as_whole(value) for value in pressure)]
    said += [] if baseline.pulse is None else [f"pulse {as_whole(baseline.pulse)}"]
    said += [] if baseline.spo2 is None else [f"SpO2 {as_whole(baseline.spo2)}"]
    return f"Baseline values: {', '.join(said)}{f' ({by})' if by else ''}"


def _somebody(by: str) -> str:
    return "somebody not signed in" if by == NOBODY.by else by


def answer_line(kind: str, detail: dict[str, Any]) -> str:
    """Say what became of a session that waited, and of the values of that time."""
    by = f" by {_somebody(detail['by'])}" if detail.get("by") else ""
    count = detail.get("not_kept", 0)
    lost = f"; {count} values of the time in between were not kept" if count else ""
    return f"{'Confirmed to go on' if kind == 'confirmed' else 'Not gone on with'}{by}{lost}"


def setting_line(kind: str, detail: dict[str, Any]) -> str:
    """Say what became of the alarms' sound, of one alarm, or of the device's clock."""
    why = f": {detail['reason']}" if detail.get("reason") else ""
    by = f" ({_somebody(detail['by'])})" if detail.get("by") else ""
    match kind:
        case "audio":
            word = {"paused": "paused for 2 min", "off": "OFF", "on": "on again"}[detail["state"]]
            return f"Alarm sound {word}{why}{by}"
        case "alarm_off":
            return f"Alarm {detail['rule']} {'OFF' if detail['is_off'] else 'on again'}{why}{by}"
        case _ if abs(detail["off_s"]) <= CLOCK_AGREES_S:
            return f"The monitor's clock agrees with this computer's{by}"
        case _:
            word = "accepted" if detail.get("is_accepted") else "noticed"
            return f"The monitor's clock differs by {detail['off_s']:+.0f} s, {word}{by}"
