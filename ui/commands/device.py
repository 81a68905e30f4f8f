"""``vigil devices`` and ``vigil decode``.

Composes registry, ports and decoder with the terminal. Must not import Qt.
"""

import argparse
import contextlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from devices.decode import Decoder, JsonObject
from devices.driver import DriverInfo
from devices.registry import all_drivers, find_driver
from devices.serial_transport import list_ports
from monitor.errors import OperatorError
from ui.voice import note, table, tell, tell_json

CHUNK = 65536


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
    with _opened(options.file) as stream:
        events = _decode(decoder, stream)
        held = _until_first_valid(decoder, events)
        if not decoder.valid_frames:
            raise OperatorError(
                f"{options.file} holds no valid frame of {info.key}",
                "name a file of raw bytes recorded from this device",
            )
        for event in itertools.chain(held, events):
            _show(event, as_json=options.json)
    return 0


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Open a file, or standard input for "-". Raises OperatorError."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except BrokenPipeError:
        raise  # the reader of our output has gone; the file is well
    except OSError as cause:
        raise OperatorError(
            f"{name} cannot be read ({cause.strerror})", "name a file of raw device bytes"
        ) from cause


def _decode(decoder: Decoder, stream: BinaryIO) -> Iterator[JsonObject]:
    while data := stream.read(CHUNK):
        yield from decoder.feed(data)


def _until_first_valid(decoder: Decoder, events: Iterator[JsonObject]) -> list[JsonObject]:
    """Take events until one valid frame was seen: before that nothing may be shown."""
    held: list[JsonObject] = []
    while not decoder.valid_frames and (event := next(events, None)) is not None:
        held.append(event)
    return held


def _show(event: JsonObject, *, as_json: bool) -> None:
    if as_json:
        tell_json(event)
    else:
        fields = (f"{name} {value}" for name, value in event.items() if name not in _HEAD)
        tell(f"{event['offset']:>10}  {event['kind']:<15} {', '.join(fields)}")


_HEAD = ("offset", "kind")
