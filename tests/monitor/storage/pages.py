"""The pages of an encrypted database and its journal as they are inside, unused parts included.

Knows SQLCipher 4: AES-256-CBC, 4,096 bytes a page, the last 80 of them for IV and HMAC.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.keys import KEY

PAGE, RESERVED = 4096, 80
_WAL_HEAD, _FRAME_HEAD = 32, 24


def pages_with(path: Path, secret: str) -> int:
    """Count the pages that show a secret."""
    return sum(secret.encode() in page for page in _pages(path))


def _pages(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield from (_inside(data[at : at + PAGE], at == 0) for at in range(0, len(data), PAGE))
    wal = path.with_name(f"{path.name}-wal")
    data = wal.read_bytes() if wal.exists() else b""
    for at in range(_WAL_HEAD, len(data) - PAGE, _FRAME_HEAD + PAGE):
        (number,) = struct.unpack(">I", data[at : at + 4])
        start = at + _FRAME_HEAD
        yield _inside(data[start : start + PAGE], number == 1)


def _inside(page: bytes, is_first: bool) -> bytes:
    iv = page[-RESERVED : -RESERVED + 16]
    decryptor = Cipher(algorithms.AES(KEY.raw), modes.CBC(iv)).decryptor()
    return decryptor.update(page[16 if is_first else 0 : -RESERVED])
