"""`scripts/bench sheets`: label sheets and lists, from the order of a million units to symbols read back."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image, ImageOps

from gi_trace.labels.arranging import arranged
from gi_trace.labels.lists import csv_list
from gi_trace.labels.sheets import QUIET_MODULES, corners
from gi_trace.labels.symbols import packed_rows, symbols_of
from gi_trace.labels.typesetting import best_level, typeset
from scripts.benches.issue_million import issue_million
from scripts.benches.largest_downloads import (
    DOWNLOADS,
    FACE,
    MILLION,
    PREFIX,
    TEMPLATE,
    drained,
    sheet,
    units,
)
from scripts.benches.reading import DECODERS, read_shares
from scripts.benches.rival_sheets import by_fpdf2, by_reportlab
from scripts.benches.rival_symbols import qrcode_image
from scripts.benches.rounds import Contestant, rates, ratio, show

PAGES_AT_ONCE = 10
LEVEL = best_level(arranged(TEMPLATE), PREFIX)
LABEL = typeset(FACE, TEMPLATE, PREFIX, LEVEL)
SIZE = LABEL.symbols.size


def contestants() -> dict[str, Contestant]:
    few, some = units(TEMPLATE.labels), units(4 * TEMPLATE.labels)
    rows = np.unpackbits(packed_rows(symbols_of(PREFIX, LEVEL).draw(some.letters())), axis=2)
    squares = [["".join(map(str, row)) for row in symbol] for symbol in rows]
    texts = [PREFIX + code for code in few.codes()]

    def made(count: int, make: Callable[[], object]) -> Contestant:
        return lambda: count if make() else 0

    return {
        "own": made(24_000, lambda: drained(sheet(24_000))),
        "csv": made(MILLION, lambda: drained(csv_list(units(MILLION), PREFIX))),
        "reportlab": made(len(few), lambda: by_reportlab(texts, LEVEL)),
        "fpdf2": made(len(some), lambda: by_fpdf2(some.codes(), squares)),
    }


def peak_mb(name: str) -> float:
    """Megabytes that a full download takes beyond the idle service."""
    command = [sys.executable, "-m", "scripts.benches.largest_downloads", name]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    own, whole = map(float, told.split())
    print(f"# peak memory of the largest {name}: {own:.0f} MB, with the idle service {whole:.0f} MB")
    return own


def printed_symbols(count: int):
    """Each symbol of a sheet with its quiet zone, cut from the pages at 300 dots per inch, with its code."""
    places = LABEL.plan
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
                for (x, y), code in zip(corners(LABEL.layout), codes, strict=False):
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
    module = pictures[0].width // (SIZE + 2 * QUIET_MODULES)
    theirs = [qrcode_image(text, module, LEVEL).get_image().convert("L") for text in texts]
    pairs = zip(read_shares(framed(pictures), texts), read_shares(framed(theirs), texts), strict=True)
    for (damage, decoder, own_share), (_, _, their_share) in pairs:
        print(f"# {damage}, {decoder}: {own_share:.3f} (qrcode: {their_share:.3f})")


def framed(pictures) -> list[Image.Image]:
    return [ImageOps.expand(picture, 20, fill=255) for picture in pictures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--decoded", type=int, default=10_000, help="labels read back by both decoders")
    parser.add_argument("--damaged", type=int, default=500, help="labels read back after each damage")
    options = parser.parse_args()
    show_damages(options.damaged)
    measured = rates(contestants(), options.rounds)
    milliseconds, db_bytes = issue_million()
    show(
        {
            "pdf_labels_per_s": median(measured["own"]),
            "pdf_vs_reportlab": ratio(measured, "own", "reportlab"),
            "pdf_vs_fpdf2": ratio(measured, "own", "fpdf2"),
            "csv_rows_per_s": median(measured["csv"]),
            "issue_million_ms": milliseconds,
            "issue_million_db_bytes": db_bytes,
            "peak_mb": max(map(peak_mb, DOWNLOADS)),
            "decoded_share": decoded_share(options.decoded),
        }
    )


if __name__ == "__main__":
    main()
