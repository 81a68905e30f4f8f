"""What is said of the recording: whether rows reach the disk, how many wait, what is wrong.

Pure. Knows the backlog's counts and what the recorder last met with. Must not know threads.
"""

from monitor.snapshot import RecordingView
from monitor.storage.backlog import Backlog
from monitor.storage.space import Room

STALLED_AFTER_S = 1.5
"""A commit that takes longer is a fault: the screen must say so within 2 s."""


def recording_view(
    backlog: Backlog, fault: str, room: Room, commit_takes_s: float
) -> RecordingView:
    """Say how the recording stands; ``commit_takes_s`` is 0 when none is under way."""
    is_stalled = commit_takes_s > STALLED_AFTER_S
    reason = "The disk does not answer: check it" if is_stalled else fault
    if backlog.lost and not reason:
        reason = f"{backlog.lost} rows could not be kept"
    return RecordingView(
        is_recording=not (fault or is_stalled),
        waiting=backlog.waiting,
        lost=backlog.lost,
        reason=reason,
        space=room.note,
        is_space_low=room.is_low,
    )
