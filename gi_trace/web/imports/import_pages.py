"""An import from its sending to its end: progress while it is read, faults or preview, progress again, outcome."""

from io import BytesIO
from itertools import islice
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select

from gi_trace.accounts.models import Role
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.excel.table import read_table
from gi_trace.excel.template import annotated
from gi_trace.imports import actions
from gi_trace.imports.actions import ImportExpired
from gi_trace.imports.kinds import WAYS
from gi_trace.imports.models import Import, ImportKind, ImportState, find_import, prepared_rows
from gi_trace.registry.models import Area, all_crops, all_products
from gi_trace.registry.rolls.plan import RowKind, planned_row
from gi_trace.web.forms import fault_texts, filled
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages

pages = SharedPages("imports")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # faults, and rows of each kind in a preview
LIST = {
    ImportKind.ROLL: "list_roll",
    ImportKind.PLOTS: "list_growers",
    ImportKind.ALLOCATIONS: "list_plots",
}  # where what it brings is seen
FORM = {
    ImportKind.ROLL: "send_roll",
    ImportKind.PLOTS: "import_plots",
    ImportKind.ALLOCATIONS: "list_plots",
}  # where it begins


def page_of(sent: Import) -> str:
    return url_for(".show_import", import_id=sent.id)


@pages.get("/imports/<int:import_id>")
def show_import(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    told = filled(sent.job.outcome, sent.job.facts) if sent.job and sent.job.outcome else ""
    pages = {"list_page": _page(LIST, sent), "form_page": _page(FORM, sent)}
    if sent.job and sent.job.is_open:
        return render_template("components/imports/progress.html", sent=sent, **pages)
    if sent.state is ImportState.READY and not sent.is_expired:
        page = f"components/imports/preview_{sent.kind}.html"
        earlier = find_import(sent.kind, sent.sha256, sent.answers)
        return render_template(page, sent=sent, earlier=earlier, **pages, **PREVIEWS[sent.kind](sent))
    if sent.state is ImportState.DONE:
        return render_template("components/imports/done.html", sent=sent, **pages)
    faults = [(fault, *fault_texts(fault)) for fault in sent.faults[:SHOWN]]
    return render_template("components/imports/stopped.html", sent=sent, told=told, faults=faults, **pages)


@pages.post("/imports/<int:import_id>/confirm")
def confirm_import(import_id: int) -> ResponseReturnValue:
    sent = get_import(import_id)
    actions.confirm_import(sent, by=me())
    return redirect(page_of(sent))


@pages.get("/imports/<int:import_id>/faults.xlsx")
def download_import_faults(import_id: int) -> ResponseReturnValue:
    """The sent sheet with a column that says what is wrong in each row."""
    sent = get_import(import_id)
    if sent.content is None:
        raise ImportExpired
    remarks: dict[int, str] = {}
    for fault in sent.faults:
        message, what_to_do = fault_texts(fault)
        line = f"{fault.column}：{message}。{what_to_do}。"
        remarks[fault.row] = f"{remarks[fault.row]}\n{line}" if fault.row in remarks else line
    table = read_table(sent.content, WAYS[sent.kind].columns())
    return excel(annotated(table.grid, table.header_row, remarks), gettext("标注错误的文件"))


def excel(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"{name}.xlsx")


def get_import(import_id: int) -> Import:
    sent = db.session.get(Import, import_id)
    if sent is None or (sent.sent_by_id != me().id and me().role is not Role.AUTHORITY):
        raise NotFound
    return sent


def _page(pages: dict[ImportKind, str], sent: Import) -> str:
    asked = {name: sent.answers[name] for name in ("crop", "season") if name in sent.answers}
    return url_for(f"{request.blueprint}.{pages[sent.kind]}", **asked)


def _roll_preview(sent: Import) -> dict[str, Any]:
    rows = [planned_row(row) for row in prepared_rows(sent)]
    new, changed = (
        [row for row in rows if row.kind == kind][:SHOWN] for kind in (RowKind.NEW, RowKind.CHANGED)
    )
    named = (*all_products(), *db.session.scalars(select(Area)))
    return {"new": new, "changed": changed, "names": {each.code: each.name for each in named}}


def _plots_preview(sent: Import) -> dict[str, Any]:
    areas = {area.id: area.name for area in db.session.scalars(select(Area))}
    crops = {crop.id: crop.name for crop in all_crops()}
    return {"new": list(islice(prepared_rows(sent), SHOWN)), "areas": areas, "crops": crops}


def _allocations_preview(sent: Import) -> dict[str, Any]:
    return {"rows": list(islice(prepared_rows(sent), SHOWN))}


PREVIEWS = {
    ImportKind.ROLL: _roll_preview,
    ImportKind.PLOTS: _plots_preview,
    ImportKind.ALLOCATIONS: _allocations_preview,
}
