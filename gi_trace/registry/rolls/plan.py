"""What a roll would change in the registry: new, changed, unchanged rows, and its contradictions. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.table import RowFault
from gi_trace.registry.numbers import same_number
from gi_trace.registry.party_rules import alike_keys
from gi_trace.registry.rolls.columns import name_of
from gi_trace.registry.rolls.file import RollRow
from gi_trace.registry.rules import Basis, Right, RightState, is_later, last_day, overlaps, state_on

PARTY_KEYS = ("area", "address", "representative")


@dataclass
class KnownRight:
    """A registered right."""

    number: str
    right: Right


@dataclass
class KnownParty:
    """A registered enterprise; rights by (product, basis)."""

    name: str
    area: str | None
    address: str
    representative: str = ""
    rights: dict[tuple[str, str], list[KnownRight]] = field(default_factory=dict)
    instead: tuple[str, str] | None = None  # name and code of who bears them now, where this one is no more


class RowKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Difference:
    """What a row changes of something registered: key of the column, value before and after."""

    key: str
    before: object
    after: object


@dataclass(frozen=True)
class PlannedRow:
    row: RollRow
    enters_party: bool
    grants_right: bool
    differences: tuple[Difference, ...]

    @property
    def kind(self) -> RowKind:
        if self.grants_right:
            return RowKind.NEW
        return RowKind.CHANGED if self.differences else RowKind.UNCHANGED

    def changes(self, key: str) -> bool:
        return any(difference.key == key for difference in self.differences)


@dataclass(frozen=True)
class RollPlan:
    """Nothing may be written while there are faults."""

    rows: list[PlannedRow]
    faults: list[RowFault]

    def of_kind(self, kind: RowKind) -> list[PlannedRow]:
        return [planned for planned in self.rows if planned.kind == kind]

    @property
    def changes_anything(self) -> bool:
        return any(planned.kind != RowKind.UNCHANGED for planned in self.rows)


def plan_roll(
    rows: Iterable[RollRow],
    parties: Mapping[str, KnownParty],
    today: date,
    names: Mapping[str, tuple[str, str]] | None = None,
) -> RollPlan:
    """`parties` by unified social credit code, `names` (name and code of who has or had one) by the first of `alike_keys`.
    Rows about one enterprise build on one another."""
    known, called = dict(parties), dict(names or {})
    plan = RollPlan([], [])
    for row in rows:
        enters_party = row.uscc not in known
        party = known.setdefault(
            row.uscc, KnownParty(row.name, row.area, row.address or "", row.representative or "")
        )
        faults = list(_contradictions(row, party, today))
        if enters_party:
            faults += _alike(row, called)
        plan.faults.extend(faults)
        if not faults:
            plan.rows.append(_take_in(row, party, enters_party=enters_party))
    return plan


def _alike(row: RollRow, called: dict[str, tuple[str, str]]) -> Iterator[RowFault]:
    """A roll has no room for the reason that a second enterprise of the same name needs."""
    name, uscc = called.setdefault(alike_keys(row.name)[0], (row.name, row.uscc))
    if uscc != row.uscc:
        yield RowFault(
            row.row,
            "企业名称",
            N_("与“{name}”（{uscc}）同名或几乎同名"),
            N_("同一家的请改正名称或代码；确是另一家的，先到“登记一家企业”登记并写明理由，再导入"),
            {"name": name, "uscc": uscc},
        )


def _contradictions(row: RollRow, party: KnownParty, today: date) -> Iterator[RowFault]:
    if party.instead:
        name, uscc = party.instead
        yield RowFault(
            row.row,
            "统一社会信用代码",
            N_("这个代码已不再使用，现在是“{name}”（{uscc}）"),
            N_("改填现在的名称和代码"),
            {"name": name, "uscc": uscc},
        )
        return
    if name_of(party.name) != row.name:
        yield RowFault(
            row.row,
            "企业名称",
            N_("这个代码登记的企业是“{name}”"),
            N_("抄错的请改文件；企业改了名的，先到该企业的页面更改名称"),
            {"name": party.name},
        )
    rights = party.rights.get((row.product, row.basis), [])
    same = next((known for known in rights if known.right.starts_on == row.starts_on), None)
    if same:
        yield from _contradictions_of_right(row, same, today)
    for known in rights:
        if known is not same and overlaps(known.right, row.starts_on, row.ends_on):
            facts = {"starts_on": known.right.starts_on.isoformat(), "until": _day(last_day(known.right))}
            yield RowFault(
                row.row,
                "授权起始日",
                N_("与已登记的 {starts_on} 至 {until} 的授权期限重叠"),
                N_("核对起止日；续期的起始日应在上一期截止日之后"),
                facts,
            )


def _contradictions_of_right(row: RollRow, known: KnownRight, today: date) -> Iterator[RowFault]:
    if not same_number(known.number, row.number):
        yield RowFault(
            row.row,
            "公告号/注册号",
            N_("这项授权登记的号码是“{number}”"),
            N_("核对批准文件；文件抄错的改文件；登记有误的，到该授权的页面办理更正"),
            {"number": known.number},
        )
    state = state_on(known.right, today)
    if state in (RightState.WITHDRAWN, RightState.ENDED):
        yield RowFault(
            row.row,
            "授权起始日",
            N_("这项授权已经撤销或终止"),
            N_("从文件里删去这一行；重新授权的，写新的起始日"),
        )
    elif known.right.ends_on != row.ends_on and not is_later(row.ends_on, known.right.ends_on):
        yield RowFault(
            row.row,
            "授权截止日",
            N_("早于已登记的截止日 {ends_on}"),
            N_("核对日期；要提前结束授权，请到该授权的页面办理终止或撤销"),
            {"ends_on": _day(known.right.ends_on)},
        )
    elif known.right.ends_on != row.ends_on and state == RightState.EXPIRED:
        yield RowFault(
            row.row,
            "授权截止日",
            N_("这项授权已于 {ends_on} 到期，不能再延长"),
            N_("续期请写新的起始日，在到期日之后"),
            {"ends_on": _day(known.right.ends_on)},
        )


def _take_in(row: RollRow, party: KnownParty, *, enters_party: bool) -> PlannedRow:
    """What the row changes; `party` is moved on, so that later rows build on it."""
    differences = []
    for key in PARTY_KEYS:
        before, after = getattr(party, key), getattr(row, key)
        if after is not None and after != before:
            differences.append(Difference(key, before, after))
            setattr(party, key, after)
    rights = party.rights.setdefault((row.product, row.basis), [])
    known = next((known for known in rights if known.right.starts_on == row.starts_on), None)
    grants_right = known is None
    if known is None:
        known = KnownRight(row.number, Right(row.starts_on, row.ends_on))
        rights.append(known)
    if known.right.ends_on != row.ends_on:
        differences.append(Difference("ends_on", known.right.ends_on, row.ends_on))
        known.right = Right(row.starts_on, row.ends_on, known.right.changes)
    return PlannedRow(row, enters_party, grants_right, tuple(differences))


def prepared(planned: PlannedRow) -> dict[str, Any]:
    """A planned row as JSON, to be kept until it is taken over."""
    row = {name: _json_of(value) for name, value in vars(planned.row).items()}
    differences = [[each.key, _json_of(each.before), _json_of(each.after)] for each in planned.differences]
    marks = {"enters_party": planned.enters_party, "grants_right": planned.grants_right}
    return {"row": row, **marks, "differences": differences}


def planned_row(kept: Mapping[str, Any]) -> PlannedRow:
    """What `prepared` made of it."""
    days = {
        name: kept["row"][name] and date.fromisoformat(kept["row"][name]) for name in ("starts_on", "ends_on")
    }
    row = RollRow(**(kept["row"] | days | {"basis": Basis(kept["row"]["basis"])}))
    differences = tuple(
        Difference(
            key, *(date.fromisoformat(value) if value and key == "ends_on" else value for value in values)
        )
        for key, *values in kept["differences"]
    )
    return PlannedRow(row, kept["enters_party"], kept["grants_right"], differences)


def _json_of(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(day: date | None) -> str:
    return day.isoformat() if day else "长期"
