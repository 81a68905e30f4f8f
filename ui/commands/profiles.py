"""``vigil profiles``: which alarm profiles are in force; check, approve and export one.

Composes the register of approved profiles with the terminal. Must not import Qt.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.accounts.permissions import Action
from monitor.alarms.approval import Approved, fingerprint, key_of, proposed, refuse_older
from monitor.alarms.profile import SHIPPED, Profile, parse_profile, profile_text
from monitor.alarms.profile_choice import Choice, choose
from monitor.alarms.profile_diff import differences
from monitor.alarms.profile_warnings import warnings_of
from monitor.clock import Instant, SystemClock
from monitor.errors import OperatorError
from monitor.profile_folder import folder_faults
from monitor.settings import DataFolder, open_data_folder
from monitor.storage.any_version import open_to_look
from monitor.storage.keys import DataKey
from monitor.storage.profiles import InForce, ProfileRegister
from monitor.storage.signed import open_signed
from resources import path_to
from ui.cli import data_folder
from ui.commands.people import Desk
from ui.keys import find_key
from ui.voice import note, table, tell, tell_apart, tell_bytes, tell_json

STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Known:
    """What a data folder knows of profiles: what is in force, and every version ever approved."""

    in_force: InForce
    history: tuple[Approved, ...]
    choice: Choice

    def approval_of(self, profile: Profile) -> Approved | None:
        """Return who put a profile in force; None for one that ships."""
        found = (one for one in self.history if one.title == profile.title)
        return next((one for one in found if one.text in self.in_force.texts), None)


def list_profiles(options: argparse.Namespace) -> int:
    """List the profiles in force, the clinic's standard first, and say what is wrong."""
    folder = open_data_folder(data_folder(options))
    known = _known(folder, options)
    if options.json:
        for profile in known.choice.all:
            tell_json(_fact(profile, known))
    else:
        head = ("profile", "state", "approved by", "approved (UTC)", "reason")
        table(head, [_line(profile, known) for profile in known.choice.all])
        for profile in known.choice.all:
            _note_warnings(profile)
    for fault in (*known.choice.faults, *_folder_faults(folder, known)):
        note(f"vigil: {fault}.")
    return 0


def check(options: argparse.Namespace) -> int:
    """Read a file; say what is weak in it, and what differs from the profile in force."""
    profile = proposed(profile_text(options.file), options.file.name)
    known = _known(open_data_folder(data_folder(options)), options)
    if options.json:
        other = _compared_with(profile, known)
        tell_json(
            {
                "profile": profile.title,
                "warnings": warnings_of(profile),
                "compared_with": other.title,
                "differences": differences(other, profile),
            }
        )
    else:
        _tell_differences(profile, known)
        _note_warnings(profile)
    if refusal := _refusal(profile, known):
        note(f"vigil: it cannot be approved as it is: {refusal}.")
    return 0


def approve(options: argparse.Namespace) -> int:
    """Put a file in force, by the password of somebody who may."""
    text, source = profile_text(options.file), options.file.name
    profile = proposed(text, source)
    folder = open_data_folder(data_folder(options))
    _require_record(folder)
    key = find_key(folder, options)
    _tell_differences(profile, _known_with(folder, key))
    _refuse_weak(profile, despite=options.despite_warnings)
    with open_signed(folder.database, key) as database:
        register = ProfileRegister(database)
        refuse_older(profile, _latest(register.history()))
        by = Desk(database, options).who_may(Action.EDIT_PROFILE)
        done = register.approve(text, source, by, options.reason, _now())
    note(f"vigil: {done.title} is in force for sessions that begin from now on.")
    note("vigil: a station that runs takes it within a minute; running sessions keep theirs.")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a profile into a new file, to begin another version with; shipped ones with reasons."""
    known = _known(open_data_folder(data_folder(options)), options)
    text = _text_named(options.name, known)
    if options.file == STANDARD_OUTPUT:
        tell_bytes(text.encode())
        return 0
    try:
        with options.file.open("xb") as stream:
            stream.write(text.encode())
    except FileExistsError as cause:
        raise OperatorError(f"There is a file {options.file} already", "name a new one") from cause
    except OSError as cause:
        raise OperatorError(
            f"The file {options.file} cannot be written ({cause.strerror})", "choose another place"
        ) from cause
    note(f"vigil: wrote {options.file}; give it another version before it is approved.")
    return 0


# ---- what there is


def _known(folder: DataFolder, options: argparse.Namespace) -> Known:
    """Return what a folder knows; of one without a record the profiles that ship, for anybody."""
    return _known_with(folder, find_key(folder, options) if folder.database.exists() else None)


def _known_with(folder: DataFolder, key: DataKey | None) -> Known:
    in_force = InForce()
    history: tuple[Approved, ...] = ()
    if key is not None:
        with open_to_look(folder.database, key, tell_apart) as database:
            register = ProfileRegister(database)
            in_force, history = register.in_force(), register.history()
    wanted = folder.settings.alarms.profile
    return Known(in_force, history, choose(in_force.profiles, wanted, in_force.faults))


def _folder_faults(folder: DataFolder, known: Known) -> tuple[str, ...]:
    return folder_faults(folder.path, known.choice, known.in_force.texts)


def _require_record(folder: DataFolder) -> None:
    if not folder.database.exists():
        raise OperatorError(
            f"There is no record in {folder.path}, and nobody who may approve",
            "start Vigil once, and add a physician or an administrator",
        )


def _latest(history: Sequence[Approved]) -> dict[str, int]:
    return {one.name: one.version for one in history}


def _refusal(profile: Profile, known: Known) -> str:
    try:
        refuse_older(profile, _latest(known.history))
    except OperatorError as refusal:
        return str(refusal)
    return ""


def _text_named(name: str, known: Known) -> str:
    """Return the text of a profile by name, or by name and version. Raises OperatorError."""
    wanted = key_of(name)
    approved = [one for one in known.history if one.text in known.in_force.texts]
    for one in reversed(approved):
        if wanted in (key_of(one.name), key_of(one.title)):
            return one.text
    for text in _shipped_texts():
        profile = parse_profile(text, "shipped")
        if wanted in (key_of(profile.name), key_of(profile.title)):
            return text
    there = ", ".join(one.name for one in known.choice.all)
    raise OperatorError(f"There is no alarm profile '{name[:80]}'", f"name one of {there}")


def _shipped_texts() -> Iterator[str]:
    for name in SHIPPED:
        yield path_to(f"defaults/{name}.toml").read_text(encoding="utf-8")


def _refuse_weak(profile: Profile, *, despite: bool) -> None:
    """Raise OperatorError for a profile with warnings, unless somebody knows of them."""
    _note_warnings(profile)
    count = len(warnings_of(profile))
    if count and not despite:
        raise OperatorError(
            f"{profile.title} has {count} warning{'s' if count > 1 else ''} and was not approved",
            "mend it, or add --despite-warnings",
        )


def _compared_with(profile: Profile, known: Known) -> Profile:
    return known.choice.named(profile.name) or known.choice.standard


# ---- words


def _tell_differences(profile: Profile, known: Known) -> None:
    other = _compared_with(profile, known)
    tell(f"{profile.title} beside {other.title}, which is in force:")
    for line in differences(other, profile) or ("no difference",):
        tell(f"  {line}")


def _note_warnings(profile: Profile) -> None:
    for warning in warnings_of(profile):
        note(f"vigil: {profile.title}: {warning}.")


def _line(profile: Profile, known: Known) -> tuple[str, ...]:
    state = "standard" if profile == known.choice.standard else "in force"
    by = known.approval_of(profile)
    if by is None:
        return (profile.title, state, "shipped with Vigil", "", "")
    return (profile.title, state, by.approved_by, f"{by.at:%Y-%m-%d %H:%M}", by.reason)


def _fact(profile: Profile, known: Known) -> dict[str, Any]:
    by = known.approval_of(profile)
    return {
        "profile": profile.name,
        "version": profile.version,
        "is_standard": profile == known.choice.standard,
        "for_whom": profile.for_whom,
        "approved": None if by is None else _approval(by),
        "warnings": warnings_of(profile),
        "history": [_approval(one) for one in known.history if one.name == profile.name],
    }


def _approval(one: Approved) -> dict[str, Any]:
    return {
        "version": one.version,
        "by": one.approved_by,
        "at_utc": one.at,
        "reason": one.reason,
        "sha256": fingerprint(one.text),
    }


def _now() -> Instant:
    return SystemClock().now()
