"""The conformance kit's bedside: a slow patient, a simulator, and what the driver told of them.

Knows the simulator and driver seams. Must not know a protocol; only tests import it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from devices.driver import Driver, DriverInfo
from devices.simulation.device import Bedside, TrueVitals
from monitor.clock import Instant
from monitor.events import Measured
from monitor.readings import BloodPressure, Reading
from monitor.vitals import Vital

START = Instant(1000.0, datetime(2025, 1, 1, tzinfo=UTC))
Told = list[tuple[float, Reading | BloodPressure]]

_CUFF_S, _FINGER_OFF_S, _WATCHED_S = 120.0, range(200, 230), 420


def expect(fact: bool, otherwise: str) -> None:
    """Raise AssertionError with ``otherwise`` unless ``fact``."""
    if not fact:
        raise AssertionError(otherwise)


def _patient(t: float) -> TrueVitals:
    on_finger = int(t) not in _FINGER_OFF_S
    return TrueVitals(120 + t / 20, 70 + t / 40, 60 + t / 30, 99 - t / 100, on_finger)


def simulated_sample(info: DriverInfo, since_s: float = 62.0, until_s: float = 66.0) -> bytes:
    """Return what the driver's simulator sends in some seconds; a pressure is on the display."""
    sent = _run_simulator(info, info.create(), until_s)
    return b"".join(data for t, data in sent if t >= since_s)


def _run_simulator(
    info: DriverInfo, driver: Driver, seconds: float
) -> Iterator[tuple[float, bytes]]:
    if info.simulate is None:
        raise AssertionError("the driver has no simulator")
    simulator = info.simulate(Bedside(_patient, START.utc, cuff_interval_s=_CUFF_S))
    driver.line_opened()
    for quarter in range(int(seconds * 4)):
        t = quarter / 4
        simulator.receive(driver.due(START.plus(t)), t)
        yield t, simulator.emit(t)


def watch(info: DriverInfo) -> Told:
    """Let a fresh driver read its simulator for some minutes; return (second, value) pairs."""
    driver = info.create()
    told: Told = []
    for t, data in _run_simulator(info, driver, _WATCHED_S):
        for event in driver.feed(data, START.plus(t)):
            if isinstance(event, Measured):
                told.append((t, event.reading))
    return told


def check_truth(t: float, measured: Reading | BloodPressure) -> None:
    """Compare one value with the patient of the last seconds; the patient changes slowly."""
    true = _patient(t)
    if isinstance(measured, BloodPressure):
        _check_close(measured.systolic, true.systolic, 3.5)
        _check_close(measured.diastolic, true.diastolic, 2.5)
    elif measured.value is not None:
        wanted = true.spo2 if measured.vital is Vital.SPO2 else true.pulse
        _check_close(measured.value, wanted, 1.5)
        was_off = all(not _patient(t - ago).finger_sensor_on for ago in range(8))
        expect(not (was_off and measured.vital is Vital.SPO2), "SpO2 from a sensor that is off")


def _check_close(told: float, true: float, tolerance: float) -> None:
    expect(abs(told - true) <= tolerance, f"{told} told, {true} true")


def check_kinds(vitals: frozenset[Vital], told: Told) -> None:
    """Every promised vital was told often enough, and one pressure per cuff cycle."""
    readings = [measured for _, measured in told if isinstance(measured, Reading)]
    for vital in vitals - {Vital.SYSTOLIC}:
        count = sum(found.vital is vital and found.value is not None for found in readings)
        expect(count >= _WATCHED_S // 15, f"only {count} values of {vital}")
    if Vital.SYSTOLIC in vitals:
        inflations = len(told) - len(readings)
        cycles = _WATCHED_S / _CUFF_S
        expect(cycles - 1 < inflations < cycles + 1, f"{inflations} cuff readings")
