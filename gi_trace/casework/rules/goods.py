"""What becomes of goods kept for proof (先行登记保存). Pure."""

from datetime import date

from gi_trace.errors import N_, Refused
from gi_trace.words import Worded


class GoodsOutcome(Worded):
    RETURNED = "returned", N_("解除登记保存，物品返还当事人")
    SEIZED = "seized", N_("转为查封、扣押")
    TESTED = "tested", N_("送交检验、鉴定")
    HANDED_OVER = "handed_over", N_("移送有权处理的机关")
    CONFISCATED = "confiscated", N_("依法没收")


class GoodsSettledAlready(Refused):
    code = "goods_settled_already"
    text = N_("这项登记保存已登记过处理决定。")


class NoGoodsKept(Refused):
    code = "no_goods_kept"
    text = N_("此线索没有待处理的先行登记保存。")


class GoodsDayWrong(Refused):
    code = "goods_day_wrong"
    text = N_("处理日期须在登记保存的 {earliest} 与今天之间。")


class GoodsWaiting(Refused):
    code = "goods_waiting"
    text = N_("先行登记保存的物品还没有处理决定，请先登记，再结案或不予立案。")


def check_goods_day(on: date, *, kept_on: date, today: date) -> None:
    if not kept_on <= on <= today:
        raise GoodsDayWrong(earliest=kept_on.isoformat())
