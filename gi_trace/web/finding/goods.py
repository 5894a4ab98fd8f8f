"""Found: codes, batches, print runs, lots, plots, transfers – what carries goods and their labels."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from gi_trace.accounts.models import Account, Role
from gi_trace.batches.models import Batch, PrintRun, find_batch
from gi_trace.codes.reading import read_address
from gi_trace.codes.unit_code import Malformed
from gi_trace.database import db
from gi_trace.names import number_behind
from gi_trace.registry.models import Party
from gi_trace.registry.who_may import acts_for
from gi_trace.stock.models import Lot, LotTest, OnSiteCheck, Plot, StockRequest, Transfer
from gi_trace.stock.places import growers_in
from gi_trace.verification.looking.look import unit_of
from gi_trace.web.finding.kinds import Hit, Sought, kind
from gi_trace.web.lists.batches import batch_has_number
from gi_trace.web.words import label

OFFICE, FIRM, VILLAGE, PATROL = Role.AUTHORITY, Role.ENTERPRISE, Role.VILLAGE, Role.INSPECTOR


def is_own(party_id: Any, by: Account) -> ColumnElement[bool]:
    """Rows of parties whose stock one may see: all for officers."""
    if by.role is FIRM:
        return party_id == by.party_id
    if by.role is VILLAGE:
        return party_id.in_(growers_in(by.area).with_only_columns(Party.id).order_by(None))
    return true()


@kind(_("标识码"), of=(OFFICE, PATROL, FIRM))
def find_codes(sought: Sought) -> Iterator[Hit]:
    """A code that is nobody's is for officers to see too: what it is, is the finding. No look is stored."""
    try:
        code = read_address(sought.text).code
    except Malformed:
        return
    if sought.by.role is not FIRM:
        yield Hit(code, "", url_for(".show_code", code=code), True)
    elif unit := unit_of(sought.text):
        batch = db.session.get(Batch, unit[0])
        if batch and acts_for(sought.by, batch.party):
            yield Hit(code, batch.product.name, url_for(".show_batch", number=batch.number), True)


@kind(_("产品批次"), Batch, of=(OFFICE, FIRM))
def find_batches(sought: Sought) -> Iterator[Hit]:
    own = func.upper(func.replace(Batch.own_number, " ", "")).startswith(
        sought.text.replace(" ", "").upper(), autoescape=True
    )
    query = select(Batch).where(batch_has_number(sought.text) | own, is_own(Batch.party_id, sought.by))
    query = query.options(joinedload(Batch.party), joinedload(Batch.product))
    for batch in sought.some(query.order_by(func.length(Batch.own_number), Batch.number)):
        exact = sought.hits(batch.own_number) or batch is find_batch(sought.text)
        detail = f"{batch.product.name} · {batch.party.name} · {batch.own_number}"
        yield Hit(batch.number_text, detail, url_for(".show_batch", number=batch.number), exact)


@kind(_("印制批"), PrintRun, of=(OFFICE, FIRM))
def find_print_runs(sought: Sought) -> Iterator[Hit]:
    query = select(PrintRun).join(PrintRun.batch).where(is_own(Batch.party_id, sought.by))
    for run in sought.some(query.where(PrintRun.id == number_behind("YZ", sought.text))):
        detail = f"{run.batch.number_text} · {run.first_unit:,}–{run.last_unit:,}"
        yield Hit(run.number, detail, url_for(".show_print_run", run_id=run.id), True)


@kind(_("批料"), Lot, LotTest, of=(OFFICE, FIRM, VILLAGE))
def find_lots(sought: Sought) -> Iterator[Hit]:
    """By its number, or by that of a laboratory's report on it."""
    tested = select(LotTest.lot_id).where(func.upper(LotTest.report_number) == sought.text.upper())
    called = (Lot.id == number_behind("L", sought.text)) | Lot.id.in_(tested)
    query = select(Lot).where(called, is_own(Lot.party_id, sought.by))
    query = query.options(joinedload(Lot.material), joinedload(Lot.party))
    for lot in sought.some(query.order_by(Lot.id)):
        detail = f"{lot.material.name} · {lot.party.name}"
        yield Hit(lot.number, detail, url_for(".show_lot", lot_id=lot.id), True)


@kind(_("地块"), Plot, of=(OFFICE, VILLAGE))
def find_plots(sought: Sought) -> Iterator[Hit]:
    query = select(Plot).where(Plot.number.startswith(sought.text, autoescape=True))
    query = query.where(is_own(Plot.party_id, sought.by)).options(
        joinedload(Plot.grower), joinedload(Plot.area)
    )
    for plot in sought.some(query.order_by(func.length(Plot.number), Plot.number)):
        detail = f"{plot.grower.name} · {plot.area.name}"
        page = url_for(".show_grower", party_id=plot.party_id)
        yield Hit(plot.number, detail, page, sought.hits(plot.number))


@kind(_("转让"), Transfer, of=(OFFICE, FIRM, VILLAGE))
def find_transfers(sought: Sought) -> Iterator[Hit]:
    """Opens the lot that it is of: the giver's for the giver, the received one for the receiver."""
    given = aliased(Lot)
    query = select(Transfer).join(given, Transfer.lot_id == given.id)
    query = query.where(Transfer.id == number_behind("ZR", sought.text))
    query = query.where(or_(is_own(given.party_id, sought.by), is_own(Transfer.receiver_id, sought.by)))
    for transfer in sought.some(query):
        detail = f"{transfer.giver.name} → {transfer.receiver.name}"
        yield Hit(transfer.number, detail, _transfer_page(transfer, sought.by), True)


@kind(_("更正与补报申请"), StockRequest, of=(OFFICE, FIRM, VILLAGE))
def find_stock_requests(sought: Sought) -> Iterator[Hit]:
    query = select(StockRequest).where(StockRequest.id == number_behind("GZ", sought.text))
    query = query.where(is_own(StockRequest.party_id, sought.by)).options(joinedload(StockRequest.party))
    for asked in sought.some(query):
        page = url_for(".show_stock_request", request_id=asked.id)
        yield Hit(asked.number, f"{label(asked.kind)} · {asked.party.name}", page, True)


def _transfer_page(transfer: Transfer, by: Account) -> str:
    if acts_for(by, transfer.giver):
        return url_for(".show_lot", lot_id=transfer.lot_id)
    received = transfer.received_lot_id
    return url_for(".show_lot", lot_id=received) if received else url_for(".list_transfers")


@kind(_("期初库存"), OnSiteCheck, of=(OFFICE, PATROL))
def find_on_site_checks(sought: Sought) -> Iterator[Hit]:
    query = select(OnSiteCheck).where(func.upper(OnSiteCheck.outside_number) == sought.text.upper())
    query = query.options(joinedload(OnSiteCheck.site))
    for check in sought.some(query.order_by(OnSiteCheck.id)):
        page = url_for(".show_on_site_check", check_id=check.id)
        yield Hit(check.outside_number, check.site.party.name, page, True)
