"""Where the parts of a label stand when nobody placed them. Pure. Tenths of a millimetre.

The symbol stands at the left, texts beside it, marks below it or to the right of the texts, the code along the foot; on
small labels the code stands below the texts. From ADDRESS_BY_THE_CODE on the address to type has a line of its own above
the code, on small labels along the foot.
"""

from dataclasses import replace

from gi_trace.labels.layouts import ADDRESS_BY_THE_CODE, TEXTS, LabelPart, Layout, Place, is_small

BETWEEN, NEAR = 10, 5
SYMBOL_BESIDE = 17  # its quiet zone: four modules of 0.42 mm
LARGEST_SYMBOL = 260
CODE_HEIGHT, CODE_IN_TWO_LINES = 25, 42
ADDRESS_HEIGHT = 25
UNIT_WIDTH, UNIT_HEIGHT = 145, 20  # two characters and seven digits
HIDDEN_WIDTH, HIDDEN_HEIGHT, SMALLER_HIDDEN = 130, 34, 26  # room for 1234-5678
PICTURE_SHARE = 0.3  # of the room beside the symbol
SMALLEST_PICTURE, LARGEST_PICTURE = 60, 130


def arranged(layout: Layout, *, with_hidden: bool = False) -> Layout:
    """The layout with all its places; those given by hand are kept."""
    if layout.places:
        return layout
    hidden = (LabelPart.HIDDEN,) if with_hidden and LabelPart.HIDDEN not in layout.parts else ()
    parts = layout.parts + hidden
    return replace(layout, parts=parts, places=tuple(_places(layout, set(parts))))


def _places(layout: Layout, parts: set[LabelPart]) -> list[Place]:
    (left, top), (width, height) = layout.room_corner, layout.room
    foot = _foot(layout, parts)
    symbol = _symbol(layout, sum(place.height for place in foot))
    column = symbol.x + symbol.width + SYMBOL_BESIDE
    end = min((place.y - BETWEEN for place in foot), default=top + height)
    beside, places = Place((), column, top, left + width - column, end - top), [symbol, *foot]
    if is_small(layout.label):
        beside = _cut_foot(places, beside, LabelPart.CODE, CODE_IN_TWO_LINES)
    beside = _numbers(places, beside, parts)
    beside = _pictures(places, beside, [p for p in (LabelPart.MARK, LabelPart.LOGO) if p in parts])
    placed = {part for place in places for part in place.parts}
    texts = tuple(part for part in TEXTS if part in parts and part not in placed)
    return [*places, replace(beside, parts=texts)] if texts else places


def _foot(layout: Layout, parts: set[LabelPart]) -> list[Place]:
    """What stands across the whole label, below symbol and texts; the lowest first."""
    (left, top), (width, height) = layout.room_corner, layout.room
    foot = Place((), left, top + height, width, 0)
    rows = [] if is_small(layout.label) else [(LabelPart.CODE, CODE_HEIGHT)]
    if layout.arrangement >= ADDRESS_BY_THE_CODE and LabelPart.WEBSITE in parts:
        rows.append((LabelPart.WEBSITE, ADDRESS_HEIGHT))
    places: list[Place] = []
    for part, row in rows:
        foot = replace(foot, parts=(part,), y=foot.y - row, height=row)
        places.append(foot)
    return places


def _symbol(layout: Layout, foot: int) -> Place:
    """As large as leaves the texts beside it a good half of the room."""
    (left, top), (width, height) = layout.room_corner, layout.room
    place = Place((LabelPart.SYMBOL,), left, top, 0, 0)
    share = 0.45 if is_small(layout.label) else 0.42
    below = SYMBOL_BESIDE + foot if foot else place.quiet
    side = max(0, min(height - place.quiet - below, round(width * share), LARGEST_SYMBOL))
    return Place(place.parts, left + place.quiet, top + place.quiet, side, side)


def _cut_foot(places: list[Place], column: Place, part: LabelPart, height: int) -> Place:
    """Gives the part the foot of the column; what is left of it."""
    foot = column.y + column.height - height
    places.append(replace(column, parts=(part,), y=foot, height=height))
    return replace(column, height=column.height - height - NEAR)


def _numbers(places: list[Place], column: Place, parts: set[LabelPart]) -> Place:
    """The unit's number, and to its right, or above it, the frame of the hidden code."""
    has_unit, has_hidden = LabelPart.UNIT in parts, LabelPart.HIDDEN in parts
    if has_unit and has_hidden and column.width >= UNIT_WIDTH * 3 // 4 + HIDDEN_WIDTH:
        left = replace(column, width=column.width - HIDDEN_WIDTH - NEAR)
        right = replace(column, x=left.x + left.width + NEAR, width=HIDDEN_WIDTH)
        _cut_foot(places, left, LabelPart.UNIT, UNIT_HEIGHT)
        return replace(
            _cut_foot(places, right, LabelPart.HIDDEN, HIDDEN_HEIGHT), x=column.x, width=column.width
        )
    if has_unit:
        column = _cut_foot(places, column, LabelPart.UNIT, UNIT_HEIGHT)
    if has_hidden:
        height = HIDDEN_HEIGHT if column.width >= HIDDEN_WIDTH else SMALLER_HIDDEN
        column = _cut_foot(places, column, LabelPart.HIDDEN, height)
    return column


def _pictures(places: list[Place], column: Place, pictures: list[LabelPart]) -> Place:
    """Squares side by side below the symbol where there is room, else one below the other at the right of the column."""
    if not pictures:
        return column
    symbol, foot = places[0], max(place.y for place in places)
    top = symbol.y + symbol.height + SYMBOL_BESIDE
    below = min(foot - NEAR - top, (symbol.width - NEAR * (len(pictures) - 1)) // len(pictures))
    if below >= SMALLEST_PICTURE:
        side = min(below, LARGEST_PICTURE)
        for number, part in enumerate(pictures):
            places.append(Place((part,), symbol.x + number * (side + NEAR), top, side, side))
        return column
    across = round(column.width * PICTURE_SHARE)
    side = min(LARGEST_PICTURE, across, (column.height - NEAR * (len(pictures) - 1)) // len(pictures))
    x = column.x + column.width - side
    for number, part in enumerate(pictures):
        places.append(Place((part,), x, column.y + number * (side + NEAR), side, side))
    return replace(column, width=column.width - side - BETWEEN)
