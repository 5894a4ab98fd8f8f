"""What may be packed, printed and activated. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from gi_trace.codes.unit_code import MAX_UNIT
from gi_trace.errors import N_, Refused
from gi_trace.stock.rules.holds import RecallIsFinal
from gi_trace.words import Worded

HEAVIEST_UNIT_G = 100_000_000


class UnitState(Worded):
    """What was last said of a range of units."""

    ACTIVATED = "activated", N_("已启用")
    VOID = "void", N_("作废")
    LOST = "lost", N_("遗失")
    RETURNED = "returned", N_("退回")
    DESTROYED = "destroyed", N_("销毁")


class StopKind(Worded):
    """What an officer may put on units of a batch. A recall is never lifted: its goods have left for good."""

    HOLD = "hold", N_("冻结")
    RECALL = "recall", N_("召回")
    COUNTERFEIT = "counterfeit", N_("仿冒系列")

    @property
    def is_final(self) -> bool:
        return self is StopKind.RECALL

    @property
    def takes_two(self) -> bool:
        """Whoever is alone may hold; what the public reads for good, two decide."""
        return self is not StopKind.HOLD


class DownloadKind(StrEnum):
    """What a print run's file carries. Hidden codes let whoever has them claim a first use."""

    LABELS = "labels"
    HIDDEN_CODES = "hidden_codes"


class PackedInFuture(Refused):
    code = "packed_in_future"
    text = N_("包装日期 {packed_on} 在今天之后。")


class PackedTooLongAgo(Refused):
    code = "packed_too_long_ago"
    text = N_("包装日期 {packed_on} 早于 {earliest}，不能补登记这么久以前的批次。")


class BestBeforeTooEarly(Refused):
    code = "best_before_too_early"
    text = N_("保质期至 {best_before} 不在包装日期 {packed_on} 之后。")


class BestBeforeMissing(Refused):
    code = "best_before_missing"
    text = N_("此产品须填写保质期。")


class UnitsOutOfBounds(Refused):
    code = "units_out_of_bounds"
    text = N_("一个批次可有 1 至 {most} 件，您填写的是 {asked} 件；更多请分成几个批次。")


class NetWeightOutOfBounds(Refused):
    code = "net_weight_out_of_bounds"
    text = N_("每件净含量应在 1 克至 {most_kg} 千克之间。")


class OwnNumberTaken(Refused):
    code = "own_number_taken"
    text = N_("生产批号“{own_number}”已经登记过。")


class ClientKeyReused(Refused):
    code = "client_key_reused"
    status = 409
    text = N_("同一个请求编号已用于内容不同的请求。")


class BatchCancelled(Refused):
    code = "batch_cancelled"
    text = N_("批次 {number} 已取消。")


class BatchAlreadyActivated(Refused):
    code = "batch_already_activated"
    text = N_("批次 {number} 已有标识启用，不能取消；请改为作废相应件号。")


class LabelsDownloaded(Refused):
    code = "labels_downloaded"
    text = N_("批次 {number} 的标识已下载，不能自行取消；请申请撤销登记，由主管部门答复。")


class BatchUnpacked(Refused):
    code = "batch_unpacked"
    text = N_("批次 {number} 已有件号拆包或作废，不能取消；请把其余件号也作废。")


class LabelsMarked(Refused):
    code = "labels_marked"
    text = N_("批次 {number} 已有件号登记为遗失、退回或销毁，不能取消；请把其余件号作废。")


class CancelledTooLate(Refused):
    code = "cancelled_too_late"
    text = N_("批次 {number} 登记已超过 {days} 天，不能取消；请办理拆包或作废，重量成为新批料。")


class PrintRunTooLarge(Refused):
    code = "print_run_too_large"
    text = N_("批次共 {units} 件，已下单 {ordered} 件，还可下单 {left} 件，您要 {asked} 件。")


class RangeOutsideRun(Refused):
    code = "range_outside_run"
    text = N_("件号 {first}–{last} 不在本印制批的 {run_first}–{run_last} 之内。")


class RangeReversed(Refused):
    code = "range_reversed"
    text = N_("起始件号 {first} 大于结束件号 {last}。")


class NotDownloaded(Refused):
    code = "not_downloaded"
    text = N_("此印制批还没有下载，标识未印制，不能启用。")


class BatchStopped(Refused):
    code = "batch_stopped"
    text = N_("批次 {number} 或其原料已被冻结或召回，现在不能办理。")


class UnitsOutsideBatch(Refused):
    code = "units_outside_batch"
    text = N_("件号 {first}–{last} 不在批次的 1–{units} 之内。")


class AlreadyRecalled(Refused):
    code = "already_recalled"
    text = N_("件号 {first}–{last} 已经召回，不必再冻结或召回。")


class AlreadyStopped(Refused):
    code = "already_stopped"
    text = N_("件号 {first}–{last} 已有同样的措施。")


class AlreadyLifted(Refused):
    code = "already_lifted"
    text = N_("此措施已于 {day} 解除。")


def check_packing_date(packed_on: date, *, today: date, backdate_days: int) -> None:
    if packed_on > today:
        raise PackedInFuture(packed_on=packed_on)
    earliest = today - timedelta(days=backdate_days)
    if packed_on < earliest:
        raise PackedTooLongAgo(packed_on=packed_on, earliest=earliest)


def check_best_before(best_before: date | None, *, packed_on: date, needed: bool) -> None:
    if needed and best_before is None:
        raise BestBeforeMissing
    if best_before and best_before <= packed_on:
        raise BestBeforeTooEarly(best_before=best_before, packed_on=packed_on)


def check_size(*, units: int, net_weight_g: int) -> None:
    if not 1 <= units <= MAX_UNIT:
        raise UnitsOutOfBounds(asked=units, most=MAX_UNIT)
    if not 1 <= net_weight_g <= HEAVIEST_UNIT_G:
        raise NetWeightOutOfBounds(most_kg=HEAVIEST_UNIT_G // 1000)


def next_run(*, units: int, ordered: int, asked: int) -> tuple[int, int]:
    """First and last unit of the next print run. Raises PrintRunTooLarge."""
    if not 1 <= asked <= units - ordered:
        raise PrintRunTooLarge(units=units, ordered=ordered, left=units - ordered, asked=asked)
    return ordered + 1, ordered + asked


def check_range_in_run(first: int, last: int, *, run_first: int, run_last: int) -> None:
    if first > last:
        raise RangeReversed(first=first, last=last)
    if first < run_first or last > run_last:
        raise RangeOutsideRun(first=first, last=last, run_first=run_first, run_last=run_last)


def check_units(first: int, last: int, *, units: int) -> None:
    if first > last:
        raise RangeReversed(first=first, last=last)
    if first < 1 or last > units:
        raise UnitsOutsideBatch(first=first, last=last, units=units)


def check_stop(
    kind: StopKind, first: int, last: int, *, units: int, standing: Iterable[tuple[StopKind, int, int]]
) -> None:
    """`standing` are the stops not lifted: (kind, first unit, last unit)."""
    check_units(first, last, units=units)
    covering = {of for of, a, b in standing if a <= first and b >= last}
    if StopKind.RECALL in covering and kind is not StopKind.COUNTERFEIT:
        raise AlreadyRecalled(first=first, last=last)
    if kind in covering:
        raise AlreadyStopped(first=first, last=last)


def check_lift(kind: StopKind, lifted_on: date | None) -> None:
    if kind.is_final:
        raise RecallIsFinal
    if lifted_on:
        raise AlreadyLifted(day=lifted_on)
