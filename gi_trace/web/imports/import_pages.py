"""An import from its sending to its end: progress while it is read, faults or preview, progress again, outcome."""

from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.excel.cells import Cell, is_empty, text_of
from gi_trace.excel.table import place_text, read_table
from gi_trace.excel.template import annotated
from gi_trace.imports import actions
from gi_trace.imports.actions import ImportAtFault, ImportExpired, NothingAsked
from gi_trace.imports.import_proposals import propose_import, takes_two
from gi_trace.imports.kinds import WAYS
from gi_trace.imports.models import (
    Import,
    ImportKind,
    ImportState,
    answers_of,
    find_import,
    prepared_rows,
    with_content,
)
from gi_trace.proposals.models import open_proposals
from gi_trace.record.actions import subject_of
from gi_trace.registry.models import Area, all_crops, all_products
from gi_trace.registry.rolls.missing import rights_with
from gi_trace.registry.rolls.plan import RowKind, planned_row
from gi_trace.registry.rules import state_on
from gi_trace.registry.uscc import without_person
from gi_trace.stock.files.harvests import HEADER_OF_TYPED
from gi_trace.stock.rules.seasons import PeelKind
from gi_trace.web.act_page import answer_here
from gi_trace.web.forms import fault_texts, filled
from gi_trace.web.guards import me
from gi_trace.web.imports.questions import question_form
from gi_trace.web.lists.filters import day_filters, state_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import counted, label

pages = SharedPages("imports")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # faults, and rows of each kind in a preview
LIST = {
    ImportKind.ROLL: "list_roll",
    ImportKind.PLOTS: "list_growers",
    ImportKind.ALLOCATIONS: "list_plots",
    ImportKind.HARVESTS: "list_lots",
}  # where what it brings is seen
FORM = {
    ImportKind.ROLL: "send_roll",
    ImportKind.PLOTS: "import_plots",
    ImportKind.ALLOCATIONS: "list_plots",
    ImportKind.HARVESTS: "import_harvests",
}  # where it begins


def _outcome(sent: Import) -> str:
    """In words; of what was typed, how many faults it has."""
    if sent.fault_count and not sent.name:
        return counted("有 %(count)s 处问题，什么都没有登记。请回去修改。", sent.fault_count)
    return filled(sent.job.outcome, sent.job.facts) if sent.job and sent.job.outcome else ""


def page_of(sent: Import) -> str:
    return url_for(".show_import", import_id=sent.id)


@pages.get("/imports/<int:import_id>")
def show_import(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    told = _outcome(sent)
    pages = {"list_page": _page(LIST, sent), "form_page": _page(FORM, sent)}
    if sent.job and sent.job.is_open:
        return render_template("components/imports/progress.html", sent=sent, **pages)
    if sent.state is ImportState.ASKING and not sent.is_expired:
        return _question(sent, question_form(sent), told, pages)
    if sent.state is ImportState.READY and not sent.is_expired:
        page = f"components/imports/preview_{sent.kind}.html"
        earlier = find_import(sent.kind, sent.sha256, sent.answers)
        proposals = open_proposals(subject_of(sent))
        shown = pages | PREVIEWS[sent.kind](sent) | {"proposals": proposals, "takes_two": takes_two(sent)}
        return render_template(page, sent=sent, earlier=earlier, **shown)
    if sent.state is ImportState.DONE:
        return render_template(
            "components/imports/done.html",
            sent=sent,
            is_kept=bool(with_content([sent.id])),
            **_missing(sent),
            **pages,
        )
    faults = [(fault, *fault_texts(fault)) for fault in sent.faults[:SHOWN]]
    return render_template("components/imports/stopped.html", sent=sent, told=told, faults=faults, **pages)


@pages.post("/imports/<int:import_id>")
def answer_import(import_id: int) -> ResponseReturnValue:
    """What the file asked."""
    sent = get_import(import_id)
    if sent.state is not ImportState.ASKING:
        raise NothingAsked(state=sent.state.label)
    form = question_form(sent)

    def act() -> str:
        actions.answer_import(sent, form.answers(), by=me())
        return page_of(sent)

    told = _outcome(sent)
    pages = {"list_page": _page(LIST, sent), "form_page": _page(FORM, sent)}
    return answer_here(form, act, lambda: _question(sent, form, told, pages))


@list_page(pages, "/imports")
def list_imports() -> Listing:
    """Every file that was sent, of the authority all, of others their own; those taken over can be opened again."""
    whose = [] if me().role is Role.AUTHORITY else [Import.sent_by_id == me().id]
    return Listing(
        name="imports",
        title=_("导入记录"),
        query=select(Import).join(Import.sent_by).where(*whose),
        headings=[
            Heading("number", _("编号"), lambda row: Link(row[0].id, page_of(row[0])), Import.id, "number"),
            Heading("kind", _("类别"), lambda row: label(row[0].kind), Import.kind),
            Heading("file", _("文件"), _file_cell, Import.name, "wide"),
            Heading("by", _("上传"), lambda row: [row[0].sent_by.name, row[0].sent_at], Import.sent_at),
            Heading("state", _("结果"), lambda row: [label(row[0].state), row[0].ended_at], Import.state),
            Heading("content", _("原件"), _content_cell),
        ],
        order=[Import.id.desc()],
        filters=[
            Filter("kind", _("类别"), lambda value: Import.kind == value, choices=worded(ImportKind)),
            state_filter(ImportState, Import.state),
            *day_filters(Import.sent_at, _("上传日")),
        ],
        loaded=[contains_eager(Import.sent_by)],
        told=_with_content,
        empty=_("还没有导入过文件。"),
        template="components/imports/list_imports.html",
    )


def _with_content(imports: list[Import]) -> list[tuple[Import, bool]]:
    """Each with whether its file is still kept."""
    kept = with_content(sent.id for sent in imports)
    return [(sent, sent.id in kept) for sent in imports]


def _file_cell(row: tuple[Import, bool]) -> list[Any]:
    return [row[0].name or _("没有文件"), *filter(None, [row[0].sha256])]


def _content_cell(row: tuple[Import, bool]) -> Any:
    sent, is_kept = row
    if is_kept:
        return Link(_("下载"), url_for(".download_import", import_id=sent.id))
    return _("已清除") if sent.name else None


@pages.post("/imports/<int:import_id>/columns")
def ask_columns_anew(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    actions.ask_columns_anew(sent, by=me())
    return redirect(page_of(sent))


@pages.get("/imports/<int:import_id>/file")
def download_import(import_id: int) -> ResponseReturnValue:
    """As it was sent; never opened in the browser."""
    sent = get_import(import_id)
    if sent.content is None:
        raise ImportExpired
    return send_file(
        BytesIO(sent.content), "application/octet-stream", as_attachment=True, download_name=sent.name
    )


@pages.post("/imports/<int:import_id>/confirm")
def confirm_import(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    if takes_two(sent):
        return redirect(url_for(".show_proposal", proposal_id=propose_import(sent, by=me()).id))
    if sent.job_id:
        actions.confirm_import(sent, by=me())
    else:
        with suppress(ImportAtFault):  # its page says what changed since
            actions.take_over_at_once(sent, by=me())
    return redirect(page_of(sent))


@pages.post("/imports/<int:import_id>/give-up")
def give_up_import(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    actions.give_up_import(sent)
    return redirect(page_of(sent))


@pages.get("/imports/<int:import_id>/faults.xlsx")
def download_import_faults(import_id: int) -> ResponseReturnValue:
    """The sent sheet with a column that says what is wrong in each row."""
    sent = get_import(import_id)
    if sent.content is None:
        raise ImportExpired
    table = read_table(sent.content, WAYS[sent.kind].columns(sent), answers_of(sent))
    remarks: dict[int, str] = {}
    for fault in sent.faults:
        message, what_to_do = fault_texts(fault)
        line = f"{fault.column}：{message}。{what_to_do}。"
        remarks[fault.row] = f"{remarks[fault.row]}\n{line}" if fault.row in remarks else line
    marked = [
        replace(each, grid=[list(map(_without_person, cells)) for cells in each.grid])
        for each in table.marked(remarks)
    ]
    return excel(annotated(marked), gettext("标注错误的文件"))


def _without_person(cell: Cell) -> Cell:
    return cell if is_empty(cell) else without_person(text_of(cell))


@pages.app_template_filter("place")
def row_place(number: int, sent: Import) -> str:
    """A row of the file as Excel shows it; of what was typed, which of its rows."""
    if not sent.name:
        return str(number - HEADER_OF_TYPED)
    lists = [name for name, _rows in sent.counts.get("lists", ())] or (sent.question or {}).get("lists", [])
    return place_text(number, lists)


def _question(sent: Import, form: Any, told: str, pages: dict[str, str]) -> str:
    return render_template("components/imports/question.html", sent=sent, form=form, told=told, **pages)


def excel(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def get_import(import_id: int) -> Import:
    sent = db.session.get(Import, import_id)
    if sent is None or (sent.sent_by_id != me().id and me().role is not Role.AUTHORITY):
        raise NotFound
    return sent


def _page(pages: dict[ImportKind, str], sent: Import) -> str:
    if sent.kind is ImportKind.HARVESTS and not sent.name and pages is FORM:
        return url_for(".enter_harvests", again=sent.id)
    asked = {name: sent.answers[name] for name in ("crop", "season") if name in sent.answers}
    return url_for(f"{request.blueprint}.{pages[sent.kind]}", **asked)


def _roll_preview(sent: Import) -> dict[str, Any]:
    kept = list(prepared_rows(sent))
    renamed = [row["name"] for row in kept if "name" in row][:SHOWN]
    rows = [planned_row(row) for row in kept if "name" not in row]
    new, changed = (
        [row for row in rows if row.kind == kind][:SHOWN] for kind in (RowKind.NEW, RowKind.CHANGED)
    )
    named = (*all_products(), *db.session.scalars(select(Area)))
    names = {each.code: each.name for each in named}
    return {"new": new, "changed": changed, "renamed": renamed, "names": names} | _missing(sent)


def _missing(sent: Import) -> dict[str, Any]:
    """Rights in force that the list does not name, as they are now."""
    rights = rights_with(sent.counts.get("missing_rights", [])[:SHOWN])
    today = clock.today()
    return {"missing": [(right, state_on(right.right, today)) for right in rights]}


def _plots_preview(sent: Import) -> dict[str, Any]:
    areas = {area.id: area.name for area in db.session.scalars(select(Area))}
    crops = {crop.id: crop.name for crop in all_crops()}
    return {"new": list(islice(prepared_rows(sent), SHOWN)), "areas": areas, "crops": crops}


def _allocations_preview(sent: Import) -> dict[str, Any]:
    return {"rows": list(islice(prepared_rows(sent), SHOWN))}


def _harvests_preview(sent: Import) -> dict[str, Any]:
    return {"new": list(islice(prepared_rows(sent), SHOWN)), "peels": {kind.value: kind for kind in PeelKind}}


PREVIEWS = {
    ImportKind.ROLL: _roll_preview,
    ImportKind.PLOTS: _plots_preview,
    ImportKind.ALLOCATIONS: _allocations_preview,
    ImportKind.HARVESTS: _harvests_preview,
}
