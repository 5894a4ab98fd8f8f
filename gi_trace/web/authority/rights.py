"""One authorisation: its state, its history and its changes."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.registry import actions
from gi_trace.registry.models import Authorisation
from gi_trace.registry.rules import ALLOWED_FROM, STATE_WORDS, ChangeKind, ChangeNotAllowed, state_on
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import me

DECISIONS = (ChangeKind.SUSPENDED, ChangeKind.RESUMED, ChangeKind.WITHDRAWN, ChangeKind.ENDED)
WITH_CAUSE = (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN)


class DecisionForm(FlaskForm):
    """Why a right changes."""

    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])


class CausedDecisionForm(DecisionForm):
    """A suspension or withdrawal says whether the enterprise was at fault: the public page differs by it."""

    for_cause = RadioField(
        _("是否因企业的过错"),
        [needed(_("请选择。"))],
        choices=[
            SelectChoice("yes", _("是，因违规或违法")),
            SelectChoice("no", _("否，例如企业自己申请")),
        ],
    )


class ExtensionForm(FlaskForm):
    ends_on = DateField(_("新的截止日"), [Optional()])


@bp.get("/authorisations/<int:right_id>")
def show_authorisation(right_id: int) -> ResponseReturnValue:
    right = get_authorisation(right_id)
    state = state_on(right.right, clock.today())
    allowed = [kind for kind in DECISIONS if state in ALLOWED_FROM[kind]]
    return render_template(
        "authority/show_authorisation.html",
        right=right,
        state=state,
        allowed=allowed,
        may_extend=right.ends_on and state in ALLOWED_FROM[ChangeKind.EXTENDED],
    )


@bp.route("/authorisations/<int:right_id>/changes/<kind>", methods=["GET", "POST"])
def change_authorisation(right_id: int, kind: str) -> ResponseReturnValue:
    if kind not in DECISIONS:
        raise NotFound
    right, decision = get_authorisation(right_id), ChangeKind(kind)
    state = state_on(right.right, clock.today())
    if state not in ALLOWED_FROM[decision]:
        raise ChangeNotAllowed(state=STATE_WORDS[state])
    form = CausedDecisionForm() if decision in WITH_CAUSE else DecisionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            reason, for_cause = form.reason.data, "for_cause" in form and form.for_cause.data == "yes"
            actions.change_authorisation(right, decision, reason=reason, for_cause=for_cause, by=me())
            flash(_("已办理。相关标识的查验页已经随之改变。"))
            return redirect(url_for(".show_authorisation", right_id=right_id))
    page = render_template(
        "authority/change_authorisation.html", form=form, right=right, state=state, kind=decision
    )
    return page, status_of(form)


@bp.route("/authorisations/<int:right_id>/extend", methods=["GET", "POST"])
def extend_authorisation(right_id: int) -> ResponseReturnValue:
    right, form = get_authorisation(right_id), ExtensionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.extend_authorisation(right, form.ends_on.data, by=me())
            flash(_("截止日已更改。"))
            return redirect(url_for(".show_authorisation", right_id=right_id))
    return render_template("authority/extend_authorisation.html", form=form, right=right), status_of(form)


def get_authorisation(right_id: int) -> Authorisation:
    right = db.session.get(Authorisation, right_id)
    if right is None:
        raise NotFound
    return right
