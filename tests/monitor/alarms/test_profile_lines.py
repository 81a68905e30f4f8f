"""What is wrong with a profile's file is said with its line, however the file is written."""

from pathlib import Path

import pytest

from monitor.alarms.profile import load_profile, parse_profile, profile_text
from monitor.alarms.profile_lines import line_of
from monitor.errors import OperatorError
from resources import path_to

WHOLE = path_to("defaults/ketamine_iv_v1.toml").read_text(encoding="utf-8")


def number_of(line: str, text: str) -> int:
    return next(n for n, one in enumerate(text.splitlines(), 1) if line in one)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('"systolic > 160 mmHg"', '"systolic > 160"'),
        ('"pulse_rate > 140 /min"', '"pulse_rate > 140 mmHg"'),
        ("delay_s = 60 }", "delay_s = -60 }"),
        ('kind = "cuff_change"', 'kind = "cuff_chance"'),
        ("at_least_mmhg = 30", "at_least_mmhg = -30"),
        ("clear_frames = 3", "clear_frame = 3"),
        ("escalates_after_s = 60", "escalates_after_s = 0"),
        ("interval_s = 300", "interval_s = 600\n[[cuff]]\nfrom_s = 60\ninterval_s = 3 #"),
        ("version = 1", "version = 0"),
        ("high = 120", "high = -120"),
    ],
)
def test_the_line_of_what_is_wrong_is_named(good: str, bad: str) -> None:
    text = WHOLE.replace(good, bad, 1)
    with pytest.raises(OperatorError) as refused:
        parse_profile(text, "site.toml")
    line = number_of("[realarm_s]" if "high" in bad else bad.splitlines()[-1], text)
    assert f"(line {line}" in refused.value.what


def test_a_field_that_is_missing_is_named_with_the_line_where_its_rule_begins() -> None:
    text = WHOLE.replace("at_least_mmhg = 30", "# at_least_mmhg is gone")
    with pytest.raises(OperatorError, match="at_least_mmhg: it is missing") as refused:
        parse_profile(text, "site.toml")
    begins = number_of('id = "BP-D"', text)
    assert f"(the rule begins in line {begins})" in refused.value.what


@pytest.mark.parametrize("how", ['id="X-1"', "  id = 'X-1'", '"id"  =  "X-1"  # comment'])
def test_a_rule_is_found_however_its_id_is_written(how: str) -> None:
    text = f'name = "x"\n[[rule]]\n{how}\nwhen = []\n[[rule]]\nid = "X-12"\n'
    assert line_of(text, "rule X-1, latch: it is missing") == " (the rule begins in line 3)"
    assert line_of(text, "rule X-1: it is there twice") == " (the rule begins in line 3)"
    assert line_of(text, "rule X-12, latch: it is missing") == " (the rule begins in line 6)"
    assert line_of(text, "rule X-1, when: empty") == " (line 4; the rule begins in line 3)"


def test_of_a_rule_that_is_there_twice_the_second_is_named() -> None:
    text = '[[rule]]\nid = "X"\n[[rule]]\nid = "X"\n'
    assert line_of(text, "rule X: it is there more than once") == " (the rule begins in line 4)"


@pytest.mark.parametrize("problem", ["", "something else", "rule Y, when: it is missing"])
def test_a_problem_that_names_nothing_in_the_file_has_no_line(problem: str) -> None:
    assert line_of('name = "x"\n[[rule]]\nid = ""\n', problem) == ""


# ---- the file as bytes


def test_a_file_of_windows_is_read_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load_profile(path) == parse_profile(WHOLE, "x")
    assert profile_text(path) == WHOLE.replace("\n", "\r\n")
