"""Files of a print run: labels and lists, hidden codes apart from them, and a page to print first.

What is asked for is noted, once; then the file, or each of its parts, has an address of its own, where a download that
broke goes on. A file is made when it is fetched; nothing is stored. Its hash is kept once its end has left.
"""

from flask import abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from gi_trace.batches import label_life
from gi_trace.batches.label_layouts import layout_of, layouts_of, usual_layout
from gi_trace.batches.labels import HIDDEN_FORMS, FileOptions, FileType, label_file
from gi_trace.batches.models import Download, PrintRun
from gi_trace.database import db
from gi_trace.labels.sheets import DOTS_PER_MM, PAPER
from gi_trace.labels.trial_page import trial_page
from gi_trace.web.act_page import Rows, act_page, answer_here
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import at_run, get_live_run, get_own_print_run
from gi_trace.web.enterprise.units import POSITIVE
from gi_trace.web.forms import AtMost, UnitsField, needed
from gi_trace.web.guards import me, own_party
from gi_trace.web.labels.downloads import send_file, send_part
from gi_trace.web.words import choices_of, layout_title

MILLIMETRE = NumberRange(min=-100, max=400, message=_("请填写 -10 至 40 毫米之间的数，以 0.1 毫米为单位。"))

RESOLUTIONS = [SelectChoice(one, str(one)) for one in DOTS_PER_MM]


class DownloadForm(FlaskForm):
    """The file of a run. Its units are those of the run's batch."""

    form = SelectField(_("文件"), [needed()], choices=choices_of(FileType))
    template = SelectField(
        _("标签排版"),
        [needed()],
        description=_("只用于 PDF 和标签机。"),
        choices=lambda: [SelectChoice(one.name, layout_title(one)) for one in layouts_of(own_party())],
    )
    dots_per_inch = SelectField(_("标签机的分辨率（dpi）"), choices=RESOLUTIONS, default=PAPER, coerce=int)
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
    ranges = UnitsField(_("件号"), [Optional()])
    per_part = IntegerField(
        _("每个文件的标签数"),
        [Optional(), POSITIVE],
        description=_("印刷单位一次能收多少就填多少；不填为一个文件。"),
    )
    reason = StringField(_("再次下载的原因"), [Optional(), AtMost(200)])

    def __init__(self, run: PrintRun) -> None:
        super().__init__(template=usual_layout(run.batch.party))
        self.run, self.batch_of_units = run, run.batch
        if run.downloads:
            self.reason.flags.optional = False  # a further download is asked why
        self.ranges.description = gettext("不填为整个印制批。") + str(self.ranges.description)

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
            ranges=tuple(self.ranges.units),
            per_part=self.per_part.data,
            dots_per_inch=self.dots_per_inch.data,
        ).of_run(self.run)


class HiddenDownloadForm(DownloadForm):
    reason = StringField(
        _("用途"), [needed(), AtMost(200)], description=_("例如：交某某印刷单位印涂层标签。")
    )

    def __init__(self, run: PrintRun) -> None:
        super().__init__(run)
        self.form.choices = [choice for choice in self.form.choices if choice.value in HIDDEN_FORMS]


def _run_with_hidden_codes(run_id: int) -> PrintRun:
    run = get_live_run(run_id)
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
    run = get_live_run(run_id)
    form = DownloadForm(run)
    return answer_here(
        form,
        lambda: _noted(run, form.options(), form.reason.data or ""),
        lambda: render_template("enterprise/download_print_run.html", form=form, run=run),
    )


@act_page(
    bp,
    "/print-runs/<int:run_id>/hidden-codes",
    lambda run: HiddenDownloadForm(run),
    _("下载涂层密码"),
    on=_run_with_hidden_codes,
    rows=_hidden_rows,
    back=at_run,
    lead=_("每次下载单独记入存证记录：谁、何时、用途和文件校验值。"),
    template="enterprise/download_hidden_codes.html",
)
def download_hidden_codes(run: PrintRun, form: HiddenDownloadForm) -> str:
    return _noted(run, form.options(hidden=True), form.reason.data)


def _noted(run: PrintRun, options: FileOptions, reason: str) -> str:
    """Notes the download. The page that follows is the file itself, or the list of its parts."""
    label_file(
        run, options, public_url=current_app.config["PUBLIC_URL"]
    )  # whatever is wrong with it is said now
    download = label_life.begin_download(run, options, reason=reason, by=me())
    if len(options.parts(run)) > 1:
        return url_for(".show_download", run_id=run.id, download_id=download.id)
    return url_for(".fetch_part", run_id=run.id, download_id=download.id, part=1)


@bp.get("/print-runs/<int:run_id>/downloads/<int:download_id>")
def show_download(run_id: int, download_id: int) -> ResponseReturnValue:
    """The parts of a download, and which of them have left."""
    run, download = _own_download(run_id, download_id)
    ranges = FileOptions.of_note(download.options).parts(run)
    shown = {"run": run, "download": download, "ranges": ranges, "sent": label_life.sent_parts(download)}
    return render_template("enterprise/show_download.html", **shown, hours=label_life.FETCH_HOURS)


@bp.get("/print-runs/<int:run_id>/downloads/<int:download_id>/<int:part>")
def fetch_part(run_id: int, download_id: int, part: int) -> ResponseReturnValue:
    return send_part(_own_download(run_id, download_id)[1], part, by=me())


def _own_download(run_id: int, download_id: int) -> tuple[PrintRun, Download]:
    run, download = get_own_print_run(run_id), db.get_or_404(Download, download_id)
    if download.run is not run:
        abort(404)
    return run, download


@bp.get("/print-runs/trial/<template>.pdf")
def download_trial_page(template: str) -> ResponseReturnValue:
    """A page with rulers and a symbol to scan, before a whole run is printed."""
    page = trial_page(layout_of(template, own_party()), current_app.config["PUBLIC_URL"])
    return send_file(f"trial-{template}.pdf", "application/pdf", page)
