"""Enums whose members carry their words, and sentences with facts in them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from inspect import get_annotations
from typing import Any, Self


@dataclass(frozen=True)
class Sentence:
    """A text (a msgid) whose places are filled with facts when it is shown, in the reader's language."""

    text: str
    facts: Mapping[str, Any]


class Worded(StrEnum):
    """Members are written `NAME = "stored", N_("中文")`: stored as the first, called `label` for people.

    The label is a msgid: papers show it as it is, faces translate it (`label` of web/words.py). What more a member
    of an enum has is annotated in the enum, and written after the label in the same order:

        class TermCode(Worded):
            source: str

            HEARING = "hearing", N_("当事人陈述、申辩或要求听证"), "行政处罚法 第六十四条"
    """

    label: str

    def __new__(cls, value: str, label: str = "", *more: object) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        for name, one in zip(get_annotations(cls), more, strict=True):
            setattr(member, name, one)
        return member
