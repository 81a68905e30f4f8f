"""For how long the alarms of a session were kept quiet."""

from monitor.alarms.quality import AlarmQuality, alarm_quality
from monitor.alarms.silenced import Silenced
from tests.monitor.alarms.rows import Rows


def test_a_pause_ends_by_its_time_by_a_person_or_with_the_session() -> None:
    rows = Rows()
    rows.audio(100, "paused", 220.0)
    rows.audio(300, "paused", 420.0)
    rows.audio(330, "on")
    rows.audio(950, "paused", 1070.0)
    rows.end(1000)
    quality = alarm_quality(rows.kept)
    assert quality.silenced == Silenced(120.0 + 30.0 + 50.0)
    assert quality.paused_share == 0.2


def test_a_pause_made_longer_is_counted_once() -> None:
    rows = Rows()
    rows.audio(100, "paused", 220.0)
    rows.audio(160, "paused", 280.0)
    rows.end(1000)
    assert alarm_quality(rows.kept).silenced.paused_s == 180.0


def test_audio_off_lasts_until_on_and_ends_with_the_session() -> None:
    rows = Rows()
    rows.audio(100, "off")
    rows.audio(200, "on")
    rows.audio(900, "off")
    rows.end(1000)
    quality = alarm_quality(rows.kept)
    assert (quality.audio_off_share, quality.paused_share) == (0.2, 0.0)


def test_only_a_pause_says_how_long_it_lasts() -> None:
    rows = Rows()
    rows.happen(100, "audio", state="off", reason="", by="Dr. Weber")
    rows.happen(300, "audio", state="on", reason="", by="Dr. Weber")
    rows.end(1000)
    assert alarm_quality(rows.kept).audio_off_share == 0.2


def test_time_in_which_two_rules_are_off_is_counted_once() -> None:
    rows = Rows()
    rows.switch(100, "HR-H1", is_off=True)
    rows.switch(200, "BP-H1", is_off=True)
    rows.switch(300, "HR-H1", is_off=False)
    rows.switch(400, "BP-H1", is_off=False)
    rows.end(1000)
    assert alarm_quality(rows.kept).alarm_off_share == 0.3


def test_an_ended_session_is_as_long_as_that_and_an_open_one_as_its_last_row() -> None:
    rows = Rows()
    rows.audio(0, "off")
    rows.happen(900, "link", state="live")
    assert alarm_quality(rows.kept).session_s == 900.0
    assert alarm_quality(rows.kept, 950.0).silenced.audio_off_s == 950.0
    rows.end(1000)
    rows.audio(1100, "paused", 1200.0)
    quality = alarm_quality(rows.kept, 5000.0)
    assert (quality.session_s, quality.silenced.audio_off_s) == (1000.0, 1000.0)
    assert quality.silenced.paused_s == 0.0


def test_seconds_that_were_rounded_up_are_no_more_than_the_whole_session() -> None:
    assert AlarmQuality(session_s=1.0, silenced=Silenced(1.0000000000000002)).paused_share == 1.0
