"""Observations by staff, MOAA/S and dissociation: what the numbers mean, and what was pressed.

Knows the two scales of clinical.md 3.6. Must not know Qt, nor when an observation is due.
"""

from dataclasses import dataclass

from ui.view_models.alarm_panel import AlarmPanelView, PanelRow

MOAAS = "MOAA/S"
DISSOCIATION = "Dissociation"
MOAAS_WORDS = (
    "No response to a painful squeeze of the trapezius",
    "Responds only to a painful squeeze of the trapezius",
    "Responds only to mild prodding or shaking",
    "Responds only when the name is called loudly or repeatedly",
    "Lethargic response to the name in normal tone",
    "Responds readily to the name in normal tone",
)
"""By score, 0 to 5 (clinical.md 3.6, source V 88)."""
MOST_DISSOCIATED = 10


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale from 0 to ``most``, and the page that asks for it."""

    name: str
    most: int

    def pressed(self, typed: str, digit: int) -> str:
        """Return what stands there after another digit: it follows if it can, else it replaces."""
        joined = f"{typed}{digit}"
        if typed not in {"", "0"} and int(joined) <= self.most:
            return joined
        return str(digit) if digit <= self.most else typed

    def moved(self, typed: str, by: int) -> str:
        """Return the next score, one up or down; the first press begins at the healthy end."""
        if typed == "":
            return str(self.most if self.name == MOAAS else 0)
        return str(min(max(int(typed) + by, 0), self.most))


SCALES = (Scale(MOAAS, len(MOAAS_WORDS) - 1), Scale(DISSOCIATION, MOST_DISSOCIATED))


def observation_page(scale: Scale, typed: str, told: str, due: str) -> AlarmPanelView:
    """Return the page of one scale; ``due`` says which observation is due, "" for none."""
    if scale.name == MOAAS:
        scores = range(scale.most, -1, -1)
        rows = tuple(PanelRow((str(score), MOAAS_WORDS[score])) for score in scores)
        marked = scale.most - int(typed) if typed else -1
        text = "How does the patient respond? Press the number, then Enter."
        return _page(scale, text, typed, told, due, rows, marked)
    text = (
        "How dissociated does the patient feel, from 0 (not at all) to 10 (completely)? "
        "Press the number, then Enter."
    )
    return _page(scale, text, typed, told, due)


def _page(  # noqa: PLR0917 - the parts of one page, used twice above
    scale: Scale,
    text: str,
    typed: str,
    told: str,
    due: str,
    rows: tuple[PanelRow, ...] = (),
    marked: int = -1,
) -> AlarmPanelView:
    return AlarmPanelView(
        f"scale {scale.name}",
        f"{scale.name}, 0 to {scale.most}",
        f"{due}. {text}" if due else text,
        "Save",
        rows,
        marked,
        big="" if rows else typed or "--",
        told=told,
    )
