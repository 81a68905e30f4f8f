"""``vigil verify``: has any row been altered with another program?

Composes verification with the terminal. Must not import Qt.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from monitor.errors import OperatorError
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.any_version import open_to_look
from monitor.storage.chain_check import Break, Flaw
from monitor.storage.keys import DataKey
from monitor.storage.signing import signer_from, spelled_code
from monitor.storage.vault import FILE_NAME, SigningKey, read_vault
from monitor.storage.verify import Verdict
from monitor.storage.verify import verify as verify_database
from ui.cli import data_folder
from ui.keys import find_key
from ui.voice import note, tell, tell_apart, tell_json

KEY_BYTES = 32
UNCHECKED = (
    "NOT CHECKED: the signatures, because no public key is known here; name it with --public-key. "
    "Without them a record that somebody made anew looks like the true one."
)

UNSIGNED = (
    "whoever has the key of the database could have written them. They were logged while the "
    "signing key could not be had, or by another program; the next signature vouches for them."
)


def verify(options: argparse.Namespace) -> int:
    """Recompute all chains and signatures; exit 1 and name the first broken row if there is one.

    Signatures that could not be checked for want of a public key are no good answer either.
    """
    if options.session.lower().endswith(".pdf"):
        raise OperatorError("Reports cannot be verified yet", "name a session instead")
    folder = open_data_folder(data_folder(options))
    if not folder.database.exists():
        raise OperatorError(
            f"No session is recorded in {folder.path}", "name the right folder with --data"
        )
    key = find_key(folder, options)
    seal = _seal(folder, key, options.public_key)
    began = time.perf_counter()
    with (
        open_to_look(folder.database, key, tell_apart, is_judged=True) as database,
        tqdm(desc="verifying", unit=" sessions", file=sys.stderr, disable=None) as bar,
    ):

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        verdict = verify_database(database, options.session, seal.public_keys, show)
    rows_per_s = verdict.rows / max(time.perf_counter() - began, 1e-9)
    (_tell_facts if options.json else _tell)(verdict, rows_per_s)
    _tell_of_seal(seal, verdict, as_json=options.json)
    return 0 if _is_good(verdict) else 1


def _is_good(verdict: Verdict) -> bool:
    """Whether nothing was found, and nothing that should have been checked was not."""
    return verdict.is_intact and not _is_unchecked(verdict)


def _is_unchecked(verdict: Verdict) -> bool:
    return verdict.is_to_be_signed and not verdict.are_signatures_checked


@dataclass(frozen=True, slots=True)
class _Seal:
    """The keys that check the signatures, and why nothing is signed here from now on, or ""."""

    public_keys: tuple[bytes, ...]
    is_of_vault: bool = False
    gone: str = ""


def _seal(folder: DataFolder, key: DataKey, named: Path | None) -> _Seal:
    """Return the key that was named, else those of the vault."""
    if named is not None:
        return _Seal((_public_key(named),))
    try:
        signing = read_vault(folder.path / FILE_NAME).signing
    except OperatorError:  # the key came another way
        return _Seal(())
    return _Seal(tuple(one.public for one in signing), True, _why_gone(key, signing))


def _why_gone(key: DataKey, signing: Sequence[SigningKey]) -> str:
    if not signing:
        return "There is no signing key yet: the next start of a station makes one"
    try:
        signer_from(key, signing[-1])
    except OperatorError as fault:
        return str(fault)
    return ""


def _tell_of_seal(seal: _Seal, verdict: Verdict, *, as_json: bool) -> None:
    codes = " and ".join(map(spelled_code, seal.public_keys))
    if codes and seal.is_of_vault and not as_json:
        note(f"vigil: signed with {codes}, says the vault: compare that with the code on paper.")
    if any(one.table == "signed_head" and one.flaw is Flaw.REMOVED for one in verdict.breaks):
        note(
            "vigil: what was recorded while the signing key could not be had is not signed either; "
            "the next start of a station signs it."
        )
    if seal.gone:
        note(f"vigil: {seal.gone}.")


def _public_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise OperatorError(
            f"The file {file} holds no public key", "name one with 64 hexadecimal digits"
        )
    return key


def _tell(verdict: Verdict, rows_per_s: float) -> None:
    for one in verdict.breaks:
        tell(_sentence(one))
    if _is_unchecked(verdict):
        tell(UNCHECKED)
    number, chain = verdict.log_end
    if verdict.is_intact:
        begins = "As far as was checked, nothing" if _is_unchecked(verdict) else "Nothing"
        tell(
            f"{begins} was altered: {verdict.rows} rows of {verdict.sessions} sessions, "
            f"{verdict.audit_rows} audit rows, {verdict.heads} signed heads "
            f"({rows_per_s:,.0f} rows/s)."
        )
        tell(f"The log ends with row {number}: {chain}")
    if verdict.heads and verdict.unsigned_rows:
        tell(f"NOT SIGNED: the last {verdict.unsigned_rows} rows of the log; {UNSIGNED}")
    if not verdict.are_signatures_checked and not verdict.is_to_be_signed:
        note("vigil: this record was never signed; the next station to record in it signs it.")


def _sentence(one: Break) -> str:
    where = [f"table {one.table}"] if one.table else []
    where += [f"session {_printable(one.session_id)}"] if one.session_id else []
    where += [f"row {_printable(one.seq)}"] if one.seq is not None else []
    return f"ALTERED: {', '.join(where)}: {one.flaw} ({one.why})."


def _printable(found: object) -> str:
    """Return what stands in an altered row, which may be anything, as text for a terminal."""
    text = str(found)
    return text if text.isprintable() else ascii(text)


def _tell_facts(verdict: Verdict, rows_per_s: float) -> None:
    for one in verdict.breaks:
        tell_json(
            {
                "kind": "break",
                "table": one.table or None,
                "session": _printable(one.session_id) or None,
                "seq": one.seq if isinstance(one.seq, int | None) else _printable(one.seq),
                "flaw": one.flaw.value,
                "why": one.why,
            }
        )
    number, chain = verdict.log_end
    tell_json(
        {
            "kind": "summary",
            "intact": _is_good(verdict),
            "sessions": verdict.sessions,
            "rows": verdict.rows,
            "audit_rows": verdict.audit_rows,
            "signed_heads": verdict.heads,
            "signatures_due": verdict.is_to_be_signed,
            "signatures_checked": verdict.are_signatures_checked,
            "unsigned_audit_rows": verdict.unsigned_rows,
            "log_end": {"number": number, "chain": chain},
            "rows_per_s": round(rows_per_s),
        }
    )
