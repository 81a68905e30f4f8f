"""The bridge keeps the newest news, notices a dead station, and finds the next one in under 5 s."""

import pytest

from monitor.alarms.priority import Priority
from monitor.channel_messages import (
    Acknowledge,
    DesktopAlive,
    Goodbye,
    Refused,
    SessionUpdate,
    StationAlive,
)
from monitor.chart_part import ChartPart, Sample
from monitor.snapshot import Phase
from monitor.vitals import Vital
from tests.ui.fixtures import CHAIR, HELLO, FakeStation, snapshot, whole_chart
from ui.bridge import HANG_UP_AFTER_S, StationState, UiBridge

ALIVE = StationAlive(42, (CHAIR,))


def update(**changes: object) -> SessionUpdate:
    return SessionUpdate(snapshot(**changes), ChartPart("s1", False))


def first() -> SessionUpdate:
    return SessionUpdate(snapshot(), whole_chart())


def test_it_says_hello_first_and_then_that_it_is_alive_twice_a_second() -> None:
    station = FakeStation()
    station.go_live()
    station.pass_time(2.0, ALIVE)
    heard = station.heard()
    assert heard[0] == HELLO
    assert 4 <= sum(isinstance(message, DesktopAlive) for message in heard) <= 5


def test_a_fault_of_the_sound_travels_with_the_heartbeat() -> None:
    station = FakeStation()
    station.go_live()
    station.now_s += 1.0
    station.bridge.poll("no audio output")
    assert station.heard()[-1] == DesktopAlive("no audio output")


def voices(station: FakeStation) -> list[Priority | None]:
    return [one.voice for one in station.heard() if isinstance(one, DesktopAlive)]


def test_bursts_that_begin_or_end_are_told_at_once_and_once() -> None:
    station = FakeStation()
    station.go_live()
    station.pass_time(0.3)
    station.heard()
    for _ in range(3):
        station.bridge.confirm("", Priority.HIGH)
    assert voices(station) == [Priority.HIGH]
    station.bridge.confirm("", None)
    assert voices(station) == [None]


def test_a_confirmation_without_a_station_is_nothing() -> None:
    station = FakeStation()
    station.answers = False
    station.bridge.confirm("", Priority.HIGH)
    assert station.ends == []


def test_it_attaches_to_a_running_station_without_starting_another() -> None:
    station = FakeStation()
    station.go_live()
    assert station.starts == []
    assert station.bridge.state is StationState.LIVE


def test_it_starts_a_station_when_none_answers() -> None:
    station = FakeStation()
    station.answers = False
    station.pass_time(0.5)
    assert len(station.starts) == 1
    assert station.bridge.state is StationState.STARTING
    station.answers = True
    station.pass_time(0.5)
    assert len(station.ends) == 1


def test_a_station_that_never_comes_up_is_a_stop_and_not_an_endless_start() -> None:
    station = FakeStation()
    station.answers = False
    station.pass_time(7.0)
    assert station.bridge.state is StationState.STOPPED


def test_the_newest_snapshot_of_a_chair_wins_and_all_chart_parts_count() -> None:
    station = FakeStation()
    more = ChartPart("s1", False, (Sample(Vital.SPO2, 9e3, 95.0),))
    station.go_live(first(), SessionUpdate(snapshot(now_s=2166.0), more))
    assert station.bridge.sessions["Chair 1"].snapshot.now_s == 2166.0
    assert station.bridge.charts["Chair 1"].trend(Vital.SPO2)[0][-1] == 9e3


def test_a_closed_channel_is_a_stop_at_the_next_poll_and_starts_a_station_at_once() -> None:
    station = FakeStation()
    station.go_live(first())
    station.answers = False
    station.channel.close()
    station.pass_time(0.2)
    assert station.bridge.state is StationState.STOPPED
    assert len(station.starts) == 1


def test_two_seconds_of_silence_are_a_stop() -> None:
    station = FakeStation()
    station.go_live(first())
    station.answers = False
    station.pass_time(1.9)
    assert station.bridge.state is StationState.LIVE
    station.pass_time(0.3)
    assert station.bridge.state is StationState.STOPPED
    assert station.starts != []


def test_a_station_that_boots_in_two_seconds_is_back_in_under_five() -> None:
    station = FakeStation()
    station.go_live(first())
    station.answers = False
    station.channel.close()
    lost_s = station.now_s
    station.pass_time(2.0)
    station.answers = True
    while station.bridge.state is not StationState.LIVE:
        station.pass_time(0.1, *([ALIVE] if len(station.ends) > 1 else []))
    assert station.now_s - lost_s < 5.0


def test_starts_are_never_closer_than_two_seconds() -> None:
    station = FakeStation()
    station.answers = False
    station.pass_time(20.0)
    gaps = [b - a for a, b in zip(station.starts, station.starts[1:], strict=False)]
    assert gaps
    assert min(gaps) >= 2.0


def test_connected_without_a_word_is_not_alive() -> None:
    station = FakeStation()
    station.go_live(first())
    station.channel.close()
    station.pass_time(1.0)
    assert len(station.ends) == 2
    assert station.bridge.state is StationState.STOPPED


def test_after_reconnecting_the_chart_is_built_anew_from_the_first_part() -> None:
    station = FakeStation()
    station.go_live(first())
    station.channel.close()
    station.pass_time(0.5)
    anew = ChartPart("s1", True, (Sample(Vital.SPO2, 1.0, 95.0),))
    station.say(ALIVE, SessionUpdate(snapshot(), anew))
    station.bridge.poll("")
    assert station.bridge.charts["Chair 1"].trend(Vital.SPO2)[0].tolist() == [1.0]
    assert station.bridge.state is StationState.LIVE


def test_a_heartbeat_without_news_of_a_running_session_is_a_stop_too() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(4.5, ALIVE)
    assert len(station.starts) == 1


def test_an_ended_session_needs_no_news() -> None:
    station = FakeStation()
    station.go_live(update(phase=Phase.ENDED))
    station.pass_time(10.0, ALIVE)
    assert station.starts == []


def test_a_session_the_new_station_does_not_know_is_lost_until_somebody_has_seen_it() -> None:
    station = FakeStation()
    station.go_live(first())
    station.channel.close()
    station.pass_time(60.0, ALIVE)
    assert station.bridge.sessions == {}
    assert [news.snapshot.chair for news in station.bridge.lost.values()] == ["Chair 1"]
    station.bridge.forget_lost("s1")
    assert station.bridge.lost == {}


def test_a_lost_session_of_which_news_come_again_is_lost_no_more() -> None:
    station = FakeStation()
    station.go_live(first())
    station.channel.close()
    station.pass_time(5.0, ALIVE)
    station.say(first())
    station.pass_time(0.1)
    assert station.bridge.lost == {}
    assert list(station.bridge.sessions) == ["Chair 1"]


def test_a_command_goes_out_while_live() -> None:
    station = FakeStation()
    station.go_live(first())
    assert station.bridge.send(Acknowledge("s1"))
    assert station.heard()[-1] == Acknowledge("s1")


def test_a_command_to_nobody_is_said_to_the_person() -> None:
    station = FakeStation()
    station.go_live(first())
    station.channel.close()
    assert not station.bridge.send(Acknowledge("s1"))
    assert "does not answer" in station.bridge.notice


def test_a_refusal_is_shown_for_a_while() -> None:
    station = FakeStation()
    station.go_live()
    station.say(Refused("Chair 1 is taken."))
    station.pass_time(0.1)
    assert station.bridge.notice == "Chair 1 is taken."
    station.pass_time(9.0, ALIVE)
    assert station.bridge.notice == ""


@pytest.mark.parametrize("pause_s", [2.5, 4.0, 7.0, 60.0])
def test_a_pause_of_this_process_is_no_silence_of_the_station(pause_s: float) -> None:
    """The clock went on, but the thread that reads the channel had no turn yet."""
    station = FakeStation()
    station.go_live(first())
    for _ in range(12):
        station.pass_time(0.5, ALIVE, update())
        station.pass_time(pause_s, each=pause_s)
        assert station.bridge.state is StationState.LIVE
    station.pass_time(0.1, ALIVE, update())
    assert station.starts == []
    assert len(station.ends) == 1


def test_after_a_pause_a_station_that_stays_silent_is_noticed_as_ever() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(7.0, each=7.0)
    station.pass_time(1.4)
    assert station.bridge.state is StationState.LIVE
    station.pass_time(0.3)
    assert station.bridge.state is StationState.STOPPED
    assert len(station.starts) == 1


def test_a_window_that_draws_slowly_notices_a_silent_station_in_time() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(2.5, each=0.5)
    assert station.bridge.state is StationState.STOPPED


def test_a_station_that_was_only_late_is_not_hung_up_on() -> None:
    """To hang up would make it start another desktop."""
    station = FakeStation()
    station.go_live(first())
    station.pass_time(4.0)
    assert station.bridge.state is StationState.STOPPED
    station.pass_time(0.1, ALIVE, update())
    assert station.bridge.state is StationState.LIVE
    assert len(station.ends) == 1


def test_a_station_that_stays_silent_is_called_anew() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(2.0 + HANG_UP_AFTER_S + 0.5)
    assert len(station.ends) == 2
    assert station.bridge.state is StationState.STOPPED
    station.pass_time(0.1, ALIVE)
    assert station.bridge.state is StationState.LIVE


def test_heartbeats_alone_do_not_make_a_silent_session_live_again() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(4.5, ALIVE)
    assert station.bridge.state is StationState.STOPPED
    station.pass_time(1.0, ALIVE)
    assert station.bridge.state is StationState.STOPPED
    station.pass_time(0.1, ALIVE, update())
    assert station.bridge.state is StationState.LIVE


def test_the_seconds_of_silence_on_the_screen_are_those_of_the_clock() -> None:
    station = FakeStation()
    station.go_live(first())
    station.pass_time(7.0, each=7.0)
    assert station.bridge.silent_for_s == 7.0


def test_closing_says_goodbye_and_starts_nothing() -> None:
    station = FakeStation()
    station.go_live()
    station.bridge.close(stop_station=True)
    assert station.heard()[-1] == Goodbye(stop_station=True)
    assert station.starts == []


def goodbyes(station: FakeStation) -> list[Goodbye]:
    return [message for message in station.heard() if isinstance(message, Goodbye)]


def test_a_session_keeps_its_screen_unless_a_person_agreed() -> None:
    for words, said in (({}, []), ({"is_agreed": True}, [Goodbye()])):
        station = FakeStation()
        station.go_live(first())
        station.bridge.close(**words)
        assert goodbyes(station) == said


def test_what_is_thrown_away_needs_no_screen() -> None:
    station = FakeStation()
    station.go_live(first())
    station.bridge.close(stop_station=True)
    assert goodbyes(station) == [Goodbye(stop_station=True)]


def test_without_a_running_session_the_screen_may_go() -> None:
    for updates in ((), (update(phase=Phase.ENDED),)):
        station = FakeStation()
        station.go_live(*updates)
        station.bridge.close()
        assert goodbyes(station) == [Goodbye()]


def test_who_leaves_before_the_station_has_spoken_says_no_goodbye() -> None:
    """There may be a session of which this desktop does not know yet."""
    station = FakeStation()
    station.bridge.poll("")
    station.bridge.poll("")
    station.bridge.close()
    assert station.heard() == [HELLO, DesktopAlive("")]


def test_closing_after_a_loss_starts_nothing_either() -> None:
    station = FakeStation()
    station.go_live()
    station.channel.close()
    station.bridge.close()
    assert station.starts == []


def test_what_starting_throws_becomes_a_sentence() -> None:
    station = FakeStation()
    station.answers = False

    def fail() -> None:
        raise OSError("no permission")

    bridge = UiBridge(lambda: None, fail, lambda: station.now_s, HELLO, lambda _, task: task())
    for _ in range(5):
        station.now_s += 0.3
        bridge.poll("")
    assert bridge.fault == "no permission"


def test_a_connect_that_hangs_does_not_stop_the_search() -> None:
    now = [0.0]
    tried: list[str] = []
    bridge = UiBridge(
        lambda: None, lambda: None, lambda: now[0], HELLO, lambda name, _task: tried.append(name)
    )
    while now[0] < 6.0:
        now[0] += 0.1
        bridge.poll("")
    assert tried.count("connect") == 2
