"""Weights as people write them in kilograms, kept as integer grams and never rounded."""

import re
import unicodedata
from decimal import Decimal

from gi_trace.errors import N_, Refused

MOST_G = 10_000_000_000  # 10,000 t: a whole district's season, so a slip of the finger

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?")
_UNIT = re.compile(r"(?:千克|公斤|kg)$", re.IGNORECASE)


class Grams(int):
    """Grams that read as kilograms in a sentence: `f"{Grams(1234500)}"` is "1,234.5 千克"."""

    def __format__(self, spec: str) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{kilograms(self)} 千克"


def kilograms(grams: int) -> str:
    """Exact kilograms without trailing zeros: 1500 → "1.5"."""
    whole, rest = divmod(abs(grams), 1000)
    text = f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"-{text}" if grams < 0 else text


def in_kilograms(grams: int) -> Decimal:
    """As a number, for a spreadsheet to reckon with: 1500 → 1.5, exactly."""
    return Decimal(kilograms(grams).replace(",", ""))


class WeightMissing(Refused):
    code = "weight_missing"
    text = N_("请填写重量（千克）。")


class WeightNotNumber(Refused):
    code = "weight_not_number"
    text = N_("“{given}”不是重量。请只填千克数，例如 1250.5。")


class WeightNotPositive(Refused):
    code = "weight_not_positive"
    text = N_("重量“{given}”必须大于 0。")


class WeightTooFine(Refused):
    code = "weight_too_fine"
    text = N_("重量“{given}”比 1 克还细。最多填 3 位小数，系统不替您四舍五入。")


class WeightTooLarge(Refused):
    code = "weight_too_large"
    text = N_("重量“{given}”超过一次可登记的上限 {most}。请核对单位是不是千克。")


def parse_weight(given: object) -> int:
    """Integer grams of a weight in kilograms as typed or as read from a cell of a workbook.

    Forgives blanks, full-width characters, grouping commas and a trailing 千克, 公斤 or kg.
    Raises a named refusal for anything that is not one positive weight in whole grams.
    """
    shown = "" if given is None else str(given).strip()
    text = unicodedata.normalize("NFKC", shown).replace("\u2212", "-")
    text = _UNIT.sub("", re.sub(r"\s+", "", text))
    if not text:
        raise WeightMissing()
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise WeightNotNumber(given=shown[:40])
    return _grams_of(text.replace(",", ""), shown[:40])


def _grams_of(number: str, shown: str) -> int:
    whole, _, decimals = number.lstrip("+-").partition(".")
    decimals = decimals.rstrip("0")
    if number.startswith("-") or not (whole + decimals).strip("0"):
        raise WeightNotPositive(given=shown)
    if len(decimals) > 3:
        raise WeightTooFine(given=shown)
    if len(whole.lstrip("0")) > 12 or (weight_g := int(whole + decimals.ljust(3, "0"))) > MOST_G:
        raise WeightTooLarge(given=shown, most=Grams(MOST_G))
    return weight_g


def check_weight(weight_g: int) -> None:
    """Refuse a weight that no form can have parsed: zero, negative or absurd."""
    if weight_g <= 0:
        raise WeightNotPositive(given=Grams(weight_g))
    if weight_g > MOST_G:
        raise WeightTooLarge(given=Grams(weight_g), most=Grams(MOST_G))
