"""How people write the names of places and other registered things. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from opencc import OpenCC

Thing = TypeVar("Thing")

AROUND = [
    re.compile(part) for part in ("^.{2,3}省", "^.{2,3}市", "^.{2,3}[区县市]", "(街道办事处|街道|镇|乡)$")
]


def name_key(text: str) -> str:
    """A name without what people write in one way or another: blanks, width, case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def search_key(text: str) -> str:
    """A name by which it is found however it is written: also without brackets, dots and traditional characters."""
    return "".join(one for one in simplified(name_key(text)) if one.isalnum())


def number_behind(prefix: str, text: str) -> int:
    """12 of "L12" or "l00012", behind the prefix "L"; 0, which no row has, where there is no such number."""
    found = re.fullmatch(rf"{prefix}0*([0-9]{{1,9}})", name_key(text).upper())
    return int(found[1]) if found else 0


def simplified(text: str) -> str:
    """Traditional characters as the mainland writes them, which is how names stand in its registers."""
    return _to_simplified().convert(text)


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def named(text: str, known: Mapping[str, Thing]) -> Thing | None:
    """What stands under the name's key in `known`: as it is written, or with ever less of the administration around it."""
    key = name_key(text)
    if key in known:
        return known[key]
    for part in AROUND:
        key = part.sub("", key)
        if key in known:
            return known[key]
    return None
