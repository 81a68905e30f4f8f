"""The tokens can be read by people: contrast, and alarm colours that belong to alarms only."""

import itertools

import pytest
from pytestqt.qtbot import QtBot

from monitor.errors import OperatorError
from ui.theme import Theme, load_theme
from ui.view_models.colours import ColourRole

RESERVED = ("alarm_high", "alarm_medium", "alarm_low")
GROUNDS = ("background", "surface", "raised")


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    return load_theme()


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("ink", ["text1", "text2", "stale", "nibp", "pulse", "spo2", "accent"])
def test_text_has_a_contrast_of_4_5(theme: Theme, ink: str) -> None:
    for ground in GROUNDS[:2]:
        assert contrast(theme.colours[ink], theme.colours[ground]) >= 4.5


def test_black_text_on_every_bright_alarm_colour_has_a_contrast_of_4_5(theme: Theme) -> None:
    for alarm in RESERVED:
        assert contrast(theme.colours["on_alarm"], theme.colours[alarm]) >= 4.5
        assert contrast(theme.colours[alarm], theme.colours["surface"]) >= 3


def test_both_halves_of_a_flash_differ_clearly(theme: Theme) -> None:
    for alarm in RESERVED:
        assert contrast(theme.colours[alarm], theme.colours[f"{alarm}_dark"]) >= 3


def test_no_other_role_has_a_reserved_colour(theme: Theme) -> None:
    others = {c for name, c in theme.colours.items() if not name.startswith("alarm_")}
    for (name, alarm), other in itertools.product(
        [(n, theme.colours[n]) for n in RESERVED], others
    ):
        assert alarm != other, name


def test_every_role_has_its_token(theme: Theme) -> None:
    assert {role.value for role in ColourRole} <= set(theme.colours)


def test_figures_are_tabular_and_big_enough(theme: Theme) -> None:
    from PySide6.QtGui import QFont, QFontMetrics

    font = theme.font_of_capitals(theme.sizes["number_capital"], QFont.Weight.DemiBold)
    metrics = QFontMetrics(font)
    assert metrics.capHeight() >= 43
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_an_unknown_theme_is_a_sentence(qtbot: QtBot) -> None:
    with pytest.raises(OperatorError, match="cannot be read"):
        load_theme("no-such-theme")
