"""The roll of mark users: its list, its template, and sending one from Excel."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import ColumnElement, select

from gi_trace import clock
from gi_trace.excel.template import template_book
from gi_trace.imports.actions import send_import
from gi_trace.imports.models import ImportKind
from gi_trace.registry.finding import is_in_state
from gi_trace.registry.models import WITH_RIGHTS, Area, Party, PartyKind, was_called
from gi_trace.registry.rolls.taking_over import columns
from gi_trace.registry.rules import RightState, state_on
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.guards import me
from gi_trace.web.imports.import_pages import excel, page_of
from gi_trace.web.imports.questions import said_form
from gi_trace.web.lists.filters import basis_filter, product_filter, text_filter, town_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label, right_kind


@list_page(bp, "/roll")
def list_roll() -> Listing:
    """Every enterprise with its rights."""
    return Listing(
        name="roll",
        title=_("用标名册"),
        query=select(Party).outerjoin(Party.area).where(Party.kind == PartyKind.ENTERPRISE),
        headings=[
            Heading("name", _("企业"), _party_cells, Party.name, "wide"),
            Heading("uscc", _("统一社会信用代码"), lambda party: party.uscc, Party.uscc, "code"),
            Heading("town", _("所在镇"), lambda party: party.area.name if party.area else "", Area.name),
            Heading("address", _("地址"), lambda party: party.address, only_in_file=True),
            Heading("rights", _("用标授权"), _rights),
        ],
        order=[Party.name, Party.id],
        filters=[
            text_filter(_("企业名称或信用代码"), was_called),
            product_filter(lambda product: Party.authorisations.any(product_id=product.id)),
            basis_filter(lambda basis: Party.authorisations.any(basis=basis)),
            town_filter(Party.area_id),
            Filter("state", _("授权状态"), _has_right_in, choices=worded(RightState)),
        ],
        loaded=WITH_RIGHTS,
        empty=_("名册里还没有企业。先下载模板填写，再导入。"),
        template="authority/list_roll.html",
    )


def _party_cells(party: Party) -> list[Any]:
    former = [_("曾用名 {name}").format(name=name) for name in party.former_names]
    return [Link(party.name, url_for(".show_party", party_id=party.id)), *former]


def _rights(party: Party) -> list[Tag]:
    states = [(right, state_on(right.right, clock.today())) for right in party.authorisations]
    return [Tag(f"{right.product.name} {label(state)}", right_kind(state)) for right, state in states]


def _has_right_in(state: str) -> ColumnElement[bool]:
    return Party.authorisations.any(is_in_state(RightState(state), clock.today()))


@bp.get("/roll/template.xlsx")
def download_roll_template() -> ResponseReturnValue:
    return excel(template_book("名册", columns()), gettext("用标名册模板"))


@bp.route("/roll/files/new", methods=["GET", "POST"])
def send_roll() -> ResponseReturnValue:
    """With what an annex says once for all of its rows: product, basis, number and dates."""
    file = FileField(_("名册文件"), [FileRequired(_("请选择文件。"))])
    form = said_form(columns(), file=file)()

    def act() -> str:
        sent, said = form["file"].data, form.said()
        answers = {"said": said} if said else {}
        return page_of(
            send_import(ImportKind.ROLL, sent.filename or "", sent.read(), by=me(), answers=answers)
        )

    return answer_here(form, act, lambda: render_template("authority/send_roll.html", form=form))
