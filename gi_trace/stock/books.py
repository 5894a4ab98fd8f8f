"""Books: what each party had, took in, gave out, lost and packed of each material, by season."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Label, case, func, select

from gi_trace.database import db
from gi_trace.registry.models import Material, Party
from gi_trace.stock.models import ActKind, Lot, Posting, StockAct

# With the sign by which its grams count there.
COLUMN_OF = {
    ActKind.LOSS: ("loss_g", -1),
    ActKind.PACKING: ("packed_g", -1),
    ActKind.UNPACKING: ("unpacked_g", 1),
}


@dataclass
class BookRow:
    """Grams of one party, material and season in a period; closing = opening + in - out - loss - net packed.

    `season` is that of the stock, "2024–2026" for blends, None for opening stock. `packed_g` is gross,
    without batches cancelled in time; `unpacked_g` is what came back of it, opened or void.
    """

    party: Party
    material: Material
    season: str | None
    opening_g: int = 0
    in_g: int = 0
    out_g: int = 0
    loss_g: int = 0
    packed_g: int = 0
    unpacked_g: int = 0

    @property
    def net_packed_g(self) -> int:
        return self.packed_g - self.unpacked_g

    @property
    def closing_g(self) -> int:
        return self.opening_g + self.in_g - self.out_g - self.loss_g - self.net_packed_g


def books(
    party: Party | None = None, *, since: date | None = None, until: date | None = None
) -> list[BookRow]:
    """The books of one party, or of all, from the first to the last of these days."""
    rows: dict[tuple, BookRow] = {}
    parties = {one.id: one for one in db.session.scalars(select(Party))}
    materials = {one.id: one for one in db.session.scalars(select(Material))}
    for (party_id, material_id, first, last), kind, before, incoming, grams in _sums(party, since, until):
        key = (party_id, material_id, _season_of(first, last))
        row = rows.setdefault(key, BookRow(parties[party_id], materials[material_id], key[2]))
        _book(row, kind, before, incoming, grams)
    return [rows[key] for key in sorted(rows, key=lambda key: (key[0], key[1], key[2] or ""))]


def _book(row: BookRow, kind: ActKind, before: bool, incoming: bool, grams: int) -> None:
    if before:
        row.opening_g += grams
    elif kind in COLUMN_OF:
        column, sign = COLUMN_OF[kind]
        setattr(row, column, getattr(row, column) + sign * grams)
    elif incoming:
        row.in_g += grams
    else:
        row.out_g -= grams


def _sums(
    party: Party | None, since: date | None, until: date | None
) -> Iterable[tuple[tuple, ActKind, bool, bool, int]]:
    """((party, material, first season, last season), kind, before the period, incoming, grams).

    Splitting and merging cancel out within a key, unless seasons were mixed. A reversal counts in the
    column of what it reverses.
    """
    before = StockAct.on < since if since else StockAct.on < date.min
    key = (Lot.party_id, Lot.material_id, Lot.first_season, Lot.last_season)
    query = select(*key, StockAct.kind, before.label("before"), incoming_column(), func.sum(Posting.grams))
    query = query.join(Posting.lot).join(StockAct, StockAct.act_number == Posting.act_number)
    if party:
        query = query.where(Lot.party_id == party.id)
    if until:
        query = query.where(StockAct.on <= until)
    query = query.group_by(*key, StockAct.kind, "before", "incoming")
    for *of, kind, is_before, incoming, grams in db.session.execute(query):
        yield tuple(of), kind, bool(is_before), bool(incoming), int(grams)


def incoming_column() -> Label[int]:
    """Whether a posting, or what it reverses, brought weight into its lot."""
    forward = case((Posting.grams > 0, 1), else_=0)
    backward = case((Posting.grams < 0, 1), else_=0)
    return case((StockAct.reverses.is_(None), forward), else_=backward).label("incoming")


def _season_of(first: str | None, last: str | None) -> str | None:
    return first if first == last else f"{first}–{last}"
