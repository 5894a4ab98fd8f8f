"""Lots: what they are, where they were stored, and which came out of which."""

from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from gi_trace import clock
from gi_trace.constraints import refused_as
from gi_trace.database import Base, db, enum_column
from gi_trace.registry.models import Area, Material, Party
from gi_trace.stock.rules.age import Age, Stay, age_of
from gi_trace.stock.rules.seasons import PeelKind, Season, parse_season
from gi_trace.stock.rules.taken import SiteNameTaken


class Site(Base):
    """Where a party keeps stock. Without an area it lies outside every protected area."""

    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("party_id", "name", info=refused_as(SiteNameTaken)),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    name: Mapped[str] = mapped_column(String(60))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    address: Mapped[str] = mapped_column(String(200), default="")

    party: Mapped[Party] = relationship()
    area: Mapped[Area | None] = relationship()


class Lot(Base):
    """Stock of one material and origin, held by one party at one site; weights in grams.

    `origins` lists [area id, season code] of every harvest in it; `opening_checks` the on-site checks
    that let untraced stock in. `holds` and `recalls` count what stops this lot, placed on it or on
    anything that it was made from, so that asking costs one row.
    """

    __tablename__ = "lot"
    __table_args__ = (
        CheckConstraint("balance_g >= 0", name="balance_not_negative"),
        CheckConstraint("reserved_g BETWEEN 0 AND balance_g", name="reserved_within_balance"),
        CheckConstraint("holds >= 0 AND recalls >= 0", name="stops_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    peel_kind: Mapped[PeelKind | None] = mapped_column(enum_column(PeelKind))
    origins: Mapped[list[list]] = mapped_column(JSON)
    first_season: Mapped[str | None] = mapped_column(String(12))
    last_season: Mapped[str | None] = mapped_column(String(12), index=True)
    opening_checks: Mapped[list[int]] = mapped_column(JSON, default=list)
    claimed_year: Mapped[int | None]
    made_on: Mapped[date]
    balance_g: Mapped[int] = mapped_column(BigInteger, default=0)
    reserved_g: Mapped[int] = mapped_column(BigInteger, default=0)
    holds: Mapped[int] = mapped_column(default=0)
    recalls: Mapped[int] = mapped_column(default=0)

    party: Mapped[Party] = relationship()
    material: Mapped[Material] = relationship()
    site: Mapped[Site | None] = relationship()
    stays: Mapped[list["StayPeriod"]] = relationship(order_by="StayPeriod.id", cascade="all, delete-orphan")

    @property
    def number(self) -> str:
        return f"L{self.id}"

    @property
    def available_g(self) -> int:
        return self.balance_g - self.reserved_g

    @property
    def is_stopped(self) -> bool:
        return self.holds > 0 or self.recalls > 0

    @property
    def is_opening_stock(self) -> bool:
        return bool(self.opening_checks)

    @property
    def season_codes(self) -> list[str]:
        """In the order of time; the empty one first stands for opening stock, which is of before all that is traced."""
        return sorted({season for _, season in self.origins} | ({""} if self.is_opening_stock else set()))

    @property
    def seasons(self) -> list[Season]:
        """Of the harvests in it."""
        return [parse_season(code) for code in self.season_codes if code]

    @property
    def record_of_stays(self) -> list[Stay]:
        return [period.stay for period in self.stays]

    @property
    def age(self) -> Age | None:
        """Today's, of what ages."""
        return self.age_on(clock.today()) if self.material.ages else None

    def age_on(self, day: date) -> Age:
        return age_of(self.record_of_stays, day, claimed_year=self.claimed_year)


class StayPeriod(Base):
    """Days of a lot at one site; whether that was inside is fixed when it came there."""

    __tablename__ = "stay_period"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    inside: Mapped[bool]
    claimed: Mapped[bool] = mapped_column(default=False)

    @property
    def stay(self) -> Stay:
        return Stay(self.starts_on, self.ends_on, self.inside, self.claimed, self.site_id)


class LotParent(Base):
    """`grams` of the parent went into the child. A child is younger than its parents: no cycles."""

    __tablename__ = "lot_parent"
    __table_args__ = (CheckConstraint("child_id > parent_id", name="child_after_parent"),)

    child_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    grams: Mapped[int] = mapped_column(BigInteger)
    act_number: Mapped[int] = mapped_column(ForeignKey("record_row.number"), index=True)


class LotTest(Base):
    """A laboratory's report on a lot; everything made from the lot inherits it."""

    __tablename__ = "lot_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    report_number: Mapped[str] = mapped_column(String(60))
    laboratory: Mapped[str] = mapped_column(String(120))
    tested_on: Mapped[date]
    passed: Mapped[bool]
    notes: Mapped[str] = mapped_column(Text, default="")

    lot: Mapped[Lot] = relationship()


def lots_of(party: Party) -> list[Lot]:
    """What a party holds now."""
    query = select(Lot).filter_by(party_id=party.id).where(Lot.balance_g > 0)
    return list(db.session.scalars(query.order_by(Lot.id).options(selectinload(Lot.stays))))


def lots_to_pack(party: Party, material_id: int) -> list[Lot]:
    """Those of the material that nothing stops and that have something left."""
    lots = [lot for lot in lots_of(party) if lot.material_id == material_id]
    return [lot for lot in lots if lot.available_g and not lot.is_stopped]


def lot_made_by(act_number: int) -> Lot:
    """The one that an act made of others."""
    query = select(LotParent.child_id).filter_by(act_number=act_number).limit(1)
    return db.session.get_one(Lot, db.session.scalars(query).one())


def lots_to_give(parties: Select[int]) -> list[Lot]:
    """Of these parties (ids), those that nothing stops and that have something left; the latest first."""
    query = select(Lot).where(Lot.party_id.in_(parties), Lot.balance_g > Lot.reserved_g)
    query = query.where(Lot.holds == 0, Lot.recalls == 0).options(
        joinedload(Lot.material), joinedload(Lot.party), joinedload(Lot.site), selectinload(Lot.stays)
    )
    return list(db.session.scalars(query.order_by(Lot.id.desc())))


def sites_of(party: Party) -> list[Site]:
    return list(db.session.scalars(select(Site).filter_by(party_id=party.id).order_by(Site.id)))
