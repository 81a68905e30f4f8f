"""What the state of the recording means for the sessions: faults to alarm of, and rows lost.

Pure. Knows the recorder's view of itself. Must not know sessions or alarms.
"""

from monitor.snapshot import RecordingView


def record_faults(recording: RecordingView) -> dict[str, str]:
    """Return the named faults of the record (TECH-9) with their texts, "" for one that is over."""
    return {
        "recording": "" if recording.is_recording else recording.reason or "reason unknown",
        "space": recording.space if recording.is_space_low else "",
    }


class LossCount:
    """Tells how many more rows were lost, once rows are taken again to say so."""

    def __init__(self) -> None:
        self._told = 0

    def newly_lost(self, recording: RecordingView) -> int:
        """Return how many rows were lost that have not been told of."""
        if not recording.is_recording:
            return 0
        before, self._told = self._told, recording.lost
        return max(0, recording.lost - before)
