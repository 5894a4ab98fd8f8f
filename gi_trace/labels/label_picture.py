"""A label as dots: the face of it for label printers, and one whole label to look at. Black is True."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from gi_trace.labels.download import Units
from gi_trace.labels.fonts import CHINESE, FOLDER, MONOSPACED
from gi_trace.labels.label_block import in_groups
from gi_trace.labels.label_face import on_white
from gi_trace.labels.layouts import LabelPart
from gi_trace.labels.sheets import Box
from gi_trace.labels.symbols import packed_rows
from gi_trace.labels.typesetting import SetLine, Typeset


def face_picture(label: Typeset) -> Image.Image:
    """What all labels share, in black and white; an image of one bit a dot, 1 is black."""
    picture = Image.new("1", (label.plan.width, label.plan.height))
    drawing = ImageDraw.Draw(picture)
    for line in label.lines:
        _write(drawing, label, line, line.text, CHINESE)
    for box, image in label.pictures:
        drawn = on_white(image, max(box.width, box.height)).resize((box.width, box.height))
        picture.paste(ImageOps.invert(drawn.convert("L")).convert("1"), (box.x, _top(label, box)))
    if label.hidden:
        frame = label.plan.boxes[LabelPart.HIDDEN]
        top = _top(label, frame)
        drawing.rectangle((frame.x, top, frame.x + frame.width, top + frame.height), outline=1)
    return picture


def label_picture(label: Typeset, units: Units) -> Image.Image:
    """The first of some units, as a label printer prints it."""
    picture = face_picture(label)
    drawing, unit = ImageDraw.Draw(picture), units.part(0, 1)
    grouped = in_groups(unit.letters())[0].tobytes().decode()
    texts = [grouped] if len(label.code) == 1 else [grouped[:11], grouped[12:]]
    for line, text in zip(label.code, texts, strict=True):
        _write(drawing, label, line, text, MONOSPACED)
    if label.unit:
        _write(drawing, label, label.unit, str(unit.first), MONOSPACED)
    picture.paste(_symbol(label, unit), (label.plan.symbol.x, _top(label, label.plan.symbol)))
    return picture


def png_of(picture: Image.Image, dots_per_inch: int) -> bytes:
    """Black on white, at its real size."""
    file = BytesIO()
    Image.eval(picture.convert("L"), lambda black: 255 - black).save(
        file, "PNG", dpi=(dots_per_inch, dots_per_inch)
    )
    return file.getvalue()


def _write(drawing: ImageDraw.ImageDraw, label: Typeset, line: SetLine, text: str, font: str) -> None:
    face = ImageFont.truetype(FOLDER / font, line.type_size)
    drawing.text((line.x, label.plan.height - line.y), text, fill=1, font=face, anchor="ls")


def _symbol(label: Typeset, unit: Units) -> Image.Image:
    size, module = label.symbols.size, label.plan.module
    modules = np.unpackbits(packed_rows(label.symbols.draw(unit.letters())), axis=2)[0, :, :size]
    return Image.fromarray(np.kron(modules, np.ones((module, module), np.uint8)) * 255).convert("1")


def _top(label: Typeset, box: Box) -> int:
    """Dots from the upper edge of the label, where pictures count from."""
    return label.plan.height - box.y - box.height
