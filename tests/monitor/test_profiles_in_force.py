"""The engine's profiles: what is approved while it runs counts for sessions that begin afterwards.

Knows the engine's messages. Must not know where profiles are approved.
"""

import json

import pytest

from monitor.alarms.own_rules import OWN_RULES, PROFILE_FAULT
from monitor.alarms.priority import Priority
from monitor.alarms.profile import Profile, parse_profile, shipped_profile
from monitor.channel_messages import OpenSession, StationAlive
from monitor.clock import ManualClock
from monitor.engine import Chair, Engine, Fault, Published
from monitor.engine_messages import Ask, ProfilesInForce
from monitor.pipe import decode, encode
from monitor.recall import Past
from monitor.snapshot import AlarmState, SessionSnapshot
from tests.monitor.fakes import OPENED_UTC, PROFILE, Keeper, opened_record
from tests.monitor.storage.site import site

V2 = parse_profile(site(2, 125), "site.toml")
ELDERLY = shipped_profile("elderly_v1")


class Clinic:
    """An engine with two chairs, and what it refused and showed."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.published: list[Published] = []
        chairs = [Chair(f"Chair {n}", "ge_s5", "GE S/5", "simulated", f"p{n}") for n in (1, 2)]
        clock = ManualClock(OPENED_UTC)
        self.engine = Engine(clock, chairs, PROFILE, Keeper(), publish=self.published.append)

    def open(self, chair: int, profile: str = "") -> str:
        """Open a session; return the title of its profile."""
        command = OpenSession(f"Chair {chair}", "Ann", profile=profile)
        self.engine.handle(Ask(command, self.refused.append))
        return self.title(chair)

    def title(self, chair: int) -> str:
        session = self.engine.session_at(f"Chair {chair}")
        if session is None:
            return ""
        raw = session.picture.opened.profile
        return f"{raw['name']} v{raw['version']}"

    def shown(self) -> SessionSnapshot:
        return self.published[-1].snapshot


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def test_a_new_standard_counts_for_the_next_session_and_a_running_one_keeps_its_own(
    clinic: Clinic,
) -> None:
    assert clinic.open(1) == "Ketamine IV v1"
    clinic.engine.handle(ProfilesInForce(V2, (ELDERLY,)))
    assert clinic.title(1) == "Ketamine IV v1"
    assert clinic.open(2) == "Ketamine IV v2"
    running = clinic.engine.session_at("Chair 1")
    assert running is not None
    assert running.picture.opened.profile == dict(PROFILE.raw)


@pytest.mark.parametrize("name", ["Elderly", "Elderly v1"])
def test_a_session_may_have_another_profile_by_name_or_title(clinic: Clinic, name: str) -> None:
    clinic.engine.handle(ProfilesInForce(V2, (ELDERLY,)))
    assert clinic.open(1, name) == "Elderly v1"
    assert clinic.engine.profiles == ("Ketamine IV v2", "Elderly v1")


def test_a_version_that_was_shown_and_is_no_longer_in_force_is_refused(clinic: Clinic) -> None:
    """Or a nurse would get other limits than those she chose."""
    clinic.engine.handle(ProfilesInForce(V2, (ELDERLY,)))
    assert clinic.open(1, "Ketamine IV v1") == ""
    assert clinic.refused == [
        "There is no alarm profile Ketamine IV v1: choose one that is in force"
    ]


def test_a_session_that_comes_back_without_its_limits_gets_the_standard_in_force(
    clinic: Clinic,
) -> None:
    clinic.engine.handle(ProfilesInForce(V2))
    opened = opened_record()
    opened.profile.clear()
    clinic.engine.resume(Past(opened, (), 1))
    clinic.engine.tick()
    drawn = [one.value for one in clinic.shown().limits if one.rule == "HR-H1"]
    assert drawn == [125.0]


def test_a_faulty_profile_is_an_alarm_of_medium_at_once_until_it_is_mended(clinic: Clinic) -> None:
    clinic.engine.handle(Fault(PROFILE_FAULT, "site.toml: x; Ketamine IV v1 stays in force"))
    clinic.open(1)
    (alarm,) = [one for one in clinic.shown().alarms if one.rule == "TECH-13"]
    assert (alarm.priority, alarm.state) == (Priority.MEDIUM, AlarmState.SOUNDING)
    assert "site.toml: x; Ketamine IV v1 stays in force" in alarm.text
    clinic.engine.handle(Fault(PROFILE_FAULT, ""))
    assert [one.rule for one in clinic.shown().alarms if one.rule == "TECH-13"] == []


def test_no_two_of_the_programs_own_rules_share_an_id_with_each_other_or_the_profile() -> None:
    ids = [rule.id for rule in (*OWN_RULES, *PROFILE.rules)]
    assert len(set(ids)) == len(ids)


def test_the_desktop_is_told_what_may_be_chosen() -> None:
    alive = StationAlive(1, (), profiles=("Ketamine IV v2", "Elderly v1"))
    assert decode(encode(alive)) == alive


def test_an_approved_profile_survives_being_kept_with_a_session() -> None:
    kept = json.loads(json.dumps(V2.raw))
    again: Profile = parse_profile(site(2, 125), "again")
    assert kept == again.raw
