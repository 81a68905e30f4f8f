"""Looks for what must not stand in any file: a name, a number, a note, a reading, a key.

Knows bytes only, as ``strings`` and a hex dump do.
"""

import struct
from pathlib import Path


def written(*secrets: str | float | bytes) -> dict[str, bytes]:
    """Return each secret in every way a program might have written it."""
    found: dict[str, bytes] = {}
    for secret in secrets:
        match secret:
            case bytes():
                found |= {f"{secret!r} raw": secret, f"{secret!r} hex": secret.hex().encode()}
            case float():
                found |= {
                    f"{secret} text": repr(secret).encode(),
                    f"{secret} big": struct.pack(">d", secret),  # as SQLite stores it
                    f"{secret} little": struct.pack("<d", secret),
                }
            case str():
                codes = ("utf-8", "utf-16-le", "utf-16-be")
                found |= {f"{secret} {code}": secret.encode(code) for code in codes}
                found[f"{secret} JSON"] = secret.encode("ascii", "backslashreplace")
    return found


def traces(folder: Path, secrets: dict[str, bytes]) -> list[str]:
    """Return "file: secret" for every secret that any file below ``folder`` shows."""
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, secret in secrets.items()
        if secret in path.read_bytes()
    ]
