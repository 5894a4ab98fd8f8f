"""Weights as files state them, in 千克, 斤 or 吨, said over the column, in a title or in the cell itself. Pure."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from gi_trace.errors import N_, Refused
from gi_trace.excel.cells import Cell, Unreadable, text_of
from gi_trace.stock.files.areas import plain, unit_said
from gi_trace.stock.rules.weights import WeightNotNumber, parse_weight

KILOGRAM, JIN, TON = N_("千克"), N_("斤"), N_("吨")
IN_KG = {KILOGRAM: Fraction(1), JIN: Fraction(1, 2), TON: Fraction(1000)}
WRITTEN = {"千克": KILOGRAM, "公斤": KILOGRAM, "kg": KILOGRAM, "市斤": JIN, "斤": JIN, "吨": TON}
_UNIT = "|".join(WRITTEN)
_OVER = re.compile(f"({_UNIT})")
_IN_TITLE = re.compile(rf"单位:(?:[^\n]{{1,3}}[、/,])?({_UNIT})(?![\u4e00-\u9fff])")
_WEIGHT = re.compile(rf"(.*?)({_UNIT})?")


class Weighed(NamedTuple):
    """Whole grams, and the unit that they were stated in."""

    grams: int
    unit: str


def weight_under(labels: Sequence[str], titles: Sequence[str]) -> Callable[[Cell], Weighed]:
    """A reader of the cells under these labels, of a sheet with these titles; in kilograms unless anything says another."""
    over = unit_over(labels, titles)

    def read(cell: Cell) -> Weighed:
        text = text_of(cell)
        number, own = _parts(text)
        if own and over and own != over:
            message = N_("“{text}”写的是{own}，表头写的是{over}")
            raise Unreadable(message, N_("只填数字，按{over}计"), text=text, own=own, over=over)
        unit = own or over or KILOGRAM
        try:
            grams = parse_weight(number) * IN_KG[unit]
        except WeightNotNumber:
            advice = N_("只填数字，按{unit}计，例如 1500")
            raise Unreadable(N_("“{text}”不是重量"), advice, text=text, unit=unit) from None
        except Refused as refusal:
            raise Unreadable(refusal.text, N_("只填数字，按{unit}计"), **refusal.facts, unit=unit) from None
        if grams.denominator != 1:
            raise Unreadable(N_("“{text}”比 1 克还细"), N_("最多填 3 位小数"), text=text)
        return Weighed(int(grams), unit)

    return read


def unit_over(labels: Sequence[str], titles: Sequence[str] = ()) -> str:
    return unit_said(_OVER, labels, WRITTEN) or unit_said(_IN_TITLE, titles, WRITTEN)


def with_unit(text: str, unit: str) -> str:
    """The text of a cell, taken from under a label that said the unit."""
    return f"{text}{unit}" if text and unit and not _parts(text)[1] else text


def _parts(text: str) -> tuple[str, str]:
    """What stands before the unit, and the unit, if any."""
    found = _WEIGHT.fullmatch(plain(text))
    return (found[1], WRITTEN.get(found[2] or "", "")) if found else (text, "")
