"""Money as people write it in yuan, kept as integer fen and never rounded. Pure."""

import re
import unicodedata

from gi_trace.errors import N_, Refused

MOST_FEN = 10_000_000_000_00  # ten thousand million yuan: a slip of the finger
NUMBER = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?")


class Yuan(int):
    """Fen that read as yuan in a sentence: `f"{Yuan(123450)}"` is "1,234.50 元"."""

    def __format__(self, spec: str) -> str:
        return str(self)

    def __str__(self) -> str:
        whole, rest = divmod(int(self), 100)
        return f"{whole:,}.{rest:02d} 元"


class MoneyUnreadable(Refused):
    code = "money_unreadable"
    text = N_("“{given}”不是金额。请只填元数，最多两位小数，例如 1250.50。")


def parse_yuan(given: str) -> int:
    """Integer fen; forgives blanks, full-width characters, grouping commas and a trailing 元."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", given)).removesuffix("元")
    found = NUMBER.fullmatch(text)
    if not found or not text.isascii():
        raise MoneyUnreadable(given=given.strip()[:40])
    fen = int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
    if fen > MOST_FEN:
        raise MoneyUnreadable(given=given.strip()[:40])
    return fen
