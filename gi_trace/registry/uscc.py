"""The unified social credit code of an enterprise (GB 32100-2015): 18 characters, the last one a check."""

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, code_of

SOLE_TRADER = (
    "92"  # GB 32100-2015: registered with the business register as an individual, whose name is a person's
)
ASK_LICENCE = N_("按营业执照核对统一社会信用代码")


def uscc_of(cell: Cell) -> str:
    """The code in its printed form. A right check character does not prove that the enterprise exists."""
    code = code_of(cell)
    try:
        return uscc.validate(code)
    except InvalidLength:
        raise Unreadable(
            N_("“{code}”有 {length} 位，应为 18 位"), ASK_LICENCE, code=code, length=len(code)
        ) from None
    except InvalidFormat:
        raise Unreadable(
            N_("“{code}”里有不该出现的字符（没有字母 I、O、S、V、Z，前 8 位是数字）"), ASK_LICENCE, code=code
        ) from None
    except InvalidChecksum:
        raise Unreadable(
            N_("“{code}”的第 18 位校验字符不对：按前 17 位应为 {expected}，写的是 {written}"),
            N_("按营业执照核对：可能抄错了任意一位，不一定是最后一位"),
            code=code,
            expected=uscc.calc_check_digit(code[:17]),
            written=code[-1],
        ) from None


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
