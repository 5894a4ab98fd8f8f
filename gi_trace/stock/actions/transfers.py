"""Stock goes from one party to another when both have said so."""

from datetime import date

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Party, PartyKind
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_handles_goods_of
from gi_trace.stock.actions.ageing import begin_stay
from gi_trace.stock.actions.harvests import new_slip
from gi_trace.stock.actions.ledger import Booking, derive_lot, lock_lots, post, take_from
from gi_trace.stock.models import ActKind, Lot, Site, Transfer, TransferState
from gi_trace.stock.places import check_site
from gi_trace.stock.rules.undoing import last_day_of_requests
from gi_trace.stock.rules.weights import Grams, check_weight


class TransferToSelf(Refused):
    code = "transfer_to_self"
    text = N_("不能转让给自己。")


class TransferDecided(Refused):
    code = "transfer_decided"
    text = N_("这笔转让{state}，不能再改。")


class MoreThanOffered(Refused):
    code = "more_than_offered"
    text = N_("对方只转来 {offered}，不能接收 {asked}。多出的部分请对方另行转让。")


class OfferLapsed(Refused):
    code = "offer_lapsed"
    text = N_(
        "这笔转让是 {day} 提出的，最迟 {until} 可以接收，现在已过期。"
        "请拒收，或由转出方撤回；货物确要转让的，请转出方重新提出。"
    )


@act
def offer_transfer(lot: Lot, receiver: Party, weight_g: int, *, by: Account) -> Transfer:
    """Offer some of a lot; the weight stays the giver's but nobody can spend it until it is decided.

    A grower gets a slip. Goods go back to where they came from by an offer in the other direction.
    """
    if receiver.id == lot.party_id:
        raise TransferToSelf
    take_from(lot, weight_g, by=by)
    lot.reserved_g += weight_g
    transfer = Transfer(
        lot=lot,
        receiver=receiver,
        weight_g=weight_g,
        state=TransferState.OFFERED,
        offered_at=clock.now(),
        offered_by_id=by.id,
    )
    db.session.add(transfer)
    if lot.party.kind is PartyKind.GROWER:
        db.session.add(new_slip(lot, transfer=transfer))
    facts = {"lot": lot.number, "receiver": receiver.id, "weight_g": weight_g}
    record(Acted.TRANSFER_OFFERED, transfer, by=by, facts=facts)
    return transfer


@act
def accept_transfer(
    transfer: Transfer, *, site: Site | None, by: Account, weight_g: int | None = None, reason: str = ""
) -> Lot:
    """The receiver has the goods at its site: they are a lot of its own from today. The days of the offer count for nobody.

    `weight_g` is what arrived, all of it unless said; of less the reason is said, and the rest is free again at the
    giver's. Raises TransferDecided, OfferLapsed, MoreThanOffered, ReasonMissing and what `check_site` raises.
    """
    check_handles_goods_of(by, transfer.receiver)
    _lock_open(transfer)
    accepted_g = _arrived(transfer, weight_g, reason)
    check_still_open(transfer)
    lot, today, offered_on = transfer.lot, clock.today(), clock.day_of(transfer.offered_at)
    lock_lots([lot])
    check_site(site, transfer.receiver)
    draws = [(lot, accepted_g)]
    received = derive_lot(draws, on=today, party=transfer.receiver, site=site, aged_on=offered_on)
    begin_stay(received, site, left_on=offered_on)
    lot.reserved_g -= transfer.weight_g
    transfer.received_lot, transfer.accepted_g = received, accepted_g
    transfer.reason = reason.strip() if transfer.returned_g else ""
    _decide(transfer, TransferState.ACCEPTED, by)
    booking = Booking(Acted.TRANSFER_ACCEPTED, ActKind.TRANSFER, transfer, by, today, transfer.reason)
    lines = [(lot, -accepted_g), (received, accepted_g)]
    back = {"returned_g": transfer.returned_g} if transfer.returned_g else {}
    post(booking, lines, parents=[(received, lot, accepted_g)], facts=back)
    return received


@act
def refuse_transfer(transfer: Transfer, *, reason: str, by: Account) -> None:
    """The receiver will not have it: the weight is free again."""
    check_reason(reason)
    check_handles_goods_of(by, transfer.receiver)
    _release(transfer, TransferState.REFUSED, Acted.TRANSFER_REFUSED, reason, by)


@act
def cancel_transfer(transfer: Transfer, *, by: Account, reason: str = "") -> None:
    """The giver takes the offer back."""
    check_handles_goods_of(by, transfer.giver)
    _release(transfer, TransferState.CANCELLED, Acted.TRANSFER_CANCELLED, reason, by)


def last_day_to_accept(transfer: Transfer) -> date:
    offered_on = clock.day_of(transfer.offered_at)
    return last_day_of_requests(offered_on, most_days=current_app.config["UNDO_DAYS"])


def check_still_open(transfer: Transfer) -> None:
    """An offer lapses. Raises OfferLapsed."""
    until = last_day_to_accept(transfer)
    if clock.today() > until:
        raise OfferLapsed(day=clock.day_of(transfer.offered_at), until=until)


def _arrived(transfer: Transfer, weight_g: int | None, reason: str) -> int:
    if weight_g is None:
        return transfer.weight_g
    check_weight(weight_g)
    if weight_g > transfer.weight_g:
        raise MoreThanOffered(offered=Grams(transfer.weight_g), asked=Grams(weight_g))
    if weight_g < transfer.weight_g:
        check_reason(reason)
    return weight_g


def _release(transfer: Transfer, state: TransferState, acted: Acted, reason: str, by: Account) -> None:
    _lock_open(transfer)
    lock(transfer.lot)
    transfer.lot.reserved_g -= transfer.weight_g
    transfer.reason = reason.strip()
    _decide(transfer, state, by)
    record(acted, transfer, by=by, facts={"reason": transfer.reason})


def _lock_open(transfer: Transfer) -> None:
    lock(transfer)
    if transfer.state is not TransferState.OFFERED:
        raise TransferDecided(state=transfer.state.label)


def _decide(transfer: Transfer, state: TransferState, by: Account) -> None:
    transfer.state = state
    transfer.decided_at, transfer.decided_by_id = clock.now(), by.id
