"""How values are written for people: template filters and the words of enums."""

from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from gi_trace.clock import SHANGHAI
from gi_trace.stock.rules.age import Age
from gi_trace.stock.rules.seasons import Season, parse_season
from gi_trace.stock.rules.weights import kilograms
from gi_trace.web.case_words import CASE_ACTS
from gi_trace.web.patrol_words import (
    PATROL_ACTS,
    offline_verdict_text,
    verdict_text,
    yuan_text,
)
from gi_trace.web.stock_words import STOCK_ACTS
from gi_trace.words import Worded

GRAM, KILOGRAM = _("克"), _("千克")

# The acts of the record in words; a test finds an act that has none.
ACT_WORDS = {
    "account.opened": _("开通账号"),
    "account.reset": _("重设密码"),
    "account.closed": _("停用账号"),
    "account.signed_in": _("登录"),
    "account.signed_out": _("退出登录"),
    "account.password_changed": _("更改密码"),
    "product.added": _("增加产品"),
    "product.changed": _("更改产品资料"),
    "product.artwork_set": _("上传标志图样"),
    "product.basis_added": _("增加保护依据"),
    "product.basis_changed": _("更改保护依据"),
    "product.standard_added": _("增加标准"),
    "product.standard_changed": _("更改标准"),
    "product.areas_chosen": _("选定产区"),
    "area.added": _("增加镇街"),
    "area.changed": _("更改镇街"),
    "crop.added": _("增加作物"),
    "material.added": _("增加原料"),
    "party.entered": _("登记企业"),
    "party.changed": _("更改企业资料"),
    "roll.imported": _("导入名册"),
    "right.extended": _("延长用标权"),
    "right.granted": _("授予用标权"),
    "right.suspended": _("暂停用标权"),
    "right.resumed": _("恢复用标权"),
    "right.withdrawn": _("撤销用标权"),
    "right.ended": _("终止用标权"),
    "batch.registered": _("登记批次"),
    "batch.cancelled": _("取消批次"),
    "batch.held": _("冻结批次"),
    "batch.recalled": _("召回批次"),
    "batch.released": _("解除冻结"),
    "series.confirmed": _("确认仿冒系列"),
    "series.lifted": _("撤回仿冒系列的确认"),
    "alert.confirmed": _("确认警报"),
    "alert.dismissed": _("撤销警报"),
    "report.filed": _("公众反映"),
    "report.answered": _("答复公众反映"),
    "print_run.ordered": _("下单印制批"),
    "print_run.downloaded": _("下载印制批"),
    "print_run.hidden_codes_downloaded": _("下载涂层密码"),
    "print_run.activated": _("启用标识"),
    "token.made": _("建立接口令牌"),
    "token.revoked": _("停用接口令牌"),
    "print_run.file_sent": _("标识文件下载完毕"),
    "print_run.marked": _("登记标识遗失、退回、销毁"),
    "print_run.spoilage_consented": _("同意损耗"),
    **STOCK_ACTS,
    **CASE_ACTS,
    **PATROL_ACTS,
}


def init_words(app: Flask) -> None:
    app.add_template_filter(day_text, "day")
    app.add_template_filter(moment_text, "moment")
    app.add_template_filter(kg_text, "kg")
    app.add_template_filter(number_text, "number")
    app.add_template_filter(grouped, "grouped")
    app.add_template_filter(season_text, "season")
    app.add_template_filter(season_words, "season_words")
    app.add_template_filter(label, "label")
    app.add_template_filter(act_word, "act_word")
    app.add_template_filter(offline_verdict_text, "offline_verdict_text")
    app.add_template_filter(verdict_text, "verdict_text")
    app.add_template_filter(yuan_text, "yuan")


def day_text(day: date | None) -> str:
    return day.isoformat() if day else "—"


def moment_text(instant: datetime | None) -> str:
    """In Shanghai, to the minute."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if instant else "—"


def kg_text(grams: int) -> str:
    """Grams below a kilogram, kilograms from there on."""
    return f"{grams_number(grams)} {GRAM if abs(grams) < 1000 else KILOGRAM}"


def grams_number(grams: int) -> str:
    """The number alone."""
    return str(grams) if abs(grams) < 1000 else kilograms(grams)


def season_text(codes: str) -> str:
    """The first and last season of goods as one text; old stock was picked in a season that nobody traced."""
    if not codes:
        return gettext("系统启用前的库存")
    return season_labels(codes)


def season_labels(codes: str) -> str:
    return "–".join(season_words(parse_season(code)) for code in codes.split("–") if code)


def season_words(season: Season) -> str:
    return str(label(season.part)).format(year=season.year)


def age_words(age: Age) -> str:
    """As `age.label`, in the reader's language."""
    stored = [gettext("入库 {year}").format(year=age.stored_on.year)] if age.stored_on else []
    claimed = [gettext("申报年份 {year}").format(year=age.claimed_year)] if age.claimed_year else []
    return " · ".join([*stored, gettext("陈化 {years} 年").format(years=age.years), *claimed])


def number_text(number: int) -> str:
    return f"{number:,}"


def grouped(code: str) -> str:
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def label(member: Worded) -> Any:
    """In the reader's language, looked up where it is shown."""
    return _(member.label)


def act_word(act: str) -> Any:
    return ACT_WORDS.get(act, act)
