"""The unified social credit code of an enterprise (GB 32100-2015): 18 characters, the last one a check."""

import re
from datetime import date

from stdnum.cn import ric, uscc

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, code_of, text_of

SOLE_TRADER = (
    "92"  # GB 32100-2015: registered with the business register as an individual, whose name is a person's
)
ASK_LICENCE = N_("按营业执照核对统一社会信用代码")
NO_PERSONS = N_("个体工商户、合作社也有统一社会信用代码，按营业执照填写；名册不收集身份证号码")
# Authority and kind of entity (N2, a village collective), six digits of where it was registered (whichever they are),
# nine of the entity, one check.
FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
IDENTITY_NUMBER = re.compile(r"[1-8]\d{16}[\dX]")
LIKE_IDENTITY = re.compile(r"[1-8]\d{15}(\d[\dX]?)?")
IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1-8](?:[\s\-]?\d){14,16}(?:[\s\-]?[\dXx])?(?![0-9A-Za-z])")
COVERED = "（身份证号码，已略去）"
OLD_LENGTH = 15  # of the registration numbers before 2015


def uscc_of(cell: Cell) -> str:
    """The code in its printed form. A right check character does not prove that the enterprise exists."""
    try:
        code = code_of(cell)
    except Unreadable as why:
        raise Unreadable(why.message, why.what_to_do, text=without_person(text_of(cell))) from None
    if is_identity_number(code):
        raise Unreadable(N_("这是个人的身份证号码，不是统一社会信用代码"), NO_PERSONS)
    if len(code) == OLD_LENGTH and code.isdecimal():  # it may be a person's of before 2000: not said again
        raise Unreadable(N_("这是 15 位的旧号码"), N_("填写换照后的 18 位统一社会信用代码"))
    if may_be_persons(code):
        raise Unreadable(
            N_("这不是统一社会信用代码，像是个人的身份证号码（写错了一位或缺了几位）"), NO_PERSONS
        )
    if len(code) != 18:
        facts = {"code": without_person(code), "length": len(code)}
        raise Unreadable(N_("“{code}”有 {length} 位，应为 18 位"), ASK_LICENCE, **facts)
    if not FORM.fullmatch(code):
        message = N_("“{code}”里有不该出现的字符（没有字母 I、O、S、V、Z，第 3 至 8 位是数字）")
        raise Unreadable(message, ASK_LICENCE, code=code)
    if code[-1] != (expected := uscc.calc_check_digit(code[:17])):
        raise Unreadable(
            N_("“{code}”的第 18 位校验字符不对：按前 17 位应为 {expected}，写的是 {written}"),
            N_("按营业执照核对：可能抄错了任意一位，不一定是最后一位"),
            code=code,
            expected=expected,
            written=code[-1],
        )
    return code


def is_identity_number(code: str) -> bool:
    """A resident's number (GB 11643): a day of birth within, and a check of its own. Codes of firms begin with 9."""
    if not IDENTITY_NUMBER.fullmatch(code) or code[-1] != ric.calc_check_digit(code):
        return False
    return _is_day(code[6:14])


def may_be_persons(code: str) -> bool:
    """Digits that may be a resident's number with a slip in it, or its first seventeen, or one of the fifteen of before
    2000: a day of birth stands where it would. A sound code of an organisation is none."""
    long = LIKE_IDENTITY.fullmatch(code)
    if long and not (
        len(code) == 18 and FORM.fullmatch(code) and code[-1] == uscc.calc_check_digit(code[:17])
    ):
        return _is_day(code[6:14])
    return bool(re.fullmatch(r"[1-8]\d{14}", code)) and _is_day(f"19{code[6:12]}")


def without_person(text: str) -> str:
    """What is written, but for digits that may be a resident's number."""
    return IN_TEXT.sub(lambda found: COVERED if _names_person(found[0]) else found[0], text)


def _names_person(found: str) -> bool:
    code = re.sub(r"[\s\-]", "", found).upper()
    return is_identity_number(code) or may_be_persons(code)


def _is_day(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def shown_name(name: str, code: str | None) -> str:
    """In public: a sole trader is a natural person, of whose name the ends stay, enough to compare with a pack."""
    if not is_sole_trader(code):
        return name
    return name[:1] + "＊" * (len(name) - 2) + name[-1:] if len(name) > 2 else name[:1] + "＊"


def shown_code(code: str | None) -> str:
    """In public: a sole trader's is covered in the middle."""
    return code[:6] + "＊" * 8 + code[-4:] if code and is_sole_trader(code) else code or ""


def is_sole_trader(code: str | None) -> bool:
    return (code or "").startswith(SOLE_TRADER)
