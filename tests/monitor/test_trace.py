"""The file of ``vigil replay``: what is read, and every way in which it can be wrong.

Knows the lines of such a file. Must not know alarms.
"""

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import trace
from monitor.errors import OperatorError
from monitor.trace import HEADER, Row, Trace, baseline_from, read_trace
from monitor.vitals import Vital

PULSE, SPO2, SYSTOLIC, DIASTOLIC = (
    Vital.PULSE_RATE,
    Vital.SPO2,
    Vital.SYSTOLIC,
    Vital.DIASTOLIC,
)


def read(text: str | bytes) -> Trace:
    content = text if isinstance(text, bytes) else text.encode()
    return read_trace(io.BytesIO(content), "a.csv")


def rows(*lines: str) -> Trace:
    return read("\n".join([HEADER, *lines]))


def fault(text: str | bytes) -> str:
    with pytest.raises(OperatorError) as caught:
        read(text)
    return str(caught.value)


def test_each_cell_becomes_a_number_and_a_blank_one_nothing() -> None:
    assert rows("-60,127,73,91,72,98", "0.5,,,,72.5,", "2,130,80,,,").rows == (
        Row(-60, (127, 73), {PULSE: 72, SPO2: 98}),
        Row(0.5, None, {PULSE: 72.5}),
        Row(2, (130, 80), {}),
    )


@pytest.mark.parametrize(
    "text",
    [
        f"\N{BYTE ORDER MARK}{HEADER}\n0,127,73,,,\n",
        f"{HEADER}\r\n0,127,73,,,\r\n",
        f"{HEADER}\n\n0,127,73,,,\n\n",
        f" {HEADER} \n 0 , 127 ,73,,, \n",
        f"{HEADER}\n+0,1.27e2,73.0,,,",
    ],
    ids=["byte order mark", "CRLF", "blank lines", "spaces", "other forms of a number"],
)
def test_what_a_spreadsheet_may_add_is_no_matter(text: str) -> None:
    assert read(text).rows == (Row(0, (127, 73), {}),)


def test_an_empty_file_and_one_without_rows_are_refused() -> None:
    assert fault("") == f"The trace a.csv is empty: begin it with {HEADER}"
    assert fault(HEADER) == "Line 2 of a.csv is wrong: there is no row: add what was measured"


@pytest.mark.parametrize(
    "header",
    [
        "0,127,73,91,72,98",
        "t_s,dia,sys,map,pr,spo2",
        "t_s,sys,dia,map,pr",
        "T_S,SYS,DIA,MAP,PR,SPO2",
    ],
)
def test_a_missing_or_other_header_is_refused(header: str) -> None:
    assert fault(f"{header}\n0,,,,72,98") == (
        f"Line 1 of a.csv is wrong: this is not the header of a trace: write {HEADER}"
    )


def test_semicolons_are_named() -> None:
    sentence = "Line 1 of a.csv is wrong: semicolons stand between the names: save it with commas"
    assert fault(HEADER.replace(",", ";")) == sentence


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("60,abc,73,,,", "'abc' in sys is no number: leave blank what was not measured"),
        ("60,,,,nan,", "'nan' in pr is no number: leave blank what was not measured"),
        ("60,,,,,inf", "'inf' in spo2 is no number: leave blank what was not measured"),
        ("1e999,,,,72,", "'1e999' in t_s is no number: leave blank what was not measured"),
        ("60,1_2_7,73,,,", "'1_2_7' in sys is no number: leave blank what was not measured"),
        ("60,,,,٧٢,", "'٧٢' in pr is no number: leave blank what was not measured"),
        ("60,,,,7\x002,", r"''7\x002'' in pr is no number: leave blank what was not measured"),
        ('60,"127",73,,,', "'\"127\"' in sys is no number: leave blank what was not measured"),
        ("60,127,73,,72", f"it has 5 cells: a row has 6: {HEADER}"),
        ("60,127,73,,72,98,", f"it has 7 cells: a row has 6: {HEADER}"),
        ("60;127;73;;72;98", f"it has 1 cells: a row has 6: {HEADER}"),
        (",127,73,,,", "it has no t_s: say when it was measured, in seconds"),
        ("-1,127,73,,,", "the second -1 comes after 0: put the rows in order"),
        ("0,127,73,,,", "the second 0 stands there twice: put it into one row"),
        ("86401,127,73,,,", "it is more than a day after the first row: cut the trace"),
        ("6" * 2000, "it is too long for a row: name a trace of vitals"),
    ],
)
def test_a_wrong_line_is_refused_by_its_number(line: str, problem: str) -> None:
    assert fault(f"{HEADER}\n0,127,73,,,\n{line}\n") == f"Line 3 of a.csv is wrong: {problem}"


def test_bytes_that_are_no_text_are_refused() -> None:
    assert (
        fault(b"\x7fELF\xff\xfe\x00")
        == "Line 1 of a.csv is wrong: it is no text: name a trace of vitals"
    )
    assert fault(HEADER.encode() + b"\n0,\xb2,,,,").startswith("Line 2 of a.csv is wrong: it is no")


def test_an_endless_file_is_refused_without_reading_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace, "MOST_ROWS", 1000)
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield HEADER.encode()
        while True:
            yield f"{taken / 100},127,73,,,\n".encode()
            taken += 1

    with pytest.raises(OperatorError, match=r"Line 1002 of a.csv is wrong: a trace has at most 1,"):
        read_trace(endless(), "a.csv")
    assert taken == 1000


# ---- what nobody can have


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("0,301,100,,,", "nobody has the pressure 301/100"),
        ("0,39,25,,,", "nobody has the pressure 39/25"),
        ("0,120,19,,,", "nobody has the pressure 120/19"),
        ("0,100,93,,,", "nobody has the pressure 100/93"),
        ("0,80,120,,,", "nobody has the pressure 80/120"),
        ("0,120,,,,", "a cuff reading needs both sys and dia"),
        ("0,,80,,,", "a cuff reading needs both sys and dia"),
        ("0,,,,19,", "nobody has a pr of 19"),
        ("0,,,,301,", "nobody has a pr of 301"),
        ("0,,,,,0", "nobody has a spo2 of 0"),
        ("0,,,,,101", "nobody has a spo2 of 101"),
    ],
)
def test_what_is_impossible_is_left_out_and_said(line: str, problem: str) -> None:
    found = rows(line)
    assert found.rejected == (f"line 2 of a.csv: {problem}; it is left out",)
    assert list(found.rows[0].values()) == []


def test_what_is_just_possible_is_taken() -> None:
    found = rows("0,300,250,,300,100", "1,40,20,,20,1", "2,100,92,,,")
    assert found.rejected == ()
    assert [row.pressure for row in found.rows] == [(300, 250), (40, 20), (100, 92)]


def test_an_impossible_value_is_not_the_same_as_none() -> None:
    assert rows("0,,,,0,").rows[0].numerics == {PULSE: None}
    assert rows("0,,,,,").rows[0].numerics == {}


# ---- the baseline


def test_the_baseline_is_the_median_of_what_came_before_second_0() -> None:
    found = rows("-600,130,80,,70,", "-300,120,70,,80,97", "-1,126,90,,0,", "0,200,100,,150,80")
    assert found.baseline == {SYSTOLIC: 126, DIASTOLIC: 80, PULSE: 75, SPO2: 97}
    assert rows("0,127,73,91,72,98").baseline == {}


def test_a_given_baseline_may_lack_parts() -> None:
    whole = {SYSTOLIC: 125, DIASTOLIC: 78, PULSE: 70, SPO2: 98}
    assert baseline_from("125/78/70/98") == whole
    assert baseline_from(" 125 / 78 //-") == {SYSTOLIC: 125, DIASTOLIC: 78}
    assert baseline_from("///") == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("125/78", "it has 2 parts, not 4"),
        ("", "it has 1 parts, not 4"),
        ("125/78/x/98", "'x' is no number"),
        ("125/78/nan/98", "'nan' is no number"),
        ("125/78/70/101", "nobody has the value 101"),
        ("-5/78/70/98", "nobody has the value -5"),
        ("80/78/70/98", "nobody has the pressure 80/78"),
    ],
)
def test_a_wrong_baseline_is_refused(text: str, problem: str) -> None:
    with pytest.raises(OperatorError) as caught:
        baseline_from(text)
    assert caught.value.what == f"'{text}' is no baseline ({problem})"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_trace_or_refused_in_a_sentence(content: bytes) -> None:
    for text in (content, HEADER.encode() + b"\n" + content):
        times = times_of(text)
        assert times is None or times == sorted(set(times))


def times_of(text: bytes) -> list[float] | None:
    """The seconds of the rows, or None for what is refused by the name of the file."""
    try:
        return [row.t_s for row in read(text).rows]
    except OperatorError as error:
        if "a.csv" not in error.what:
            raise
        return None
