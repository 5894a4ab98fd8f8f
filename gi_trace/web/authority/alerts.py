"""What the service noticed: copies, stolen packs, guessing. An officer confirms or dismisses."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.batches.models import Batch
from gi_trace.database import db
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import subject_of
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Product
from gi_trace.verification.alert_proposals import propose_alert
from gi_trace.verification.alerts import confirm_alert, dismiss_alert
from gi_trace.verification.models import Alert, AlertKind, AlertState
from gi_trace.web.act_page import Follows, answer_here
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import needed, notice_field, reason_field
from gi_trace.web.guards import me, shown_to_all
from gi_trace.web.leaving import LeavingForm
from gi_trace.web.lists.batches import batch_has_number, goods_of
from gi_trace.web.lists.filters import day_filters, product_filter, state_filter, text_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label


class AlertForm(LeavingForm):
    leaves = ("notice",)

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


@list_page(bp, "/alerts")
def list_alerts() -> Listing:
    batch, party, product = Alert.batch, Batch.party, Batch.product
    return Listing(
        name="alerts",
        title=_("警报"),
        query=select(Alert).outerjoin(batch).outerjoin(party).outerjoin(product),
        headings=[
            Heading("kind", _("种类"), lambda alert: label(alert.kind), Alert.kind),
            Heading("subject", _("对象"), _subject, Alert.subject),
            Heading("product", _("产品"), lambda alert: goods_of(alert.batch), Product.name),
            Heading("raised_at", _("发出"), lambda alert: alert.raised_at, Alert.raised_at),
            Heading("state", _("状态"), _state, Alert.state),
            Heading("decided_by", _("处理人"), _decider, only_in_file=True),
            Heading("reason", _("理由"), lambda alert: alert.reason, only_in_file=True),
        ],
        order=[Alert.state != AlertState.OPEN, Alert.id.desc()],
        filters=[
            text_filter(_("对象、批次号或企业"), _is_called),
            Filter("kind", _("种类"), lambda value: Alert.kind == value, choices=worded(AlertKind)),
            state_filter(AlertState, Alert.state),
            product_filter(lambda one: Batch.product_id == one.id),
            *day_filters(Alert.raised_at, _("发出日")),
        ],
        loaded=[
            contains_eager(batch).options(contains_eager(party), contains_eager(product)),
            joinedload(Alert.decided_by),
        ],
        empty=_("没有警报。"),
    )


def _is_called(asked: str) -> ColumnElement[bool]:
    named = batch_has_number(asked) | party_is_called(asked)
    return Alert.subject.contains(asked, autoescape=True) | named


def _subject(alert: Alert) -> Link:
    return Link(alert.subject, url_for(".show_alert", alert_id=alert.id), "code")


def _decider(alert: Alert) -> str:
    return alert.decided_by.name if alert.decided_by else ""


def _state(alert: Alert) -> Tag:
    return Tag(label(alert.state), "bad" if alert.state is AlertState.OPEN else "quiet")


@bp.route("/alerts/<int:alert_id>", methods=["GET", "POST"])
@shown_to_all
def show_alert(alert_id: int) -> ResponseReturnValue:
    alert, form = db.get_or_404(Alert, alert_id), AlertForm()

    def act() -> Follows:
        reason, is_true = form.reason.data, form.decision.data == "confirm"
        if is_true and alert.is_of_a_unit:
            return proposed(propose_alert(alert, reason=reason, notice=form.notice.data, by=me()))
        decide = confirm_alert if is_true else dismiss_alert
        decide(alert, reason=reason, by=me())
        return url_for(".list_alerts")

    def page() -> str:
        reasons = reasons_in_words(alert)
        shown = {"alert": alert, "reasons": reasons, "proposals": open_proposals(subject_of(alert))}
        return render_template("authority/show_alert.html", form=form, **shown)

    return answer_here(form, act, page, done=_("决定已生效。"))


def reasons_in_words(alert: Alert) -> list[str]:
    return [gettext(text).format(**facts) for text, facts in alert.evidence.get("reasons", [])]
