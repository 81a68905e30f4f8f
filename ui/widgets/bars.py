"""The head and the foot of a session's screen.

Knows where things stand. Sends what was asked for; decides nothing.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from ui.theme import Theme
from ui.view_models.colours import ColourRole
from ui.view_models.people import WhoView
from ui.view_models.status import DISCLAIMER, DISCLAIMER_SHORT, StatusItem, StatusView, TopView
from ui.widgets.buttons import key_button
from ui.widgets.labels import dress, plain_label, plain_tooltip, say, say_elided

PATIENT_WIDTH, PATIENT_SHARE = 300, 0.55
"""At most so many pixels, and in a narrow window this share of what name and user may have."""
NARROWEST_NAME, NARROWEST_WHO = 90, 70
MARGIN, SPACING, CHIP_PADDING = 22, 14, 22
DISCLAIMER_ROOM = 480  # the disclaimer, the margins, and the padding of three chips
NARROWEST_CHIP = 180
WARNING_WIDTH = 220
WHO_WIDTH = 220


class TopBar(QFrame):
    """Chair, patient, phase, what can be done now, and the clock."""

    infusion_started = Signal()
    infusion_ended = Signal()
    session_ended = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bar")
        title = theme.font(theme.sizes["title"], QFont.Weight.Bold)
        self._theme = theme
        self._chair = plain_label(theme, title)
        self._patient = plain_label(theme, title)
        small = theme.font(theme.sizes["small"], QFont.Weight.DemiBold)
        self._identifiers = plain_label(theme, small)
        self._phase = chip(theme)
        self._simulated = chip(theme, ColourRole.ACCENT_DEEP)
        self._clock = plain_label(theme, title)
        self._who = chip(theme)
        self._name = self._numbers = ""
        self._who_view = WhoView("", is_open=True)
        self._start = key_button(theme, "Start infusion", "I", "The infusion runs from now.", True)
        self._end = key_button(theme, "End infusion", "E", "The infusion is over; asks first.")
        self._close = key_button(theme, "End session", "Ctrl+E", "The patient leaves; asks first.")
        self._buttons = (self._start, self._end, self._close)
        for button in self._buttons:
            # They have keys of their own; focus that wanders here would let Space end a session.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._start.clicked.connect(self.infusion_started)
        self._end.clicked.connect(self.infusion_ended)
        self._close.clicked.connect(self.session_ended)
        self._arrange()

    def render_view(self, view: TopView) -> None:
        """Show ``view``."""
        say(self._chair, view.chair)
        self._name = view.patient
        self._numbers = view.identifiers
        say(self._phase, view.phase)
        recolour_chip(
            self._phase,
            self._theme,
            ColourRole.ACCENT_DEEP if view.is_infusing else ColourRole.RAISED,
        )
        say(self._clock, view.clock)
        say(self._simulated, view.simulated)
        self._simulated.setVisible(bool(view.simulated))
        self._start.setVisible(view.can_start_infusion)
        self._end.setVisible(view.can_end_infusion)
        self._close.setEnabled(view.can_end_session)
        self._share_room()

    def render_who(self, who: WhoView) -> None:
        """Show who is signed in."""
        self._who_view = who
        self._share_room()

    def _share_room(self) -> None:
        """Give patient and user what the rest leaves, so that neither is cut off unseen."""
        others = (self._chair, self._phase, self._simulated, self._clock)
        shown = [one for one in (*others, *self._buttons) if one.isVisibleTo(self)]
        widths = [widget.sizeHint().width() for widget in shown]
        gaps = MARGIN * 2 + SPACING * (len(widths) + 2) + CHIP_PADDING
        free = self.width() - sum(widths) - gaps
        who = min(WHO_WIDTH, self._who.fontMetrics().horizontalAdvance(self._who_view.text) + 1)
        share = max(free - who, int(free * PATIENT_SHARE))
        least = self._who.fontMetrics().horizontalAdvance(self._who_view.brief) + 1
        share = min(share, free - least)  # what to do stands before how the patient is called
        name = max(NARROWEST_NAME, min(PATIENT_WIDTH, share))
        say_elided(self._patient, self._name, name)
        say_elided(self._identifiers, self._numbers, name)
        self._identifiers.setVisible(bool(self._numbers))
        room = max(NARROWEST_WHO, least, free - name)
        show_who(self._who, self._theme, self._who_view, room)

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 7, MARGIN, 7)
        row.setSpacing(SPACING)
        who = QVBoxLayout()
        who.setSpacing(0)
        for label in (self._patient, self._identifiers):
            who.addWidget(label)
        row.addWidget(self._chair)
        row.addLayout(who)
        for chip_label in (self._phase, self._simulated):
            row.addWidget(chip_label)
        row.addStretch(1)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self._who)
        row.addWidget(self._clock)


class StatusBar(QFrame):
    """Recording, cable and sound in words, and what this display is not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._theme = theme
        self._recording = chip(theme)
        self._link = chip(theme)
        self._sound = chip(theme)
        self._backup = chip(theme)
        self._disclaimer = disclaimer_label(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 5, 22, 5)
        row.setSpacing(12)
        for widget in (self._recording, self._link, self._sound, self._backup):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._disclaimer)

    def render_view(self, view: StatusView) -> None:
        """Show ``view``."""
        width = max(NARROWEST_CHIP, (self.width() - DISCLAIMER_ROOM) // 3)
        items = ((self._recording, view.recording), (self._link, view.link))
        for label, item in (*items, (self._sound, view.sound)):
            show_item(label, self._theme, item, width)

    def render_backup(self, text: str) -> None:
        """Say in red that the newest backup is too old, in what the others leave."""
        others = (self._recording, self._link, self._sound, self._disclaimer)
        taken = sum(one.sizeHint().width() + SPACING for one in others)
        room = self.width() - taken - MARGIN * 2 - CHIP_PADDING
        show_warning(self._backup, self._theme, text, max(WARNING_WIDTH, room))


def chip(theme: Theme, role: ColourRole = ColourRole.RAISED) -> QLabel:
    """Return a small label on a rounded ground."""
    label = plain_label(theme, theme.font(theme.sizes["small"], QFont.Weight.DemiBold))
    recolour_chip(label, theme, role)
    return label


def recolour_chip(
    label: QLabel,
    theme: Theme,
    ground: ColourRole,
    ink: ColourRole = ColourRole.TEXT_1,
    edge: ColourRole | None = None,
) -> None:
    """Give the chip a ground, a colour for its words, and an edge (None: that of the ground)."""
    colours = theme.colours
    dress(
        label,
        f"QLabel {{ background: {colours[ground]}; color: {colours[ink]};"
        f" border: 1px solid {colours[edge or ground]}; border-radius: 8px; padding: 4px 10px; }}",
    )


def show_item(label: QLabel, theme: Theme, item: StatusItem, width: int, brief: str = "") -> None:
    """Show a state; one that is not well stands out by its edge, not by an alarm colour."""
    say_elided(label, item.text, width, brief)
    if item.is_well:
        recolour_chip(label, theme, ColourRole.RAISED, ColourRole.TEXT_2)
    else:
        recolour_chip(label, theme, ColourRole.RAISED, ColourRole.TEXT_1, ColourRole.TEXT_1)


def show_who(label: QLabel, theme: Theme, who: WhoView, room: int = WHO_WIDTH) -> None:
    """Show who is signed in; controls that ask first stand out by their edge.

    Without room for all of it a name is cut, but never what to do.
    """
    show_item(label, theme, StatusItem(who.text, who.is_open), min(WHO_WIDTH, room), who.brief)


def show_warning(label: QLabel, theme: Theme, text: str, width: int) -> None:
    """Show a state that cannot wait for long, in red but without flashing; "" hides it."""
    say_elided(label, text, width)
    label.setVisible(bool(text))
    recolour_chip(
        label, theme, ColourRole.ALARM_HIGH_DARK, ColourRole.TEXT_1, ColourRole.ALARM_HIGH
    )


def disclaimer_label(theme: Theme) -> QLabel:
    """Return the sentence of clinical.md 1.7: short on the screen, whole in the tooltip."""
    label = plain_label(
        theme, theme.font(theme.sizes["small"]), ColourRole.TEXT_2, DISCLAIMER_SHORT
    )
    label.setAccessibleName(DISCLAIMER_SHORT)
    label.setAccessibleDescription(DISCLAIMER)
    plain_tooltip(label, DISCLAIMER)
    return label
