"""The double entry: acts, their postings, and the standing accounts."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gi_trace.database import Base, enum_column
from gi_trace.errors import N_
from gi_trace.registry.models import Material, Party
from gi_trace.stock.models.lots import Lot
from gi_trace.stock.rules.postings import MAY_GO_NEGATIVE, AccountKind
from gi_trace.words import Worded


class ActKind(Worded):
    """What an act did to stock."""

    HARVEST = "harvest", N_("采收")
    OPENING = "opening", N_("期初库存")
    TRANSFER = "transfer", N_("转让")
    PROCESSING = "processing", N_("加工")
    SPLIT = "split", N_("分批")
    MERGE = "merge", N_("合批")
    BLEND = "blend", N_("拼配")
    OTHER_USE = "other_use", N_("散装销售或作他用")
    RETURN = "return", N_("退货入库")
    LOSS = "loss", N_("损耗")
    PACKING = "packing", N_("包装")
    UNPACKING = "unpacking", N_("拆包或取消")


class StockAct(Base):
    """One act of the ledger, numbered as in the record. A reversing act keeps the kind it reverses; one that brings goods
    back names the sale of which (`returns`; none before 2026-11-27).

    `days_checked`: the balances of its day and of those after it were looked at, as was not done before 2026-11-27.
    """

    __tablename__ = "stock_act"

    act_number: Mapped[int] = mapped_column(
        ForeignKey("record_row.number"), primary_key=True, autoincrement=False
    )
    kind: Mapped[ActKind] = mapped_column(enum_column(ActKind))
    on: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    unusual: Mapped[bool] = mapped_column(default=False)
    reverses: Mapped[int | None] = mapped_column(ForeignKey("stock_act.act_number"), unique=True)
    returns: Mapped[int | None] = mapped_column(ForeignKey("stock_act.act_number"), index=True)
    days_checked: Mapped[bool] = mapped_column(default=True)

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id")


class StandingAccount(Base):
    """Where a party's grams of a material are while they are in no lot."""

    __tablename__ = "standing_account"
    __table_args__ = (
        UniqueConstraint("party_id", "material_id", "kind"),
        CheckConstraint(
            "balance_g >= 0 OR kind IN ({})".format(
                ", ".join(f"'{kind}'" for kind in sorted(MAY_GO_NEGATIVE))
            ),
            name="goods_not_negative",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"))
    kind: Mapped[AccountKind] = mapped_column(enum_column(AccountKind))
    balance_g: Mapped[int] = mapped_column(BigInteger, default=0)

    party: Mapped[Party] = relationship()
    material: Mapped[Material] = relationship()


class Posting(Base):
    """Grams into (+) or out of (-) one lot or one standing account; those of an act sum to zero."""

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("grams <> 0", name="moves_something"),
        CheckConstraint("(lot_id IS NULL) <> (account_id IS NULL)", name="one_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act_number: Mapped[int] = mapped_column(ForeignKey("stock_act.act_number"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("standing_account.id"), index=True)
    grams: Mapped[int] = mapped_column(BigInteger)

    lot: Mapped[Lot | None] = relationship()
    account: Mapped[StandingAccount | None] = relationship()
