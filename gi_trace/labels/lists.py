"""Lists of codes for printing firms, as CSV and as an Excel sheet whose cells are all texts."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO

from gi_trace.errors import N_, Refused
from gi_trace.excel.list_file import write_list
from gi_trace.labels.download import FileInParts, FileOnDisk, Units

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel shows no Chinese
HEADINGS = ("件号", "标识码", "印刷文字", "网址")
HIDDEN_HEADING = "涂层密码"
ROWS_AT_ONCE = 5000
LARGEST_EXCEL = 200_000
FIXED_DATE = datetime(1980, 1, 1)  # a workbook of today is the same bytes tomorrow


class TooManyForExcel(Refused):
    code = "too_many_for_excel"
    text = N_("Excel 文件最多 {most} 行，本次有 {asked} 行。请下载 CSV。")


def csv_list(units: Units, prefix: str, *, with_hidden: bool = False) -> FileInParts:
    """One line per unit: its number, code, code in groups as printed, address and, if asked, hidden code."""
    head = BYTE_ORDER_MARK + f"{','.join(_headings(with_hidden))}\r\n".encode()

    def parts() -> Iterator[bytes]:
        yield head
        for some in units.chunks(ROWS_AT_ONCE):
            yield "".join(f"{','.join(row)}\r\n" for row in _rows(some, prefix, with_hidden)).encode()

    first_line = "".join(next(_rows(units.part(0, 1), prefix, with_hidden)))
    separators = len(_headings(with_hidden)) + 1
    per_line = len(first_line.encode()) - len(str(units.first)) + separators
    return FileInParts(parts(), len(head) + per_line * len(units) + _digits(units))


def xlsx_list(units: Units, prefix: str, *, with_hidden: bool = False) -> FileOnDisk:
    """The same as an Excel sheet of texts (none can be a formula), at most 200,000 units."""
    if len(units) > LARGEST_EXCEL:
        raise TooManyForExcel(most=LARGEST_EXCEL, asked=len(units))

    def write(file: IO[bytes]) -> None:
        rows = (row for some in units.chunks(ROWS_AT_ONCE) for row in _rows(some, prefix, with_hidden))
        write_list(file, "xlsx", _headings(with_hidden), rows, created=FIXED_DATE)

    return FileOnDisk(write)


def _headings(with_hidden: bool) -> tuple[str, ...]:
    return (*HEADINGS, HIDDEN_HEADING) if with_hidden else HEADINGS


def _rows(units: Units, prefix: str, with_hidden: bool) -> Iterator[tuple[str, ...]]:
    rows = (
        (str(unit), code, f"{code[:5]} {code[5:10]} {code[10:15]} {code[15:]}", prefix + code)
        for unit, code in enumerate(units.codes(), start=units.first)
    )
    if not with_hidden:
        return rows
    return ((*row, hidden) for row, hidden in zip(rows, units.hidden(), strict=True))


def _digits(units: Units) -> int:
    """How many digits the numbers of all the units have together."""
    bounds = ((max(units.first, 10**below), min(units.last, 10 * 10**below - 1)) for below in range(8))
    return sum((below + 1) * max(0, last - first + 1) for below, (first, last) in enumerate(bounds))
