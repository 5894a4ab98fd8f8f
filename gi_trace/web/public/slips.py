"""A grower's slip: opened by its link alone, it shows the balance and takes an objection."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gi_trace.errors import NotFound
from gi_trace.stock.actions.harvests import object_to
from gi_trace.stock.models import find_slip, lots_of
from gi_trace.web.act_page import answer_here
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import open_to_all
from gi_trace.web.limits import limiter

bp = Blueprint("slips", __name__, url_prefix="/slips")
bp.before_request(open_to_all)


class ObjectionForm(FlaskForm):
    words = TextAreaField(_("哪里不对？"), [needed(), AtMost(500)])


@bp.route("/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
def show_slip(token: str) -> ResponseReturnValue:
    slip, form = find_slip(token), ObjectionForm()
    if slip is None:
        raise NotFound

    def act() -> str:
        object_to(slip, form.words.data)
        return url_for(".show_slip", token=token)

    def page() -> str:
        return render_template("public/slip.html", slip=slip, form=form, lots=lots_of(slip.grower))

    done = _("您的异议已收到，这批货已停止流转，主管部门会与您联系。")
    return answer_here(form, act, page, done=done)
