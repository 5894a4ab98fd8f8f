"""Lists of changes that an office announces: which enterprise is called otherwise from now on.

Pure. A change of name is an act on the enterprise, with its document; a list says which ones are to be done.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gi_trace.errors import N_
from gi_trace.excel.answers import NOTHING_SAID, Answers
from gi_trace.excel.header import Column
from gi_trace.excel.table import RowFault, Table, read_table
from gi_trace.registry.rolls.columns import name_of, reference_of
from gi_trace.registry.uscc import uscc_of

BEFORE, AFTER = "变更前企业名称", "变更后企业名称"


@dataclass(frozen=True)
class NameChange:
    row: int
    before: str
    after: str
    uscc: str
    number: str | None


@dataclass(frozen=True)
class ChangeList:
    table: Table
    rows: list[NameChange]
    faults: list[RowFault]


def is_change_list(labels: Iterable[str]) -> bool:
    starts = {label[:3] for label in labels}
    return {BEFORE[:3], AFTER[:3]} <= starts


def change_columns() -> list[Column]:
    return [
        Column(BEFORE, "before", name_of, aliases=("变更前", "变更前名称", "原企业名称", "变更前单位名称")),
        Column(AFTER, "after", name_of, aliases=("变更后", "变更后名称", "现企业名称", "变更后单位名称")),
        Column("统一社会信用代码", "uscc", uscc_of, aliases=("社会信用代码", "信用代码")),
        Column("公告号", "number", reference_of, required=False, aliases=("公告文号", "批准公告号")),
    ]


def read_changes(content: bytes, answers: Answers = NOTHING_SAID) -> ChangeList:
    """Raises UnreadableFile for faults of the file itself, Question for what it asks."""
    table = read_table(content, change_columns(), answers)
    at_fault = {fault.row for fault in table.faults}
    rows = [NameChange(row.number, **row.values) for row in table.rows if row.number not in at_fault]
    return ChangeList(table, [] if table.faults else rows, table.faults)


def tasks(rows: Iterable[NameChange], names: Mapping[str, str]) -> Iterator[RowFault]:
    """What is to be done by hand, as rows of the list; `names` are the registered ones by social credit code."""
    for row in rows:
        known = names.get(row.uscc)
        facts = {"before": row.before, "after": row.after, "number": row.number or "—", "known": known or ""}
        message = N_("变更名单：“{before}”改名为“{after}”（{number}）")
        if known is None:
            yield RowFault(row.row, AFTER, message, N_("名册里没有这家企业，先核对代码"), facts)
        elif name_of(known) == row.after:
            yield RowFault(row.row, AFTER, message, N_("已经登记为新名称，不用再办"), facts)
        elif name_of(known) == row.before:
            yield RowFault(row.row, AFTER, message, N_("到该企业的页面更改名称"), facts)
        else:
            what_to_do = N_("登记的名称是“{known}”，核对后到该企业的页面办理")
            yield RowFault(row.row, AFTER, message, what_to_do, facts)
