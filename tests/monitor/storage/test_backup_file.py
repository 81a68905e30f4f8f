"""The form of a backup: any tar opens it, and whatever is wrong with one is one sentence."""

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import OperatorError
from monitor.storage import backup_file
from monitor.storage.backup_file import DATABASE, MANIFEST, VAULT, extract_database, open_backup
from tests.monitor.storage.backups import back_up, record


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backups")
    return back_up(record(folder / "data"), folder / "to").path


def wrong_with(data: bytes, folder: Path) -> str:
    """Read a backup to its end; return what is said of it, "" if nothing."""
    path = folder / "some.vigilbackup"
    path.write_bytes(data)
    to = folder / "vigil.db"
    to.unlink(missing_ok=True)
    try:
        extract_database(open_backup(path), to, lambda *_: None)
    except OperatorError as fault:
        return fault.what
    return ""


def test_tar_opens_it_and_finds_what_the_manifest_tells_of(good: Path, tmp_path: Path) -> None:
    subprocess.run(["tar", "-xf", str(good), "-C", str(tmp_path)], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([MANIFEST, VAULT, DATABASE])
    manifest = msgspec.json.decode((tmp_path / MANIFEST).read_bytes())
    assert manifest["database"]["size"] == (tmp_path / DATABASE).stat().st_size
    assert manifest["rows"]["session"] == 1


def test_neither_manifest_nor_name_tells_of_a_patient(good: Path) -> None:
    data = good.read_bytes()
    for text in (b"Demo patient", b"Chair 1", b"ttyUSB0", b"Ketamine"):
        assert text not in data


def test_one_cut_anywhere_is_incomplete_and_a_cut_beginning_foreign(good: Path, tmp_path) -> None:
    data = good.read_bytes()
    for length in (18, 511, 512, 700, 1500, 2048, 2500, 5000, len(data) - 1025, len(data) - 1):
        assert "is incomplete" in wrong_with(data[:length], tmp_path), length
    for length in (0, 1, 17):
        assert "no Vigil backup" in wrong_with(data[:length], tmp_path), length
    assert wrong_with(data, tmp_path) == ""


def test_a_byte_too_many_is_damage(good: Path, tmp_path: Path) -> None:
    assert "is damaged" in wrong_with(good.read_bytes() + b"\0", tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 80_000), bit=st.integers(0, 7))
def test_one_flipped_bit_is_found_wherever_it_matters(good, tmp_path, at: int, bit: int) -> None:
    data = bytearray(good.read_bytes())
    at %= len(data) - 1024  # after that only the zeros that end a tar
    data[at] ^= 1 << bit
    if not wrong_with(bytes(data), tmp_path):
        as_it_was = open_backup(good)
        assert open_backup(tmp_path / "some.vigilbackup").vault == as_it_was.vault
        extract_database(as_it_was, tmp_path / "good.db", lambda *_: None)
        assert (tmp_path / "vigil.db").read_bytes() == (tmp_path / "good.db").read_bytes()
        (tmp_path / "good.db").unlink()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000))
def test_noise_after_our_name_is_never_a_traceback(tmp_path: Path, noise: bytes) -> None:
    assert wrong_with(MANIFEST.encode() + b"\0" + noise, tmp_path)


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "vault.json/../evil"])
def test_no_name_in_the_file_becomes_a_path(good: Path, tmp_path: Path, name: str) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    data = rebuilt(good, {DATABASE: name})
    assert "is damaged" in wrong_with(data, inner)
    assert not list(tmp_path.rglob("evil"))


def test_a_link_in_the_place_of_a_member_is_damage(good: Path, tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.GNUTYPE_LONGNAME):
        assert "is damaged" in wrong_with(rebuilt(good, kind=kind), tmp_path)


def test_a_manifest_that_claims_gigabytes_is_refused_unread(good: Path, tmp_path: Path) -> None:
    head = tarfile.TarInfo(MANIFEST)
    head.size = 1 << 34
    data = head.tobuf(tarfile.GNU_FORMAT, "ascii", "strict") + good.read_bytes()[512:]
    assert "is damaged" in wrong_with(data, tmp_path)


def test_another_version_s_manifest_is_said_to_be_newer(good: Path, tmp_path: Path) -> None:
    newer = rebuilt(good, change=lambda fact: fact | {"version": 3, "new": 1})
    assert "newer version of Vigil" in wrong_with(newer, tmp_path)
    odd = rebuilt(good, change=lambda fact: fact | {"made_utc": "yesterday"})
    assert "is damaged" in wrong_with(odd, tmp_path)


def test_another_database_of_the_same_length_is_damage(good: Path, tmp_path: Path) -> None:
    opened = open_backup(good)
    data = bytearray(good.read_bytes())
    size = opened.manifest.database.size
    data[opened.database_at : opened.database_at + size] = bytes(size)
    assert "is damaged" in wrong_with(bytes(data), tmp_path)


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(OperatorError, match="cannot be read"):
            open_backup(path)


def rebuilt(good: Path, named=None, kind: bytes = b"0", change=None) -> bytes:
    """Return the backup with other names, another kind of second member, or another manifest."""
    out = BytesIO()
    with tarfile.open(good) as old:
        for member in old.getmembers():
            data = old.extractfile(member).read()
            if member.name == MANIFEST and change is not None:
                data = msgspec.json.encode(change(msgspec.json.decode(data)))
                member.size = len(data)
            if member.name == VAULT:
                member.type = kind
            member.name = (named or {}).get(member.name, member.name)
            out.write(member.tobuf(tarfile.GNU_FORMAT, "ascii", "strict"))
            out.write(data + backup_file._padding(len(data)))
    return out.getvalue() + bytes(1024)
