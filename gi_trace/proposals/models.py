"""Proposals: what is asked for, by whom, on which facts, and what was decided."""

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.accounts.models import Account
from gi_trace.database import Base, UTCDateTime, db, enum_column
from gi_trace.errors import N_
from gi_trace.words import Worded

Row = TypeVar("Row", bound=Base)


class ProposalKind(Worded):
    OFFICER = "officer", N_("开通主管部门账号")
    OFFICER_AGAIN = "officer_again", N_("重新开通主管部门账号")
    IMPORT = "import", N_("成批导入")
    YIELD_CEILING = "yield_ceiling", N_("提高亩产上限")
    CONVERSION = "conversion", N_("提高得率上限")
    ALLOCATION = "allocation", N_("提高核定产量")
    RETURN_CAP = "return_cap", N_("提高启用后退回的上限")
    LOT_RECALL = "lot_recall", N_("召回批料")
    LOT_RELEASE = "lot_release", N_("解除批料的冻结")
    STOP = "stop", N_("召回或认定仿冒系列")
    RELEASE = "release", N_("解除冻结或仿冒系列")
    ALERT = "alert", N_("确认复制警报为仿冒系列")
    CASE_STOPS = "case_stops", N_("据案冻结、召回或认定仿冒")
    CASE_EXTENSION = "case_extension", N_("延长办案期限")
    CASE_PAUSE = "case_pause", N_("停止计算办案期限")
    RIGHT_SUSPENSION = "right_suspension", N_("暂停用标权")
    RIGHT_RESUMPTION = "right_resumption", N_("恢复用标权")
    RIGHT_WITHDRAWAL = "right_withdrawal", N_("撤销用标权")
    RIGHT_ENDING = "right_ending", N_("终止用标权")
    RIGHT_CORRECTION = "right_correction", N_("更正用标权的登记")
    RIGHT_REVOCATION = "right_revocation", N_("撤回暂停或撤销的决定")
    RIGHT_LATE_ENTRY = "right_late_entry", N_("补录用标权")
    LATE_ANNOUNCEMENT = "late_announcement", N_("按用标申请补录用标权")
    RIGHT_GRANT = "right_grant", N_("因故失去后再授用标权")
    SUCCESSION = "succession", N_("由另一企业承继")


class ProposalState(Worded):
    OPEN = "open", N_("待复核")
    CONFIRMED = "confirmed", N_("已同意")
    RETURNED = "returned", N_("已退回")
    WITHDRAWN = "withdrawn", N_("已撤回")


class Proposal(Base):
    """What an officer asks a second one to confirm.

    `subject` is the row that it is about, as the record names it ("batch:12", or nothing), `arguments` what the way of
    its kind needs to carry it out. `reason` is for the file, `notice` what the public will read. `shown` are the facts
    as they stood when it was proposed, by their labels, `told` the rows of what it would do, as they were then;
    `placed` the stops put in place until it is decided, as the record names them; `word` what the second officer said.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProposalKind] = mapped_column(enum_column(ProposalKind))
    state: Mapped[ProposalState] = mapped_column(
        enum_column(ProposalState), index=True, default=ProposalState.OPEN
    )
    subject: Mapped[str] = mapped_column(String(60), index=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    notice: Mapped[str] = mapped_column(Text, default="")
    shown: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    told: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    placed: Mapped[list[str]] = mapped_column(JSON, default=list)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    word: Mapped[str] = mapped_column(Text, default="")

    proposed_by: Mapped[Account] = relationship(foreign_keys=proposed_by_id)
    decided_by: Mapped[Account | None] = relationship(foreign_keys=decided_by_id)

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN

    def stops(self, table: type[Row]) -> list[Row]:
        """Of those placed until it is decided, the rows of this table."""
        prefix = f"{table.__tablename__}:"
        keys = [int(name.removeprefix(prefix)) for name in self.placed if name.startswith(prefix)]
        return [db.session.get_one(table, key) for key in keys]


def open_proposals(subject: str = "") -> list[Proposal]:
    """Those that wait, of all or about one row ("batch:12")."""
    query = select(Proposal).filter_by(state=ProposalState.OPEN).order_by(Proposal.id)
    return list(db.session.scalars(query.filter_by(subject=subject) if subject else query))


def placed_meanwhile() -> set[str]:
    """All stops that end when a proposal is decided."""
    return {stop for proposal in open_proposals() for stop in proposal.placed}


def find_proposal_that_placed(stop: str) -> Proposal | None:
    """The one not decided yet that put a stop ("batch_stop:12") in place."""
    return next((one for one in open_proposals() if stop in one.placed), None)
