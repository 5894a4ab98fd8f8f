"""What patrols work with: phones and their packs, offences, markets."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Regexp

from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.patrol.actions.lists import add_market, add_offence, retire_offence
from gi_trace.patrol.models import Offence, all_markets, offences_in_use
from gi_trace.patrol.packs.actions import revoke_phone
from gi_trace.patrol.packs.models import PatrolPhone, all_phones, packs_of
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, refusals_on, status_of
from gi_trace.web.guards import me


class OffenceForm(FlaskForm):
    code = StringField(
        _("代号"),
        [needed(), AtMost(40), Regexp(r"[a-z][a-z0-9_]*\Z", message=_("用小写字母、数字和下划线。"))],
    )
    text = StringField(_("违法情形"), [needed(), AtMost(200)])
    clause = StringField(_("法律条款"), [needed(), AtMost(120)])


class MarketForm(FlaskForm):
    name = StringField(_("市场名称"), [needed(), AtMost(60)])
    city = StringField(_("所在城市"), [needed(), AtMost(40)])


@bp.get("/patrols")
def list_patrol_phones() -> ResponseReturnValue:
    phones = [(phone, packs_of(phone, most=1)) for phone in all_phones()]
    return render_template("authority/list_patrol_phones.html", phones=phones)


@bp.post("/patrols/phones/<phone_id>/revoke")
def revoke_patrol_phone(phone_id: str) -> ResponseReturnValue:
    phone = db.session.get(PatrolPhone, phone_id)
    if phone is None:
        raise NotFound
    revoke_phone(phone, by=me())
    flash(_("已撤销：此手机不能再上传，也不能更新离线包。"))
    return redirect(url_for(".list_patrol_phones"))


@bp.route("/offences", methods=["GET", "POST"])
def list_offences() -> ResponseReturnValue:
    form = OffenceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            add_offence(form.code.data, form.text.data, form.clause.data, by=me())
            return redirect(url_for(".list_offences"))
    return render_template("authority/list_offences.html", form=form, offences=offences_in_use()), status_of(
        form
    )


@bp.post("/offences/<int:offence_id>/retire")
def retire_one_offence(offence_id: int) -> ResponseReturnValue:
    offence = db.session.get(Offence, offence_id)
    if offence is None:
        raise NotFound
    retire_offence(offence, by=me())
    return redirect(url_for(".list_offences"))


@bp.route("/markets", methods=["GET", "POST"])
def list_markets() -> ResponseReturnValue:
    form = MarketForm()
    if form.validate_on_submit():
        with refusals_on(form):
            add_market(form.name.data, form.city.data, by=me())
            return redirect(url_for(".list_markets"))
    return render_template("authority/list_markets.html", form=form, markets=all_markets()), status_of(form)
