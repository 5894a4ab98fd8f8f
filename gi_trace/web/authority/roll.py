"""The roll of mark users: its list, and importing it from Excel: send, look, confirm."""

from io import BytesIO

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from gi_trace import clock
from gi_trace.database import db
from gi_trace.registry import roll_actions
from gi_trace.registry.models import RollFile, all_products, find_import, find_product, roll_query
from gi_trace.registry.roll_plan import RowKind
from gi_trace.registry.roll_template import annotated, roll_template
from gi_trace.registry.rules import state_on
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.forms import fault_texts
from gi_trace.web.guards import me

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FAULTS_SHOWN = 200
CHANGES_SHOWN = 200


class RollForm(FlaskForm):
    file = FileField(_("名册文件（.xlsx）"), [FileRequired(_("请选择文件。"))])


@bp.get("/roll")
def list_roll() -> ResponseReturnValue:
    asked, product = request.args.get("q", "").strip(), request.args.get("product", "")
    page = db.paginate(roll_query(asked, find_product(product)), per_page=50)
    rights = [right for party in page.items for right in party.authorisations]
    states = {right.id: state_on(right.right, clock.today()) for right in rights}
    return render_template(
        "authority/list_roll.html",
        page=page,
        asked=asked,
        product=product,
        products=all_products(),
        states=states,
    )


@bp.get("/roll/template.xlsx")
def download_roll_template() -> ResponseReturnValue:
    return _excel(roll_template(roll_actions.registered()), str(_("用标名册模板")))


@bp.route("/roll/files/new", methods=["GET", "POST"])
def send_roll() -> ResponseReturnValue:
    form = RollForm()

    def act() -> str:
        sent = form.file.data
        roll_file = roll_actions.keep_roll_file(sent.filename or "", sent.read(), by=me())
        return url_for(".show_roll_file", file_id=roll_file.id)

    return answer_here(form, act, lambda: render_template("authority/send_roll.html", form=form))


@bp.get("/roll/files/<int:file_id>")
def show_roll_file(file_id: int) -> ResponseReturnValue:
    """Before the import what it would change, or its faults alone; afterwards what it changed."""
    roll_file = db.get_or_404(RollFile, file_id)
    if roll_file.imported_at:
        return render_template("authority/roll_imported.html", roll_file=roll_file)
    roll, plan = roll_actions.look_at_roll(roll_file)
    faults = roll.faults or plan.faults
    if faults:
        return render_template(
            "authority/roll_faults.html",
            roll_file=roll_file,
            faults=[(fault, *fault_texts(fault)) for fault in faults[:FAULTS_SHOWN]],
            fault_count=len(faults),
            fault_rows=len({fault.row for fault in faults}),
        )
    return render_template(
        "authority/roll_preview.html",
        roll_file=roll_file,
        roll=roll,
        counts={kind.value: len(plan.of_kind(kind)) for kind in RowKind},
        new_parties=sum(planned.enters_party for planned in plan.rows),
        new=plan.of_kind(RowKind.NEW)[:CHANGES_SHOWN],
        changed=plan.of_kind(RowKind.CHANGED)[:CHANGES_SHOWN],
        imported_at=find_import(roll_file.sha256),
        names=_names(),
        changes_anything=plan.changes_anything,
    )


@bp.get("/roll/files/<int:file_id>/faults.xlsx")
def download_roll_faults(file_id: int) -> ResponseReturnValue:
    """The sent sheet with a column that says what is wrong in each row."""
    roll_file = db.get_or_404(RollFile, file_id)
    roll, plan = roll_actions.look_at_roll(roll_file)
    remarks: dict[int, str] = {}
    for fault in roll.faults or plan.faults:
        message, what_to_do = fault_texts(fault)
        line = f"{fault.column}：{message}。{what_to_do}。"
        remarks[fault.row] = f"{remarks[fault.row]}\n{line}" if fault.row in remarks else line
    sheet = annotated(roll.table.grid, roll.table.header_row, remarks)
    return _excel(sheet, str(_("用标名册（标注错误）")))


@bp.post("/roll/files/<int:file_id>/import")
def import_roll(file_id: int) -> ResponseReturnValue:
    roll_actions.import_roll(db.get_or_404(RollFile, file_id), by=me())
    return redirect(url_for(".show_roll_file", file_id=file_id))


def _names() -> dict[str, str]:
    """Names of products and areas by their codes."""
    registered = roll_actions.registered()
    return {choice.code: choice.name for choice in (*registered.products, *registered.areas)}


def _excel(content: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"{name}.xlsx")
