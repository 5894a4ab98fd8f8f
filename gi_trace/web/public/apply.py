"""A firm without an account applies for the mark, and follows its application by the receipt alone.

The receipt lies in the browser's own session, never in an address: addresses are kept by browsers and proxies.
"""

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.applications.actions import hand_in
from gi_trace.applications.models import Application, find_application
from gi_trace.errors import N_, Refused
from gi_trace.web.act_page import answer_here, answer_to, done_at
from gi_trace.web.applications.forms import StrangersForm
from gi_trace.web.applications.pages import answer_own_move, application_page, own_moves, send_paper
from gi_trace.web.applications.strangers import count_strangers
from gi_trace.web.guards import open_to_all
from gi_trace.web.limits import limiter
from gi_trace.web.public.receipts import ReceiptForm

bp = Blueprint("apply", __name__, url_prefix="/apply")
bp.before_request(open_to_all)

RECEIPT = "application"


class ReceiptUnknown(Refused):
    code = "receipt_unknown"
    text = N_("没有这个回执号的申请。回执号有 20 位，请核对后再试。")


def own_application() -> Application:
    application = find_application(session.get(RECEIPT, ""))
    if application is None:
        abort(redirect(url_for(".follow")))
    return application


@bp.route("", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def apply() -> ResponseReturnValue:
    form = StrangersForm()

    def act() -> str:
        count_strangers()
        receipt = form.drawn_receipt()
        hand_in(form.facts(), form.keep(), receipt=receipt, by=None)
        session[RECEIPT] = receipt
        return url_for(".show_application")

    return answer_to(
        form,
        _("申请使用地理标志专用标志"),
        act,
        back=url_for("public.home"),
        lead=_("不用账号。递交后给您一个回执号，凭它查看办理情况、补充材料。"),
        notes=[
            _("已有账号的企业，请登录后在“用标申请”里办理。"),
            _("这里一次最多收 8 MB；材料多的，递交后可以再补充。"),
        ],
        submit=_("递交申请"),
        done=_("申请已收到。请记下回执号：没有别的办法可以找回。"),
        template="components/application_form.html",
    )


@bp.route("/follow", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def follow() -> ResponseReturnValue:
    form = ReceiptForm()

    def act() -> None:
        if find_application(form.typed) is None:
            raise ReceiptUnknown
        session[RECEIPT] = form.typed

    page = lambda: render_template("apply/follow.html", form=form)  # noqa: E731
    return answer_here(form, act, page, then=url_for(".show_application"))


@bp.get("/mine")
def show_application() -> ResponseReturnValue:
    application = own_application()
    return application_page(
        application,
        own_moves(application),
        back=url_for("public.home"),
        receipt=session[RECEIPT],
    )


@bp.route("/mine/<move>", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"])
def take_application_step(move: str) -> ResponseReturnValue:
    return answer_own_move(own_application(), move, back=url_for(".show_application"), by=None)


@bp.get("/mine/papers/<int:paper_id>")
@limiter.limit("120 per hour")
def show_application_paper(paper_id: int) -> ResponseReturnValue:
    return send_paper(own_application(), paper_id)


@bp.post("/leave")
def leave() -> ResponseReturnValue:
    """Whoever comes to this browser next sees nothing of it."""
    session.pop(RECEIPT, None)
    return done_at(url_for(".follow"), _("已离开。再看时请输入回执号。"))
