"""Loading what the signed-in account may act for: 404 when there is none, 403 when it is another's."""

from typing import TypeVar

from flask import url_for
from sqlalchemy import Select, select

from gi_trace.accounts.models import Account, Role
from gi_trace.batches.actions import check_not_cancelled
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.database import Base, db
from gi_trace.errors import Forbidden
from gi_trace.registry.models import Party
from gi_trace.registry.who_may import acts_for
from gi_trace.stock.models import Lot, Transfer
from gi_trace.stock.places import growers_in
from gi_trace.web.guards import me, own_party

Row = TypeVar("Row", bound=Base)


def own_parties() -> list[Party]:
    """The enterprise itself; for a village account the growers of its area."""
    if me().role is not Role.VILLAGE:
        return [own_party()]
    return list(db.session.scalars(growers_in(me().area)))


def own_party_ids() -> Select[int]:
    """Of those, for a condition."""
    if me().role is not Role.VILLAGE:
        return select(Party.id).where(Party.id == own_party().id)
    return growers_in(me().area).with_only_columns(Party.id).order_by(None)


def is_ours(party: Party) -> bool:
    """Whether the signed-in account may act for the party, and so see its stock."""
    return acts_for(me(), party)


def get_own_batch(number: int) -> Batch:
    batch = db.get_or_404(Batch, number)
    return _checked(batch, batch.party)


def get_own_print_run(run_id: int) -> PrintRun:
    run = db.get_or_404(PrintRun, run_id)
    return _checked(run, run.batch.party)


def get_live_run(run_id: int) -> PrintRun:
    """For what nobody does with a cancelled batch, so that its forms do not even open."""
    run = get_own_print_run(run_id)
    check_not_cancelled(run.batch)
    return run


def get_live_batch(number: int) -> Batch:
    batch = get_own_batch(number)
    check_not_cancelled(batch)
    return batch


def get_own_lot(lot_id: int) -> Lot:
    lot = db.get_or_404(Lot, lot_id)
    return _checked(lot, lot.party)


def get_offer_to_us(transfer_id: int) -> Transfer:
    transfer = db.get_or_404(Transfer, transfer_id)
    return _checked(transfer, transfer.receiver)


def get_offer_by_us(transfer_id: int) -> Transfer:
    transfer = db.get_or_404(Transfer, transfer_id)
    return _checked(transfer, transfer.lot.party)


def get_own_clerk(account_id: int) -> Account:
    account = db.get_or_404(Account, account_id)
    if account.party_id is None or account.party_id != me().party_id:
        raise Forbidden
    return account


def _checked(row: Row, party: Party) -> Row:
    if not acts_for(me(), party):
        raise Forbidden
    return row


def at_batch(batch: Batch) -> str:
    return url_for(".show_batch", number=batch.number)


def at_run(run: PrintRun) -> str:
    return url_for(".show_print_run", run_id=run.id)
