"""Goods that an officer is asked to see, and what he saw of them: of the inspectors and of the authority."""

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.batches.unit_entries import in_words, merged, typed
from gi_trace.batches.unpacking import asked_units
from gi_trace.database import db
from gi_trace.errors import NotFound, Refused
from gi_trace.stock.actions.requests import WAYS, check_may_see
from gi_trace.stock.models import RequestKind, StockRequest
from gi_trace.verification.goods_back import SeenUnits, take_back
from gi_trace.verification.models.checks import checked_among
from gi_trace.web.act_page import Rows, act_page
from gi_trace.web.forms import AtMost, LabelsField, UnitsField, fact_text, needed, refusal_text
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages

pages = SharedPages("sightings")


class SightingForm(FlaskForm):
    place = StringField(_("看货地点"), [needed(), AtMost(120)])
    on = DateField(_("看货日期"), [needed()], default=clock.today)
    ranges = UnitsField(_("看到货物或标识的件号"), [Optional()])
    scanned = LabelsField(
        _("公众查验过的件"), [Optional()], description=_("逐件扫标识码；没有扫到的，重量不退回。")
    )
    sampled = IntegerField(
        _("抽看了几件"), [Optional()], description=_("每件都看过的不填；只抽看一部分的，填抽看的件数。")
    )

    def __init__(self, request: StockRequest) -> None:
        self.batch_of_units, asked = asked_units(request)
        super().__init__(ranges=typed(asked))

    def seen(self) -> SeenUnits:
        return SeenUnits(
            self.place.data, self.on.data, self.ranges.units, self.scanned.units, self.sampled.data
        )


def get_sighting(request_id: int) -> StockRequest:
    request = db.get_or_404(StockRequest, request_id)
    if request.kind is not RequestKind.UNPACK:
        raise NotFound
    return request


def why_not_seen(request: StockRequest) -> str:
    """Why the reader may not see these goods; nothing, if that is allowed."""
    try:
        check_may_see(request.asked_by, me())
    except Refused as refusal:
        return refusal_text(refusal)
    return ""


def _rows(request: StockRequest) -> Rows:
    batch, asked = asked_units(request)
    checked = merged((unit, unit) for unit in checked_among(batch.number, asked))
    rows = [(gettext(name), fact_text(value)) for name, value in WAYS[request.kind].rows(request)]
    return [
        (_("企业"), request.party.name),
        (_("原因"), request.reason),
        *rows,
        (_("其中公众查验过"), in_words(checked) or _("没有")),
    ]


@act_page(
    pages,
    "/stock-requests/<int:request_id>/seen",
    lambda request: SightingForm(request),
    _("登记看货"),
    on=get_sighting,
    rows=_rows,
    back=lambda request: url_for(".show_stock_request", request_id=request.id),
    done=_("已登记，看到的件已作废，重量成为新批料。"),
    lead=_("看到货物或标识的件，标识作废，重量退回企业；没有看到的照旧。"),
)
def take_units_back(request: StockRequest, form: SightingForm) -> None:
    take_back(request, form.seen(), by=me())
