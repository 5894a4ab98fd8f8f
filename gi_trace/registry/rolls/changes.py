"""Lists of changes that an office announces: which enterprise is called otherwise from now on.

Pure. Each is an act on its enterprise, from the day that the list or the officer says, with its announcement.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gi_trace.errors import N_, Refused
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.cells import Cell, Unreadable, day_of, text_of
from gi_trace.excel.header import HEADER_WITHIN, Column
from gi_trace.excel.table import Row, RowFault, Table, place_text, read_table
from gi_trace.excel.workbook import Sheet
from gi_trace.registry.party_rules import alike_keys, check_entry_day
from gi_trace.registry.rolls.columns import name_of, official_name_of, reference_of
from gi_trace.registry.uscc import uscc_of

BEFORE, AFTER, FROM = "变更前企业名称", "变更后企业名称", "变更日期"

NAMES = re.compile(r"(企业|单位|公司|主体|用标主体)?(名称|名字|字号|更名|改名)(变更)?")


@dataclass(frozen=True)
class NameChange:
    row: int
    before: str
    after: str
    uscc: str
    number: str | None
    from_day: date

    def prepared(self) -> dict[str, Any]:
        """As JSON, to be kept until it is taken over."""
        return {**vars(self), "from_day": self.from_day.isoformat()}


@dataclass(frozen=True)
class ChangeList:
    """Rows only when there are no faults."""

    table: Table
    rows: list[NameChange]
    faults: list[RowFault]


@dataclass(frozen=True)
class Called:
    """A registered enterprise as far as its name is concerned: `since` is the first day that is known of it, `latest` the
    day of its last change."""

    name: str
    has_ended: bool
    since: date
    latest: date | None


@dataclass(frozen=True)
class ChangePlan:
    """What is to be changed, how many are registered so already; nothing while there are faults."""

    rows: list[NameChange]
    unchanged: int
    faults: list[RowFault]


def is_change_list(labels: Iterable[str]) -> bool:
    return {BEFORE[:3], AFTER[:3]} <= {label[:3] for label in labels}


def tells_changes(sheet: Sheet) -> bool:
    """Whether its header, in one row or two, says what was before and after."""
    return any(is_change_list(map(text_of, row)) for row in sheet.grid[: HEADER_WITHIN + 1])


def change_columns() -> list[Column]:
    return [
        Column(BEFORE, "before", official_name_of, aliases=("变更前", "变更前名称", "变更前单位名称")),
        Column(
            AFTER, "after", official_name_of, aliases=("变更后", "变更后名称", "变更后单位名称"), most=120
        ),
        Column(
            "变更事项",
            "matter",
            matter_of,
            required=False,
            aliases=("变更内容", "变更项目", "变更类型", "变更类别", "事项"),
        ),
        Column("统一社会信用代码", "uscc", uscc_of, aliases=("社会信用代码", "信用代码")),
        Column("公告号", "number", reference_of, required=False, aliases=("公告文号", "批准公告号"), most=60),
        Column(FROM, "from_day", day_of, sayable=True, aliases=("变更日", "核准变更日期", "公告日期")),
    ]


def matter_of(cell: Cell) -> str:
    """What was changed: a name, and nothing else."""
    matter = text_of(cell)
    if not NAMES.fullmatch(matter):
        raise Unreadable(
            N_("这一行变更的是“{matter}”，不是名称"),
            N_("这里只读入名称的变更；其他的到该企业的页面办理，并从文件里删去这一行"),
            matter=matter,
        )
    return matter


def read_changes(content: bytes, answers: Answers = NOTHING_SAID) -> ChangeList:
    """Raises UnreadableFile for faults of the file itself, Question for what it asks."""
    table = read_table(content, change_columns(), answers)
    at_fault = {fault.row for fault in table.faults}
    rows = [_change(row) for row in table.rows if row.number not in at_fault]
    faults = [*table.faults, *_contradictions(rows, table.names)]
    return ChangeList(table, [] if faults else list({row.uscc: row for row in rows}.values()), faults)


def _change(row: Row) -> NameChange:
    return NameChange(row.number, **{key: value for key, value in row.values.items() if key != "matter"})


def plan_changes(
    rows: Iterable[NameChange],
    called: Mapping[str, Called],
    names: Mapping[str, tuple[str, str]],
    today: date,
) -> ChangePlan:
    """`called` by social credit code; `names` (name and code of who has or had one) by the first of `alike_keys`."""
    plan, unchanged = ChangePlan([], 0, []), 0
    for row in rows:
        party = called.get(row.uscc)
        if party and name_of(party.name) == row.after:
            unchanged += 1
        elif faults := list(_faults(row, party, names, today)):
            plan.faults.extend(faults)
        else:
            plan.rows.append(row)
    return ChangePlan(plan.rows, unchanged, plan.faults)


def _contradictions(rows: Iterable[NameChange], lists: list[str]) -> Iterator[RowFault]:
    first: dict[str, NameChange] = {}
    for row in rows:
        earlier = first.setdefault(row.uscc, row)
        names, days = {(each.before, each.after) for each in (earlier, row)}, {earlier.from_day, row.from_day}
        if len(names) > 1 or len(days) > 1:
            column = AFTER if len(names) > 1 else FROM
            facts = {"column": column, "earlier": place_text(earlier.row, lists)}
            message = N_("{column}与第 {earlier} 行不一致")
            yield RowFault(row.row, column, message, N_("同一企业多次变更的，按先后分成几个文件导入"), facts)


def _faults(
    row: NameChange, party: Called | None, names: Mapping[str, tuple[str, str]], today: date
) -> Iterator[RowFault]:
    if party is None or party.has_ended:
        message = N_("名册里没有这个代码的企业，或者它已由其他企业承继")
        yield RowFault(row.row, "统一社会信用代码", message, N_("核对代码；没有登记的先登记"))
        return
    if name_of(party.name) != row.before:
        message = N_("登记的名称是“{known}”，不是“{before}”")
        facts = {"known": party.name, "before": row.before}
        yield RowFault(row.row, BEFORE, message, N_("核对后到该企业的页面办理，并从文件里删去这一行"), facts)
    name, uscc = names.get(alike_keys(row.after)[0], (row.after, row.uscc))
    if uscc != row.uscc:
        message, facts = N_("与“{name}”（{uscc}）同名或几乎同名"), {"name": name, "uscc": uscc}
        what_to_do = N_("确是另一家的，到该企业的页面办理并写明理由，并从文件里删去这一行")
        yield RowFault(row.row, AFTER, message, what_to_do, facts)
    try:
        check_entry_day(row.from_day, since=party.since, latest=party.latest, today=today)
    except Refused as refusal:
        yield RowFault(row.row, FROM, refusal.text, N_("核对变更日期"), refusal.facts)
