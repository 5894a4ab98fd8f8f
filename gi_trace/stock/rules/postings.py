"""The double entry of grams: what an act may move, and what is left to move."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gi_trace.errors import N_, Refused
from gi_trace.stock.rules.weights import Grams
from gi_trace.words import Worded


class AccountKind(Worded):
    """Where grams are when they are in no lot: each party has these for each material."""

    FIELD = "field", N_("田间")
    OPENING = "opening", N_("期初库存")
    ADJUSTMENT = "adjustment", N_("调整")
    LOSS = "loss", N_("损耗")
    OTHER_USE = "other_use", N_("其他用途")
    PACKED = "packed", N_("已包装")


# Grams come into being here, so these balances count downwards; every other one holds real goods.
MAY_GO_NEGATIVE = frozenset({AccountKind.FIELD, AccountKind.OPENING, AccountKind.ADJUSTMENT})


class NotEnoughStock(Refused):
    code = "not_enough_stock"
    text = N_(
        "批料 {lot} 结存 {had}，其中已要约转出 {reserved}，可用 {available}；本次需要 {asked}，缺 {missing}。"
    )


class NotEnoughThen(Refused):
    code = "not_enough_then"
    text = N_(
        "批料 {lot} 在 {day} 结存 {had}，之后又有：{later}；现已要约转出 {reserved}。"
        "所以那一天最多还能动用 {available}，本次需要 {asked}，缺 {missing}。"
    )


class PartsDoNotFit(Refused):
    code = "parts_do_not_fit"
    text = N_("各份合计 {total}，应为 {whole}，相差 {difference}。")


class LotTakenTwice(Refused):
    code = "lot_taken_twice"
    text = N_("同一批料只能填一行：{lot} 出现了两次。")


class NoLots(Refused):
    code = "no_lots"
    text = N_("请至少选一个批料。")


@dataclass(frozen=True)
class Movement:
    """Grams that an act (its number and words) took from a lot (-) or brought (+) on a day."""

    act_number: int
    on: date
    what: str
    grams: int

    def __str__(self) -> str:
        return MOVEMENT.format(**self.told)

    @property
    def told(self) -> dict[str, object]:
        sign = "+" if self.grams > 0 else "-"
        weight = Grams(abs(self.grams))
        return {"day": self.on, "what": self.what, "sign": sign, "weight": weight, "number": self.act_number}


MOVEMENT = N_("{day} {what} {sign}{weight}（第 {number} 号事项）")


class Unbalanced(AssertionError):
    """An act wrote postings that do not sum to zero: a fault of this program, never of a user."""


def check_balanced(grams: Iterable[int]) -> None:
    total_g = sum(grams)
    if total_g != 0:
        raise Unbalanced(f"postings sum to {total_g} g instead of zero")


def check_available(lot: str, *, balance_g: int, reserved_g: int, asked_g: int) -> None:
    """Weight that was offered to someone else cannot be spent meanwhile."""
    available_g = balance_g - reserved_g
    if asked_g > available_g:
        raise NotEnoughStock(
            lot=lot,
            had=Grams(balance_g),
            reserved=Grams(reserved_g),
            available=Grams(available_g),
            asked=Grams(asked_g),
            missing=Grams(asked_g - available_g),
        )


def balance_then(balance_g: int, later: Iterable[Movement]) -> int:
    """Of the end of a day, from today's and what moved after that day."""
    return balance_g - sum(movement.grams for movement in later)


def available_then(*, balance_g: int, reserved_g: int, later: Iterable[Movement]) -> int:
    """The most that may be taken on a day so that neither its balance nor that of any day since, nor what is free today,
    falls below zero; `later` is all that moved after that day."""
    by_day: Counter[date] = Counter()
    for movement in later:
        by_day[movement.on] += movement.grams
    return min(balance_g - reserved_g, least_since(balance_g, by_day))


def least_since(balance_g: int, by_day: Mapping[date, int]) -> int:
    """The least of the balances at the ends of a day and of all days since; `by_day` are the grams of the days after it."""
    least_g = balance_g
    for day in sorted(by_day, reverse=True):
        balance_g -= by_day[day]
        least_g = min(least_g, balance_g)
    return least_g


def check_available_then(
    lot: str, *, balance_g: int, reserved_g: int, asked_g: int, on: date, later: Sequence[Movement]
) -> None:
    """As `check_available`, for what is dated back; the refusal names what moved since."""
    available_g = available_then(balance_g=balance_g, reserved_g=reserved_g, later=later)
    if asked_g > available_g:
        raise NotEnoughThen(
            lot=lot,
            day=on,
            had=Grams(balance_then(balance_g, later)),
            later=[movement for movement in later if movement.grams < 0] or list(later),
            reserved=Grams(reserved_g),
            available=Grams(max(0, available_g)),
            asked=Grams(asked_g),
            missing=Grams(asked_g - max(0, available_g)),
        )


def check_parts(parts_g: Sequence[int], *, whole_g: int) -> None:
    """Parts of a whole add up to it exactly."""
    total_g = sum(parts_g)
    if total_g != whole_g:
        raise PartsDoNotFit(
            total=Grams(total_g), whole=Grams(whole_g), difference=Grams(abs(total_g - whole_g))
        )


def check_named_once(lots: Sequence[str]) -> None:
    if not lots:
        raise NoLots()
    for position, lot in enumerate(lots):
        if lot in lots[:position]:
            raise LotTakenTwice(lot=lot)


def shares(whole_g: int, weights: Sequence[int]) -> list[int]:
    """A whole divided in proportion to weights, in whole grams that add up to it."""
    total, given, bounds = sum(weights), 0, [0]
    for weight in weights:
        given += weight
        bounds.append(whole_g * given // total)
    return [end - start for start, end in pairwise(bounds)]


def shared_in_order(available_g: Sequence[int], needed_g: int) -> list[int]:
    """How many grams each gives when all of the first goes before the second; less than needed when they end."""
    given = []
    for grams in available_g:
        given.append(min(grams, needed_g))
        needed_g -= given[-1]
    return given
