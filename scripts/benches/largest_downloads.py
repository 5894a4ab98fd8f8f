"""The largest downloads there are. `python -m scripts.benches.largest_downloads NAME` makes one and prints the
memory in megabytes that it took at its peak, and that of the whole process, the idle service included."""

import sys
from collections.abc import Callable
from pathlib import Path

from gi_trace.codes.unit_code import epoch_keys
from gi_trace.labels.download import FileInParts, FileOnDisk, Units
from gi_trace.labels.images import LARGEST_ZIP, image_zip
from gi_trace.labels.label_face import LabelFace
from gi_trace.labels.lists import LARGEST_EXCEL, csv_list, xlsx_list
from gi_trace.labels.pdf import SheetOptions, pdf_sheet
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS

PREFIX = "https://gi.example/c/"
KEYS = epoch_keys(bytes(32), bytes(32), 3)
MILLION = 1_000_000
TEMPLATE = STANDARD_LAYOUTS["a4-24"]
FACE = LabelFace(
    product="新会陈皮",
    enterprise="示范陈皮行（演示）有限公司",
    uscc="914407050000000000",
    batch="15NM7",
    net_weight="500 克",
    basis="演示公告 0 号",
)


def units(count: int) -> Units:
    return Units(KEYS, 1234567, 1, count)


def sheet(count: int, *, template: str = "a4-24", with_hidden: bool = False) -> FileInParts:
    return pdf_sheet(
        FACE, units(count), STANDARD_LAYOUTS[template], PREFIX, SheetOptions(with_hidden=with_hidden)
    )


DOWNLOADS: dict[str, Callable[[], FileInParts | FileOnDisk]] = {
    "pdf": lambda: sheet(MILLION, with_hidden=True),
    "roll": lambda: sheet(MILLION, template="roll-30x20"),
    "csv": lambda: csv_list(units(MILLION), PREFIX, with_hidden=True),
    "xlsx": lambda: xlsx_list(units(LARGEST_EXCEL), PREFIX, with_hidden=True),
    "png": lambda: image_zip(units(LARGEST_ZIP), PREFIX, "png"),
}


def drained(file: FileInParts | FileOnDisk) -> int:
    made = file.made()
    sent = sum(map(len, made.parts))
    made.close()
    return sent


def memory_mb(mark: str) -> float:
    """VmRSS, now, or VmHWM, the peak. (getrusage would count what the parent had when it forked.)"""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status[mark].split()[0]) / 1024


if __name__ == "__main__":
    idle = memory_mb("VmRSS")
    drained(DOWNLOADS[sys.argv[1]]())
    peak = memory_mb("VmHWM")
    print(peak - idle, peak)
