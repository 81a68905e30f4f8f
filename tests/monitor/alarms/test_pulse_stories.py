"""The HR rows of the clinical brief, section 4, told as stories: a pulse value each second.

Knows the shipped profile and story.py.
"""

import pytest

from monitor.alarms.profile import Profile
from tests.monitor.alarms.story import Story

H1 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 pulse 121
        0:09 -> quiet
        0:10 pulse gone
        0:15 -> quiet
        0:16 pulse 121 -> HR-H1 medium""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 pulse 121
        0:11 pulse gone
        0:15 -> HR-H1 medium""",
    "at 120 nothing happens": "0:00 pulse 120\n 2:00 -> quiet",
    "just above 120 it sounds after 15 s": """
        0:00 pulse 121
        0:14 -> quiet
        0:15 -> HR-H1 medium""",
    "one value at the limit begins the delay anew": """
        0:00 pulse 121
        0:10 pulse 120
        0:11 pulse 121
        0:25 -> quiet
        0:26 -> HR-H1 medium""",
    "10 s below 115 end it": """
        0:00 pulse 121
        0:20 pulse 114
        0:29 -> HR-H1 medium
        0:30 -> quiet""",
    "at 115 it goes on": """
        0:00 pulse 121
        0:20 pulse 115
        2:00 -> HR-H1 medium""",
    "one value in the band begins the calm anew": """
        0:00 pulse 121
        0:20 pulse 114
        0:25 pulse 115
        0:26 pulse 114
        0:35 -> HR-H1 medium
        0:36 -> quiet""",
    "a gap in the delay neither starts nor resets it": """
        0:00 pulse 121
        0:05 pulse gone
        0:30 -> quiet
        0:31 pulse 121 -> HR-H1 medium""",
    "a gap in the alarm ends nothing": """
        0:00 pulse 121
        0:20 pulse gone
        5:00 -> HR-H1 medium
        5:01 pulse 100
        5:10 -> HR-H1 medium
        5:11 -> quiet""",
    "a gap in the calm begins it anew": """
        0:00 pulse 121
        0:20 pulse 100
        0:22 pulse gone
        0:40 pulse 100
        0:49 -> HR-H1 medium
        0:50 -> quiet""",
    "an invalid pulse neither starts nor ends": """
        0:00 pulse 121
        0:10 pulse off
        0:20 -> quiet
        0:21 pulse 121 -> HR-H1 medium
        0:22 pulse off
        2:00 -> HR-H1 medium""",
    "a restart in the delay goes on counting": """
        0:00 pulse 121
        0:10 restart
        0:14 -> quiet
        0:15 -> HR-H1 medium""",
    "a restart in the alarm ends nothing": """
        0:00 pulse 121
        0:20 restart -> HR-H1 medium
        0:21 pulse 114
        0:30 -> HR-H1 medium
        0:31 -> quiet""",
    "over, seen and back it sounds after its delay again": """
        0:00 pulse 121
        0:20 pulse 100
        0:30 -> quiet
        0:31 acknowledge HR-H1; pulse 121
        0:45 -> quiet
        0:46 -> HR-H1 medium""",
}

H2 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 pulse 141
        0:04 -> quiet
        0:05 pulse gone
        0:10 -> quiet
        0:11 pulse 141 -> HR-H2 high""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 pulse 141
        0:06 pulse gone
        0:10 -> HR-H2 high""",
    "at 140 it is only H1": "0:00 pulse 140\n 2:00 -> HR-H1 medium",
    "just above 140 it sounds after 10 s, before H1": """
        0:00 pulse 141
        0:09 -> quiet
        0:10 -> HR-H2 high
        0:30 -> HR-H2 high""",
    "at 135 it goes on": """
        0:00 pulse 141
        0:15 pulse 135
        1:00 -> HR-H2 high""",
    "10 s below 135 end it, and H1 that it covered is shown": """
        0:00 pulse 141
        0:15 pulse 134
        0:24 -> HR-H2 high
        0:25 -> HR-H1 medium""",
    "calm at once both end together": """
        0:00 pulse 141
        0:20 pulse 80
        0:29 -> HR-H2 high
        0:30 -> quiet""",
    "a gap ends nothing": """
        0:00 pulse 141
        0:10 pulse gone
        3:00 -> HR-H2 high""",
    "a restart ends nothing": """
        0:00 pulse 141
        0:12 restart -> HR-H2 high
        0:20 pulse 80
        0:30 -> quiet""",
}

R = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 baseline 125/78/70/98; pulse 100
        0:54 -> quiet
        0:55 pulse gone
        1:00 -> quiet
        1:01 pulse 100 -> HR-R low""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 baseline 125/78/70/98; pulse 100
        0:56 pulse gone
        1:00 -> HR-R low""",
    "just below 30 over the baseline nothing happens": """
        0:00 baseline 125/78/70/98; pulse 99
        3:00 -> quiet""",
    "30 over the baseline is a notice after 60 s": """
        0:00 baseline 125/78/70/98; pulse 100
        0:59 -> quiet
        1:00 -> HR-R low""",
    "one value below begins the delay anew": """
        0:00 baseline 125/78/70/98; pulse 100
        0:50 pulse 99
        0:51 pulse 100
        1:50 -> quiet
        1:51 -> HR-R low""",
    "at 25 over it goes on, below that it ends": """
        0:00 baseline 125/78/70/98; pulse 100
        1:10 pulse 95 -> HR-R low
        1:20 pulse 94 -> quiet""",
    "without a baseline it is off": "0:00 pulse 110\n 3:00 -> quiet",
    "H1 covers it": """
        0:00 baseline 125/78/70/98; pulse 125
        0:20 -> HR-H1 medium
        1:10 -> HR-H1 medium
        1:11 pulse 110
        1:20 -> HR-H1 medium
        1:21 -> HR-R low""",
    "a gap ends nothing": """
        0:00 baseline 125/78/70/98; pulse 100
        1:00 pulse gone
        3:00 -> HR-R low""",
    "a restart in the delay goes on counting": """
        0:00 baseline 125/78/70/98; pulse 100
        0:30 restart
        0:59 -> quiet
        1:00 -> HR-R low""",
}

L1 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 pulse 49
        0:09 -> quiet
        0:10 pulse gone
        0:15 -> quiet
        0:16 pulse 49 -> HR-L1 medium""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 pulse 49
        0:11 pulse gone
        0:15 -> HR-L1 medium""",
    "at 50 nothing happens": "0:00 pulse 50\n 2:00 -> quiet",
    "just below 50 it sounds after 15 s": """
        0:00 pulse 49
        0:14 -> quiet
        0:15 -> HR-L1 medium""",
    "at 53 it goes on, above it ends": """
        0:00 pulse 49
        0:20 pulse 53
        1:00 -> HR-L1 medium
        1:01 pulse 54 -> quiet""",
    "a baseline of 60 changes nothing": """
        0:00 baseline 125/78/60/98; pulse 49
        0:15 -> HR-L1 medium
        0:20 pulse 53
        1:00 -> HR-L1 medium
        1:01 pulse 54 -> quiet""",
    "a baseline below 60 lowers the limit by as much": """
        0:00 baseline 125/78/59/98; pulse 44
        2:00 -> quiet
        2:01 pulse 43
        2:15 -> quiet
        2:16 -> HR-L1 medium
        2:20 pulse 47
        3:00 -> HR-L1 medium
        3:01 pulse 48 -> quiet""",
    "a gap ends nothing": """
        0:00 pulse 49
        0:15 pulse gone
        3:00 -> HR-L1 medium""",
    "a restart in the delay goes on counting": """
        0:00 pulse 49
        0:08 restart
        0:14 -> quiet
        0:15 -> HR-L1 medium""",
}

L2 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 pulse 39
        0:04 -> quiet
        0:05 pulse gone
        0:10 -> quiet
        0:11 pulse 39 -> HR-L2 high""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 pulse 39
        0:06 pulse gone
        0:10 -> HR-L2 high""",
    "at 40 it is only L1": "0:00 pulse 40\n 2:00 -> HR-L1 medium",
    "just below 40 it sounds after 10 s": """
        0:00 pulse 39
        0:09 -> quiet
        0:10 -> HR-L2 high""",
    "at 45 it goes on, above it ends and L1 is shown": """
        0:00 pulse 39
        0:20 pulse 45
        1:00 -> HR-L2 high
        1:01 pulse 46 -> HR-L1 medium
        1:05 pulse 60 -> quiet""",
    "a gap ends nothing": """
        0:00 pulse 39
        0:10 pulse gone
        3:00 -> HR-L2 high""",
    "a restart ends nothing": """
        0:00 pulse 39
        0:12 restart -> HR-L2 high
        0:20 pulse 60 -> quiet""",
}

STORIES = {
    f"{rule}: {title}": lines
    for rule, stories in {"HR-H1": H1, "HR-H2": H2, "HR-R": R, "HR-L1": L1, "HR-L2": L2}.items()
    for title, lines in stories.items()
}


@pytest.mark.parametrize("lines", STORIES.values(), ids=STORIES)
def test_the_pulse_story_goes_as_the_table_says(profile: Profile, lines: str) -> None:
    Story(profile, watched=["HR"]).play(lines)
