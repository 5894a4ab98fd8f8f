"""Parties by all their names, and their dated rights with the changes that decide them."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    select,
    text,
)
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship, selectinload

from gi_trace.constraints import refused_as
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.names import search_key
from gi_trace.registry.mending_rules import Terms
from gi_trace.registry.models.products import Area, Product
from gi_trace.registry.party_rules import SuccessionKind, entry_on
from gi_trace.registry.rules import Basis, ChangeKind, Right, RightChange
from gi_trace.registry.taken import GrowerTaken, RightTaken

AT_A_TIME = 500  # values in one IN (…)


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
