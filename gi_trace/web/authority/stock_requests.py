"""What firms and villages ask for: its list, and a page of each, on which one officer answers."""

from functools import cache

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.stock.actions import requests
from gi_trace.stock.models import RequestKind, StockRequest
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, refusal_text
from gi_trace.web.guards import me, shown_to_all
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.lists.stock_requests import request_listing
from gi_trace.web.stock.request_page import request_page
from gi_trace.web.stock.sightings import why_not_seen
from gi_trace.web.words import counted


class AnswerRequestForm(LeavingForm):
    leaves = ("word",)

    decision = RadioField(
        _("答复"),
        [needed(_("请选择。"))],
        choices=[SelectChoice("grant", _("同意，立即办理")), SelectChoice("refuse", _("不同意"))],
    )
    word = TextAreaField(_("不同意的理由"), [Optional(), AtMost(500)], description=_("不同意时必须填写。"))


@list_page(bp, "/stock-requests")
def list_stock_requests() -> Listing:
    may_answer = cache(lambda asker: requests.may_answer(asker, me()))
    shown = {"may_tick": lambda asked: _is_ticked(asked) and asked.is_open and may_answer(asked.asked_by)}
    return request_listing(template="authority/list_stock_requests.html", shown=shown)


@bp.post("/stock-requests/grant")
def grant_stock_requests() -> ResponseReturnValue:
    """Those ticked in the list, each an act of its own: what is refused waits on, and is told. What undoes something is
    granted on its own page alone, which shows what that takes away."""
    done = 0
    for request_id in request.form.getlist("request", type=int):
        asked = db.get_or_404(StockRequest, request_id)
        if not _is_ticked(asked):
            flash(_("{number} 请打开看过再答复。").format(number=asked.number))
            continue
        try:
            requests.grant(asked, by=me())
            done += 1
        except Refused as refusal:
            flash(_("{number} 没有办理：{why}").format(number=asked.number, why=refusal_text(refusal)))
    return done_at(url_for(".list_stock_requests"), counted("已同意 %(count)s 项申请。", done))


@bp.route("/stock-requests/<int:request_id>", methods=["GET", "POST"])
@shown_to_all
def show_stock_request(request_id: int) -> ResponseReturnValue:
    asked, form = db.get_or_404(StockRequest, request_id), AnswerRequestForm()
    is_seen = requests.WAYS[asked.kind].takes_sighting
    if is_seen:
        form.decision.choices = form.decision.choices[1:]

    def act() -> None:
        if form.decision.data == "grant":
            requests.grant(asked, by=me())
        else:
            requests.refuse(asked, form.word.data or "", by=me())

    def page() -> str:
        told = {"why_not_seen": why_not_seen(asked)} if is_seen else {}
        return request_page(asked, form=form, why_not=_why_not(asked), others=_others(asked), **told)

    then = url_for(".show_stock_request", request_id=request_id)
    return answer_here(form, act, page, done=_("已答复。"), then=then)


def _is_ticked(asked: StockRequest) -> bool:
    """Whether its row in the list says all that it would do."""
    return asked.kind is RequestKind.LATE_HARVEST


def _why_not(asked: StockRequest) -> str:
    """Why the reader may not answer it; nothing, if that is allowed."""
    try:
        requests.check_may_answer(asked.asked_by, me())
    except Refused as refusal:
        return refusal_text(refusal)
    return ""


def _others(asked: StockRequest) -> str:
    return gettext("、").join(officer.name for officer in requests.who_may_answer(asked.asked_by))
