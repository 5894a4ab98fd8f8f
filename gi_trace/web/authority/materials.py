"""What products are made of and where: crops, materials, their ceilings, and areas."""

from decimal import Decimal
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from gi_trace import clock
from gi_trace.batches.coded_again import ReturnCap
from gi_trace.batches.return_caps import propose_return_cap, raises_cap, set_return_cap
from gi_trace.database import db
from gi_trace.excel.cells import tidy
from gi_trace.registry import product_actions
from gi_trace.registry.models import (
    Area,
    Conversion,
    Crop,
    CropYield,
    Material,
    Product,
    Seasons,
    all_crops,
    all_materials,
    all_products,
    areas_within,
    towns,
)
from gi_trace.stock.actions.ceiling_proposals import propose_conversion, propose_yield_ceiling
from gi_trace.stock.actions.ceilings import (
    raises_conversion,
    raises_yield,
    set_conversion,
    set_yield_ceiling,
)
from gi_trace.stock.rules.conversions import Ceiling
from gi_trace.web.act_page import Follows, act_page
from gi_trace.web.authority import bp
from gi_trace.web.authority.products import SLUG, facts_of
from gi_trace.web.authority.proposals import proposed
from gi_trace.web.forms import AtMost, WeightField, names_of, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.words import choices_of

PERCENT = NumberRange(Decimal("0.01"), Decimal(100))


class CodedForm(FlaskForm):
    name = StringField(_("名称"), [needed(), AtMost(60)], filters=[stripped])
    code = StringField(
        _("代码"), [needed(), AtMost(40), SLUG], description=_("小写字母、数字和横线。以后不能改。")
    )


class CropForm(CodedForm):
    seasons = SelectField(_("一年收几季"), [needed()], choices=choices_of(Seasons))


class MaterialForm(CodedForm):
    crop_id = SelectField(_("来自哪种作物"), [needed()], coerce=int, choices=names_of(all_crops))
    ages = BooleanField(_("贮存期间计算年份"))


class AreaForm(FlaskForm):
    name = StringField(_("名称"), [needed(), AtMost(60)], filters=[stripped])
    aliases = StringField(
        _("别名"),
        [Optional(), AtMost(300)],
        filters=[stripped],
        description=_("别的写法，用顿号分开，例如：大鳌镇、大螯。"),
    )

    protected_m2 = IntegerField(
        _("保护区面积（平方米）"),
        [Optional(), NumberRange(1, 10**11)],
        description=_("填了的，这里的地块合计不能超过它。"),
    )

    def __init__(self, area: Area | None = None) -> None:
        known = {"protected_m2": area.protected_m2} if area else {}
        super().__init__(
            data={"name": area.name, "aliases": "、".join(area.aliases)} | known if area else None
        )

    def facts(self) -> dict[str, Any]:
        aliases = [alias.strip() for alias in self.aliases.data.replace("，", "、").split("、")]
        return facts_of(self) | {"aliases": [alias for alias in aliases if alias]}


class NewAreaForm(AreaForm):
    code = StringField(
        _("代码"),
        [needed(), AtMost(40), SLUG],
        description=_("行政区划代码加名称，例如 440705-daao。以后不能改。"),
    )


class VillagesForm(FlaskForm):
    names = TextAreaField(
        _("村名"), [needed(), AtMost(6000)], description=_("一行一个，可以从表格里复制一列粘贴。")
    )

    def validate_names(self, field: TextAreaField) -> None:
        if any(len(name) > 60 for name in self.listed()):
            raise ValidationError(_("每个村名最多 60 个字。"))

    def listed(self) -> list[str]:
        return [name for name in map(tidy, self.names.data.splitlines()) if name]


def valid_from_field() -> DateField:
    return DateField(_("从哪一天起"), [needed()], default=clock.today)


def source_field() -> TextAreaField:
    return TextAreaField(_("出处"), [needed(), AtMost(500)], filters=[stripped])


class YieldForm(FlaskForm):
    crop_id = SelectField(_("作物"), [needed()], coerce=int, choices=names_of(all_crops))
    ceiling = WeightField(_("每亩每季最多（千克）"), [needed()])
    usual = WeightField(
        _("通常亩产最多（千克）"), [Optional()], description=_("核定得更高须两人。留空为上限的四分之三。")
    )
    trees = IntegerField(
        _("每亩最多株数"), [Optional(), NumberRange(1, 10_000)], description=_("留空为不变。")
    )
    valid_from = valid_from_field()
    source = source_field()


class ConversionForm(FlaskForm):
    material_id = SelectField(_("投入"), [needed()], coerce=int, choices=names_of(all_materials))
    result_id = SelectField(_("得到"), [needed()], coerce=int, choices=names_of(all_materials))
    ceiling = DecimalField(_("最多得到（%）"), [needed(), PERCENT])
    usual = DecimalField(
        _("通常最多得到（%）"), [Optional(), PERCENT], description=_("超过时要说明原因；不区分的留空。")
    )
    valid_from = valid_from_field()
    source = source_field()

    def ceiling_asked(self) -> Ceiling:
        usual = None if self.usual.data is None else int(self.usual.data * 100)
        return Ceiling(self.valid_from.data, int(self.ceiling.data * 100), usual, self.source.data)


class ReturnCapForm(FlaskForm):
    product_id = SelectField(_("产品"), [needed()], coerce=int, choices=names_of(all_products))
    percent = IntegerField(
        _("一年最多退回（%）"),
        [InputRequired(), NumberRange(0, 100)],
        description=_("占企业一年包装这种产品的重量；超过的，生成线索，也不能只抽样看货。"),
    )
    valid_from = valid_from_field()
    source = source_field()


@bp.get("/materials")
def list_materials() -> ResponseReturnValue:
    return render_template(
        "authority/list_materials.html",
        crops=all_crops(),
        materials=all_materials(),
        yields=db.session.scalars(select(CropYield).order_by(CropYield.crop_id, CropYield.valid_from)).all(),
        caps=db.session.scalars(select(ReturnCap).order_by(ReturnCap.product_id, ReturnCap.valid_from)).all(),
        conversions=db.session.scalars(
            select(Conversion).order_by(Conversion.from_material_id, Conversion.valid_from)
        ).all(),
    )


@act_page(bp, "/crops/new", CropForm, _("增加作物"), back=".list_materials")
def add_crop(form: CropForm) -> None:
    product_actions.add_crop(form.code.data, form.name.data, Seasons(form.seasons.data), by=me())


@act_page(bp, "/materials/new", MaterialForm, _("增加原料"), back=".list_materials")
def add_material(form: MaterialForm) -> None:
    crop = db.session.get(Crop, form.crop_id.data)
    product_actions.add_material(facts_of(form, "crop_id") | {"crop": crop}, by=me())


@act_page(bp, "/yields/new", YieldForm, _("登记亩产上限"), back=".list_materials")
def set_yield(form: YieldForm) -> Follows:
    crop, most_g = db.session.get_one(Crop, form.crop_id.data), form.ceiling.data
    limits = {"usual_g_per_mu": form.usual.data, "most_trees_per_mu": form.trees.data}
    told: dict[str, Any] = limits | {"valid_from": form.valid_from.data, "source": form.source.data}
    asked = CropYield(valid_from=form.valid_from.data, ceiling_g_per_mu=most_g, **limits)
    if raises_yield(crop, asked):
        return proposed(propose_yield_ceiling(crop, most_g, **told, by=me()))
    set_yield_ceiling(crop, most_g, **told, by=me())
    return None


@act_page(bp, "/conversions/new", ConversionForm, _("登记得率上限"), back=".list_materials")
def set_conversion_ceiling(form: ConversionForm) -> Follows:
    fields = form.material_id, form.result_id
    material, result = (db.session.get_one(Material, field.data) for field in fields)
    asked = form.ceiling_asked()
    if raises_conversion(material, result, asked):
        return proposed(propose_conversion(material, result, asked, by=me()))
    set_conversion(material, result, asked, by=me())
    return None


@act_page(bp, "/return-caps/new", ReturnCapForm, _("登记启用后退回的上限"), back=".list_materials")
def set_cap(form: ReturnCapForm) -> Follows:
    product, percent = db.session.get_one(Product, form.product_id.data), form.percent.data
    valid_from, source = form.valid_from.data, form.source.data
    if raises_cap(product, percent, valid_from):
        return proposed(propose_return_cap(product, percent, valid_from=valid_from, source=source, by=me()))
    set_return_cap(product, percent, valid_from=valid_from, source=source, by=me())
    return None


@bp.get("/areas")
def list_areas() -> ResponseReturnValue:
    areas = [(town, areas_within(town)[1:]) for town in towns()]
    return render_template("authority/list_areas.html", areas=areas)


@act_page(bp, "/areas/new", NewAreaForm, _("增加镇街"), back=".list_areas")
def add_area(form: NewAreaForm) -> None:
    product_actions.add_area(form.facts(), by=me())


def _get_area(code: str) -> Area:
    return db.first_or_404(select(Area).filter_by(code=code))


@act_page(
    bp,
    "/areas/<code>/change",
    lambda area: AreaForm(area),
    _("更改镇街"),
    on=_get_area,
    back=".list_areas",
)
def change_area(area: Area, form: AreaForm) -> None:
    product_actions.change_area(area, form.facts(), by=me())


@act_page(
    bp,
    "/areas/<code>/villages/new",
    lambda _town: VillagesForm(),
    lambda town: gettext("增加%(town)s的村", town=town.name),
    on=_get_area,
    back=".list_areas",
    done=_("村已增加：种植户、地块和导入的文件可以写它们的名称。"),
)
def add_villages(town: Area, form: VillagesForm) -> None:
    product_actions.add_villages(town, form.listed(), by=me())
