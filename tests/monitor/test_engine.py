"""The engine without its thread: messages in, rows and pictures out, in the same pass.

Knows the engine's messages and a keeper that is a list. Must not wait, but for the last stories.
"""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channel_messages import (
    Acknowledge,
    ChairView,
    Command,
    EndInfusion,
    EndSession,
    OpenSession,
    StartInfusion,
)
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Engine, Fault, Published, Stop, local_zone
from monitor.events import DeviceBatch, DeviceEvent, LinkDown, LinkUp, Measured, ValidFrame
from monitor.readings import BloodPressure, Quality, Reading
from monitor.recall import Past
from monitor.records import SessionOpened, SessionRow
from monitor.snapshot import LinkState, Phase, SessionSnapshot
from monitor.vitals import Vital
from tests.monitor.fakes import (
    OPENED_UTC,
    PROFILE,
    Keeper,
    happenings,
    opened_record,
    pressures,
    readings,
    transitions,
)


class Clinic:
    """An engine with its chairs, a clock, and all that comes out of it."""

    def __init__(self, chairs: int = 2) -> None:
        self.clock = ManualClock(OPENED_UTC, monotonic=900.0)
        self.keeper = Keeper()
        self.published: list[Published] = []
        self.decided: list[int] = []
        self.refused: list[str] = []
        self.engine = Engine(
            self.clock,
            [
                Chair(name(n), "ge_s5", "GE S/5", "simulated", f"port-{n}")
                for n in range(1, chairs + 1)
            ],
            PROFILE,
            self.keeper,
            publish=self.published.append,
            decided=self.decided.append,
            time_zone=lambda _utc: ("Europe/Berlin", 3600),
        )

    def ask(self, command: Command) -> None:
        self.engine.handle(Ask(command, self.refused.append))

    def open(self, chair: str = "Chair 1", patient: str = "Patient A") -> str:
        self.ask(OpenSession(chair, patient))
        return self.session_id(chair)

    def session_id(self, chair: str = "Chair 1") -> str:
        session = self.engine.session_at(chair)
        assert session is not None
        return session.picture.opened.stamp.session_id

    def device(self, *events: DeviceEvent, chair: str = "Chair 1", received_ns: int = 0) -> None:
        self.engine.handle(DeviceBatch(chair, "ge_s5", events, received_ns))

    def up(self, chair: str = "Chair 1") -> None:
        now = self.clock.now()
        self.device(LinkUp(now), ValidFrame(0, now), chair=chair)

    def cuff(self, systolic: float, chair: str = "Chair 1", received_ns: int = 0) -> None:
        now = self.clock.now()
        pressure = BloodPressure(systolic, 80, None, now, 0.0)
        self.device(ValidFrame(0, now), Measured(0, pressure), chair=chair, received_ns=received_ns)

    def pulse(self, value: float, chair: str = "Chair 1") -> None:
        now = self.clock.now()
        reading = Reading(Vital.PULSE_RATE, value, Quality.OK, now, "oximeter")
        self.device(ValidFrame(0, now), Measured(0, reading), chair=chair)

    def shown(self, chair: str = "Chair 1") -> SessionSnapshot:
        """The newest picture of a chair."""
        return [p.snapshot for p in self.published if p.snapshot.chair == chair][-1]

    def rows_of(self, session_id: str) -> list[SessionRow]:
        rows = [row for row in self.keeper.rows if not isinstance(row, SessionOpened)]
        return [row for row in rows if row.stamp.session_id == session_id]


def name(number: int) -> str:
    return f"Chair {number}"


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


# ---- one pass


def test_a_batch_becomes_rows_alarm_and_picture_in_the_same_pass(clinic: Clinic) -> None:
    clinic.open()
    clinic.up()
    clinic.cuff(184, received_ns=77)
    assert pressures(clinic.keeper.rows)[0].systolic == 184
    assert transitions(clinic.keeper.rows) == ["BP-H2 high: quiet to sounding"]
    assert clinic.shown().alarms[0].rule == "BP-H2"
    assert clinic.shown().pressure is not None
    assert clinic.decided == [77]
    assert clinic.keeper.received_ns[-2:] == [77, 77]


def test_time_alone_raises_the_alarm_of_a_chair_without_any_data(clinic: Clinic) -> None:
    clinic.open()
    for _ in range(64):
        clinic.clock.advance(0.25)
        clinic.engine.tick()
    assert transitions(clinic.keeper.rows) == [
        "TECH-3 low: quiet to sounding",
        "TECH-3 low: sounding to quiet",
        "TECH-3 medium: quiet to sounding",
    ]
    assert clinic.engine.passes == 65


def test_the_data_of_one_chair_let_time_pass_at_the_others(clinic: Clinic) -> None:
    clinic.open("Chair 1")
    clinic.open("Chair 2")
    for _ in range(16):
        clinic.clock.advance(1)
        clinic.up("Chair 1")
    assert [a.rule for a in clinic.shown("Chair 2").alarms] == ["TECH-3"]
    assert clinic.shown("Chair 1").alarms == ()


def test_an_event_at_a_chair_without_a_session_changes_nothing(clinic: Clinic) -> None:
    clinic.up()
    clinic.cuff(184)
    assert (clinic.keeper.rows, clinic.published) == ([], [])


# ---- opening


def test_a_session_begins_with_all_that_is_needed_to_resume_it(clinic: Clinic) -> None:
    clinic.ask(OpenSession("Chair 2", "Patient B", planned_infusion_s=1200, cuff_interval_s=240))
    opened = clinic.keeper.rows[0]
    assert isinstance(opened, SessionOpened)
    assert (opened.chair, opened.patient, opened.driver, opened.port) == (
        "Chair 2",
        "Patient B",
        "ge_s5",
        "port-2",
    )
    assert (opened.planned_infusion_s, opened.cuff_interval_s) == (1200, 240)
    assert (opened.time_zone, opened.utc_offset_s) == ("Europe/Berlin", 3600)
    assert opened.profile == PROFILE.raw
    assert opened.stamp.utc == OPENED_UTC


def test_a_session_at_a_chair_whose_link_is_live_shows_it_live(clinic: Clinic) -> None:
    clinic.up()
    clinic.clock.advance(100)
    clinic.open()
    link = clinic.shown().link
    assert (link.state, link.since_s) == (LinkState.LIVE, 0)
    assert [row.kind for row in happenings(clinic.keeper.rows)] == ["phase", "link"]


@pytest.mark.parametrize(("is_silence", "state"), [(True, "silent"), (False, "lost")])
def test_a_session_at_a_chair_whose_link_is_down_says_why(
    clinic: Clinic, is_silence: bool, state: str
) -> None:
    clinic.up()
    clinic.device(LinkDown(clinic.clock.now(), "cable pulled", is_silence))
    clinic.clock.advance(100)
    clinic.open()
    link = clinic.shown().link
    assert (link.state, link.reason, link.since_s) == (state, "cable pulled", 0)


def test_a_second_session_at_a_chair_is_refused_with_a_sentence(clinic: Clinic) -> None:
    first = clinic.open()
    clinic.open(patient="Patient B")
    assert clinic.refused == ["Chair 1 has a session already: end it first"]
    assert clinic.session_id() == first


def test_an_unknown_chair_is_refused_with_a_sentence(clinic: Clinic) -> None:
    clinic.ask(OpenSession("Chair 9", "Patient A"))
    assert clinic.refused == ["There is no chair called Chair 9: add it to the settings"]
    assert clinic.keeper.rows == []


@pytest.mark.parametrize("command", [StartInfusion, EndInfusion, EndSession, Acknowledge])
def test_a_command_for_a_session_that_is_not_open_is_refused(
    clinic: Clinic, command: type[StartInfusion]
) -> None:
    clinic.open()
    clinic.ask(command("another"))
    assert len(clinic.refused) == 1
    assert "not open any more" in clinic.refused[0]


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_a_session_with_times_that_are_none_is_refused(clinic: Clinic, seconds: float) -> None:
    """They would go into the opening row, which no table could hold: every row after it is lost."""
    clinic.ask(OpenSession("Chair 1", "Patient A", planned_infusion_s=seconds))
    clinic.ask(OpenSession("Chair 1", "Patient A", cuff_interval_s=seconds))
    assert len(clinic.refused) == 2
    assert clinic.keeper.rows == []


def test_a_session_without_a_planned_infusion_is_opened(clinic: Clinic) -> None:
    clinic.ask(OpenSession("Chair 1", "", planned_infusion_s=0.0))
    assert clinic.refused == []
    assert clinic.engine.has_open_session


def test_nobody_needs_to_hear_a_refusal(clinic: Clinic) -> None:
    clinic.engine.handle(Ask(EndSession("another")))


# ---- a session's life


def test_commands_reach_the_session_they_name(clinic: Clinic) -> None:
    one, two = clinic.open("Chair 1"), clinic.open("Chair 2")
    clinic.ask(StartInfusion(two))
    assert clinic.shown("Chair 1").phase is Phase.BASELINE
    assert clinic.shown("Chair 2").phase is Phase.INFUSION
    clinic.up("Chair 1")
    clinic.cuff(184, "Chair 1")
    clinic.ask(Acknowledge(one, "", "nurse"))
    assert clinic.shown("Chair 1").alarms[0].state == "acknowledged"


def test_a_session_that_ended_is_shown_once_more_and_frees_the_chair(clinic: Clinic) -> None:
    first = clinic.open()
    clinic.up()
    clinic.ask(EndSession(first))
    assert (clinic.shown().phase, clinic.shown().session_id) == (Phase.ENDED, first)
    assert not clinic.engine.has_open_session
    count = len(clinic.keeper.rows)
    clinic.cuff(184)
    assert len(clinic.keeper.rows) == count
    second = clinic.open(patient="Patient B")
    assert second != first
    shown = clinic.shown()
    assert (shown.session_id, shown.patient, shown.pressure) == (second, "Patient B", None)
    assert shown.link.state is LinkState.LIVE


# ---- faults


def test_a_fault_reaches_the_sessions_that_are_open_and_those_opened_later(clinic: Clinic) -> None:
    clinic.open("Chair 1")
    clinic.engine.handle(Fault("sound", "no sound device"))
    clinic.open("Chair 2")
    assert [a.rule for a in clinic.shown("Chair 1").alarms] == ["TECH-9"]
    assert [a.rule for a in clinic.shown("Chair 2").alarms] == ["TECH-9"]
    clinic.engine.handle(Fault("sound", ""))
    assert clinic.shown("Chair 1").alarms == clinic.shown("Chair 2").alarms == ()


# ---- several chairs


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(30, 200)), min_size=1, max_size=40))
def test_eight_chairs_do_not_mix(story: list[tuple[int, int]]) -> None:
    clinic = Clinic(chairs=8)
    ids = {n: clinic.open(name(n), f"Patient {n}") for n in range(1, 9)}
    for n in range(1, 9):
        clinic.up(name(n))
    for n, value in story:
        clinic.clock.advance(0.1)
        clinic.pulse(value, name(n))
    for n, session_id in ids.items():
        told = [value for m, value in story if m == n]
        rows = clinic.rows_of(session_id)
        assert [row.value for row in readings(rows)] == told
        assert [row.stamp.seq for row in rows] == list(range(2, len(rows) + 2))
        shown = clinic.shown(name(n))
        assert (shown.patient, shown.session_id) == (f"Patient {n}", session_id)
        assert (shown.pulse.value if shown.pulse else None) == (told[-1] if told else None)


def test_the_chairs_are_listed_as_the_desktop_needs_them(clinic: Clinic) -> None:
    assert clinic.engine.chairs == (
        ChairView("Chair 1", "GE S/5", "port-1"),
        ChairView("Chair 2", "GE S/5", "port-2"),
    )


# ---- coming back


def test_a_session_resumes_at_its_chair_with_its_own_profile(clinic: Clinic) -> None:
    raw = {**PROFILE.raw, "rule": [rule for rule in PROFILE.raw["rule"] if rule["id"] == "TECH-3"]}
    opened = opened_record("old", "Chair 2")
    opened.profile.clear()
    opened.profile.update(raw)
    clinic.clock.advance(20)
    clinic.engine.resume(Past(opened, []))
    clinic.up("Chair 2")
    clinic.cuff(184, "Chair 2")
    shown = clinic.shown("Chair 2")
    assert (shown.session_id, shown.alarms, shown.limits) == ("old", (), ())
    assert shown.now_s == 20
    assert [row.stamp.seq for row in clinic.rows_of("old")][:2] == [2, 3]


def test_a_session_resumes_with_the_faults_that_are_known(clinic: Clinic) -> None:
    clinic.engine.handle(Fault("sound", "no sound device"))
    clinic.engine.resume(Past(opened_record("old", "Chair 2"), []))
    clinic.engine.tick()
    assert [a.rule for a in clinic.shown("Chair 2").alarms] == ["TECH-9"]


# ---- the thread


def test_the_thread_serves_its_inbox_ticks_without_messages_and_ends_with_stop(
    clinic: Clinic,
) -> None:
    answered = threading.Event()
    thread = threading.Thread(target=clinic.engine.run)
    thread.start()
    clinic.engine.inbox.put(Ask(EndSession("none"), lambda _sentence: answered.set()))
    assert answered.wait(5)
    before = clinic.engine.passes
    ticked = threading.Event()
    clinic.engine.tick = lambda received_ns=0: ticked.set()  # type: ignore[method-assign]  # listens
    assert ticked.wait(5)
    assert clinic.engine.passes == before
    clinic.engine.inbox.put(Stop())
    thread.join(5)
    assert not thread.is_alive()


def test_what_goes_wrong_in_the_thread_ends_it_so_that_the_process_can_end(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that goes on half dead would look alive: the station ends and is started anew."""
    failures: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    clinic.engine.inbox.put(DeviceBatch("no such chair", "ge_s5", ()))
    thread = threading.Thread(target=clinic.engine.run)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert failures[0].exc_type is KeyError


def test_the_time_zone_of_this_computer_has_a_name_and_an_offset() -> None:
    zone, offset_s = local_zone(OPENED_UTC)
    assert zone
    assert -14 * 3600 <= offset_s <= 14 * 3600
