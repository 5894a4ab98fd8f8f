"""What inspectors are asked to see: the list, and the page of each."""

from gi_trace.stock.models import RequestKind, StockRequest
from gi_trace.web.inspector import bp
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.lists.stock_requests import request_listing
from gi_trace.web.stock.request_page import request_page
from gi_trace.web.stock.sightings import get_sighting, why_not_seen


@list_page(bp, "/stock-requests")
def list_stock_requests() -> Listing:
    return request_listing(StockRequest.kind == RequestKind.UNPACK)


@bp.get("/stock-requests/<int:request_id>")
def show_stock_request(request_id: int) -> str:
    asked = get_sighting(request_id)
    return request_page(asked, why_not_seen=why_not_seen(asked))
