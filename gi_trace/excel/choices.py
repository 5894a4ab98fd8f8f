"""Cells that name one of the things that are registered.

Pure.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, text_of
from gi_trace.names import Names, is_village

MOST_NAMED = 20  # names that a fault may list
VILLAGE_UNKNOWN = N_("请主管部门在“产品”的“镇街和村”页面增加这个村，再上传；也可以先填“{town}”")


@dataclass(frozen=True)
class Choice:
    """One registered thing that a cell may name; `within` is the code of the one that it lies in."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    within: str = ""


def one_of(choices: Iterable[Choice]) -> Callable[[Cell], str]:
    """A reader that takes a name, alias or code, blanks and width forgiven, and gives the code."""
    known = {choice.code: choice for choice in choices}
    names = Names(known.values())

    @lru_cache(maxsize=1000)  # a column says the same in many rows
    def code_named(text: str) -> str | None:
        return names.find(text)

    def code_of_named(cell: Cell) -> str:
        text = text_of(cell)
        code = code_named(text)
        if code is None:
            raise _unknown(text, names, known)
        return code

    return code_of_named


def full_name(choice: Choice, known: Mapping[str, Choice]) -> str:
    """三江联和村: a village is told from others of its name by its town."""
    return known[choice.within].name + choice.name if choice.within in known else choice.name


def near_names(word: str, names: Iterable[str]) -> str:
    """The names that the word most likely means, quoted: “大泽”或“大鳌”; empty when none is near."""
    return "或".join(f"“{name}”" for name in difflib.get_close_matches(word, list(names), n=2, cutoff=0.5))


def _unknown(text: str, names: Names, known: Mapping[str, Choice]) -> Unreadable:
    """What was not found, with what to write instead: the near names, or all of them where they are few."""
    if alike := sorted(full_name(known[code], known) for code in names.alike(text)):
        facts = {"alike": "、".join(alike)}
        return Unreadable(N_("不止一处叫“{text}”"), N_("连镇名一起写：{alike}"), text=text, **facts)
    town, village = names.split(text) or ("", "")
    if town and is_village(village):
        facts = {"town": known[town].name, "village": village}
        return Unreadable(N_("{town}没有登记“{village}”"), VILLAGE_UNKNOWN, **facts)
    outer = [choice.name for choice in known.values() if not choice.within]
    if near := near_names(text, [choice.name for choice in known.values()]):
        return Unreadable(N_("没有登记“{text}”"), N_("是否指{near}？请改成登记的名称"), text=text, near=near)
    shown = "、".join(outer[:MOST_NAMED]) + ("……" if len(outer) > MOST_NAMED else "")
    what_to_do = N_("可填：{names}。确有其项的，先到“产品”页面登记")
    return Unreadable(N_("没有登记“{text}”"), what_to_do, text=text, names=shown)
