"""The page of a request, as both sides see it: what it would do, and the pages of what it is about."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext

from gi_trace.accounts.models import Role
from gi_trace.batches.unpacking import asked_units
from gi_trace.database import db
from gi_trace.stock.actions.corrections import get_undoable
from gi_trace.stock.actions.requests import WAYS
from gi_trace.stock.models import Harvest, Lot, Plot, RequestKind, StockRequest
from gi_trace.stock.models.requests import made_by
from gi_trace.web.act_page import Rows
from gi_trace.web.forms import fact_text
from gi_trace.web.guards import me
from gi_trace.web.lists.listing import Link
from gi_trace.web.lists.stock_requests import request_tag
from gi_trace.web.stock.undoing import act_links, act_rows


def request_page(request: StockRequest, **more: Any) -> str:
    """`request` is what the page calls `asked`, since templates have a request of their own."""
    return render_template(
        "components/stock_request.html",
        asked=request,
        tag_of=request_tag(request),
        rows=_rows(request),
        links=_links(request),
        **more,
    )


def _rows(request: StockRequest) -> Rows:
    if request.kind is RequestKind.UNDO:
        return act_rows(get_undoable(request.arguments["act"]))
    return [(gettext(name), fact_text(value)) for name, value in WAYS[request.kind].rows(request)]


def _links(request: StockRequest) -> list[Link]:
    if request.kind is RequestKind.UNDO:
        return act_links(get_undoable(request.arguments["act"]))
    links = _links_of_unpacking if request.kind is RequestKind.UNPACK else _links_of_harvest
    return list(links(request))


def _links_of_unpacking(request: StockRequest) -> Iterator[Link]:
    """Inspectors have no pages of batches and lots."""
    if me().role is Role.INSPECTOR:
        return
    batch, _ranges = asked_units(request)
    yield Link(batch.number_text, url_for(".show_batch", number=batch.number))
    if made := made_by(request):
        lot = db.session.get_one(Lot, int(made.removeprefix("lot:")))
        yield Link(lot.number, url_for(".show_lot", lot_id=lot.id))


def _links_of_harvest(request: StockRequest) -> Iterator[Link]:
    plot = db.session.get_one(Plot, request.arguments["plot"])
    yield Link(gettext("种植户和地块"), url_for(".show_grower", party_id=plot.party_id))
    if made := made_by(request):
        harvest = db.session.get_one(Harvest, int(made.removeprefix("harvest:")))
        yield Link(gettext("采收和回单"), url_for(".show_harvest", harvest_id=harvest.id))
        yield Link(harvest.lot.number, url_for(".show_lot", lot_id=harvest.lot_id))
