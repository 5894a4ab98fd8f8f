"""Numbers of announcements, marks and licences, compared by what they mean and shown as they are printed. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

DIGITS = {numeral: digit for digit, numeral in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
OFFICES = {
    "国家知识产权局": ("国知局", "知识产权局", "cnipa"),
    "国家质量监督检验检疫总局": ("原国家质检总局", "国家质检总局", "质检总局", "国家质检局", "aqsiq"),
}
_FULL_NAMES = {short: office for office, names in OFFICES.items() for short in (office, *names)}
_NUMERALS = re.compile(f"[{''.join(DIGITS)}{''.join(TENS)}]+")
_NUMBERED = re.compile(r"(?P<office>\D*?)(?:公告|通告)?(?P<said>(?:\d{4}年)?\d.*)", re.DOTALL)
_YEAR_IN_BRACKETS = re.compile(r"[(\[〔【](\d{4})[)\]〕】]")
_AROUND = re.compile(
    r"[\s()\[\]【】〔〕“”\"'《》<>]|(?<!\d)[,.;:_\-]|[,.;:_\-](?!\d)|第|号|公告|通告|注册|商标|原(?=国家)"
)
LONGEST = 12  # numerals of one number; more are no number


@dataclass(frozen=True)
class Reference:
    """What a number says: the office that gave it, where it is named, and the number itself with year or letters."""

    office: str
    said: str


@lru_cache(maxsize=10_000)
def reference(text: str) -> Reference:
    """第354号, 第三五四号, 第三百五十四号公告 and 国家知识产权局公告354号 say one number."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = _NUMERALS.sub(lambda numerals: whole_number(numerals[0]), plain)
    plain = _AROUND.sub("", _YEAR_IN_BRACKETS.sub(r"\1年", plain))
    plain = re.sub(r"\d+", lambda digits: digits[0].lstrip("0") or "0", plain)
    found = _NUMBERED.fullmatch(plain)
    if not found:
        return Reference("", plain)
    office = found["office"]
    if full := _FULL_NAMES.get(office):
        return Reference(full, found["said"])
    return Reference("", plain)


def same_number(one: str, other: str) -> bool:
    """Whether both mean one announcement or mark; an office that is not named may be any."""
    first, second = reference(one), reference(other)
    offices = {first.office, second.office} - {""}
    return first.said == second.said and len(offices) < 2


def has_digit(text: str) -> bool:
    """Whether it says a number at all: 第三五四号 does, 待定 does not."""
    return bool(re.search(r"\d", reference(text).said))


def whole_number(numerals: str) -> str:
    """354 for 三五四, 三百五十四 and 〇三五四; 10 for 十, 120 for 一百二十."""
    if len(numerals) > LONGEST:
        return numerals
    if not set(numerals) & TENS.keys():
        return "".join(str(DIGITS[numeral]) for numeral in numerals)
    total, digits = 0, ""
    for numeral in numerals:
        if numeral in TENS:
            total += int(digits or "1") * TENS[numeral]
            digits = ""
        else:
            digits += str(DIGITS[numeral])
    return str(total + int(digits or "0"))
