"""Pages of the on-site check of opening stock: written down by one officer, confirmed by another.

The inspector's and the authority's face both have them: `add_pages(bp)`.
"""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import DateField, IntegerField, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from gi_trace import clock
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.registry.models import Product, all_products, find_party
from gi_trace.stock.actions import opening
from gi_trace.stock.actions.opening import LARGEST_PHOTO, MB, MOST_PHOTOS, OnSiteFacts
from gi_trace.stock.models import CheckPhoto, OnSiteCheck, Site, sites_of
from gi_trace.stock.models.reads import open_on_site_checks
from gi_trace.web.forms import AtMost, WeightField, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.uploads import takes_up_to


class PartyForm(FlaskForm):
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
    notes = TextAreaField(_("说明"), [Optional(), AtMost(500)])
    photos = MultipleFileField(
        _("照片"),
        description=_("1 至 12 张 JPEG、PNG、WebP 或 HEIC，每张不超过 8 MB，原样保存。"),
        render_kw={"accept": "image/jpeg,image/png,image/webp,image/heic"},
    )


class DismissForm(FlaskForm):
    reason = TextAreaField(_("作废理由"), [needed(), AtMost(500)])


def add_pages(bp: Blueprint) -> None:
    bp.add_url_rule("/on-site-checks", view_func=list_on_site_checks)
    bp.add_url_rule("/on-site-checks/new", view_func=choose_party, methods=["GET", "POST"])
    bp.add_url_rule("/on-site-checks/new/<uscc>", view_func=record_on_site_check, methods=["GET", "POST"])
    bp.add_url_rule("/on-site-checks/<int:check_id>", view_func=show_on_site_check)
    bp.add_url_rule(
        "/on-site-checks/<int:check_id>/confirm", view_func=confirm_on_site_check, methods=["POST"]
    )
    bp.add_url_rule(
        "/on-site-checks/<int:check_id>/dismiss", view_func=dismiss_on_site_check, methods=["GET", "POST"]
    )
    bp.add_url_rule("/on-site-checks/photos/<int:photo_id>", view_func=show_check_photo)


def list_on_site_checks() -> ResponseReturnValue:
    done = select(OnSiteCheck).where(OnSiteCheck.confirmed_at.is_not(None)).order_by(OnSiteCheck.id.desc())
    return render_template(
        "components/on_site_checks.html",
        waiting=open_on_site_checks(),
        done=db.session.scalars(done.limit(50)).all(),
    )


def choose_party() -> ResponseReturnValue:
    form = PartyForm()
    if form.validate_on_submit():
        return redirect(url_for(".record_on_site_check", uscc=form.uscc.data.strip().upper()))
    return form_page(
        form, _("期初库存现场核查：哪家企业"), submit=_("下一步"), back=url_for(".list_on_site_checks")
    )


@takes_up_to(MOST_PHOTOS * LARGEST_PHOTO + MB)
def record_on_site_check(uscc: str) -> ResponseReturnValue:
    party = find_party(uscc)
    if party is None:
        return redirect(url_for(".choose_party"))
    form = CheckForm()
    form.product.choices = [(p.id, p.name) for p in all_products() if p.material.ages]
    form.site.choices = [(site.id, site.name) for site in sites_of(party)]
    if confirmed(form):
        with refusals_on(form):
            facts = OnSiteFacts(
                db.session.get_one(Product, form.product.data),
                db.session.get_one(Site, form.site.data),
                form.weight.data,
                form.claimed_year.data,
                form.checked_on.data,
                form.outside_number.data,
                form.notes.data or "",
            )
            photos = [file.read() for file in form.photos.data if file]
            check = opening.record_on_site_check(facts, photos, by=me())
            flash(_("已登记。须由另一名人员确认后才入账。"))
            return redirect(url_for(".show_on_site_check", check_id=check.id))
    rows = [(_("企业"), party.name)]
    title = _("期初库存现场核查")
    return form_page(form, title, submit=_("登记"), rows=rows, back=url_for(".list_on_site_checks"))


def show_on_site_check(check_id: int) -> ResponseReturnValue:
    return render_template("components/on_site_check.html", check=db.get_or_404(OnSiteCheck, check_id))


def confirm_on_site_check(check_id: int) -> ResponseReturnValue:
    opening.confirm_on_site_check(db.get_or_404(OnSiteCheck, check_id), by=me())
    flash(_("已确认，期初库存已入账。"))
    return redirect(url_for(".show_on_site_check", check_id=check_id))


def dismiss_on_site_check(check_id: int) -> ResponseReturnValue:
    check, form = db.get_or_404(OnSiteCheck, check_id), DismissForm()
    if confirmed(form):
        with refusals_on(form):
            opening.dismiss_on_site_check(check, reason=form.reason.data, by=me())
            flash(_("已作废。"))
            return redirect(url_for(".list_on_site_checks"))
    return form_page(form, _("作废现场核查"), back=url_for(".show_on_site_check", check_id=check_id))


def show_check_photo(photo_id: int) -> ResponseReturnValue:
    """The copy for viewing; with `original`, the bytes as received."""
    photo, store = db.get_or_404(CheckPhoto, photo_id), evidence_store()
    copy = None if "original" in request.args else store.copy(photo.sha256)
    if copy:
        return send_file(copy, mimetype="image/jpeg")
    return send_file(store.original(photo.sha256), mimetype=photo.media_type)
