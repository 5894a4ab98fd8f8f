"""Growers and plots sent as an Excel file."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from wtforms import BooleanField, FileField

from gi_trace.excel.template import template_book
from gi_trace.stock.actions.import_plots import columns, send_plots
from gi_trace.web.act_page import answer_to
from gi_trace.web.guards import me
from gi_trace.web.imports.import_pages import excel, page_of
from gi_trace.web.shared_pages import SharedPages

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


@pages.route("/plots/import", methods=["GET", "POST"])
def import_plots() -> ResponseReturnValue:
    form = FileForm()

    def act() -> str:
        file, same_people = form.file.data, form.same_people.data
        return page_of(send_plots(file.filename or "", file.read(), same_people=same_people, by=me()))

    title, lead = _("用 Excel 导入种植户和地块"), _("全部行都没有问题才会导入。")
    return answer_to(form, title, act, submit=_("上传并核对"), lead=lead, back="")


@pages.get("/plots/template.xlsx")
def plot_template() -> ResponseReturnValue:
    return excel(template_book("地块", columns()), gettext("地块登记表"))
