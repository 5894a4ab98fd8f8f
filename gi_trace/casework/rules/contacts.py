"""How people write phones, accounts and mails, also such that no program shall find them. Patterns for text of one width.

What may stand between two parts of a number or word is anything that is no letter, digit or Chinese character.
"""

import re

DIGITS = ("0〇零", "1一幺壹", "2二贰", "3三叁参", "4四肆", "5五伍", "6六陆", "7七柒", "8八捌", "9九玖")
DIGIT = f"[{''.join(DIGITS)}]"
ONE, THREE_TO_NINE = f"[{DIGITS[1]}]", f"[{''.join(DIGITS[3:])}]"
BETWEEN = r"[\W_]{0,3}"
HAN = "[\u4e00-\u9fff]"
MOBILE = (
    rf"(?<!{DIGIT})(?:\+?86[- ]?)?(?:{ONE}(?=[-\s·.]?{THREE_TO_NINE})(?:[-\s·.]?{DIGIT}){{10}}"
    rf"|(?:\((?=.{{3}}\)))?{ONE}{THREE_TO_NINE}{DIGIT}{BETWEEN}{DIGIT}{{4}}{BETWEEN}{DIGIT}{{4}}"
    rf"|1[\W_][3-9](?:[\W_]\d){{9}})(?!{DIGIT})"
)
LANDLINE = rf"(?<!\d)(?:\((?=\d+\)))?0\d{{2,3}}{BETWEEN}\d{{3,4}}{BETWEEN}\d{{4}}(?!\d)"
ACROSS_THE_BORDER = r"(?<!\d)(?:\((?=\+?\d+\)))?(?:\+|00)?85[23]\)?[\W_]{0,3}[2-9]\d{3}[\W_]{0,2}\d{4}(?!\d)"
PHONE = re.compile(f"{MOBILE}|{LANDLINE}|{ACROSS_THE_BORDER}")

APPS = (
    *(
        "微信",
        "威信",
        "薇信",
        "维信",
        "微x",
        "薇x",
        "v信",
        "vx",
        "wx",
        "wechat",
        "weixin",
        "微❤",
        "薇❤",
        "v❤",
        "卫星号",
    ),
    *(
        "加微",
        "加薇",
        "加威",
        "加卫星",
        "加卫",
        "加v",
        "扫微",
        "扫薇",
        "扫v",
        "扫我微",
        "扫我薇",
        "扫我v",
        "扫我",
    ),
    *("企鹅号", "企鹅", "扣扣", "qq", "抖音", "快手", "小红书", "支付宝", "旺旺", "whatsapp", "telegram"),
)
_APP = "|".join(BETWEEN.join(map(re.escape, app)) for app in sorted(APPS, key=len, reverse=True))
ACCOUNT = re.compile(
    rf"(?:{_APP}|(?<![a-z0-9])v(?= ?:))[\W_]{{0,3}}"
    rf"(?:(?:号码?|账号|帐号|id)(?:同号|是|为|[\W_])*(?:{HAN}{{1,3}}[: ]?)?|群?号?(?:同号|是|为|[\W_])*)"
    r"([a-z0-9][-_a-z0-9]{4,29})",
    re.IGNORECASE,
)
AT = r"(?: ?@ ?|[\W_]{1,2}(?:at|艾特)[\W_]{1,2})"
DOT = r"(?:\.| \. | ?点 ?|[\W_]{1,2}dot[\W_]{1,2})"
PARTS = re.compile(r"([\W_]*)([^\W_])")
MAIL = re.compile(rf"(?<![a-z0-9_.+-])[a-z0-9_.+-]+{AT}[a-z0-9-]+(?:{DOT}[a-z0-9-]+)+", re.IGNORECASE)


def spelling(plain: str) -> re.Pattern[str] | None:
    """A piece in any spelling: digits and letters with anything between, a name's characters with blanks. `plain` is of
    one width. None for what has less than two letters, digits or characters."""
    written = [one for one in plain if one.isalnum()]
    if len(written) < 2:
        return None
    is_number = all(re.match(DIGIT, one) for one in written)
    is_name = not is_number and all(re.match(HAN, one) for one in written)
    found = _spelled(written[0], is_number=is_number)
    for gap, one in PARTS.findall(plain[plain.index(written[0]) + 1 :]):
        found += (r"[\s·._-]{0,2}" if is_name else _gap(gap)) + _spelled(one, is_number=is_number)
    if len(written) < 6:  # a short one may be within another word or number
        found = _border("<!", written[0]) + found + _border("!", written[-1])
    return re.compile(found, re.IGNORECASE)


def _gap(gap: str) -> str:
    """A line of dots fits each gap in one way alone: with two, a dozen gaps would take for ever."""
    word = "at|艾特" if "@" in gap else "点|dot" if "." in gap else ""
    return rf"[\W_]{{0,7}}(?:(?:{word})[\W_]{{0,3}})?" if word else BETWEEN


def _spelled(one: str, *, is_number: bool) -> str:
    same = next((digits for digits in DIGITS if one in digits), "")
    return f"[{same}]" if same and (is_number or one.isascii()) else re.escape(one)


def _border(side: str, one: str) -> str:
    if not one.isascii():
        return ""
    return f"(?{side}{'[0-9]' if one.isdecimal() else '[a-z]'})"
