"""The age of the newest backup in words: said only when it is too old.

Knows the limit of issue 3. Must not know Qt, nor where backups are.
"""

from monitor.channel_messages import BackupState

TOO_OLD_S = 48 * 3600.0
_DAY_S = 86_400


def backup_text(state: BackupState | None) -> str:
    """Return what stands in red on the screen, or "" while there is nothing to say.

    None: no backups are scheduled, which the settings tell of, or the station was not heard yet.
    """
    if state is None or (state.age_s is not None and state.age_s <= TOO_OLD_S):
        return ""
    age = "NO BACKUP" if state.age_s is None else f"BACKUP {int(state.age_s // _DAY_S)} days old"
    return f"{age} - {state.fault}" if state.fault else age
