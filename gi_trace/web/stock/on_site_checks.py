"""Pages of the on-site check of opening stock: written down by one officer, confirmed by another."""

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload
from wtforms import DateField, IntegerField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.evidence.store import evidence_store
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import Party, Product, all_products, find_party
from gi_trace.registry.who_may import are_tied
from gi_trace.stock.actions import opening
from gi_trace.stock.actions.opening import LARGEST_PHOTO, MB, MOST_PHOTOS, OnSiteFacts
from gi_trace.stock.models import CheckPhoto, OnSiteCheck, Site, sites_of
from gi_trace.web.act_page import act_page, done_at, form_page
from gi_trace.web.forms import AtMost, WeightField, needed
from gi_trace.web.guards import me
from gi_trace.web.lists.filters import product_filter, text_filter
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.uploads import takes_up_to

pages = SharedPages("on_site_checks")


class FirmCodeForm(FlaskForm):
    uscc = StringField(_("企业的统一社会信用代码"), [needed(), AtMost(30)])

    def validate_uscc(self, field: StringField) -> None:
        if find_party(field.data.strip().upper()) is None:
            raise ValidationError(_("名录里没有这个统一社会信用代码的企业。"))


class CheckForm(FlaskForm):
    product = SelectField(_("产品"), [needed()], coerce=int)
    site = SelectField(_("存放场所"), [needed(_("该企业还没有登记存放场所。"))], coerce=int)
    weight = WeightField(_("实称重量（千克）"), [needed()])
    claimed_year = IntegerField(
        _("申报年份"), [needed()], description=_("货主申报的年份，页面上只作“申报”。")
    )
    checked_on = DateField(_("核查日期"), [needed()], default=clock.today)
    outside_number = StringField(_("原系统记录号"), [needed(), AtMost(60)])
    founded_year = IntegerField(_("企业成立年份"), [needed()], description=_("以营业执照为准。"))
    supplier = StringField(
        _("供货方"), [Optional(), AtMost(120)], description=_("申报年份早于企业成立年份时必填。")
    )
    paper = StringField(_("购入凭证"), [Optional(), AtMost(120)], description=_("合同、发票或收据的编号。"))
    notes = TextAreaField(_("说明"), [Optional(), AtMost(500)])
    photos = MultipleFileField(
        _("照片"),
        description=_("1 至 12 张 JPEG、PNG、WebP 或 HEIC，每张不超过 8 MB，原样保存。"),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic"},
    )

    def __init__(self, party: Party) -> None:
        super().__init__()
        self.product.choices = [(one.id, one.name) for one in all_products() if one.material.ages]
        self.site.choices = [(site.id, site.name) for site in sites_of(party)]

    def facts(self) -> OnSiteFacts:
        return OnSiteFacts(
            db.session.get_one(Product, self.product.data),
            db.session.get_one(Site, self.site.data),
            self.weight.data,
            self.claimed_year.data,
            self.checked_on.data,
            self.outside_number.data,
            self.founded_year.data,
            self.supplier.data or "",
            self.paper.data or "",
            self.notes.data or "",
        )


class DismissForm(FlaskForm):
    reason = TextAreaField(_("作废理由"), [needed(), AtMost(500)])


@list_page(pages, "/on-site-checks")
def list_on_site_checks() -> Listing:
    return Listing(
        name="on-site-checks",
        title=_("期初库存"),
        query=select(OnSiteCheck).join(OnSiteCheck.site).join(Site.party),
        headings=[
            Heading("number", _("原系统记录号"), _link, OnSiteCheck.outside_number),
            Heading("firm", _("企业"), lambda check: check.site.party.name, Party.name),
            Heading("checked_on", _("核查日期"), lambda check: check.checked_on, OnSiteCheck.checked_on),
            Heading("weight", _("重量"), lambda check: check.weight_g, OnSiteCheck.weight_g, "weight"),
            Heading("year", _("申报年份"), lambda check: str(check.claimed_year), OnSiteCheck.claimed_year),
            Heading("by", _("登记人"), lambda check: check.recorded_by.name),
            Heading("state", _("状态"), _state),
        ],
        order=[OnSiteCheck.id.desc()],
        filters=[
            text_filter(_("原系统记录号或企业"), _is_called),
            product_filter(lambda product: OnSiteCheck.product_id == product.id),
            Filter(
                "state",
                _("状态"),
                lambda state: STATES[state][1],
                choices=[(name, words) for name, (words, _condition) in STATES.items()],
            ),
        ],
        loaded=[
            contains_eager(OnSiteCheck.site).contains_eager(Site.party),
            joinedload(OnSiteCheck.recorded_by),
        ],
        empty=_("没有等待确认的核查。"),
        template="components/on_site_checks.html",
    )


STATES = {
    "waiting": (
        _("等待第二人确认"),
        OnSiteCheck.confirmed_at.is_(None) & OnSiteCheck.dismissed_at.is_(None),
    ),
    "done": (_("已入账"), OnSiteCheck.confirmed_at.is_not(None)),
    "dismissed": (_("已作废"), OnSiteCheck.dismissed_at.is_not(None)),
}


def _is_called(asked: str) -> ColumnElement[bool]:
    return OnSiteCheck.outside_number.contains(asked, autoescape=True) | party_is_called(asked)


def _link(check: OnSiteCheck) -> Link:
    return Link(check.outside_number, url_for(".show_on_site_check", check_id=check.id))


def _state(check: OnSiteCheck) -> Tag:
    if check.dismissed_at:
        return Tag(_("已作废"))
    return Tag(_("已入账"), "good") if check.confirmed_at else Tag(_("等待第二人确认"), "warn")


@pages.route("/on-site-checks/new", methods=["GET", "POST"])
def choose_party() -> ResponseReturnValue:
    form = FirmCodeForm()
    if form.validate_on_submit():
        return redirect(url_for(".record_on_site_check", uscc=form.uscc.data.strip().upper()))
    title, back = _("期初库存现场核查：哪家企业"), url_for(".list_on_site_checks")
    return form_page(form, title, submit=_("下一步"), back=back)


def _get_party(uscc: str) -> Party:
    party = find_party(uscc)
    if party is None:
        raise NotFound
    return party


@act_page(
    pages,
    "/on-site-checks/new/<uscc>",
    lambda party: CheckForm(party),
    _("期初库存现场核查"),
    on=_get_party,
    rows=lambda party: [(_("企业"), party.name)],
    back=".list_on_site_checks",
    done=_("已登记。须由另一名人员确认后才入账。"),
    submit=_("登记"),
)
@takes_up_to(MOST_PHOTOS * LARGEST_PHOTO + MB)
def record_on_site_check(party: Party, form: CheckForm) -> str:
    photos = [file.read() for file in form.photos.data if file]
    check = opening.record_on_site_check(form.facts(), photos, by=me())
    return url_for(".show_on_site_check", check_id=check.id)


@pages.get("/on-site-checks/<int:check_id>")
def show_on_site_check(check_id: int) -> ResponseReturnValue:
    check = db.get_or_404(OnSiteCheck, check_id)
    is_open = check.confirmed_at is None and check.dismissed_at is None
    may_confirm = is_open and check.recorded_by_id != me().id and not are_tied(check.recorded_by, me())
    return render_template(
        "components/on_site_check.html", check=check, is_open=is_open, may_confirm=may_confirm
    )


@pages.post("/on-site-checks/<int:check_id>/confirm")
def confirm_on_site_check(check_id: int) -> ResponseReturnValue:
    opening.confirm_on_site_check(db.get_or_404(OnSiteCheck, check_id), by=me())
    return done_at(url_for(".show_on_site_check", check_id=check_id), _("已确认，期初库存已入账。"))


@act_page(
    pages,
    "/on-site-checks/<int:check_id>/dismiss",
    DismissForm,
    _("作废现场核查"),
    on=lambda check_id: db.get_or_404(OnSiteCheck, check_id),
    back=lambda check: url_for(".show_on_site_check", check_id=check.id),
    done=_("已作废。"),
)
def dismiss_on_site_check(check: OnSiteCheck, form: DismissForm) -> str:
    opening.dismiss_on_site_check(check, reason=form.reason.data, by=me())
    return url_for(".list_on_site_checks")


@pages.get("/on-site-checks/photos/<int:photo_id>")
def show_check_photo(photo_id: int) -> ResponseReturnValue:
    """The copy for viewing; with `original`, the bytes as received."""
    photo, store = db.get_or_404(CheckPhoto, photo_id), evidence_store()
    copy = None if "original" in request.args else store.copy(photo.sha256)
    if copy:
        return send_file(copy, mimetype="image/jpeg")
    return send_file(store.original(photo.sha256), mimetype=photo.media_type)
