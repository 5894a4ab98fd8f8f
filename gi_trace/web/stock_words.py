"""The words of stock: members of its enums and its acts."""

from typing import Any

from flask_babel import lazy_gettext as _

from gi_trace.stock.actions.processing import OtherUse
from gi_trace.stock.models import ActKind, HoldKind, TransferState
from gi_trace.stock.rules.postings import AccountKind
from gi_trace.stock.rules.seasons import PeelKind

STOCK_WORDS: dict[type, dict[Any, Any]] = {
    PeelKind: {kind: _(kind.label) for kind in PeelKind},
    AccountKind: {kind: _(kind.label) for kind in AccountKind},
    OtherUse: {use: _(use.label) for use in OtherUse},
    TransferState: {
        TransferState.OFFERED: _("待确认"),
        TransferState.ACCEPTED: _("已接收"),
        TransferState.REFUSED: _("已拒收"),
        TransferState.CANCELLED: _("已撤回"),
    },
    HoldKind: {
        HoldKind.HOLD: _("冻结"),
        HoldKind.OBJECTION: _("种植户异议"),
        HoldKind.RECALL: _("召回"),
    },
    ActKind: {
        ActKind.HARVEST: _("采收"),
        ActKind.OPENING: _("期初库存"),
        ActKind.TRANSFER: _("转让"),
        ActKind.PROCESSING: _("加工"),
        ActKind.SPLIT: _("分批"),
        ActKind.MERGE: _("合批"),
        ActKind.BLEND: _("拼配"),
        ActKind.OTHER_USE: _("散装销售或作他用"),
        ActKind.RETURN: _("退货入库"),
        ActKind.LOSS: _("损耗"),
        ActKind.PACKING: _("包装"),
        ActKind.UNPACKING: _("拆包或取消"),
    },
}

STOCK_ACTS = {
    "grower.added": _("登记种植户"),
    "plot.added": _("登记地块"),
    "plot.changed": _("更正地块"),
    "plots.imported": _("导入地块"),
    "site.added": _("登记场所"),
    "yield_ceiling.set": _("登记单产上限"),
    "conversion.set": _("登记得率上限"),
    "allocation.set": _("核定产量"),
    "allocations.set": _("成批核定产量"),
    "harvest.declared": _("申报采收"),
    "slip.objected": _("种植户提出异议"),
    "transfer.offered": _("要约转让"),
    "transfer.accepted": _("接收转让"),
    "transfer.refused": _("拒收转让"),
    "transfer.cancelled": _("撤回转让"),
    "lot.processed": _("加工"),
    "lot.moved": _("移库"),
    "lot.split": _("分批"),
    "lot.merged": _("合批"),
    "lot.blended": _("拼配"),
    "lot.lost": _("登记损耗"),
    "lot.used_otherwise": _("散装销售或作他用"),
    "lot.returned": _("退货入库"),
    "lot.tested": _("登记检验报告"),
    "stock.reversed": _("冲正"),
    "on_site_check.recorded": _("登记现场核查"),
    "on_site_check.confirmed": _("确认现场核查"),
    "on_site_check.dismissed": _("作废现场核查"),
    "batch.unpacked": _("拆包或作废"),
    "hold.placed": _("冻结"),
    "hold.lifted": _("解除冻结"),
}
