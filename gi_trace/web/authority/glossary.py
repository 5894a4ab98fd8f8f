"""Names of products, places and firms in the other languages of the pages."""

from typing import NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Optional

from gi_trace.errors import NotFound
from gi_trace.names import search_key
from gi_trace.registry.glossary import HAN
from gi_trace.registry.glossary_actions import names_in_use, put_names
from gi_trace.web.act_page import act_page
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.names import glossary

LONGEST = 120
MOST_SHOWN = 300


class NameRow(NamedTuple):
    chinese: str
    traditional: str | None
    english: str | None

    @property
    def is_whole(self) -> bool:
        return bool(self.traditional and self.english)


class NamesForm(FlaskForm):
    traditional = StringField(_("繁体中文"), [Optional(), AtMost(LONGEST)], filters=[stripped])
    english = StringField(
        _("英文"),
        [Optional(), AtMost(LONGEST)],
        filters=[stripped],
        description=_("没有的留空：页面照写中文，并注明是中文。"),
    )

    def __init__(self, row: NameRow | None = None) -> None:
        super().__init__(obj=row)

    def names(self) -> dict[str, str]:
        return {"zh-Hant": self.traditional.data or "", "en": self.english.data or ""}


class NewNamesForm(NamesForm):
    chinese = StringField(
        _("中文名称"),
        [needed(), AtMost(LONGEST)],
        filters=[stripped],
        description=_("照登记的写，一字不差：产品、企业、镇村、公告里的名称都可以，旧名称也可以。"),
    )


@bp.get("/glossary")
def show_glossary() -> ResponseReturnValue:
    """Names in use, those without a name in some language first; with a question, all that have it in them."""
    asked = request.args.get("q", "")[:LONGEST]
    rows = [row_of(name) for name in (_found(asked) if asked else names_in_use())]
    rows.sort(key=lambda row: row.is_whole)
    return render_template("authority/show_glossary.html", rows=rows[:MOST_SHOWN], asked=asked)


def _found(asked: str) -> list[str]:
    known = [*names_in_use(), *(chinese for _language, chinese in glossary().entries)]
    key = search_key(asked)
    return [name for name in dict.fromkeys(known) if key in search_key(name)]


def row_of(chinese: str) -> NameRow:
    known = glossary()
    return NameRow(chinese, known.name_in("zh-Hant", chinese), known.name_in("en", chinese))


def get_row(chinese: str) -> NameRow:
    if not HAN.search(chinese) or len(chinese) > LONGEST:
        raise NotFound
    return row_of(chinese)


@act_page(bp, "/glossary/new", NewNamesForm, _("登记名称译文"), back=".show_glossary", done=_("译文已登记。"))
def add_names(form: NewNamesForm) -> None:
    put_names(form.chinese.data, form.names(), by=me())


@act_page(
    bp,
    "/glossary/names/<path:chinese>",
    lambda row: NamesForm(row),
    lambda row: row.chinese,
    on=get_row,
    back=lambda _row: url_for(".show_glossary"),
    done=_("译文已登记。"),
)
def change_names(row: NameRow, form: NamesForm) -> None:
    put_names(row.chinese, form.names(), by=me())
