"""``vigil devices`` and ``vigil decode``.

Composes registry, ports and decoder with the terminal. Must not import Qt.
"""

import argparse
import contextlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from devices.decode import Decoder, JsonObject
from devices.driver import DriverInfo
from devices.registry import all_drivers, find_driver
from devices.serial_transport import list_ports
from monitor.errors import OperatorError
from ui.voice import note, table, tell, tell_json

CHUNK = 4096
HELD_AT_MOST = 1000
"""Bad frames before the first valid one that are shown once it came; the rest is counted."""
STANDARD_INPUT = "standard input"


def devices(options: argparse.Namespace) -> int:
    """List drivers and ports."""
    report = all_drivers()
    if options.json:
        for info in report.drivers:
            tell_json(
                {
                    "kind": "driver",
                    "key": info.key,
                    "title": info.title,
                    "maturity": info.maturity.value,
                    "line_settings": [str(line) for line in info.line_settings],
                }
            )
        for port in list_ports():
            tell_json({"kind": "port", "url": port.url, "description": port.description})
    else:
        _print_devices(report.drivers)
    for problem in report.problems:
        note(f"vigil: {problem}")
    return 0


def _print_devices(drivers: Sequence[DriverInfo]) -> None:
    table(
        ("driver", "device", "maturity", "line settings"),
        [
            (d.key, d.title, d.maturity.value, " or ".join(str(line) for line in d.line_settings))
            for d in drivers
        ],
    )
    tell("")
    ports = list_ports()
    table(("port", "what it is"), [(port.url, port.description) for port in ports])
    if not ports:
        tell("no serial port is present: plug in the adapter")


def decode_file(options: argparse.Namespace) -> int:
    """Print what a file of raw device bytes says. Raises OperatorError when it says nothing."""
    info = find_driver(options.driver)
    decoder = Decoder(info)
    name = STANDARD_INPUT if options.file == "-" else options.file
    with _opened(options.file) as stream:
        events = (event for data in _pieces(stream, name) for event in decoder.feed(data))
        first = _until_first_valid(decoder, events)
        if not decoder.valid_frames:
            raise OperatorError(
                f"{name} holds no valid frame of {info.key}",
                "name a file of raw bytes recorded from this device",
            )
        for event in itertools.chain(first.events, events):
            _show(event, as_json=options.json)
    if first.dropped:
        note(f"vigil: {first.dropped} more bad frames before the first valid one are not shown.")
    return 0


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for "-". Raises OperatorError when it cannot be opened."""
    if name == "-":
        if sys.stdin is None:  # the program that started us closed it
            raise OperatorError(f"{STANDARD_INPUT} is closed", "pipe bytes into it or name a file")
        yield sys.stdin.buffer
        return
    try:
        stream = Path(name).open("rb")  # noqa: SIM115 - closed below; what happens there is no fault of the file
    except OSError as cause:
        raise _unreadable(name, cause) from cause
    with stream:
        yield stream


def _pieces(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Read the stream to its end, piece by piece. Raises OperatorError when it cannot be read."""
    while True:
        try:
            data = stream.read(CHUNK)
        except OSError as cause:
            raise _unreadable(name, cause) from cause
        if not data:
            return
        yield data


def _unreadable(name: str, cause: OSError) -> OperatorError:
    return OperatorError(
        f"{name} cannot be read ({cause.strerror})", "name a file of raw device bytes"
    )


@dataclass(slots=True)
class _Beginning:
    """What came before the first valid frame: the first events, and how many more there were."""

    events: list[JsonObject] = field(default_factory=list)
    dropped: int = 0


def _until_first_valid(decoder: Decoder, events: Iterator[JsonObject]) -> _Beginning:
    """Take events until one valid frame was seen: before that nothing may be shown.

    Bounded: a file that is no capture may hold a bad frame in every two bytes.
    """
    beginning = _Beginning()
    for event in events:
        if decoder.valid_frames or len(beginning.events) < HELD_AT_MOST:
            beginning.events.append(event)
        else:
            beginning.dropped += 1
        if decoder.valid_frames:
            break
    return beginning


def _show(event: JsonObject, *, as_json: bool) -> None:
    if as_json:
        tell_json(event)
    else:
        fields = (f"{name} {value}" for name, value in event.items() if name not in _HEAD)
        tell(f"{event['offset']:>10}  {event['kind']:<15} {', '.join(fields)}")


_HEAD = ("offset", "kind")
