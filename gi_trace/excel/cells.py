"""What a cell of an office's Excel file means: text, a code, a day or a number.

Pure. Each reader takes a cell that is not empty and raises `Unreadable` where it cannot be read.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from gi_trace.errors import N_

Cell: TypeAlias = object  # what the reader gives: str, float, bool, date, datetime, time or timedelta

SERIAL_EPOCH = date(1899, 12, 30)
FROM_1904 = date(1904, 1, 1)  # day 0 of the calendar of old Macintosh books
SERIALS = range(20_000, 80_000)  # 1954 to 2119; a smaller number in a date column is a slip
DIGITS_KEPT = 10**15  # Excel keeps 15 digits of a number and turns the rest into zeros
MOST = 10**9  # more than anything that is counted in whole numbers, and than a column holds
YEARS = range(1954, 2120)  # the same of a day that is written out
OPEN_END = {"长期", "长期有效", "无固定期限", "无期限", "永久", "永久有效", "至今", "无"}

_FULL_WIDTH = str.maketrans(
    {wide: chr(wide - 0xFEE0) for wide in range(0xFF10, 0xFF5B) if chr(wide).isalnum()}
)
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANK_INSIDE_CHINESE = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_CHINESE_DIGITS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "两": 2,
}
_ERROR = re.compile(r"#(REF!|DIV/0!|N/A|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!)|Err:\d{3}")
_SEPARATED_DAY = re.compile(
    r"(\d{4})\s*[年./\-]\s*(\d{1,2})\s*[月./\-]\s*(\d{1,2})\s*[日号]?[起止]?(?:[T\s]+[\d:.]+(?:Z|[+-][\d:]+)?)?"
)
_WRITTEN_DAY = r"(?:\d{4}\s*[年./\-]\s*\d{1,2}\s*[月./\-]\s*\d{1,2}\s*[日号]?|\d{8})"
_PERIOD = re.compile(rf"自?\s*({_WRITTEN_DAY})(?:\s|起|至|到|[-—–―~～])+({_WRITTEN_DAY}|\D+?)止?")
_JOINED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_ONLY = re.compile(r"\d{4}\s*[年./\-]\s*\d{1,2}\s*月?")
_YEAR_LAST = re.compile(r"\d{1,2}\s*[年./\-]\s*\d{1,2}\s*[月./\-]\s*\d{1,4}\s*日?")
_CHINESE_PART = re.compile(r"([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])")
_COUNT_IN_WORDS = re.compile(
    r"([一二两三四五六七八九]千)?(零?[一二两三四五六七八九]百)?(零?[一二三四五六七八九]?十)?(?:(?:(?<![千百])|(?=零))(零?[一二三四五六七八九]))?"
)
_KILOGRAMS = re.compile(r"(千克|公斤|kg)$", re.IGNORECASE)


class Unreadable(Exception):
    """A cell that does not hold what its column asks for: what is wrong, and what to do."""

    def __init__(self, message: str, what_to_do: str, **facts: object):
        super().__init__(message)
        self.message, self.what_to_do, self.facts = message, what_to_do, facts


class NumberFrom1904(float):
    """A number of a workbook that counts days from 1904."""


def is_error(cell: Cell) -> bool:
    """What a formula gives that cannot be worked out, whatever program wrote it."""
    return isinstance(cell, str) and bool(_ERROR.fullmatch(cell.strip()))


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not tidy(cell))


@lru_cache(maxsize=10_000)  # a cell is looked at three times, and a column says the same in many rows
def tidy(text: str) -> str:
    """Plain digits and letters, nothing invisible, single blanks and none between Chinese characters."""
    text = " ".join(_INVISIBLE.sub("", text.translate(_FULL_WIDTH)).split())
    return _BLANK_INSIDE_CHINESE.sub("", text)


def text_of(cell: Cell) -> str:
    """The cell as a person would write it: 12 for 12.0, 2026-03-01 for a date cell."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return tidy(str(cell))


def code_of(cell: Cell) -> str:
    """An identifier: upper case, without blanks and hyphens."""
    text = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text_of(cell))).upper()
    as_number = isinstance(cell, float | int) and abs(cell) >= DIGITS_KEPT
    if as_number or re.fullmatch(r"\d\.\d+E\+\d+", text):
        raise Unreadable(
            N_("“{text}”被 Excel 存成了数字，后面的几位已经丢失"),
            N_("把这一列设为“文本”格式，再重新填写完整的号码"),
            text=text,
        )
    return text


def day_of(cell: Cell) -> date:
    if isinstance(cell, date):
        return _of_our_time(cell.date() if isinstance(cell, datetime) else cell)
    if isinstance(cell, NumberFrom1904) and int(cell) + (FROM_1904 - SERIAL_EPOCH).days in SERIALS:
        return FROM_1904 + timedelta(days=int(cell))
    text = unicodedata.normalize("NFKC", text_of(int(cell) if isinstance(cell, float) else cell))
    if text.isdecimal() and int(text) in SERIALS:
        return SERIAL_EPOCH + timedelta(days=int(text))
    text = _with_arabic_numbers(text)
    found = _SEPARATED_DAY.fullmatch(text) or _JOINED_DAY.fullmatch(text)
    if not found:
        raise _unreadable_day(text)
    try:
        day = date(*map(int, found.groups()))
    except ValueError:
        raise Unreadable(
            N_("“{text}”这一天不存在"), N_("核对年、月、日，例如 2026-03-01"), text=text
        ) from None
    return _of_our_time(day)


def last_day_of(cell: Cell) -> date | None:
    """A day, or None where it says that there is no end."""
    if (text := text_of(cell)) in OPEN_END:
        return None
    if not any(map(str.isalnum, text)):  # a stroke may mean that there is none, or that nobody knows
        raise Unreadable(N_("“{text}”不是日期"), N_("没有截止日的填“长期”，有的写成年-月-日"), text=text)
    return day_of(cell)


def period_of(cell: Cell) -> tuple[date, date | None]:
    """The first and the last day in one cell: 2024.1.1-2026.12.31."""
    text = _with_arabic_numbers(unicodedata.normalize("NFKC", text_of(cell)))
    found = _PERIOD.fullmatch(text)
    if not found:
        what_to_do = N_("写成 2024-01-01至2026-12-31，没有截止日的写 2024-01-01至长期")
        raise Unreadable(N_("“{text}”不是一段期限"), what_to_do, text=text)
    return day_of(found[1].strip()), last_day_of(found[2])


def _of_our_time(day: date) -> date:
    if day.year not in YEARS:
        raise Unreadable(N_("“{text}”的年份不对"), N_("核对年份，例如 2026-03-01"), text=day.isoformat())
    return day


def whole_of(cell: Cell) -> int:
    """A count of things; 一百二十 as well."""
    text = text_of(cell)
    if (counted := _COUNT_IN_WORDS.fullmatch(text)) and text:
        return sum(
            _count(part, worth) for part, worth in zip(counted.groups(), (1000, 100, 10, 1), strict=True)
        )
    number = number_of(cell)
    if number != int(number) or abs(number) > MOST:
        raise Unreadable(N_("“{text}”不是整数"), N_("只填整数"), text=text_of(cell))
    return int(number)


def number_of(cell: Cell) -> Decimal:
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    text = _KILOGRAMS.sub("", text).strip()
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise Unreadable(
            N_("“{text}”不是数字"), N_("只填数字，按列名要求的单位换算，例如 1200"), text=text_of(cell)
        )
    return Decimal(text)


def _with_arabic_numbers(text: str) -> str:
    """2026年3月11日 for 二〇二六年三月十一日."""
    text = re.sub(r"[〇零○一二三四五六七八九]{4}(?=年)", lambda year: _digits(year[0]), text)
    return _CHINESE_PART.sub(lambda part: str(_below_hundred(part[0])), text)


def _count(numeral: str | None, worth: int) -> int:
    """三百 with a worth of 100; a ten may stand alone."""
    if not numeral:
        return 0
    digit = numeral.strip("零千百十")
    return worth * (int(_digits(digit)) if digit else 1)


def _digits(numerals: str) -> str:
    return "".join(str(_CHINESE_DIGITS[numeral]) for numeral in numerals)


def _below_hundred(numerals: str) -> int:
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return int(_digits(ones))
    return 10 * (int(_digits(tens)) if tens else 1) + (int(_digits(ones)) if ones else 0)


def _unreadable_day(text: str) -> Unreadable:
    if _MONTH_ONLY.fullmatch(text):
        return Unreadable(N_("“{text}”没有写到日"), N_("写全年、月、日，例如 2026-03-01"), text=text)
    if _YEAR_LAST.fullmatch(text):
        return Unreadable(
            N_("“{text}”看不出哪个是年份"), N_("先写四位年份，再写月、日，例如 2026-03-01"), text=text
        )
    return Unreadable(N_("“{text}”不是日期"), N_("写成年-月-日，例如 2026-03-01"), text=text)
