"""Labels for label printers of 300 dots to the inch, in ZPL II: the roll of 30 × 20 mm.

A printer's own fonts hold no Chinese and its own symbols choose their masks as they like, so the face of the
label is a graphic, sent once and recalled for each label, and the symbol is ours, dot for dot. Commands are of
the ZPL II Programming Guide: ~DG stores a graphic, ^XG recalls it, ^GF draws one in which ":" repeats a line.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.fonts import CHINESE, FOLDER, characters_of, subset_of
from gi_trace.labels.label_block import in_groups, with_holes
from gi_trace.labels.label_face import LabelFace, check_face, fitted_lines
from gi_trace.labels.pdf import best_level
from gi_trace.labels.sheets import TEMPLATES, Box, LabelLayout, layout
from gi_trace.labels.symbols import packed_rows, symbols_of

ROLL = TEMPLATES["roll-30x20"]
STORED = "R:GIFACE.GRF"
LABELS_AT_ONCE = 500
_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)


def zpl_roll(face: LabelFace, units: Units, prefix: str, level: str | None = None) -> FileInParts:
    """One label per unit, byte for byte the same each time. Refuses what cannot be printed, as `pdf_sheet`."""
    check_face(face)
    symbols = symbols_of(prefix, level or best_level(ROLL, prefix))
    places = layout(ROLL, symbols.size, with_mark=False, with_hidden=False)
    head, foot = _stored_face(face, places), f"^XA^ID{STORED}^FS^XZ\n".encode()
    row = -(-places.symbol.width // 8)
    lengths = {"symbol": symbols.size * (2 * row + places.module - 1), "code": 23}
    text, holes = with_holes(_label(places, row), lengths)

    def parts() -> Iterator[bytes]:
        yield head
        for some in units.chunks(LABELS_AT_ONCE):
            letters = some.letters()
            labels = np.tile(text, (len(some), 1))
            labels[:, holes["symbol"]] = _drawn(symbols.draw(letters), places.module)
            labels[:, holes["code"]] = in_groups(letters)
            yield labels.tobytes()
        yield foot

    return FileInParts(parts(), len(head) + len(units) * len(text) + len(foot))


def _label(places: LabelLayout, row: int) -> str:
    """Everything of one label, with holes for what differs."""
    size = row * places.symbol.height
    type_size = places.code.height
    return (
        f"^XA^PW{places.width}^LL{places.height}^LH0,0^FO0,0^XG{STORED},1,1^FS"
        f"^FO{places.symbol.x},{_top(places, places.symbol)}^GFA,{size},{size},{row},{{symbol}}^FS"
        f"^FO{places.code.x},{_top(places, places.code)}^A0N,{type_size},{type_size}^FD{{code}}^FS^XZ\n"
    )


def _top(places: LabelLayout, box: Box) -> int:
    """Dots from the upper edge of the label, where ZPL counts from."""
    return places.height - box.y - box.height


def _drawn(symbols: np.ndarray, module: int) -> np.ndarray:
    """Symbols (codes, size) as data of ^GF: each row of modules once in hexadecimal, then repeated."""
    codes, size = symbols.shape
    modules = np.unpackbits(packed_rows(symbols), axis=2)[:, :, :size]
    rows = _HEX[np.packbits(np.repeat(modules, module, axis=2), axis=2)].reshape(codes, size, -1)
    again = np.full((codes, size, module - 1), ord(":"), np.uint8)
    return np.concatenate([rows, again], axis=2).reshape(codes, -1)


def _stored_face(face: LabelFace, places: LabelLayout) -> bytes:
    picture = _picture(face.lines(in_full=ROLL.in_full), places)
    row = -(-places.width // 8)
    size = row * places.height
    return f"~DG{STORED},{size},{row},{picture.tobytes().hex().upper()}\n".encode()


def _picture(lines: tuple[str, ...], places: LabelLayout) -> Image.Image:
    """The texts of the label in black dots, set as on paper."""
    picture = Image.new("1", (places.width, places.height))
    drawing = ImageDraw.Draw(picture)
    for line, type_size, y in fitted_lines(lines, places.text, subset_of(CHINESE, characters_of(*lines))):
        font = ImageFont.truetype(FOLDER / CHINESE, type_size)
        drawing.text((places.text.x, places.height - y), line, fill=1, font=font, anchor="ls")
    return picture
