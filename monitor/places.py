"""The chairs at run time: what stands at each, and the session that it has.

Knows which session may sit where. Must not know how sessions work, nor threads.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.events import DeviceClock, DeviceEvent, LinkDown, LinkUp
from monitor.held import Held
from monitor.recall import Past, patient_of
from monitor.session import Session


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair and what stands there, as the composition root knows it."""

    name: str
    driver: str
    device_title: str
    maturity: str
    port: str
    is_simulated: bool = False
    cuff_interval_s: float = 300.0


@dataclass(slots=True)
class Place:
    """One chair at run time. ``held`` while its session waits for an answer.

    ``is_extra``: no chair of the settings, but the place of a session that has none.
    """

    chair: Chair
    session: Session | None = None
    link: LinkUp | LinkDown | None = None
    clock: DeviceClock | None = None
    held: Held | None = None
    is_extra: bool = False

    def note(self, event: DeviceEvent) -> None:
        """Remember what is told once and holds: a session may begin later."""
        match event:
            case LinkUp():
                self.link = event
            case LinkDown():
                self.link, self.clock = event, None  # another monitor may come
            case DeviceClock():
                self.clock = event
            case _:
                pass

    def known_at(self, now: Instant) -> Iterator[DeviceEvent]:
        """Yield what the device said once, as news for a session that begins now."""
        if link := self.link_at(now):
            yield link
        if self.clock is not None:
            local = self.clock.local
            with suppress(OverflowError):  # of the year 9999
                local += now.utc - self.clock.at.utc  # a clock that moved since would be told anew
            yield replace(self.clock, at=now, local=local)

    def link_at(self, now: Instant) -> LinkUp | LinkDown | None:
        """Return how the link stands already, as news for a session that begins now."""
        match self.link:
            case LinkUp():
                return LinkUp(now)
            case LinkDown(_, reason, is_silence):
                return LinkDown(now, reason, is_silence)
            case None:
                return None


class Places:
    """All chairs, and an extra place for every session that has none."""

    def __init__(self, chairs: Sequence[Chair]) -> None:
        self._by_name = {chair.name: Place(chair) for chair in chairs}

    def __getitem__(self, chair: str) -> Place:
        return self._by_name[chair]

    def all(self) -> tuple[Place, ...]:
        """Return every place; safe in any thread."""
        return tuple(self._by_name.values())

    def named(self, chair: str) -> Place:
        """Return the place of a chair. Raises OperatorError."""
        place = self._by_name.get(chair)
        if place is None:
            raise OperatorError(f"There is no chair called {chair}", "add it to the settings")
        return place

    def with_session(self, session_id: str) -> Place | None:
        """Return where an open session sits, None when it sits nowhere."""
        for place in self.all():
            session = place.session
            if session is not None and session.picture.opened.stamp.session_id == session_id:
                return place
        return None

    def seat_for(self, past: Past) -> tuple[Place, Past]:
        """Return the place of a session that comes back, and what stands in its way there."""
        chair = past.opened.chair
        place = self._by_name.get(chair)
        if place is not None and place.session is None and not past.obstacle:
            return place, past
        why = past.obstacle or _why_not(past, is_there=place is not None)
        label = self._free_label(chair or "No chair")
        extra = Place(Chair(label, past.opened.driver, "no monitor", "", ""), is_extra=True)
        self._by_name[label] = extra
        return extra, replace(past, opened=replace(past.opened, chair=label), obstacle=why)

    def free(self, place: Place) -> None:
        """Take note that the session has ended."""
        place.session = place.held = None
        if place.is_extra:
            del self._by_name[place.chair.name]

    def _free_label(self, chair: str) -> str:
        label, number = chair, 1
        while label in self._by_name:
            number += 1
            label = f"{chair} ({number})"
        return label


def _why_not(past: Past, *, is_there: bool) -> str:
    chair, patient = past.opened.chair, patient_of(past.opened, past.rows)
    if is_there:
        return f"{chair} has another open session, so that of {patient} is not recorded"
    return f"{chair} is no longer in the settings, so the session of {patient} is not recorded"
