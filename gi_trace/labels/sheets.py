"""Where labels stand on a sheet, and where their parts stand on a label, in whole dots from the lower left.

A module of a whole number of dots is drawn evenly; pages are in dots of 300 to the inch, which printers of 600 draw as
well.
"""

from dataclasses import dataclass
from math import ceil

from gi_trace.errors import N_, Refused
from gi_trace.labels.layouts import LABEL_EDGE, LabelPart, Layout, Place, moves

PAPER = 300
DOTS_PER_MM = {203: 8.0, 300: 300 / 25.4, 600: 600 / 25.4}  # by what printers call dpi
QUIET_MODULES = 4
SMALLEST_MODULE_MM = 0.33  # smaller ones are lost on label paper and by old phones
COMFORTABLE_MODULE_MM = 0.37  # 0.42 at 300 dots to the inch
LARGEST_MODULE_MM = 0.6
CUT_MARK_MM = 1.5


class SymbolTooLarge(Refused):
    code = "symbol_too_large"
    text = N_(
        "网址太长，{label}的标签放不下 {modules} × {modules} 格的二维码。请改用较大的标签或较短的网址。"
    )


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class LabelPlan:
    """A label in dots. The symbol's box is without its quiet zone; texts of one block share their box."""

    dots_per_inch: int
    width: int
    height: int
    module: int
    symbol: Box
    boxes: dict[LabelPart, Box]
    blocks: tuple[tuple[tuple[LabelPart, ...], Box], ...]


def dots(tenths: float, dots_per_inch: int = PAPER) -> int:
    """Of tenths of a millimetre."""
    return round(tenths / 10 * DOTS_PER_MM[dots_per_inch])


def corners(layout: Layout) -> list[tuple[int, int]]:
    """Lower left corners of what stands on the labels of a page, in reading order; the offset moves them all."""
    across, down = (_starts(layout, axis, moves(layout, axis)) for axis in (0, 1))
    return [(dots(x), dots(layout.page[1] - layout.label[1] - y)) for y in down for x in across]


def cells(layout: Layout) -> list[tuple[int, int]]:
    """Lower left corners of the labels themselves, as they are cut."""
    across, down = (_starts(layout, axis, [0] * layout.grid[axis]) for axis in (0, 1))
    return [(dots(x), dots(layout.page[1] - layout.label[1] - y)) for y in down for x in across]


def cut_marks(layout: Layout) -> bytes:
    """Hairline crosses at the corners of every label."""
    width, height, arm = dots(layout.label[0]), dots(layout.label[1]), dots(10 * CUT_MARK_MM)
    points = {(x + right, y + up) for x, y in cells(layout) for right in (0, width) for up in (0, height)}
    crosses = (
        b"%d %d m %d %d l %d %d m %d %d l" % (x - arm, y, x + arm, y, x, y - arm, x, y + arm)
        for x, y in sorted(points)
    )
    return b"0.5 w\n%b S" % b"\n".join(crosses)


def module_of(layout: Layout, symbol_size: int, dots_per_inch: int = PAPER) -> int:
    """Dots of a module in the largest drawing of a symbol that fits its place; 0 if the smallest does not."""
    per_mm = DOTS_PER_MM[dots_per_inch]
    smallest, largest = _at_least(SMALLEST_MODULE_MM, per_mm), int(LARGEST_MODULE_MM * per_mm)
    for module in range(largest, smallest - 1, -1):
        if _fits(layout, symbol_size, module, dots_per_inch):
            return module
    return 0


def is_comfortable(module: int, dots_per_inch: int) -> bool:
    return module >= _at_least(COMFORTABLE_MODULE_MM, DOTS_PER_MM[dots_per_inch])


def plan_of(layout: Layout, symbol_size: int, dots_per_inch: int = PAPER) -> LabelPlan:
    """Of a layout with its places; SymbolTooLarge."""
    module = module_of(layout, symbol_size, dots_per_inch)
    if not module:
        raise SymbolTooLarge(label=layout.title, modules=symbol_size)
    placed = [(place.parts, _box(layout, place, dots_per_inch)) for place in layout.places]
    room = dict(placed)[(LabelPart.SYMBOL,)]
    return LabelPlan(
        dots_per_inch,
        dots(layout.label[0], dots_per_inch),
        dots(layout.label[1], dots_per_inch),
        module,
        _in_middle(room, symbol_size * module),
        {parts[0]: box for parts, box in placed if len(parts) == 1},
        tuple(placed),
    )


def _starts(layout: Layout, axis: int, moved: list[int]) -> list[int]:
    starts = layout.starts(axis)
    return [start + move + layout.offset[axis] for start, move in zip(starts, moved, strict=True)]


def _fits(layout: Layout, symbol_size: int, module: int, dots_per_inch: int) -> bool:
    """In its place, with its quiet zone on the label and clear of every other part."""
    symbol = next(place for place in layout.places if LabelPart.SYMBOL in place.parts)
    room, side = _box(layout, symbol, dots_per_inch), symbol_size * module
    drawn = _in_middle(room, side)
    quiet = QUIET_MODULES * module
    free = dots(LABEL_EDGE + symbol.quiet, dots_per_inch)
    is_on_label = side + 2 * quiet <= min(room.width, room.height) + 2 * free
    others = [_box(layout, place, dots_per_inch) for place in layout.places if place is not symbol]
    return (
        side <= min(room.width, room.height) and is_on_label and all(_apart(drawn, quiet, o) for o in others)
    )


def _apart(symbol: Box, quiet: int, other: Box) -> bool:
    slack = 1  # of rounding
    return (
        other.x + slack >= symbol.x + symbol.width + quiet
        or other.x + other.width <= symbol.x - quiet + slack
        or other.y + slack >= symbol.y + symbol.height + quiet
        or other.y + other.height <= symbol.y - quiet + slack
    )


def _in_middle(room: Box, side: int) -> Box:
    return Box(room.x + (room.width - side) // 2, room.y + (room.height - side) // 2, side, side)


def _box(layout: Layout, place: Place, dots_per_inch: int) -> Box:
    foot = layout.label[1] - place.y - place.height
    x, y, width, height = (dots(one, dots_per_inch) for one in (place.x, foot, place.width, place.height))
    return Box(x, y, width, height)


def _at_least(millimetres: float, per_mm: float) -> int:
    return ceil(millimetres * per_mm)
