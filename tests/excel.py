"""Rolls as .xlsx, built with openpyxl: what offices send, made as messy as a test needs."""

import io
from collections.abc import Iterable
from datetime import date

import openpyxl
from stdnum.cn.uscc import calc_check_digit

HEADER = [
    "企业名称", "统一社会信用代码", "产品", "保护依据", "公告号/注册号",
    "授权起始日", "授权截止日", "所在镇", "地址",
]  # fmt: skip


def uscc(number: int) -> str:
    """A sound code of nobody."""
    stem = f"91440705MADE{number:05d}"
    return stem + calc_check_digit(stem)


FIRM = {
    "企业名称": "示范甲陈皮行",
    "统一社会信用代码": uscc(1),
    "产品": "新会陈皮",
    "保护依据": "证明商标",
    "公告号/注册号": "第0000001号",
    "授权起始日": date(2026, 1, 1),
    "授权截止日": date(2027, 12, 31),
    "所在镇": "大鳌",
    "地址": "示范路1号",
}
OTHER_FIRM = FIRM | {"企业名称": "示范乙陈皮行", "统一社会信用代码": uscc(2)}


def roll_xlsx(
    *rows: dict | list, above: Iterable[list] = (), header: list[str] = HEADER, merge: Iterable[str] = ()
) -> bytes:
    """An .xlsx with `above` (rows of titles), the header, and rows (dicts by header, or lists of cells)."""
    book = openpyxl.Workbook()
    for cells in above:
        book.active.append(cells)
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(name) for name in header] if isinstance(row, dict) else row)
    for block in merge:
        book.active.merge_cells(block)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
