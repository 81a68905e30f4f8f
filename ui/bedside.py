"""Puts a simulated device on a port: driver key, scenario and seed to a device that can be served.

Joins registry, patient and endpoint for ``vigil simulate`` and ``vigil demo``. Must not import Qt.
"""

import sys
from datetime import UTC, datetime

from devices.driver import DriverInfo
from devices.registry import find_driver
from devices.simulation.device import Bedside, DeviceSimulator
from devices.simulation.endpoints import Endpoint, PtyEndpoint, TcpEndpoint
from devices.simulation.patient import patient
from devices.simulation.scenarios import find_scenario
from monitor.errors import OperatorError


def simulated_device(
    driver: str, scenario: str, seed: int, switched_on: datetime
) -> tuple[DriverInfo, DeviceSimulator]:
    """Return a device of this kind beside the scenario's patient.

    Raises OperatorError for an unknown driver or scenario, or a driver without a simulator.
    """
    info = find_driver(driver)
    if info.simulate is None:
        raise OperatorError(f"The driver {driver} has no simulator", "choose another driver")
    truth = patient(find_scenario(scenario), seed)
    return info, info.simulate(Bedside(truth, switched_on))


def local_endpoint() -> Endpoint:
    """Return a port as real as this system has: a pseudo-terminal, on Windows TCP."""
    return TcpEndpoint() if sys.platform == "win32" else PtyEndpoint()


def utc_now() -> datetime:
    """Return the wall clock's time, for a device that is switched on now."""
    return datetime.now(UTC)
