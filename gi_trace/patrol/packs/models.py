"""Phones on patrol and the packs that were made for them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, LargeBinary, Select, String, cast, func, select, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db


class PatrolPhone(Base):
    """A phone in an officer's hands. `id` is of its public key, whose private key stays in it."""

    __tablename__ = "patrol_phone"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    browser: Mapped[str] = mapped_column(String(200))
    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its officer has signed out on it

    officer: Mapped[Account] = relationship()


class Pack(Base):
    """What one phone took along; its bytes are not kept. Without `base_id` it is whole, else a difference."""

    __tablename__ = "patrol_pack"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    phone_id: Mapped[str] = mapped_column(ForeignKey("patrol_phone.id"), index=True)
    base_id: Mapped[str | None] = mapped_column(ForeignKey("patrol_pack.id"))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime] = mapped_column(UTCDateTime)
    products: Mapped[list[str]] = mapped_column(JSON)
    epochs: Mapped[list[int]] = mapped_column(JSON)
    undated: Mapped[list[int]] = mapped_column(JSON)  # batches with news of no date of its own
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]

    phone: Mapped[PatrolPhone] = relationship()
    base: Mapped["Pack | None"] = relationship(remote_side=id)


def undated_of(pack_id: str) -> Select[Any]:
    """Its undated batches, unrolled by the database: as parameters they could be too many for a query."""
    unroll = func.json_each if db.engine.dialect.name == "sqlite" else func.json_array_elements_text
    each = unroll(Pack.undated).table_valued("value")
    unrolled = select(cast(each.c.value, Integer)).select_from(Pack).join(each, true())
    return unrolled.where(Pack.id == pack_id)


def all_phones() -> list[PatrolPhone]:
    return list(db.session.scalars(select(PatrolPhone).order_by(PatrolPhone.registered_at.desc())))


def packs_of(phone: PatrolPhone, *, most: int = 20) -> list[Pack]:
    query = select(Pack).filter_by(phone_id=phone.id).order_by(Pack.issued_at.desc())
    return list(db.session.scalars(query.limit(most)))
