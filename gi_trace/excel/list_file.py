"""A list as a file for Excel, written as its rows come: however long it is, it takes no more memory.

Pure. No cell starts a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from xlsxwriter import Workbook

from gi_trace.errors import N_, Refused

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")
MOST_ROWS = 1_048_575  # of a sheet, below its header; the writer would leave out the others in silence
LONGEST_CELL = 32_767
BOM = b"\xef\xbb\xbf"  # without it Excel shows Chinese as signs


class TooLongForExcel(Refused):
    code = "list.too_long_for_excel"
    text = N_("这份名单超过 {most} 行，一个 Excel 工作表放不下。请加上筛选条件，或导出 CSV。")


def write_list(
    file: IO[bytes],
    form: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    created: datetime | None = None,
) -> int:
    """Writes "csv" (UTF-8 with BOM) or "xlsx" and returns how many rows. Raises TooLongForExcel.

    Numbers (int, Decimal) stay numbers, None is empty, all else is text. A workbook says when it was made, which is
    now unless told: with the same moment the same rows give the same bytes.
    """
    safe = ([_cell(value) for value in row] for row in rows)
    return _write_xlsx(file, header, safe, created) if form == "xlsx" else _write_csv(file, header, safe)


def _write_csv(file: IO[bytes], header: Sequence[str], rows: Iterator[list[Any]]) -> int:
    file.write(BOM)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow(row)
    text.flush()
    text.detach()
    return count


def _write_xlsx(
    file: IO[bytes], header: Sequence[str], rows: Iterator[list[Any]], created: datetime | None
) -> int:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": created} if created else {})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise TooLongForExcel(most=MOST_ROWS)
            sheet.write_row(count, 0, row)
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, int | Decimal):
        return value
    text = "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = text[: LONGEST_CELL - 1]
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()
