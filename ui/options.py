"""The commands' names and options, as argparse reads them.

Knows where each command lives, by name; imports none of them.
"""

import argparse
from datetime import datetime
from pathlib import Path
from typing import NoReturn


class _Parser(argparse.ArgumentParser):
    """A parser that answers wrong use with one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to get help, and exit with 2."""
        self.exit(2, f"{self.prog}: {message}; see '{self.prog} --help'.\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; ``run`` names what is to be called."""
    data = _Parser(add_help=False)
    data.add_argument(
        "--data", metavar="DIR", default=argparse.SUPPRESS, help="data folder (or VIGIL_DATA)"
    )
    data.add_argument(
        "--passphrase-file",
        metavar="F",
        type=Path,
        default=argparse.SUPPRESS,
        help="its first line opens the data folder (else the keyring, else you are asked)",
    )
    data.add_argument(
        "--key-from-stdin",
        action="store_true",
        default=argparse.SUPPRESS,
        help=argparse.SUPPRESS,  # between our own processes: never in arguments or environment
    )
    whole = _Parser(
        prog="vigil",
        parents=[data],
        description="Watch ketamine infusions. Without a command: the desktop. "
        "A secondary display, not a primary alarm device.",
    )
    whole.set_defaults(run="show:desktop")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_init(commands, data)
    _add_demo(commands, data)
    _add_station(commands, data)
    _add_device_commands(commands, data)
    _add_session_commands(commands, data)
    _add_users(commands, data)
    _add_profiles(commands, data)
    _add_key(commands, data)
    _add_backup(commands, data)
    _add_replay(commands, data)
    _add_retention(commands, data)
    _add_bench(commands, data)
    return whole


_Commands = argparse._SubParsersAction


def _add(
    commands: "_Commands[_Parser]",
    data: _Parser,
    name: str,
    run: str,
    text: str,
    *,
    json: bool = False,
) -> _Parser:
    command = commands.add_parser(name, parents=[data], help=text, description=text)
    command.set_defaults(run=run)
    if json:
        command.add_argument("--json", action="store_true", help="one JSON object a line")
    return command


def _add_init(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "set up an encrypted data folder, with a recovery key for the clinic's safe"
    init = _add(commands, data, "init", "init:init", text)
    init.add_argument(
        "--recovery-file",
        type=Path,
        metavar="F",
        help="write the recovery key there instead of showing it",
    )


def _add_demo(commands: "_Commands[_Parser]", data: _Parser) -> None:
    demo = _add(commands, data, "demo", "demo:demo", "a session on simulated devices")
    demo.add_argument("--chairs", type=_count, default=1, metavar="N", help="1 to 8 chairs")
    demo.add_argument("--scenario", default="session", metavar="NAME", help="what happens")
    demo.add_argument("--speed", type=_speed, metavar="X|max", help="times faster than life")
    demo.add_argument("--headless", action="store_true", help="no window; leaves files in --out")
    demo.add_argument("--out", type=Path, default=Path("vigil-demo"), metavar="DIR")


def _add_station(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "the background process alone: devices, alarms, recording"
    station = _add(commands, data, "station", "station:station", text)
    station.add_argument(
        "--until-idle", action="store_true", help="end when no session and no desktop is left"
    )


def _add_device_commands(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "drivers and the serial ports of this computer"
    _add(commands, data, "devices", "device:devices", text, json=True)
    text = "a file of raw device bytes to events"
    decode = _add(commands, data, "decode", "device:decode_file", text, json=True)
    decode.add_argument("driver")
    decode.add_argument("file", help="'-' is standard input")
    text = "the device side of a protocol, for tests and training"
    simulate = _add(commands, data, "simulate", "simulate:simulate", text)
    simulate.add_argument("driver")
    where = simulate.add_mutually_exclusive_group(required=True)
    where.add_argument("--pty", action="store_true", help="on a pseudo-terminal")
    where.add_argument("--tcp", type=int, metavar="PORT", help="on 127.0.0.1; 0 picks a port")
    simulate.add_argument("--scenario", default="session", metavar="NAME")
    simulate.add_argument("--speed", type=_factor, default=1.0, metavar="X")
    simulate.add_argument("--seed", type=int, default=0, metavar="N")
    simulate.add_argument("--replay", type=Path, metavar="FILE", help="play raw bytes instead")
    simulate.add_argument("--anchor", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    simulate.add_argument("--while-exists", type=Path, metavar="PATH", help=argparse.SUPPRESS)


def _add_session_commands(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "one headless session from a port into the database"
    record = _add(commands, data, "record", "record:record", text, json=True)
    record.add_argument("--driver", required=True)
    record.add_argument("--port", required=True, metavar="URL")
    record.add_argument("--minutes", required=True, type=_factor, metavar="M")
    record.add_argument("--profile", type=Path, metavar="FILE", help="alarm profile (TOML)")
    record.add_argument("--speed", type=_factor, default=1.0, metavar="X")
    sessions = _add(commands, data, "sessions", "sessions:sessions", "what is recorded", json=True)
    text = "how many alarms there were, how urgent, how true and how soon answered"
    sessions.add_argument("--alarms", action="store_true", help=text)
    export = _add(commands, data, "export", "sessions:export", "one session out, or everything")
    text = "its id, or the first characters of it; 'all' is the whole record"
    export.add_argument("session", help=text)
    export.add_argument("--to", required=True, choices=("csv", "json"))
    text = "a new file ('-' is standard output), of 'all' a new folder"
    export.add_argument("out", type=Path, metavar="OUT", help=text)
    text = "find any row that was altered with another program"
    verify = _add(commands, data, "verify", "verify:verify", text, json=True)
    verify.add_argument("session", nargs="?", default="", help="the first characters of its id")
    text = "the installation's public key (hexadecimal), to check the signatures with"
    verify.add_argument("--public-key", type=Path, metavar="FILE", help=text)


def _add_replay(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "what alarms in a trace of vitals (CSV), in simulated time"
    replay = _add(commands, data, "replay", "replay:replay", text, json=True)
    text = "seconds, blood pressure, pulse and SpO2: t_s,sys,dia,map,pr,spo2"
    replay.add_argument("trace", type=Path, metavar="TRACE.csv", help=text)
    text = "alarm profile: a file (TOML), or the name of a shipped one"
    replay.add_argument("--profile", metavar="P", help=text)
    text = "else the median of what was measured before second 0; unknown parts stay blank"
    replay.add_argument("--baseline", metavar="SYS/DIA/PR/SPO2", help=text)
    text = "repeat each pulse and SpO2 value every second, for S seconds at most"
    replay.add_argument("--hold", type=_factor, metavar="S", help=text)


def _add_retention(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "patients whose record is older than the clinic keeps it"
    _add(commands, data, "retention", "retention:retention", text, json=True)
    erase = _add(commands, data, "erase", "retention:erase", "delete for good")
    text = "as 'vigil retention' shows it"
    erase.add_argument("patient", nargs="?", default="", metavar="PATIENT-ID", help=text)
    text = "instead: one session of no registered patient"
    erase.add_argument("--session", default="", metavar="ID", help=text)
    text = "why; it stays in the log, so no names"
    erase.add_argument("--reason", required=True, metavar="TEXT", help=text)
    text = "also when the clinic's rule does not say so yet"
    erase.add_argument("--before-due", action="store_true", help=text)
    erase.add_argument("--yes", action="store_true", help="ask nothing")
    erase.add_argument("--by", metavar="ADMIN", help="the administrator who does this")
    text = "the administrator's password (else asked on the terminal)"
    erase.add_argument("--password-file", type=Path, metavar="FILE", help=text)


def _add_backup(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "an encrypted copy of all records, proven by opening it"
    backup = _add(commands, data, "backup", "backup:backup", text, json=True)
    text = "the folder for it (else the one of settings.toml)"
    backup.add_argument("folder", nargs="?", type=Path, metavar="DIR", help=text)
    text = "open and verify a backup that is there already; nothing is restored"
    backup.add_argument("--check", type=Path, metavar="FILE", help=text)
    backup.add_argument("--by-schedule", action="store_true", help=argparse.SUPPRESS)
    text = "a backup into a new data folder, named with --data"
    restore = _add(commands, data, "restore", "restore:restore_backup", text, json=True)
    restore.add_argument("file", type=Path, metavar="FILE", help="a .vigilbackup")
    text = "restore over the records that are there; they are kept aside, never deleted"
    restore.add_argument("--replace", action="store_true", help=text)


def _add_bench(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "the figures of this machine, beside their targets and peers"
    bench = _add(commands, data, "bench", "bench:bench", text, json=True)
    bench.add_argument("name", nargs="*", help="a benchmark; without any, all (see --list)")
    bench.add_argument("--list", action="store_true", help="what there is, and how long it takes")
    bench.add_argument("--quick", action="store_true", help="short forms, in a minute or two")
    text = "measure on the disk of this folder (else the system's temporary one)"
    bench.add_argument("--folder", type=Path, metavar="DIR", help=text)


def _add_users(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "the people who work with Vigil"
    users = _add(commands, data, "users", "people:list_people", text)
    actions = users.add_subparsers(metavar="ACTION", parser_class=_Parser, required=True)
    _add(actions, data, "list", "people:list_people", "all accounts", json=True)
    text = "an account; the first is an administrator's"
    add = _add_users_action(actions, data, "add", "people:add", text)
    add.add_argument("--role", required=True, choices=("nurse", "physician", "administrator"))
    add.add_argument("--full-name", default="", metavar="NAME", help="as it is printed")
    _add_users_action(actions, data, "disable", "people:disable", "close an account")
    text = "a new password, to be changed at the next sign-in"
    _add_users_action(actions, data, "reset-password", "people:reset_password", text)
    text = "change your own password, also one that was given to you"
    _add_users_action(actions, data, "password", "people:password", text, has_by=False)


def _add_profiles(commands: "_Commands[_Parser]", data: _Parser) -> None:
    text = "the alarm profiles in force: who approved them, and what is weak in them"
    profiles = _add(commands, data, "profiles", "profiles:list_profiles", text, json=True)
    actions = profiles.add_subparsers(metavar="ACTION", parser_class=_Parser)
    text = "read a profile file; what is weak in it, and what differs from the one in force"
    check = _add(actions, data, "check", "profiles:check", text, json=True)
    check.add_argument("file", type=Path, metavar="FILE", help="the profile, TOML")
    text = "put a profile file in force for sessions that begin from now on"
    approve = _add(actions, data, "approve", "profiles:approve", text)
    approve.add_argument("file", type=Path, metavar="FILE", help="the profile, TOML")
    approve.add_argument("--reason", required=True, metavar="TEXT", help="why; no patients' names")
    approve.add_argument("--by", metavar="NAME", help="the physician or administrator")
    text = "that person's password (else asked on the terminal)"
    approve.add_argument("--password-file", type=Path, metavar="FILE", help=text)
    text = "also where something in it is weaker than what ships"
    approve.add_argument("--despite-warnings", action="store_true", help=text)
    text = "write a profile into a new file, to begin another version with"
    export = _add(actions, data, "export", "profiles:export", text)
    export.add_argument("name", metavar="NAME", help="its name, or name and version")
    export.add_argument("file", type=Path, metavar="FILE", help="'-' is standard output")


def _add_key(commands: "_Commands[_Parser]", data: _Parser) -> None:
    key = _add(commands, data, "key", "key:public", "the ways into the encrypted data folder")
    actions = key.add_subparsers(metavar="ACTION", parser_class=_Parser, required=True)
    passphrase = _add(actions, data, "passphrase", "key:passphrase", "a new passphrase")
    text = "its first line is the new passphrase (else you are asked)"
    passphrase.add_argument("--new-passphrase-file", metavar="F", type=Path, help=text)
    recovery = _add(actions, data, "recovery", "key:recovery", "a new recovery key")
    text = "write it there instead of showing it"
    recovery.add_argument("--recovery-file", metavar="F", type=Path, help=text)
    text = "let this computer's keyring open the data folder"
    _add(actions, data, "keyring", "key:keyring", text)
    text = "print the public key that checks signatures (vigil verify --public-key)"
    _add(actions, data, "public", "key:public", text)


def _add_users_action(
    actions: "_Commands[_Parser]",
    data: _Parser,
    name: str,
    run: str,
    text: str,
    *,
    has_by: bool = True,
) -> _Parser:
    action = _add(actions, data, name, run, text)
    action.add_argument("name", help="the sign-in name")
    if has_by:
        action.add_argument("--by", metavar="ADMIN", help="the administrator who does this")
    whose = "the administrator's password" if has_by else "the password until now"
    text = f"{whose} (else asked on the terminal)"
    action.add_argument("--password-file", type=Path, metavar="FILE", help=text)
    if name != "disable":
        action.add_argument("--new-password-file", type=Path, metavar="FILE")
    return action


def _factor(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return value


def _speed(text: str) -> float:
    if text == "max":
        return float("inf")
    try:
        return _factor(text)
    except argparse.ArgumentTypeError as cause:
        raise argparse.ArgumentTypeError(f"{cause}, nor 'max'") from cause


def _count(text: str) -> int:
    if text not in {str(n) for n in range(1, 9)}:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 to 8")
    return int(text)
