"""Growers and plots from an Excel file: faults first, nothing is imported until all of it can be.

The village's and the authority's face both have these pages: `add_pages(bp)`.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField, FileField

from gi_trace.stock.actions.plot_roll import area_choices, crop_choices, import_plots
from gi_trace.stock.plot_roll import plot_template
from gi_trace.web.forms import fault_texts, form_page, refusals_on
from gi_trace.web.guards import me
from gi_trace.web.stock.lots import XLSX


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


def add_pages(bp: Blueprint) -> None:
    bp.add_url_rule(
        "/plots/import", view_func=import_plot_roll, endpoint="import_plots", methods=["GET", "POST"]
    )
    bp.add_url_rule("/plots/template.xlsx", view_func=download_template, endpoint="plot_template")


def import_plot_roll() -> ResponseReturnValue:
    form, faults = FileForm(), []
    if form.validate_on_submit():
        with refusals_on(form):
            roll = import_plots(form.file.data.read(), by=me(), same_people=form.same_people.data)
            faults = roll.faults
            if not faults:
                flash(
                    _(
                        "已导入：新增 %(added)s 块，未变 %(unchanged)s 块。",
                        added=roll.added,
                        unchanged=roll.unchanged,
                    )
                )
                return redirect(url_for(".list_growers"))
    if faults:
        return render_template(
            "components/plot_roll_faults.html", faults=[(f, *fault_texts(f)) for f in faults]
        ), 422
    rows: list[tuple[Any, Any]] = []
    return form_page(
        form,
        _("用 Excel 导入种植户和地块"),
        submit=_("导入"),
        lead=_("全部行都没有问题才会导入。"),
        rows=rows,
    )


def download_template() -> Response:
    response = Response(plot_template(area_choices(), crop_choices()), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="plots.xlsx"'
    return response
