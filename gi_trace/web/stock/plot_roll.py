"""Growers and plots from an Excel file: faults first, nothing is imported until all of it can be."""

from flask import Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField, FileField

from gi_trace.stock.actions.plot_roll import area_choices, crop_choices, import_plots
from gi_trace.stock.plot_roll import plot_template
from gi_trace.web.act_page import answer_to
from gi_trace.web.forms import fault_texts
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.stock.lots import XLSX

pages = SharedPages("plot_roll")


class FileForm(FlaskForm):
    file = FileField(
        _("Excel 文件"),
        [FileRequired(_("请选择文件。"))],
        description=_("请用模板填写；标题行上面可以有别的行。"),
    )
    same_people = BooleanField(
        _("同名即同一人"),
        description=_("给已登记的种植户添加地块时勾选；不勾选时，遇到同村同名的会先问您。"),
    )


@pages.route("/plots/import", methods=["GET", "POST"], endpoint="import_plots")
def import_plot_roll() -> ResponseReturnValue:
    form = FileForm()

    def act() -> str | Response:
        roll = import_plots(form.file.data.read(), by=me(), same_people=form.same_people.data)
        if roll.faults:
            faults = [(fault, *fault_texts(fault)) for fault in roll.faults]
            return make_response(render_template("components/plot_roll_faults.html", faults=faults), 422)
        counts = {"added": roll.added, "unchanged": roll.unchanged}
        flash(_("已导入：新增 %(added)s 块，未变 %(unchanged)s 块。", **counts))
        return url_for(".list_growers")

    title, lead = _("用 Excel 导入种植户和地块"), _("全部行都没有问题才会导入。")
    return answer_to(form, title, act, submit=_("导入"), lead=lead, back="")


@pages.get("/plots/template.xlsx", endpoint="plot_template")
def download_template() -> Response:
    response = Response(plot_template(area_choices(), crop_choices()), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="plots.xlsx"'
    return response
