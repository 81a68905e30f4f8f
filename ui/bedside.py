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
from monitor.time_zone import on_the_wall


def simulated_device(
    driver: str, scenario: str, seed: int, switched_on: datetime
) -> tuple[DriverInfo, DeviceSimulator]:
    """Return a device of this kind beside the scenario's patient, switched on at this UTC time.

    Its clock shows the time of this computer's zone, as a clock on a clinic's wall does.

    Raises OperatorError for an unknown driver or scenario, or a driver without a simulator.
    """
    info = find_driver(driver)
    if info.simulate is None:
        raise OperatorError(f"The driver {driver} has no simulator", "choose another driver")
    story = find_scenario(scenario)
    bedside = Bedside(patient(story, seed), on_the_wall(switched_on), clock_steps=story.clock_steps)
    return info, info.simulate(bedside)


def local_endpoint() -> Endpoint:
    """Return a port as real as this system has: a pseudo-terminal, on Windows TCP."""
    return TcpEndpoint() if sys.platform == "win32" else PtyEndpoint()


def utc_now() -> datetime:
    """Return the wall clock's time, for a device that is switched on now."""
    return datetime.now(UTC)
