"""What the service noticed: copies, stolen packs, guessing. An officer confirms or dismisses."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.verification.alerts import confirm_alert, dismiss_alert
from gi_trace.verification.models import Alert, AlertState
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import me

DECISIONS = {"confirm": confirm_alert, "dismiss": dismiss_alert}


class DecisionForm(FlaskForm):
    decision = RadioField(
        _("决定"),
        [needed(_("请选择决定。"))],
        choices=[
            SelectChoice("confirm", _("属实（复制：确认为仿冒系列）")),
            SelectChoice("dismiss", _("有正当解释，撤销警报")),
        ],
    )
    reason = TextAreaField(_("理由"), [needed(_("请写明理由。")), AtMost(500)])


@bp.get("/alerts")
def list_alerts() -> ResponseReturnValue:
    query = select(Alert).order_by(Alert.state != AlertState.OPEN, Alert.id.desc())
    return render_template("authority/list_alerts.html", page=db.paginate(query, per_page=50))


@bp.route("/alerts/<int:alert_id>", methods=["GET", "POST"])
def show_alert(alert_id: int) -> ResponseReturnValue:
    alert = db.session.get(Alert, alert_id)
    if alert is None:
        raise NotFound
    form = DecisionForm()
    if request.method == "POST" and form.validate_on_submit():
        with refusals_on(form):
            DECISIONS[form.decision.data](alert, reason=form.reason.data, by=me())
            flash(_("决定已生效。"))
            return redirect(url_for(".list_alerts"))
    reasons = reasons_in_words(alert)
    return render_template("authority/show_alert.html", form=form, alert=alert, reasons=reasons), status_of(
        form
    )


def reasons_in_words(alert: Alert) -> list[str]:
    return [gettext(text).format(**facts) for text, facts in alert.evidence.get("reasons", [])]
