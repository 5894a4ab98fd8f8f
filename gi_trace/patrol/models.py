"""What patrols find: shops, visits, scans, findings and their photos.

All of it is made on phones without network, so ids are the phone's own UUIDs. A visit arrives first; a photo may name
a finding that arrives later, so that reference is not enforced: it holds where both are of one visit. Content is only
ever added, as numbered versions.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import (
    CLOCK_WRONG_S,
    GOOD_FIX_M,
    Doubt,
    ItemKind,
    MarketNameTaken,
    Measure,
    PhotoKind,
)
from gi_trace.registry.models import Product
from gi_trace.registry.taken import CodeTaken


class Market(Base):
    """A place that an officer names where the phone has no fix."""

    __tablename__ = "market"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True, info=refused_as(MarketNameTaken))
    city: Mapped[str] = mapped_column(String(40))


class Offence(Base):
    """A ground on which a finding may rest, with the clause it comes from. Retired, never deleted."""

    __tablename__ = "offence"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True, info=refused_as(CodeTaken))
    text: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(120))
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Shop(Base):
    """A shop or stall that was visited; `code` is the social credit code or licence number it shows. One that sells
    online stands at its `link`, on a `platform`, which shows the `seller`."""

    __tablename__ = "shop"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(40), default="")
    market_id: Mapped[int | None] = mapped_column(ForeignKey("market.id"), index=True)
    city: Mapped[str] = mapped_column(String(40), default="")
    first_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    link: Mapped[str] = mapped_column(String(500), default="")
    platform: Mapped[str] = mapped_column(String(40), default="")
    seller: Mapped[str] = mapped_column(String(120), default="")

    market: Mapped[Market | None] = relationship()


class MadeOnPhone:
    """Columns of all that is made on a phone; what they say of its clock stood sealed in the item. Without `heard_at`
    the error was measured when the item was sent, or is not known."""

    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    phone_id: Mapped[str | None] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)  # by the phone's clock
    clock_ahead_s: Mapped[int]  # phone's clock minus ours
    heard_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last word from us before it was made

    @property
    def happened_at(self) -> datetime:
        """When it was made, by our clock."""
        return self.made_at - timedelta(seconds=self.clock_ahead_s)

    @property
    def phone(self) -> PatrolPhone | None:
        return db.session.get(PatrolPhone, self.phone_id) if self.phone_id else None

    @property
    def doubts(self) -> dict[Doubt, int]:
        """What must be told with it, by whole minutes where it is of the clock."""
        minutes = round(abs(self.clock_ahead_s) / 60)
        wrong = abs(self.clock_ahead_s) > CLOCK_WRONG_S
        phone = self.phone
        ended, revoked = (phone.ended_at, phone.revoked_at) if phone else (None, None)
        told = {
            Doubt.CLOCK_FAST: wrong and self.clock_ahead_s > 0,
            Doubt.CLOCK_SLOW: wrong and self.clock_ahead_s < 0,
            Doubt.CLOCK_UNTOLD: self.phone_id is not None and self.heard_at is None,
            Doubt.PHONE_ENDED: ended and self.happened_at > ended + timedelta(seconds=CLOCK_WRONG_S),
            Doubt.PHONE_REVOKED: revoked and self.arrived_at > revoked,
        }
        return {doubt: minutes for doubt, there in told.items() if there}

    @property
    def doubts_told(self) -> str:
        """In the words of papers."""
        return "；".join(doubt.label.format(minutes=minutes) for doubt, minutes in self.doubts.items())

    @property
    def arrived_at(self) -> datetime:
        raise NotImplementedError


class Arrived(MadeOnPhone):
    """Columns of all that arrives whole; the record's number is the receipt."""

    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    receipt: Mapped[int]
    content_sha256: Mapped[str] = mapped_column(String(64))

    @property
    def arrived_at(self) -> datetime:
        return self.received_at


class Visit(Base):
    """One stop of an inspection at a shop. What is said of it stands in its versions, the newest last."""

    __tablename__ = "visit"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    shop_id: Mapped[str] = mapped_column(ForeignKey("shop.id"), index=True)
    first_received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    officer: Mapped[Account] = relationship()
    shop: Mapped[Shop] = relationship()
    versions: Mapped[list["VisitVersion"]] = relationship(order_by="VisitVersion.number")
    findings: Mapped[list["Finding"]] = relationship(
        primaryjoin="Visit.id == foreign(Finding.visit_id)",
        order_by="Finding.first_received_at",
        viewonly=True,
    )
    photos: Mapped[list["Evidence"]] = relationship(
        primaryjoin="Visit.id == foreign(Evidence.visit_id)", order_by="Evidence.made_at", viewonly=True
    )
    scans: Mapped[list["Scan"]] = relationship(order_by="Scan.made_at", viewonly=True)
    told_discards: Mapped[list["Discard"]] = relationship(
        primaryjoin="Visit.id == foreign(Discard.visit_id)", order_by="Discard.made_at", viewonly=True
    )

    @property
    def latest(self) -> "VisitVersion":
        return self.versions[-1]

    @property
    def officer_ids(self) -> set[int]:
        """Everybody who was one of its two officers in any version."""
        return {self.officer_id, *(version.second_officer_id for version in self.versions)}

    @property
    def discards(self) -> list["Discard"]:
        """One may come before the visit that it names, when nobody knows yet whose that is."""
        return [discard for discard in self.told_discards if discard.by_id in self.officer_ids]

    @property
    def loose_photos(self) -> list["Evidence"]:
        """Photos of no finding that is known."""
        findings = {finding.id for finding in self.findings}
        return [photo for photo in self.photos if photo.finding_id not in findings]


class VisitVersion(Arrived, Base):
    """Where and with whom: coordinates in millionths of a degree, or the market where there was no fix."""

    __tablename__ = "visit_version"
    __table_args__ = (UniqueConstraint("visit_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"))
    number: Mapped[int]
    based_on: Mapped[int]
    second_officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    latitude_e6: Mapped[int | None]
    longitude_e6: Mapped[int | None]
    accuracy_m: Mapped[int | None]
    market_id: Mapped[int | None] = mapped_column(ForeignKey("market.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Account] = relationship(foreign_keys="VisitVersion.by_id")
    second_officer: Mapped[Account] = relationship(foreign_keys=second_officer_id)
    market: Mapped[Market | None] = relationship()

    @property
    def conflicts(self) -> bool:
        """Made without knowing the version before it."""
        return self.based_on != self.number - 1


class Scan(Arrived, Base):
    """Whatever an officer scanned or typed at a visit, forged, foreign and clean ones alike: `text` as it was read,
    `host` where it is not ours, `verdict` as the phone judged, `again` where the visit had scanned the unit before."""

    __tablename__ = "visit_scan"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visit.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(String(80), default="", index=True)
    host: Mapped[str] = mapped_column(String(253), default="")
    verdict: Mapped[str] = mapped_column(String(80), default="")
    server_verdict: Mapped[str] = mapped_column(String(32))
    pack: Mapped[str] = mapped_column(String(80), default="")
    again: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Account] = relationship()

    @property
    def differs(self) -> bool:
        """The service judged otherwise when it arrived."""
        return self.verdict != self.server_verdict


class Finding(Base):
    """Something found at a visit. What is said of it stands in its versions, the newest last."""

    __tablename__ = "finding"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    first_received_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)

    visit: Mapped[Visit | None] = relationship(
        primaryjoin="Visit.id == foreign(Finding.visit_id)", viewonly=True
    )
    versions: Mapped[list["FindingVersion"]] = relationship(
        back_populates="finding", order_by="FindingVersion.number"
    )
    photos: Mapped[list["Evidence"]] = relationship(
        primaryjoin="and_(Finding.id == foreign(Evidence.finding_id), Finding.visit_id == foreign(Evidence.visit_id))",
        order_by="Evidence.made_at",
        viewonly=True,
    )

    @property
    def latest(self) -> "FindingVersion":
        return self.versions[-1]


class FindingVersion(Arrived, Base):
    """`label` maps field names of the label to what stands on the pack; `scans` lists {code, verdict, pack,
    at, twin, host} as the phone judged; `server_verdicts` maps each code to ours on receipt."""

    __tablename__ = "finding_version"
    __table_args__ = (
        UniqueConstraint("finding_id", "number"),
        CheckConstraint("quantity >= 0 AND unit_price_fen >= 0", name="amounts_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    finding_id: Mapped[str] = mapped_column(ForeignKey("finding.id"))
    number: Mapped[int]
    based_on: Mapped[int]
    offence_id: Mapped[int] = mapped_column(ForeignKey("offence.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    label: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    scans: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    server_verdicts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    quantity: Mapped[int]
    quantity_unit: Mapped[str] = mapped_column(String(20), default="")
    unit_price_fen: Mapped[int]
    supplier: Mapped[str] = mapped_column(Text, default="")
    statement: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[Measure] = mapped_column(enum_column(Measure))
    measure_on: Mapped[date | None]
    measure_number: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    finding: Mapped[Finding] = relationship(back_populates="versions")
    by: Mapped[Account] = relationship()
    offence: Mapped[Offence] = relationship()
    product: Mapped[Product | None] = relationship()

    @property
    def visit_id(self) -> str:
        return self.finding.visit_id

    @property
    def value_fen(self) -> int:
        """货值: quantity times unit price."""
        return self.quantity * self.unit_price_fen

    @property
    def conflicts(self) -> bool:
        """Made without knowing the version before it."""
        return self.based_on != self.number - 1


class EvidenceState(StrEnum):
    ANNOUNCED = "announced"
    COMPLETE = "complete"


class Evidence(MadeOnPhone, Base):
    """One photo. Its original bytes lie untouched under their SHA-256; `phone_sha256` is what the phone
    computed at capture, and a photo is complete only when both agree. Marks make another photo, which names the one
    they were made on."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    finding_id: Mapped[str | None] = mapped_column(String(36), index=True)
    kind: Mapped[PhotoKind] = mapped_column(enum_column(PhotoKind), default=PhotoKind.PHOTO)
    marks_of_id: Mapped[str | None] = mapped_column(String(36))
    state: Mapped[EvidenceState] = mapped_column(enum_column(EvidenceState))
    phone_sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40), default="")
    has_copy: Mapped[bool] = mapped_column(default=False)  # for viewing; none of a photo that we cannot draw
    announced_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    receipt: Mapped[int | None]

    by: Mapped[Account] = relationship()
    marks_of: Mapped["Evidence | None"] = relationship(
        primaryjoin="and_(foreign(Evidence.marks_of_id) == remote(Evidence.id),"
        " foreign(Evidence.visit_id) == remote(Evidence.visit_id))",
        viewonly=True,
    )

    @property
    def arrived_at(self) -> datetime:
        return self.completed_at or self.announced_at

    @property
    def sha256(self) -> str | None:
        """Of the bytes that we hold, once they are complete."""
        return self.phone_sha256 if self.state == EvidenceState.COMPLETE else None


class Discard(Arrived, Base):
    """What an officer gave up after the service had refused it, and why. `items` lists {id, kind, made_at}; of a visit that
    was refused nothing else is known."""

    __tablename__ = "discard"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(String(36), index=True)
    items: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    refusal: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Account] = relationship()
    told_visit: Mapped[Visit | None] = relationship(
        primaryjoin="Visit.id == foreign(Discard.visit_id)", viewonly=True
    )

    @property
    def visit(self) -> Visit | None:
        visit = self.told_visit
        return visit if visit is not None and self.by_id in visit.officer_ids else None

    @property
    def counts(self) -> dict[ItemKind, int]:
        """Items by their kind."""
        return Counter(ItemKind(item["kind"]) for item in self.items)


def latest_discards(most: int) -> list[Discard]:
    return list(db.session.scalars(select(Discard).order_by(Discard.received_at.desc()).limit(most)))


def offences_in_use() -> list[Offence]:
    return list(db.session.scalars(select(Offence).filter_by(retired_at=None).order_by(Offence.id)))


def all_markets() -> list[Market]:
    return list(db.session.scalars(select(Market).order_by(Market.city, Market.name)))


def open_visits_of(officer: Account, since: datetime) -> list[Visit]:
    """Visits since then in which the officer took part, as first or second."""
    took_part = select(VisitVersion.visit_id).where(VisitVersion.second_officer_id == officer.id)
    query = select(Visit).where(Visit.first_received_at >= since)
    query = query.where((Visit.officer_id == officer.id) | Visit.id.in_(took_part))
    return list(db.session.scalars(query.order_by(Visit.first_received_at)))


def visits_to(shops: Collection[str]) -> list[Visit]:
    query = select(Visit).where(Visit.shop_id.in_(shops)).order_by(Visit.first_received_at, Visit.id)
    return list(db.session.scalars(query))


def shop_places() -> dict[str, dict[str, int | None]]:
    """{latitude_e6, longitude_e6} of shops by id, as the last visit with a good fix found them."""
    place = VisitVersion.latitude_e6, VisitVersion.longitude_e6
    query = select(Visit.shop_id, *place).join(Visit, Visit.id == VisitVersion.visit_id)
    query = query.where(VisitVersion.accuracy_m <= GOOD_FIX_M).order_by(VisitVersion.received_at)
    rows = db.session.execute(query)
    return {shop: {"latitude_e6": latitude, "longitude_e6": longitude} for shop, latitude, longitude in rows}


def registered_goods_since(day: date) -> list[FindingVersion]:
    """Latest versions that hold goods under 先行登记保存 or sampling taken on the day or later."""
    later = aliased(FindingVersion)
    amended = exists().where(
        later.finding_id == FindingVersion.finding_id, later.number > FindingVersion.number
    )
    query = select(FindingVersion).where(FindingVersion.measure != Measure.NONE, ~amended)
    query = query.where(FindingVersion.measure_on >= day)
    return list(db.session.scalars(query.order_by(FindingVersion.measure_on)))
