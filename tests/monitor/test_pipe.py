"""The pipe between two processes, here between two threads: every message, every kind of end.

Knows pipe.py over real local sockets. Waits only for what arrives, never for a time to pass.
"""

import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC
from multiprocessing import Pipe
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from monitor import pipe
from monitor.address import ADDRESS_FILE, Address, write_private
from monitor.channel import Channel, ChannelClosed
from monitor.channel_messages import (
    Command,
    DesktopAlive,
    FromDesktop,
    FromStation,
    Goodbye,
    Refused,
    SessionUpdate,
)
from monitor.errors import OperatorError
from monitor.pipe import Doorbell, PipeChannel, connect, decode, encode
from monitor.snapshot import SessionSnapshot
from tests.monitor.fakes import Story

LARGE = Refused("x" * 100_000)


def eventually(is_so: Callable[[], bool], within_s: float = 5.0) -> bool:
    """Wait until something that another thread does is done."""
    pause, end = threading.Event(), time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > end:
            return False
        pause.wait(0.001)
    return True


def take(channel: Channel, count: int) -> list[Any]:
    """Return the first ``count`` messages, as soon as they are there."""
    got: list[Any] = []

    def is_enough() -> bool:
        got.extend(channel.receive())
        return len(got) >= count

    assert eventually(is_enough), f"{len(got)} of {count} arrived"
    return got


def is_over(channel: Channel) -> bool:
    try:
        channel.receive()
    except ChannelClosed:
        return True
    return False


Pair = tuple[PipeChannel, PipeChannel]


@pytest.fixture
def pair() -> Iterator[Pair]:
    one, two = Pipe()
    channels = PipeChannel(one), PipeChannel(two)
    yield channels
    for channel in channels:
        channel.close()


# ---- messages

KINDS = [*get_args(FromDesktop), *get_args(FromStation)]
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
updates = st.builds(SessionUpdate, st.builds(SessionSnapshot, opened_utc=moments, now_utc=moments))
others = [st.from_type(kind) for kind in KINDS if kind is not SessionUpdate]


@settings(max_examples=40)
@given(st.one_of(updates, *others))
def test_every_message_arrives_as_it_was_sent(message: Any) -> None:
    try:
        data = encode(message)
    except OverflowError:  # a whole number beyond 64 bits: nothing here counts so far
        reject()
    assert repr(decode(data)) == repr(message)  # not ==, for NaN is never equal


def test_a_full_picture_of_a_session_arrives_as_it_was_sent() -> None:
    story = Story()
    story.up()
    story.pulses(20, 131)
    story.cuff(184, 101, 129)
    story.acknowledge("BP-H2")
    story.down()
    story.wait(2)
    story.up()
    trends = story.session.picture.trends
    update = SessionUpdate(story.shown(), trends.part("s1", None, trends.mark()))
    assert update.snapshot.alarms
    assert all(getattr(update.chart, name) for name in ("samples", "cuffs", "gaps", "log"))
    assert decode(encode(update)) == update


def test_every_message_is_known_and_frozen() -> None:
    assert set(KINDS) >= set(get_args(Command))
    for kind in KINDS:
        assert is_dataclass(kind)
        assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # every dataclass has it
        assert not any(field.type is Any for field in fields(kind))


GARBAGE = [
    b"",
    b"\x00",
    b"\xc1",
    b"garbage",
    msgspec.msgpack.encode(("NoSuchMessage", {})),
    msgspec.msgpack.encode(("Refused", {"sentence": 7})),
    msgspec.msgpack.encode(("Refused", {})),
    msgspec.msgpack.encode(("Refused", {"sentence": "no"}, "more")),
    msgspec.msgpack.encode({"Refused": {"sentence": "no"}}),
    b"\x80\x04\x95cos\nsystem\n.",
]


@pytest.mark.parametrize("data", GARBAGE)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, msgspec.MsgspecError)):
        decode(data)


@given(st.binary(max_size=60))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    try:
        message = decode(data)
    except (ValueError, msgspec.MsgspecError):
        return
    assert type(message) in KINDS


@pytest.mark.parametrize("data", GARBAGE)
def test_who_sends_garbage_is_hung_up_on_after_what_came_before_it(data: bytes) -> None:
    raw, other = Pipe()
    channel = PipeChannel(other)
    raw.send_bytes(encode(Goodbye()))
    raw.send_bytes(data)
    assert take(channel, 1) == [Goodbye()]
    assert eventually(lambda: is_over(channel))
    raw.close()


# ---- a conversation


def test_messages_arrive_in_order_both_ways(pair: Pair) -> None:
    one, two = pair
    sent = [Refused(str(number)) for number in range(200)]
    for message in sent:
        one.send(message)
        two.send(message)
    assert take(two, 200) == take(one, 200) == sent


def test_who_waits_for_news_is_woken_by_each_message_and_by_the_end() -> None:
    one, two = Pipe()
    news = threading.Event()
    speaker, listener = PipeChannel(one), PipeChannel(two, news.set)
    speaker.send(Goodbye())
    assert news.wait(5)
    assert take(listener, 1) == [Goodbye()]
    news.clear()
    speaker.close()
    assert news.wait(5)
    assert eventually(lambda: is_over(listener))


@pytest.mark.parametrize("closer", [0, 1])
def test_the_end_is_told_after_what_arrived_at_both_sides(pair: Pair, closer: int) -> None:
    one, two = pair[closer], pair[1 - closer]
    for _ in range(50):
        one.send(LARGE)
    one.send(Goodbye())
    one.close()
    assert take(two, 51)[-1] == Goodbye()
    for end in (one, two):
        assert eventually(lambda end=end: is_over(end))  # type: ignore[misc]  # bound now
        with pytest.raises(ChannelClosed):
            end.send(Goodbye())
        end.close()


def test_a_goodbye_is_heard_even_when_speaking_failed_before_it_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A desktop closed on purpose must not be started again because its goodbye got lost."""
    may_read, read = threading.Event(), pipe.decode

    def late(data: bytes) -> Any:
        may_read.wait(5)
        return read(data)

    monkeypatch.setattr(pipe, "decode", late)
    raw, other = Pipe()
    for message in (DesktopAlive(""), Goodbye()):
        raw.send_bytes(encode(message))
    raw.close()
    station = PipeChannel(other)
    station.send(LARGE)
    assert eventually(lambda: "channel-out" not in [t.name for t in threading.enumerate()])
    may_read.set()
    assert take(station, 2) == [DesktopAlive(""), Goodbye()]
    assert eventually(lambda: is_over(station))


def test_sending_never_waits_for_one_who_never_reads() -> None:
    raw, other = Pipe()
    channel = PipeChannel(other)
    began = time.monotonic()
    for _ in range(1000):
        channel.send(LARGE)
    assert time.monotonic() - began < 1
    assert channel.waiting > 900
    raw.close()
    assert eventually(lambda: is_over(channel))


def test_who_dies_without_a_word_is_noticed() -> None:
    raw, other = Pipe()
    channel = PipeChannel(other)
    raw.close()
    assert eventually(lambda: is_over(channel))


def test_a_half_message_of_one_who_dies_is_no_message() -> None:
    raw, other = Pipe()
    channel = PipeChannel(other)
    os.write(raw.fileno(), b"\x00\x00\x00\x40half")
    raw.close()
    assert eventually(lambda: is_over(channel))


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors in /proc")
def test_conversations_leave_no_thread_and_no_descriptor() -> None:
    threads = set(threading.enumerate())
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    for _ in range(20):
        one, two = (PipeChannel(end) for end in Pipe())
        one.send(LARGE)
        two.close()
    assert eventually(lambda: set(threading.enumerate()) <= threads)
    assert len(os.listdir("/proc/self/fd")) == files  # noqa: PTH208 - a count


# ---- the doorbell


class Guests:
    """Whoever the doorbell let in."""

    def __init__(self) -> None:
        self.channels: list[PipeChannel] = []

    def greet(self, connection: "Connection[Any, Any]") -> None:
        self.channels.append(PipeChannel(connection))


@pytest.fixture
def guests() -> Guests:
    return Guests()


@pytest.fixture
def doorbell(tmp_path: Path, guests: Guests) -> Iterator[Doorbell]:
    bell = Doorbell(tmp_path, guests.greet)
    yield bell
    bell.close()
    for channel in guests.channels:
        channel.close()


def called(folder: Path) -> PipeChannel:
    channel = connect(folder)
    assert channel is not None
    return channel


def address_of(folder: Path) -> Address:
    return msgspec.json.decode((folder / ADDRESS_FILE).read_bytes(), type=Address)


def put_address(folder: Path, address: Address) -> None:
    (folder / ADDRESS_FILE).write_bytes(msgspec.json.encode(address))


def test_desktops_call_and_talk(tmp_path: Path, doorbell: Doorbell, guests: Guests) -> None:
    desktops = [called(tmp_path) for _ in range(3)]
    for number, desktop in enumerate(desktops):
        desktop.send(DesktopAlive(str(number)))
    assert eventually(lambda: len(guests.channels) == 3)
    heard = [take(channel, 1)[0].sound_fault for channel in guests.channels]
    assert sorted(heard) == ["0", "1", "2"]
    for channel in guests.channels:
        channel.send(Refused("hello"))
    assert [take(desktop, 1) for desktop in desktops] == [[Refused("hello")]] * 3
    for desktop in desktops:
        desktop.close()


def test_the_address_and_its_secret_are_for_this_user_only(
    tmp_path: Path, doorbell: Doorbell
) -> None:
    mode = (tmp_path / ADDRESS_FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    address = address_of(tmp_path)
    assert (address.pid, len(address.secret)) == (os.getpid(), 32)


def test_each_station_has_a_secret_of_its_own(tmp_path: Path) -> None:
    seen = set()
    for _ in range(2):
        bell = Doorbell(tmp_path, lambda _connection: None)
        seen.add(address_of(tmp_path).secret)
        bell.close()
    assert len(seen) == 2


def test_who_has_the_wrong_secret_is_turned_away_and_others_are_let_in(
    tmp_path: Path, doorbell: Doorbell, guests: Guests
) -> None:
    true = address_of(tmp_path)
    put_address(tmp_path, Address(true.where, b"wrong" * 6, true.pid))
    assert connect(tmp_path) is None
    put_address(tmp_path, true)
    desktop = called(tmp_path)
    assert eventually(lambda: len(guests.channels) == 1)
    desktop.close()


@pytest.mark.parametrize(
    "noise", [b"", b"\x00\x00\x00\x05hello", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64]
)
def test_a_stranger_who_talks_nonsense_is_turned_away(
    tmp_path: Path, doorbell: Doorbell, guests: Guests, noise: bytes
) -> None:
    stranger = Client(address_of(tmp_path).where)
    os.write(stranger.fileno(), noise)
    stranger.close()
    desktop = called(tmp_path)
    assert eventually(lambda: len(guests.channels) == 1)
    desktop.close()


def test_one_who_says_nothing_keeps_nobody_waiting_and_is_hung_up_on(
    tmp_path: Path, doorbell: Doorbell, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "PROOF_WITHIN_S", 0.3)
    silent = [Client(address_of(tmp_path).where) for _ in range(5)]
    began = time.monotonic()
    desktop = called(tmp_path)
    assert eventually(lambda: len(guests.channels) == 1)
    assert time.monotonic() - began < 0.3
    for stranger in silent:
        stranger.recv_bytes()  # the challenge
        with pytest.raises((EOFError, ConnectionError)):
            stranger.recv_bytes()
        stranger.close()
    desktop.close()


def test_a_fault_in_accepting_does_not_end_the_listening(
    tmp_path: Path, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "PAUSE_AFTER_FAULT_S", 0.01)
    faults = [OSError(24, "Too many open files")] * 3
    accept = Listener.accept

    def scarce(listener: Listener) -> Any:
        if faults:
            raise faults.pop()
        return accept(listener)

    monkeypatch.setattr(Listener, "accept", scarce)
    bell = Doorbell(tmp_path, guests.greet)
    desktop = called(tmp_path)
    assert faults == []
    desktop.close()
    bell.close()


def test_after_closing_nobody_answers_and_nothing_is_left(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    bell = Doorbell(tmp_path, lambda _connection: None)
    bell.close()
    assert eventually(lambda: set(threading.enumerate()) <= before)
    assert connect(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_very_long_name_works(
    tmp_path: Path, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    folder = tmp_path / ("ä" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    bell = Doorbell(folder, guests.greet)
    desktop = called(folder)
    desktop.send(Goodbye())
    assert eventually(lambda: len(guests.channels) == 1)
    assert take(guests.channels[0], 1) == [Goodbye()]
    desktop.close()
    bell.close()
    assert list(temporary.iterdir()) == []


def test_a_station_that_was_killed_does_not_keep_the_next_one_out(
    tmp_path: Path, guests: Guests
) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "station.sock"))
    put_address(tmp_path, Address(str(tmp_path / "station.sock"), b"x" * 32, 1))
    assert connect(tmp_path) is None
    bell = Doorbell(tmp_path, guests.greet)
    called(tmp_path).close()
    bell.close()


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"null", b"\xff\xfe", b'{"where": 1}'])
def test_an_address_that_cannot_be_read_means_no_station(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ADDRESS_FILE).write_bytes(data)
    assert connect(tmp_path) is None


def test_a_stale_address_means_no_station_and_that_at_once(tmp_path: Path) -> None:
    stale = tmp_path / "station.sock"
    for where in (str(stale), str(tmp_path), "", "x" * 300):
        put_address(tmp_path, Address(where, b"x" * 32, 1))
        began = time.monotonic()
        assert connect(tmp_path) is None
        assert time.monotonic() - began < 0.5


def test_a_station_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "PROOF_WITHIN_S", 0.1)
    where = str(tmp_path / "s.sock")
    with Listener(where):  # the system accepts for it; it never answers
        put_address(tmp_path, Address(where, b"x" * 32, 1))
        assert connect(tmp_path) is None


def test_a_short_call_is_given_up_sooner(tmp_path: Path) -> None:
    where = str(tmp_path / "s.sock")
    with Listener(where):
        put_address(tmp_path, Address(where, b"x" * 32, 1))
        began = time.monotonic()
        assert connect(tmp_path, proof_within_s=0.1) is None
        assert time.monotonic() - began < pipe.PROOF_WITHIN_S


def test_a_caller_has_a_few_seconds_to_prove_itself_and_not_longer() -> None:
    """A slow disk or a busy machine may cost a second; a stranger must not wait for ever."""
    assert 1.0 < pipe.PROOF_WITHIN_S < 5.0


def test_a_station_whose_address_was_taken_away_is_found_again(
    tmp_path: Path, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "LOOK_EVERY_S", 0.01)
    bell = Doorbell(tmp_path, guests.greet)
    for damage in (b"", b'{"where'):
        (tmp_path / ADDRESS_FILE).write_bytes(damage)
        assert eventually(lambda: (found := connect(tmp_path)) is not None and close(found))
    (tmp_path / ADDRESS_FILE).unlink()
    assert eventually(lambda: (found := connect(tmp_path)) is not None and close(found))
    bell.close()
    assert list(tmp_path.iterdir()) == []
    for channel in guests.channels:
        channel.close()


def close(channel: PipeChannel) -> bool:
    channel.close()
    return True


def test_a_folder_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OperatorError, match="cannot be written"):
        write_private(tmp_path / ADDRESS_FILE, b"x")
