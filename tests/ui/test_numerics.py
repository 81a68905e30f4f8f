"""The big numbers turn grey and vanish on time (clinical.md section 4, TECH-1, 2 and 5)."""

from dataclasses import replace

import pytest

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.snapshot import (
    AlarmState,
    CuffPlanView,
    LimitView,
    LinkState,
    LinkView,
    NumericView,
    PressureView,
)
from monitor.vitals import Vital
from tests.ui.fixtures import NOW_S, alarm, seen
from ui.view_models.colours import ColourRole
from ui.view_models.numerics import Freshness, pressure_tile, trend_tile
from ui.view_models.words import ago_text, clock_text, whole


def pressure(age_s: float, mean: float | None = 102.0, is_stale: bool = False) -> PressureView:
    return PressureView(152.0, 94.0, mean, NOW_S - age_s, is_stale)


def pulse(age_s: float, value: float | None = 88.0, quality: Quality = Quality.OK) -> NumericView:
    return NumericView(Vital.PULSE_RATE, value, quality, NOW_S - age_s, "")


def test_a_fresh_cuff_reading_says_its_age_and_when_the_next_is_due() -> None:
    tile = pressure_tile(seen(pressure=pressure(120)))
    assert (tile.text, tile.mean, tile.age, tile.due) == (
        "152/94",
        "(102)",
        "2 min ago",
        "next in 3:00 (every 5 min)",
    )
    assert (tile.freshness, tile.colour) == (Freshness.FRESH, ColourRole.NIBP)


def test_the_age_grows_while_no_news_arrives() -> None:
    assert pressure_tile(seen(1.5, pressure=pressure(119))).age == "2 min ago"


def test_at_another_speed_the_cuff_ages_with_the_session() -> None:
    assert pressure_tile(seen(1.0, speed=60.0, pressure=pressure(60))).age == "2 min ago"


@pytest.mark.parametrize(
    ("age_s", "freshness"),
    [
        (420.0, Freshness.FRESH),
        (420.5, Freshness.STALE),
        (900.0, Freshness.STALE),
        (900.5, Freshness.MISSING),
    ],
)
def test_a_cuff_reading_greys_after_the_interval_and_2_min_and_vanishes_after_15(
    age_s: float, freshness: Freshness
) -> None:
    assert pressure_tile(seen(pressure=pressure(age_s))).freshness is freshness


def test_an_overdue_cuff_says_by_how_much() -> None:
    tile = pressure_tile(seen(pressure=pressure(500)))
    assert tile.due == "overdue 3:20 (every 5 min)"
    assert tile.colour is ColourRole.STALE
    assert "not current" in tile.age


def test_a_vanished_cuff_reading_is_dashes_with_the_last_value_and_its_time() -> None:
    tile = pressure_tile(seen(pressure=pressure(901)))
    assert (tile.text, tile.mean, tile.age) == ("--/--", "", "last 152/94 at 10:31")


def test_a_value_the_device_held_from_before_is_grey_with_its_time_unknown() -> None:
    tile = pressure_tile(seen(pressure=pressure(1, is_stale=True)))
    assert tile.freshness is Freshness.STALE
    assert tile.age == "time unknown · not current"
    assert tile.due == ""


def test_without_any_reading_there_are_dashes_and_never_a_zero() -> None:
    tile = pressure_tile(seen(pressure=None))
    assert (tile.text, tile.age, tile.freshness) == (
        "--/--",
        "no cuff reading yet",
        Freshness.MISSING,
    )


def test_a_mean_the_device_does_not_send_is_marked_as_calculated() -> None:
    assert pressure_tile(seen(pressure=pressure(1, mean=None))).mean == "(113 calc)"


def test_while_the_cuff_measures_the_tile_says_so() -> None:
    assert pressure_tile(seen(cuff_is_measuring=True)).due == "measuring now"


@pytest.mark.parametrize(
    ("age_s", "freshness"),
    [
        (5.0, Freshness.FRESH),
        (5.1, Freshness.STALE),
        (10.0, Freshness.STALE),
        (10.1, Freshness.MISSING),
    ],
)
def test_pulse_greys_after_5_s_and_becomes_dashes_after_10(
    age_s: float, freshness: Freshness
) -> None:
    tile = trend_tile(seen(pulse=pulse(age_s)), Vital.PULSE_RATE)
    assert tile.freshness is freshness
    assert (tile.text == "--") is (freshness is Freshness.MISSING)


def test_a_vanished_pulse_says_what_it_was_and_when() -> None:
    tile = trend_tile(seen(pulse=pulse(65)), Vital.PULSE_RATE)
    assert tile.age == "last 88 at 10:45"


@pytest.mark.parametrize(
    ("quality", "words"),
    [(Quality.SENSOR_OFF, "sensor off"), (Quality.ARTIFACT, "artefact")],
)
def test_an_invalid_value_is_dashes_and_the_reason_in_words(quality: Quality, words: str) -> None:
    view = NumericView(Vital.SPO2, None, quality, NOW_S - 1, "")
    tile = trend_tile(seen(spo2=view), Vital.SPO2)
    assert (tile.text, tile.age) == ("--", words)


def test_a_value_marked_bad_is_never_shown_even_when_it_comes_with_a_number() -> None:
    tile = trend_tile(seen(pulse=pulse(1, 40.0, Quality.OUT_OF_RANGE)), Vital.PULSE_RATE)
    assert (tile.text, tile.age) == ("--", "out of range")


def test_a_weak_signal_is_shown_and_named() -> None:
    tile = trend_tile(seen(pulse=pulse(1, 70.0, Quality.LOW_PERFUSION)), Vital.PULSE_RATE)
    assert (tile.text, tile.age) == ("70", "weak pulse signal")


def test_when_the_station_has_been_silent_for_2_s_every_number_is_grey() -> None:
    late = seen(2.1)
    tiles = (pressure_tile(late), trend_tile(late, Vital.PULSE_RATE), trend_tile(late, Vital.SPO2))
    assert {tile.freshness for tile in tiles} == {Freshness.STALE}


def test_when_monitoring_stopped_every_number_is_dashes() -> None:
    lost = seen(3.0, is_stopped=True)
    assert pressure_tile(lost).text == "--/--"
    assert pressure_tile(lost).age == "last 138/84 at 10:44"
    assert trend_tile(lost, Vital.SPO2).text == "--"


def test_at_60_times_the_speed_a_snapshot_on_its_way_does_not_make_the_pulse_old() -> None:
    assert trend_tile(seen(0.3, speed=60.0), Vital.PULSE_RATE).freshness is Freshness.FRESH


def test_an_active_alarm_colours_its_own_number_only() -> None:
    alarmed = seen(alarms=(alarm(),), pressure=pressure(42))
    assert pressure_tile(alarmed).colour is ColourRole.ALARM_HIGH
    assert trend_tile(alarmed, Vital.PULSE_RATE).colour is ColourRole.PULSE


def test_a_stale_number_is_grey_even_under_an_alarm() -> None:
    tile = pressure_tile(seen(alarms=(alarm(),), pressure=pressure(500)))
    assert tile.colour is ColourRole.STALE
    assert tile.alarm is Priority.HIGH


def test_an_alarm_that_is_over_colours_nothing() -> None:
    over = replace(alarm(), state=AlarmState.UNSEEN)
    assert pressure_tile(seen(alarms=(over,))).alarm is None


def test_the_limits_in_force_stand_beside_the_number() -> None:
    assert pressure_tile(seen()).limits == "SYS high 180 · DIA high 110"
    low = LimitView(Vital.SYSTOLIC, 90.0, False, Priority.MEDIUM, "BP-L1")
    both = pressure_tile(seen(limits=(low, *seen().snapshot.limits)))
    assert both.limits == "SYS 90-180 · DIA high 110"
    low = LimitView(Vital.SPO2, 92.0, False, Priority.MEDIUM, "O2-1")
    assert trend_tile(seen(limits=(low,)), Vital.SPO2).limits == "low 92"


def test_the_sensor_is_named_where_there_are_several() -> None:
    tile = trend_tile(seen(pulse=replace(pulse(1), source="ecg")), Vital.PULSE_RATE)
    assert tile.source == "ecg"
    assert "ecg" in tile.spoken


@pytest.mark.parametrize(("value", "shown"), [(0.5, 1), (1.5, 2), (2.5, 3), (-0.5, -1), (97.4, 97)])
def test_numbers_round_half_away_from_zero(value: float, shown: int) -> None:
    assert whole(value) == shown


def test_durations_read_like_a_clock_and_ages_like_speech() -> None:
    assert [clock_text(s) for s in (0, 61, 3661, -5)] == ["0:00", "1:01", "1:01:01", "0:00"]
    assert [ago_text(s) for s in (0, 59.9, 60, 119)] == [
        "0 s ago",
        "59 s ago",
        "1 min ago",
        "1 min ago",
    ]


@pytest.mark.parametrize(
    ("age_s", "failures", "due"),
    [
        (10, 0, "planned every 5 min"),
        (10, 2, "2 failed · planned every 5 min"),
        (310, 0, "overdue 0:10 (every 5 min)"),
    ],
)
def test_without_any_cuff_reading_nothing_is_counted_down(
    age_s: float, failures: int, due: str
) -> None:
    plan = CuffPlanView(300.0, 0.0, NOW_S - age_s, failures)
    tile = pressure_tile(seen(pressure=None, cuff_plan=plan))
    assert (tile.age, tile.due) == ("no cuff reading yet", due)


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (LinkState.LOST, "monitor disconnected"),
        (LinkState.SILENT, "monitor silent"),
        (LinkState.CONNECTING, "connecting to the monitor"),
    ],
)
@pytest.mark.parametrize("age_s", [120, 500])
def test_while_the_link_is_down_the_next_cuff_reading_is_not_announced(
    state: LinkState, due: str, age_s: float
) -> None:
    link = LinkView(state, NOW_S - 5, "unplugged", 0)
    tile = pressure_tile(seen(pressure=pressure(age_s), link=link, cuff_is_measuring=True))
    assert (tile.text, tile.due) == ("152/94", due)
