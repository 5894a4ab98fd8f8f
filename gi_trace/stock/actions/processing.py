"""Making one material from another, and weight that leaves the ledger or comes back."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Material
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.actions.ageing import begin_stay
from gi_trace.stock.actions.ceilings import ceilings_between
from gi_trace.stock.actions.coming_back import come_back
from gi_trace.stock.actions.ledger import (
    Booking,
    Outside,
    Parent,
    business_day,
    check_not_undone,
    derive_lot,
    lock_lots,
    losses_after,
    movements_after,
    post,
    take_from,
)
from gi_trace.stock.models import ActKind, Lot, Posting, Site, StockAct
from gi_trace.stock.places import check_inside, check_site
from gi_trace.stock.rules.conversions import (
    Ceiling,
    ConversionUnknown,
    check_conversion,
    find_ceiling,
    is_unusual,
)
from gi_trace.stock.rules.postings import AccountKind, PartsDoNotFit, balance_then
from gi_trace.stock.rules.seasons import PEEL_CROP
from gi_trace.stock.rules.weights import Grams, check_weight
from gi_trace.words import Worded


class OtherUse(Worded):
    """What became of weight that left the traced chain."""

    SOLD_FRESH = "sold_fresh", N_("鲜果销售")
    OTHER_PRODUCT = "other_product", N_("做成其他产品")
    LOOSE_SALE = "loose_sale", N_("散装销售")


class PeelKindMissing(Refused):
    code = "peel_kind_missing"
    text = N_("批料 {lot} 采收时没有申报皮类（柑青皮、微红皮、大红皮），不能制皮。")


class MoreThanSold(Refused):
    code = "more_than_sold"
    text = N_("第 {number} 号事项（{day}）售出或作他用、还没有退回的是 {sold}，退回 {asked} 多出 {excess}。")


class NotSold(Refused):
    code = "not_sold"
    text = N_("第 {number} 号事项不是散装销售或作他用，没有货物可以退回。")


class MeasuredMore(Refused):
    code = "measured_more"
    text = N_(
        "批料 {lot} 在 {day} 账面 {balance}，复称 {measured}，多出 {excess}；重量不会自己增加，请核对。"
    )


class WeighedSince(Refused):
    code = "weighed_since"
    text = N_(
        "批料 {lot} 后来复称过：{weighing}。那次的损耗已包括更早的损耗，再登记就重复了。"
        "请先撤销那次复称，按日期先后登记，再登记那次复称。"
    )


WEIGHED = N_("复称损耗")  # the reason by which a weighing is known


@dataclass(frozen=True)
class Output:
    """What came out of processing: grams of the new material, grams for other uses; the rest is waste."""

    material: Material
    weight_g: int
    site: Site
    other_use_g: int = 0


@act
def process(
    lot: Lot, input_g: int, output: Output, *, by: Account, on: date | None = None, reason: str = ""
) -> Lot:
    """Make a new material from some of a lot, under the conversion's ceiling of that day.

    Above the usual yield a reason is needed. Done only at the holder's sites inside the area.
    """
    check_weight(output.weight_g)
    day = take_from(lot, input_g, by=by, on=on)
    check_site(output.site, lot.party)
    check_inside(output.site.area, lot.material.crop, place=output.site.name)
    _check_peel_kind(lot, output.material)
    ceiling = ceiling_of(lot.material, output.material, day)
    check_conversion(input_g=input_g, output_g=output.weight_g, ceiling=ceiling, reason=reason)
    unusual = is_unusual(input_g=input_g, output_g=output.weight_g, ceiling=ceiling)
    waste_g = _waste(input_g, output)
    made = derive_lot([(lot, input_g)], on=day, material=output.material, site=output.site)
    begin_stay(made, output.site, left_on=day)
    outside = _outside_of(lot)
    lines = [
        (lot, -input_g),
        (made, output.weight_g),
        (outside(AccountKind.OTHER_USE), output.other_use_g),
        (outside(AccountKind.LOSS), waste_g),
    ]
    booking = Booking(Acted.LOT_PROCESSED, ActKind.PROCESSING, made, by, day, reason.strip(), unusual)
    post(booking, lines, parents=[(made, lot, input_g)])
    return made


@act
def use_otherwise(
    lot: Lot, weight_g: int, use: OtherUse, *, by: Account, on: date | None = None, reason: str = ""
) -> int:
    """Weight leaves the chain without codes: sold fresh or loose, or made into other goods."""
    day = take_from(lot, weight_g, by=by, on=on)
    lines = [(lot, -weight_g), (_outside_of(lot)(AccountKind.OTHER_USE), weight_g)]
    booking = Booking(Acted.LOT_USED_OTHERWISE, ActKind.OTHER_USE, lot, by, day, reason.strip())
    number = post(booking, lines, facts={"use": use})
    return number


@act
def return_goods(sale: StockAct, weight_g: int, *, reason: str, by: Account, on: date | None = None) -> Lot:
    """What a customer brings back of a loose sale: what ages as a lot of its own, whose days away count for nobody.
    Returns the lot that it is in.

    Raises NotSold, AlreadyUndone, MoreThanSold.
    """
    check_reason(reason)
    lot = lot_sold_by(sale)
    check_handles_goods_of(by, lot.party)
    check_weight(weight_g)
    lock_lots([lot])
    day = business_day(on, lots=[lot])
    check_sold(sale, weight_g, day)
    back: Lot = lot
    parents: list[Parent] = []
    if lot.material.ages:
        back, parents = come_back([(lot, weight_g)], left_on=sale.on, on=day, site=lot.site)
    lines = [(_outside_of(lot)(AccountKind.OTHER_USE), -weight_g), (back, weight_g)]
    number = sale.act_number
    booking = Booking(Acted.LOT_RETURNED, ActKind.RETURN, lot, by, day, reason.strip(), returns=number)
    post(booking, lines, parents=parents, facts={"sale": number})
    return back


@act
def book_loss(lot: Lot, weight_g: int, *, reason: str, by: Account, on: date | None = None) -> int:
    """Weight that is gone: dried out, spoilt, spilt. Raises WeighedSince where a later weighing has told of it."""
    check_reason(reason)
    day = take_from(lot, weight_g, by=by, on=on)
    _check_not_weighed_since(lot, day)
    lines = [(lot, -weight_g), (_outside_of(lot)(AccountKind.LOSS), weight_g)]
    number = post(Booking(Acted.LOT_LOST, ActKind.LOSS, lot, by, day, reason.strip()), lines)
    return number


def book_weighing(lot: Lot, measured_g: int, *, by: Account, on: date | None = None) -> int:
    """A lot was weighed: what is missing of its balance at the end of that day is booked as loss. It never grows by
    itself."""
    check_handles_goods_of(by, lot.party)
    check_weight(measured_g)
    lock_lots([lot])
    day = business_day(on, lots=[lot])
    _check_not_weighed_since(lot, day)
    balance_g = balance_on(lot, day)
    excess_g = measured_g - balance_g
    if excess_g >= 0:
        raise MeasuredMore(
            lot=lot.number,
            day=day,
            balance=Grams(balance_g),
            measured=Grams(measured_g),
            excess=Grams(excess_g),
        )
    return book_loss(lot, -excess_g, reason=WEIGHED, by=by, on=day)


def balance_on(lot: Lot, day: date) -> int:
    """Grams at the end of a day."""
    return balance_then(lot.balance_g, movements_after(lot, day))


def _check_not_weighed_since(lot: Lot, day: date) -> None:
    if weighings := losses_after(lot, day, reason=WEIGHED):
        raise WeighedSince(lot=lot.number, weighing=weighings[-1])


def ceiling_of(material: Material, result: Material, day: date) -> Ceiling:
    ceiling = find_ceiling(ceilings_between(material, result), day)
    if ceiling is None:
        raise ConversionUnknown(day=day, material=material.name, result=result.name)
    return ceiling


def lot_sold_by(sale: StockAct) -> Lot:
    """Raises NotSold of what is no sale, AlreadyUndone."""
    lots = [posting.lot for posting in sale.postings if posting.lot]
    if len(lots) != 1 or sale.kind is not ActKind.OTHER_USE or sale.reverses:
        raise NotSold(number=sale.act_number)
    check_not_undone(sale.act_number)
    return lots[0]


def left_to_return(sale: StockAct) -> int:
    """Grams of a sale that did not come back. Returns that name no sale are of any of its lot."""
    [lot] = [posting.lot for posting in sale.postings if posting.lot]
    own, named, nameless = _sold_and_back(lot)
    of_lot = sum(own.values()) - sum(named.values()) - nameless
    return max(0, min(own[sale.act_number] - named[sale.act_number], of_lot))


def sales_of(lot: Lot) -> list[StockAct]:
    """Those of which something may come back, the latest first."""
    own, _named, _nameless = _sold_and_back(lot)
    sales = [db.session.get_one(StockAct, number) for number in sorted(own, reverse=True)]
    return [sale for sale in sales if left_to_return(sale)]


def check_sold(sale: StockAct, weight_g: int, on: date) -> None:
    """No more comes back of a sale than was sold, nor before that. Raises MoreThanSold."""
    sold_g = left_to_return(sale) if on >= sale.on else 0
    if weight_g > sold_g:
        raise MoreThanSold(
            number=sale.act_number,
            day=sale.on,
            sold=Grams(sold_g),
            asked=Grams(weight_g),
            excess=Grams(weight_g - sold_g),
        )


def _sold_and_back(lot: Lot) -> tuple[Counter[int], Counter[int], int]:
    """Grams sold of a lot by act, grams that came back by the sale they were of, and by no sale; without what was undone."""
    own, named = Counter[int](), Counter[int]()
    undone = select(StockAct.reverses).where(StockAct.reverses.is_not(None))
    standing = StockAct.reverses.is_(None), StockAct.act_number.not_in(undone)
    query = select(StockAct.act_number, StockAct.kind, Posting.grams).join(Posting)
    query = query.where(Posting.lot_id == lot.id, StockAct.returns.is_(None), *standing)
    nameless = 0
    for number, kind, grams in db.session.execute(query):
        if kind is ActKind.OTHER_USE:
            own[number] -= grams
        elif kind is ActKind.RETURN:
            nameless += grams
    back = select(StockAct.returns, func.sum(Posting.grams)).join(Posting).group_by(StockAct.returns)
    back = back.where(StockAct.returns.in_(own), Posting.lot_id.is_not(None), *standing)
    named.update({number: int(grams) for number, grams in db.session.execute(back) if number})
    return own, named, nameless


def _check_peel_kind(lot: Lot, made: Material) -> None:
    dried_peel = made.ages and not lot.material.ages and made.crop.code == PEEL_CROP
    if dried_peel and lot.peel_kind is None:
        raise PeelKindMissing(lot=lot.number)


def _waste(input_g: int, output: Output) -> int:
    waste_g = input_g - output.weight_g - output.other_use_g
    if waste_g < 0 or output.other_use_g < 0:
        total_g = output.weight_g + output.other_use_g
        raise PartsDoNotFit(total=Grams(total_g), whole=Grams(input_g), difference=Grams(abs(waste_g)))
    return waste_g


def _outside_of(lot: Lot):
    return lambda kind: Outside(kind, lot.party_id, lot.material_id)
