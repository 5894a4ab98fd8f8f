"""JSON as others send it – firms' systems, phones, other offices – read within bounds and refused whole, in words. Pure.

What passes is UTF-8 text that every database keeps and that reads as it is written, and numbers that every reader of
JSON has exactly; shapes are asked about by whoever reads on.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from gi_trace.errors import N_, Refused

MOST_DEPTH = 20
LARGEST = 2**53  # RFC 8259: up to here numbers are exact everywhere
LONGEST_NUMBER = 20  # digits, beyond which none is read: 5,000 take long, and more Python refuses
LONGEST_NAME = 40
# What is shown is not what is written; left-to-right marks are harmless, and phones put them around numbers.
TURNS = re.compile("[\u202b\u202d\u202e\u2067]")
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"}
FILLERS = set("\u115f\u1160\u2800\u3164\uffa0")  # letters by their category, and nothing to be seen

NO_TEXT = N_("有不能保存的字符（半个字符或空字符）")
TURNED = N_("有改变文字方向的控制符，显示的与写的不同")
NOTHING_SEEN = N_("没有看得见的字")
TOO_LARGE = N_("数太大，最大是 9007199254740992")
TOO_DEEP = N_("套得太深")


class JsonUnreadable(Refused):
    code = "json_unreadable"
    status = 400
    text = N_("发来的内容不是完整的 JSON（UTF-8 编码）。")


class JsonUnfit(Refused):
    code = "json_unfit"
    status = 400
    text = N_("“{where}”{fault}，没有收下。")


def read_json(sent: bytes | str) -> Any:
    """What it says. Raises JsonUnreadable, or JsonUnfit with the place of a fault, as `draws.0.grams`."""
    try:
        text = sent if isinstance(sent, str) else sent.decode("utf-8-sig")
        read = json.loads(text, parse_int=_whole_number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise JsonUnreadable from None
    _check(read)
    return read


def _whole_number(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST_NUMBER else LARGEST + 1


def _refuse(constant: str) -> None:
    raise JsonUnreadable


def _check(read: Any) -> None:
    """Without recursion: how deep it is, is what is asked."""
    left: list[tuple[tuple[str, ...], Any]] = [((), [read])]
    while left:
        path, holder = left.pop()
        for name, value in _named(holder, path):
            if isinstance(value, dict | list):
                if len(path) > MOST_DEPTH:
                    raise JsonUnfit(where=_where(path), fault=TOO_DEEP)
                left.append(((*path, name), value))
            elif fault := _fault(value):
                raise JsonUnfit(where=_where((*path, name)), fault=fault)


def _named(holder: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(holder, list):
        yield from ((str(place), one) for place, one in enumerate(holder))
        return
    for name, one in holder.items():
        if fault := fault_of_text(name):
            raise JsonUnfit(where=_where(path), fault=fault)
        yield name, one


def _where(path: tuple[str, ...]) -> str:
    """As `draws.0.grams`: the first step is into the whole."""
    return ".".join(name[:LONGEST_NAME] for name in path[1:]) or "JSON"


def _fault(value: Any) -> str:
    if isinstance(value, str):
        return fault_of_text(value)
    if isinstance(value, int | float) and not (math.isfinite(value) and abs(value) <= LARGEST):
        return TOO_LARGE
    return ""


def fault_of_text(text: str) -> str:
    """Why it is not kept, "" if it is; also of what is typed into forms."""
    if text.isascii():
        return NO_TEXT if "\x00" in text else ""
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        return NO_TEXT
    if TURNS.search(text):
        return TURNED
    return NOTHING_SEEN if text.strip() and not any(map(is_seen, text)) else ""


def is_seen(character: str) -> bool:
    """Whether a reader sees it. What Unicode does not know yet, or leaves to its users, may be a character of a name."""
    return unicodedata.category(character) not in UNSEEN and character not in FILLERS
