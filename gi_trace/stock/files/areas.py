"""Areas of land as files state them, in 亩, 公顷 or 平方米, said over the column, in a title or in the cell itself.

Pure. 15 亩 are one hectare. What says no unit is square metres, as the template asks for, unless it looks like 亩.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, text_of

MU, HECTARE, SQUARE_METRE = N_("亩"), N_("公顷"), N_("平方米")
IN_M2 = {MU: Fraction(2000, 3), HECTARE: Fraction(10_000), SQUARE_METRE: Fraction(1)}
WRITTEN = {
    "亩": MU, "公顷": HECTARE, "hm2": HECTARE, "ha": HECTARE,
    "平方米": SQUARE_METRE, "平米": SQUARE_METRE, "平方": SQUARE_METRE, "m2": SQUARE_METRE,
}  # fmt: skip
SMALLEST_BARE = 100  # m²: a smaller number without a unit is likelier 亩
_UNIT = "|".join(WRITTEN)
_OVER = re.compile(rf"(?<![a-z])({_UNIT})(?!产|[a-z])")
_IN_TITLE = re.compile(rf"(?<![\u4e00-\u9fff])(?:面积|计量)?单位:[^\n]*?({_UNIT})")
_AREA = re.compile(rf"(\d{{1,9}}(?:\.\d{{1,6}})?)({_UNIT})?")


class Measured(NamedTuple):
    """An area in whole square metres, and the unit that it was stated in."""

    m2: int
    unit: str


def area_under(labels: Sequence[str], titles: Sequence[str]) -> Callable[[Cell], Measured]:
    """A reader of the cells under these labels, of a sheet with these titles."""
    unit = unit_said(_OVER, labels, WRITTEN) or unit_said(_IN_TITLE, titles, WRITTEN)

    @lru_cache(maxsize=10_000)
    def read(text: str) -> Measured:
        bare = plain(text).replace(",", "")
        found = _AREA.fullmatch(bare)
        if not found:
            raise Unreadable(
                N_("“{text}”不是面积"), N_("只填数字，例如 5.5 或 3335，单位写在表头"), text=text
            )
        number, stated = Fraction(found[1]), WRITTEN.get(found[2] or "") or unit
        if not stated and (number < SMALLEST_BARE or number.denominator > 1):
            raise Unreadable(
                N_("“{text}”没有写明单位"),
                N_("在表头写明单位，例如“实测面积（亩）”或“实测面积（平方米）”"),
                text=text,
            )
        stated = stated or SQUARE_METRE
        return Measured(int(number * IN_M2[stated] + Fraction(1, 2)), stated)

    return lambda cell: read(text_of(cell))


def others_than_most(units: Iterable[str]) -> tuple[str, set[str]]:
    """The unit that most areas of a file are stated in, and the others."""
    counted = Counter(units)
    most = max(counted, key=lambda unit: counted[unit], default="")
    return most, counted.keys() - {most}


def unit_said(pattern: re.Pattern[str], texts: Sequence[str], written: Mapping[str, str]) -> str:
    """Of the first text that says one; two in one text say none."""
    for text in map(plain, texts):
        said = {written[unit] for unit in pattern.findall(text)}
        if said:
            return said.pop() if len(said) == 1 else ""
    return ""


def plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
