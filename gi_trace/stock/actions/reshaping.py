"""Splitting, merging and blending lots: the same grams in other lots, with all that they inherit."""

from collections.abc import Collection, Sequence

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act
from gi_trace.errors import N_, Refused
from gi_trace.record.acts import Acted
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.actions.ledger import (
    Booking,
    Draw,
    business_day,
    check_agreed_to,
    check_enough,
    derive_lot,
    lock_lots,
    post,
    take_from,
)
from gi_trace.stock.models import ActKind, Lot
from gi_trace.stock.rules.postings import check_named_once
from gi_trace.stock.rules.weights import check_weight
from gi_trace.words import Worded


class Likeness(Worded):
    """In what lots that are put together must be alike."""

    PARTY = "party_id", N_("持有人")
    MATERIAL = "material_id", N_("物料")
    SITE = "site_id", N_("存放场所")
    ORIGINS = "origins", N_("产地或产季")
    PEEL_KIND = "peel_kind", N_("皮类")


class LotsDiffer(Refused):
    code = "lots_differ"
    text = N_("批料 {lot} 与 {other} 的{what}不同，不能{act}。")


class NothingToMerge(Refused):
    code = "nothing_to_merge"
    text = N_("合批或拼配至少要两个批料。")


@act
def split_lot(lot: Lot, parts_g: Sequence[int], *, by: Account) -> list[Lot]:
    """Take parts (grams) out of a lot as lots of their own; what is not taken stays in it."""
    for weight_g in parts_g:
        check_weight(weight_g)
    today = take_from(lot, sum(parts_g), by=by)
    parts = [derive_lot([(lot, weight_g)], on=today, site=lot.site) for weight_g in parts_g]
    lines = [(lot, -sum(parts_g)), *zip(parts, parts_g, strict=True)]
    parents = [(part, lot, weight_g) for part, weight_g in zip(parts, parts_g, strict=True)]
    booking = Booking(Acted.LOT_SPLIT, ActKind.SPLIT, lot, by, today)
    post(booking, lines, parents=parents)
    return parts


@act
def merge_lots(lots: Sequence[Lot], *, by: Account) -> Lot:
    """Put whole lots of one season, origin and kind together."""
    check_acts_for_all(lots, by)
    lock_lots(lots)
    for lot in lots[1:]:
        _check_same(lots[0], lot, (Likeness.ORIGINS, Likeness.PEEL_KIND), Acted.LOT_MERGED)
    return _combine([(lot, lot.balance_g) for lot in lots], Acted.LOT_MERGED, ActKind.MERGE, by)


@act
def blend_lots(draws: Sequence[Draw], *, by: Account, agreed: Collection[int] = ()) -> Lot:
    """Mix weights of different seasons, villages or kinds: the blend is as young as its youngest part. `agreed` are the
    ids of old or claimed lots that a person named."""
    lots = [lot for lot, _ in draws]
    check_acts_for_all(lots, by)
    lock_lots(lots)
    for lot in lots:
        check_agreed_to(lot, agreed, clock.today())
    return _combine(draws, Acted.LOT_BLENDED, ActKind.BLEND, by)


def check_acts_for_all(lots: Sequence[Lot], by: Account) -> None:
    check_named_once([lot.number for lot in lots])
    if len(lots) < 2:
        raise NothingToMerge
    for lot in lots:
        check_handles_goods_of(by, lot.party)


def _combine(draws: Sequence[Draw], acted: Acted, kind: ActKind, by: Account) -> Lot:
    first, today = draws[0][0], business_day(None, lots=[lot for lot, _ in draws])
    for lot, weight_g in draws:
        _check_same(first, lot, (Likeness.PARTY, Likeness.MATERIAL, Likeness.SITE), acted)
        check_weight(weight_g)
        check_enough(lot, weight_g, today)
    made = derive_lot(draws, on=today, site=first.site)
    lines = [*((lot, -weight_g) for lot, weight_g in draws), (made, sum(g for _, g in draws))]
    booking = Booking(acted, kind, made, by, today)
    post(booking, lines, parents=[(made, lot, weight_g) for lot, weight_g in draws])
    return made


def _check_same(first: Lot, lot: Lot, alike: Sequence[Likeness], acted: Acted) -> None:
    for likeness in alike:
        if getattr(first, likeness) != getattr(lot, likeness):
            raise LotsDiffer(lot=lot.number, other=first.number, what=likeness.label, act=acted.label)
