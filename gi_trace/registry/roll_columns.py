"""The columns of the roll of mark users: how each is called, and how its cells become registered things.

Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, day_of, text_of
from gi_trace.excel.table import Column, near_names
from gi_trace.registry.rules import Basis
from gi_trace.registry.uscc import uscc_of

OPEN_END = {"长期", "长期有效", "无固定期限", "无期限"}
ADMINISTRATIVE = re.compile(r"^(.{2,3}省)?(.{2,3}市)?(.{2,3}[区县市])?|(街道办事处|街道|镇|乡)$")


@dataclass(frozen=True)
class Choice:
    """One registered thing that a cell may name."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()


BASES = (
    Choice(Basis.PROTECTED, Basis.PROTECTED.label, ("地理标志保护产品", "产品保护", "公告")),
    Choice(Basis.CERTIFICATION, Basis.CERTIFICATION.label, ("证明商标", "商标")),
)


@dataclass(frozen=True)
class Registered:
    """What the roll is checked against."""

    products: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    bases_of: Mapping[str, frozenset[str]]

    def product_name(self, code: str) -> str:
        return next(choice.name for choice in self.products if choice.code == code)


def roll_columns(registered: Registered) -> list[Column]:
    """The columns of the roll, in the template's order."""
    return [
        Column(
            "企业名称",
            "name",
            name_of,
            aliases=("单位名称", "企业全称", "用标企业", "用标主体", "主体名称", "名称"),
        ),
        Column(
            "统一社会信用代码", "uscc", uscc_of, aliases=("社会信用代码", "信用代码", "统一信用代码", "USCC")
        ),
        Column(
            "产品",
            "product",
            one_of(registered.products),
            aliases=("产品名称", "地理标志产品", "地理标志名称"),
        ),
        Column(
            "保护依据",
            "basis",
            one_of(BASES),
            aliases=("依据", "保护方式", "保护类型", "用标依据"),
        ),
        Column(
            "公告号/注册号",
            "number",
            reference_of,
            aliases=(
                "公告号",
                "注册号",
                "公告号或注册号",
                "批准公告号",
                "商标注册号",
                "公告文号",
                "公告注册号",
            ),
        ),
        Column(
            "授权起始日",
            "starts_on",
            day_of,
            aliases=(
                "起始日",
                "起始日期",
                "授权起始日期",
                "授权日期",
                "有效期起",
                "开始日期",
                "授权开始日期",
            ),
        ),
        Column(
            "授权截止日",
            "ends_on",
            last_day_of,
            aliases=("截止日", "截止日期", "授权截止日期", "有效期止", "到期日", "结束日期", "有效期至"),
        ),
        Column(
            "所在镇",
            "area",
            one_of(registered.areas),
            required=False,
            aliases=("镇", "镇街", "所在镇街", "所属镇街"),
        ),
        Column(
            "地址",
            "address",
            text_of,
            required=False,
            aliases=("企业地址", "生产地址", "经营地址", "详细地址"),
        ),
    ]


def one_of(choices: Iterable[Choice]) -> Callable[[Cell], str]:
    """A reader that takes a name or alias, blanks and width forgiven, and gives the code."""
    codes = {
        _name_key(word): choice.code
        for choice in choices
        for word in (choice.code, *choice.aliases, choice.name)
    }
    names = [choice.name for choice in choices]

    def code_of_named(cell: Cell) -> str:
        text = text_of(cell)
        code = codes.get(_name_key(text)) or codes.get(ADMINISTRATIVE.sub("", _name_key(text)))
        if code:
            return code
        near = near_names(text, names)
        if near:
            raise Unreadable(
                N_("没有登记“{text}”"), N_("是否指{near}？请改成登记的名称"), text=text, near=near
            )
        raise Unreadable(
            N_("没有登记“{text}”"),
            N_("可填：{names}。确有其项的，先到“产品”页面登记"),
            text=text,
            names="、".join(names),
        )

    return code_of_named


def name_of(cell: Cell) -> str:
    """An enterprise's name, with the full-width brackets that licences use."""
    return text_of(cell).replace("(", "（").replace(")", "）")


def reference_of(cell: Cell) -> str:
    """An announcement or registration number, without blanks."""
    return re.sub(r"\s", "", text_of(cell))


def last_day_of(cell: Cell) -> date | None:
    return None if text_of(cell) in OPEN_END else day_of(cell)


def _name_key(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()
