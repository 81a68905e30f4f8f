"""The cable of one session: up, down and silent, the gaps that leaves, and broken frames.

Knows the ledger it writes to and the board it tells. Must not know values, phases or commands.
"""

from monitor.alarms.board import AlarmBoard
from monitor.clock import Instant
from monitor.events import LinkDown
from monitor.ledger import Ledger
from monitor.snapshot import LinkState

BAD_FRAMES_KEPT_EVERY_S = 60.0
UNSEEN_SILENCE_S = 20.0
"""Between two frames of a link that is said to be live: longer than a reader waits before it calls
the line silent (15 s), so the reader stood still as well: the computer slept."""


class LinkWatch:
    """Follows the link. ``last_frame_s``: the last sign of the device before a restart."""

    def __init__(
        self, ledger: Ledger, board: AlarmBoard, last_frame_s: float | None = None
    ) -> None:
        self._ledger = ledger
        self._board = board
        self._last_frame_s = last_frame_s
        self._bad_frames_kept_s = 0.0
        self.bad_frames = ledger.picture.bad_frames

    def enter(self, state: LinkState, reason: str, at: Instant) -> None:
        """Keep that the link is in ``state`` now, and why."""
        self._ledger.happen("link", {"state": state.value, "reason": reason}, at)

    def frame(self, at: Instant) -> None:
        """Note a valid frame; one after a silence that nobody saw closes a gap."""
        t = self._ledger.t(at)
        if self._last_frame_s is not None and t - self._last_frame_s > UNSEEN_SILENCE_S:
            self._missed_silence(at)
        self._last_frame_s = t
        self._board.frame(t)

    def connected(self, at: Instant) -> None:
        """Note that fresh valid frames arrive."""
        if self._is_live:
            return
        self.close_gap(at)
        self._last_frame_s = self._ledger.t(at)
        self.enter(LinkState.LIVE, "", at)

    def disconnected(self, event: LinkDown) -> None:
        """Note that the line is lost or silent."""
        state = LinkState.SILENT if event.is_silence else LinkState.LOST
        self.enter(state, event.reason, event.at)

    def close_gap(self, at: Instant) -> None:
        """Record what the lost link left out: it began with the last valid frame."""
        if not self._is_live and self._last_frame_s is not None:
            self._gap(self._last_frame_s, self._ledger.picture.link_reason, at)

    def stood_still(self, since: Instant, at: Instant, reason: str) -> None:
        """Record that nobody read a live line since then: what waited in it came all at once.

        A longer silence, or one of a line that is down, makes a gap of its own.
        """
        if self._is_live and at.seconds_since(since) <= UNSEEN_SILENCE_S:
            self._gap(self._ledger.t(since), reason, at)

    def keep_bad_frames(self, now: Instant, *, at_once: bool = False) -> None:
        """Keep how many frames were broken, once a minute when there are more."""
        due = self._ledger.t(now) - self._bad_frames_kept_s >= BAD_FRAMES_KEPT_EVERY_S
        if self.bad_frames > self._ledger.picture.bad_frames and (due or at_once):
            self._bad_frames_kept_s = self._ledger.t(now)
            self._ledger.happen("bad_frames", {"count": self.bad_frames}, now)

    @property
    def _is_live(self) -> bool:
        return self._ledger.picture.link is LinkState.LIVE

    def _missed_silence(self, at: Instant) -> None:
        if self._is_live:
            self.enter(LinkState.SILENT, "nothing came; this computer may have slept", at)
            self.connected(at)

    def _gap(self, from_s: float, reason: str, at: Instant) -> None:
        to_s = round(self._ledger.t(at), 6)
        detail = {"from_s": round(from_s, 6), "to_s": to_s, "reason": reason}
        self._ledger.happen("gap", detail, at)
