"""A clinic that approves alarm profiles: texts, people, and a register on a database, for tests."""

from datetime import UTC, datetime

from monitor.accounts.people import Actor, Role
from monitor.alarms.approval import Approved
from monitor.clock import Instant
from monitor.storage.database import Database
from monitor.storage.profiles import ProfileRegister

AT = Instant(0.0, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
PHYSICIAN = Actor("u-1", "Dr. Weber", Role.PHYSICIAN)
NURSE = Actor("u-2", "Ben", Role.NURSE)
HR_H1 = """
[[rule]]
id = "HR-H1"
group = "pulse"
kind = "value_limit"
when = ["pulse_rate > {above} /min"]
clears = ["pulse_rate < {clear} /min"]
clear_for_s = 10
stale_after_s = 5
latch = "visual"
tiers = [{{ priority = "medium", delay_s = 15 }}]
"""


def site(version: int = 2, above: int = 125, name: str = "Ketamine IV") -> str:
    """Return a site's profile, as shipped but for the pulse from which HR-H1 alarms."""
    head = f'based_on = "ketamine_iv_v1"\nname = "{name}"\nversion = {version}\n'
    rule = HR_H1.format(above=above, clear=above - 5)
    return f'{head}for_whom = "Adults of this site"\n{rule}'


def approve(database: Database, text: str, by: Actor = PHYSICIAN) -> Approved:
    """Approve a text as the site's physician does."""
    return ProfileRegister(database).approve(text, "site.toml", by, "agreed by the board", AT)
