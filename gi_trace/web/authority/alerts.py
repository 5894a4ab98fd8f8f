"""What the service noticed: copies, stolen packs, guessing. An officer confirms or dismisses."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.database import db
from gi_trace.verification.alerts import confirm_alert, dismiss_alert
from gi_trace.verification.models import Alert, AlertState
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.forms import needed, notice_field, reason_field
from gi_trace.web.guards import me


class AlertForm(FlaskForm):
    decision = RadioField(
        _("决定"),
        [needed(_("请选择决定。"))],
        choices=[
            SelectChoice("confirm", _("属实（复制：确认为仿冒系列）")),
            SelectChoice("dismiss", _("有正当解释，撤销警报")),
        ],
    )
    reason = reason_field()
    notice = notice_field(Optional())


@bp.get("/alerts")
def list_alerts() -> ResponseReturnValue:
    query = select(Alert).order_by(Alert.state != AlertState.OPEN, Alert.id.desc())
    return render_template("authority/list_alerts.html", page=db.paginate(query, per_page=50))


@bp.route("/alerts/<int:alert_id>", methods=["GET", "POST"])
def show_alert(alert_id: int) -> ResponseReturnValue:
    alert, form = db.get_or_404(Alert, alert_id), AlertForm()

    def act() -> str:
        if form.decision.data == "confirm":
            confirm_alert(alert, reason=form.reason.data, notice=form.notice.data, by=me())
        else:
            dismiss_alert(alert, reason=form.reason.data, by=me())
        return url_for(".list_alerts")

    def page() -> str:
        reasons = reasons_in_words(alert)
        return render_template("authority/show_alert.html", form=form, alert=alert, reasons=reasons)

    return answer_here(form, act, page, done=_("决定已生效。"))


def reasons_in_words(alert: Alert) -> list[str]:
    return [gettext(text).format(**facts) for text, facts in alert.evidence.get("reasons", [])]
