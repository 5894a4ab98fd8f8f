"""Products, areas, standards, and the parties with their rights. A new product is data, not code."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.names import name_key, named, search_key
from gi_trace.registry.mending_rules import Terms
from gi_trace.registry.party_rules import SuccessionKind, entry_on
from gi_trace.registry.rules import Basis, ChangeKind, Right, RightChange
from gi_trace.registry.taken import CeilingExists, CodeTaken, GrowerTaken, ProductNameTaken, RightTaken
from gi_trace.words import Worded

AT_A_TIME = 500  # values in one IN (…)

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
    """The most that one mu may bear in a season, from a date on, with its source."""

    __tablename__ = "crop_yield"
    __table_args__ = (UniqueConstraint("crop_id", "valid_from", info=refused_as(CeilingExists)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    crop_id: Mapped[int] = mapped_column(ForeignKey("crop.id"))
    valid_from: Mapped[date]
    ceiling_g_per_mu: Mapped[int]
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
    """A town or village of a protected area. Names vary between texts: compare codes, never names."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    name: Mapped[str] = mapped_column(String(60))
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    within_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)

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


class PartyKind(StrEnum):
    ENTERPRISE = "enterprise"
    GROWER = "grower"


class Party(Base):
    """Who holds stock: an enterprise, which has a unified social credit code, or a grower, who has none.

    Name, code and address are those of today; an enterprise's entries say what they were, and alone change them.
    """

    __tablename__ = "party"
    __table_args__ = (
        CheckConstraint("(kind = 'enterprise') = (uscc IS NOT NULL)", name="uscc_of_enterprise"),
        Index(
            "uq_party_grower",
            "area_id",
            "name",
            unique=True,
            sqlite_where=text("kind = 'grower'"),
            postgresql_where=text("kind = 'grower'"),
            info=refused_as(GrowerTaken),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PartyKind] = mapped_column(enum_column(PartyKind))
    name: Mapped[str] = mapped_column(String(120), index=True)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")

    area: Mapped[Area | None] = relationship()
    authorisations: Mapped[list["Authorisation"]] = relationship(
        back_populates="party", order_by="Authorisation.starts_on"
    )
    entries: Mapped[list["PartyEntry"]] = relationship(back_populates="party", order_by="PartyEntry.id")

    def entry_on(self, day: date) -> "PartyEntry":
        return entry_on(self.entries, day)

    @property
    def former_names(self) -> list[str]:
        """Other than today's, the latest first."""
        return list(dict.fromkeys(entry.name for entry in self.entries[::-1] if entry.name != self.name))


class PartyEntry(Base):
    """What an enterprise is called from a day on, and why; rows are only ever added.

    The first one has no day: it is what was known when the enterprise was entered.
    """

    __tablename__ = "party_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    from_day: Mapped[date | None]
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(240), index=True)  # by which it is found
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    address: Mapped[str] = mapped_column(String(200), default="")
    representative: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    party: Mapped[Party] = relationship(back_populates="entries")
    area: Mapped[Area | None] = relationship()
    by: Mapped[Any] = relationship("Account")


class Succession(Base):
    """One party takes the place of another, with rights and stock that passed on in the same act."""

    __tablename__ = "succession"
    __table_args__ = (
        UniqueConstraint("from_party_id", "to_party_id"),
        CheckConstraint("from_party_id <> to_party_id", name="not_of_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    to_party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    kind: Mapped[SuccessionKind] = mapped_column(enum_column(SuccessionKind))
    from_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    from_party: Mapped[Party] = relationship(foreign_keys=from_party_id)
    to_party: Mapped[Party] = relationship(foreign_keys=to_party_id)
    by: Mapped[Any] = relationship("Account")


class Authorisation(Base):
    """A party's dated right to the mark for one product on one basis; its changes decide its state."""

    __tablename__ = "authorisation"
    __table_args__ = (
        UniqueConstraint("party_id", "product_id", "basis", "starts_on", info=refused_as(RightTaken)),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    basis: Mapped[Basis] = mapped_column(enum_column(Basis))
    number: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    party: Mapped[Party] = relationship(back_populates="authorisations")
    product: Mapped[Product] = relationship()
    changes: Mapped[list["AuthorisationChange"]] = relationship(
        order_by="AuthorisationChange.id", back_populates="authorisation"
    )

    @property
    def right(self) -> Right:
        return Right(self.starts_on, self.ends_on, tuple(change.change for change in self.changes))

    @property
    def revoked(self) -> set[int]:
        """Ids of the changes that were taken back."""
        return {change.revokes_id for change in self.changes if change.revokes_id is not None}

    @property
    def public_changes(self) -> list["AuthorisationChange"]:
        """What was taken back or corrected is told as if it had always been right, and that it was so only where words
        for the public say it; what is undecided is not told."""
        told = [
            each for each in self.changes if each.kind is not ChangeKind.HELD and each.id not in self.revoked
        ]
        mending = (ChangeKind.REVOKED, ChangeKind.CORRECTED)
        return [each for each in told if each.kind not in mending or each.notice]

    @property
    def terms(self) -> Terms:
        return Terms(self.basis, self.number, self.starts_on, self.ends_on)


class AuthorisationChange(Base):
    """What happened to a right, on which day, why and by whom. Rows are only ever added.

    `reason` is for the file and the party, `notice` for the public. `document` is what the change rests on, the
    announcement of a right that was entered late among them. `corrected` has what a correction put right: name of the
    term, before, after.
    """

    __tablename__ = "authorisation_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    authorisation_id: Mapped[int] = mapped_column(ForeignKey("authorisation.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(enum_column(ChangeKind))
    effective_on: Mapped[date]
    for_cause: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    notice: Mapped[str] = mapped_column(Text, default="")
    document: Mapped[str] = mapped_column(String(200), default="")
    announced_on: Mapped[date | None]
    entered_late: Mapped[bool] = mapped_column(default=False)
    corrected: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)
    revokes_id: Mapped[int | None] = mapped_column(ForeignKey("authorisation_change.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    by: Mapped[Any] = relationship("Account", foreign_keys=by_id)
    confirmed_by: Mapped[Any] = relationship("Account", foreign_keys=confirmed_by_id)
    authorisation: Mapped[Authorisation] = relationship(back_populates="changes")

    @property
    def former_numbers(self) -> list[str]:
        """Of the announcement, as it stood before this correction."""
        return [before for name, before, _after in self.corrected if name == "number" and before]

    @property
    def change(self) -> RightChange:
        return RightChange(
            self.kind, self.effective_on, self.for_cause, self.notice, self.id or 0, self.revokes_id
        )


WITH_RIGHTS = (
    joinedload(Party.area),
    selectinload(Party.entries),
    selectinload(Party.authorisations).options(
        selectinload(Authorisation.changes),
        joinedload(Authorisation.product),
    ),
)


def find_party(uscc: str) -> Party | None:
    """Who has the code, else who had it."""
    had = select(Party).join(PartyEntry).where(PartyEntry.uscc == uscc).order_by(PartyEntry.id.desc())
    return db.session.scalar(select(Party).filter_by(uscc=uscc)) or db.session.scalar(had.limit(1))


def was_called(asked: str) -> ColumnElement[bool]:
    """Of enterprises that have, or had, a name or a social credit code with what is asked in it; nothing finds none."""
    key = search_key(asked[:120])
    return Party.id.in_(select(PartyEntry.party_id).where(entry_has(key))) if key else false()


def entry_has(key: str) -> ColumnElement[bool]:
    """Of entries with this search key in their name or code."""
    return PartyEntry.name_key.contains(key) | PartyEntry.uscc.contains(key.upper())


def parties_with(codes: Iterable[str]) -> list[Party]:
    """Enterprises with these social credit codes, their rights and what belongs to them loaded at once."""
    query = select(Party).options(*WITH_RIGHTS)
    wanted = sorted(codes)
    parts = [wanted[start : start + AT_A_TIME] for start in range(0, len(wanted), AT_A_TIME)]
    return [party for part in parts for party in db.session.scalars(query.where(Party.uscc.in_(part)))]


def all_products() -> list[Product]:
    return list(db.session.scalars(select(Product).order_by(Product.id)))


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


def find_area(text: str) -> Area | None:
    """By code, name or alias, as people write them; the names of files are read in the same way."""
    areas = list(db.session.scalars(select(Area).order_by(Area.id.desc())))  # of two alike the first
    words = [(name_key(word), one) for one in areas for word in one.aliases]
    words += [(name_key(word), one) for one in areas for word in (one.name, one.code)]
    return named(text, dict(words))
