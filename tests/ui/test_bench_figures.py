"""Figures and their targets: what counts as good, and how a number is rounded."""

import math

import pytest

from ui.bench.figures import Bound, Gauge, Target, paired_ratio, rounded

AT_MOST = Gauge("a", "a", "ms", target=Target(Bound.AT_MOST, 150, "x"))
AT_LEAST = Gauge("b", "b", "/s", target=Target(Bound.AT_LEAST, 8, "x"))
NONE_LOST = Gauge("c", "c", "rows", target=Target(Bound.AT_MOST, 0, "x"))


@pytest.mark.parametrize(
    ("gauge", "value", "is_good"),
    [
        (AT_MOST, 150.0, True),
        (AT_MOST, 150.01, False),
        (AT_LEAST, 8.0, True),
        (AT_LEAST, 7.9, False),
        (NONE_LOST, 0, True),
        (NONE_LOST, 1, False),
        (AT_MOST, math.nan, False),
        (AT_LEAST, math.nan, False),
    ],
)
def test_a_target_is_met_up_to_its_value(gauge: Gauge, value: float, is_good: bool) -> None:
    assert gauge.reads(value).is_good is is_good


def test_the_ratio_is_ours_to_the_peers() -> None:
    assert AT_LEAST.reads(30.0, peer_value=40.0).ratio == 0.75
    assert AT_LEAST.reads(30.0).ratio is None


def test_the_ratio_of_rounds_does_not_suffer_from_one_that_was_disturbed() -> None:
    assert paired_ratio([50.0, 5.0, 50.0], [100.0, 10.0, 20.0]) == 0.5


def test_a_small_loss_is_never_rounded_away() -> None:
    assert rounded(0.0004) == 0.0004
    assert rounded(200) == 200
    assert rounded(123456.0) == 123456
    assert rounded(1.23456) == 1.235
