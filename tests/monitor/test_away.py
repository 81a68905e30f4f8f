"""How long a session was away: whatever was done to the wall clock, an old value is never young."""

from datetime import timedelta

import pytest

from monitor.away import ALIVE_EVERY_S, Away, time_away
from monitor.boot import UNKNOWN_BOOT, this_boot
from monitor.clock import Instant, ManualClock
from monitor.snapshot import LinkState
from monitor.vitals import Vital
from tests.monitor.fakes import Story, opened_record

BOOT, NEXT_BOOT = "boot-1", "boot-2"


def story(boot: str = BOOT) -> Story:
    """A session that ran for 60 s in one run of a computer that was started 5000 s before."""
    told = Story(boot=boot)
    told.up()
    told.pulses(60, 71)
    return told


def away(told: Story, passed_s: float, set_s: float, boot: str = BOOT) -> Away:
    """The session died; so long later, with the wall clock set by so much, it is looked at."""
    now = told.clock.now().plus(passed_s)
    now = Instant(now.monotonic, now.utc + timedelta(seconds=set_s))
    return time_away(opened_record(), told.later_rows(), now, boot)


def away_in_the_next_run(told: Story, uptime_s: float, wall_s: float) -> Away:
    now = Instant(uptime_s, told.clock.now().utc + timedelta(seconds=wall_s))
    return time_away(opened_record(), told.later_rows(), now, NEXT_BOOT)


@pytest.mark.parametrize("set_s", [0, -1205, 1205, -86_400, 86_400])
def test_in_the_same_run_of_the_computer_the_wall_clock_does_not_matter(set_s: float) -> None:
    found = away(story(), 1200, set_s)
    assert (found.latest_s, found.seconds, found.is_sure) == (60, pytest.approx(1200), True)
    assert found.clock_step_s == pytest.approx(set_s)


def test_after_a_restart_of_the_computer_the_wall_clock_is_asked() -> None:
    found = away_in_the_next_run(story(), uptime_s=40, wall_s=90)
    assert (found.seconds, found.is_sure) == (90, True)


def test_a_wall_clock_that_says_less_than_the_computer_is_on_was_set_back() -> None:
    found = away_in_the_next_run(story(), uptime_s=40, wall_s=10)
    assert (found.seconds, found.is_sure) == (40, False)


def test_the_next_run_may_be_longer_than_the_last_one_and_is_not_taken_for_it() -> None:
    found = away_in_the_next_run(story(), uptime_s=6000, wall_s=7000)
    assert (found.seconds, found.is_sure) == (7000, True)


def test_a_system_that_names_no_run_is_believed_when_both_clocks_agree() -> None:
    found = away(story(UNKNOWN_BOOT), 20, 0, UNKNOWN_BOOT)
    assert (found.seconds, found.is_sure) == (pytest.approx(20), True)


@pytest.mark.parametrize("set_s", [-15, -1205, 3600])
def test_a_system_that_names_no_run_is_not_sure_when_they_do_not(set_s: float) -> None:
    assert not away(story(UNKNOWN_BOOT), 20, set_s, UNKNOWN_BOOT).is_sure


def test_a_session_that_was_resumed_counts_from_its_last_return() -> None:
    first = story()
    now = first.clock.now().plus(10)
    second = first.resumed(first.later_rows(), ManualClock(now.utc, 8.0), NEXT_BOOT)
    second.pulses(5, 71)
    later = second.clock.now().plus(7)
    found = time_away(opened_record(), second.later_rows(), later, NEXT_BOOT)
    assert (found.latest_s, found.seconds, found.is_sure) == (75, pytest.approx(7), True)


def test_a_silent_device_does_not_make_a_short_death_look_long() -> None:
    told = story()
    told.down()
    told.wait(300)
    assert away(told, 4, 0).seconds <= 4 + ALIVE_EVERY_S
    assert len(told.kept("alive")) == pytest.approx(300 / ALIVE_EVERY_S, abs=5)


def test_without_a_name_of_the_run_nothing_about_time_is_kept() -> None:
    told = story("")
    told.wait(60)
    assert told.kept("alive") == told.kept("anchor") == []


def test_this_computer_has_a_name_for_its_run_or_says_that_it_has_none(tmp_path) -> None:
    assert this_boot() == this_boot() != ""
    assert this_boot(tmp_path / "missing") == UNKNOWN_BOOT
    (tmp_path / "id").write_text("abc\n")
    assert this_boot(tmp_path / "id") == "abc"


# ---- what a session makes of it


def test_values_of_an_unknown_age_are_marked_and_evidence_of_nothing() -> None:
    told = story()
    told.cuff(120, 80)
    now = told.clock.now()
    utc = now.utc - timedelta(seconds=30)
    back = told.resumed(told.later_rows(), ManualClock(utc, monotonic=5.0), NEXT_BOOT)
    shown = back.shown()
    assert shown.unsure_before_s is not None
    assert shown.pressure is not None
    assert shown.pressure.taken_s <= shown.unsure_before_s
    assert back.kept("resumed") == [{"away_s": 5, "is_sure": False}]
    back.up()
    back.read(Vital.PULSE_RATE, 72)
    assert back.shown().pulse is not None
    assert back.shown().pulse.at_s >= shown.unsure_before_s


def test_an_acknowledgement_does_not_outlive_an_unknown_time() -> None:
    told = story()
    told.cuff(184, 101)
    told.acknowledge()
    utc = told.clock.now().utc - timedelta(seconds=30)
    back = told.resumed(told.later_rows(), ManualClock(utc, monotonic=5.0), NEXT_BOOT)
    assert back.state("BP-H2") == "sounding"


def test_a_known_time_leaves_the_acknowledgement_and_marks_nothing() -> None:
    told = story()
    told.cuff(184, 101)
    told.acknowledge()
    back = told.resumed(told.later_rows(), ManualClock(told.clock.now().utc, 5060.0), BOOT)
    assert back.state("BP-H2") == "acknowledged"
    assert back.shown().unsure_before_s is None
    assert back.shown().link.state is LinkState.CONNECTING


def test_a_clock_set_back_by_twenty_minutes_does_not_make_a_pressure_of_then_young() -> None:
    """The attacker's t18: 20 minutes dead, the clock set back meanwhile."""
    told = story()
    told.cuff(120, 80, 93)
    now = told.clock.now().plus(1200)
    back = told.resumed(
        told.later_rows(),
        ManualClock(now.utc - timedelta(seconds=1205), now.monotonic),
        BOOT,
    )
    pressure = back.shown().pressure
    assert pressure is not None
    assert back.t - pressure.taken_s == pytest.approx(1200)
    assert back.kept("clock") == [{"by_s": pytest.approx(-1205)}]
