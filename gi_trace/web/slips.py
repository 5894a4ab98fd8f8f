"""A grower's slip: opened by its link alone, it shows the balance and takes an objection."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from gi_trace.errors import NotFound
from gi_trace.stock.actions.harvests import object_to
from gi_trace.stock.models import find_slip, lots_of
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import open_to_all
from gi_trace.web.limits import limiter

bp = Blueprint("slips", __name__, url_prefix="/slips")
bp.before_request(open_to_all)


class ObjectionForm(FlaskForm):
    words = TextAreaField(_("哪里不对？"), [needed(), AtMost(500)])


@bp.route("/<token>", methods=["GET", "POST"])
@limiter.limit("30 per minute")
def show_slip(token: str) -> ResponseReturnValue:
    slip = find_slip(token)
    if slip is None:
        raise NotFound
    form = ObjectionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            object_to(slip, form.words.data)
            flash(_("您的异议已收到，这批货已停止流转，主管部门会与您联系。"))
            return redirect(url_for(".show_slip", token=token))
    lots = lots_of(slip.grower)
    return render_template("public/slip.html", slip=slip, form=form, lots=lots), status_of(form)
