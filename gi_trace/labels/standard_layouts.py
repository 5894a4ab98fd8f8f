"""The layouts that everybody has. One that is changed gets another version: downloads name the one they had. Pure."""

from dataclasses import replace
from functools import lru_cache

from gi_trace.errors import N_
from gi_trace.labels.layouts import A4, ADDRESS_BY_THE_CODE, OWED, LabelPart, Layout, is_small

FIRST_VERSION = 2  # the first ones printed within 4.3 mm of the page's edge; before, places were others
VERSION = 3  # with the address to type, for whoever has no camera
_OFTEN = (LabelPart.SYMBOL, LabelPart.CODE, LabelPart.UNIT)
_FULL = (*_OFTEN, *OWED, LabelPart.MARK)
_SMALL = (*_OFTEN, LabelPart.PRODUCT, LabelPart.ENTERPRISE, LabelPart.BATCH)


def _sheet(name: str, title: str, label: tuple[int, int], grid: tuple[int, int]) -> Layout:
    """Labels that touch, in the middle of an A4 page."""
    across, down = ((A4[axis] - label[axis] * grid[axis]) // 2 for axis in (0, 1))
    parts = _SMALL if is_small(label) else _FULL
    return Layout(name, title, A4, label, grid, (across, down), (0, 0), parts)


def _roll(name: str, title: str, label: tuple[int, int]) -> Layout:
    parts = _SMALL if is_small(label) else _FULL
    return Layout(name, title, label, label, (1, 1), (0, 0), (0, 0), parts)


_SHAPES = (
    _sheet("a4-24", N_("A4 纸 24 枚（70 × 37 毫米）"), (700, 370), (3, 8)),
    _sheet("a4-40", N_("A4 纸 40 枚（52.5 × 29.7 毫米）"), (525, 297), (4, 10)),
    _sheet("a4-21", N_("A4 纸 21 枚（60 × 40 毫米）"), (600, 400), (3, 7)),
    _sheet("a4-20", N_("A4 纸 20 枚（50 × 50 毫米）"), (500, 500), (4, 5)),
    _sheet("a4-45", N_("A4 纸 45 枚（40 × 30 毫米）"), (400, 300), (5, 9)),
    _sheet("a4-84", N_("A4 纸 84 枚（30 × 20 毫米）"), (300, 200), (6, 14)),
    _roll("roll-30x20", N_("卷装 30 × 20 毫米"), (300, 200)),
    _roll("roll-40x30", N_("卷装 40 × 30 毫米"), (400, 300)),
    _roll("roll-50x50", N_("卷装 50 × 50 毫米"), (500, 500)),
    _roll("roll-52x30", N_("卷装 52.5 × 29.7 毫米"), (525, 297)),
    _roll("roll-60x40", N_("卷装 60 × 40 毫米"), (600, 400)),
    _roll("roll-70x37", N_("卷装 70 × 37 毫米"), (700, 370)),
)


@lru_cache(maxsize=2)
def standard_layouts(version: int = VERSION) -> dict[str, Layout]:
    """By their names, as they are or were in a version; in the first one that is known for those before it."""
    version = max(version, FIRST_VERSION)
    ways = {FIRST_VERSION: (1, ()), VERSION: (ADDRESS_BY_THE_CODE, (LabelPart.WEBSITE,))}
    arrangement, more = ways[version]
    return {
        shape.name: replace(shape, parts=shape.parts + more, version=version, arrangement=arrangement)
        for shape in _SHAPES
    }


STANDARD_LAYOUTS = standard_layouts()
