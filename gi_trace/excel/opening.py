"""The process that opens one workbook and ends: `workbook.py` starts it, by its path, so that it loads nothing else.

    opening.py < workbook

Its sheets as a pickle: (name, whether it is a sheet of cells, whether it is shown, rows from the first, merged blocks).
What it takes is bounded here, before anything is read.
"""

import io
import os
import pickle
import resource
import sys

CPU_SECONDS, MEMORY = 30, 1024**3


def sheets_of(content: bytes) -> list[tuple]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = []
    for sheet in workbook.sheets_metadata:
        is_cells = sheet.typ == SheetTypeEnum.WorkSheet
        opened = workbook.get_sheet_by_name(sheet.name) if is_cells else None
        rows = opened.to_python(skip_empty_area=False) if opened and opened.end else []
        merged = (opened.merged_cell_ranges if opened else None) or []
        found.append((sheet.name, is_cells, sheet.visible == SheetVisibleEnum.Visible, rows, merged))
    return found


def take_little() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # whoever checks a code goes first


if __name__ == "__main__":
    take_little()
    try:
        answer = pickle.dumps(sheets_of(sys.stdin.buffer.read()), pickle.HIGHEST_PROTOCOL)
    except BaseException:  # a panic of the reader is no Exception
        sys.exit(1)
    sys.stdout.buffer.write(answer)
