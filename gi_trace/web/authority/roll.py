"""The roll of mark users: its list, its template, and sending one from Excel."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from gi_trace import clock
from gi_trace.database import db
from gi_trace.excel.template import template_book
from gi_trace.imports.actions import send_import
from gi_trace.imports.models import ImportKind
from gi_trace.registry.models import all_products, find_product, roll_query
from gi_trace.registry.rolls.taking_over import columns
from gi_trace.registry.rules import state_on
from gi_trace.web.act_page import answer_here
from gi_trace.web.authority import bp
from gi_trace.web.guards import me
from gi_trace.web.imports.import_pages import excel, page_of
from gi_trace.web.imports.questions import said_form


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
