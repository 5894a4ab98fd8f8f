"""Undoing what was booked wrongly: at once, or by a request that the authority answers; and the requests of ours."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.record.models import RecordRow
from gi_trace.stock.actions import requests
from gi_trace.stock.actions.corrections import (
    ask_undo,
    check_may_ask,
    get_undoable,
    owner_of,
    reverse_act,
    undone_by,
)
from gi_trace.stock.models import StockRequest
from gi_trace.stock.rules.undoing import UndoneBy
from gi_trace.web.act_page import answer_to, done_at
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import is_ours, own_party_ids
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.lists.listing import Link, Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.lists.stock_requests import request_listing
from gi_trace.web.stock.request_page import request_page
from gi_trace.web.stock.undoing import act_rows, at_act, undo_words


class UndoForm(FlaskForm):
    reason = StringField(_("撤销的原因"), [needed(), AtMost(200)])


def offer_undo(row: RecordRow) -> Link | None:
    """What a clerk may still do about an act: nothing alone once the time to ask is over."""
    needed_for_it = undone_by(row)
    if needed_for_it is UndoneBy.SIGHTING or not is_ours(owner_of(row)):
        return None
    words = _("撤销") if needed_for_it is UndoneBy.FIRM else _("申请撤销")
    return Link(words, url_for(".undo_act", number=row.number))


def _get_own_act(number: int) -> RecordRow:
    row = get_undoable(number)
    if not is_ours(owner_of(row)):
        raise Forbidden
    return row


@bp.route("/acts/<int:number>/undo", methods=["GET", "POST"])
def undo_act(number: int) -> ResponseReturnValue:
    row, form = _get_own_act(number), UndoForm()
    is_alone = undone_by(row) is UndoneBy.FIRM
    if not is_alone:
        check_may_ask(row)

    def act() -> str:
        if is_alone:
            reverse_act(number, reason=form.reason.data, by=me())
            flash(_("已撤销。"))
            return at_act(row)
        return at_request(ask_undo(number, reason=form.reason.data, by=me()))

    title = _("撤销") if is_alone else _("申请撤销")
    rows = [*act_rows(row), (_("谁可以撤销"), undo_words(row))]
    return answer_to(form, title, act, rows=rows, back=at_act(row))


def at_request(asked: StockRequest) -> str:
    """The page that follows asking."""
    flash(_("申请已提交，主管部门答复后生效。"))
    return url_for(".show_stock_request", request_id=asked.id)


@list_page(bp, "/stock-requests")
def list_stock_requests() -> Listing:
    return request_listing(StockRequest.party_id.in_(own_party_ids()))


def _get_own_request(request_id: int) -> StockRequest:
    asked = db.get_or_404(StockRequest, request_id)
    if not is_ours(asked.party):
        raise Forbidden
    return asked


@bp.get("/stock-requests/<int:request_id>")
def show_stock_request(request_id: int) -> str:
    return request_page(_get_own_request(request_id))


@bp.post("/stock-requests/<int:request_id>/withdraw")
def withdraw_stock_request(request_id: int) -> ResponseReturnValue:
    requests.withdraw(_get_own_request(request_id), by=me())
    return done_at(url_for(".list_stock_requests"), _("申请已撤回。"))
