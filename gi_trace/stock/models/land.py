"""Land: plots, what they may yield in a season, and what was picked."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db
from gi_trace.registry.models import Area, Conversion, Crop, Material, Party
from gi_trace.stock.models.lots import Lot
from gi_trace.stock.rules.land import typed_key
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.rules.taken import PlotNumberAlike, PlotNumberTaken


class Plot(Base):
    """A grower's measured field; it grows a crop, from which several products may be made.

    `number_key` is the number as `typed_key` gives it. One with a blank is of before numbers were compared so: another
    plot had the same then (`has_namesake`).
    """

    __tablename__ = "plot"
    __table_args__ = (
        CheckConstraint("bearing_m2 BETWEEN 1 AND measured_m2", name="bearing_within_measured"),
        Index("ix_plot_crop_id_area_id_number", "crop_id", "area_id", "number"),  # as they are listed
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(PlotNumberTaken))
    number_key: Mapped[str] = mapped_column(Text, unique=True, info=refused_as(PlotNumberAlike))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    crop_id: Mapped[int] = mapped_column(ForeignKey("crop.id"), index=True)
    measured_m2: Mapped[int]
    bearing_m2: Mapped[int]
    variety: Mapped[str] = mapped_column(String(60), default="")
    trees: Mapped[int | None]

    grower: Mapped[Party] = relationship()
    area: Mapped[Area] = relationship()
    crop: Mapped[Crop] = relationship()

    @validates("number")
    def _tell_key(self, _name: str, number: str) -> str:
        self.number_key = typed_key(number)
        return number


class Allocation(Base):
    """A plot's verified yield for one season and how much of it was picked, whatever is made of it."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("plot_id", "season"),
        CheckConstraint("harvested_g BETWEEN 0 AND allocated_g", name="harvest_within_allocation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plot_id: Mapped[int] = mapped_column(ForeignKey("plot.id"))
    season: Mapped[str] = mapped_column(String(12), index=True)
    yield_g_per_mu: Mapped[int]
    allocated_g: Mapped[int] = mapped_column(BigInteger)
    harvested_g: Mapped[int] = mapped_column(BigInteger, default=0)

    plot: Mapped[Plot] = relationship()

    @property
    def left_g(self) -> int:
        return self.allocated_g - self.harvested_g


class Harvest(Base):
    """What was picked of a plot on a day; its lot is the beginning of every chain. `import_id`: many were declared at once."""

    __tablename__ = "harvest"

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), unique=True)
    weight_g: Mapped[int] = mapped_column(BigInteger)
    picked_on: Mapped[date]
    reversed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"), index=True)

    allocation: Mapped[Allocation] = relationship()
    lot: Mapped[Lot] = relationship()


def plots_of(grower: Party) -> list[Plot]:
    return list(db.session.scalars(select(Plot).filter_by(party_id=grower.id).order_by(Plot.number)))


def find_plot(number: str) -> Plot | None:
    """However the number is typed."""
    return db.session.scalar(select(Plot).filter_by(number_key=typed_key(number)))


def find_allocation(plot: Plot, season: Season) -> Allocation | None:
    query = select(Allocation).filter_by(plot_id=plot.id, season=season.code)
    return db.session.scalar(query)


def raw_material_of(crop: Crop) -> Material:
    """What is picked of a crop: the material that no conversion makes."""
    made = select(Conversion.to_material_id)
    query = select(Material).filter_by(crop_id=crop.id).where(Material.id.not_in(made))
    return db.session.scalars(query.order_by(Material.id).limit(1)).one()
