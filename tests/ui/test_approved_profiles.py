"""The thread that looks for newly approved profiles: what it finds goes into the engine's inbox."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alarms.profile import default_profile
from monitor.clock import ManualClock
from monitor.engine import Engine
from monitor.engine_messages import Fault, ProfilesInForce
from monitor.settings import AlarmSettings, DataFolder, Settings
from monitor.storage.database import open_database
from tests.keys import KEY
from tests.monitor.fakes import Keeper
from tests.monitor.storage.site import approve, site
from ui.approved_profiles import keeper_of, look_first, watched

WAIT_S = 30.0


class HurriedClock(ManualClock):
    """Its minutes take no time."""

    def real_seconds(self, seconds: float) -> float:
        return seconds / 1e6


def test_what_is_approved_while_a_station_runs_reaches_its_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = DataFolder(tmp_path, Settings(alarms=AlarmSettings("Ward 7")))
    clock = HurriedClock(datetime(2026, 11, 22, 9, tzinfo=UTC))
    engine = Engine(clock, (), default_profile(), Keeper())
    with open_database(folder.database, KEY) as database:
        keeper = keeper_of(folder, KEY, clock)
        look_first(keeper, engine)
        assert engine.profiles[0] == "Ketamine IV v1"
        assert "there is no approved alarm profile 'Ward 7'" in capsys.readouterr().err
        with watched(keeper, engine):
            approve(database, site(1, name="Ward 7"))
            told = [engine.inbox.get(timeout=WAIT_S)]
            while told[-1] != Fault("profile", ""):
                told.append(engine.inbox.get(timeout=WAIT_S))
    (news,) = [one for one in told if isinstance(one, ProfilesInForce)]
    assert news.standard.title == "Ward 7 v1"
