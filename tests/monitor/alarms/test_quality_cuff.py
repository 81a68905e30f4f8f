"""Which cuff alarms of one reading were confirmed, and which refuted."""

from monitor.alarms.quality import alarm_quality
from tests.monitor.alarms.rows import (
    ACKNOWLEDGED,
    HIGH,
    LOW,
    MEDIUM,
    QUIET,
    REFUTED,
    SOUNDING,
    UNSEEN,
    Rows,
)


def test_a_low_first_reading_is_confirmed_by_its_medium() -> None:
    rows = Rows()
    rows.onset(0, "BP-H1", LOW)
    rows.onset(300, "BP-H1", MEDIUM)
    quality = alarm_quality(rows.kept)
    assert (quality.confirmed, quality.refuted) == (1, 0)


def test_a_low_first_reading_that_makes_room_for_its_medium_is_confirmed_as_well() -> None:
    rows = Rows()
    rows.onset(0, "BP-H1", LOW)
    rows.alarm(300, "BP-H1", LOW, SOUNDING, QUIET, since_s=0.0)
    rows.onset(300, "BP-H1", MEDIUM)
    assert alarm_quality(rows.kept).confirmed_share == 1.0


def test_a_low_first_reading_waits_for_its_medium_behind_a_worse_alarm() -> None:
    rows = Rows()
    rows.onset(0, "BP-H1", LOW)
    rows.onset(300, "BP-H2", HIGH)
    rows.alarm(300, "BP-H1", LOW, SOUNDING, QUIET, since_s=0.0)
    rows.alarm(600, "BP-H2", HIGH, SOUNDING, UNSEEN)
    rows.onset(600, "BP-H1", MEDIUM)
    quality = alarm_quality(rows.kept)
    assert (quality.confirmed, quality.refuted) == (2, 0)


def test_a_low_first_reading_is_refuted_by_a_clear_repeat_also_once_acknowledged() -> None:
    rows = Rows()
    rows.onset(0, "BP-H1", LOW)
    rows.alarm(60, "BP-H1", LOW, SOUNDING, QUIET, REFUTED)
    rows.onset(600, "BP-L1", LOW)
    rows.alarm(610, "BP-L1", LOW, SOUNDING, ACKNOWLEDGED)
    rows.alarm(660, "BP-L1", LOW, ACKNOWLEDGED, QUIET, REFUTED)
    quality = alarm_quality(rows.kept)
    assert (quality.confirmed, quality.refuted, quality.confirmed_share) == (0, 2, 0.0)


def test_a_low_cuff_alarm_that_just_ends_was_neither_confirmed_nor_refuted() -> None:
    rows = Rows()
    rows.onset(0, "BP-D", LOW)
    rows.alarm(300, "BP-D", LOW, SOUNDING, QUIET, "Systolic 140")
    rows.onset(400, "BP-H1", LOW)
    rows.alarm(500, "BP-H1", LOW, SOUNDING, QUIET)
    rows.onset(900, "BP-H1", MEDIUM)
    assert alarm_quality(rows.kept).confirmed_share is None


def test_a_high_cuff_alarm_stands_unless_it_is_refuted() -> None:
    rows = Rows()
    rows.onset(0, "BP-H2", HIGH)
    rows.alarm(90, "BP-H2", HIGH, SOUNDING, UNSEEN, REFUTED)
    rows.alarm(300, "BP-H2", HIGH, UNSEEN, SOUNDING)
    rows.alarm(900, "BP-H2", HIGH, SOUNDING, UNSEEN, "Pressure 150/90 below 180/110")
    rows.onset(1200, "BP-H3", HIGH)
    quality = alarm_quality(rows.kept)
    assert (quality.confirmed, quality.refuted) == (2, 1)


def test_a_high_cuff_alarm_that_a_worse_one_covered_for_a_while_counts_once() -> None:
    rows = Rows()
    rows.alarm(0, "BP-H2", HIGH, QUIET, SOUNDING, since_s=0.0)
    rows.alarm(300, "BP-H3", HIGH, QUIET, SOUNDING, since_s=300.0)
    rows.alarm(300, "BP-H2", HIGH, SOUNDING, QUIET, since_s=0.0)
    rows.alarm(600, "BP-H3", HIGH, SOUNDING, UNSEEN, since_s=300.0)
    rows.alarm(600, "BP-H2", HIGH, QUIET, SOUNDING, since_s=0.0)
    quality = alarm_quality(rows.kept)
    assert (quality.onsets, quality.confirmed, quality.refuted) == (3, 2, 0)


def test_only_cuff_alarms_are_confirmed_or_refuted() -> None:
    rows = Rows()
    rows.onset(0, "HR-H2", HIGH)
    rows.onset(0, "TECH-3", LOW)
    rows.onset(10, "TECH-3", MEDIUM)
    rows.alarm(20, "HR-H2", HIGH, SOUNDING, UNSEEN, REFUTED)
    assert alarm_quality(rows.kept).confirmed_share is None
