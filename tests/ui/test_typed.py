"""What is typed about a patient: a date is read as one day, or not at all."""

from datetime import date

import pytest

from monitor.errors import OperatorError
from ui.view_models.typed import is_enough, searched, typed_date, typed_minutes

BORN = date(1980, 3, 31)


@pytest.mark.parametrize(
    "text",
    ["1980-03-31", " 1980-3-31 ", "31.3.1980", "31.03.1980", "31. 3. 1980", "１９８０-０３-３１"],
)
def test_a_day_is_read_in_either_form(text: str) -> None:
    assert typed_date(text) == BORN


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3/4/80", "slashes can be two"),
        ("03/04/1980", "slashes can be two"),
        ("1980/03/31", "slashes can be two"),
        ("31.3.80", "two digits only"),
        ("31-03-80", "two digits only"),
        ("31.2.1980", "no day 31.2.1980"),
        ("1980-13-01", "no day 1.13.1980"),
        ("29.2.2023", "no day"),
        ("19800331", "no date"),
        ("31 March", "no date"),
        ("1980-03-31; DROP TABLE", "no date"),
        ("", "no date"),
        ("9" * 10_000, "no date"),
    ],
)
def test_what_can_be_two_days_or_none_is_one_sentence(text: str, says: str) -> None:
    with pytest.raises(OperatorError, match=says) as refused:
        typed_date(text)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 140


def test_a_whole_date_is_looked_for_as_a_day_and_its_beginning_as_typed() -> None:
    assert searched("31.3.1980") == ("", BORN)
    assert searched("1980-03") == ("1980-03", None)
    assert searched("Weber") == ("Weber", None)


def test_one_letter_is_not_enough_and_one_digit_or_chinese_name_is() -> None:
    assert [is_enough(text) for text in ("", " ", "w", "we", "7", "李")] == [
        False,
        False,
        False,
        True,
        True,
        True,
    ]


def test_minutes_are_a_number_in_bounds() -> None:
    assert [typed_minutes(text) for text in ("1", " 40 ", "240", "４０")] == [1, 40, 240, 40]
    for text in ("0", "241", "4.5", "-1", "x", "9" * 5000):
        with pytest.raises(OperatorError, match="write 1 to 240"):
            typed_minutes(text)
