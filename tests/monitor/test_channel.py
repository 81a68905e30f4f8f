"""The channel in memory: what both ends may rely on, here and over a pipe.

Knows the Channel interface only; test_pipe.py asks the same of the pipe.
"""

import pytest

from monitor.channel import ChannelClosed, in_memory_pair
from monitor.channel_messages import DesktopAlive, Goodbye, Refused


def test_messages_arrive_in_order_and_once() -> None:
    desktop, station = in_memory_pair()
    desktop.send(DesktopAlive(""))
    desktop.send(Goodbye())
    assert station.receive() == [DesktopAlive(""), Goodbye()]
    assert station.receive() == []
    assert desktop.receive() == []


def test_both_ways_are_apart() -> None:
    desktop, station = in_memory_pair()
    station.send(Refused("no"))
    desktop.send(Goodbye())
    assert desktop.receive() == [Refused("no")]
    assert station.receive() == [Goodbye()]


@pytest.mark.parametrize("closer", [0, 1])
def test_what_was_sent_before_the_end_is_read_before_the_end_is_told(closer: int) -> None:
    desktop, station = in_memory_pair()
    desktop.send(Goodbye())
    (desktop, station)[closer].close()
    assert station.receive() == [Goodbye()]
    for end in (desktop, station):
        with pytest.raises(ChannelClosed):
            end.receive()
        with pytest.raises(ChannelClosed):
            end.send(Goodbye())
        end.close()
