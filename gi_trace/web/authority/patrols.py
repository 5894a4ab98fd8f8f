"""What patrols work with: phones and their packs, offences, markets."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Regexp

from gi_trace.database import db
from gi_trace.patrol.actions.lists import add_market, add_offence, retire_offence
from gi_trace.patrol.models import Offence, all_markets, latest_discards, offences_in_use
from gi_trace.patrol.packs.actions import revoke_phone
from gi_trace.patrol.packs.models import PatrolPhone, all_phones, packs_of
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me, shown_to_all

MOST_DISCARDS = 200


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
    discards = latest_discards(MOST_DISCARDS)
    return render_template("authority/list_patrol_phones.html", phones=phones, discards=discards)


@bp.post("/patrols/phones/<phone_id>/revoke")
def revoke_patrol_phone(phone_id: str) -> ResponseReturnValue:
    revoke_phone(db.get_or_404(PatrolPhone, phone_id), by=me())
    told = _("已撤销：此手机不能更新离线包，巡查员已在所有设备上退出登录。")
    return done_at(url_for(".list_patrol_phones"), told)


@bp.route("/offences", methods=["GET", "POST"])
@shown_to_all
def list_offences() -> ResponseReturnValue:
    form = OffenceForm()

    def act() -> str:
        add_offence(form.code.data, form.text.data, form.clause.data, by=me())
        return url_for(".list_offences")

    def page() -> str:
        return render_template("authority/list_offences.html", form=form, offences=offences_in_use())

    return answer_here(form, act, page)


@bp.post("/offences/<int:offence_id>/retire")
def retire_one_offence(offence_id: int) -> ResponseReturnValue:
    retire_offence(db.get_or_404(Offence, offence_id), by=me())
    return redirect(url_for(".list_offences"))


@bp.route("/markets", methods=["GET", "POST"])
@shown_to_all
def list_markets() -> ResponseReturnValue:
    form = MarketForm()

    def act() -> str:
        add_market(form.name.data, form.city.data, by=me())
        return url_for(".list_markets")

    def page() -> str:
        return render_template("authority/list_markets.html", form=form, markets=all_markets())

    return answer_here(form, act, page)
