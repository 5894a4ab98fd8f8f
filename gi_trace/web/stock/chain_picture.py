"""The chain of a lot as a picture: where each box and arrow of the SVG stands. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from gi_trace.stock.chain import Chain
from gi_trace.stock.models import Lot

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 184, 84, 24, 56


@dataclass(frozen=True)
class LotBox:
    lot: Lot
    x: int
    y: int
    is_centre: bool


@dataclass(frozen=True)
class Arrow:
    x1: int
    y1: int
    x2: int
    y2: int
    grams: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    boxes: list[LotBox]
    arrows: list[Arrow]


def picture_of(chain: Chain, centres: Collection[int]) -> Picture:
    """Origins on top, what was made of them below; a lot stands one row under its lowest parent."""
    lots, steps = chain.lots, sorted(chain.steps, key=lambda step: step.child)
    row_of = dict.fromkeys(lots, 0)
    for step in steps:  # a child's id is higher than its parents', so parents are placed first
        if step.parent in lots and step.child in lots:
            row_of[step.child] = max(row_of[step.child], row_of[step.parent] + 1)
    rows: dict[int, list[int]] = {}
    for lot_id in sorted(lots):
        rows.setdefault(row_of[lot_id], []).append(lot_id)
    widest = max(len(row) for row in rows.values())
    width = widest * (BOX_WIDTH + GAP_X) + GAP_X
    places = {
        lot_id: (_left(width, len(row), place), GAP_X + number * (BOX_HEIGHT + GAP_Y))
        for number, row in rows.items()
        for place, lot_id in enumerate(row)
    }
    return Picture(
        width=width,
        height=GAP_X * 2 + len(rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y,
        boxes=[LotBox(lots[lot_id], *place, lot_id in centres) for lot_id, place in places.items()],
        arrows=[
            Arrow(
                places[step.parent][0] + BOX_WIDTH // 2,
                places[step.parent][1] + BOX_HEIGHT,
                places[step.child][0] + BOX_WIDTH // 2,
                places[step.child][1],
                step.grams,
            )
            for step in steps
            if step.parent in places and step.child in places
        ],
    )


def _left(width: int, boxes: int, place: int) -> int:
    row_width = boxes * BOX_WIDTH + (boxes - 1) * GAP_X
    return (width - row_width) // 2 + place * (BOX_WIDTH + GAP_X)
