"""Products with their grounds and standards, areas, crops and materials. A new product is data, not code."""

from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.constraints import refused_as
from gi_trace.database import Base, db, enum_column
from gi_trace.errors import N_
from gi_trace.excel.choices import Choice
from gi_trace.names import Names
from gi_trace.registry.rules import Basis
from gi_trace.registry.taken import CeilingExists, CodeTaken, ProductNameTaken
from gi_trace.words import Worded

product_area = Table(
    "product_area",
    Base.metadata,
    Column("product_id", ForeignKey("product.id"), primary_key=True),
    Column("area_id", ForeignKey("area.id"), primary_key=True),
)


class Seasons(Worded):
    """How a crop's year is divided: citrus has one season, paddy an early and a late crop."""

    YEAR = "year", N_("一年一季")
    EARLY_LATE = "early_late", N_("早造和晚造")


class Crop(Base):
    """What a plot grows; several products may be made from one crop."""

    __tablename__ = "crop"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    name: Mapped[str] = mapped_column(String(60))
    seasons: Mapped[Seasons] = mapped_column(enum_column(Seasons))


class CropYield(Base):
    """The most that one mu may bear in a season, from a date on, with its source; the most that is usual, and the most trees
    on it, where somebody entered them."""

    __tablename__ = "crop_yield"
    __table_args__ = (UniqueConstraint("crop_id", "valid_from", info=refused_as(CeilingExists)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crop_id: Mapped[int] = mapped_column(ForeignKey("crop.id"))
    valid_from: Mapped[date]
    ceiling_g_per_mu: Mapped[int]
    usual_g_per_mu: Mapped[int | None]
    most_trees_per_mu: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text, default="")


class Material(Base):
    """Something that lots are made of: fresh citrus, dry peel, paddy, rice."""

    __tablename__ = "material"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    name: Mapped[str] = mapped_column(String(60))
    crop_id: Mapped[int] = mapped_column(ForeignKey("crop.id"))
    ages: Mapped[bool] = mapped_column(default=False)

    crop: Mapped[Crop] = relationship()


class Conversion(Base):
    """How much of one material may come out of another, in ten-thousandths, from a date on."""

    __tablename__ = "conversion"
    __table_args__ = (
        UniqueConstraint("from_material_id", "to_material_id", "valid_from", info=refused_as(CeilingExists)),
        CheckConstraint("ceiling_per_10000 > 0", name="ceiling_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    to_material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    valid_from: Mapped[date]
    ceiling_per_10000: Mapped[int]
    usual_per_10000: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text, default="")

    from_material: Mapped[Material] = relationship(foreign_keys=from_material_id)
    to_material: Mapped[Material] = relationship(foreign_keys=to_material_id)


class Area(Base):
    """A town or village of a protected area. Names vary between texts: compare codes, never names.

    `protected_m2`: how much of it is protected, which all its plots together have to fit into; None while not entered.
    """

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    name: Mapped[str] = mapped_column(String(60))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    within_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    protected_m2: Mapped[int | None] = mapped_column(BigInteger)

    within: Mapped["Area | None"] = relationship(remote_side=id)


class Product(Base):
    """One GI product. An empty field is a fact not known, to be filled in by the authority."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    name: Mapped[str] = mapped_column(String(60), unique=True, info=refused_as(ProductNameTaken))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    name_below_minimum_age: Mapped[str | None] = mapped_column(String(60))
    minimum_age_years: Mapped[int | None]
    has_best_before: Mapped[bool] = mapped_column(default=True)
    gtin: Mapped[str | None] = mapped_column(String(14))
    opening_stock_until: Mapped[date | None]
    definition: Mapped[str] = mapped_column(Text, default="")

    material: Mapped[Material] = relationship()
    areas: Mapped[list[Area]] = relationship(secondary=product_area, order_by="Area.id")
    bases: Mapped[list["ProductBasis"]] = relationship(back_populates="product", order_by="ProductBasis.id")
    standards: Mapped[list["Standard"]] = relationship(
        back_populates="product", order_by="Standard.valid_from"
    )

    def on_basis(self, basis: Basis) -> "ProductBasis | None":
        return next((ground for ground in self.bases if ground.basis == basis), None)


class ProductBasis(Base):
    """A legal ground on which a product's name is protected; number is the announcement's or the mark's.

    `artwork` is the official mark as the authority supplies it for labels, PNG or JPEG.
    """

    __tablename__ = "product_basis"
    __table_args__ = (UniqueConstraint("product_id", "basis"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    basis: Mapped[Basis] = mapped_column(enum_column(Basis))
    number: Mapped[str] = mapped_column(String(60), default="")
    mark_name: Mapped[str] = mapped_column(String(60), default="")
    holder: Mapped[str] = mapped_column(String(120), default="")
    since: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text, default="")
    artwork: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    product: Mapped[Product] = relationship(back_populates="bases")


class Standard(Base):
    """A standard of a product, by date; limits are text as published, or empty while not known."""

    __tablename__ = "standard"
    __table_args__ = (UniqueConstraint("product_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    limits: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")

    product: Mapped[Product] = relationship(back_populates="standards")


def all_products() -> list[Product]:
    return list(db.session.scalars(select(Product).order_by(Product.id)))


def names_of_goods() -> list[str]:
    """Of all products, and of what they are made of."""
    return [name for column in (Product.name, Material.name) for name in db.session.scalars(select(column))]


def all_materials() -> list[Material]:
    return list(db.session.scalars(select(Material).order_by(Material.id)))


def materials_made_of(material: Material) -> list[Material]:
    made = select(Conversion.to_material_id).filter_by(from_material_id=material.id)
    return list(db.session.scalars(select(Material).where(Material.id.in_(made)).order_by(Material.id)))


def all_crops() -> list[Crop]:
    return list(db.session.scalars(select(Crop).order_by(Crop.id)))


def find_product(code: str) -> Product | None:
    return db.session.scalar(select(Product).filter_by(code=code))


def towns() -> list[Area]:
    """The areas that lie in no other."""
    return list(db.session.scalars(select(Area).filter_by(within_id=None).order_by(Area.code)))


def areas_within(area: Area) -> list[Area]:
    """The area and all that lie in it."""
    inside: dict[int | None, list[Area]] = {}
    for one in db.session.scalars(select(Area).order_by(Area.code)):
        inside.setdefault(one.within_id, []).append(one)
    found = [area]
    for one in found:
        found += inside.get(one.id, [])
    return found


def area_choices() -> tuple[Choice, ...]:
    """Towns and villages, as forms and files name them."""
    areas = list(db.session.scalars(select(Area).order_by(Area.id)))
    codes = {area.id: area.code for area in areas}
    return tuple(
        Choice(area.code, area.name, tuple(area.aliases), codes.get(area.within_id or 0, ""))
        for area in areas
    )


def find_area(text: str) -> Area | None:
    """By code, name or alias, as people write them, a village also behind its town; files are read in the same way."""
    code = Names(area_choices()).find(text)
    return db.session.scalar(select(Area).filter_by(code=code)) if code else None
