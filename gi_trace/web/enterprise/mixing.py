"""Putting lots together: merging like with like, blending what differs."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from gi_trace.database import db
from gi_trace.stock.actions import reshaping
from gi_trace.stock.models import Lot, lots_of
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_party
from gi_trace.web.forms import ChoicesField, WeightField, confirmed, form_page, needed, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.words import kg_text, season_words


class MergeForm(FlaskForm):
    lots = ChoicesField(_("批料"), [needed()], coerce=int, description=_("须是同一场所的同一种原料。"))


@bp.route("/lots/merge", methods=["GET", "POST"])
def merge_lots() -> ResponseReturnValue:
    form = MergeForm()
    form.lots.choices = [(lot.id, lot_words(lot)) for lot in lots_of(own_party())]
    if confirmed(form):
        with refusals_on(form):
            made = reshaping.merge_lots(
                [db.session.get_one(Lot, lot_id) for lot_id in form.lots.data], by=me()
            )
            flash(_("已合批。"))
            return redirect(url_for(".show_lot", lot_id=made.id))
    return form_page(form, _("合批"), back=url_for(".list_lots"))


@bp.route("/lots/blend", methods=["GET", "POST"])
def blend_lots() -> ResponseReturnValue:
    lots = lots_of(own_party())
    form = draws_form(FlaskForm, lots)()
    if confirmed(form):
        with refusals_on(form):
            made = reshaping.blend_lots(draws_of(form, lots), by=me())
            flash(_("已拼配。"))
            return redirect(url_for(".show_lot", lot_id=made.id))
    lead = _("拼配后的年份取其中最年轻的一份。只填要用到的批料。")
    return form_page(form, _("拼配"), lead=lead, back=url_for(".list_lots"))


def draws_form(base: type[FlaskForm], lots: list[Lot]) -> Any:
    """The form with one weight for each lot to draw from."""
    fields = {f"draw_{lot.id}": WeightField(lot_words(lot) + str(_("：取用千克"))) for lot in lots}
    return type("DrawsForm", (base,), fields)


def draws_of(form: Any, lots: list[Lot]) -> list[tuple[Lot, int]]:
    """(lot, grams) for every lot of which some weight was asked."""
    asked = [(lot, form[f"draw_{lot.id}"].data) for lot in lots]
    return [(lot, weight_g) for lot, weight_g in asked if weight_g]


def lot_words(lot: Lot) -> str:
    seasons = "、".join(season_words(season) for season in lot.seasons) or str(_("期初库存"))
    available = _("可用")
    return f"{lot.number} {lot.material.name} {seasons} · {available} {kg_text(lot.available_g)}"
