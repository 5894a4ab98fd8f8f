"""Cells that name one of the things that are registered.

Pure.
"""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, text_of
from gi_trace.names import name_key, named

MOST_NAMED = 20  # names that a fault may list


@dataclass(frozen=True)
class Choice:
    """One registered thing that a cell may name."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


def one_of(choices: Iterable[Choice]) -> Callable[[Cell], str]:
    """A reader that takes a name, alias or code, blanks and width forgiven, and gives the code."""
    codes = {
        name_key(word): choice.code
        for choice in choices
        for word in (choice.code, *choice.aliases, choice.name)
    }
    names = [choice.name for choice in choices]

    def code_of_named(cell: Cell) -> str:
        text = text_of(cell)
        code = named(text, codes)
        if code is None:
            what_to_do, facts = _advice(text, names)
            raise Unreadable(N_("没有登记“{text}”"), what_to_do, text=text, **facts)
        return code

    return code_of_named


def near_names(word: str, names: Iterable[str]) -> str:
    """The names that the word most likely means, quoted: “大泽”或“大鳌”; empty when none is near."""
    return "或".join(f"“{name}”" for name in difflib.get_close_matches(word, list(names), n=2, cutoff=0.5))


def _advice(text: str, names: list[str]) -> tuple[str, dict[str, str]]:
    """What to write instead: the near ones, or all of them where they are few."""
    if near := near_names(text, names):
        return N_("是否指{near}？请改成登记的名称"), {"near": near}
    shown = "、".join(names[:MOST_NAMED]) + ("……" if len(names) > MOST_NAMED else "")
    return N_("可填：{names}。确有其项的，先到“产品”页面登记"), {"names": shown}
