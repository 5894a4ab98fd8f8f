"""Lengths as people write them: millimetres with × or blanks between. Pure."""

import re
import unicodedata

from gi_trace.errors import N_, Refused

_BETWEEN = re.compile(r"[\s×x*✕,，;；毫米m]+", re.IGNORECASE)
_LENGTH = re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,3})?")


class LengthsUnreadable(Refused):
    code = "lengths_unreadable"
    text = N_("请填写 {count} 个数（毫米），中间用 × 或空格隔开。")


def parse_lengths(typed: str, count: int) -> tuple[int, ...]:
    """So many lengths in tenths of a millimetre, rounded; LengthsUnreadable."""
    words = [word for word in _BETWEEN.split(unicodedata.normalize("NFKC", typed[:200])) if word]
    if len(words) != count or not all(_LENGTH.fullmatch(word) for word in words):
        raise LengthsUnreadable(count=count)
    return tuple(round(float(word) * 10) for word in words)


def lengths_text(tenths: tuple[int, ...], between: str = " × ") -> str:
    """As one would type them."""
    return between.join(f"{length / 10:g}" for length in tenths)
