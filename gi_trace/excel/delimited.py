"""Tables as text (.csv), in the encodings that offices' programs write.

Pure.
"""

import csv
import io

from gi_trace.excel.seen import Limits, Seen, check_together
from gi_trace.excel.unreadable import UnreadableFile

MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
UNMARKED = (("utf-8", "UTF-8"), ("gb18030", "GBK"))
DELIMITERS = ",;\t"
LONGEST_CELL = 32_767  # as Excel's


def rows_of(content: bytes, limits: Limits) -> tuple[list[list[str]], str]:
    """The rows, and the encoding. Raises UnreadableFile for what is no text in lines of cells."""
    text, encoding = _decoded(content)
    if "\x00" in text or not any(delimiter in text for delimiter in DELIMITERS):
        raise UnreadableFile
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    seen, rows = Seen(limits), []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if filled := [place for place, cell in enumerate(row) if cell.strip()]:
                seen.cell(number, filled[-1], hidden=False)
            rows.append(row[: limits.columns])
    except csv.Error:
        raise UnreadableFile from None
    check_together([seen], limits)
    return rows[: seen.height], encoding


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, encoding in MARKED:
        if content.startswith(mark):
            return _text(content, codec), encoding
    for codec, encoding in UNMARKED[:-1]:
        try:
            return content.decode(codec), encoding
        except UnicodeDecodeError:
            continue
    codec, encoding = UNMARKED[-1]
    return _text(content, codec), encoding


def _text(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        raise UnreadableFile from None
