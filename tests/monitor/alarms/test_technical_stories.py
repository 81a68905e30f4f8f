"""TECH-2, 4, 6, 7, 8 and CLIN-1, 2 of the clinical brief, section 4, told as stories.

Knows the shipped profile and story.py. TECH-3 and TECH-9: test_technical_alarms.py.
"""

import pytest

from monitor.alarms.profile import Profile
from tests.monitor.alarms.story import Story

MISSING = {
    "a value that is 10 s old is not missed, one of 11 s is": """
        0:00 pulse 70
        1:00 pulse gone
        1:09 -> quiet
        1:10 -> TECH-2 low""",
    "after more than 30 s it is worse": """
        0:00 spo2 97
        1:00 spo2 gone
        1:29 -> TECH-2 low
        1:30 -> TECH-2 medium""",
    "the first new value ends it": """
        0:00 spo2 97
        1:00 spo2 gone
        2:00 -> TECH-2 medium
        2:01 spo2 97 -> quiet""",
    "one vital that goes on does not stand in for another": """
        0:00 spo2 97; pulse 70
        1:00 spo2 gone
        1:10 -> TECH-2 low""",
    "what was never measured is not missed": "0:00 pulse 70\n 5:00 -> quiet",
    "it waits for the cuff for a minute": """
        0:00 spo2 97
        1:00 spo2 gone; cuff measuring
        2:00 -> quiet
        2:01 -> TECH-2 medium""",
    "the reading ends the wait for the cuff": """
        0:00 spo2 97
        1:00 spo2 gone; cuff measuring
        1:20 -> quiet
        1:21 cuff 120/80 -> TECH-2 low""",
    "a cuff that begins later ends no alarm": """
        0:00 spo2 97
        1:00 spo2 gone
        1:10 -> TECH-2 low
        1:11 cuff measuring -> TECH-2 low""",
    "a restart in the delay goes on counting": """
        0:00 spo2 97
        1:00 spo2 gone
        1:05 restart
        1:09 -> quiet
        1:10 -> TECH-2 low""",
    "a restart ends nothing": """
        0:00 spo2 97
        1:00 spo2 gone
        1:10 -> TECH-2 low
        1:15 restart -> TECH-2 low
        1:30 -> TECH-2 medium""",
}

INVALID = {
    "a sensor that is off for 10 s is told, for 30 s it is worse": """
        0:00 spo2 97
        1:00 spo2 off
        1:09 -> quiet
        1:10 -> TECH-7 low
        1:29 -> TECH-7 low
        1:30 -> TECH-7 medium""",
    "one valid value begins the delay anew": """
        0:00 spo2 97
        1:00 spo2 off
        1:08 spo2 97
        1:09 spo2 off
        1:18 -> quiet
        1:19 -> TECH-7 low""",
    "the first valid value ends it": """
        0:00 spo2 97
        1:00 spo2 off
        1:40 -> TECH-7 medium
        1:41 spo2 97 -> quiet""",
    "it waits for the cuff for a minute": """
        0:00 spo2 97
        1:00 spo2 off; cuff measuring
        2:00 -> quiet
        2:01 -> TECH-7 medium""",
    "a restart in the delay goes on counting": """
        0:00 spo2 97
        1:00 spo2 off
        1:05 restart
        1:09 -> quiet
        1:10 -> TECH-7 low""",
}

OVERDUE = {
    "at 2 min over the interval of 5 nothing happens, a second later it does": """
        1:00 cuff 120/80
        8:00 -> quiet
        8:01 -> TECH-4 low""",
    "at 1 min over two intervals it becomes worse": """
        1:00 cuff 120/80
        12:00 -> TECH-4 low
        12:01 -> TECH-4 medium""",
    "a new reading ends it": """
        1:00 cuff 120/80
        13:00 -> TECH-4 medium
        13:01 cuff 120/80 -> quiet
        20:01 -> quiet
        20:02 -> TECH-4 low""",
    "without any reading it counts from the opening": """
        7:00 -> quiet
        7:01 -> TECH-4 low""",
    "a restart in the middle goes on counting": """
        1:00 cuff 120/80
        5:00 restart
        8:00 -> quiet
        8:01 -> TECH-4 low""",
}

FAILED = {
    "the first failure is a prompt, the second in a row is worse": """
        5:00 cuff failed -> TECH-6 low
        7:00 cuff failed -> TECH-6 medium""",
    "two messages within 15 s are of one inflation": """
        5:00 cuff failed
        5:14 cuff failed -> TECH-6 low""",
    "a reading ends it, and the next failure is a first one": """
        5:00 cuff failed
        7:00 cuff failed -> TECH-6 medium
        8:00 cuff 120/80 -> quiet
        9:00 cuff failed -> TECH-6 low""",
    "an inflation that begins ends nothing": """
        5:00 cuff failed
        6:00 cuff measuring -> TECH-6 low""",
    "a restart forgets no failure": """
        5:00 cuff failed
        6:00 restart -> TECH-6 low
        7:00 cuff failed -> TECH-6 medium""",
    "an overdue reading covers a failure of lower priority": """
        1:00 cuff 120/80
        6:00 cuff failed -> TECH-6 low
        12:01 -> TECH-4 medium
        12:02 cuff 120/80 -> quiet""",
}

CLOCK = {
    "60 s off is no matter": "1:00 clock 60 -> quiet",
    "61 s ahead is": "1:00 clock 61 -> TECH-8 low",
    "61 s behind is": "1:00 clock -61 -> TECH-8 low",
    "set right it ends": """
        1:00 clock 3600 -> TECH-8 low
        2:00 clock 1 -> quiet""",
    "a device that tells no time has none that is wrong": "5:00 -> quiet",
    "a restart ends nothing": """
        1:00 clock 61 -> TECH-8 low
        2:00 restart -> TECH-8 low""",
}

SEDATION = {
    "at 4 nothing happens": "5:00 scale MOAA/S 4 -> quiet",
    "at 3 it sounds at once": "5:00 scale MOAA/S 3 -> CLIN-1 medium",
    "at 2 as well": "5:00 scale MOAA/S 2 -> CLIN-1 medium",
    "at 1 it is worse": "5:00 scale MOAA/S 1 -> CLIN-1 high",
    "only 4 or more ends it": """
        5:00 scale MOAA/S 3 -> CLIN-1 medium
        10:00 scale MOAA/S 3 -> CLIN-1 medium
        15:00 scale MOAA/S 4 -> quiet""",
    "once worse it does not become milder before it ends": """
        5:00 scale MOAA/S 1 -> CLIN-1 high
        10:00 scale MOAA/S 3 -> CLIN-1 high
        15:00 scale MOAA/S 4 -> quiet""",
    "another scale is no matter": "5:00 scale Dissociation 0 -> quiet",
    "a restart ends nothing": """
        5:00 scale MOAA/S 3
        6:00 restart -> CLIN-1 medium""",
}

DUE = {
    "5 min after the quarter of an hour it is late": """
        0:00 infusion
        20:00 -> quiet
        20:01 -> CLIN-2 low""",
    "both scales must be entered": """
        0:00 infusion
        20:01 -> CLIN-2 low
        20:02 scale MOAA/S 5 -> CLIN-2 low
        20:03 scale Dissociation 4 -> quiet
        40:02 -> quiet
        40:03 -> CLIN-2 low""",
    "before the infusion nothing is due": "60:00 -> quiet",
    "a rating before the infusion does not count for its first quarter": """
        0:00 scale MOAA/S 5; scale Dissociation 4
        10:00 infusion
        30:00 -> quiet
        30:01 -> CLIN-2 low""",
    "a restart in the middle goes on counting": """
        0:00 infusion
        10:00 restart
        20:00 -> quiet
        20:01 -> CLIN-2 low""",
}

STORIES = {
    f"{rules}: {title}": (rules.split(), step_s, lines)
    for rules, step_s, stories in (
        ("TECH-2", 1, MISSING),
        ("TECH-7", 1, INVALID),
        ("TECH-4", 10, OVERDUE),
        ("TECH-4 TECH-6", 10, FAILED),
        ("TECH-8", 10, CLOCK),
        ("CLIN-1", 10, SEDATION),
        ("CLIN-2", 10, DUE),
    )
    for title, lines in stories.items()
}


@pytest.mark.parametrize(("watched", "step_s", "lines"), STORIES.values(), ids=STORIES)
def test_the_technical_story_goes_as_the_table_says(
    profile: Profile, watched: list[str], step_s: int, lines: str
) -> None:
    Story(profile, watched, step_s).play(lines)


def test_a_dead_line_is_one_alarm_not_three(profile: Profile) -> None:
    Story(profile, ["TECH"]).play("""
        0:00 spo2 97; pulse 70
        1:00 line dead
        1:04 -> quiet
        1:05 -> TECH-3 low
        1:15 -> TECH-3 medium
        2:00 -> TECH-3 medium
        2:01 line live -> TECH-3 medium
        2:03 -> quiet""")
