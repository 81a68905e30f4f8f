"""The station without processes: what each desktop is told, and what happens when one is gone.

Knows Feed, Desk, Station and Relauncher over channels in memory, with a time that is set.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing import Pipe
from typing import Any

import pytest

from monitor.channel import ChannelClosed, MemoryChannel, in_memory_pair
from monitor.channel_messages import (
    DesktopAlive,
    DesktopView,
    EndSession,
    Goodbye,
    Hello,
    OpenSession,
    Refused,
    SessionUpdate,
    StationAlive,
)
from monitor.chart_part import ChartPart
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Engine, Fault, Published, Stop
from monitor.events import DeviceBatch, LinkUp, Measured, ValidFrame
from monitor.gate import DemoGate
from monitor.news import Board, Feed
from monitor.pipe import PipeChannel
from monitor.readings import Quality, Reading
from monitor.relauncher import Relauncher
from monitor.siren import Siren
from monitor.snapshot import AlarmState, Phase
from monitor.station import NOBODY_LISTENS, NOBODY_LOOKS, Desk, Station
from monitor.vitals import Vital
from tests.monitor.fakes import OPENED_UTC, PROFILE, Keeper
from tests.monitor.test_siren import FakePlayer, burst_of

HELLO = Hello(0, ("vigil",))


class Time:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def passes(self, seconds: float) -> None:
        self.now_s += seconds


class Launches(Relauncher):
    """A relauncher that starts nothing, but writes down what it would start."""

    def __init__(self, now: Time) -> None:
        super().__init__(now)
        self.done: list[Hello] = []
        self.is_alive = False

    @property
    def is_starting(self) -> bool:
        return self.is_alive

    def _start(self, hello: Hello) -> bool:
        self.done.append(hello)
        return True


class Source:
    """A device reader that only counts."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self) -> None:
        self.calls.append("stop")


class Desktop:
    """The other end of a desk."""

    def __init__(self, house: "House", hello: Hello | None = HELLO) -> None:
        self.house = house
        self.channel, theirs = in_memory_pair()
        self.desk: Desk = house.station.seat(theirs)
        if hello is not None:
            self.channel.send(hello)

    def turn(self) -> bool:
        """Let the desk take a turn, and the engine do what it was told; leave when it is over."""
        goes_on = self.desk.turn()
        self.house.work()
        return goes_on

    def says(self, *messages: Any) -> bool:
        for message in messages:
            self.channel.send(message)
        return self.turn()

    def is_told(self) -> list[Any]:
        return self.channel.receive()

    def updates(self) -> list[SessionUpdate]:
        self.turn()
        return [message for message in self.is_told() if isinstance(message, SessionUpdate)]

    def leaves(self, *, on_purpose: bool) -> None:
        """What Desk.serve does when the turns are over."""
        self.house.station.desktop_left(self.desk, self.desk._hello, on_purpose=on_purpose)
        self.house.work()


class House:
    """A station with two chairs whose engine works when told."""

    def __init__(self, *, until_idle: bool = False, siren: Siren | None = None) -> None:
        self.time = Time()
        self.clock = ManualClock(OPENED_UTC)
        self.keeper, self.board = Keeper(), Board()
        chairs = [Chair(f"Chair {n}", "ge_s5", "GE S/5", "simulated", f"p{n}") for n in (1, 2)]
        self.engine = Engine(self.clock, chairs, PROFILE, self.keeper, publish=self.board.publish)
        self.launches = Launches(self.time)
        self.faults: list[str] = []
        self.station = Station(
            self.engine,
            self.board,
            [],
            DemoGate(self.engine.inbox.put),
            until_idle=until_idle,
            now=self.time,
            relauncher=self.launches,
            siren=siren,
        )

    def work(self) -> None:
        """Let the engine empty its inbox."""
        while not self.engine.inbox.empty():
            message = self.engine.inbox.get()
            assert not isinstance(message, Stop)
            if isinstance(message, Fault):
                self.faults.append(message.text)
            self.engine.handle(message)

    def open(self, chair: str = "Chair 1") -> str:
        self.engine.handle(Ask(OpenSession(chair, "Patient A")))
        now = self.clock.now()
        self.engine.handle(DeviceBatch(chair, "ge_s5", (LinkUp(now), ValidFrame(0, now))))
        return self.session_id(chair)

    def session_id(self, chair: str = "Chair 1") -> str:
        session = self.engine.session_at(chair)
        assert session is not None
        return session.picture.opened.stamp.session_id

    def end(self, chair: str = "Chair 1") -> None:
        self.engine.handle(Ask(EndSession(self.session_id(chair))))

    def pulse(self, value: float, chair: str = "Chair 1") -> None:
        now = self.clock.advance(1)
        reading = Reading(Vital.PULSE_RATE, value, Quality.OK, now, "oximeter")
        events = (ValidFrame(0, now), Measured(0, reading))
        self.engine.handle(DeviceBatch(chair, "ge_s5", events))

    def passes(self, seconds: float) -> None:
        """Time passes, and the station looks round as it does twice a second."""
        for _ in range(int(seconds * 2)):
            self.time.passes(0.5)
            self.station.look_round()
            self.work()


@pytest.fixture
def house() -> House:
    return House()


# ---- what a desktop is told


def test_the_first_part_is_complete_and_then_only_what_is_new(house: House) -> None:
    house.open()
    for value in (70, 71, 72):
        house.pulse(value)
    feed = Feed()
    (first,) = feed.updates(house.board.newest())
    assert first.chart.is_first
    assert [sample.value for sample in first.chart.samples] == [70, 71, 72]
    assert feed.updates(house.board.newest()) == []
    house.pulse(73)
    house.pulse(74)
    (second,) = feed.updates(house.board.newest())
    assert not second.chart.is_first
    assert [sample.value for sample in second.chart.samples] == [73, 74]
    assert second.snapshot.pulse is not None
    assert second.snapshot.pulse.value == 74


def test_a_picture_without_news_of_the_chart_still_tells_the_time(house: House) -> None:
    house.open()
    feed = Feed()
    feed.updates(house.board.newest())
    house.clock.advance(1)
    house.engine.tick()
    (update,) = feed.updates(house.board.newest())
    assert update.snapshot.now_s == 1
    assert update.chart == ChartPart(house.session_id(), is_first=False)


def test_the_next_session_of_a_chair_begins_with_a_chart_of_its_own(house: House) -> None:
    feed = Feed()
    first = house.open()
    house.pulse(70)
    feed.updates(house.board.newest())
    house.end()
    (last,) = feed.updates(house.board.newest())
    assert (last.snapshot.session_id, last.snapshot.phase) == (first, Phase.ENDED)
    second = house.open()
    (update,) = feed.updates(house.board.newest())
    assert (update.chart.session_id, update.chart.is_first) == (second, True)
    assert update.chart.samples == ()


def test_a_desktop_that_comes_late_is_told_everything(house: House) -> None:
    house.open()
    early = Desktop(house)
    seen = []
    for value in range(60, 80):
        house.pulse(value)
        for update in early.updates():
            seen += [sample.value for sample in update.chart.samples]
    late = Desktop(house)
    (update,) = late.updates()
    assert seen == [sample.value for sample in update.chart.samples] == list(range(60, 80))
    assert update.chart.is_first


def test_two_chairs_are_told_apart(house: House) -> None:
    one, two = house.open("Chair 1"), house.open("Chair 2")
    house.pulse(70, "Chair 1")
    house.pulse(90, "Chair 2")
    updates = {u.snapshot.session_id: u for u in Desktop(house).updates()}
    assert [s.value for s in updates[one].chart.samples] == [70]
    assert [s.value for s in updates[two].chart.samples] == [90]


def test_a_heartbeat_goes_out_twice_a_second_with_chairs_and_desktops(house: House) -> None:
    desktop = Desktop(house, Hello(77, ("vigil",)))
    desktop.says(DesktopAlive("", showing=("s1",)))
    (alive,) = desktop.is_told()
    assert [chair.chair for chair in alive.chairs] == ["Chair 1", "Chair 2"]
    assert alive.desktops == (DesktopView(77, ("s1",)),)
    house.time.passes(0.4)
    desktop.turn()
    assert desktop.is_told() == []
    house.time.passes(0.1)
    desktop.turn()
    assert [type(message) for message in desktop.is_told()] == [StationAlive]


def test_those_who_wait_for_news_are_woken_until_they_want_no_more(house: House) -> None:
    house.open()
    published: Published = house.board.newest()[0]
    news = threading.Event()
    house.board.listen(news.set)
    house.board.publish(published)
    assert news.is_set()
    news.clear()
    house.board.forget(news.set)
    house.board.publish(published)
    assert not news.is_set()


# ---- what a desktop says


def test_a_command_reaches_the_engine_and_a_refusal_comes_back_to_who_asked(house: House) -> None:
    asks, other = Desktop(house), Desktop(house)
    asks.says(OpenSession("Chair 1", "Patient A"))
    assert house.engine.has_open_session
    asks.says(OpenSession("Chair 1", "Patient B"))
    refusals = [m for m in asks.is_told() if isinstance(m, Refused)]
    assert [r.sentence for r in refusals] == ["Chair 1 has a session already: end it first"]
    other.turn()
    assert not [m for m in other.is_told() if isinstance(m, Refused)]


def test_a_refusal_for_a_desktop_that_has_gone_stops_nothing(house: House) -> None:
    desktop = Desktop(house)
    desktop.channel.send(EndSession("none"))
    desktop.desk.turn()
    desktop.channel.close()
    house.work()


def test_a_message_that_no_desktop_sends_does_not_reach_the_engine(house: House) -> None:
    desktop = Desktop(house)
    desktop.channel.send(StationAlive(1, ()))
    assert desktop.desk.turn()
    assert house.engine.inbox.empty()


def test_a_desktop_that_hangs_up_in_the_middle_of_a_turn_is_heard_to_the_end(
    house: House,
) -> None:
    """Its goodbye may arrive after the desk listened and before it spoke."""
    there, back = in_memory_pair()

    class HangsUp:
        def send(self, message: Any) -> None:
            there.send(Goodbye())
            there.close()
            raise ChannelClosed

        def receive(self) -> list[Any]:
            return back.receive()

        def close(self) -> None:
            back.close()

    house.open()
    there.send(HELLO)
    desk = house.station.seat(HangsUp())
    desk.serve(threading.Event())
    assert house.launches.done == []


# ---- a desktop that is gone


def test_a_desktop_that_dies_during_a_session_is_started_again(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.turn()
    desktop.channel.close()
    desktop.desk.serve(threading.Event())
    assert house.launches.done == [HELLO]
    assert house.station.desktops == ()


def test_a_desktop_that_said_goodbye_is_not_started_again(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    assert not desktop.says(Goodbye())
    desktop.channel.close()
    desktop.desk.serve(threading.Event())
    house.passes(60)
    assert house.launches.done == []


def test_without_a_session_a_desktop_that_dies_is_not_started_again(house: House) -> None:
    desktop = Desktop(house)
    desktop.turn()
    desktop.leaves(on_purpose=False)
    house.passes(60)
    assert house.launches.done == []


def test_a_client_that_never_said_hello_is_not_started_again(house: House) -> None:
    house.open()
    client = Desktop(house, hello=None)
    client.turn()
    client.leaves(on_purpose=False)
    house.passes(60)
    assert house.launches.done == []


def test_a_station_that_stops_starts_no_desktop(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.turn()
    house.station.stop()
    assert not desktop.turn()
    desktop.leaves(on_purpose=False)
    assert house.launches.done == []


def test_a_desktop_whose_start_fails_is_tried_again_until_one_comes(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.turn()
    desktop.leaves(on_purpose=False)
    house.passes(60)
    assert 13 <= len(house.launches.done) <= 15  # relauncher.py: three at once, then every 5 s
    Desktop(house).turn()
    count = len(house.launches.done)
    house.passes(300)
    assert len(house.launches.done) == count


def test_a_desktop_that_is_on_its_way_is_not_started_twice(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.turn()
    house.launches.is_alive = True
    desktop.leaves(on_purpose=False)
    house.passes(120)
    assert len(house.launches.done) == 1


def test_a_desktop_closed_on_purpose_after_one_was_lost_stays_closed(house: House) -> None:
    house.open()
    lost = Desktop(house)
    lost.turn()
    lost.leaves(on_purpose=False)
    again = Desktop(house)
    again.says(Goodbye())
    again.leaves(on_purpose=True)
    house.passes(120)
    assert len(house.launches.done) == 1


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing, like a desktop that hangs."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield child
    child.kill()
    child.wait()


def test_a_desktop_without_a_heartbeat_for_ten_seconds_is_ended_and_started_again(
    house: House, sleeper: subprocess.Popen[bytes]
) -> None:
    house.open()
    desktop = Desktop(house, Hello(sleeper.pid, ("vigil",)))
    assert desktop.says(DesktopAlive(""))
    house.time.passes(9.9)
    assert desktop.turn()
    house.time.passes(0.1)
    desktop.desk.serve(threading.Event())
    assert sleeper.wait(5) != 0
    assert [hello.pid for hello in house.launches.done] == [sleeper.pid]


def test_heartbeats_that_waited_count_when_the_station_itself_was_stopped(
    house: House, sleeper: subprocess.Popen[bytes]
) -> None:
    desktop = Desktop(house, Hello(sleeper.pid, ("vigil",)))
    desktop.turn()
    house.time.passes(60)
    assert desktop.says(DesktopAlive(""))
    assert sleeper.poll() is None


def test_a_client_without_a_hello_owes_no_heartbeat(house: House) -> None:
    client = Desktop(house, hello=None)
    house.time.passes(100)
    assert client.turn()


# ---- the relauncher


def test_a_desktop_without_a_command_is_not_started() -> None:
    assert not Relauncher().relaunch(Hello(1, ()))


def test_a_program_that_is_gone_is_no_fault_of_the_station() -> None:
    assert not Relauncher().relaunch(Hello(1, ("/no/such/program",)))


def test_a_desktop_is_started_with_its_command_and_its_environment(tmp_path: Any) -> None:
    told = tmp_path / "told"
    code = f"import os; open({str(told)!r}, 'w').write(os.environ['VIGIL_TEST'])"
    relauncher = Relauncher()
    assert relauncher.relaunch(Hello(1, (sys.executable, "-c", code), {"VIGIL_TEST": "ä 1"}))
    assert relauncher.is_starting
    for child in relauncher._children:
        child.wait(10)
    assert told.read_text() == "ä 1"
    assert not relauncher.is_starting


# ---- whether alarms can be heard


def sounds(house: House) -> str:
    """What TECH-9 says at chair 1, "" when nothing."""
    house.engine.tick()
    alarms = house.board.newest()[0].snapshot.alarms
    texts = [alarm.text for alarm in alarms if alarm.rule == "TECH-9"]
    return texts[0] if texts else ""


def test_a_desktop_that_cannot_be_heard_is_an_alarm_until_it_can(house: House) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.says(DesktopAlive("no sound device"))
    assert sounds(house) == "Alarm sound: no sound device"
    desktop.says(DesktopAlive("volume is zero"))
    assert sounds(house) == "Alarm sound: volume is zero"
    desktop.says(DesktopAlive(""))
    assert sounds(house) == ""


def test_the_same_words_again_are_no_news(house: House) -> None:
    desktop = Desktop(house)
    for _ in range(5):
        desktop.says(DesktopAlive("no sound device"))
    assert house.faults == ["no sound device"]


def test_one_desktop_that_can_be_heard_is_enough(house: House) -> None:
    house.open()
    mute, loud = Desktop(house), Desktop(house)
    mute.says(DesktopAlive("no sound device"))
    assert sounds(house) != ""
    loud.says(DesktopAlive(""))
    assert sounds(house) == ""
    mute.says(DesktopAlive("volume is zero"))
    assert sounds(house) == ""


def test_when_the_only_one_that_could_be_heard_leaves_it_is_an_alarm(house: House) -> None:
    house.open()
    mute, loud = Desktop(house), Desktop(house)
    mute.says(DesktopAlive("no sound device"))
    loud.says(DesktopAlive(""))
    loud.leaves(on_purpose=True)
    assert sounds(house) == "Alarm sound: no sound device"


@pytest.mark.parametrize("on_purpose", [True, False])
def test_when_the_last_desktop_leaves_nobody_hears_an_alarm(house: House, on_purpose: bool) -> None:
    house.open()
    desktop = Desktop(house)
    desktop.says(DesktopAlive(""))
    desktop.leaves(on_purpose=on_purpose)
    assert NOBODY_LISTENS in sounds(house)
    again = Desktop(house)
    again.turn()
    assert NOBODY_LISTENS in sounds(house)
    again.says(DesktopAlive(""))
    assert sounds(house) == ""
    kept = [row for row in house.keeper.rows if getattr(row, "rule", "") == "TECH-9"]
    assert [row.new for row in kept] == [AlarmState.SOUNDING, AlarmState.QUIET]  # type: ignore[union-attr]  # transitions


def test_a_station_to_which_no_desktop_comes_says_so_after_ten_seconds(house: House) -> None:
    house.open()
    house.passes(10)
    assert sounds(house) == ""
    house.passes(0.5)
    assert NOBODY_LISTENS in sounds(house)
    assert house.faults == [NOBODY_LISTENS]


def test_with_a_second_voice_alarms_are_heard_without_a_screen_and_only_not_seen() -> None:
    house = House(siren=Siren(burst_of, list, FakePlayer(), lambda: 0.0))
    house.open()
    house.passes(10.5)
    assert house.faults == [NOBODY_LOOKS]
    assert NOBODY_LOOKS in sounds(house)
    Desktop(house).says(DesktopAlive(""))
    assert sounds(house) == ""


def test_a_client_that_is_no_desktop_hears_nothing(house: House) -> None:
    house.open()
    desktop, client = Desktop(house), Desktop(house, hello=None)
    desktop.says(DesktopAlive(""))
    client.turn()
    desktop.leaves(on_purpose=False)
    assert NOBODY_LISTENS in sounds(house)


# ---- the end


def test_a_station_until_idle_ends_only_without_a_desktop_and_without_a_session() -> None:
    house = House(until_idle=True)
    desktop = Desktop(house)
    desktop.turn()
    house.passes(60)
    assert not house.station.is_over
    house.open()
    desktop.leaves(on_purpose=True)
    house.passes(60)
    assert not house.station.is_over
    house.end()
    house.passes(10)
    assert not house.station.is_over
    house.passes(0.5)
    assert house.station.is_over


def test_a_station_until_idle_waits_for_its_first_desktop_only_so_long() -> None:
    house = House(until_idle=True)
    house.passes(9)
    assert not house.station.is_over
    house.passes(2)
    assert house.station.is_over


def test_a_station_that_was_started_to_stay_stays(house: House) -> None:
    house.passes(600)
    assert not house.station.is_over


def test_a_goodbye_may_stop_the_station(house: House) -> None:
    Desktop(house).says(Goodbye(stop_station=True))
    assert house.station.is_over


class CountingGate(DemoGate):
    """A gate that only counts."""

    def __init__(self) -> None:
        super().__init__(print)
        self.calls: list[str] = []

    def open(self) -> None:
        self.calls.append("open")

    def close(self) -> None:
        self.calls.append("close")


def test_run_starts_and_stops_engine_gate_and_readers() -> None:
    source, board = Source(), Board()
    engine = Engine(ManualClock(OPENED_UTC), [], PROFILE, Keeper())
    gate = CountingGate()
    station = Station(engine, board, [source], gate)
    station.stop()
    station.run()
    assert gate.calls == ["open", "close"]
    assert source.calls == ["start", "stop"]
    assert engine.inbox.empty()


# ---- once with everything real but the processes


def test_a_desktop_over_a_pipe_opens_a_session_and_sees_its_pulse(house: House) -> None:
    station = Station(house.engine, house.board, [], DemoGate(house.engine.inbox.put))
    run = threading.Thread(target=station.run)
    run.start()
    ours, theirs = Pipe()
    news = threading.Event()
    desk = threading.Thread(target=station.greet, args=(theirs,))
    desk.start()
    desktop = PipeChannel(ours, news.set)
    desktop.send(HELLO)
    desktop.send(DesktopAlive(""))
    desktop.send(OpenSession("Chair 1", "Patient A"))
    update = heard(desktop, news)
    assert (update.snapshot.patient, update.chart.is_first) == ("Patient A", True)
    desktop.send(Goodbye(stop_station=True))
    desktop.close()
    for thread in (desk, run):
        thread.join(5)
        assert not thread.is_alive()


def heard(channel: PipeChannel | MemoryChannel, news: threading.Event) -> SessionUpdate:
    """Return the first update that arrives."""
    while True:
        assert news.wait(5)
        news.clear()
        for message in channel.receive():
            if isinstance(message, SessionUpdate):
                return replace(message)
