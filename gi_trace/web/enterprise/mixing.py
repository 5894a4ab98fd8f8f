"""Putting lots together: merging like with like, blending what differs."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.fields.choices import SelectChoice

from gi_trace import clock
from gi_trace.database import db
from gi_trace.stock.actions import reshaping
from gi_trace.stock.actions.ledger import is_dear_on
from gi_trace.stock.models import Lot, lots_of
from gi_trace.web.act_page import act_page
from gi_trace.web.enterprise import bp
from gi_trace.web.forms import ChoicesField, WeightField, needed
from gi_trace.web.guards import me, own_party
from gi_trace.web.stock.lots import at_lot
from gi_trace.web.words import age_words, lot_words


class MergeLotsForm(FlaskForm):
    lots = ChoicesField(
        _("批料"),
        [needed()],
        coerce=int,
        description=_("须是同一场所的同一种原料。"),
        choices=lambda: [SelectChoice(lot.id, lot_words(lot)) for lot in lots_of(own_party())],
    )


@act_page(bp, "/lots/merge", MergeLotsForm, _("合批"), back=".list_lots", done=_("已合批。"))
def merge_lots(form: MergeLotsForm) -> str:
    return at_lot(
        reshaping.merge_lots([db.session.get_one(Lot, lot_id) for lot_id in form.lots.data], by=me())
    )


@act_page(
    bp,
    "/lots/blend",
    lambda: draws_form(FlaskForm, lots_of(own_party())),
    _("拼配"),
    back=".list_lots",
    done=_("已拼配。"),
    lead=_("拼配后的年份取其中最年轻的一份。只填要用到的批料。"),
)
def blend_lots(form: FlaskForm) -> str:
    lots = lots_of(own_party())
    return at_lot(reshaping.blend_lots(draws_of(form, lots), by=me(), agreed=agreed_to(form, lots)))


class YesField(BooleanField):
    """A yes that may be given; without it nothing was answered."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data: bool | None = self.data or None


def draws_form(base: type[FlaskForm], lots: list[Lot]) -> Any:
    """A form with one weight for each lot to draw from, and a yes for each that is old or claimed."""
    fields: dict[str, Field] = {}
    for lot in lots:
        fields[f"draw_{lot.id}"] = WeightField(lot_words(lot) + str(_("：取用千克")))
        if is_dear_on(lot, clock.today()):
            told = _("同意取用 {lot}（{age}）").format(lot=lot.number, age=lot.age and age_words(lot.age))
            fields[f"agree_{lot.id}"] = YesField(told)
    return type("DrawsForm", (base,), fields)()


def agreed_to(form: Any, lots: list[Lot]) -> list[int]:
    """The old or claimed lots that the person ticked."""
    fields = [(lot.id, f"agree_{lot.id}") for lot in lots]
    return [lot_id for lot_id, name in fields if name in form and form[name].data]


def draws_of(form: Any, lots: list[Lot]) -> list[tuple[Lot, int]]:
    """(lot, grams) for every lot of which some weight was asked."""
    fields = [(lot, f"draw_{lot.id}") for lot in lots]
    return [(lot, form[name].data) for lot, name in fields if name in form and form[name].data]
