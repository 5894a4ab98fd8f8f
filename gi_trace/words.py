"""Enums whose members carry their words. Pure."""

from enum import StrEnum
from typing import Self


class Worded(StrEnum):
    """Members are written `NAME = "stored", N_("中文")`: stored as the first, called `label` for people.

    The label is a msgid: papers show it as it is, faces translate it (`label` of web/words.py). A member that needs
    more gives more after the label, which the `__init__` of its enum takes: `(self, value, label, …)`.
    """

    label: str

    def __new__(cls, value: str, label: str = "", *_more: object) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
