"""The rows of a session name who asked, and a break-glass start until somebody answers for it."""

from monitor import pipe
from monitor.channel_messages import EndInfusion, EndSession, Identify, OpenSession, StartInfusion
from monitor.clock import ManualClock
from monitor.engine import Ask, Chair, Engine, Published
from monitor.recall import Past
from monitor.records import SessionOpened
from monitor.snapshot import SessionSnapshot
from tests.monitor.fakes import OPENED_UTC, PROFILE, Keeper, happenings

ANNA = "Anna Weber (nurse)"
EMERGENCY = "4f1d"


class Clinic:
    """An engine with one chair; what it keeps and shows."""

    def __init__(self) -> None:
        self.clock = ManualClock(OPENED_UTC, monotonic=900.0)
        self.keeper = Keeper()
        self.published: list[Published] = []
        chair = Chair("Chair 1", "ge_s5", "GE S/5", "simulated", "port-1")
        self.engine = Engine(
            self.clock, [chair], PROFILE, self.keeper, publish=self.published.append
        )

    def ask(self, command: object) -> None:
        self.engine.handle(Ask(command))  # type: ignore[arg-type]  # commands only

    @property
    def shown(self) -> SessionSnapshot:
        self.engine.tick()
        return self.published[-1].snapshot

    def details(self, kind: str) -> list[dict[str, object]]:
        return [row.detail for row in happenings(self.keeper.rows) if row.kind == kind]


def test_every_phase_is_kept_with_who_asked_for_it() -> None:
    clinic = Clinic()
    clinic.ask(OpenSession("Chair 1", "Ann", by=ANNA))
    session_id = clinic.shown.session_id
    for command in (StartInfusion, EndInfusion, EndSession):
        clinic.ask(command(session_id, by=ANNA))
    phases = ["baseline", "infusion", "recovery", "ended"]
    assert clinic.details("phase") == [{"phase": phase, "by": ANNA} for phase in phases]


def test_where_nobody_is_named_the_row_names_nobody() -> None:
    clinic = Clinic()
    clinic.ask(OpenSession("Chair 1", "Ann"))
    assert clinic.details("phase") == [{"phase": "baseline"}]
    assert clinic.shown.emergency == ""


def test_a_break_glass_start_is_shown_until_somebody_answers_for_it() -> None:
    clinic = Clinic()
    clinic.ask(OpenSession("Chair 1", "Not identified", by="break-glass", emergency=EMERGENCY))
    assert clinic.shown.emergency == EMERGENCY
    assert clinic.details("break_glass") == [{"emergency": EMERGENCY}]
    session_id = clinic.shown.session_id
    clinic.ask(Identify(session_id, ANNA))
    clinic.ask(Identify(session_id, "somebody else"))
    assert clinic.shown.emergency == ""
    assert clinic.details("identified") == [{"emergency": EMERGENCY, "by": ANNA}]
    assert f"{ANNA} answers for this session" in clinic.published[-1].trends.log[-1].text


def test_a_session_that_was_signed_for_cannot_be_identified_again() -> None:
    clinic = Clinic()
    clinic.ask(OpenSession("Chair 1", "Ann", by=ANNA))
    clinic.ask(Identify(clinic.shown.session_id, "somebody else"))
    assert clinic.details("identified") == []


def test_after_a_kill_it_is_still_not_identified() -> None:
    clinic = Clinic()
    clinic.ask(OpenSession("Chair 1", "Not identified", by="break-glass", emergency=EMERGENCY))
    opened, *rows = clinic.keeper.rows
    assert isinstance(opened, SessionOpened)
    after = Clinic()
    after.engine.resume(Past(opened, tuple(rows)))  # type: ignore[arg-type]  # rows of a session
    assert after.shown.emergency == EMERGENCY


def test_the_messages_travel_between_the_processes() -> None:
    for message in (
        OpenSession("Chair 1", "Not identified", by="break-glass", emergency=EMERGENCY),
        Identify("s1", ANNA),
        EndSession("s1", by=ANNA),
    ):
        assert pipe.decode(pipe.encode(message)) == message
