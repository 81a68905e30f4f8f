"""``vigil station`` in process: what ends it, and what a fault of one of its threads does.

What it does meanwhile is told in tests/process. Knows the command's own wiring only.
"""

import argparse
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.address import address_of
from monitor.alarms.priority import Priority
from monitor.channel_messages import OpenSession
from monitor.engine import Ask
from monitor.entry_messages import EnterDose
from monitor.gate import ClinicGate, DemoGate
from monitor.snapshot import AlarmState, AlarmView
from monitor.station import Station
from monitor.storage.database import open_database
from tests.keys import KEY, set_up
from tests.monitor.storage.site import approve, site
from ui.commands import station as command
from ui.only_writer import is_held

WAIT_S = 10.0


@pytest.fixture(autouse=True)
def exits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Keep this process as it was: its signals, its hook, and its life; give its exit codes."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    monkeypatch.setattr(faulthandler, "enable", lambda: None)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    yield codes
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, life: type[Station]) -> int:
    data = tmp_path / "data"
    secret = set_up(data)
    monkeypatch.setattr(command, "Station", life)
    options = argparse.Namespace(data=str(data), passphrase_file=secret, until_idle=False)
    return command.station(options)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    class Signalled(Station):
        def run(self) -> None:
            data = tmp_path / "data"
            assert is_held(data)
            assert address_of(data) is not None
            signal.raise_signal(number)
            assert self._over.wait(WAIT_S)
            super().run()

    assert run(tmp_path, monkeypatch, Signalled) == 0
    assert not is_held(tmp_path / "data")
    assert address_of(tmp_path / "data") is None


CHAIR = '[[chair]]\nname = "Chair 1"\ndriver = "ge_s5"\nport = "socket://127.0.0.1:9"\n'


def test_a_dose_is_judged_by_the_settings_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text(f"{CHAIR}[entries]\nketamine_mg = 120\n")
    said: list[str] = []

    class Dosing(Station):
        def run(self) -> None:
            self.engine.handle(Ask(OpenSession("Chair 1", "Ann"), said.append))
            session = self.engine.session_at("Chair 1")
            assert session is not None
            session_id = session.picture.opened.stamp.session_id
            for amount in (120.0, 121.0):
                dose = EnterDose(session_id, "Ketamine", "IV", amount)
                self.engine.handle(Ask(dose, said.append))

    assert run(tmp_path, monkeypatch, Dosing) == 0
    assert said == ["A dose of 121 is above 120 mg: check the number and its unit"]


def test_what_was_approved_is_in_force_and_a_broken_file_is_an_alarm_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    data = tmp_path / "data"
    (data / "profiles").mkdir(parents=True)
    (data / "profiles" / "site.toml").write_text(site(3).replace(" /min", ""))
    (data / "settings.toml").write_text(f'{CHAIR}[alarms]\nprofile = "ward 7"\n')
    with open_database(data / "vigil.db", KEY) as database:
        approve(database, site(4, name="Ward 7"))
    seen: list[AlarmView] = []

    class Watching(Station):
        def run(self) -> None:
            self.engine.handle(Ask(OpenSession("Chair 1", "Ann")))
            session = self.engine.session_at("Chair 1")
            assert session is not None
            assert session.picture.opened.profile["name"] == "Ward 7"
            assert self.alive().profiles[:2] == ("Ward 7 v4", "Ketamine IV v1")
            for published in self.board.newest():
                seen.extend(published.snapshot.alarms)

    assert run(tmp_path, monkeypatch, Watching) == 0
    (alarm,) = [alarm for alarm in seen if alarm.rule == "TECH-13"]
    assert (alarm.priority, alarm.state) == (Priority.MEDIUM, AlarmState.SOUNDING)
    assert "site.toml: rule HR-H1, when: limit 'pulse_rate > 125': the unit is" in alarm.text
    assert "line 10" in alarm.text
    assert "Ward 7 v4 stays in force" in alarm.text
    assert "vigil: alarm profile: site.toml: rule HR-H1" in capsys.readouterr().err


@pytest.mark.parametrize(("settings", "gate"), [("", ClinicGate), ("throw_away = true", DemoGate)])
def test_only_a_folder_that_is_thrown_away_has_no_accounts_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, gate: type
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.toml").write_text(settings)
    monkeypatch.setattr(command, "find_key", lambda _folder, _options: KEY)
    seen: list[type] = []

    class Seen(Station):
        def run(self) -> None:
            seen.append(type(self.gate))

    run(tmp_path, monkeypatch, Seen)
    assert seen == [gate]


def test_a_thread_that_fails_ends_the_whole_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exits: list[int], caplog
) -> None:
    """A half of a station would look alive: no alarms, and nobody to start it again."""

    class Broken(Station):
        def run(self) -> None:
            thread = threading.Thread(target=lambda: 1 / 0, name="engine")
            thread.start()
            thread.join(WAIT_S)
            self.stop()
            super().run()

    run(tmp_path, monkeypatch, Broken)
    assert exits == [command.CRASHED]
    assert "thread engine failed" in caplog.text
    assert "ZeroDivisionError" in caplog.text
