"""What each row of a session means for its alarms: the board hears of it here, and only here.

A running session and one that comes back go through the same lines, so they cannot differ. Must
not know devices, storage or threads.
"""

from monitor.alarms.board import AlarmBoard
from monitor.alarms.changed_limit import with_limit
from monitor.alarms.own_rules import with_own_rules
from monitor.events import CuffPhase, NoticeCode
from monitor.picture import Picture, taken_s
from monitor.readings import Quality
from monitor.records import (
    AmendmentKept,
    HappeningKept,
    LimitChangeKept,
    PressureKept,
    ReadingKept,
    ScaleKept,
    SessionRow,
    TransitionKept,
)
from monitor.snapshot import AlarmOffView, AlarmState, AudioState, AudioView, Phase
from monitor.vitals import Vital

FAILED_INFLATION = frozenset(
    {
        NoticeCode.CUFF_LEAK,
        NoticeCode.CUFF_LOOSE,
        NoticeCode.MOTION,
        NoticeCode.OVERPRESSURE,
        NoticeCode.TIMEOUT,
        NoticeCode.WEAK_SIGNAL,
        NoticeCode.FAILED,
    }
)
"""What a device says when an inflation gave no reading. Not "aborted": somebody stopped it."""
_BEFORE = (AlarmState.QUIET, AlarmState.PENDING, AlarmState.UNSEEN)
"""Whoever sounds again after an acknowledgement did not begin."""
_BASELINE = {
    "systolic": Vital.SYSTOLIC,
    "diastolic": Vital.DIASTOLIC,
    "pulse": Vital.PULSE_RATE,
    "spo2": Vital.SPO2,
}


def tell_board(board: AlarmBoard, picture: Picture, row: SessionRow) -> None:
    """Let the board know what is in a row; ``picture`` is that of the rows before it."""
    match row:
        case ReadingKept() if picture.uses(row):
            value = row.value if row.quality is Quality.OK else None
            board.value(row.vital, row.stamp.t_s, value)
        case PressureKept() if _is_of_this_patient(picture, row):
            board.pressure(taken_s(row), row.systolic, row.diastolic, row.pulse)
        case ScaleKept():
            board.rated(row.name, row.at_s, row.total)
        case AmendmentKept(field="total"):
            for rated in picture.entries:
                if isinstance(rated, ScaleKept) and rated.stamp.seq == row.target_seq:
                    board.rated(rated.name, rated.at_s, row.new)
        case LimitChangeKept():
            changed = with_limit(board.profile, row.rule, row.field, row.new)
            board.adopt(with_own_rules(changed))
        case TransitionKept() if row.new is AlarmState.SOUNDING and row.old in _BEFORE:
            board.flood.began(row.stamp.t_s, row.rule, row.priority)
        case HappeningKept():
            _tell_happening(board, row)
        case _:
            pass


def _tell_happening(board: AlarmBoard, row: HappeningKept) -> None:
    t, detail = row.stamp.t_s, row.detail
    match row.kind:
        case "phase" if detail["phase"] == Phase.INFUSION:
            board.evidence.infusion_s = t
        case "cuff":
            board.evidence.cuff_measuring(t, detail["phase"] == CuffPhase.MEASURING)
        case "notice" if detail["code"] in FAILED_INFLATION:
            board.evidence.cuff_failed(t)
        case "link":
            board.evidence.cuff_measuring(t, False)
        case "baseline":
            board.evidence.baseline = {
                vital: detail[name]
                for name, vital in _BASELINE.items()
                if detail.get(name) is not None
            }
            board.adopt(board.profile)  # the newest reading is judged by it, not only the next
        case "device_clock":
            board.evidence.device_clock_s = detail["off_s"]
            if detail.get("is_accepted"):
                board.evidence.accepted_clock_s = detail["off_s"]
        case "audio":
            board.silence.set_audio(_audio(row))
        case "resumed" if not detail.get("is_sure", True):
            board.silence.end_pause(t)  # it may have been over long ago
        case "alarm_off" if detail["is_off"]:
            words = board.words_of(detail["rule"])
            off = AlarmOffView(detail["rule"], words, t, detail["by"], detail["reason"])
            board.silence.switch_off(off)
        case "alarm_off":
            board.silence.switch_on(detail["rule"])


def _audio(row: HappeningKept) -> AudioView:
    detail = row.detail
    state = AudioState(detail["state"])
    until_s = detail.get("until_s")
    return AudioView(state, row.stamp.t_s, until_s, detail.get("by", ""), detail.get("reason", ""))


def _is_of_this_patient(picture: Picture, row: PressureKept) -> bool:
    """Say whether a possible reading was surely taken in this session.

    One of unknown time counts only when another was known before it: then it was taken while the
    link was lost. The first one may belong to the patient before.
    """
    return row.quality is Quality.OK and not (row.is_stale and picture.pressure is None)
