"""Files of a print run: labels and lists, hidden codes apart from them, and a page to print first.

A file is made while it is sent; nothing is stored. Its hash is kept once all of it has left.
"""

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from gi_trace.batches import label_life
from gi_trace.batches.labels import HIDDEN_FORMS, FileOptions, FileType, label_file
from gi_trace.batches.models import PrintRun
from gi_trace.errors import NotFound
from gi_trace.labels.sheets import TEMPLATES
from gi_trace.labels.trial_page import trial_page
from gi_trace.web.act_page import Rows, act_page, answer_here
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import at_run, get_own_print_run
from gi_trace.web.enterprise.units import POSITIVE
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.labels.downloads import stream_file, stream_labels
from gi_trace.web.words import choices_of

MILLIMETRE = NumberRange(min=-100, max=400, message=_("请填写 -10 至 40 毫米之间的数，以 0.1 毫米为单位。"))


class DownloadForm(FlaskForm):
    form = SelectField(_("文件"), [needed()], choices=choices_of(FileType))
    template = SelectField(
        _("标签排版"),
        [needed()],
        description=_("只用于 PDF。"),
        choices=lambda: [SelectChoice(template.name, _(template.title)) for template in TEMPLATES.values()],
    )
    level = SelectField(
        _("纠错级别"),
        [Optional()],
        choices=lambda: [
            SelectChoice("", _("自动（能印清楚的最强一级）")),
            *(SelectChoice(level, level) for level in "LMQH"),
        ],
    )
    start = IntegerField(
        _("从第几格开始"), [needed(), POSITIVE], default=1, description=_("用过一部分的标签纸，从空格开始。")
    )
    margin_x = IntegerField(
        _("左边距（0.1 毫米）"), [Optional(), MILLIMETRE], description=_("留空用排版自带的边距。")
    )
    margin_y = IntegerField(_("上边距（0.1 毫米）"), [Optional(), MILLIMETRE])
    offset_x = IntegerField(_("整体右移（0.1 毫米）"), [Optional(), MILLIMETRE], default=0)
    offset_y = IntegerField(_("整体下移（0.1 毫米）"), [Optional(), MILLIMETRE], default=0)
    cut_marks = BooleanField(_("印裁切线"))
    reason = StringField(_("再次下载的原因"), [Optional(), AtMost(200)])

    def options(self, *, hidden: bool = False) -> FileOptions:
        margin = (self.margin_x.data or 0, self.margin_y.data or 0)
        given = self.margin_x.data is not None or self.margin_y.data is not None
        return FileOptions(
            form=self.form.data,
            template=self.template.data,
            level=self.level.data or None,
            start=self.start.data,
            margin=margin if given else None,
            offset=(self.offset_x.data or 0, self.offset_y.data or 0),
            cut_marks=self.cut_marks.data,
            hidden=hidden,
        )


class HiddenDownloadForm(DownloadForm):
    reason = StringField(
        _("用途"), [needed(), AtMost(200)], description=_("例如：交某某印刷单位印涂层标签。")
    )

    def __init__(self) -> None:
        super().__init__()
        self.form.choices = [choice for choice in self.form.choices if choice.value in HIDDEN_FORMS]


def _run_with_hidden_codes(run_id: int) -> PrintRun:
    run = get_own_print_run(run_id)
    label_life.check_may_take_hidden_codes(me())
    return run


def _hidden_rows(run: PrintRun) -> Rows:
    warning = _("得到这份文件的人，能在消费者之前使用涂层密码。请只交给印刷涂层的人，用后销毁。")
    return [
        (_("批次"), run.batch.number_text),
        (_("印制批"), f"{run.first_unit}–{run.last_unit}"),
        (_("注意"), warning),
    ]


@bp.route("/print-runs/<int:run_id>/download", methods=["GET", "POST"])
def download_print_run(run_id: int) -> ResponseReturnValue:
    run, form = get_own_print_run(run_id), DownloadForm()

    def act() -> Response:
        options, reason = form.options(), form.reason.data or ""
        file = label_file(run, options, public_url=current_app.config["PUBLIC_URL"])
        return stream_labels(file, label_life.begin_download(run, options, reason=reason, by=me()), by=me())

    return answer_here(
        form, act, lambda: render_template("enterprise/download_print_run.html", form=form, run=run)
    )


@act_page(
    bp,
    "/print-runs/<int:run_id>/hidden-codes",
    HiddenDownloadForm,
    _("下载涂层密码"),
    on=_run_with_hidden_codes,
    rows=_hidden_rows,
    back=at_run,
    lead=_("每次下载单独记入存证记录：谁、何时、用途和文件校验值。"),
    template="enterprise/download_hidden_codes.html",
)
def download_hidden_codes(run: PrintRun, form: HiddenDownloadForm) -> Response:
    options, reason = form.options(hidden=True), form.reason.data
    file = label_file(run, options, public_url=current_app.config["PUBLIC_URL"])
    download = label_life.begin_download(run, options, reason=reason, by=me())
    return stream_labels(file, download, by=me())


@bp.get("/print-runs/trial/<template>.pdf")
def download_trial_page(template: str) -> ResponseReturnValue:
    """A page with rulers and a symbol to scan, before a whole run is printed."""
    if template not in TEMPLATES:
        raise NotFound
    page = trial_page(TEMPLATES[template], current_app.config["PUBLIC_URL"])
    return stream_file(f"trial-{template}.pdf", "application/pdf", page.length, page.parts)
