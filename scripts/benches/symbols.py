"""`scripts/bench symbols`: QR symbols a second beside `qrcode` and libqrencode, on one core."""

import argparse
import io

import numpy as np
from PIL import Image

from gi_trace.codes.unit_code import epoch_keys
from gi_trace.labels.download import Units
from gi_trace.labels.images import png_images
from gi_trace.labels.symbols import packed_rows, symbols_of
from scripts.benches.reading import DECODERS
from scripts.benches.rival_symbols import libqrencode_matrix, libqrencode_square, qrcode_png
from scripts.benches.rounds import rates, ratio, show

PREFIX = "https://trace.gi-labels.example.com/c/"  # 58 characters with the code, as in baselines
KEYS = epoch_keys(bytes(32), bytes(32), 3)
CHUNK, CHUNKS = 480, 20


def units(count):
    return Units(KEYS, 1234567, 1, count)


def texts(count):
    return [PREFIX + code for code in units(count).codes()]


def contestants():
    symbols = symbols_of(PREFIX)
    few, some = texts(10), texts(1000)

    def drawn(chunks, mask=None, images=None):
        count = 0
        for part in units(CHUNK * chunks).chunks(CHUNK):
            rows = symbols.draw(part.letters(), mask)
            count += len(images(rows)) if images else len(rows)
        return count

    return {
        "qrcode png": lambda: len([qrcode_png(text) for text in few]),
        "matrix": lambda: drawn(CHUNKS),
        "fixed mask": lambda: drawn(CHUNKS, mask=0),
        "png": lambda: drawn(2, images=png_images),
        "libqrencode": lambda: len([libqrencode_matrix(text) for text in some]),
    }


def same_as_libqrencode(count):
    """Share of symbols whose every module, so also the mask, is that of libqrencode."""
    rows = packed_rows(symbols_of(PREFIX).draw(units(count).letters()))
    size = rows.shape[1]
    squares = np.unpackbits(rows, axis=2)[:, :, :size]
    pairs = zip(squares, texts(count), strict=True)
    return sum(np.array_equal(square, libqrencode_square(text)) for square, text in pairs) / count


def decoded_share(count):
    """Share of PNGs that both decoders read back, each symbol alone."""
    read = 0
    for part in units(count).chunks(CHUNK):
        images = png_images(symbols_of(PREFIX).draw(part.letters()))
        for code, image in zip(part.codes(), images, strict=True):
            picture = Image.open(io.BytesIO(image)).convert("L")
            read += all(decode(picture) == [PREFIX + code] for decode in DECODERS.values())
    return read / count


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--decoded", type=int, default=10_000, help="symbols read back by both decoders")
    chosen = options.parse_args()
    measured = rates(contestants(), chosen.rounds)
    for name, values in measured.items():
        print(f"# {name}: {sorted(values)[len(values) // 2]:.0f}/s")
    print(f"# same as libqrencode, mask included: {same_as_libqrencode(2000):.4f}")
    show(
        {
            "matrix_vs_qrcode_png": ratio(measured, "matrix", "qrcode png"),
            "png_vs_qrcode_png": ratio(measured, "png", "qrcode png"),
            "fixed_mask_vs_qrcode_png": ratio(measured, "fixed mask", "qrcode png"),
            "matrix_vs_libqrencode": ratio(measured, "matrix", "libqrencode"),
            "decoded_share": decoded_share(chosen.decoded),
        }
    )


if __name__ == "__main__":
    main()
