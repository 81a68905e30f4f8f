"""The O2 rows of the clinical brief, section 4, told as stories: an SpO2 value each second.

Knows the shipped profile and story.py.
"""

import pytest

from monitor.alarms.profile import Profile
from tests.monitor.alarms.story import Story

O2_0 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 spo2 93
        0:24 -> quiet
        0:25 spo2 gone
        0:30 -> quiet
        0:31 spo2 93 -> O2-0 low""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 spo2 93
        0:26 spo2 gone
        0:30 -> O2-0 low""",
    "at 94 nothing happens": "0:00 spo2 94\n 2:00 -> quiet",
    "just below 94 it is a notice after 30 s": """
        0:00 spo2 93
        0:29 -> quiet
        0:30 -> O2-0 low""",
    "4 below the baseline counts as well": """
        0:00 baseline 125/78/70/100; spo2 96
        0:29 -> quiet
        0:30 -> O2-0 low""",
    "3 below the baseline does not": """
        0:00 baseline 125/78/70/100; spo2 97
        2:00 -> quiet""",
    "at 95 it ends at once": """
        0:00 spo2 93
        0:30 -> O2-0 low
        0:40 spo2 94
        1:00 -> O2-0 low
        1:01 spo2 95 -> quiet""",
    "with a baseline of 100 it ends at 97": """
        0:00 baseline 125/78/70/100; spo2 93
        0:40 spo2 96
        1:00 -> O2-0 low
        1:01 spo2 97 -> quiet""",
    "one value at the limit begins the delay anew": """
        0:00 spo2 93
        0:20 spo2 94
        0:21 spo2 93
        0:50 -> quiet
        0:51 -> O2-0 low""",
    "a gap in the delay neither starts nor resets it": """
        0:00 spo2 93
        0:10 spo2 gone
        0:50 -> quiet
        0:51 spo2 93 -> O2-0 low""",
    "a gap in the notice ends nothing": """
        0:00 spo2 93
        0:30 spo2 gone
        3:00 -> O2-0 low""",
    "a restart in the delay goes on counting": """
        0:00 spo2 93
        0:15 restart
        0:29 -> quiet
        0:30 -> O2-0 low""",
}

O2_1 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 spo2 91
        0:09 -> quiet
        0:10 spo2 gone
        0:15 -> quiet
        0:16 spo2 91 -> O2-1 medium""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 spo2 91
        0:11 spo2 gone
        0:15 -> O2-1 medium""",
    "at 92 it is only O2-0": "0:00 spo2 92\n 2:00 -> O2-0 low",
    "just below 92 it sounds after 15 s": """
        0:00 spo2 91
        0:14 -> quiet
        0:15 -> O2-1 medium
        0:40 -> O2-1 medium""",
    "5 s at 94 end it, and O2-0 that it covered is shown": """
        0:00 spo2 91
        0:40 spo2 94
        0:44 -> O2-1 medium
        0:45 -> O2-0 low""",
    "at 93 it goes on": """
        0:00 spo2 91
        0:20 spo2 93
        2:00 -> O2-1 medium""",
    "one value in the band begins the calm anew": """
        0:00 spo2 91
        0:20 spo2 96
        0:24 spo2 93
        0:25 spo2 96
        0:29 -> O2-1 medium
        0:30 -> quiet""",
    "an invalid value in the calm begins it anew": """
        0:00 spo2 91
        0:20 spo2 96
        0:22 spo2 off
        0:35 -> O2-1 medium
        0:40 spo2 96
        0:44 -> O2-1 medium
        0:45 -> quiet""",
    "a sensor that is off neither starts nor ends": """
        0:00 spo2 91
        0:10 spo2 off
        0:20 -> quiet
        0:21 spo2 91 -> O2-1 medium
        0:22 spo2 off
        2:00 -> O2-1 medium""",
    "a restart in the alarm ends nothing": """
        0:00 spo2 91
        0:20 restart -> O2-1 medium
        0:21 spo2 97
        0:25 -> O2-1 medium
        0:26 -> quiet""",
}

O2_2 = {
    "a value of 5 s ago still counts, one of 6 s does not": """
        0:00 spo2 87
        0:04 -> quiet
        0:05 spo2 gone
        0:10 -> quiet
        0:11 spo2 87 -> O2-2 high""",
    "what was measured 5 s before the end of the delay is enough": """
        0:00 spo2 87
        0:06 spo2 gone
        0:10 -> O2-2 high""",
    "at 88 it is only O2-1": "0:00 spo2 88\n 2:00 -> O2-1 medium",
    "just below 88 it sounds after 10 s": """
        0:00 spo2 87
        0:09 -> quiet
        0:10 -> O2-2 high""",
    "at 85 it waits as well": """
        0:00 spo2 85
        0:09 -> quiet
        0:10 -> O2-2 high""",
    "just below 85 it sounds at once": "0:00 spo2 84 -> O2-2 high",
    "a fall below 85 cuts the delay short": """
        0:00 spo2 87
        0:05 spo2 84 -> O2-2 high""",
    "5 s at 91 end it, and O2-1 that it covered is shown": """
        0:00 spo2 87
        0:20 spo2 91
        0:24 -> O2-2 high
        0:25 -> O2-1 medium""",
    "at 90 it goes on": """
        0:00 spo2 87
        0:20 spo2 90
        2:00 -> O2-2 high""",
    "raised at once it needs the same calm": """
        0:00 spo2 84 -> O2-2 high
        0:01 spo2 96
        0:05 -> O2-2 high
        0:06 -> quiet""",
    "a gap ends nothing": """
        0:00 spo2 84 -> O2-2 high
        0:01 spo2 gone
        3:00 -> O2-2 high""",
    "a restart in the delay goes on counting": """
        0:00 spo2 87
        0:05 restart
        0:09 -> quiet
        0:10 -> O2-2 high""",
    "a restart in the alarm ends nothing": """
        0:00 spo2 84
        0:05 restart -> O2-2 high
        0:06 spo2 96
        0:11 -> quiet""",
}

STORIES = {
    f"{rule}: {title}": lines
    for rule, stories in {"O2-0": O2_0, "O2-1": O2_1, "O2-2": O2_2}.items()
    for title, lines in stories.items()
}


@pytest.mark.parametrize("lines", STORIES.values(), ids=STORIES)
def test_the_oxygen_story_goes_as_the_table_says(profile: Profile, lines: str) -> None:
    Story(profile, watched=["O2"]).play(lines)
