"""What firms and villages ask of the authority, and where goods were seen before a late undoing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Select, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.record.models import rows_about
from gi_trace.registry.models import Party
from gi_trace.words import Worded


class RequestKind(Worded):
    UNDO = "undo", N_("撤销已登记的事项")
    LATE_HARVEST = "late_harvest", N_("补报采收")
    UNPACK = "unpack", N_("看货后拆包，重量退回")


class RequestState(Worded):
    OPEN = "open", N_("待答复")
    GRANTED = "granted", N_("已同意")
    REFUSED = "refused", N_("不同意")
    WITHDRAWN = "withdrawn", N_("已撤回")


class StockRequest(Base):
    """What a party asks for that it may not do alone; once granted it is done, in the same act.

    `arguments` are what the way of its kind needs for it, `reason` is the party's, `word` the authority's.
    """

    __tablename__ = "stock_request"
    __table_args__ = (UniqueConstraint("party_id", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind))
    state: Mapped[RequestState] = mapped_column(
        enum_column(RequestState), index=True, default=RequestState.OPEN
    )
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    word: Mapped[str] = mapped_column(Text, default="")
    client_key: Mapped[str | None] = mapped_column(String(64))

    party: Mapped[Party] = relationship()
    asked_by: Mapped[Account] = relationship(foreign_keys=asked_by_id)
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id)

    @property
    def number(self) -> str:
        return f"GZ{self.id:05d}"

    @property
    def is_open(self) -> bool:
        return self.state is RequestState.OPEN


class GoodsSeen(Base):
    """An officer saw the goods where they lie, so that an act (its number) could be undone late, or weight of units in use
    could come back; `sampled` is of how many of them he looked at where he did not see each."""

    __tablename__ = "goods_seen"

    act_number: Mapped[int] = mapped_column(
        ForeignKey("record_row.number"), primary_key=True, autoincrement=False
    )
    place: Mapped[str] = mapped_column(String(120))
    seen_on: Mapped[date]
    seen_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    sampled: Mapped[int | None]

    seen_by: Mapped[Account] = relationship()


def open_requests_of(party: Party) -> list[StockRequest]:
    query = select(StockRequest).filter_by(party_id=party.id, state=RequestState.OPEN)
    return list(db.session.scalars(query.order_by(StockRequest.id)))


def open_requests_by_asker() -> list[tuple[Account, int]]:
    """Who asks for something, and for how many things."""
    query = select(Account, func.count(StockRequest.id)).join(StockRequest.asked_by)
    query = query.where(StockRequest.state == RequestState.OPEN).group_by(Account.id).order_by(Account.id)
    return [(asker, count) for asker, count in db.session.execute(query)]


def answered_since(moment: datetime, parties: Select[int]) -> list[StockRequest]:
    """By the authority, the latest first."""
    query = select(StockRequest).where(StockRequest.party_id.in_(parties), StockRequest.answered_at >= moment)
    query = query.where(StockRequest.state.in_((RequestState.GRANTED, RequestState.REFUSED)))
    return list(db.session.scalars(query.order_by(StockRequest.answered_at.desc(), StockRequest.id)))


def made_by(request: StockRequest) -> str | None:
    """The subject (`harvest:7`) of what was made when it was granted."""
    told = [row.facts.get("made") for row in rows_about(f"stock_request:{request.id}")]
    return next((made for made in told if made), None)
