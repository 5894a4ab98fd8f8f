"""Labels for label printers in ZPL II, one at a time, of any layout and for printers of 203, 300 and 600 dpi.

A printer's own fonts hold no Chinese and its own symbols choose their masks as they like, so the face of the
label is a graphic, sent once and recalled for each label, and the symbol is ours, dot for dot. Commands are of
the ZPL II Programming Guide: ~DG stores a graphic, ^XG recalls it, ^GF draws one in which ":" repeats a line.
"""

from collections.abc import Iterator

import numpy as np

from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.label_block import fill_code, unit_digits, with_holes
from gi_trace.labels.label_face import LabelFace
from gi_trace.labels.label_picture import face_picture
from gi_trace.labels.layouts import Layout, check_layout
from gi_trace.labels.sheets import PAPER, Box
from gi_trace.labels.symbols import packed_rows
from gi_trace.labels.typesetting import SetLine, Typeset, typeset

STORED = "R:GIFACE.GRF"
LABELS_AT_ONCE = 500
_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint8).reshape(256, 2)


def zpl_labels(
    face: LabelFace,
    units: Units,
    layout: Layout,
    prefix: str,
    level: str | None = None,
    dots_per_inch: int = PAPER,
) -> FileInParts:
    """One label per unit, byte for byte the same each time. Refuses what cannot be printed, as `pdf_sheet`."""
    check_layout(layout)
    label = typeset(face, layout, prefix, level, dots_per_inch=dots_per_inch)
    symbols, plan = label.symbols, label.plan
    head, foot = _stored_face(label), f"^XA^ID{STORED}^FS^XZ\n".encode()
    row = -(-plan.symbol.width // 8)
    text, holes = with_holes(*_label(label, row))

    def parts() -> Iterator[bytes]:
        yield head
        for some in units.chunks(LABELS_AT_ONCE):
            letters = some.letters()
            labels = np.tile(text, (len(some), 1))
            labels[:, holes["symbol"]] = _drawn(symbols.draw(letters), plan.module)
            fill_code(labels, holes, letters)
            if "unit" in holes:
                labels[:, holes["unit"]] = unit_digits(some)
            yield labels.tobytes()
        yield foot

    return FileInParts(parts(), len(head) + len(units) * len(text) + len(foot))


def _label(label: Typeset, row: int) -> tuple[str, dict[str, int]]:
    """Everything of one label, with holes for what differs, and their lengths."""
    plan = label.plan
    size = row * plan.symbol.height
    lines = {f"code{number}": line for number, line in enumerate(label.code)}
    if label.unit:
        lines["unit"] = label.unit
    texts = "".join(_text(label, line, name) for name, line in lines.items())
    lengths = {name: len(line.text) for name, line in lines.items()}
    lengths["symbol"] = label.symbols.size * (2 * row + plan.module - 1)
    return (
        f"^XA^PW{plan.width}^LL{plan.height}^LH0,0^FO0,0^XG{STORED},1,1^FS"
        f"^FO{plan.symbol.x},{_top(label, plan.symbol)}^GFA,{size},{size},{row},{{symbol}}^FS{texts}^XZ\n"
    ), lengths


def _text(label: Typeset, line: SetLine, name: str) -> str:
    """In the printer's own scalable type, which has figures and Latin letters."""
    top = label.plan.height - line.y - line.type_size
    return f"^FO{line.x},{top}^A0N,{line.type_size},{line.type_size}^FD{{{name}}}^FS"


def _top(label: Typeset, box: Box) -> int:
    """Dots from the upper edge of the label, where ZPL counts from."""
    return label.plan.height - box.y - box.height


def _drawn(symbols: np.ndarray, module: int) -> np.ndarray:
    """Symbols (codes, size) as data of ^GF: each row of modules once in hexadecimal, then repeated."""
    codes, size = symbols.shape
    modules = np.unpackbits(packed_rows(symbols), axis=2)[:, :, :size]
    rows = _HEX[np.packbits(np.repeat(modules, module, axis=2), axis=2)].reshape(codes, size, -1)
    again = np.full((codes, size, module - 1), ord(":"), np.uint8)
    return np.concatenate([rows, again], axis=2).reshape(codes, -1)


def _stored_face(label: Typeset) -> bytes:
    row = -(-label.plan.width // 8)
    size = row * label.plan.height
    return f"~DG{STORED},{size},{row},{face_picture(label).tobytes().hex().upper()}\n".encode()
