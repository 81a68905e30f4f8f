"""The BP rows of the clinical brief, section 4, told as stories: readings and what alarms then.

Knows the shipped profile and story.py. Readings are chosen so that BP-D stays out of other rules'
stories: less than 30 mmHg apart, or more than 10 min.
"""

import pytest

from monitor.alarms.profile import Profile
from tests.monitor.alarms.story import Story

BASE = "0:00 baseline 125/78/70/98\n"

H1 = {
    "at the limits of 160 and 100 nothing happens": """
        5:00 cuff 160/100 -> quiet
        10:00 cuff 160/100 -> quiet""",
    "just above in systolic asks for a repeat": "5:00 cuff 161/80 -> BP-H1 low",
    "just above in diastolic asks for a repeat": "5:00 cuff 140/101 -> BP-H1 low",
    "a tenth above counts: nothing is rounded": "5:00 cuff 160.1/80 -> BP-H1 low",
    "a repeat within 3 min confirms": """
        5:00 cuff 161/80 -> BP-H1 low
        7:59 -> BP-H1 low
        8:00 cuff 161/80 -> BP-H1 medium""",
    "the next automatic reading confirms as well": """
        5:00 cuff 161/80 -> BP-H1 low
        10:00 cuff 140/101 -> BP-H1 medium""",
    "without a repeat it stays a prompt": """
        5:00 cuff 161/80 -> BP-H1 low
        30:00 -> BP-H1 low""",
    "at the clear values it ends": """
        5:00 cuff 161/80 -> BP-H1 low
        7:00 cuff 150/95 -> quiet""",
    "just above the clear values it goes on, systolic": """
        5:00 cuff 161/80
        7:00 cuff 151/80 -> BP-H1 low""",
    "just above the clear values it goes on, diastolic": """
        5:00 cuff 161/80
        7:00 cuff 140/96 -> BP-H1 low""",
    "a reading in the band neither confirms nor clears": """
        5:00 cuff 161/80 -> BP-H1 low
        7:00 cuff 155/80 -> BP-H1 low
        9:00 cuff 161/80 -> BP-H1 medium""",
    "once confirmed one clear reading ends it": """
        5:00 cuff 161/80
        7:00 cuff 170/80 -> BP-H1 medium
        12:00 cuff 151/80 -> BP-H1 medium
        17:00 cuff 150/80 -> quiet""",
    "after its end the next excess is a first one": """
        5:00 cuff 161/80
        7:00 cuff 161/80 -> BP-H1 medium
        12:00 cuff 150/80 -> quiet
        17:00 cuff 161/80 -> BP-H1 low""",
    "an hour without readings ends nothing": """
        5:00 cuff 161/80
        7:00 cuff 161/80 -> BP-H1 medium
        67:00 -> BP-H1 medium""",
    "a restart forgets no first reading": """
        5:00 cuff 161/80 -> BP-H1 low
        6:00 restart -> BP-H1 low
        7:00 cuff 161/80 -> BP-H1 medium""",
    "a restart forgets no confirmation": """
        5:00 cuff 161/80
        7:00 cuff 161/80 -> BP-H1 medium
        8:00 restart -> BP-H1 medium
        9:00 cuff 151/80 -> BP-H1 medium
        10:00 cuff 150/80 -> quiet""",
}

H2 = {
    "just below is no crisis": """
        5:00 cuff 179/109 -> BP-H1 low""",
    "at 180 it sounds at once": "5:00 cuff 180/90 -> BP-H2 high",
    "at 110 it sounds at once": "5:00 cuff 150/110 -> BP-H2 high",
    "a calm repeat 180 s later: not confirmed": """
        5:00 cuff 150/110 -> BP-H2 high
        8:00 cuff 150/95 -> quiet""",
    "at its clear values it ends, and H1 that it covered is shown": """
        5:00 cuff 180/90 -> BP-H2 high
        8:00 cuff 170/105 -> BP-H1 medium""",
    "a calm repeat 181 s later is the first of two": """
        5:00 cuff 150/110 -> BP-H2 high
        8:01 cuff 150/95 -> BP-H2 high
        13:01 cuff 150/95 -> quiet""",
    "confirmed it needs two calm readings": """
        5:00 cuff 150/110
        6:00 cuff 150/110
        7:00 cuff 150/95 -> BP-H2 high
        8:00 cuff 150/95 -> quiet""",
    "in the band it goes on, systolic": """
        5:00 cuff 180/90
        7:00 cuff 171/90 -> BP-H2 high""",
    "in the band it goes on, diastolic": """
        5:00 cuff 150/110
        7:00 cuff 150/106 -> BP-H2 high""",
    "a reading in the band begins the count of calm ones anew": """
        5:00 cuff 150/110
        6:00 cuff 150/110
        7:00 cuff 150/95
        8:00 cuff 150/106
        9:00 cuff 150/95 -> BP-H2 high
        10:00 cuff 150/95 -> quiet""",
    "it covers H1 while it lasts": """
        5:00 cuff 161/90 -> BP-H1 low
        10:00 cuff 182/90 -> BP-H2 high
        12:00 cuff 169/90 -> BP-H1 medium""",
    "an hour without readings ends nothing": """
        5:00 cuff 180/90
        65:00 -> BP-H2 high""",
    "a restart keeps the repeat open": """
        5:00 cuff 150/110
        6:00 restart -> BP-H2 high
        8:00 cuff 150/95 -> quiet""",
    "a restart between two calm readings needs only the second": """
        5:00 cuff 150/110
        6:00 cuff 150/110
        7:00 cuff 150/95
        7:30 restart -> BP-H2 high
        8:00 cuff 150/95 -> quiet""",
    "over and high again it sounds again": """
        5:00 cuff 150/110
        7:00 cuff 150/95 -> quiet
        12:00 cuff 150/110 -> BP-H2 high""",
}

H3 = {
    "just below is H2": "5:00 cuff 199/119 -> BP-H2 high",
    "at 200 it sounds at once": "5:00 cuff 200/100 -> BP-H3 high",
    "at 120 it sounds at once": "5:00 cuff 150/120 -> BP-H3 high",
    "a calm repeat within 3 min ends both": """
        5:00 cuff 150/120 -> BP-H3 high
        8:00 cuff 150/95 -> quiet""",
    "at its clear values it ends": """
        5:00 cuff 150/120
        8:00 cuff 170/105 -> BP-H1 medium""",
    "a calm repeat 181 s later is the first of two": """
        5:00 cuff 150/120
        8:01 cuff 150/95 -> BP-H3 high
        13:01 cuff 150/95 -> quiet""",
    "in the band it goes on, systolic": """
        5:00 cuff 150/120
        7:00 cuff 171/90 -> BP-H3 high""",
    "in the band it goes on, diastolic": """
        5:00 cuff 150/120
        7:00 cuff 150/106 -> BP-H3 high""",
    "a reading that is only H2 does not end it": """
        5:00 cuff 200/100 -> BP-H3 high
        7:00 cuff 185/100 -> BP-H3 high
        12:00 cuff 171/100 -> BP-H3 high""",
    "confirmed it needs two calm readings": """
        5:00 cuff 150/120
        6:00 cuff 150/120
        7:00 cuff 150/105 -> BP-H3 high
        8:00 cuff 150/105 -> BP-H1 medium""",
    "it takes the place of H2": """
        5:00 cuff 185/90 -> BP-H2 high
        7:00 cuff 201/90 -> BP-H3 high""",
    "a restart goes on": """
        5:00 cuff 150/120
        6:00 restart -> BP-H3 high
        7:00 cuff 150/95 -> quiet""",
}

L1 = {
    "at the limits of 90 and 50 nothing happens": "5:00 cuff 90/50 -> quiet",
    "just below in systolic asks for a repeat": "5:00 cuff 89/60 -> BP-L1 low",
    "just below in diastolic asks for a repeat": "5:00 cuff 100/49 -> BP-L1 low",
    "a repeat confirms": """
        5:00 cuff 89/60 -> BP-L1 low
        8:00 cuff 89/60 -> BP-L1 medium""",
    "at the clear values it ends": """
        5:00 cuff 89/60
        7:00 cuff 95/55 -> quiet""",
    "just below the clear values it goes on, systolic": """
        5:00 cuff 89/60
        7:00 cuff 94/60 -> BP-L1 low""",
    "just below the clear values it goes on, diastolic": """
        5:00 cuff 100/49
        7:00 cuff 100/54 -> BP-L1 low""",
    "in the band it neither confirms nor clears": """
        5:00 cuff 89/60
        7:00 cuff 92/60 -> BP-L1 low
        9:00 cuff 89/60 -> BP-L1 medium
        14:00 cuff 94/60 -> BP-L1 medium
        19:00 cuff 95/60 -> quiet""",
    "a restart forgets no first reading": """
        5:00 cuff 89/60
        6:00 restart -> BP-L1 low
        7:00 cuff 89/60 -> BP-L1 medium""",
}

L2 = {
    "at 80 it is not L2": "5:00 cuff 80/55 -> BP-L1 low",
    "just below 80 it sounds at once": "5:00 cuff 79/55 -> BP-L2 high",
    "40 below the baseline and under 100 it sounds at once": """
        0:00 baseline 139/78/70/98
        5:00 cuff 99/60 -> BP-L2 high""",
    "39 below the baseline it does not": """
        0:00 baseline 138/78/70/98
        5:00 cuff 99/60 -> quiet""",
    "40 below the baseline but at 100 it does not": """
        0:00 baseline 150/78/70/98
        5:00 cuff 100/60 -> quiet""",
    "without a baseline 85 is only L1": "5:00 cuff 85/55 -> BP-L1 low",
    "just below 90 it goes on, at 90 it ends": """
        5:00 cuff 79/55 -> BP-L2 high
        7:00 cuff 89/55 -> BP-L2 high
        9:00 cuff 90/55 -> BP-L1 medium
        11:00 cuff 95/55 -> quiet""",
    "over 90 but 40 below the baseline it goes on": """
        0:00 baseline 139/78/70/98
        5:00 cuff 95/60 -> BP-L2 high
        7:00 cuff 99/60 -> BP-L2 high
        9:00 cuff 100/60 -> quiet""",
    "an hour without readings ends nothing": """
        5:00 cuff 79/55
        65:00 -> BP-L2 high""",
    "a restart goes on": """
        5:00 cuff 79/55
        6:00 restart -> BP-L2 high
        7:00 cuff 89/55 -> BP-L2 high
        9:00 cuff 95/60 -> quiet""",
}

R1 = {
    "just below both rises nothing happens": BASE + "5:00 cuff 162/102 -> BP-H1 low",
    "systolic at the rise of 40 asks for a repeat": """
        0:00 baseline 110/78/70/98
        5:00 cuff 149/80 -> quiet
        10:00 cuff 150/80 -> BP-R1 low""",
    "diastolic at the rise of 25 asks for a repeat": """
        0:00 baseline 125/70/70/98
        5:00 cuff 140/94 -> quiet
        10:00 cuff 140/95 -> BP-R1 low""",
    "a second reading confirms": """
        0:00 baseline 110/78/70/98
        5:00 cuff 150/80 -> BP-R1 low
        8:00 cuff 150/80 -> BP-R1 medium""",
    "it ends below both clear values": """
        0:00 baseline 110/78/70/98
        5:00 cuff 150/80
        8:00 cuff 150/80 -> BP-R1 medium
        10:00 cuff 140/80 -> BP-R1 medium
        12:00 cuff 139/98 -> BP-R1 medium
        14:00 cuff 139/97 -> BP-R2 low
        16:00 cuff 137/97 -> quiet""",
    "without a baseline it is off": """
        5:00 cuff 160/100 -> quiet
        7:00 cuff 160/100 -> quiet""",
    "with a diastolic baseline only it looks at that alone": """
        0:00 baseline -/70/-/-
        5:00 cuff 160/94 -> quiet
        7:00 cuff 120/95 -> BP-R1 low""",
    "it is covered by H1 of the same priority": """
        0:00 baseline 110/78/70/98
        5:00 cuff 150/80 -> BP-R1 low
        10:00 cuff 161/80 -> BP-R1 medium
        15:00 cuff 161/80 -> BP-H1 medium""",
    "a restart forgets no first reading": """
        0:00 baseline 110/78/70/98
        5:00 cuff 150/80 -> BP-R1 low
        6:00 restart -> BP-R1 low
        7:00 cuff 150/80 -> BP-R1 medium""",
}

R2 = {
    "at 30 % over the baseline the second reading is a notice": """
        0:00 baseline 110/78/70/98
        5:00 cuff 143/80 -> quiet
        10:00 cuff 143/80 -> BP-R2 low""",
    "just below 30 % nothing happens": """
        0:00 baseline 110/78/70/98
        5:00 cuff 142/80
        10:00 cuff 142/80 -> quiet""",
    "below 25 % it ends": """
        0:00 baseline 120/78/70/98
        5:00 cuff 156/80
        10:00 cuff 156/80 -> BP-R2 low
        15:00 cuff 150/80 -> BP-R2 low
        20:00 cuff 149/80 -> quiet""",
    "a reading in the band neither confirms nor clears": """
        0:00 baseline 120/78/70/98
        5:00 cuff 156/80
        10:00 cuff 152/80 -> quiet
        15:00 cuff 156/80 -> BP-R2 low""",
    "without a baseline it is off": """
        5:00 cuff 156/80
        10:00 cuff 156/80 -> quiet""",
    "a restart forgets no first reading": """
        0:00 baseline 120/78/70/98
        5:00 cuff 156/80
        6:00 restart -> quiet
        10:00 cuff 156/80 -> BP-R2 low""",
}

D = {
    "a rise of 29 is no matter": """
        5:00 cuff 120/80
        10:00 cuff 149/80 -> quiet""",
    "a rise of 30 is, until the next reading": """
        5:00 cuff 120/80
        10:00 cuff 150/80 -> BP-D low
        14:59 -> BP-D low
        15:00 cuff 150/80 -> quiet""",
    "so is a fall of 30": """
        5:00 cuff 150/80
        10:00 cuff 120/80 -> BP-D low""",
    "10 min apart counts": """
        5:00 cuff 120/80
        15:00 cuff 150/80 -> BP-D low""",
    "a second more does not": """
        5:00 cuff 120/80
        15:01 cuff 150/80 -> quiet""",
    "one jump after the other goes on": """
        5:00 cuff 120/80
        10:00 cuff 150/80 -> BP-D low
        15:00 cuff 120/80 -> BP-D low
        20:00 cuff 125/80 -> quiet""",
    "anything worse covers it": """
        5:00 cuff 120/80
        10:00 cuff 170/80 -> BP-H1 low""",
    "a restart ends nothing": """
        5:00 cuff 120/80
        10:00 cuff 150/80
        11:00 restart -> BP-D low
        15:00 cuff 150/80 -> quiet""",
}

STORIES = {
    f"{rule}: {title}": lines
    for rule, stories in {
        "BP-H1": H1,
        "BP-H2": H2,
        "BP-H3": H3,
        "BP-L1": L1,
        "BP-L2": L2,
        "BP-R1": R1,
        "BP-R2": R2,
        "BP-D": D,
    }.items()
    for title, lines in stories.items()
}


@pytest.mark.parametrize("lines", STORIES.values(), ids=STORIES)
def test_the_pressure_story_goes_as_the_table_says(profile: Profile, lines: str) -> None:
    Story(profile, watched=["BP"], step_s=10).play(lines)


def test_one_inflation_that_breaks_every_limit_is_one_alarm(profile: Profile) -> None:
    story = Story(profile, watched=["BP"], step_s=10)
    story.play(BASE + "5:00 cuff 120/78\n 10:00 cuff 215/125 -> BP-H3 high")
    assert [change.rule for _, change in story.log] == ["BP-H3"]
