"""Corrections are reversing acts: the postings again with the other sign, never an edit."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, NotFound, Refused
from gi_trace.record.acts import Acted
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_acts_for, check_authority
from gi_trace.stock.actions.ledger import Booking, Line, Outside, check_enough, lock_lots, post
from gi_trace.stock.actions.processing import check_sold
from gi_trace.stock.models import ActKind, Harvest, Lot, Posting, StockAct

REVERSIBLE = frozenset(ActKind) - {ActKind.TRANSFER, ActKind.PACKING, ActKind.UNPACKING}


class NotReversible(Refused):
    code = "not_reversible"
    text = N_("第 {number} 号事项不能冲正。转让请让对方转回，包装请取消批次或拆包。")


class AlreadyReversed(Refused):
    code = "already_reversed"
    text = N_("第 {number} 号事项已由第 {reversal} 号事项冲正。")


class WeightHasGoneOn(Refused):
    code = "weight_has_gone_on"
    text = N_("第 {number} 号事项的重量已由后来的事项动用，请先冲正后来的事项。")


@act
def reverse_act(number: int, *, reason: str, by: Account) -> int:
    """Undo an act of stock by its opposite; refused when its weight has gone on meanwhile.

    Returns the number of the reversing act.
    """
    check_reason(reason)
    act = get_stock_act(number)
    if act.kind not in REVERSIBLE or act.reverses is not None:
        raise NotReversible(number=number)
    if act.kind is ActKind.OPENING:
        check_authority(by)
    harvest = _lock_harvest(act)
    lots = _lots_of(act)
    for lot in lots:
        check_acts_for(by, lot.party)
    lock_lots(lots)
    _check_not_reversed(number)
    for lot in lots:
        _check_still_there(act, lot)
    if harvest:
        harvest.allocation.harvested_g -= harvest.weight_g
        harvest.reversed_at = clock.now()
    lines = [_opposite(posting) for posting in act.postings]
    subject = harvest or lots[0]
    reversal = Booking(
        Acted.STOCK_REVERSED, act.kind, subject, by, clock.today(), reason.strip(), reverses=number
    )
    try:
        reversing = post(reversal, lines, facts={"reverses": number})
    except IntegrityError as error:
        raise WeightHasGoneOn(number=number) from error
    return reversing


def get_stock_act(number: int) -> StockAct:
    act = db.session.get(StockAct, number)
    if act is None:
        raise NotFound
    return act


def _lock_harvest(act: StockAct) -> Harvest | None:
    if act.kind is not ActKind.HARVEST:
        return None
    harvest = db.session.scalars(select(Harvest).filter_by(lot_id=_lots_of(act)[0].id)).one()
    lock(harvest.allocation)
    return harvest


def _lots_of(act: StockAct) -> list[Lot]:
    lots = {posting.lot.id: posting.lot for posting in act.postings if posting.lot}
    return [lots[lot_id] for lot_id in sorted(lots)]


def _check_not_reversed(number: int) -> None:
    query = select(StockAct.act_number).filter_by(reverses=number)
    reversal = db.session.scalar(query)
    if reversal is not None:
        raise AlreadyReversed(number=number, reversal=reversal)


def _check_still_there(act: StockAct, lot: Lot) -> None:
    """The lot still has what the act gave it; what the act sold of it has not come back otherwise."""
    moved_g = sum(posting.grams for posting in act.postings if posting.lot_id == lot.id)
    check_enough(lot, max(0, moved_g))
    if act.kind is ActKind.OTHER_USE:
        check_sold(lot, -moved_g)


def _opposite(posting: Posting) -> Line:
    if posting.lot:
        return posting.lot, -posting.grams
    account = posting.account
    assert account is not None
    return Outside(account.kind, account.party_id, account.material_id), -posting.grams
