"""When a right to the mark is in force, and which may be granted beside it. Pure.

What the past was is never changed by what happens later, except through a revocation or a correction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from gi_trace.errors import N_, Refused
from gi_trace.record.acts import Acted
from gi_trace.registry.numbers import has_digit
from gi_trace.words import Worded


class Basis(Worded):
    """The legal ground; label and "who authorises" differ by it (CNIPA announcement 354, 2020)."""

    PROTECTED = "protected", N_("地理标志产品")
    CERTIFICATION = "certification", N_("地理标志证明商标")


class ChangeKind(Worded):
    act: Acted

    GRANTED = "granted", N_("授予"), Acted.RIGHT_GRANTED
    EXTENDED = "extended", N_("延期"), Acted.RIGHT_EXTENDED
    HELD = "held", N_("先行暂停"), Acted.RIGHT_HELD  # by one officer, until a second one decides
    SUSPENDED = "suspended", N_("暂停"), Acted.RIGHT_SUSPENDED
    RESUMED = "resumed", N_("恢复"), Acted.RIGHT_RESUMED
    WITHDRAWN = "withdrawn", N_("撤销"), Acted.RIGHT_WITHDRAWN
    ENDED = "ended", N_("终止"), Acted.RIGHT_ENDED
    CORRECTED = "corrected", N_("更正"), Acted.RIGHT_CORRECTED
    REVOKED = "revoked", N_("撤回决定"), Acted.RIGHT_CHANGE_REVOKED

    @property
    def may_be_objected_to(self) -> bool:
        """Whether it may take something from the enterprise."""
        return self not in (ChangeKind.GRANTED, ChangeKind.EXTENDED, ChangeKind.RESUMED)


class RightState(Worded):
    IN_FORCE = "in_force", N_("有效")
    NOT_YET = "not_yet", N_("尚未生效")
    SUSPENDED = "suspended", N_("暂停")
    WITHDRAWN = "withdrawn", N_("撤销")
    ENDED = "ended", N_("终止")
    EXPIRED = "expired", N_("到期")


@dataclass(frozen=True)
class RightChange:
    """`notice` is what the public reads; the reason stays in the file. `revokes` is the id of a change taken back."""

    kind: ChangeKind
    on: date
    for_cause: bool = False
    notice: str = ""
    id: int = 0
    revokes: int | None = None


class Suspension(NamedTuple):
    """That was taken back by resuming the right, in force again from `until` on."""

    on: date
    until: date
    for_cause: bool


@dataclass(frozen=True)
class Right:
    """A right with its changes in the order in which they were made."""

    starts_on: date
    ends_on: date | None
    changes: tuple[RightChange, ...] = ()

    @cached_property
    def standing(self) -> tuple[RightChange, ...]:
        """Without the changes that were revoked: they are as if they had not been."""
        revoked = {change.revokes for change in self.changes if change.kind is ChangeKind.REVOKED}
        return tuple(change for change in self.changes if change.id not in revoked)


def with_change(right: Right, change: RightChange) -> Right:
    """As it will read once the change is made."""
    return replace(right, changes=(*right.changes, change))


STATE_AFTER = {
    ChangeKind.HELD: RightState.SUSPENDED,
    ChangeKind.SUSPENDED: RightState.SUSPENDED,
    ChangeKind.RESUMED: RightState.IN_FORCE,
    ChangeKind.WITHDRAWN: RightState.WITHDRAWN,
    ChangeKind.ENDED: RightState.ENDED,
}

FINAL = (RightState.WITHDRAWN, RightState.ENDED)

ALLOWED_FROM = {
    ChangeKind.EXTENDED: {RightState.IN_FORCE, RightState.NOT_YET, RightState.SUSPENDED},
    ChangeKind.HELD: {RightState.IN_FORCE, RightState.NOT_YET},
    ChangeKind.SUSPENDED: {RightState.IN_FORCE, RightState.NOT_YET},
    ChangeKind.RESUMED: {RightState.SUSPENDED},
    ChangeKind.WITHDRAWN: {RightState.IN_FORCE, RightState.NOT_YET, RightState.SUSPENDED, RightState.EXPIRED},
    ChangeKind.ENDED: {RightState.IN_FORCE, RightState.NOT_YET, RightState.SUSPENDED},
}


class RightNotInForce(Refused):
    code = "right_not_in_force"
    text = N_("{on} 用标授权不在有效状态（{state}），不能进行。")


class ChangeNotAllowed(Refused):
    code = "change_not_allowed"
    text = N_("授权现在的状态是“{state}”，不能再作此变更。")


class RightHeld(Refused):
    code = "right_held"
    text = N_("授权已先行暂停，正在等待复核；复核人同意或退回以前，不能再作变更或更正。")


class ReasonMissing(Refused):
    code = "reason_missing"
    text = N_("请写明理由。")


class NoticeMissing(Refused):
    code = "notice_missing"
    text = N_("请写明给公众的说明：查验页会显示它。")


class PeriodReversed(Refused):
    code = "period_reversed"
    text = N_("截止日 {ends_on} 早于起始日 {starts_on}。")


class PeriodOverlaps(Refused):
    code = "period_overlaps"
    text = N_("同一产品、同一依据已有 {starts_on} 至 {until} 的授权，期限不能重叠。")


class BasisNotRegistered(Refused):
    code = "basis_not_registered"
    text = N_("{product}没有登记这一保护依据。")


class NumberWithoutDigit(Refused):
    code = "number_without_digit"
    text = N_("公告号或注册号里没有数字：“{number}”。")


class NotLater(Refused):
    code = "not_later"
    text = N_("新的截止日应晚于现在的 {ends_on}；要提前结束授权，请办理终止或撤销。")


def last_change(right: Right, day: date) -> RightChange | None:
    """The change that decides the state on the day: the latest by day, then the last made."""
    past = _deciding(right, day)
    return past[-1] if past else None


def _deciding(right: Right, day: date) -> list[RightChange]:
    """Up to the day, in their order: by day, of one day as they were made."""
    past = [c for c in right.standing if c.on <= day and c.kind in STATE_AFTER]
    return sorted(past, key=lambda change: change.on)


def state_on(right: Right, day: date) -> RightState:
    """A withdrawn or ended right stays so; otherwise its dates bound it, within them its last change."""
    change = last_change(right, day)
    state = STATE_AFTER[change.kind] if change else RightState.IN_FORCE
    if state in FINAL:
        return state
    if day < right.starts_on:
        return RightState.NOT_YET
    if right.ends_on and day > right.ends_on:
        return RightState.EXPIRED
    return state


@lru_cache(maxsize=5000)
def state_for_packing_on(right: Right, day: date) -> RightState:
    """A right lost in the course of the day covered what had been packed on it."""
    return state_on(_for_packing_on(right, day), day)


def last_change_for_packing_on(right: Right, day: date) -> RightChange | None:
    """The change that decides `state_for_packing_on`, where one does."""
    return last_change(_for_packing_on(right, day), day)


def _for_packing_on(right: Right, day: date) -> Right:
    kept = tuple(c for c in right.standing if c.on < day or c.kind == ChangeKind.RESUMED)
    return replace(right, changes=kept)


def covers_packing_on(right: Right, day: date) -> bool:
    return state_for_packing_on(right, day) is RightState.IN_FORCE


def turning_days(right: Right) -> list[date]:
    """In order; from each up to the next the right covers packing on every day, or on none."""
    days = {right.starts_on, *(change.on for change in right.standing)}
    days |= {change.on + timedelta(days=1) for change in right.standing}
    if right.ends_on:
        days.add(right.ends_on + timedelta(days=1))
    return sorted(days)


@lru_cache(maxsize=5000)
def lost_for_cause(right: Right, day: date) -> RightChange | None:
    """The suspension or withdrawal for cause that stands on the day: till it is resumed or taken back.

    It outlasts the right's last day, and every end of it that is no fault itself.
    """
    fault = None
    for change in _deciding(right, day):
        if change.kind is ChangeKind.RESUMED:
            fault = None
        elif change.for_cause and change.kind in (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN):
            fault = change
    return fault


def held_since(right: Right, day: date) -> date | None:
    """The day from which one officer alone has held the right, as long as nobody decided on that."""
    return next((c.on for c in right.standing if c.kind is ChangeKind.HELD and c.on <= day), None)


@lru_cache(maxsize=5000)
def suspensions_since(right: Right, day: date) -> tuple[Suspension, ...]:
    """That began on the day or later and are over, in the order in which they were made."""
    found, begun = [], None
    for change in right.standing:
        if change.kind is ChangeKind.SUSPENDED:
            begun = change
        elif change.kind is ChangeKind.RESUMED and begun:
            found.append(Suspension(begun.on, change.on, begun.for_cause))
            begun = None
    return tuple(one for one in found if one.on >= day)


def check_in_force(right: Right, day: date) -> None:
    state = state_on(right, day)
    if state != RightState.IN_FORCE:
        raise RightNotInForce(on=day, state=state.label)


def may_change(right: Right, kind: ChangeKind, day: date) -> bool:
    return state_on(right, day) in ALLOWED_FROM[kind] and held_since(right, day) is None


def check_change(right: Right, kind: ChangeKind, day: date, reason: str) -> None:
    check_change_possible(right, kind, day)
    check_reason(reason)


def check_change_possible(right: Right, kind: ChangeKind, day: date) -> None:
    check_not_held(right, day)
    state = state_on(right, day)
    if state not in ALLOWED_FROM[kind]:
        raise ChangeNotAllowed(state=state.label)


def check_not_held(right: Right, day: date) -> None:
    """What one officer holds waits for a second one: neither freed nor changed by anything else meanwhile."""
    if held_since(right, day):
        raise RightHeld


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def check_notice(notice: str) -> None:
    """Where a public page tells of the decision."""
    if not notice.strip():
        raise NoticeMissing


def needs_second_officer(right: Right, kind: ChangeKind, day: date, *, for_cause: bool) -> bool:
    """Whoever is alone can hold a right; what is decided on it takes two, but for an end without any fault."""
    if kind in (ChangeKind.WITHDRAWN, ChangeKind.ENDED):
        return (for_cause and kind is ChangeKind.WITHDRAWN) or lost_for_cause(right, day) is not None
    return kind in (ChangeKind.SUSPENDED, ChangeKind.RESUMED)


def last_day(right: Right) -> date | None:
    """The last day on which the right stands; None when it has no end."""
    cut_short = [c.on for c in right.standing if c.kind in (ChangeKind.WITHDRAWN, ChangeKind.ENDED)]
    days = [day - timedelta(days=1) for day in cut_short] + ([right.ends_on] if right.ends_on else [])
    return min(days, default=None)


def overlaps(right: Right, starts_on: date, ends_on: date | None) -> bool:
    """Whether both stand on some day; a right that was withdrawn on its first day stood on none."""
    until = last_day(right)
    is_before = until is not None and until < max(starts_on, right.starts_on)
    return not is_before and (ends_on is None or right.starts_on <= ends_on)


def check_period(rights: Iterable[Right], starts_on: date, ends_on: date | None) -> None:
    """A new period: in order, and apart from the party's others for the product on the basis."""
    if ends_on and ends_on < starts_on:
        raise PeriodReversed(starts_on=starts_on, ends_on=ends_on)
    for right in rights:
        if overlaps(right, starts_on, ends_on):
            raise PeriodOverlaps(starts_on=right.starts_on, until=last_day(right) or N_("长期"))


def check_number(number: str) -> None:
    """Of an announcement or a mark; 第三五四号 has its digits too."""
    if not has_digit(number):
        raise NumberWithoutDigit(number=number)


def check_extension(right: Right, ends_on: date | None, day: date) -> None:
    """The last day moves only later; a right that ran out is granted anew, since goods were judged by it."""
    check_change_possible(right, ChangeKind.EXTENDED, day)
    if not is_later(ends_on, right.ends_on):
        raise NotLater(ends_on=right.ends_on or N_("长期"))


def is_later(end: date | None, than: date | None) -> bool:
    """Of two last days, None being no end."""
    return than is not None and (end is None or end > than)
