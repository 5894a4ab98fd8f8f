"""Numbers of announcements by what they mean, and codes by what the standard allows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn.uscc import calc_check_digit

from gi_trace.excel.cells import Unreadable, day_of
from gi_trace.registry.numbers import DIGITS, has_digit, reference, same_number
from gi_trace.registry.uscc import uscc_of

NUMERALS = "〇一二三四五六七八九"
OFFICES = ["", "公告", "国家知识产权局公告", "国家知识产权局", "国知局 公告", "国家知识产权局 公告 "]
FORMS = ["第{}号", "{}号", "{}", "第 {} 号", "（第{}号）", "第{}号公告"]
numbers = st.integers(1, 9999)


def spoken(number):
    """三百五十四 for 354."""
    text, zero = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            text += ("零" if zero and text else "") + NUMERALS[digit] + unit
            zero = False
        else:
            zero = True
    return text.removeprefix("一") if text.startswith("一十") else text


def written(number):
    digits = str(number)
    return [digits, digits.zfill(7), "".join(NUMERALS[int(digit)] for digit in digits), spoken(number)]


@given(
    numbers,
    st.sampled_from(OFFICES),
    st.sampled_from(OFFICES),
    st.sampled_from(FORMS),
    st.sampled_from(FORMS),
    st.data(),
)
def test_a_number_is_the_same_however_it_is_written(number, office, other_office, form, other_form, data):
    one, other = (data.draw(st.sampled_from(written(number))) for _ in range(2))
    assert same_number(office + form.format(one), other_office + other_form.format(other))


@given(numbers, numbers, st.sampled_from(OFFICES), st.data())
def test_different_numbers_stay_different(one, other, office, data):
    texts = [office + f"第{data.draw(st.sampled_from(written(number)))}号" for number in (one, other)]
    assert same_number(*texts) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("质检总局公告第354号", "国家知识产权局公告第354号"),
        ("公告2019年第10号", "公告2020年第10号"),
        ("公告2020年第10号", "第10号"),
        ("第1234567号", "第1234567A号"),
        ("〔2020〕5号", "第20205号"),
        ("第354-1号", "第3541号"),
    ],
)
def test_an_office_a_year_or_a_letter_makes_another_number(one, other):
    assert not same_number(one, other)


def test_years_are_read_in_numerals_and_in_brackets():
    assert same_number("公告二〇二〇年第三五四号", "〔2020〕第354号")
    assert same_number("国家质检总局公告2006年第10号", "质检总局二〇〇六年第十号公告")


@given(st.text(max_size=200) | st.text(alphabet="".join(DIGITS) + "十百千第号年", max_size=5000))
def test_any_text_has_a_meaning_of_its_own(text):
    assert same_number(text, text) and reference(text) == reference(text)
    has_digit(text)


def sound(stem):
    return stem + calc_check_digit(stem)


@pytest.mark.parametrize(
    "stem",
    [
        "N2440705MF1234567",
        "91440705MA5000501",
        "92999999L00000001",
        "11440000006939748",
        "A1000000MA0000001",
        "54440705MJW000001",
    ],
)
def test_every_form_that_the_standard_allows_is_a_code_wherever_it_was_registered(stem):
    assert uscc_of(sound(stem)) == sound(stem)


CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.from_regex(f"9[{CODES}][0-9]{{6}}[{CODES}]{{9}}", fullmatch=True))
def test_a_wrong_character_anywhere_is_noticed(stem):
    code = sound(stem)
    assert uscc_of(code) == code
    for place in range(18):
        other = code[:place] + CODES[(CODES.index(code[place]) + 1) % 31] + code[place + 1 :]
        with pytest.raises(Unreadable):
            uscc_of(other)


def test_a_persons_number_is_refused_with_a_word_on_why_and_without_repeating_it():
    stem = "44070519900307201"
    number = stem + ric.calc_check_digit(stem + "0")
    with pytest.raises(Unreadable, match="身份证") as refusal:
        uscc_of(number.lower())
    assert number not in str(refusal.value.facts)


@given(st.dates(date(1954, 1, 1), date(2119, 12, 31)))  # other years are slips
def test_a_day_is_read_in_numerals_as_in_digits(day):
    year = "".join(NUMERALS[int(digit)] for digit in f"{day.year:04}")
    for month, number in ((spoken(day.month), spoken(day.day)), (str(day.month), str(day.day))):
        assert day_of(f"{year}年{month}月{number}日") == day
    assert day_of(f"{day.year:04}.{day.month}.{day.day}") == day
