"""How people set the alarms of a running session: pause, off, other limits, another baseline.

Knows the ledger it writes to and the board it asks. Must not know who may do what (authority.py).
"""

from typing import assert_never

from monitor.alarms.board import AlarmBoard
from monitor.alarms.changed_limit import changeable, with_limit
from monitor.alarms.rule_kinds import NamedFault
from monitor.alarms.silence import PAUSE_S
from monitor.baseline import checked_baseline
from monitor.channel_messages import (
    AlarmSetting,
    ChangeLimit,
    PauseAudio,
    SetBaseline,
    SwitchAlarm,
    SwitchAudio,
)
from monitor.clock import Instant
from monitor.errors import OperatorError
from monitor.ledger import Ledger
from monitor.records import LimitChangeKept
from monitor.snapshot import AudioState
from monitor.texts import checked_line

LONGEST_REASON = 300


def set_alarms(ledger: Ledger, board: AlarmBoard, command: AlarmSetting, now: Instant) -> None:
    """Do what a person asks of the alarms; it becomes a row. Raises OperatorError."""
    match command:
        case PauseAudio():
            _pause(ledger, board, command, now)
        case SwitchAudio():
            _switch_audio(ledger, board, command, now)
        case SwitchAlarm():
            _switch_alarm(ledger, board, command, now)
        case ChangeLimit():
            _change_limit(ledger, board, command, now)
        case SetBaseline():
            _set_baseline(ledger, command, now)
        case _:
            assert_never(command)


def end_pause(ledger: Ledger, why: str, now: Instant) -> None:
    """Keep that alarms sound again, by themselves."""
    _keep_audio(ledger, AudioState.ON, now, reason=why)


def _pause(ledger: Ledger, board: AlarmBoard, command: PauseAudio, now: Instant) -> None:
    audio = board.silence.audio.state
    if audio is AudioState.OFF or (not command.is_on and audio is AudioState.ON):
        return
    until_s = round(ledger.t(now) + PAUSE_S, 6) if command.is_on else None
    state = AudioState.PAUSED if command.is_on else AudioState.ON
    _keep_audio(ledger, state, now, by=command.by, by_id=command.by_id, until_s=until_s)


def _switch_audio(ledger: Ledger, board: AlarmBoard, command: SwitchAudio, now: Instant) -> None:
    if (board.silence.audio.state is AudioState.OFF) is command.is_off:
        return
    state = AudioState.OFF if command.is_off else AudioState.ON
    reason = _reason(command.reason) if command.is_off else ""
    _keep_audio(ledger, state, now, reason=reason, by=command.by, by_id=command.by_id)


def _keep_audio(
    ledger: Ledger,
    state: AudioState,
    now: Instant,
    *,
    reason: str = "",
    by: str = "",
    by_id: str = "",
    until_s: float | None = None,
) -> None:
    detail = {"state": state.value, "until_s": until_s, "reason": reason, "by": by, "by_id": by_id}
    ledger.happen("audio", detail, now)


def _switch_alarm(ledger: Ledger, board: AlarmBoard, command: SwitchAlarm, now: Instant) -> None:
    board.words_of(command.rule)
    if isinstance(board.profile.rule(command.rule), NamedFault) and command.is_off:
        raise OperatorError(
            f"The alarm {command.rule} is about Vigil itself and stays on", "mend what it says"
        )
    if board.silence.is_off(command.rule) is command.is_off:
        return
    reason = _reason(command.reason) if command.is_off else ""
    detail = {
        "rule": command.rule,
        "is_off": command.is_off,
        "reason": reason,
        "by": command.by,
        "by_id": command.by_id,
    }
    ledger.happen("alarm_off", detail, now)


def _change_limit(ledger: Ledger, board: AlarmBoard, command: ChangeLimit, now: Instant) -> None:
    reason = _reason(command.reason)
    with_limit(board.profile, command.rule, command.field, command.new)  # refuses what is none
    old = next(
        known.value
        for known in changeable(board.profile)
        if (known.rule, known.field) == (command.rule, command.field)
    )
    what = (command.rule, command.field, old, command.new, reason)
    ledger.add(LimitChangeKept(ledger.stamp(now), *what, command.by, command.by_id))


def _set_baseline(ledger: Ledger, command: SetBaseline, now: Instant) -> None:
    values = {
        "systolic": command.systolic,
        "diastolic": command.diastolic,
        "pulse": command.pulse,
        "spo2": command.spo2,
    }
    checked_baseline(values)
    ledger.happen("baseline", values | {"readings": 0, "by": command.by}, now)


def _reason(text: str) -> str:
    return checked_line("reason", text, LONGEST_REASON)
