"""Leave to act: who does what is asked at this screen now, or one sentence why nobody does.

Knows the reception and the bridge's notices. Changes nothing itself.
"""

from dataclasses import dataclass

from monitor.accounts.people import Actor
from monitor.accounts.permissions import Action
from monitor.snapshot import SessionSnapshot
from ui.bridge import UiBridge
from ui.people.reception import Reception

_KEYS = {
    Action.OPEN_SESSION: "N",
    Action.START_INFUSION: "I",
    Action.END_INFUSION: "E",
    Action.IDENTIFY: "Ctrl+I",
}
"""What to press again after signing in; an action of several keys is not here."""


@dataclass(frozen=True, slots=True)
class Where:
    """What the screen shows now: the chair, and its session unless the chair is free."""

    chair: str
    session: SessionSnapshot | None


class Leave:
    """Call it with an action: asked when a key is pressed, and again when it is carried out."""

    def __init__(self, bridge: UiBridge, reception: Reception) -> None:
        self._bridge = bridge
        self._reception = reception

    @property
    def is_barred(self) -> bool:
        """Whether nobody can be asked who they are, because the records do not work."""
        return self._reception.is_barred

    def __call__(
        self, action: Action, session: SessionSnapshot | None = None, *, told_as: str = ""
    ) -> Actor | None:
        """Return who acts, if they may do this; else say who may, and ask who is there.

        ``told_as``: what the person wanted, where that is not what the action is called.
        """
        emergency = "" if session is None else session.emergency
        refusal = self._reception.refusal(action, emergency)
        if not refusal:
            return self._reception.actor_for(emergency)
        said = refusal.replace(action.value, told_as) if told_as else refusal
        self._bridge.say(f"{said}.")
        self._reception.ask_who(_KEYS.get(action, ""))
        return None
