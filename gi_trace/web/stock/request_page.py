"""The page of a request, as both sides see it."""

from typing import Any

from flask import render_template
from flask_babel import gettext

from gi_trace.stock.actions.requests import WAYS
from gi_trace.stock.models import StockRequest
from gi_trace.web.forms import fact_text
from gi_trace.web.lists.stock_requests import request_tag


def request_page(request: StockRequest, **more: Any) -> str:
    """`request` is what the page calls `asked`, since templates have a request of their own."""
    rows = [(gettext(name), fact_text(value)) for name, value in WAYS[request.kind].rows(request)]
    return render_template(
        "components/stock_request.html",
        asked=request,
        tag_of=request_tag(request),
        rows=rows,
        **more,
    )
