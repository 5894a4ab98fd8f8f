"""What people sign or send: transfers, slips, holds and on-site checks."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.registry.models import Party, Product
from gi_trace.stock.models.land import Harvest
from gi_trace.stock.models.lots import Lot, Site
from gi_trace.stock.rules.land import typed_key
from gi_trace.words import Worded


class TransferState(Worded):
    OFFERED = "offered", N_("待确认")
    ACCEPTED = "accepted", N_("已接收")
    REFUSED = "refused", N_("已拒收")
    CANCELLED = "cancelled", N_("已撤回")


class Transfer(Base):
    """Grams of a lot offered to another party; those that arrived move when that party accepts, the others go back.

    `reason` says why it was refused, taken back, or accepted in part.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="weight_positive"),
        CheckConstraint("accepted_g BETWEEN 1 AND weight_g", name="accepted_within_offered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    weight_g: Mapped[int] = mapped_column(BigInteger)
    accepted_g: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[TransferState] = mapped_column(enum_column(TransferState), index=True)
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    received_lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))

    lot: Mapped[Lot] = relationship(foreign_keys=lot_id)
    receiver: Mapped[Party] = relationship()
    received_lot: Mapped[Lot | None] = relationship(foreign_keys=received_lot_id)

    @property
    def number(self) -> str:
        return f"ZR{self.id:05d}"

    @property
    def giver(self) -> Party:
        return self.lot.party

    @property
    def returned_g(self) -> int:
        """What went back to the giver's lot of one that was accepted."""
        return 0 if self.accepted_g is None else self.weight_g - self.accepted_g


class Slip(Base):
    """A grower's receipt for a harvest or a transfer, opened by an unguessable link without sign-in."""

    __tablename__ = "slip"
    __table_args__ = (CheckConstraint("(harvest_id IS NULL) <> (transfer_id IS NULL)", name="one_occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    harvest_id: Mapped[int | None] = mapped_column(ForeignKey("harvest.id"), unique=True)
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    objected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    objection: Mapped[str] = mapped_column(Text, default="")

    grower: Mapped[Party] = relationship()
    lot: Mapped[Lot] = relationship()
    harvest: Mapped[Harvest | None] = relationship()
    transfer: Mapped[Transfer | None] = relationship()


class HoldKind(Worded):
    """Why a lot is stopped; a recall is never lifted."""

    HOLD = "hold", N_("冻结")
    OBJECTION = "objection", N_("种植户异议")
    RECALL = "recall", N_("召回")

    @property
    def is_final(self) -> bool:
        return self is HoldKind.RECALL


class Hold(Base):
    """A stop on one lot and on everything made from it."""

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    kind: Mapped[HoldKind] = mapped_column(enum_column(HoldKind))
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lift_reason: Mapped[str] = mapped_column(Text, default="")

    lot: Mapped[Lot] = relationship()
    placed_by: Mapped[Account | None] = relationship(foreign_keys=placed_by_id)
    lifted_by: Mapped[Account | None] = relationship(foreign_keys=lifted_by_id)


class OnSiteCheck(Base):
    """Old stock seen by two officers; the second one's confirmation lets it into the ledger."""

    __tablename__ = "on_site_check"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="weight_positive"),
        CheckConstraint("confirmed_by_id <> recorded_by_id", name="two_officers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    weight_g: Mapped[int] = mapped_column(BigInteger)
    claimed_year: Mapped[int]
    checked_on: Mapped[date]
    outside_number: Mapped[str] = mapped_column(String(60))
    number_key: Mapped[str] = mapped_column(Text, index=True)  # `outside_number` however it is typed
    founded_year: Mapped[int | None]  # of the firm; None in checks of before it was asked for
    supplier: Mapped[str] = mapped_column(Text, default="")
    paper: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dismissed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dismissal: Mapped[str] = mapped_column(Text, default="")
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))

    product: Mapped[Product] = relationship()
    site: Mapped[Site] = relationship()
    lot: Mapped[Lot | None] = relationship()
    recorded_by: Mapped[Account] = relationship(foreign_keys=recorded_by_id)
    confirmed_by: Mapped[Account | None] = relationship(foreign_keys=confirmed_by_id)
    photos: Mapped[list["CheckPhoto"]] = relationship(order_by="CheckPhoto.id")

    @validates("outside_number")
    def _tell_key(self, _name: str, number: str) -> str:
        self.number_key = typed_key(number)
        return number


class CheckPhoto(Base):
    """A photo of an on-site check. Its bytes as received lie under their hash, which the record also has."""

    __tablename__ = "check_photo"
    __table_args__ = (UniqueConstraint("check_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("on_site_check.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(20))


def find_slip(token: str) -> Slip | None:
    return db.session.scalar(select(Slip).filter_by(token=token))


def offers_to(party: Party) -> list[Transfer]:
    query = select(Transfer).filter_by(receiver_id=party.id, state=TransferState.OFFERED)
    return list(db.session.scalars(query.order_by(Transfer.id)))


def offers_by(party: Party) -> list[Transfer]:
    query = select(Transfer).join(Transfer.lot).where(Lot.party_id == party.id)
    return list(
        db.session.scalars(query.filter(Transfer.state == TransferState.OFFERED).order_by(Transfer.id))
    )


def transfers_decided(parties: Select[int], most: int) -> list[Transfer]:
    """The latest of which one of these parties (ids) was giver or receiver."""
    query = select(Transfer).join(Transfer.lot).where(Transfer.state != TransferState.OFFERED)
    query = query.where(Lot.party_id.in_(parties) | Transfer.receiver_id.in_(parties))
    return list(db.session.scalars(query.order_by(Transfer.decided_at.desc()).limit(most)))


def open_holds_on(lots: list[int]) -> list[Hold]:
    """Stops placed directly on these lots (ids) and not lifted."""
    query = select(Hold).where(Hold.lot_id.in_(lots), Hold.lifted_at.is_(None))
    return list(db.session.scalars(query.order_by(Hold.id)))
