"""Many harvests declared at once, on a page with a row for each plot or from a file; and the slips of all of them."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileRequired
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode
from sqlalchemy import select
from wtforms import DateField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace import clock
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.imports.actions import WAITING, give_up_import
from gi_trace.imports.models import Import, ImportKind
from gi_trace.registry.models import Seasons
from gi_trace.stock.actions.import_harvests import (
    harvest_template,
    plots_kept_by,
    send_harvests,
    type_harvests,
)
from gi_trace.stock.files.harvests import lines_of, pasted
from gi_trace.stock.models import Allocation, Plot
from gi_trace.stock.models.reads import harvests_declared_by, slips_of_harvests
from gi_trace.stock.rules.seasons import PeelKind, season_of
from gi_trace.web.act_page import answer_here, answer_to
from gi_trace.web.forms import AtMost, needed, stripped
from gi_trace.web.guards import me
from gi_trace.web.imports.import_pages import excel, get_import, page_of
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.words import choices_of

pages = SharedPages("harvest_lists")
MOST_SHOWN = 100  # plots with a row of their own
MOST_SLIPS = 200  # on one page to print


def late_field() -> StringField:
    told = _("有超过申报期限的采收时填写：这些行会作为补报申请交主管部门，其余的照常申报。")
    return StringField(_("迟报原因"), [Optional(), AtMost(200)], description=told, filters=[stripped])


class HarvestsForm(FlaskForm):
    picked_on = DateField(_("采收日期"), [needed()], default=clock.today)
    peel_kind = SelectField(
        _("皮类"),
        [Optional()],
        description=_("要制皮的鲜果须说明；只对柑类地块有效。"),
        choices=lambda: [SelectChoice("", _("不制皮")), *choices_of(PeelKind)],
    )
    lines = TextAreaField(
        _("从表格粘贴"),
        [Optional(), AtMost(400_000)],
        description=_(
            "每行依次是地块编号、采收日期、重量（千克）、皮类，日期和皮类可以留空；也可以连表头一起粘贴。"
        ),
    )

    late_reason = late_field()

    def rows(self, plots: Sequence[Plot]) -> list[list[str]]:
        """Those of the fields of each plot that have a weight, then the lines pasted."""
        rows = [
            [plot.number, request.form.get(f"day-{plot.id}", "").strip(), weight, ""]
            for plot in plots
            if (weight := request.form.get(f"weight-{plot.id}", "").strip())
        ]
        return rows + pasted(self.lines.data or "")


class HarvestFileForm(FlaskForm):
    file = FileField(_("Excel 或 CSV 文件"), [FileRequired(_("请选择文件。"))])
    late_reason = late_field()


class Drawn(NamedTuple):
    """A QR symbol: the side in modules with its quiet zone, and an SVG path of the dark ones."""

    side: int
    path: str


@pages.route("/harvests/new", methods=["GET", "POST"])
def enter_harvests() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()[:60]
    plots = plots_kept_by(me(), asked, most=MOST_SHOWN + 1)
    before = _typed_before()
    typed = {"lines": lines_of(before.content or b""), **before.answers} if before else {}
    form = HarvestsForm(data=typed)
    rows = form.rows(plots) if form.is_submitted() else []

    def act() -> str:
        kind = PeelKind(form.peel_kind.data) if form.peel_kind.data else None
        day, reason = form.picked_on.data, form.late_reason.data
        sent = type_harvests(rows, day=day, kind=kind, late_reason=reason, by=me())
        if before and before.state in WAITING:
            give_up_import(before)
        return page_of(sent)

    def page() -> str:
        shown, more = plots[:MOST_SHOWN], len(plots) > MOST_SHOWN
        return render_template(
            "components/harvests_form.html", form=form, plots=_left_of(shown), more=more, asked=asked
        )

    if form.is_submitted() and not rows:
        form.form_errors.append(gettext("没有填写任何一块地的重量。"))
        return page(), 422
    return answer_here(form, act, page)


def _typed_before() -> Import | None:
    """What was typed and is to be put right: `?again=` its import."""
    number = request.args.get("again", type=int)
    sent = get_import(number) if number else None
    if sent and (sent.kind is not ImportKind.HARVESTS or sent.name):
        raise NotFound
    return sent


def _left_of(plots: Sequence[Plot]) -> list[tuple[Plot, int | None]]:
    """Each with what it may still yield in the season of today; None while that is not fixed."""
    today = clock.today()
    seasons = [season_of(today, two_crops=plot.crop.seasons is Seasons.EARLY_LATE).code for plot in plots]
    query = select(Allocation).where(
        Allocation.plot_id.in_([plot.id for plot in plots]), Allocation.season.in_(set(seasons))
    )
    left = {(one.plot_id, one.season): one.left_g for one in db.session.scalars(query)}
    return [(plot, left.get((plot.id, season))) for plot, season in zip(plots, seasons, strict=True)]


@pages.route("/harvests/import", methods=["GET", "POST"])
def import_harvests() -> ResponseReturnValue:
    form = HarvestFileForm()

    def act() -> str:
        file, reason = form.file.data, form.late_reason.data
        return page_of(send_harvests(file.filename or "", file.read(), late_reason=reason, by=me()))

    title, lead = _("用文件申报采收"), _("全部行都没有问题才会申报；确认之前可以先核对。")
    return answer_to(form, title, act, submit=_("上传并核对"), lead=lead, back=url_for(".enter_harvests"))


@pages.get("/harvests/template.xlsx")
def harvests_template() -> ResponseReturnValue:
    return excel(harvest_template(me()), gettext("采收申报表"))


@pages.get("/imports/<int:import_id>/slips")
def print_slips(import_id: int) -> ResponseReturnValue:
    """One page to print: a slip for each harvest, with the address under which its grower sees it."""
    sent = get_import(import_id)
    number = request.args.get("page", 1, type=int)
    harvests = harvests_declared_by(sent.id)
    if not harvests or number < 1:
        raise NotFound
    shown = harvests[(number - 1) * MOST_SLIPS : number * MOST_SLIPS]
    slips = slips_of_harvests(shown)
    address = {
        harvest.id: url_for("slips.show_slip", token=slips[harvest.id].token, _external=True)
        for harvest in shown
    }
    drawn = {harvest: drawn_symbol(text) for harvest, text in address.items()}
    last = -(-len(harvests) // MOST_SLIPS)
    return render_template(
        "components/slips.html",
        sent=sent,
        harvests=shown,
        address=address,
        drawn=drawn,
        number=number,
        last=last,
    )


def drawn_symbol(text: str) -> Drawn:
    code = QRCode(error_correction=ERROR_CORRECT_L, mask_pattern=0)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return Drawn(len(rows), path)
