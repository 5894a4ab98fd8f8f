"""Places where a party keeps stock."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Optional

from gi_trace.stock.actions import plots
from gi_trace.stock.models import sites_of
from gi_trace.web.act_page import act_page
from gi_trace.web.enterprise import bp
from gi_trace.web.forms import AreaField, AtMost, needed
from gi_trace.web.guards import me, own_party


class SiteForm(FlaskForm):
    name = StringField(_("场所名称"), [needed(), AtMost(60)])
    area = AreaField(
        _("所在镇或村"),
        [Optional(), AtMost(60)],
        description=_("在产区内的请填镇名；产区外的留空，在那里不算陈化。"),
    )
    address = StringField(_("地址"), [needed(), AtMost(200)])


@bp.get("/sites")
def list_sites() -> ResponseReturnValue:
    return render_template("enterprise/list_sites.html", sites=sites_of(own_party()))


@act_page(
    bp,
    "/sites/new",
    SiteForm,
    _("登记场所"),
    back=lambda *_: _where_from() or url_for(".list_sites"),
    done=_("场所已登记。"),
)
def add_site(form: SiteForm) -> str | None:
    party, area = own_party(), form.area.area
    site = plots.add_site(party, form.name.data, area=area, address=form.address.data, by=me())
    there = _where_from()
    return f"{there}&site={site.id}" if there else None


def _where_from() -> str:
    """The page of a transfer that waits for a site, with what was typed there."""
    asked = request.args.get("back", "")
    return asked if asked.startswith(f"{url_for('.list_transfers')}/") and "?" in asked else ""
