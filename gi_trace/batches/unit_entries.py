"""Units as people give them: numbers and ranges, codes scanned or typed, whole addresses, a pasted column. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from gi_trace.batches.rules import RangeReversed
from gi_trace.batches.unit_states import MOST_RANGES, Range
from gi_trace.codes.unit_code import batch_text
from gi_trace.errors import N_, Refused
from gi_trace.labels.lists import HEADINGS

_ENTRIES = re.compile(r"[\r\n\t,，、;；]+")
_DASH = re.compile(r"\s*[-–—~至到]\s*")
_NUMBERS = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")
MOST_SHOWN = 50
# Of the lists of codes, now and before: whoever copies a column copies its head too.
HEADS = frozenset({*HEADINGS, "单品号"})
# (batch number, unit) of a code of ours, as typed, or in an address; None for anything else.
UnitOf = Callable[[str], tuple[int, int] | None]


class NotUnits(Refused):
    code = "not_units"
    text = N_("“{given}”不是件号，也不是本系统的标识码。件号请这样填写：1-5、9、12-20。")


class NotALabel(Refused):
    code = "not_a_label"
    text = N_("“{given}”不是本系统的标识码。这里只收标识码，不收件号：请逐件扫码或照标识键入。")


class UnitOfAnotherBatch(Refused):
    code = "unit_of_another_batch"
    text = N_("“{given}”是批次 {batch} 的标识码，不是本批次 {own} 的。")


class TooManyRanges(Refused):
    code = "too_many_ranges"
    text = N_("这些件号分成了 {ranges} 段，一次最多 {most} 段。请分几次提交。")


def read_units(given: str, batch_number: int, unit_of: UnitOf) -> list[Range]:
    """The units of a batch, in order and merged: whatever is said twice, as by a second scan, counts once.

    Raises NotUnits, UnitOfAnotherBatch, RangeReversed, TooManyRanges.
    """
    return _few(merged(one for entry in _entries(given) for one in _entry(entry, batch_number, unit_of)))


def read_labels(given: str, batch_number: int, unit_of: UnitOf) -> list[Range]:
    """`read_units` of codes alone, which only who has the label can tell: a number is no code."""
    words = (word for entry in _entries(given) for word in ([entry] if unit_of(entry) else entry.split()))
    return _few(merged(_unit(word, batch_number, unit_of, NotALabel) for word in words))


def _entries(given: str) -> Iterator[str]:
    entries = (entry.strip() for entry in _ENTRIES.split(unicodedata.normalize("NFKC", given)))
    return (entry for entry in entries if entry and entry not in HEADS)


def _few(found: list[Range]) -> list[Range]:
    if len(found) > MOST_RANGES:
        raise TooManyRanges(ranges=len(found), most=MOST_RANGES)
    return found


def merged(ranges: Iterable[Range]) -> list[Range]:
    """In order; those that overlap or touch are one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def _entry(entry: str, batch_number: int, unit_of: UnitOf) -> Iterator[Range]:
    """A code, with or without blanks between its groups; else numbers and codes with blanks between them."""
    if unit_of(entry):
        yield _unit(entry, batch_number, unit_of)
        return
    numbers = _DASH.sub("-", entry).split()
    words = numbers if all(map(_NUMBERS.fullmatch, numbers)) else entry.split()
    for word in words:
        yield _numbers(word) or _unit(word, batch_number, unit_of)


def _numbers(word: str) -> Range | None:
    written = _NUMBERS.fullmatch(word)
    if written is None:
        return None
    first, last = int(written[1]), int(written[2] or written[1])
    if first > last:
        raise RangeReversed(first=first, last=last)
    return first, last


def _unit(word: str, batch_number: int, unit_of: UnitOf, fault: type[Refused] = NotUnits) -> Range:
    opened = unit_of(word)
    if opened is None:
        raise fault(given=word[:60])
    number, unit = opened
    if number != batch_number:
        raise UnitOfAnotherBatch(given=word[-40:], batch=batch_text(number), own=batch_text(batch_number))
    return unit, unit


def typed(ranges: Iterable[Range]) -> str:
    """1-5、9、12-20, all of them: as `read_units` reads them again."""
    return "、".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)


def in_words(ranges: Sequence[Range]) -> str:
    """1–5、9、12–20, the first fifty of them: as summaries show them."""
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges[:MOST_SHOWN]]
    return "、".join([*shown, "…"] if len(ranges) > MOST_SHOWN else shown)
