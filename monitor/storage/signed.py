"""The database opened to log something in it, with the installation's signature under every row.

Knows that the vault lies beside it. Must not make keys: that is for the process that holds the
data folder (signing.obtain_signer).
"""

import contextlib
from pathlib import Path

from monitor.errors import OperatorError
from monitor.storage.database import Database, open_database
from monitor.storage.heads import Signer, sealing
from monitor.storage.keys import DataKey
from monitor.storage.signing import LateSigner, signer_from
from monitor.storage.vault import FILE_NAME, SigningKey, read_vault


def open_signed(path: Path, key: DataKey) -> Database:
    """Open the database to write; each transaction that logs something is signed.

    Where the signing key cannot be had the rows are written all the same: the next head vouches
    for them, and until then ``vigil verify`` counts them. Raises OperatorError as open_database.
    """
    signer = signer_at_hand(path.parent / FILE_NAME, key)
    return open_database(path, key, before_commit=None if signer is None else sealing(signer))


def signer_at_hand(vault_file: Path, key: DataKey) -> Signer | None:
    """Return the signer of the key in the vault; None where there is none, or no vault.

    A keyring that does not answer is waited for here, not while the database is locked.
    """
    signing: tuple[SigningKey, ...] = ()
    with contextlib.suppress(OperatorError):
        signing = tuple(read_vault(vault_file).signing)
    if not signing:
        return None
    signer = LateSigner(lambda: signer_from(key, signing[-1]))
    with contextlib.suppress(OperatorError):  # said when something is to be signed
        _ = signer.public_key
    return signer
