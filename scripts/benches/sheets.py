"""`scripts/bench sheets`: label sheets and lists, from the order of a million units to symbols read back."""

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageOps

from gi_trace.codes.download import Download, Units
from gi_trace.codes.images import LARGEST_ZIP, image_zip
from gi_trace.codes.label_face import LabelFace
from gi_trace.codes.lists import LARGEST_EXCEL, csv_list, xlsx_list
from gi_trace.codes.pdf import pdf_sheet
from gi_trace.codes.sheets import QUIET_MODULES, TEMPLATES, corners, layout
from gi_trace.codes.symbols import packed_rows, symbols_of
from gi_trace.codes.unit_code import epoch_keys
from scripts.benches.reading import DECODERS, read_shares
from scripts.benches.rival_sheets import by_fpdf2, by_reportlab
from scripts.benches.rival_symbols import qrcode_image
from scripts.benches.rounds import rates, ratio, show

PREFIX = "https://gi.example/c/"
KEYS = epoch_keys(bytes(32), bytes(32), 3)
MILLION = 1_000_000
TEMPLATE = TEMPLATES["a4-24"]
FACE = LabelFace(
    "新会陈皮", "示范陈皮行（演示）有限公司", "914407050000000000", "15NM7", "500 克", "演示公告 0 号"
)
PAGES_AT_ONCE = 10


def units(count: int) -> Units:
    return Units(KEYS, 1234567, 1, count)


def sheet(count: int) -> Download:
    return pdf_sheet(FACE, units(count), TEMPLATE, PREFIX)


DOWNLOADS = {
    "pdf": lambda: sheet(MILLION),
    "csv": lambda: csv_list(units(MILLION), PREFIX, with_hidden=True),
    "xlsx": lambda: xlsx_list(units(LARGEST_EXCEL), PREFIX),
    "zip": lambda: image_zip(units(LARGEST_ZIP), PREFIX, "png"),
}


def drained(download: Download) -> int:
    return sum(map(len, download.parts))


def contestants() -> dict:
    few, some = units(24), units(96)
    rows = packed_rows(symbols_of(PREFIX).draw(some.letters()))
    squares = [["".join(map(str, row)) for row in np.unpackbits(symbol, axis=1)] for symbol in rows]
    texts = [PREFIX + code for code in few.codes()]

    def labels(count, made):
        return lambda: made() and count

    return {
        "own": labels(24_000, lambda: drained(sheet(24_000))),
        "csv": labels(MILLION, lambda: drained(csv_list(units(MILLION), PREFIX))),
        "reportlab": labels(24, lambda: by_reportlab(texts)),
        "fpdf2": labels(96, lambda: by_fpdf2(some.codes(), squares)),
    }


def peak_mb(name: str) -> float:
    """Memory of a process that only makes one full download."""
    command = [sys.executable, "-m", "scripts.benches.sheets", "--only", name]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def printed_symbols(count: int):
    """Each symbol of a sheet with its quiet zone, cut from the pages at 300 dots per inch, with its code."""
    places = layout(TEMPLATE, symbols_of(PREFIX).size, with_mark=False, with_hidden=False)
    quiet, side = QUIET_MODULES * places.module, places.symbol.width
    codes = iter(units(count).codes())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sheet.pdf")
        file.write_bytes(b"".join(sheet(count).parts))
        for first in range(1, -(-count // TEMPLATE.labels) + 1, PAGES_AT_ONCE):
            last = first + PAGES_AT_ONCE - 1
            command = [
                "pdftoppm",
                "-r",
                "300",
                "-gray",
                "-f",
                str(first),
                "-l",
                str(last),
                file,
                f"{folder}/page",
            ]
            subprocess.run(command, check=True)
            for path in sorted(Path(folder).glob("*.pgm")):
                page = Image.open(path)
                for (x, y), code in zip(corners(TEMPLATE), codes, strict=False):
                    left, foot = x + places.symbol.x, page.height - y - places.symbol.y
                    yield (
                        page.crop((left - quiet, foot - side - quiet, left + side + quiet, foot + quiet)),
                        code,
                    )
                path.unlink()


def decoded_share(count: int) -> float:
    """Share of a sheet's symbols that both decoders read back."""
    read = [
        all(decode(picture) == [PREFIX + code] for decode in DECODERS.values())
        for picture, code in printed_symbols(count)
    ]
    return sum(read) / len(read)


def show_damages(count: int) -> None:
    """What each decoder reads of damaged symbols from a sheet, and of those that `qrcode` draws."""
    pictures, codes = zip(*printed_symbols(count), strict=True)
    texts = [PREFIX + code for code in codes]
    module = pictures[0].width // (symbols_of(PREFIX).size + 2 * QUIET_MODULES)
    theirs = [qrcode_image(text, module).get_image().convert("L") for text in texts]
    pairs = zip(read_shares(_framed(pictures), texts), read_shares(_framed(theirs), texts), strict=True)
    for (damage, decoder, own_share), (_, _, their_share) in pairs:
        print(f"# {damage}, {decoder}: {own_share:.3f} (qrcode: {their_share:.3f})")


def _framed(pictures) -> list[Image.Image]:
    return [ImageOps.expand(picture, 20, fill=255) for picture in pictures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--decoded", type=int, default=10_000, help="labels read back by both decoders")
    parser.add_argument("--damaged", type=int, default=500, help="labels read back after each damage")
    parser.add_argument("--only", choices=DOWNLOADS, help="make one download and print its peak memory in MB")
    options = parser.parse_args()
    if options.only:
        drained(DOWNLOADS[options.only]())
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    show_damages(options.damaged)
    measured = rates(contestants(), options.rounds)
    memory = {name: peak_mb(name) for name in DOWNLOADS}
    for name, megabytes in memory.items():
        print(f"# peak memory of the largest {name}: {megabytes:.0f} MB")
    show(
        {
            "pdf_labels_per_s": median(measured["own"]),
            "pdf_vs_reportlab": ratio(measured, "own", "reportlab"),
            "pdf_vs_fpdf2": ratio(measured, "own", "fpdf2"),
            "csv_rows_per_s": median(measured["csv"]),
            "peak_mb": max(memory.values()),
            "decoded_share": decoded_share(options.decoded),
        }
    )


if __name__ == "__main__":
    main()
