"""Layouts that a firm made for its own labels, beside the standard ones. A row is never changed: an edit is a further
version, so that a download that was noted can be made again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.batches.models import Batch, Download
from gi_trace.database import Base, UTCDateTime, db
from gi_trace.errors import N_, NotFound
from gi_trace.labels.layouts import LabelPart, Layout, Place
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS, VERSION, standard_layouts
from gi_trace.registry.models import Party

OWN = "own-"
USUAL = "a4-24"  # of whoever has printed nothing yet


class LayoutUnknown(NotFound):
    code = "layout_unknown"
    text = N_("没有名为“{name}”的标签排版。")


class LabelLogo(Base):
    """A firm's logo as it is printed: what was uploaded, drawn anew."""

    __tablename__ = "label_logo"

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    image: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LabelLayout(Base):
    """A version of a firm's own layout; `shape` are the lengths and parts of a Layout. The latest is offered, unless it
    says that none is."""

    __tablename__ = "label_layout"
    __table_args__ = (UniqueConstraint("party_id", "ordinal", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    ordinal: Mapped[int]  # counted for each firm
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(40))
    shape: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("label_logo.id"))
    is_offered: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))

    party: Mapped[Party] = relationship()
    logo: Mapped[LabelLogo | None] = relationship()
    by: Mapped[Account] = relationship()

    @property
    def layout(self) -> Layout:
        lengths = {name: tuple(self.shape[name]) for name in ("page", "label", "grid", "margin", "gap")}
        return Layout(
            f"{OWN}{self.ordinal}",
            self.title,
            parts=tuple(LabelPart(part) for part in self.shape["parts"]),
            places=tuple(Place((LabelPart(part),), *box) for part, *box in self.shape["places"]),
            version=self.version,
            arrangement=self.shape.get("arrangement", 1),
            logo=self.logo.image if self.logo else None,
            **lengths,
        )


def shape_of(layout: Layout) -> dict[str, Any]:
    """As a row keeps it."""
    lengths = {name: list(getattr(layout, name)) for name in ("page", "label", "grid", "margin", "gap")}
    places = [[place.parts[0], place.x, place.y, place.width, place.height] for place in layout.places]
    kept = {"parts": list(layout.parts), "places": places, "arrangement": layout.arrangement}
    return lengths | kept


def layout_of(name: str, party: Party, version: int | None = None) -> Layout:
    """A standard layout or one of the firm's own, the latest version unless told; LayoutUnknown."""
    if name in STANDARD_LAYOUTS:
        return standard_layouts(VERSION if version is None else version)[name]
    row = find_own_layout(name, party, version)
    if row is None:
        raise LayoutUnknown(name=name)
    return row.layout


def find_own_layout(name: str, party: Party, version: int | None = None) -> LabelLayout | None:
    ordinal = name.removeprefix(OWN)
    if not (name.startswith(OWN) and ordinal.isascii() and ordinal.isdecimal() and len(ordinal) < 9):
        return None
    query = select(LabelLayout).filter_by(party_id=party.id, ordinal=int(ordinal))
    if version is not None:
        query = query.filter_by(version=version)
    return db.session.scalar(query.order_by(LabelLayout.version.desc()).limit(1))


def own_layouts(party: Party) -> list[LabelLayout]:
    """The latest version of each, as far as it is offered."""
    latest = select(func.max(LabelLayout.id)).filter_by(party_id=party.id).group_by(LabelLayout.ordinal)
    query = select(LabelLayout).where(LabelLayout.id.in_(latest), LabelLayout.is_offered)
    return list(db.session.scalars(query.order_by(LabelLayout.ordinal)))


def usual_layout(party: Party) -> str:
    """The name of that which the firm's last file of labels had, as long as it is offered."""
    query = select(Download.options).join(Download.run).join(Batch).where(Batch.party_id == party.id)
    last = db.session.scalar(query.order_by(Download.id.desc()).limit(1)) or {}
    offered = {layout.name for layout in layouts_of(party)}
    return next((name for name in (last.get("template"),) if name in offered), USUAL)


def layouts_of(party: Party) -> list[Layout]:
    """What a firm may choose from."""
    return [*(row.layout for row in own_layouts(party)), *STANDARD_LAYOUTS.values()]
