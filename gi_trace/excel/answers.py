"""What people say about a file beside it, and what a file asks them before it can be read.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gi_trace.errors import N_
from gi_trace.excel.unreadable import UnreadableFile


@dataclass(frozen=True)
class Answers:
    """`columns` are keys of columns by the labels that stand for them; `said` are cells, by key, that count for every row
    of a file without that column; `hidden_rows` and `hidden_sheets` whether those are read, None while nobody said so.
    `remembered` are earlier answers of the first kind, by the shape of the header.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    hidden_rows: bool | None = None
    hidden_sheets: bool | None = None
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NOTHING_SAID = Answers()


class Question(UnreadableFile):
    """Cannot be read before somebody answers. `asked` is JSON for the page that asks; what no answer can mend is not
    `answerable`."""

    def __init__(self, asked: dict[str, Any], *, answerable: bool = True, **facts: object):
        super().__init__(**facts)
        self.asked, self.answerable = asked, answerable


class ColumnsMissing(Question):
    """`asked`: keys of the `missing` columns, the `labels` that say nothing yet, and the `shape` of the header."""

    @property
    def labels(self) -> list[str]:
        return self.asked["labels"]

    code = "file.columns_missing"
    text = N_("{sheet}第 {row} 行是表头，但缺少列：{missing}。")


class HiddenContent(Question):
    """`asked`: the numbers of the `rows`, and the names of the `sheets`; `lists` are the names of those that were read."""

    code = "file.hidden_content"
    text = N_("文件里有隐藏的内容：{rows} 行被隐藏或筛选掉，隐藏的工作表有 {sheets} 张。请先说明是否读入。")
