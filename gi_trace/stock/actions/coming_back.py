"""What left a lot never comes back into its time: grams of what ages come back as a lot of their own.

Its record is that of the lots which they left, as it stood on the day on which they left, and goes on today; what lies
between counts for nobody. Only what is undone on the day on which it was entered never was, and lies where it lay.
"""

from collections.abc import Sequence
from datetime import date

from gi_trace.stock.actions.ageing import begin_stay
from gi_trace.stock.actions.ledger import Draw, Line, Outside, Parent, derive_lot, was_entered_today
from gi_trace.stock.models import Lot, Posting, Site, StockAct


def come_back(
    draws: Sequence[Draw], *, left_on: date, on: date, site: Site | None, brought_by: Sequence[Lot] = ()
) -> tuple[Lot, list[Parent]]:
    """One new lot, still empty, for what left these lots (each with the grams of it that come back) on a day.

    Its parents are also the lots that it lay in meanwhile (`brought_by`), so that a stop of them reaches it.
    """
    lot = derive_lot(draws, on=on, site=site, aged_on=left_on)
    begin_stay(lot, site, left_on=left_on)
    # Also with a share of 0 g: a recall looks at what was physically together, not at rounding.
    parents = [(lot, source, grams) for source, grams in draws]
    return lot, parents + [(lot, one, 0) for one in brought_by]


def lines_back(act: StockAct, *, on: date, left_on: date | None = None) -> tuple[list[Line], list[Parent]]:
    """What undoes an act on a day, and the parents of the lots made for it; `left_on` is the day of the act unless
    the grams had left before."""
    made = [posting.lot for posting in act.postings if posting.lot and posting.grams > 0]
    is_as_before = was_entered_today(act.act_number)
    lines: list[Line] = []
    parents: list[Parent] = []
    for place, grams in map(_opposite, act.postings):
        if isinstance(place, Lot) and grams > 0 and place.material.ages and not is_as_before:
            site = next((one.site for one in made if one.party_id == place.party_id), place.site)
            back = come_back([(place, grams)], left_on=left_on or act.on, on=on, site=site, brought_by=made)
            place, parents = back[0], parents + back[1]
        lines.append((place, grams))
    return lines, parents


def _opposite(posting: Posting) -> Line:
    if posting.lot:
        return posting.lot, -posting.grams
    account = posting.account
    assert account is not None
    return Outside(account.kind, account.party_id, account.material_id), -posting.grams
