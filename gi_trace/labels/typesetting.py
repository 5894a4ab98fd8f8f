"""A label set in type: every part of it in dots of a resolution, whoever draws it then."""

import re
from dataclasses import dataclass, replace

from gi_trace.errors import N_, Refused
from gi_trace.labels.arranging import arranged
from gi_trace.labels.fonts import CHINESE, Subset, characters_of, subset_of
from gi_trace.labels.label_face import UNIT_WORD, LabelFace, check_face, opened
from gi_trace.labels.layouts import ADDRESS_BY_THE_CODE, TEXTS, LabelPart, Layout, PartWithoutPlace
from gi_trace.labels.sheets import (
    DOTS_PER_MM,
    PAPER,
    Box,
    LabelPlan,
    is_comfortable,
    module_of,
    plan_of,
)
from gi_trace.labels.symbols import LEVELS, AddressTooLong, Symbols, size_of, smallest_version, symbols_of

LARGEST_TYPE_MM, SMALLEST_TYPE_MM = 3.05, 1.27
TYPED_TYPE_MM = 1.8  # what one must read to type it: the height that GB 7718 (3.9) asks for on packs
SMALLEST_TYPE_DOTS = 12  # of a Chinese character that can still be read
LEADING = 1.25
MONOSPACED_WIDTH = 0.6
CODE_LINES = ((23,), (11, 11))  # characters of each: four groups of five, with blanks between
HIDDEN_DIGITS, UNIT_DIGITS = 9, 7
# Latin words and numbers stay whole; no line begins with a closing mark or ends with an opening one.
_WORDS = re.compile(r"[（《「“]*(?:[\x21-\x7e]+|.)[）》」”，。、：；]*", re.DOTALL)


class LabelTextTooLong(Refused):
    code = "label_text_too_long"
    text = N_("标签文字太多，最小字号也放不下。请改用较大的标签。")


@dataclass(frozen=True)
class SetLine:
    """A text with its type size and the left end of its baseline, in dots."""

    text: str
    type_size: int
    x: int
    y: int


@dataclass(frozen=True)
class Typeset:
    """`layout` is the one asked for, with its places. `lines` are the texts that all labels share; `code`, `unit` and
    `hidden` have as many characters as will be put there for each label, in a monospaced type."""

    face: LabelFace
    asked: Layout
    layout: Layout
    plan: LabelPlan
    symbols: Symbols
    font: Subset
    lines: tuple[SetLine, ...]
    code: tuple[SetLine, ...]
    unit: SetLine | None
    hidden: SetLine | None

    @property
    def left_out(self) -> set[LabelPart]:
        """What the label has no room for at a legible size, though its layout asks for it."""
        return set(self.asked.parts) - set(self.layout.parts)

    @property
    def pictures(self) -> list[tuple[Box, bytes]]:
        """Marks, as large as their places allow without distortion."""
        images = ((LabelPart.MARK, self.face.artwork), (LabelPart.LOGO, self.layout.logo))
        boxes = self.plan.boxes
        return [
            (_in_proportion(boxes[part], image), image) for part, image in images if image and part in boxes
        ]


def typeset(
    face: LabelFace,
    layout: Layout,
    prefix: str,
    level: str | None = None,
    *,
    dots_per_inch: int = PAPER,
    with_hidden: bool = False,
) -> Typeset:
    """Without a level the symbol has the strongest whose modules stay comfortable. Refuses what cannot be printed; only
    the address to type, arranged by the service, is left out where it cannot be large enough to read."""
    check_face(face)
    options = (prefix, level, dots_per_inch, with_hidden)
    try:
        return _typeset(face, layout, layout, *options)
    except Refused:
        if not _types_address(layout):
            raise
    less = tuple(part for part in layout.parts if part is not LabelPart.WEBSITE)
    return _typeset(face, layout, replace(layout, parts=less), *options)


def _typeset(
    face: LabelFace,
    asked: Layout,
    layout: Layout,
    prefix: str,
    level: str | None,
    dots_per_inch: int,
    with_hidden: bool,
) -> Typeset:
    layout = arranged(layout, with_hidden=with_hidden)
    if with_hidden and LabelPart.HIDDEN not in layout.parts:
        raise PartWithoutPlace(missing=LabelPart.HIDDEN.label)
    symbols = symbols_of(prefix, level or best_level(layout, prefix, dots_per_inch))
    plan = plan_of(layout, symbols.size, dots_per_inch)
    font = subset_of(CHINESE, characters_of(face.characters))
    blocks = [(parts, box) for parts, box in plan.blocks if parts[0] in TEXTS]
    typed = (LabelPart.WEBSITE,) if _types_address(asked) else ()
    lines = [
        line
        for parts, box in blocks
        for line in block_lines(face, parts, box, font, dots_per_inch, is_typed=parts == typed)
    ]
    unit_word, unit = _unit(plan.boxes.get(LabelPart.UNIT), font)
    hidden = _hidden(plan.boxes[LabelPart.HIDDEN]) if with_hidden else None
    code = _code(plan.boxes[LabelPart.CODE])
    numbers = [line for line in (*code, unit, hidden) if line]
    if min(line.type_size for line in numbers) < _smallest_type(dots_per_inch):
        raise LabelTextTooLong()
    return Typeset(face, asked, layout, plan, symbols, font, (*lines, *unit_word), code, unit, hidden)


def best_level(layout: Layout, prefix: str, dots_per_inch: int = PAPER) -> str:
    """The strongest error correction whose modules stay comfortable to scan; the weakest if none does.

    A patch of 15 % of the symbol is more than level M can lose, and less than level H can.
    """
    for level in reversed(LEVELS):
        try:
            size = size_of(smallest_version(prefix, level))
        except AddressTooLong:
            continue
        if is_comfortable(module_of(layout, size, dots_per_inch), dots_per_inch):
            return level
    return "L"


def _types_address(layout: Layout) -> bool:
    """Whether the address stands by the code, large enough to be typed."""
    return (
        LabelPart.WEBSITE in layout.parts and not layout.places and layout.arrangement >= ADDRESS_BY_THE_CODE
    )


def block_lines(
    face: LabelFace,
    parts: tuple[LabelPart, ...],
    box: Box,
    font: Subset,
    dots_per_inch: int,
    *,
    is_typed: bool = False,
) -> list[SetLine]:
    """Texts below one another; the product in larger type."""
    texts = [(face.text(part), part is LabelPart.PRODUCT) for part in parts]
    least = round(TYPED_TYPE_MM * DOTS_PER_MM[dots_per_inch]) if is_typed else _smallest_type(dots_per_inch)
    return fitted_lines([text for text in texts if text[0]], box, font, dots_per_inch, least=least)


def fitted_lines(
    texts: list[tuple[str, bool]],
    box: Box,
    font: Subset,
    dots_per_inch: int = PAPER,
    *,
    least: int | None = None,
) -> list[SetLine]:
    """In the largest type that fits into a box, of `least` dots at least, those that are told so a quarter larger; or
    LabelTextTooLong."""
    largest = round(LARGEST_TYPE_MM * DOTS_PER_MM[dots_per_inch])
    for type_size in range(largest, (least or _smallest_type(dots_per_inch)) - 1, -1):
        placed: list[SetLine] = []
        top = box.y + box.height
        for text, is_larger in texts:
            size = type_size * 5 // 4 if is_larger else type_size
            for line in _wrapped(text, 1000 * box.width // size, font):
                top -= round(size * LEADING)
                placed.append(SetLine(line, size, box.x, top + size // 4))
        fits = all(font.width(line.text) * line.type_size <= 1000 * box.width for line in placed)
        if top >= box.y and fits:
            return placed
    raise LabelTextTooLong()


def _in_proportion(box: Box, image: bytes) -> Box:
    across, down = opened(image).size
    scale = min(box.width / across, box.height / down)
    width, height = max(1, int(across * scale)), max(1, int(down * scale))
    return Box(box.x + (box.width - width) // 2, box.y + (box.height - height) // 2, width, height)


def _smallest_type(dots_per_inch: int) -> int:
    return max(round(SMALLEST_TYPE_MM * DOTS_PER_MM[dots_per_inch]), SMALLEST_TYPE_DOTS)


def _wrapped(text: str, width: int, font: Subset) -> list[str]:
    """Lines of at most a width, in thousandths of the type size."""
    lines = [""]
    for word in _WORDS.findall(text):
        if lines[-1] and font.width(lines[-1] + word) > width:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return [line.rstrip() for line in lines]


def _code(box: Box) -> tuple[SetLine, ...]:
    """On the number of lines that lets the type be larger."""
    type_size, lines = max(
        (min(box.height // len(lines), _monospaced(box.width, lines[0])), lines) for lines in CODE_LINES
    )
    leading = box.height // len(lines)
    return tuple(
        SetLine(" " * length, type_size, box.x, box.y + (len(lines) - 1 - number) * leading + type_size // 5)
        for number, length in enumerate(lines)
    )


def _unit(box: Box | None, font: Subset) -> tuple[list[SetLine], SetLine | None]:
    """The word before the number, and the number's place."""
    if box is None:
        return [], None
    word = font.width(UNIT_WORD)
    type_size = min(box.height, int(1000 * box.width / (word + 1000 * MONOSPACED_WIDTH * UNIT_DIGITS)))
    y = box.y + type_size // 6
    number = SetLine(" " * UNIT_DIGITS, type_size, box.x + word * type_size // 1000, y)
    return [SetLine(UNIT_WORD, type_size, box.x, y)], number


def _hidden(box: Box) -> SetLine:
    type_size = min(box.height * 3 // 5, _monospaced(box.width * 9 // 10, HIDDEN_DIGITS))
    x = box.x + (box.width - int(type_size * MONOSPACED_WIDTH * HIDDEN_DIGITS)) // 2
    return SetLine(" " * HIDDEN_DIGITS, type_size, x, box.y + (box.height - type_size * 3 // 4) // 2)


def _monospaced(width: int, characters: int) -> int:
    return int(width / (characters * MONOSPACED_WIDTH))
