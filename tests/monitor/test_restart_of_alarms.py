"""A restart in the middle of every kind of alarm: it goes on, and ends as it would have ended.

Knows the session by its events and rows. Another computer comes back two seconds later each time.
"""

from collections.abc import Callable

import pytest

from monitor.channel_messages import SetBaseline, StartInfusion
from monitor.entry_messages import EnterScale
from monitor.events import DeviceNotice, NoticeCode
from monitor.readings import BloodPressure
from monitor.vitals import Vital
from tests.monitor.fakes import Measured, Story, ValidFrame

Happen = Callable[[Story], None]


def second(story: Story, pulse: float | None = 72, spo2: float | None = 98) -> None:
    """A second in which the device says both, or says nothing of one (None: it is marked)."""
    story.wait(1, step_s=1)
    story.pulse(pulse)
    story.read(Vital.SPO2, spo2)


def seconds(count: int, pulse: float | None = 72, spo2: float | None = 98) -> Happen:
    def happen(story: Story) -> None:
        for _ in range(count):
            second(story, pulse, spo2)

    return happen


def silence(count: float) -> Happen:
    def happen(story: Story) -> None:
        story.wait(count, step_s=5)

    return happen


def cuff(systolic: float, diastolic: float) -> Happen:
    def happen(story: Story) -> None:
        silence(60)(story)
        story.cuff(systolic, diastolic)

    return happen


def double_pulse(story: Story) -> None:
    silence(60)(story)
    second(story)
    now = story.clock.now()
    pressure = BloodPressure(120, 80, None, now, age_s=0.0, pulse=110)
    story.say(ValidFrame(0, now), Measured(0, pressure))


def failed(story: Story) -> None:
    silence(60)(story)
    story.say(DeviceNotice(0, story.clock.now(), NoticeCode.FAILED, "no reading"))


def no_spo2(story: Story) -> None:
    for _ in range(15):
        story.wait(1, step_s=1)
        story.pulse(72)


def rated(total: float) -> Happen:
    def happen(story: Story) -> None:
        story.do(EnterScale("s1", "MOAA/S", total, at_s=story.t, by="Nurse Kim"))
        story.wait(0.25)

    return happen


def base(story: Story) -> None:
    story.do(SetBaseline("s1", 110, 70, 60, 98))


def infusion(story: Story) -> None:
    story.do(StartInfusion("s1"))


KINDS: list[tuple[str, list[Happen], list[Happen]]] = [
    # the rule, what raises it, and what ends it
    ("BP-H3", [cuff(205, 100)], [cuff(150, 90)]),
    ("BP-H2", [cuff(184, 100), cuff(186, 100)], [cuff(150, 90), cuff(150, 90)]),
    ("BP-L2", [cuff(75, 45)], [cuff(95, 60)]),
    ("BP-H1", [cuff(165, 90), cuff(166, 90)], [cuff(150, 90)]),
    ("BP-L1", [cuff(85, 60)], [cuff(95, 60)]),
    ("BP-R1", [base, cuff(150, 80)], [cuff(130, 80)]),
    ("BP-R2", [base, cuff(145, 80), cuff(145, 80)], [cuff(130, 80)]),
    ("BP-D", [cuff(120, 80), cuff(150, 80)], [cuff(150, 80)]),
    ("HR-H2", [seconds(15, 150)], [seconds(11, 100)]),
    ("HR-L2", [seconds(15, 35)], [seconds(2, 60)]),
    ("HR-H1", [seconds(20, 131)], [seconds(11, 100)]),
    ("HR-L1", [seconds(20, 45)], [seconds(2, 60)]),
    ("HR-R", [base, seconds(65, 95)], [seconds(2, 70)]),
    ("O2-2", [seconds(15, spo2=86)], [seconds(6, spo2=98)]),
    ("O2-1", [seconds(20, spo2=90)], [seconds(6, spo2=98)]),
    ("O2-0", [seconds(35, spo2=93)], [seconds(2, spo2=98)]),
    ("TECH-2", [seconds(5), no_spo2], [seconds(2)]),
    ("TECH-7", [seconds(5), seconds(15, spo2=None)], [seconds(2)]),
    ("TECH-6", [failed, failed], [cuff(120, 80)]),
    ("TECH-4", [silence(425)], [cuff(120, 80)]),
    ("PR-D", [double_pulse, double_pulse], [cuff(120, 80), double_pulse]),
    ("CLIN-1", [rated(3)], [rated(4)]),
    ("CLIN-2", [infusion, silence(1205)], [rated(5)]),
]
ENDS_LATER = {"PR-D", "CLIN-2"}
"""The device goes on differing; the second scale stays due."""


def live() -> Story:
    story = Story()
    story.up()
    seconds(2)(story)
    return story


def shown(story: Story, rule: str) -> tuple[object, ...]:
    view = story.alarm(rule)
    return () if view is None else (view.priority, view.state, view.since_s, view.until_s)


@pytest.mark.parametrize("is_acknowledged", [False, True])
@pytest.mark.parametrize(("rule", "raises", "ends"), KINDS, ids=[kind[0] for kind in KINDS])
def test_an_alarm_goes_on_after_a_restart_and_ends_by_its_own_rule(
    rule: str, raises: list[Happen], ends: list[Happen], is_acknowledged: bool
) -> None:
    story = live()
    for happen in raises:
        happen(story)
    assert story.state(rule) == "sounding"
    if is_acknowledged:
        story.acknowledge(rule)
    before = shown(story, rule)
    back = story.killed_and_back(away_s=2)
    assert shown(back, rule) == before
    back.wait(0.25)
    assert shown(back, rule) == before, "time alone ends nothing"
    back.up()
    if rule not in ENDS_LATER:
        for happen in ends:
            happen(back)
        assert back.state(rule) in ("nothing", "unseen")


def test_a_clean_restart_raises_nothing() -> None:
    story = live()
    for happen in (base, infusion, seconds(20), rated(5)):
        happen(story)
    story.cuff(120, 80)
    back = story.killed_and_back(away_s=2)
    back.wait(0.25)
    back.up()
    seconds(60)(back)
    assert back.shown().alarms == ()
