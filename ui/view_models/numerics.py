"""The big numbers: what they say, how old they are, and when they must turn grey or vanish.

Knows the ages of clinical.md section 4 (TECH-1, TECH-2, TECH-5). Must not know Qt.
"""

from dataclasses import dataclass
from enum import StrEnum

from monitor.alarms.priority import Priority
from monitor.readings import Quality
from monitor.snapshot import (
    AlarmState,
    CuffPlanView,
    LinkState,
    NumericView,
    PressureView,
    SessionSnapshot,
)
from monitor.vitals import Vital
from ui.view_models.colours import ColourRole, bright
from ui.view_models.seen import Seen
from ui.view_models.words import ago_text, clock_text, minutes_text, whole

TREND_IS_NOW_S = 2.5  # values come every second; more would only flicker between 0 and 2
TREND_GREY_AFTER_S = 5.0  # TECH-1
TREND_GONE_AFTER_S = 10.0  # TECH-2
CUFF_GREY_AFTER_INTERVAL_S = 120.0  # TECH-5: cuff interval + 2 min
CUFF_GONE_AFTER_S = 900.0  # TECH-5

PRESSURE_VITALS = (Vital.SYSTOLIC, Vital.DIASTOLIC, Vital.MEAN)
_NAMES = {
    Vital.SYSTOLIC: "SYS",
    Vital.DIASTOLIC: "DIA",
    Vital.MEAN: "MAP",
    Vital.PULSE_RATE: "PR",
    Vital.HEART_RATE: "HR",
    Vital.SPO2: "SpO₂",
}
_QUALITY = {
    Quality.OK: "",
    Quality.ARTIFACT: "artefact",
    Quality.SENSOR_OFF: "sensor off",
    Quality.SEARCHING: "searching for a pulse",
    Quality.LOW_PERFUSION: "weak pulse signal",
    Quality.OUT_OF_RANGE: "out of range",
    Quality.UNAVAILABLE: "not available",
}
_DOWN = {
    LinkState.LOST: "monitor disconnected",
    LinkState.SILENT: "monitor silent",
    LinkState.CONNECTING: "connecting to the monitor",
}
"""Said in place of when the next cuff reading is due: nobody knows that while the link is down."""
_SHOWABLE = (Quality.OK, Quality.LOW_PERFUSION)
_ACTIVE = (AlarmState.SOUNDING, AlarmState.ACKNOWLEDGED)


class Freshness(StrEnum):
    """Whether a number may be read as current."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class NumericTile:
    """One tile. ``age`` and ``due`` are lines of words; ``alarm`` frames it when one is active.

    ``source`` names the sensor: a pulse may come from several (hazard H17).
    """

    label: str
    text: str
    freshness: Freshness
    colour: ColourRole
    mean: str = ""
    age: str = ""
    due: str = ""
    limits: str = ""
    source: str = ""
    alarm: Priority | None = None

    @property
    def spoken(self) -> str:
        """The tile in one sentence, for a screen reader."""
        parts = (self.label, self.text, self.mean, self.age, self.due, self.limits, self.source)
        return ", ".join(part for part in parts if part)


def limits_text(snapshot: SessionSnapshot, *vitals: Vital) -> str:
    """Say the nearest limits in force: ``SYS 90-160 · DIA high 110``, or ``high 120``."""
    if len(vitals) == 1:
        return " · ".join(_nearest_limits(snapshot, *vitals))
    return " · ".join(text for vital in vitals if (text := _named_limits(snapshot, vital)))


def limit_name(vital: Vital) -> str:
    """Return the short name of ``vital`` as used beside limits."""
    return _NAMES.get(vital, vital.value)


def alarm_on(snapshot: SessionSnapshot, *vitals: Vital) -> Priority | None:
    """Return the worst priority of the alarms whose condition concerns one of ``vitals``."""
    concerned = [
        alarm.priority
        for alarm in snapshot.alarms
        if alarm.state in _ACTIVE and any(vital.value in alarm.value for vital in vitals)
    ]
    return max(concerned, default=None)


def pressure_tile(seen: Seen) -> NumericTile:
    """Return the tile of the last cuff reading."""
    view = seen.snapshot.pressure
    freshness = _pressure_freshness(seen, view)
    is_missing = freshness is Freshness.MISSING
    alarm = alarm_on(seen.snapshot, *PRESSURE_VITALS)
    return NumericTile(
        label="NIBP mmHg",
        text="--/--" if view is None or is_missing else pressure_text(view),
        freshness=freshness,
        colour=_colour(freshness, ColourRole.NIBP, alarm),
        mean="" if view is None or is_missing else mean_text(view),
        age=_pressure_age(seen, view, freshness),
        due=_due(seen, view),
        limits=limits_text(seen.snapshot, Vital.SYSTOLIC, Vital.DIASTOLIC),
        alarm=alarm,
    )


def trend_tile(seen: Seen, vital: Vital) -> NumericTile:
    """Return the tile of pulse rate or SpO₂."""
    is_pulse = vital is Vital.PULSE_RATE
    view = seen.snapshot.pulse if is_pulse else seen.snapshot.spo2
    freshness = _trend_freshness(seen, view)
    alarm = alarm_on(seen.snapshot, vital)
    role = ColourRole.PULSE if is_pulse else ColourRole.SPO2
    return NumericTile(
        label="PR /min" if is_pulse else "SpO₂ %",
        text=_trend_text(view, freshness),
        freshness=freshness,
        colour=_colour(freshness, role, alarm),
        age=_trend_age(seen, view, freshness),
        limits=limits_text(seen.snapshot, vital),
        source="" if view is None or freshness is Freshness.MISSING else view.source,
        alarm=alarm,
    )


def pressure_text(view: PressureView) -> str:
    """Return ``184/101``."""
    return f"{whole(view.systolic)}/{whole(view.diastolic)}"


def mean_text(view: PressureView) -> str:
    """Return ``(128)``, or ``(128 calc)`` when the device sends no mean pressure."""
    if view.mean is not None:
        return f"({whole(view.mean)})"
    return f"({whole(view.diastolic + (view.systolic - view.diastolic) / 3)} calc)"


def _named_limits(snapshot: SessionSnapshot, vital: Vital) -> str:
    """Return both limits as a span: there is no room for four words."""
    limits = _nearest_limits(snapshot, vital)
    if len(limits) == 2:
        low, high = (text.split()[-1] for text in limits)
        return f"{_NAMES[vital]} {low}-{high}"
    return " · ".join(f"{_NAMES[vital]} {text}" for text in limits)


def _nearest_limits(snapshot: SessionSnapshot, vital: Vital) -> list[str]:
    upper = [one.value for one in snapshot.limits if one.vital is vital and one.is_upper]
    lower = [one.value for one in snapshot.limits if one.vital is vital and not one.is_upper]
    high = [f"high {whole(min(upper))}"] if upper else []
    low = [f"low {whole(max(lower))}"] if lower else []
    return low + high


def _colour(freshness: Freshness, own: ColourRole, alarm: Priority | None) -> ColourRole:
    if freshness is not Freshness.FRESH:
        return ColourRole.STALE
    return own if alarm is None else bright(alarm)


def _pressure_freshness(seen: Seen, view: PressureView | None) -> Freshness:
    if view is None or seen.is_stopped:
        return Freshness.MISSING
    age_s = seen.age_s(view.taken_s)
    if age_s > CUFF_GONE_AFTER_S or seen.is_of_unknown_age(view.taken_s):
        return Freshness.MISSING
    grey_after_s = seen.snapshot.cuff_interval_s + CUFF_GREY_AFTER_INTERVAL_S
    if seen.is_old or view.is_stale or age_s > grey_after_s:
        return Freshness.STALE
    return Freshness.FRESH


def _pressure_age(seen: Seen, view: PressureView | None, freshness: Freshness) -> str:
    if view is None:
        return "no cuff reading yet"
    if freshness is Freshness.MISSING:
        when = "time unknown" if view.is_stale else f"at {seen.label(view.taken_s)}"
        return f"last {pressure_text(view)} {when}"
    age = "time unknown" if view.is_stale else ago_text(seen.age_s(view.taken_s))
    return age if freshness is Freshness.FRESH else f"{age} · not current"


def _due(seen: Seen, view: PressureView | None) -> str:
    if seen.is_stopped:
        return ""
    if view is not None and (down := _DOWN.get(seen.snapshot.link.state)):
        return down
    if seen.snapshot.cuff_is_measuring and not seen.is_old:
        return "measuring now"
    plan = seen.snapshot.cuff_plan
    if plan is None or (view is not None and view.is_stale):
        return ""
    return "" if seen.is_of_unknown_age(plan.last_s) else _next_due(seen, plan, view is not None)


def _next_due(seen: Seen, plan: CuffPlanView, has_reading: bool) -> str:
    every = f"every {minutes_text(plan.learned_s or plan.interval_s)}"
    left_s = plan.expected_s - seen.now_s
    if not has_reading and left_s >= 0:  # nothing has shown yet that the cuff measures at all
        return _after_failures(plan.failures, f"planned {every}")
    due = f"next in {clock_text(left_s)}" if left_s >= 0 else f"overdue {clock_text(-left_s)}"
    return _after_failures(plan.failures, due) if plan.failures else f"{due} ({every})"


def _after_failures(failures: int, due: str) -> str:
    return f"{failures} failed · {due}" if failures else due


def _is_showable(view: NumericView) -> bool:
    return view.value is not None and view.quality in _SHOWABLE


def _trend_freshness(seen: Seen, view: NumericView | None) -> Freshness:
    if view is None or seen.is_stopped or not _is_showable(view):
        return Freshness.MISSING
    age_s = seen.trend_age_s(view.at_s)
    if age_s > TREND_GONE_AFTER_S or seen.is_of_unknown_age(view.at_s):
        return Freshness.MISSING
    return Freshness.STALE if seen.is_old or age_s > TREND_GREY_AFTER_S else Freshness.FRESH


def _trend_text(view: NumericView | None, freshness: Freshness) -> str:
    if view is None or view.value is None or freshness is Freshness.MISSING:
        return "--"
    return str(whole(view.value))


def _trend_age(seen: Seen, view: NumericView | None, freshness: Freshness) -> str:
    if view is None:
        return "no value yet"
    age_s = seen.trend_age_s(view.at_s)
    if freshness is Freshness.FRESH:
        return _QUALITY[view.quality] or ("now" if age_s < TREND_IS_NOW_S else ago_text(age_s))
    if freshness is Freshness.STALE:
        return f"{int(age_s)} s old"
    if view.value is None or not _is_showable(view):
        return _QUALITY[view.quality] or "no value"
    return f"last {whole(view.value)} at {seen.label(view.at_s)}"
