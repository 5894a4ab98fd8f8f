"""Products as data: added, corrected, with their legal grounds, standards and areas."""

from functools import partial
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from stdnum import ean
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional, Regexp

from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.registry import product_actions
from gi_trace.registry.models import (
    Material,
    Product,
    Standard,
    all_materials,
    all_products,
    find_product,
    towns,
)
from gi_trace.registry.rules import Basis
from gi_trace.web.act_page import act_page
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, ChoicesField, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.words import label

SLUG = Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_("用小写字母、数字和横线。"))


def sound_gtin(form: FlaskForm, field: Any) -> None:
    """Puts a GTIN of 8 to 14 digits into its 14."""
    if not ean.is_valid(field.data):
        raise ValidationError(_("这不是正确的商品条码，请核对每一位。"))
    field.data = ean.compact(field.data).zfill(14)


class ProductForm(FlaskForm):
    name = StringField(_("产品名称"), [needed(), AtMost(60)], filters=[stripped])
    material_id = SelectField(
        _("用什么原料"), [needed()], coerce=int, description=_("没有合适的，先到“原料”页面增加。")
    )
    definition = TextAreaField(_("定义"), [Optional(), AtMost(1000)], filters=[stripped])
    minimum_age_years = IntegerField(
        _("最低陈化年数"), [Optional(), NumberRange(1, 50)], description=_("没有年份要求的留空。")
    )
    name_below_minimum_age = StringField(_("未满年数时的名称"), [Optional(), AtMost(60)], filters=[stripped])
    has_best_before = BooleanField(_("包装上须写保质期"))
    gtin = StringField(_("商品条码（GTIN）"), [Optional(), AtMost(20), sound_gtin], filters=[stripped])
    opening_stock_until = DateField(
        _("存量登记截止日"),
        [Optional()],
        description=_("旧存货总须两名人员现场核查；这一天以后登记的，第二名须是主管部门人员。"),
    )

    def __init__(self, row: Product | None = None) -> None:
        super().__init__(obj=row)
        self.material_id.choices = [(each.id, each.name) for each in all_materials()]

    def facts(self) -> dict[str, Any]:
        material = db.session.get(Material, self.material_id.data)
        unknown = {name: self[name].data or None for name in ("gtin", "name_below_minimum_age")}
        return facts_of(self, "material_id") | unknown | {"material": material}


class NewProductForm(ProductForm):
    code = StringField(
        _("代码"),
        [needed(), AtMost(40), SLUG],
        description=_("小写字母、数字和横线，例如 xinhui-gan。以后不能改。"),
    )


class GroundForm(FlaskForm):
    """What is known of a legal ground; only a certification mark has a name and a holder."""

    number = StringField(_("公告号或商标注册号"), [Optional(), AtMost(60)], filters=[stripped])
    mark_name = StringField(_("商标名称"), [Optional(), AtMost(60)], filters=[stripped])
    holder = StringField(_("注册人"), [Optional(), AtMost(120)], filters=[stripped])
    since = DateField(_("公告或注册日期"), [Optional()])
    source = TextAreaField(_("出处"), [Optional(), AtMost(500)], filters=[stripped])

    def __init__(self, product: Product, basis: Basis) -> None:
        super().__init__(obj=product.on_basis(basis))
        if basis == Basis.PROTECTED:
            del self.mark_name, self.holder

    def facts(self) -> dict[str, Any]:
        return facts_of(self)


class StandardForm(FlaskForm):
    code = StringField(_("标准号"), [needed(), AtMost(60)], filters=[stripped])
    title = StringField(_("标准名称"), [Optional(), AtMost(120)], filters=[stripped])
    valid_from = DateField(_("实施日期"), [Optional()])
    valid_until = DateField(_("废止日期"), [Optional()])
    limits = TextAreaField(_("指标"), [Optional(), AtMost(2000)], filters=[stripped])
    source = TextAreaField(_("出处"), [Optional(), AtMost(500)], filters=[stripped])

    def facts(self) -> dict[str, Any]:
        return facts_of(self)


class AreasForm(FlaskForm):
    areas = ChoicesField(_("镇街"), coerce=int)

    def __init__(self, product: Product) -> None:
        super().__init__(areas=[area.id for area in product.areas])
        self.areas.choices = [(town.id, town.name) for town in towns()]


def facts_of(form: FlaskForm, *left_out: str) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name not in ("csrf_token", *left_out)}


@bp.get("/products")
def list_products() -> ResponseReturnValue:
    return render_template("authority/list_products.html", products=all_products())


@bp.get("/products/<code>")
def show_product(code: str) -> ResponseReturnValue:
    product = get_product(code)
    missing = [basis for basis in Basis if product.on_basis(basis) is None]
    return render_template("authority/show_product.html", product=product, missing=missing)


@act_page(
    bp,
    "/products/new",
    NewProductForm,
    _("增加产品"),
    back=".list_products",
    done=_("产品已增加。下一步：登记保护依据、产区和标准。"),
)
def add_product(form: NewProductForm) -> str:
    return at_product(product_actions.add_product(form.facts(), by=me()))


def get_product(code: str) -> Product:
    product = find_product(code)
    if product is None:
        raise NotFound
    return product


def at_product(product: Product) -> str:
    return url_for(".show_product", code=product.code)


act_on_product = partial(act_page, bp, on=get_product, back=at_product)


@act_on_product("/products/<code>/change", lambda product: ProductForm(product), _("更改产品资料"))
def change_product(product: Product, form: ProductForm) -> None:
    product_actions.change_product(product, form.facts(), by=me())


def _get_ground(code: str, basis: str) -> tuple[Product, Basis]:
    return get_product(code), Basis(basis)


@act_page(
    bp,
    "/products/<code>/bases/<any(protected, certification):basis>",
    lambda ground: GroundForm(*ground),
    lambda ground: f"{ground[0].name} · {label(ground[1])}",
    on=_get_ground,
    back=lambda ground: at_product(ground[0]),
)
def put_basis(ground: tuple[Product, Basis], form: GroundForm) -> None:
    product_actions.put_basis(*ground, form.facts(), by=me())


@act_on_product("/products/<code>/standards/new", StandardForm, _("标准"))
def add_standard(product: Product, form: StandardForm) -> None:
    product_actions.put_standard(product, None, form.facts(), by=me())


def _get_standard(code: str, standard_id: int) -> Standard:
    standard = db.get_or_404(Standard, standard_id)
    if standard.product is not get_product(code):
        raise NotFound
    return standard


@act_page(
    bp,
    "/products/<code>/standards/<int:standard_id>",
    lambda standard: StandardForm(obj=standard),
    _("标准"),
    on=_get_standard,
    back=lambda standard: at_product(standard.product),
)
def put_standard(standard: Standard, form: StandardForm) -> None:
    product_actions.put_standard(standard.product, standard, form.facts(), by=me())


@act_on_product("/products/<code>/areas", lambda product: AreasForm(product), _("产区"))
def choose_areas(product: Product, form: AreasForm) -> None:
    chosen = [town for town in towns() if town.id in (form.areas.data or [])]
    product_actions.choose_areas(product, chosen, by=me())
