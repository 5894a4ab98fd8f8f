"""The columns of the roll of mark users: how each is called, and how its cells become registered things.

Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gi_trace.errors import N_
from gi_trace.excel.cells import Cell, Unreadable, day_of, last_day_of, period_of, text_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column, chosen
from gi_trace.registry.numbers import has_digit
from gi_trace.registry.rules import Basis
from gi_trace.registry.uscc import uscc_of

BASES = (
    Choice(Basis.PROTECTED, Basis.PROTECTED.label, ("地理标志保护产品", "产品保护", "公告")),
    Choice(Basis.CERTIFICATION, Basis.CERTIFICATION.label, ("证明商标", "商标")),
)


FORMER_NAME = re.compile(
    r"（(曾用名|原名|原称|原为|更名|现名|现更名|原[：:]|原[^）]*(公司|厂|行|店|社|场|铺|庄|部|中心))"
)


@dataclass(frozen=True)
class Registered:
    """What the roll is checked against."""

    products: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    bases_of: Mapping[str, frozenset[str]]
    since_of: Mapping[tuple[str, str], date] = field(
        default_factory=dict
    )  # by product and basis, where known

    def product_name(self, code: str) -> str:
        return next(choice.name for choice in self.products if choice.code == code)


def roll_columns(registered: Registered) -> list[Column]:
    """The columns of the roll, in the template's order; and the period in one column, as many offices write it."""
    return [
        Column(
            "企业名称",
            "name",
            official_name_of,
            aliases=(
                "单位名称", "企业全称", "用标企业", "用标主体", "主体名称", "名称", "被许可人", "被许可人名称",
                "使用企业名称", "专用标志使用企业名称", "合法使用人",
            ),
            most=120,
            note="按营业执照填写全称。",
            sample="示范陈皮行（示例，勿填）",
        ),
        Column(
            "统一社会信用代码",
            "uscc",
            uscc_of,
            aliases=("社会信用代码", "信用代码", "统一信用代码", "被许可人统一社会信用代码", "USCC"),
            note="18 位，按营业执照填写；单元格保持“文本”格式，否则 Excel 会丢掉后几位。",
            sample="91440705MADEM0001Q",
        ),
        chosen(
            "产品",
            "product",
            registered.products,
            aliases=("产品名称", "地理标志产品", "地理标志名称", "地理标志产品名称", "许可产品", "许可使用商品"),
            note="从下拉列表选择。一家企业有几种产品的，每种写一行，或者用顿号隔开。",
            sayable=True,
            several=True,
        ),
        chosen(
            "保护依据",
            "basis",
            BASES,
            aliases=("依据", "保护方式", "保护类型", "用标依据"),
            note="从下拉列表选择。同一产品按两种依据授权的，各写一行。",
            sayable=True,
        ),
        Column(
            "公告号/注册号",
            "number",
            reference_of,
            aliases=(
                "公告号", "注册号", "公告号或注册号", "批准公告号", "商标注册号", "公告文号", "公告注册号", "证明商标注册号",
            ),
            note="地理标志保护产品填批准公告号；证明商标填商标注册号。",
            sample="公告2099年第1号",
            sayable=True,
            most=60,
        ),
        Column(
            "授权起始日",
            "starts_on",
            day_of,
            aliases=(
                "起始日", "起始日期", "授权起始日期", "授权日期", "有效期起", "开始日期", "授权开始日期",
                "许可期限起", "许可起始日", "许可起始日期", "许可期限（起）", "起", "自", "起始", "开始",
            ),
            note="写成 2026-03-01。2026年3月1日、2026.3.1、20260301 也可以。",
            sample="2026-01-01",
            sayable=True,
        ),
        Column(
            "授权截止日",
            "ends_on",
            last_day_of,
            aliases=(
                "截止日", "截止日期", "授权截止日期", "有效期止", "到期日", "结束日期", "有效期至", "许可期限止",
                "许可截止日", "许可截止日期", "许可期限（止）", "止", "至", "截止", "结束", "终止",
            ),
            note="写法同上；没有截止日的填“长期”。",
            sample="2027-12-31",
            sayable=True,
        ),
        Column(
            "授权期限",
            "period",
            period_of,
            required=False,
            aliases=(
                "许可期限", "许可使用期限", "使用期限", "授权期间", "许可期间", "授权起止日期", "许可起止日期", "起止日期",
                "期限起止",
            ),
            covers=("starts_on", "ends_on"),
        ),
        chosen(
            "所在镇",
            "area",
            registered.areas,
            required=False,
            aliases=("镇", "镇街", "所在镇街", "所属镇街"),
            note="从下拉列表选择；可以留空。",
        ),
        Column(
            "地址",
            "address",
            text_of,
            required=False,
            aliases=("企业地址", "生产地址", "经营地址", "详细地址"),
            note="可以留空。",
            sample="示范路1号",
            most=200,
        ),
        Column(
            "法定代表人",
            "representative",
            text_of,
            required=False,
            aliases=("法人代表", "法定代表人（负责人）", "负责人", "经营者"),
            note="可以留空；不对公众显示。",
            sample="示某",
            most=60,
        ),
    ]  # fmt: skip


def name_of(cell: Cell) -> str:
    """An enterprise's name, with the full-width brackets that licences use."""
    return text_of(cell).replace("(", "（").replace(")", "）")


def official_name_of(cell: Cell) -> str:
    """The one name of a licence, without another beside it."""
    name = name_of(cell)
    if FORMER_NAME.search(name):
        raise Unreadable(
            N_("“{text}”里还写着另一个名称"), N_("只写营业执照上现在的全称，删去括号里的原名"), text=name
        )
    return name


def reference_of(cell: Cell) -> str:
    """An announcement or registration number, without blanks."""
    number = re.sub(r"\s", "", text_of(cell))
    if not has_digit(number):
        raise Unreadable(N_("“{text}”里没有号码"), N_("填写公告号或注册号，例如 第354号"), text=number)
    return number
