"""Lists of codes for printing firms, as CSV and as an Excel sheet (ECMA-376) whose cells are all texts."""

from collections.abc import Iterator

from gi_trace.errors import N_, Refused
from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.zip_stream import ZipStream

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel shows no Chinese
HEADINGS = ("单品号", "标识码", "印刷文字", "网址")
HIDDEN_HEADING = "涂层密码"
ROWS_AT_ONCE = 5000
LARGEST_EXCEL = 200_000

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SCHEMAS = "http://schemas.openxmlformats.org"
_MAIN = f"{_SCHEMAS}/spreadsheetml/2006/main"
_RELATIONS = f"{_SCHEMAS}/package/2006/relationships"
_OFFICE = f"{_SCHEMAS}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WORKBOOK_FILES = {
    "[Content_Types].xml": f'<Types xmlns="{_SCHEMAS}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="标识码" sheetId="1" r:id="rId1"/></sheets></workbook>',
}
_SHEET_HEAD = (
    f'<worksheet xmlns="{_MAIN}"><cols><col min="1" max="5" width="32" customWidth="1"/></cols><sheetData>'
)
_CELL, _CELL_END = '<c t="inlineStr"><is><t>', "</t></is></c>"
_NEXT_CELL = _CELL_END + _CELL
_SHEET_END = "</sheetData></worksheet>"


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


def xlsx_list(units: Units, prefix: str, *, with_hidden: bool = False) -> FileInParts:
    """The same as an Excel sheet of inline texts (none can be a formula), at most 200,000 units."""
    if len(units) > LARGEST_EXCEL:
        raise TooManyForExcel(most=LARGEST_EXCEL, asked=len(units))

    def sheet() -> Iterator[bytes]:
        yield f"{_XML}{_SHEET_HEAD}{_excel_row(_headings(with_hidden))}".encode()
        for some in units.chunks(ROWS_AT_ONCE):
            yield "".join(map(_excel_row, _rows(some, prefix, with_hidden))).encode()
        yield _SHEET_END.encode()

    def parts() -> Iterator[bytes]:
        archive = ZipStream()
        for name, content in _WORKBOOK_FILES.items():
            archive.store(name, (_XML + content).encode())
        yield from archive.compress("xl/worksheets/sheet1.xml", sheet())
        yield archive.finish()

    return FileInParts(parts())


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


def _excel_row(cells: tuple[str, ...]) -> str:
    # Nothing here needs escaping: digits, codes, and addresses that symbols_of would take.
    return f"<row>{_CELL}{_NEXT_CELL.join(cells)}{_CELL_END}</row>"


def _digits(units: Units) -> int:
    """How many digits the numbers of all the units have together."""
    bounds = ((max(units.first, 10**below), min(units.last, 10 * 10**below - 1)) for below in range(8))
    return sum((below + 1) * max(0, last - first + 1) for below, (first, last) in enumerate(bounds))
