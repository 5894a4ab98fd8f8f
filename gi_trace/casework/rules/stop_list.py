"""Stops as an officer types them: one line a batch, with units and measure. Pure.

K7Q2M 1-48 召回
K7Q2M 冻结            (all units)
"""

import re
import unicodedata
from dataclasses import dataclass

from gi_trace.batches.rules import StopKind
from gi_trace.errors import N_, Refused

KINDS = {
    **dict.fromkeys(("冻结", "凍結", "hold"), StopKind.HOLD),
    **dict.fromkeys(("召回", "recall"), StopKind.RECALL),
    **dict.fromkeys(("仿冒", "counterfeit"), StopKind.COUNTERFEIT),
}
LINE = re.compile(
    rf"(\S+?)\s+(?:(\d{{1,7}})(?:\s*[-–~至]\s*(\d{{1,7}}))?\s*)?({'|'.join(KINDS)})", re.IGNORECASE
)


@dataclass(frozen=True)
class StopLine:
    """`first` and `last` None: all units of the batch."""

    batch: str
    kind: StopKind
    first: int | None
    last: int | None


class StopLineUnreadable(Refused):
    code = "stop_line_unreadable"
    text = N_("第 {line} 行“{given}”无法识别。每行写：批次号、件号（可不写）、冻结或召回或仿冒。")


def read_stop_list(text: str) -> list[StopLine]:
    """Raises StopLineUnreadable naming the line."""
    lines = []
    for number, typed in enumerate(text.splitlines(), start=1):
        written = unicodedata.normalize("NFKC", typed).strip()
        if not written:
            continue
        found = LINE.fullmatch(written)
        if not found:
            raise StopLineUnreadable(line=number, given=written[:40])
        first = int(found[2]) if found[2] else None
        last = int(found[3]) if found[3] else first
        lines.append(StopLine(found[1], KINDS[found[4].lower()], first, last))
    return lines
