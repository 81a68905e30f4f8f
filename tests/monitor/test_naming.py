"""A text that tells who the patient is, however that is written, is found out."""

from datetime import date

import pytest

from monitor.naming import names_patient
from monitor.patients import Details

ANNA = Details("Weber", "Anna Li", date(1970, 1, 2), "A-4711")


@pytest.mark.parametrize(
    "text",
    [
        "Mrs WEBER asked",
        "Webers Wunsch",
        "We\u200bber",
        "asked by Li",
        "no. a4711",
        "no. A 47 11",
        "no. A-47\u200b11",
        "born 1970-01-02",
        "born 2.1.70",
        "born 01/02/70",
        "born in January 1970",
        "id 19700102",
        "id 020170",
    ],
)
def test_who_the_patient_is_is_found(text: str) -> None:
    assert names_patient(text, ANNA)


@pytest.mark.parametrize("text", ["ten years are over", "on request, rule of 2036", "lice", "4712"])
def test_what_names_nobody_is_taken(text: str) -> None:
    assert not names_patient(text, ANNA)


def test_short_numbers_and_names_of_other_scripts_are_found() -> None:
    patient = Details("\u674e", "", None, "7")
    assert names_patient("no. 7", patient)
    assert names_patient("\u8bf7\u674e", patient)
    assert not names_patient("after 17 years", patient)
    assert not names_patient("ten years", Details("X", "", date(1970, 1, 2)))
