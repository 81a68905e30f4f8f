"""Tell what the wire in memory does, which other tests lean on."""

import pytest

from devices.memory_transport import joined_pair
from devices.transport import LinkLost


def test_what_one_end_writes_the_other_reads_once_and_in_order() -> None:
    near, far = joined_pair()
    far.write(b"one ")
    far.write(b"two")
    assert near.read() == b"one two"
    assert near.read() == b""
    near.write(b"back")
    assert far.read() == b"back"


def test_an_unplugged_wire_is_lost_for_both_ends_with_the_bytes_under_way() -> None:
    near, far = joined_pair()
    far.write(b"too late")
    near.unplug()
    for end in (near, far):
        with pytest.raises(LinkLost, match="unplugged"):
            end.read()
        with pytest.raises(LinkLost, match="unplugged"):
            end.write(b"x")


def test_closing_one_end_is_not_noticed_at_the_other() -> None:
    near, far = joined_pair()
    near.close()
    near.close()
    far.write(b"into the void")
    assert far.read() == b""
    assert near.is_closed
    with pytest.raises(LinkLost, match="closed"):
        near.read()
