"""Campaigns: their teams, how far they have come, and the final report, on paper too."""

from functools import partial

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.campaigns import actions
from gi_trace.campaigns.actions import CampaignFacts
from gi_trace.campaigns.models import Campaign, all_campaigns
from gi_trace.campaigns.report import report_of
from gi_trace.database import db
from gi_trace.web.act_page import act_page
from gi_trace.web.authority import bp
from gi_trace.web.casework.fields import name_of, people
from gi_trace.web.forms import AtMost, ChoicesField, needed
from gi_trace.web.guards import me

TARGET = NumberRange(min=1, max=100_000, message=_("请填写大于 0 的整数。"))


class CampaignForm(FlaskForm):
    name = StringField(_("名称"), [needed(), AtMost(80)])
    area = StringField(_("区域"), [needed(), AtMost(200)])
    aim = TextAreaField(_("目标"), [Optional(), AtMost(1000)])
    starts_on = DateField(_("开始日期"), [needed()], default=clock.today)
    ends_on = DateField(_("结束日期"), [needed()])
    target_visits = IntegerField(_("目标检查次数"), [needed(), TARGET])

    def facts(self) -> CampaignFacts:
        names = ("name", "area", "aim", "starts_on", "ends_on", "target_visits")
        return CampaignFacts(**{name: self[name].data for name in names})


class TeamForm(FlaskForm):
    name = StringField(_("小组名称"), [needed(), AtMost(60)])
    area = StringField(_("负责区域"), [Optional(), AtMost(200)])
    target_visits = IntegerField(_("目标检查次数"), [needed(), TARGET])
    members = ChoicesField(
        _("成员"), coerce=int, choices=lambda: [SelectChoice(one.id, name_of(one)) for one in people()]
    )


class SummaryForm(FlaskForm):
    summary = TextAreaField(_("总结"), [needed(), AtMost(4000)])


@bp.get("/campaigns")
def list_campaigns() -> ResponseReturnValue:
    reports = [(campaign, report_of(campaign).whole) for campaign in all_campaigns()]
    return render_template("authority/list_campaigns.html", reports=reports, today=clock.today())


def at_campaign(campaign: Campaign) -> str:
    return url_for(".show_campaign", campaign_id=campaign.id)


def get_campaign(campaign_id: int) -> Campaign:
    return db.get_or_404(Campaign, campaign_id)


@act_page(bp, "/campaigns/new", CampaignForm, _("开展专项行动"), back=".list_campaigns")
def open_campaign(form: CampaignForm) -> str:
    return at_campaign(actions.open_campaign(form.facts(), by=me()))


@bp.get("/campaigns/<int:campaign_id>")
def show_campaign(campaign_id: int) -> ResponseReturnValue:
    campaign = get_campaign(campaign_id)
    return render_template("authority/show_campaign.html", campaign=campaign, report=report_of(campaign))


act_on_campaign = partial(
    act_page,
    bp,
    on=get_campaign,
    rows=lambda campaign: [(_("专项行动"), campaign.name)],
    back=at_campaign,
)


@act_on_campaign("/campaigns/<int:campaign_id>/teams/new", TeamForm, _("增加小组"), done=_("小组已增加。"))
def add_team(campaign: Campaign, form: TeamForm) -> None:
    members = [db.session.get_one(Account, account_id) for account_id in form.members.data]
    area, target = form.area.data or "", form.target_visits.data
    actions.add_team(campaign, form.name.data, members, area=area, target_visits=target, by=me())


@act_on_campaign(
    "/campaigns/<int:campaign_id>/close",
    SummaryForm,
    _("结束专项行动"),
    done=_("专项行动已结束，报告中的数字不再改变。"),
)
def close_campaign(campaign: Campaign, form: SummaryForm) -> None:
    actions.close_campaign(campaign, summary=form.summary.data, by=me())


@bp.post("/campaigns/<int:campaign_id>/report.pdf")
def print_report(campaign_id: int) -> ResponseReturnValue:
    """A POST: its pictures are looked at, which the record notes."""
    paper = actions.print_report(get_campaign(campaign_id), by=me())
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="campaign-{campaign_id}.pdf"'
    return response
