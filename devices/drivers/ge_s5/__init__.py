"""GE CARESCAPE and S/5 monitors over their serial computer interface (DRI).

Knows how to make the driver and the simulated monitor. Must not know who uses them.
"""

from devices.driver import DriverInfo, Maturity
from devices.drivers.ge_s5.driver import GeS5Driver
from devices.drivers.ge_s5.simulator import GeS5Simulator
from devices.transport import LineSettings, Parity

INFO = DriverInfo(
    key="ge_s5",
    title="GE CARESCAPE / S/5 (DRI)",
    line_settings=(
        LineSettings(19200, parity=Parity.EVEN, rts_cts=True),
        LineSettings(115200, parity=Parity.EVEN, rts_cts=True),
    ),
    create=GeS5Driver,
    maturity=Maturity.CAPTURE_VERIFIED,
    simulate=GeS5Simulator,
)
